"""``recist explain`` as a user runs it."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.errors import DataError, MissingInput, UsageError

ROWS = (
    ("S-01", "anna", "baseline", "2024-01-01", "T1", 50),
    ("S-01", "anna", "week 8", "2024-02-26", "T1", 35),
    ("S-01", "ben", "baseline", "2024-01-01", "T1", 40),
    ("S-01", "ben", "week 8", "2024-02-26", "T1", 48),
    ("S-02", "anna", "baseline", "2024-01-01", "T1", 20),
)


def recist(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score two subjects; two readers read the first."""
    folder = tmp_path_factory.mktemp("scored")
    rows = pd.DataFrame(ROWS, columns=["subject", "reader", "timepoint", "date", "lesion", "diameter_mm"])
    rows.assign(role="target", state="measured", site="liver, left\nlobe").to_csv(folder / "rows.csv", index=False)
    people = pd.DataFrame({"subject": ["S-01", "S-02"], "start_date": "2024-01-03", "name": "not ours to keep"})
    people.to_csv(folder / "people.csv", index=False)
    done = recist("score", folder / "rows.csv", "--subjects", folder / "people.csv", "-o", folder / "out")
    assert done.exit_code == 0, done.output
    return folder / "out"


def words_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_every_reader_is_explained_unless_one_is_named(results: Path) -> None:
    both = words_of(recist("explain", results, "--subject", "S-01"))
    assert "Subject S-01, anna, by RECIST 1.1" in both
    assert "Subject S-01, ben, by RECIST 1.1" in both
    one = words_of(recist("explain", results, "--subject", "S-01", "--reader", "ben"))
    assert "anna" not in one
    assert "exactly +20 % against at least +20 %: met" in one  # 40 -> 48 mm
    assert "PD" in one


def test_the_numbers_and_the_citation_are_there(results: Path) -> None:
    said = words_of(recist("explain", results, "--subject", "S-01", "--reader", "anna"))
    assert "Found −15 mm, exactly −30 %: met." in said
    assert "[Eisenhauer 2009, Table 1 row 4]" in said
    assert "days after the start of treatment 2024-01-03" in said


def test_one_time_point_alone(results: Path) -> None:
    said = words_of(recist("explain", results, "--subject", "S-01", "--reader", "anna", "--timepoint", "week 8"))
    assert "week 8 (2024-02-26): PR" in said
    assert "Best response" not in said
    assert "Baseline:" not in said


def test_json_holds_the_same_sentences(results: Path) -> None:
    done = recist("explain", results, "--subject", "S-01", "--reader", "anna", "--json")
    (explanation,) = json.loads(done.output)
    assert explanation["criteria"] == "RECIST 1.1"
    by_timepoint = {section["timepoint"]: section for section in explanation["sections"]}
    assert by_timepoint["week 8"]["answer"] == "PR"
    texts = {sentence["text"]: sentence["citation"] for sentence in by_timepoint["week 8"]["sentences"]}
    assert texts["Target response: PR."] == ""
    assert "Eisenhauer 2009, Table 1 row 4" in texts.values()


def test_a_subject_with_a_baseline_only_is_explained(results: Path) -> None:
    said = words_of(recist("explain", results, "--subject", "S-02"))
    assert "No visit counts for best response." in said


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--subject", "S01"), "similar: S-01"),
        (("--subject", "s-01"), "similar: S-01"),
        (("--subject", "patient 7"), "2 subjects were scored"),
        (("--subject", "S-01", "--reader", "carl"), "the readers are: anna, ben"),
        (("--subject", "S-01", "--timepoint", "week 9"), "the time points are: baseline, week 8"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(words: tuple[str, ...], found: str, results: Path) -> None:
    done = recist("explain", results, *words)
    assert isinstance(done.exception, UsageError)
    assert found in str(done.exception)


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    assert isinstance(recist("explain", tmp_path / "none", "--subject", "S").exception, MissingInput)
    done = recist("explain", tmp_path, "--subject", "S")
    assert isinstance(done.exception, MissingInput)
    assert "options.json" in str(done.exception)


def test_settings_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "options.json").write_text("{}")
    assert isinstance(recist("explain", tmp_path, "--subject", "S").exception, DataError)


def test_results_that_were_changed_by_hand_are_noticed(results: Path, tmp_path: Path) -> None:
    for file in results.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    path = tmp_path / "responses.csv"
    path.write_text(path.read_text().replace(",PR,", ",SD,"))
    said = words_of(recist("explain", tmp_path, "--subject", "S-01", "--reader", "anna"))
    assert "Scoring the lesions again gives another answer for week 8" in said


def test_warnings_about_the_subject_are_told(results: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(results.parent / "rows.csv")
    rows.loc[rows["diameter_mm"] == 35, "diameter_mm"] = 700
    rows.to_csv(tmp_path / "rows.csv", index=False)
    assert recist("score", tmp_path / "rows.csv", "-o", tmp_path / "out").exit_code == 0
    said = words_of(recist("explain", tmp_path / "out", "--subject", "S-01"))
    assert "Warnings about this subject" in said
    assert "diameter_mm 700" in said
    assert "Warnings" not in words_of(recist("explain", tmp_path / "out", "--subject", "S-02"))


def test_only_dates_of_the_subjects_are_kept_with_the_results(results: Path) -> None:
    assert "not ours to keep" not in (results / "subjects.csv").read_text()
    assert pd.read_csv(results / "subjects.csv")["start_date"].tolist() == ["2024-01-03", "2024-01-03"]


def test_a_protocol_is_read_back_from_the_results(results: Path, tmp_path: Path) -> None:
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(
        'base = "recist-1.1"\nname = "trial-7"\ntitle = "Trial 7"\ncitation = "protocol 7, section 9"\n'
        "[limits]\nprogression_increase = 10\n"
    )
    out = tmp_path / "out"
    scored = recist("score", results.parent / "rows.csv", "--criteria", protocol, "-o", out)
    assert scored.exit_code == 0, scored.output
    protocol.unlink()
    said = words_of(recist("explain", out, "--subject", "S-01", "--reader", "ben"))
    assert "by Trial 7" in said
    assert "Found +8 mm against at least +10 mm: not met" in said


def test_a_warning_names_its_row_and_stands_once(results: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(results.parent / "rows.csv")
    rows.loc[rows["diameter_mm"] == 35, "diameter_mm"] = 700  # the second row of data is row 3 of the file
    rows.to_csv(tmp_path / "rows.csv", index=False)
    assert recist("score", tmp_path / "rows.csv", "-o", tmp_path / "out").exit_code == 0
    problems = tmp_path / "out" / "problems.csv"
    lines = problems.read_text().splitlines()
    problems.write_text("\n".join([*lines, *lines[1:]]) + "\n")
    said = words_of(recist("explain", tmp_path / "out", "--subject", "S-01"))
    assert said.count("rows.csv, row 3: diameter_mm 700") == len([line for line in lines if ",700," in line])


def test_results_of_recist_best_are_answered_with_what_they_lack(tmp_path: Path) -> None:
    visits = "subject,reader,timepoint,date,overall_response\nS1,a,baseline,2024-01-01,\nS1,a,week 8,2024-02-26,SD\n"
    (tmp_path / "visits.csv").write_text(visits)
    assert recist("best", tmp_path / "visits.csv", "-o", tmp_path / "out").exit_code == 0
    fault = recist("explain", tmp_path / "out", "--subject", "S1").exception
    assert isinstance(fault, MissingInput)
    assert "recist best takes responses as they are given" in str(fault)
    assert "best_responses.csv why each endpoint ends" in str(fault)


def test_a_subject_without_data_has_no_baseline_to_tell(results: Path, tmp_path: Path) -> None:
    people = pd.DataFrame({"subject": ["S-01", "S-02", "S-03"], "start_date": "2024-01-03"})
    people.to_csv(tmp_path / "people.csv", index=False)
    rows = results.parent / "rows.csv"
    assert recist("score", rows, "--subjects", tmp_path / "people.csv", "-o", tmp_path / "out").exit_code == 0
    said = words_of(recist("explain", tmp_path / "out", "--subject", "S-03"))
    assert "Baseline:" not in said
    assert "no target lesions at baseline" not in said
    assert "This reader has no assessment of the subject." in said
