"""Dates of which the day or the month is not known: refused, or completed by one choice for all tables."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score
from recist.response.visits import best


def rows(course, day: str) -> pd.DataFrame:
    """A target that shrinks by half; the follow-up is dated `day`."""
    return course({"T1": [30, 15]}).assign(date=["2020-01-01", day], slice_thickness_mm="1")


@pytest.mark.parametrize("day", ["2020-03", "2020"])
def test_a_date_without_a_day_is_refused(day, course) -> None:
    with pytest.raises(DataError) as caught:
        score(rows(course, day))
    assert [(one.row, one.field, one.code, one.found) for one in caught.value.problems] == [
        (3, "date", "wrong_date", day)
    ]
    assert "`partial_dates`" in caught.value.problems[0].message


def test_what_no_option_can_complete_is_told_without_one(course) -> None:
    with pytest.raises(DataError) as caught:
        score(rows(course, "2020-02-30"))
    assert "partial_dates" not in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("day", "policy", "completed"),
    [
        ("2020-02", "first", "2020-02-01"),
        ("2020-02", "last", "2020-02-29"),  # a leap year
        ("2021-02", "last", "2021-02-28"),
        ("2021", "first", "2021-01-01"),
        ("2021", "last", "2021-12-31"),
    ],
)
def test_a_date_is_completed_by_option_and_every_completed_one_is_a_warning(day, policy, completed, course) -> None:
    result = score(rows(course, day), options={"partial_dates": policy})
    assert result.responses["date"].dt.strftime("%Y-%m-%d").tolist() == [completed]
    found = result.problems[result.problems["code"] == "partial_date"]
    assert found[["row", "field", "severity", "found", "expected"]].to_numpy().tolist() == [
        [3, "date", "warning", day, f"YYYY-MM-DD; {completed} is used"]
    ]


@pytest.mark.parametrize("day", ["2020-13", "2020-2", "20", "2020-03-", "March 2020", "2020-02-30", "0000", "２０２０"])
def test_what_is_no_date_is_refused_under_every_option(day, course) -> None:
    for policy in ("refuse", "first", "last"):
        with pytest.raises(DataError):
            score(rows(course, day), options={"partial_dates": policy})


def test_one_choice_completes_the_dates_of_the_subjects_too(course) -> None:
    subjects = pd.DataFrame([{"subject": "S1", "start_date": "2020-01", "death_date": "2020-12"}])
    result = score(rows(course, "2020-03-01"), subjects=subjects, options={"partial_dates": "last"})
    found = result.problems[result.problems["code"] == "partial_date"]
    assert found[["file", "row", "field", "found"]].to_numpy().tolist() == [
        ["subjects", 2, "start_date", "2020-01"],
        ["subjects", 2, "death_date", "2020-12"],
    ]
    assert found["expected"].str.contains("2020-01-31").tolist() == [True, False]


def test_one_choice_completes_the_dates_of_visits_too() -> None:
    visits = pd.DataFrame(
        {
            "subject": "S1",
            "timepoint": ["baseline", "week 8", "week 16"],
            "date": ["2020-01-01", "2020-03", "2020-05"],
            "overall_response": ["NE", "PR", "PR"],
        }
    )
    with pytest.raises(DataError):
        best(visits)
    result = best(visits, options={"partial_dates": "first"})
    found = result.problems[result.problems["code"] == "partial_date"]
    assert found["row"].tolist() == [3, 4]
    assert str(result.best_responses["best_response_date"].iloc[0].date()) == "2020-03-01"
