"""RECIST 1.0 (Therasse, J Natl Cancer Inst 2000; 92: 205-216): where it differs from RECIST 1.1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from recist.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = "recist-1.0", "recist-1.1"


def node(long_mm: float, short_mm: float) -> dict[str, object]:
    return {"long_axis_mm": long_mm, "short_axis_mm": short_mm, "nodal": "true"}


def test_a_small_sum_that_grows_by_a_fifth_is_progression_without_5_mm(overall: Callable[..., list[str]]) -> None:
    course = {"T1": [50, 5, 6.5]}  # 5 to 6.5 mm: +30 %, +1.5 mm
    assert overall(OLD, course) == ["PR", "PD"]
    assert overall(NEW, course) == ["PR", "PR"]


def test_growth_of_exactly_a_fifth_is_progression_and_a_hundredth_less_is_not(
    overall: Callable[..., list[str]],
) -> None:
    assert overall(OLD, {"T1": [10, 12]}) == ["PD"]
    assert overall(OLD, {"T1": [10, 11.99]}) == ["SD"]


def test_an_unchanged_sum_of_zero_is_no_progression(overall: Callable[..., list[str]]) -> None:
    assert overall(OLD, {"T1": [20, "absent", "absent"], "B1": ["present"] * 3}) == ["PR", "PR"]


def test_a_node_counts_by_its_longest_diameter(overall: Callable[..., list[str]]) -> None:
    course = {"T1": [node(30, 18), node(21, 16)]}  # long -30 %, short -11 %
    assert overall(OLD, course) == ["PR"]
    assert overall(NEW, course) == ["SD"]


def test_the_long_axis_of_a_node_goes_before_its_scored_short_axis(overall: Callable[..., list[str]]) -> None:
    first, later = {"diameter_mm": 18} | node(30, 18), {"diameter_mm": 16} | node(21, 16)
    assert overall(OLD, {"T1": [first, later]}) == ["PR"]


def test_a_node_that_shrinks_to_normal_size_is_not_gone(overall: Callable[..., list[str]]) -> None:
    course = {"T1": [node(30, 18), node(9, 5)]}
    assert overall(OLD, course) == ["PR"]
    assert overall(NEW, course) == ["CR"]


def test_a_node_without_its_long_axis_is_reported(codes: Callable[..., set[str]]) -> None:
    course = {"T1": [{"diameter_mm": 30, "nodal": "true"}, {"diameter_mm": 30, "nodal": "true"}]}
    assert "node_axis_not_known" in codes(OLD, course)
    assert "node_axis_not_known" not in codes(NEW, course)


def test_a_node_with_its_short_axis_only_has_no_size(measured: Callable[..., object]) -> None:
    short = {"short_axis_mm": 18, "nodal": "true"}
    with pytest.raises(DataError, match="fill in diameter_mm or long_axis_mm"):
        measured(OLD, {"T1": [short | {"state": "measured"}, short]})


def test_a_small_new_node_is_a_new_lesion(overall: Callable[..., list[str]]) -> None:
    course = {"T1": [30, 30], "N1": [None, {"diameter_mm": 12, "nodal": "true"}]}
    assert overall(OLD, course) == ["PD"]
    assert overall(NEW, course) == ["SD"]


@pytest.mark.parametrize(("number", "is_too_many"), [(10, False), (11, True)])
def test_there_may_be_ten_targets(codes: Callable[..., set[str]], number: int, is_too_many: bool) -> None:
    course = {f"T{place}": [20, 20] for place in range(number)}
    assert ("too_many_targets" in codes(OLD, course)) is is_too_many


@pytest.mark.parametrize(("number", "is_too_many"), [(5, False), (6, True)])
def test_there_may_be_five_targets_in_an_organ(codes: Callable[..., set[str]], number: int, is_too_many: bool) -> None:
    course = {f"T{place}": [20, 20] for place in range(number)}
    assert ("too_many_targets_in_organ" in codes(OLD, course, site="liver")) is is_too_many
    assert "too_many_targets_in_organ" in codes(NEW, course, site="liver")


@pytest.mark.parametrize(
    ("modality", "size_mm", "is_measurable"),
    [("ct", 10, True), ("ct", 9.9, False), ("mri", 19.9, False), ("mri", 20, True), ("clinical", 15, False)],
)
def test_a_lesion_is_measurable_from_10_mm_by_spiral_ct_and_from_20_mm_by_other_means(
    codes: Callable[..., set[str]], modality: str, size_mm: float, is_measurable: bool
) -> None:
    found = codes(OLD, {"T1": [size_mm, size_mm]}, modality=modality)
    assert ("target_not_measurable" not in found) is is_measurable


def test_only_a_confirmed_response_opens_the_duration_of_response(measured: Callable[..., object]) -> None:
    course = {"T1": [50, 34, 36, 36]}  # -32 %, then -28 %: never confirmed
    old, new = (measured(criteria, course).best_responses.iloc[0] for criteria in (OLD, NEW))  # type: ignore[attr-defined]  # a Scored
    assert math.isnan(old["duration_of_response_days"])
    assert new["duration_of_response_days"] == 113  # day 56 to day 168, the first day counts


def test_the_options_default_to_the_criteria_in_force(measured: Callable[..., object]) -> None:
    options = measured(OLD, {"T1": [50, 50]}).options  # type: ignore[attr-defined]  # a Scored
    assert (options.max_targets, options.max_targets_per_organ, str(options.responders)) == (10, 5, "confirmed")
    given = measured(OLD, {"T1": [50, 50]}, options={"max_targets": 3, "responders": "unconfirmed"}).options  # type: ignore[attr-defined]  # a Scored
    assert (given.max_targets, given.max_targets_per_organ, str(given.responders)) == (3, 5, "unconfirmed")
