"""Reports about nodes, merged lesions and growth over a few days; sizes and rates by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score


@pytest.mark.parametrize(("size", "reported"), [(9.99, True), (10, False)])
def test_a_small_non_target_node_read_as_present_is_reported_with_the_option(size, reported, scored) -> None:
    result = scored({"T1": [20, 0], "NT1": [12, size]}, nodes=["NT1"])
    assert result.responses["overall_response"].tolist() == ["PR"]  # as the reader has it
    found = result.problems[result.problems["code"] == "small_non_target_node"]
    assert len(found) == reported
    assert all("non_target_nodes = by_size" in message for message in found["message"])


def test_a_small_non_target_node_is_not_reported_where_it_is_absent_by_option(scored) -> None:
    result = scored({"T1": [20, 0], "NT1": [12, 8]}, nodes=["NT1"], options={"non_target_nodes": "by_size"})
    assert result.responses["overall_response"].tolist() == ["CR"]
    assert "small_non_target_node" not in set(result.problems["code"])


def test_an_empty_row_of_a_merged_lesion_is_to_be_left_out(course) -> None:
    rows = course({"T1": [40, 60], "T2": [30, 0]}).assign(covers=["", "T2", "", ""])
    rows.loc[rows.index[-1], ["state", "diameter_mm"]] = ""
    with pytest.raises(DataError) as caught:
        score(rows)
    (fault,) = caught.value.problems
    assert (fault.code, fault.expected) == ("empty_state", "no row, or the state not_evaluable")
    assert "the value of another row covers it; leave this row out" in fault.message
    assert score(rows[:-1]).responses["sum_mm"].tolist() == [60]


@pytest.mark.parametrize(("days", "is_told"), [(13, False), (14, True)])
def test_no_growth_rate_is_told_over_less_than_two_weeks(days, is_told, course) -> None:
    scored = score(course({"T1": [50, 60]}, days=(0, days)))
    (rate,) = scored.responses["tgr_from_baseline_pct_per_month"]
    assert math.isnan(rate) != is_told
    if is_told:
        assert rate == pytest.approx(100 * ((60 / 50) ** (3 * 30.4375 / 14) - 1), abs=0.01)


def test_visits_of_week_8_come_before_those_of_week_16(course) -> None:
    rows = course({"T1": [50, 45, 40]})
    mixed = pd.concat([rows[2:], rows[:2]])
    assert score(mixed).responses["timepoint"].tolist() == ["week 8", "week 16"]
