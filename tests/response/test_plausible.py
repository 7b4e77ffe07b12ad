"""What can hardly be true is a warning; no response changes."""

import datetime

import pandas as pd
import pytest

from recist.response import Scored, score


def warnings_of(scored: Scored) -> list[tuple[str, str]]:
    kept = scored.problems[scored.problems["code"] != "slice_thickness_not_given"]
    assert set(kept["severity"]) <= {"warning"}
    return list(zip(kept["field"], kept["code"], strict=True))


@pytest.fixture
def rows(course) -> pd.DataFrame:
    return course({"T1": [30, 25]}).assign(long_axis_mm=["30", "25"], short_axis_mm=["20", "18"])


def test_a_short_axis_longer_than_the_long_one_is_reported(rows) -> None:
    assert warnings_of(score(rows)) == []
    assert warnings_of(score(rows.assign(short_axis_mm=["30", "18"]))) == []  # equal axes are a disc
    assert warnings_of(score(rows.assign(short_axis_mm=["20", "25.5"]))) == [("short_axis_mm", "short_axis_longer")]


@pytest.mark.parametrize(("size", "found"), [("500", []), ("501", [("diameter_mm", "giant_size")])])
def test_a_diameter_wider_than_a_field_of_view_is_reported(size, found, rows) -> None:
    assert warnings_of(score(rows.assign(diameter_mm=["30", size]))) == found


@pytest.mark.parametrize("state", ["measured", ""])
def test_a_lesion_measured_with_0_mm_should_be_called_absent(state, rows) -> None:
    result = score(rows.assign(diameter_mm=["30", "0"], state=["measured", state]))
    assert warnings_of(result) == [("state", "measured_with_0_mm")]
    assert "use the state absent" in result.problems["message"].iloc[-1]
    assert result.responses["overall_response"].tolist() == ["CR"]


def test_an_absent_lesion_with_0_mm_is_in_order(rows) -> None:
    assert warnings_of(score(rows.assign(diameter_mm=["30", "0"], state=["measured", "absent"]))) == []


@pytest.mark.parametrize(
    ("size", "found"), [("", []), ("5", []), ("3", []), ("12", [("state", "too_small_with_size")])]
)
def test_a_lesion_too_small_to_measure_has_at_most_5_mm(size, found, rows) -> None:
    rows = rows.assign(diameter_mm=["30", size], state=["measured", "too_small"], long_axis_mm="", short_axis_mm="")
    assert warnings_of(score(rows)) == found


def test_a_scan_still_to_come_is_reported_on_the_day_it_is_scored(rows) -> None:
    rows.loc[1, "date"] = "2220-02-26"
    assert warnings_of(score(rows, today=datetime.date(2026, 1, 1))) == [("date", "future_date")]
    assert warnings_of(score(rows)) == []


@pytest.mark.parametrize(("date", "found"), [("2026-01-01", []), ("2026-01-02", [("date", "future_date")])])
def test_a_scan_of_today_is_in_order_and_one_of_tomorrow_is_not(date, found, rows) -> None:
    rows.loc[1, "date"] = date
    assert warnings_of(score(rows, today=datetime.date(2026, 1, 1))) == found


class TestTargetLesionsWithoutARow:
    """A lesion that was forgotten at a follow-up."""

    def test_the_lesion_and_the_time_point_are_named(self, course) -> None:
        result = score(course({"T1": [30, 30], "T2": [30, None], "T3": [30, "not_done"]}))
        assert warnings_of(result) == [("lesion", "target_without_row")]
        assert "target lesion T2 has no row at time point week 8" in result.problems["message"].iloc[-1]
        assert result.responses["overall_response"].tolist() == ["NE"]

    def test_every_subject_is_looked_at_alone(self, course) -> None:
        tables = [
            course({"T1": [30, 30, 30], "T2": [20, 20, None]}, subject="S1"),
            course({"T1": [30, None, 30], "NT1": ["present", "present", "present"]}, subject="S2"),
            course({"T1": [30, 30]}, subject="S3"),
        ]
        problems = score(pd.concat(tables, ignore_index=True)).problems
        missing = problems[problems["code"] == "target_without_row"]
        assert list(zip(missing["subject"], missing["found"], strict=True)) == [
            ("S1", "T2 at week 16"),
            ("S2", "T1 at week 8"),
        ]

    def test_a_lesion_covered_by_the_value_of_another_needs_no_row(self, course) -> None:
        rows = course({"T1": [30, 50], "T2": [30, None]}).assign(covers=["", "T2", ""])
        assert warnings_of(score(rows)) == []

    def test_after_progression_no_row_is_missed(self, course) -> None:
        assert warnings_of(score(course({"T1": [30, 60, 60], "T2": [30, 30, None]}))) == []


@pytest.mark.parametrize(("size", "rounding"), [("0.004", "none"), ("0.04", "0.1"), ("0.4", "1")])
def test_a_size_that_is_rounded_to_nothing_is_reported(size, rounding, course) -> None:
    rows = course({"T1": [50, 50], "T2": [50, 50]})
    rows.loc[1, "diameter_mm"] = size
    found = score(rows, options={"measurement_rounding": rounding}).problems
    assert found.query("code == 'measured_with_0_mm'")["row"].tolist() == [3]
