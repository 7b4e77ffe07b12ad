"""Dates of which only the month or the year is known, completed to the middle; expected days by the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from linkage import check_study_tables, link
from linkage.choices import IncompleteDates
from recist.problems import errors_in

if TYPE_CHECKING:
    from pathlib import Path

    from linkage import StudyTables
    from recist.problems import Problem

TREATED = {"treatments": [{"subject": "A", "date": "1997-01-05"}]}
ALIVE = {"subjects": [{"subject": "A", "last_contact_date": "2001-06-30"}]}


def complete(**rows: list[dict[str, str]]) -> tuple[StudyTables, list[Problem]]:
    frames = {name: pd.DataFrame(given, dtype=object) for name, given in rows.items()}
    return check_study_tables(frames, IncompleteDates.MIDDLE)


def day_of(tables: StudyTables, table: str, field: str) -> list[str]:
    return [day.date().isoformat() for day in tables.frame(table)[field]]


def test_a_month_becomes_its_fifteenth_and_a_year_the_first_of_july_each_with_a_warning() -> None:
    subjects = [
        {"subject": "A", "death_date": "2001-02", "last_contact_date": ""},
        {"subject": "B", "death_date": "2004", "last_contact_date": ""},
        {"subject": "C", "death_date": "2005-05-02", "last_contact_date": ""},
    ]
    tables, problems = complete(subjects=subjects)
    assert day_of(tables, "subjects", "death_date") == ["2001-02-15", "2004-07-01", "2005-05-02"]
    assert [(problem.row, problem.severity, problem.found) for problem in problems] == [
        (2, "warning", "2001-02"),
        (3, "warning", "2004"),
    ]
    assert "2001-02-15 is used" in problems[0].expected


def test_a_death_of_which_only_the_month_is_known_is_never_before_a_lab_of_that_month() -> None:
    subjects = [{"subject": "A", "death_date": "1998-03", "last_contact_date": ""}]
    labs = [{"subject": "A", "date": "1998-03-24", "marker": "CgA", "value": "10", "upper_normal": "5"}]
    tables, problems = complete(subjects=subjects, labs=labs, **TREATED)
    assert day_of(tables, "subjects", "death_date") == ["1998-03-24"]
    assert "moved" in problems[0].message
    # 1997-01-05 to 1998-03-24: 360 days to the end of 1997, 31 + 28 + 24 in 1998
    assert link(tables, problems=problems).cohort["os_days"].tolist() == [443]


def test_the_events_of_other_subjects_move_nothing() -> None:
    subjects = [
        {"subject": "A", "death_date": "1998-03", "last_contact_date": ""},
        {"subject": "B", "death_date": "1998-03-30", "last_contact_date": ""},
    ]
    tables, _ = complete(subjects=subjects, **TREATED)
    assert day_of(tables, "subjects", "death_date") == ["1998-03-15", "1998-03-30"]


@pytest.mark.parametrize(
    ("rows", "table", "field", "expected"),
    [
        pytest.param(
            {"treatments": [{"subject": "A", "date": "1997-03-20"}], "patients": [{"diagnosis_date": "1997-03"}]},
            *("patients", "diagnosis_date", "1997-03-15"),
            id="a diagnosis before the treatment of its month",
        ),
        pytest.param(
            {"treatments": [{"date": "1997-03-05"}], "patients": [{"diagnosis_date": "1997-03"}]},
            *("patients", "diagnosis_date", "1997-03-05"),
            id="a diagnosis is not later than the first treatment",
        ),
        pytest.param(
            {"treatments": [{"date": "1997-03"}], "patients": [{"diagnosis_date": "1997-03-28"}]},
            *("treatments", "date", "1997-03-28"),
            id="a treatment is not earlier than the diagnosis",
        ),
        pytest.param(
            {"subjects": [{"last_contact_date": "1998"}], "report_responses": [{"date": "1998-11-02"}]},
            *("subjects", "last_contact_date", "1998-11-02"),
            id="a last contact is not earlier than a scan",
        ),
        pytest.param(
            {"subjects": [{"death_date": "1998-11-02"}], "report_responses": [{"date": "1998-11"}]},
            *("report_responses", "date", "1998-11-02"),
            id="a scan is not later than death",
        ),
        pytest.param(
            {"treatments": [{"date": "1997-03-20"}], "symptoms": [{"date": "1997-03", "status": "baseline"}]},
            *("symptoms", "date", "1997-03-15"),
            id="a record of symptoms may be older than the treatment",
        ),
        pytest.param(
            {"subjects": [{"death_date": "1998-05", "last_contact_date": "1998"}]},
            *("subjects", "last_contact_date", "1998-05-15"),
            id="a year is held against what was completed from months",
        ),
        pytest.param(
            {"subjects": [{"death_date": "1998-05"}], "labs": [{"date": "1998-07-01", "marker": "CgA"}]},
            *("subjects", "death_date", "1998-05-15"),
            id="what contradicts the month is left to be refused",
        ),
    ],
)
def test_a_completed_date_keeps_the_order_of_a_course(
    rows: dict[str, list[dict[str, str]]], table: str, field: str, expected: str
) -> None:
    named = {name: [{"subject": "A", **row} for row in given] for name, given in rows.items()}
    tables, _ = complete(**named)
    assert day_of(tables, table, field) == [expected]


def test_a_second_treatment_is_not_earlier_than_the_first() -> None:
    treatments = [
        {"subject": "A", "treatment_number": "1", "date": "1997-03-28"},
        {"subject": "A", "treatment_number": "2", "date": "1997-03"},
    ]
    tables, problems = complete(subjects=ALIVE["subjects"], treatments=treatments)
    assert day_of(tables, "treatments", "date") == ["1997-03-28", "1997-03-28"]
    assert not errors_in(problems)


def test_what_is_no_date_is_refused_all_the_same() -> None:
    subjects = [{"subject": "A", "death_date": "1998-13"}, {"subject": "B", "death_date": "9999"}]
    _, problems = complete(subjects=subjects)
    assert [(problem.row, problem.severity) for problem in problems] == [(2, "error"), (3, "error")]


def test_the_warnings_reach_the_problems_of_the_linking(tmp_path: Path) -> None:
    tables, problems = complete(subjects=[{"subject": "A", "last_contact_date": "2001"}], **TREATED)
    linked = link(tables, problems=problems)
    assert [problem.code for problem in linked.problems] == ["partial_date"]
    row = linked.quality[linked.quality["item"] == "problems"].iloc[0]
    assert (row["value"], row["n"]) == ("partial_date", 1)
