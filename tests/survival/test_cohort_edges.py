"""The edges of the checks of a cohort: the last value that is right and the first that is wrong, worked by hand."""

import datetime

import pandas as pd
import pytest

from recist.problems import Severity
from survival.checks.cohort_rows import check_cohort
from survival.checks.dates import check_dates
from survival.checks.faults import Faults
from survival.checks.spans_rows import check_flow, check_spans

TODAY = datetime.date(2020, 6, 15)
SPANS = pd.DataFrame(
    {
        "subject": ["A", "B", "B"],
        "start_days": [0.0, 0.0, 150.0],
        "stop_days": [100.0, 150.0, 200.0],
        "event": [1.0, 0.0, 0.0],
        "second_treatment": [0.0, 0.0, 1.0],
    }
)


def cohort(**columns):
    """Give two patients with some columns of them."""
    return pd.DataFrame({"subject": ["A", "B"], "os_days": [100.0, 200.0], "os_event": [1.0, 0.0]} | columns)


def found(frame):
    return [(problem.code, problem.field, problem.row) for problem in check_cohort(frame, "cohort.csv")]


def test_two_patients_without_fault_are_let_through():
    assert found(cohort()) == []


@pytest.mark.parametrize(
    ("column", "right", "wrong", "code"),
    [
        ("os_days", 120 * 365.25, 120 * 365.25 + 1, "out_of_range"),
        ("age_years", 120.0, 120.5, "out_of_range"),
        ("age_years", 0.0, -0.5, "out_of_range"),
        ("ki67_pct", 100.0, 100.5, "out_of_range"),
        ("ki67_pct", 0.0, -1.0, "out_of_range"),
        ("first_activity_mci", 0.0, -1.0, "out_of_range"),
        ("imaging_change_pct", -100.0, -100.5, "out_of_range"),
        ("second_treatment_days", 100.0, 101.0, "after_end"),
        ("second_treatment_days", 0.0, -1.0, "negative_time"),
        ("pfs_lower_days", 0.0, -1.0, "negative_time"),
    ],
)
def test_a_value_at_the_limit_is_right_and_one_beyond_it_is_not(column, right, wrong, code):
    other = cohort(**{column: [50.0, 50.0]})[column].tolist()[1]
    assert found(cohort(**{column: [right, other]})) == []
    assert found(cohort(**{column: [wrong, other]})) == [(code, column, 0)]


def test_progression_free_survival_may_end_with_the_follow_up_and_not_after_it():
    assert found(cohort(pfs_days=[100.0, 200.0], pfs_event=[1.0, 0.0])) == []
    assert found(cohort(pfs_days=[101.0, 200.0], pfs_event=[1.0, 0.0])) == [("after_end", "pfs_days", 0)]


def test_progression_may_be_seen_on_the_day_of_the_last_assessment_without_it_and_not_before():
    assert found(cohort(pfs_lower_days=[80.0, 90.0], pfs_upper_days=[80.0, float("nan")])) == []
    assert found(cohort(pfs_lower_days=[80.0, 90.0], pfs_upper_days=[79.0, float("nan")])) == [
        ("bad_interval", "pfs_upper_days", 0)
    ]


def test_a_response_may_be_seen_on_the_first_day_and_on_the_last():
    for day, faults in ((0.0, []), (100.0, []), (101.0, ["after_end"]), (-1.0, ["negative_time"])):
        frame = cohort(imaging_response=["PR", ""], imaging_days=[day, float("nan")])
        assert [code for code, _, _ in found(frame)] == faults


def test_a_second_treatment_with_a_day_is_at_least_the_second_of_those_counted():
    for number, faults in ((2.0, []), (3.0, []), (1.0, [("disagreement", "n_treatments", 0)])):
        frame = cohort(n_treatments=[number, 1.0], second_treatment_days=[50.0, float("nan")])
        assert found(frame) == faults


def dated(end=10.0, **columns):
    """Check the dates of one patient on 15 June 2020."""
    frame = pd.DataFrame({"subject": ["A"], "os_days": [end]} | {name: [value] for name, value in columns.items()})
    faults = Faults(frame, "cohort.csv")
    check_dates(frame, "os_days", faults, today=TODAY)
    return [(problem.code, problem.field, problem.severity is Severity.WARNING) for problem in faults.problems]


def test_the_day_may_have_begun_elsewhere_but_the_day_after_tomorrow_has_not():
    assert dated(end=0.0, index_date="2020-06-16") == []
    assert dated(end=0.0, index_date="2020-06-17") == [("future_date", "index_date", False)]


def test_follow_up_may_end_today_and_not_in_the_future():
    assert dated(end=15.0, index_date="2020-06-01") == []
    assert dated(end=16.0, index_date="2020-05-31") == []
    assert dated(end=17.0, index_date="2020-05-31") == [("future_date", "os_days", False)]


def test_death_may_be_on_the_index_date_and_diagnosis_too():
    assert dated(index_date="2020-01-10", death_date="2020-01-10", diagnosis_date="2020-01-10") == []
    assert dated(index_date="2020-01-10", death_date="2020-01-09") == [("death_before_index", "death_date", False)]
    assert dated(index_date="2020-01-10", diagnosis_date="2020-01-11") == [("after_index", "diagnosis_date", True)]


def test_follow_up_may_end_on_the_cutoff_and_is_flagged_after_it():
    assert dated(end=10.0, index_date="2020-01-10", cutoff_date="2020-01-20") == []
    assert dated(end=11.0, index_date="2020-01-10", cutoff_date="2020-01-20") == [("after_cutoff", "os_days", True)]


def test_rows_that_disagree_with_an_endpoint_of_the_study_are_named_with_its_day_and_event():
    people = pd.DataFrame({"subject": ["A", "B"], "days": [100.0, 210.0], "died": [1.0, 0.0]})
    (problem,) = check_spans(SPANS, people, "spans.csv", end=("days", "died"))
    assert (problem.subject, problem.code) == ("B", "disagreement")
    assert (problem.found, problem.expected) == ("day 200, events: 0", "day 210, events: 0")


def flow(*counts):
    rows = [("imaging", "box", 1, counts[0]), ("imaging", "excluded", 1, counts[1]), ("imaging", "box", 2, counts[2])]
    rows += [("imaging", "split", 2, counts[3]), ("imaging", "split", 2, counts[4])]
    return check_flow(pd.DataFrame(rows, columns=["domain", "kind", "step", "n"]), "flow.csv")


def test_every_patient_is_in_a_box_or_excluded_before_it_and_the_splits_add_up():
    assert flow(10, 3, 7, 4, 3) == []
    assert flow(10, 0, 10, 0, 10) == []
    assert [(problem.found, problem.expected) for problem in flow(10, 2, 7, 4, 3)] == [("9", "10")]
    assert [(problem.found, problem.expected) for problem in flow(10, 3, 7, 4, 4)] == [("8", "7")]
    assert {problem.code for problem in flow(10, -1, 11, 4, 7)} == {"bad_count"}


def test_rows_cut_again_within_a_state_are_right():
    people = pd.DataFrame({"subject": ["A", "B"], "os_days": [100.0, 200.0], "os_event": [1.0, 0.0]})
    assert check_spans(SPANS, people, "spans.csv") == []
    rows = [("A", 0, 40, 0, 0), ("A", 40, 100, 1, 0), ("B", 0, 150, 0, 0), ("B", 150, 180, 0, 1), ("B", 180, 200, 0, 1)]
    again = pd.DataFrame(rows, columns=list(SPANS.columns))
    assert check_spans(again, people, "spans.csv") == []
