"""Columns beside the response of a visit: what is not known stays empty; changes by hand."""

from __future__ import annotations

import math

import pytest


def test_an_incomplete_sum_has_no_change_from_the_nadir(scored) -> None:
    (row,) = scored({"T1": [40, 30], "T2": [30, "not_evaluable"]}).responses.to_dict("records")
    assert row["sum_mm"] == 30
    assert math.isnan(row["change_from_nadir_mm"])
    assert math.isnan(row["change_from_nadir_pct"])


def test_an_incomplete_sum_that_is_progression_has_one_as_a_lower_bound(scored) -> None:
    (row,) = scored({"T1": [40, 90], "T2": [30, "not_evaluable"]}).responses.to_dict("records")
    assert row["target_response"] == "PD"
    assert row["change_from_nadir_mm"] == pytest.approx(20)  # 90 - 70 mm
    assert row["change_from_nadir_pct"] == pytest.approx(28.57)


def test_without_targets_no_sum_is_complete_or_incomplete(scored) -> None:
    table = scored({"NT1": ["present", "absent"]}).responses
    assert table["sum_complete"].isna().tolist() == [True]


def test_an_abnormal_marker_is_called_abnormal_and_a_missing_one_is_reported(scored) -> None:
    result = scored({"T1": [30, 20, 20, 20], "M1": ["abnormal", "abnormal", None, "not_done"]})
    missing = result.problems[result.problems["code"] == "marker_without_row"]
    assert missing["found"].tolist() == ["week 16"]
    assert "M1" in missing["message"].iloc[0]
