"""``recist score`` as a user runs it."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.errors import DataError, UsageError

PLAN = Path(__file__).parents[2] / "sample_dicom" / "cohort" / "imaging_plan.csv"
DATES = {"baseline": "2024-01-10", "followup-1": "2024-03-11", "followup-2": "2024-05-13"}


def recist(*words: object) -> Result:
    return CliRunner().invoke(app, ["score", *map(str, words)])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Write the planned lesions of the six imaged patients as a table of measurements."""
    rows = pd.read_csv(PLAN, dtype=str, keep_default_na=False)
    rows["subject"], rows["date"] = rows["key"], rows["timepoint"].map(DATES)
    path = tmp_path / "plan.csv"
    rows.to_csv(path, index=False)
    return path


def test_the_six_imaged_patients_respond_as_planned(plan: Path, tmp_path: Path) -> None:
    done = recist(plan, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "responses.csv")
    first = table[table["timepoint"] == "followup-1"].set_index("subject")["overall_response"].to_dict()
    assert first == {"A": "PR", "B": "SD", "C": "PD", "D": "CR", "E": "PD", "F": "SD"}
    assert table.set_index(["subject", "timepoint"]).loc[("E", "followup-1"), "reasons"] == "new_lesion"


def test_the_summary_counts_subjects_time_points_responses_and_problems(plan: Path, tmp_path: Path) -> None:
    output = recist(plan, "-o", tmp_path / "out").output
    assert "subjects: 6, readers: 1, time points after baseline: 12" in output
    assert "problems to look at: 1" in output
    assert str(tmp_path / "out") in output.replace("\n", "")
    assert all(word in output for word in ("CR", "PR", "SD", "PD"))


def test_all_files_are_written_and_the_options_are_echoed(plan: Path, tmp_path: Path) -> None:
    options = tmp_path / "options.toml"
    options.write_text('[response]\nmin_sd_days = 49\npost_cr = "as_is"\nmax_ne = "any"\n[other]\nx = 1\n')
    assert recist(plan, "-o", tmp_path / "out", "--options", options).exit_code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        *("responses.csv", "best_responses.csv", "rates.csv", "lesions.csv", "subjects.csv", "problems.csv"),
        "options.json",
    }
    settings = json.loads((tmp_path / "out" / "options.json").read_text())
    assert settings["criteria"] == "recist-1.1"
    assert settings["response"]["min_sd_days"] == 49
    assert settings["response"]["max_ne"] == "any"
    assert settings["response"]["confirmation_days"] == 28


def test_errors_stop_with_every_fault_and_nothing_is_written(plan: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(plan, dtype=str, keep_default_na=False)
    rows.loc[0, "date"], rows.loc[12, "state"], rows.loc[20, "role"] = "2024-02-31", "gone", "new"
    rows.to_csv(plan, index=False)
    done = recist(plan, "-o", tmp_path / "out")
    assert isinstance(done.exception, DataError)
    assert done.exception.exit_code == 1
    text = str(done.exception)
    assert all(words in text for words in ("plan.csv, row 2", "row 14", "row 22"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[response]\nmin_sd = 42\n", "min_sd_days"),
        ("[response]\nmin_sd_days = 'x'\n", "whole number"),
        ("[response", "not TOML"),
        ("response = 3\n", "[response]"),
        ("min_sd_days = 42\n", "outside the table"),
        ("[respons]\nmin_sd_days = 42\n", "has no table [response]; found: respons"),
    ],
)
def test_a_wrong_options_file_is_wrong_usage(text: str, found: str, plan: Path, tmp_path: Path) -> None:
    options = tmp_path / "options.toml"
    options.write_text(text)
    done = recist(plan, "-o", tmp_path / "out", "--options", options)
    assert isinstance(done.exception, UsageError)
    assert found in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_subjects_give_the_start(plan: Path, tmp_path: Path) -> None:
    subjects = tmp_path / "people.csv"
    pd.DataFrame({"subject": list("ABCDEF"), "start_date": "2024-01-20"}).to_csv(subjects, index=False)
    assert recist(plan, "--subjects", subjects, "-o", tmp_path / "out").exit_code == 0
    best = pd.read_csv(tmp_path / "out" / "best_responses.csv", dtype=str).set_index("subject")
    assert best.loc["C", "pfs_days"] == "52"  # 20 January to 11 March 2024, both counted
    assert best.loc["C", "pfs_reason"] == "progression"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = recist(tmp_path / "none.csv", "-o", tmp_path / "out")
    assert isinstance(done.exception, DataError)
    assert "none.csv" in str(done.exception)


def test_the_results_folder_may_not_be_a_file(plan: Path) -> None:
    assert isinstance(recist(plan, "-o", plan).exception, UsageError)


@pytest.mark.parametrize("option", ["--out", "-o"])
def test_the_results_folder_is_named_as_in_the_other_commands(option: str, plan: Path, tmp_path: Path) -> None:
    assert recist(plan, option, tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "responses.csv").is_file()


def test_the_summary_does_not_mix_best_and_confirmed_best_responses(plan: Path, tmp_path: Path) -> None:
    output = " ".join(recist(plan, "-o", tmp_path / "out").output.replace("┃", " ").split())
    assert "without and with confirmation" in output
    assert "subjects, unconfirmed subjects, confirmed" in output.replace("│", " ")


def test_a_scan_in_another_century_is_a_warning(plan: Path, tmp_path: Path) -> None:
    plan.write_text(plan.read_text().replace("2024-05-13", "2224-05-13"))
    output = recist(plan, "-o", tmp_path / "out").output
    assert "future_date" in output


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (",", ";", "separator found: ';'"),
        ("subject", "Subject", "found Subject: column names are lower case"),
        ("followup-1,", "followup-1,,", "the header has"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused_in_one_sentence(
    before: str, after: str, words: str, plan: Path, tmp_path: Path
) -> None:
    plan.write_text(plan.read_text().replace(before, after))
    done = recist(plan, "-o", tmp_path / "out")
    assert isinstance(done.exception, DataError)
    assert words in str(done.exception)
    assert len({problem.code for problem in done.exception.problems}) == 1
    assert not (tmp_path / "out").exists()


def test_two_files_joined_with_both_headers_are_refused_by_row(plan: Path, tmp_path: Path) -> None:
    text = plan.read_text()
    plan.write_text(text + text)
    done = recist(plan, "-o", tmp_path / "out")
    assert isinstance(done.exception, DataError)
    assert f"row {len(text.splitlines()) + 1}: this row repeats the header" in str(done.exception)


def test_a_folder_in_place_of_a_table_is_named_as_one(tmp_path: Path) -> None:
    assert "this is a folder" in str(recist(tmp_path, "-o", tmp_path / "out").exception)


def test_parquet_gives_the_same_as_csv(plan: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(plan, keep_default_na=False, parse_dates=["date"])
    rows.to_parquet(tmp_path / "plan.parquet")
    assert recist(plan, "-o", tmp_path / "a").exit_code == 0
    assert recist(tmp_path / "plan.parquet", "-o", tmp_path / "b").exit_code == 0
    assert (tmp_path / "a" / "responses.csv").read_text() == (tmp_path / "b" / "responses.csv").read_text()
