"""The command ``recist link``: a study file in, six tables and the options out, whole or not at all."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app, run

SUBJECTS = "subject,start_date,last_contact_date\nA,2000-01-01,2005-01-01\nB,2000-02-01,2003-01-01\n"
TREATMENTS = "subject,date\nA,2000-01-01\nA,2000-12-26\nB,2000-02-01\n"
REPORTS = "subject,date,timepoint,overall_response,source\nA,2000-04-01,followup-1,PR,report\n"
STUDY = """
[study]
name = "Trial"
cutoff_date = 2004-01-01

[tables]
subjects = "subjects.csv"
treatments = "treatments.csv"
report_responses = "reports.csv"
"""
OUTPUTS = {
    *("cohort.csv", "spans.csv", "reads.csv", "treatments.csv", "flow.csv", "qc.csv", "conflicts.csv"),
    *("problems.csv", "options.json", "provenance.json"),
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    files = {
        "subjects.csv": SUBJECTS,
        "treatments.csv": TREATMENTS,
        "reports.csv": REPORTS,
        "study.toml": STUDY,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def link(*arguments: object) -> object:
    return CliRunner().invoke(app, ["link", *map(str, arguments)])


def failing(study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command as a user does and give exit code and standard error."""
    monkeypatch.setattr("sys.argv", ["recist", "link", str(study / "study.toml"), "-o", str(study / "out")])
    with pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code, capsys.readouterr().err


def test_a_study_becomes_a_cohort_with_its_flow(study) -> None:
    done = link(study / "study.toml", "-o", study / "out")
    assert done.exit_code == 0
    assert {path.name for path in (study / "out").iterdir()} == OUTPUTS
    assert "CT in images or reports:  image 0 · report 1" in done.output
    cohort = pd.read_csv(study / "out" / "cohort.csv").set_index("subject")
    # A: 2000-04-01 is day 91; alive on 2005-01-01, cut on 2004-01-01, day 1461; treated again on day 360
    assert cohort.loc["A", ["imaging_response", "imaging_days", "imaging_source"]].tolist() == ["PR", 91, "report"]
    assert cohort.loc["A", ["os_days", "os_event", "second_treatment_days"]].tolist() == [1461, 0, 360]
    assert cohort.loc["B", ["os_days", "imaging_source"]].tolist() == [1065, "none"]
    spans = pd.read_csv(study / "out" / "spans.csv")
    assert spans[["start_days", "stop_days"]].to_numpy().tolist() == [[0, 360], [360, 1461], [0, 1065]]


def test_days_and_events_are_written_as_whole_numbers(study) -> None:
    link(study / "study.toml", "-o", study / "out")
    header, first, _ = (study / "out" / "cohort.csv").read_text().splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    assert (cells["os_days"], cells["os_event"], cells["imaging_days"]) == ("1461", "0", "91")
    assert cells["second_treatment_date"] == "2000-12-26"


def test_the_options_hold_every_setting_and_the_checksum_of_each_input(study) -> None:
    link(study / "study.toml", "-o", study / "out")
    options = json.loads((study / "out" / "options.json").read_text(encoding="utf-8"))
    assert options["settings"]["imaging_days"]["value"] == [42, 183]
    assert options["inputs"]["subjects"]["sha256"] == hashlib.sha256(SUBJECTS.encode()).hexdigest()
    assert set(options["inputs"]) == {"subjects", "treatments", "report_responses"}
    assert {"python", "pandas", "recist-toolkit"} <= set(options["versions"])


def test_the_provenance_holds_the_options_and_the_checksum_of_each_input(study) -> None:
    link(study / "study.toml", "-o", study / "out")
    (step,) = json.loads((study / "out" / "provenance.json").read_text(encoding="utf-8"))["steps"]
    assert step["step"] == "link"
    assert step["options"]["windows"]["imaging_days"] == [42, 183]
    assert step["options"]["rules"]["missed_scans"] == "event"
    assert step["options"]["study"] == {"name": "Trial", "cutoff_date": "2004-01-01"}
    # the SHA-256 of the text above
    assert {"file": "subjects.csv", "sha256": hashlib.sha256(SUBJECTS.encode()).hexdigest()} in step["inputs"]
    assert [one["file"] for one in step["inputs"]] == [*("study.toml", "reports.csv", "subjects.csv", "treatments.csv")]


def test_options_beside_the_responses_are_told_as_the_step_before(study) -> None:
    scored = study / "scored"
    scored.mkdir()
    (scored / "responses.csv").write_text("subject,timepoint,date,overall_response\nA,followup-1,2000-04-03,SD\n")
    (scored / "options.json").write_text('{"criteria": "recist-1.1", "response": {"max_ne": 1}}')
    link(study / "study.toml", "-o", study / "out", "--table", f"responses={scored / 'responses.csv'}")
    steps = json.loads((study / "out" / "provenance.json").read_text(encoding="utf-8"))["steps"]
    assert [step["step"] for step in steps] == ["score", "link"]
    assert steps[0]["options"]["response"] == {"max_ne": 1}


def test_measurements_that_nobody_scored_are_not_left_out_in_silence(study, monkeypatch, capsys) -> None:
    text = STUDY.replace("[tables]", '[tables]\nmeasurements = "measurements.csv"')
    (study / "study.toml").write_text(text, encoding="utf-8")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 2
    assert "measurements" in told
    assert "recist run" in told


def test_the_reads_and_treatments_of_the_study_stand_beside_the_cohort(study) -> None:
    link(study / "study.toml", "-o", study / "out")
    reads = (study / "out" / "reads.csv").read_text().splitlines()
    assert reads[1:] == ["A,,report,followup-1,2000-04-01,91,,,,,,,,,,,PR,true"]
    treatments = (study / "out" / "treatments.csv").read_text().splitlines()
    assert treatments == ["subject,treatment_number,treatment,days,activity_mci", "A,1,,0,", "A,2,,360,", "B,1,,0,"]


def test_the_same_study_gives_the_same_bytes(study) -> None:
    for out in ("first", "second"):
        link(study / "study.toml", "-o", study / out)
    for name in OUTPUTS:
        assert (study / "first" / name).read_bytes() == (study / "second" / name).read_bytes()


def test_a_table_can_be_replaced_on_the_command_line(study) -> None:
    (study / "other.csv").write_text(REPORTS.replace("PR", "SD"), encoding="utf-8")
    link(study / "study.toml", "-o", study / "out", "--table", f"report_responses={study / 'other.csv'}")
    assert pd.read_csv(study / "out" / "cohort.csv")["imaging_response"].tolist()[0] == "SD"


def test_image_and_report_that_differ_are_shown(study) -> None:
    read = "subject,reader,timepoint,date,overall_response\nA,reader-1,followup-1,2000-04-03,SD\n"
    (study / "responses.csv").write_text(read, encoding="utf-8")
    done = link(study / "study.toml", "-o", study / "out", "--table", f"responses={study / 'responses.csv'}")
    assert "image read and report of one time point: 1" in done.output
    row = pd.read_csv(study / "out" / "conflicts.csv").iloc[0]
    assert row.tolist() == ["A", "2000-04-03", "SD", "2000-04-01", "PR", "image"]


def test_faults_in_the_data_are_all_listed_and_nothing_is_written(study, monkeypatch, capsys) -> None:
    (study / "treatments.csv").write_text("subject,date\nA,2000-01-01\nB,01/02/2000\nC,2000-01-01\n")
    (study / "reports.csv").unlink()
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "treatments.csv, row 3, subject B, date" in told
    assert "treatments.csv, row 4, subject C, subject" in told
    assert "reports.csv: there is no such file" in told
    assert told.count("row 3, subject B, date") == 1
    assert "Traceback" not in told
    assert not (study / "out").exists()


def test_a_date_that_is_still_to_come_stops_the_linking(study, monkeypatch, capsys) -> None:
    (study / "study.toml").write_text(STUDY.replace("cutoff_date = 2004-01-01", ""), encoding="utf-8")
    (study / "subjects.csv").write_text(SUBJECTS.replace("2005-01-01", "2150-01-01"), encoding="utf-8")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "subjects.csv, row 2, subject A, last_contact_date: this date is still to come" in told


def test_a_wrong_study_file_is_a_list_of_its_faults(study, monkeypatch, capsys) -> None:
    (study / "study.toml").write_text(STUDY + "[rules]\nfollow_up = 'first'\n[windows]\nimaging_days = 90\n")
    code, told = failing(study, monkeypatch, capsys)
    assert code == 1
    assert "rules.follow_up" in told
    assert "windows.imaging_days" in told
    assert "followup" in told


def test_an_unknown_table_on_the_command_line_is_wrong_usage(study, monkeypatch, capsys) -> None:
    done = link(study / "study.toml", "-o", study / "out", "--table", "blood=b.csv")
    assert done.exception.exit_code == 2
    assert "report_responses" in str(done.exception)


def test_an_earlier_result_stays_when_the_new_one_fails(study, monkeypatch, capsys) -> None:
    link(study / "study.toml", "-o", study / "out")
    before = (study / "out" / "cohort.csv").read_bytes()
    (study / "subjects.csv").write_text(SUBJECTS + "A,2000-01-01,2005-01-01\n")
    assert failing(study, monkeypatch, capsys)[0] == 1
    assert (study / "out" / "cohort.csv").read_bytes() == before


def test_the_settings_can_be_printed(study) -> None:
    done = link("--settings")
    assert done.exit_code == 0
    assert "| windows | `imaging_days` | `[42, 183]` | days |" in done.output
