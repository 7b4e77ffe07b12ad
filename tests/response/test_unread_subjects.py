"""Subjects that some readers did not read, and what counts as an assessment."""

from __future__ import annotations

import pandas as pd
import pytest

from recist.rates import derive_rates
from recist.response import score
from recist.response.visits import best

PEOPLE = pd.DataFrame({"subject": ["S1", "S2", "S3"], "start_date": ["2020-01-01"] * 3})


@pytest.fixture
def shared_out(course) -> pd.DataFrame:
    """Two subjects: reader A read the first, reader B both; nobody read the third."""
    series = [("S1", "A"), ("S1", "B"), ("S2", "B")]
    return pd.concat([course({"T1": [50, 30]}, subject=name, reader=who) for name, who in series])


@pytest.mark.parametrize(
    ("choice", "series", "denominators"),
    [
        ("missing", [("S1", "A"), ("S1", "B"), ("S2", "A"), ("S2", "B"), ("S3", "A"), ("S3", "B")], {"A": 3, "B": 3}),
        ("left_out", [("S1", "A"), ("S1", "B"), ("S2", "B"), ("S3", "A"), ("S3", "B")], {"A": 2, "B": 3}),
    ],
)
def test_a_subject_of_other_readers_is_missing_or_left_out_by_option(choice, series, denominators, shared_out) -> None:
    scored = score(shared_out, subjects=PEOPLE, options={"unread_subjects": choice})
    table = scored.best_responses
    assert list(zip(table["subject"], table["reader"], strict=True)) == series
    rates = derive_rates(table)
    assert rates[rates["rate"] == "ORR"].set_index("reader")["subjects"].to_dict() == denominators
    unread = scored.problems[scored.problems["code"] == "unread_subjects"]
    assert unread["found"].tolist() == ["A"]
    assert "did not read 1 of 2 subjects" in unread["message"].iloc[0]
    assert f"unread_subjects = {choice}" in unread["message"].iloc[0]


def test_readers_who_read_everybody_have_no_such_notice(course) -> None:
    rows = pd.concat([course({"T1": [50, 30]}, reader=who) for who in "AB"])
    assert "unread_subjects" not in set(score(rows, subjects=PEOPLE).problems["code"])


def test_without_a_table_of_subjects_nobody_is_taken_for_enrolled(shared_out) -> None:
    scored = score(shared_out)
    assert len(scored.best_responses) == 3
    assert "unread_subjects" not in set(scored.problems["code"])


def test_the_option_holds_for_overall_responses_too() -> None:
    series = [("S1", "A"), ("S1", "B"), ("S2", "B")]
    visits = pd.DataFrame(
        [
            {"subject": name, "reader": who, "timepoint": "V1", "date": "2020-03-01", "overall_response": "PR"}
            for name, who in series
        ]
    )
    found = best(visits, subjects=PEOPLE, options={"unread_subjects": "left_out"})
    assert found.best_responses["reader"].tolist() == ["A", "B", "B", "A", "B"]
    assert "unread_subjects" in set(found.problems["code"])


def test_a_subject_with_a_baseline_only_is_not_assessed_and_one_that_could_not_be_evaluated_is(course) -> None:
    rows = pd.concat([course({"T1": [50]}, subject="S1"), course({"T1": [50, "not_evaluable"]}, subject="S2")])
    table = score(rows, subjects=PEOPLE).best_responses
    assert table["assessed"].tolist() == [False, True, False]
    assert table["pfs_reason"].tolist() == ["no_assessment", "no_adequate_assessment", "no_baseline"]


def test_what_was_not_done_or_comes_after_death_is_no_assessment() -> None:
    days = {"S1": ("2020-03-01", "ND"), "S2": ("2020-06-01", "SD"), "S3": ("2020-03-01", "NE")}
    visits = pd.DataFrame(
        [
            {"subject": name, "timepoint": "V1", "date": day, "overall_response": word}
            for name, (day, word) in days.items()
        ]
    )
    table = best(visits, subjects=PEOPLE.assign(death_date=["", "2020-05-01", ""])).best_responses
    assert table["assessed"].tolist() == [False, False, True]


def test_depth_of_response_beside_an_immune_partial_response_is_that_of_its_own_course(course) -> None:
    scored = score(course({"T1": [50, 61, 30]}), criteria="irecist")  # iUPD (+22 %), then 30 of 50 mm: iPR
    (row,) = scored.best_responses.to_dict("records")
    assert row["best_response"] == "iPR"
    assert row["depth_of_response_pct"] == pytest.approx(-40)
    assert row["depth_of_response_pct_recist_1_1"] == pytest.approx(22)


def test_depth_of_response_ends_with_the_immune_progression_that_counts(course) -> None:
    scored = score(course({"T1": [50, 40, 61, 67, 30]}, days=(0, 56, 112, 154, 210)), criteria="irecist")
    (row,) = scored.best_responses.to_dict("records")  # iUPD at day 112, +6 mm confirms it at day 154
    assert row["depth_of_response_pct"] == pytest.approx(-20)  # 40 of 50 mm; 30 mm comes after it
