"""``recist best``: from overall responses per visit to best responses, endpoints and rates."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.errors import DataError, UsageError

VISITS = """subject,reader,timepoint,date,overall_response
A,r1,week 8,2020-02-26,CR
A,r1,week 16,2020-04-22,PR
B,r1,week 8,2020-02-26,PR
B,r1,week 16,2020-04-22,PR
"""
SUBJECTS = "subject,start_date\nA,2020-01-01\nB,2020-01-01\nC,2020-01-01\n"


def recist(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["best", *map(str, arguments)])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "subjects.csv").write_text(SUBJECTS)
    (tmp_path / "options.toml").write_text(
        '[response]\npost_cr = "as_is"\nvisit_interval_days = [[0, 56], [336, 84]]\n'
    )
    return tmp_path


def test_all_files_are_written_and_the_summary_says_the_rates(study: Path) -> None:
    done = recist(study / "visits.csv", "--subjects", study / "subjects.csv", "-o", study / "out")
    assert done.exit_code == 0
    names = {path.name for path in (study / "out").iterdir()}
    assert names == {"responses.csv", "best_responses.csv", "rates.csv", "problems.csv", "options.json"}
    assert "2 of 3" in done.output  # A and B of A, B and C
    assert "subject_without_visits 1" in done.output
    best = pd.read_csv(study / "out" / "best_responses.csv").set_index("subject")
    assert best["best_response"].to_dict() == {"A": "CR", "B": "PR", "C": "MISSING"}
    responses = pd.read_csv(study / "out" / "responses.csv")
    assert responses["overall_response"].tolist() == ["CR", "PD", "PR", "PR"]  # A: less than CR after CR
    assert best["pfs_days"].tolist() == [113, 113, 1]  # A progresses, B and C are censored
    assert "113.0" not in (study / "out" / "best_responses.csv").read_text()


def test_options_are_followed_and_echoed(study: Path) -> None:
    paths = ("--subjects", study / "subjects.csv", "--options", study / "options.toml")
    assert recist(study / "visits.csv", *paths, "-o", study / "out").exit_code == 0
    settings = json.loads((study / "out" / "options.json").read_text())
    assert settings["response"]["visit_interval_days"] == [[0, 56], [336, 84]]
    assert settings["response"]["post_cr"] == "as_is"
    responses = pd.read_csv(study / "out" / "responses.csv")
    assert responses["overall_response"].tolist() == ["CR", "PR", "PR", "PR"]


def test_without_a_start_every_subject_is_named_and_nothing_is_written(study: Path) -> None:
    done = recist(study / "visits.csv", "-o", study / "out")
    assert isinstance(done.exception, DataError)
    assert [fault.subject for fault in done.exception.problems] == ["A", "B"]
    assert not (study / "out").exists()


@pytest.mark.parametrize("schedule", ["[[0, 56], [0, 84]]", "[[7, 56]]", "[[0, 0]]", "[0, 56]", "[]", "-1"])
def test_a_schedule_that_is_none_is_wrong_usage(schedule: str, study: Path) -> None:
    (study / "options.toml").write_text(f"[response]\nvisit_interval_days = {schedule}\n")
    done = recist(study / "visits.csv", "--options", study / "options.toml", "-o", study / "out")
    assert isinstance(done.exception, UsageError)
    assert "visit_interval_days" in str(done.exception)


def test_help_shows_an_example() -> None:
    assert "recist best visits.csv --subjects subjects.csv" in recist("--help").output
