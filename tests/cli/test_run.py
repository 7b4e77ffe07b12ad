"""The command ``recist run``: one study file in, everything out, the same numbers every time."""

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app, run
from sample_dicom import committed_slices

DAY_0 = dt.date(2010, 1, 1)
N_IMAGES, N_REPORTS, N_OTHERS = 12, 8, 4
MEASUREMENT_COLUMNS = "subject,reader,timepoint,date,lesion,role,site,diameter_mm,slice_thickness_mm"
STUDY = """
[study]
name = "Small study"
cutoff_date = 2016-12-31

[tables]
subjects = "subjects.csv"
treatments = "treatments.csv"
report_responses = "reports.csv"
measurements = ["reader-1.csv", "reader-2.csv"]

[response]
unread_subjects = "left_out"

[rules]
readers = ["reader-1", "reader-2"]

[survival]
bootstrap = 100
"""


def on_day(day: int) -> str:
    return (DAY_0 + dt.timedelta(days=day)).isoformat()


def subject(number: int) -> str:
    return f"P{number:02d}"


def reads_of(reader: str, numbers: range) -> str:
    """Give each a 40 mm lesion: 24 mm at day 90 (−40 %, PR) in six, else 50 mm (+25 %, PD); reader 2 is 1 mm off."""
    lines = [MEASUREMENT_COLUMNS]
    for number in numbers:
        sizes = (("baseline", -5, 40), ("followup-1", 90, 24 if number < N_IMAGES // 2 else 50))
        for timepoint, day, size in sizes:
            mm = size + (reader == "reader-2")
            lines.append(f"{subject(number)},{reader},{timepoint},{on_day(day)},T1,target,liver,{mm},5")
    return "\n".join(lines) + "\n"


def write_study(folder: Path) -> Path:
    """24 patients: images of 12 (six of them read twice), reports of 8, neither of 4; most die, responders later."""
    folder.mkdir(parents=True, exist_ok=True)
    everyone = range(N_IMAGES + N_REPORTS + N_OTHERS)
    ends = {number: 300 + 37 * ((number * 7) % 24) + (400 if number % 12 < 6 else 0) for number in everyone}
    people = [f"{subject(n)},{on_day(0)},{on_day(ends[n]) if n % 5 else ''},{on_day(ends[n])}" for n in everyone]
    reports = [
        f"{subject(n)},{on_day(95)},followup-1,{'SD' if n % 2 else 'PD'}" for n in range(N_IMAGES, N_IMAGES + N_REPORTS)
    ]
    treatments = [f"{subject(n)},{on_day(0)}" for n in everyone] + [
        f"{subject(n)},{on_day(200)}" for n in (1, 3, 5, 13)
    ]
    files = {
        "study.toml": STUDY,
        "subjects.csv": "\n".join(["subject,start_date,death_date,last_contact_date", *people]) + "\n",
        "treatments.csv": "\n".join(["subject,date", *treatments]) + "\n",
        "reports.csv": "\n".join(["subject,date,timepoint,overall_response", *reports]) + "\n",
        "reader-1.csv": reads_of("reader-1", range(N_IMAGES)),
        "reader-2.csv": reads_of("reader-2", range(3, 9)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "study.toml"


def add_images(study: Path) -> Path:
    """Add a patient whose lesions are measured from CT slices."""
    shutil.copytree(committed_slices(), study.parent / "slices")
    for name, line in (
        ("subjects.csv", "PHANTOM,2015-03-05,2016-06-01,2016-06-01"),
        ("treatments.csv", "PHANTOM,2015-03-05"),
        ("study.toml", '\n[images]\nmanifest = "slices/manifest.csv"'),
    ):
        with (study.parent / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    return study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of results of the small study, and what was printed."""
    folder = tmp_path_factory.mktemp("run")
    study = add_images(write_study(folder / "study"))
    result = CliRunner().invoke(app, ["run", str(study), "-o", str(folder / "results")])
    assert result.exit_code == 0, result.output
    return folder / "results", result.output


def failing(study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command as a user does and give exit code and standard error."""
    monkeypatch.setattr("sys.argv", ["recist", "run", str(study)])
    with pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code, capsys.readouterr().err


def numbers_of(folder: Path) -> dict[str, bytes]:
    """Everything that holds numbers, by its place in the folder."""
    files = [*folder.rglob("*.csv"), *folder.rglob("*.json")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_one_file_gives_responses_a_cohort_and_a_report(done: tuple[Path, str]) -> None:
    folder, told = done
    assert {path.name for path in folder.iterdir()} == {"measured", "responses", "cohort", "report"}
    cohort = pd.read_csv(folder / "cohort" / "cohort.csv").set_index("subject").drop(index="PHANTOM")
    # images of 12 by reader 1 (40 → 24 mm is −40 %, PR; 40 → 50 mm is +25 %, PD), reports of 8, none of 4
    images = cohort[cohort["imaging_source"] == "image"]
    assert images["imaging_response"].tolist() == ["PR"] * 6 + ["PD"] * 6
    assert images["imaging_change_pct"].tolist() == [-40.0] * 6 + [25.0] * 6
    assert cohort["imaging_source"].value_counts().to_dict() == {"image": 12, "report": 8, "none": 4}
    assert "19 time points of 13 patients by RECIST 1.1, 2 readers" in told
    assert "Median overall survival" in told
    assert (folder / "report" / "report.html").is_file()
    assert str(folder / "report" / "report.html") in told


def test_the_second_reader_is_kept_and_not_used(done: tuple[Path, str]) -> None:
    reads = pd.read_csv(done[0] / "cohort" / "reads.csv")
    images = reads[reads["source"] == "image"]
    assert images.groupby("reader")["used"].agg(["size", "sum"]).to_numpy().tolist() == [[13, 13], [6, 0]]


def test_the_provenance_has_every_step_with_its_options_and_the_checksum_of_every_input(done: tuple[Path, str]) -> None:
    folder = done[0].parent / "study"
    _, score, link = json.loads((done[0] / "cohort" / "provenance.json").read_text(encoding="utf-8"))["steps"]
    assert (score["step"], link["step"]) == ("score", "link")
    assert score["options"]["response"]["unread_subjects"] == "left_out"
    assert score["options"]["criteria"] == "recist-1.1"
    assert link["options"]["rules"]["readers"] == ["reader-1", "reader-2"]
    given = {one["file"]: one["sha256"] for step in (score, link) for one in step["inputs"]}
    for name in ("study.toml", "subjects.csv", "treatments.csv", "reports.csv", "reader-1.csv", "reader-2.csv"):
        assert given[name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_another_run_in_another_folder_and_with_another_hash_seed_gives_the_same_bytes(
    done: tuple[Path, str], tmp_path: Path
) -> None:
    shutil.copytree(done[0].parent / "study", tmp_path / "elsewhere")
    subprocess.run(
        [Path(sys.executable).with_name("recist"), "run", "elsewhere/study.toml", "-o", "again"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        capture_output=True,
        check=True,
    )
    first, again = numbers_of(done[0]), numbers_of(tmp_path / "again")
    assert {"report/results.json", "cohort/cohort.csv", "responses/responses.csv"} <= set(first)
    assert first.keys() == again.keys()
    assert [name for name, content in first.items() if content != again[name]] == []


def test_faults_of_all_sections_are_told_at_once_before_anything_runs(study, monkeypatch, capsys) -> None:
    text = study.read_text(encoding="utf-8")
    text = text.replace('"reports.csv"', '"reprots.csv"').replace("bootstrap = 100", 'bootstrap = "many"')
    text = text.replace('"left_out"', '"forgotten"').replace("readers = [", "reader = [")
    text += '\n[windows]\nimaging_days = 90\n[criteria]\nname = "recist-9"\n[images]\nmanifest = "m.csv"\n[extra]\n'
    study.write_text(text, encoding="utf-8")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    for words in (
        *("extra", "windows.imaging_days", "rules.reader", "recist-9", "unread_subjects", "bootstrap"),
        "images.manifest",
    ):
        assert words in told
    assert told.count("study.toml, extra") == 1
    assert "[extra]" not in told
    assert "Traceback" not in told
    assert not (study.parent / "out").exists()


def test_a_file_that_is_not_there_is_told_before_anything_runs(study, monkeypatch, capsys) -> None:
    (study.parent / "reader-2.csv").unlink()
    (study.parent / "treatments.csv").unlink()
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "tables.measurements: there is no such file; check the path (found 'reader-2.csv')" in told
    assert "tables.treatments: there is no such file; check the path (found 'treatments.csv')" in told


def test_faults_in_the_second_table_of_reads_and_in_the_treatments_are_told_together(
    study, monkeypatch, capsys
) -> None:
    second = study.parent / "reader-2.csv"
    lines = second.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("target", "traget")
    second.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (study.parent / "treatments.csv").open("a", encoding="utf-8") as file:
        file.write("P00,01/02/2012\n")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "reader-2.csv, row 3, subject P03, role" in told
    assert "treatments.csv, row 30, subject P00, date" in told
    assert not (study.parent / "out").exists()


def test_a_covariate_that_is_known_only_later_is_refused_before_anything_runs(study, monkeypatch, capsys) -> None:
    with study.open("a", encoding="utf-8") as file:
        file.write('covariates = ["imaging_response"]\n')
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "imaging_response" in told
    assert not (study.parent / "out").exists()


def test_overall_responses_per_visit_take_the_place_of_measurements(study: Path) -> None:
    visits = ["subject,reader,timepoint,date,overall_response"]
    visits += [f"{subject(n)},reader-1,followup-1,{on_day(90)},{'PR' if n < 6 else 'PD'}" for n in range(N_IMAGES)]
    (study.parent / "visits.csv").write_text("\n".join(visits) + "\n", encoding="utf-8")
    text = study.read_text(encoding="utf-8")
    text = text.replace('measurements = ["reader-1.csv", "reader-2.csv"]', 'visits = "visits.csv"')
    study.write_text(text.replace('"reader-1", "reader-2"', '"reader-1"'), encoding="utf-8")
    result = CliRunner().invoke(app, ["run", str(study)])
    assert result.exit_code == 0, result.output
    out = study.parent / "out"
    cohort = pd.read_csv(out / "cohort" / "cohort.csv")
    assert cohort.loc[cohort["imaging_source"] == "image", "imaging_response"].tolist() == ["PR"] * 6 + ["PD"] * 6
    steps = json.loads((out / "cohort" / "provenance.json").read_text(encoding="utf-8"))["steps"]
    assert [step["step"] for step in steps] == ["best", "link"]


def test_lesions_of_images_are_measured_first(done: tuple[Path, str]) -> None:
    cohort = pd.read_csv(done[0] / "cohort" / "cohort.csv").set_index("subject")
    assert cohort.loc["PHANTOM", "imaging_response"] == "PR"
    # made with long axes of 32 and 24 mm, then 20 and 17 mm: 56 → 37 mm is −33.9 %; half a pixel is 0.8 mm of each
    assert cohort.loc["PHANTOM", "imaging_change_pct"] == pytest.approx(-33.9, abs=4)
    assert (done[0] / "measured" / "measurements.csv").is_file()
    measure = json.loads((done[0] / "cohort" / "provenance.json").read_text(encoding="utf-8"))["steps"][0]
    assert (measure["step"], measure["options"]) == ("measure", {"convention": "quarter"})
    # six slices and one segmentation at each of two visits
    assert [one["file"] for one in measure["inputs"]] == ["manifest.csv", "14 images and masks"]


def test_measurements_and_visits_together_are_a_question_that_only_the_user_can_answer(
    study, monkeypatch, capsys
) -> None:
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("[response]", 'visits = "reports.csv"\n[response]'), encoding="utf-8")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "either measurements or overall responses per visit" in told
