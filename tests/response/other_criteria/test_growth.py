"""Growth rate, depth of response and early shrinkage; expected values by hand from the published formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from recist.criteria import growth as limits
from recist.response.growth import compute_growth_rate

if TYPE_CHECKING:
    from collections.abc import Callable

RATE, AT_3, BEFORE = (
    "tgr_from_baseline_pct_per_month",
    "tgr_3_months_pct_per_month",
    "tgr_before_start_pct_per_month",
)
DEPTH, EARLY = "depth_of_response_pct", "early_tumour_shrinkage_pct"


@pytest.fixture
def rates(measured: Callable[..., object]) -> Callable[..., list[float]]:
    def list_rates(lesions: dict[str, list[object]], **how: object) -> list[float]:
        found: list[float] = measured("recist-1.1", lesions, **how).responses[RATE].tolist()  # type: ignore[attr-defined]  # a Scored
        return found

    return list_rates


@pytest.fixture
def number(measured: Callable[..., object]) -> Callable[..., float]:
    def give_number(column: str, lesions: dict[str, list[object]], **how: object) -> float:
        return float(measured("recist-1.1", lesions, **how).best_responses[column].iloc[0])  # type: ignore[attr-defined]  # a Scored

    return give_number


@pytest.mark.parametrize(
    ("first", "later", "months", "expected"),
    [
        (100, 110, 3, 10.0),  # 1.1 cubed is 1.331, its cube root 1.1: 10 % of the volume a month
        (100, 200, 3, 100.0),
        (100, 50, 3, -50.0),
        (100, 100, 2, 0.0),
        (100, 110, 1, 33.1),
    ],
)
def test_the_growth_rate_is_that_of_the_volume_a_month(
    first: float, later: float, months: float, expected: float
) -> None:
    assert compute_growth_rate(np.array([first]), np.array([later]), np.array([months]))[0] == pytest.approx(expected)


def test_months_are_30_4375_days(rates: Callable[..., list[float]]) -> None:
    # 3 ln(1.1) x 30.4375 / 91 = 0.095637; exp - 1 = 10.04 %
    assert rates({"T1": [100, 110]}, days=(0, 91)) == [10.04]


def test_no_growth_rate_without_a_complete_sum_above_zero(rates: Callable[..., list[float]]) -> None:
    found = rates({"T1": [100, 100, "absent"], "T2": [50, "not_evaluable", "absent"]})
    assert all(math.isnan(rate) for rate in found)
    assert all(math.isnan(rate) for rate in rates({"T1": [100, 100], "T2": ["not_evaluable", 50]}))


def test_new_lesions_do_not_enter_the_growth_rate(rates: Callable[..., list[float]]) -> None:
    assert rates({"T1": [100, 110], "N1": [None, 50]}, days=(0, 91)) == [10.04]


def test_the_growth_rate_at_3_months_is_that_of_the_nearest_visit(number: Callable[..., float]) -> None:
    course = {"T1": [100, 104, 110, 115]}  # days 84 is 7 days from 3 months, 112 is 21
    # 3 ln(1.04) x 30.4375 / 84 = 0.042635; exp - 1 = 4.36 %
    assert number(AT_3, course, days=(0, 84, 112, 168)) == 4.36
    assert math.isnan(number(AT_3, course, days=(0, 56, 126, 168)))  # none from 2 to 4 months


def test_the_growth_rate_before_the_start_comes_from_an_earlier_scan(number: Callable[..., float]) -> None:
    # 3 ln(1.04) x 30.4375 / 61 = 0.058711; exp - 1 = 6.05 %
    course = {"T1": [100, 104, 104]}
    assert number(BEFORE, course, days=(-61, 0, 56)) == 6.05
    assert math.isnan(number(BEFORE, {"T1": [104, 104]}))
    assert math.isnan(number(BEFORE, course | {"T2": [None, 20, 20]}, days=(-61, 0, 56)))


class TestDepthOfResponse:
    def test_it_is_the_best_change_of_a_complete_sum(self, number: Callable[..., float]) -> None:
        assert number(DEPTH, {"T1": [60, 50, 30, 45], "T2": [40, 30, 30, 45]}) == -40
        incomplete = {"T1": [60, 50, 10], "T2": [40, 30, "not_evaluable"]}
        assert number(DEPTH, incomplete) == -20

    def test_growth_is_not_cut_off_at_zero(self, number: Callable[..., float]) -> None:
        assert number(DEPTH, {"T1": [100, 125, 150]}) == 25

    def test_what_comes_after_progression_or_new_therapy_does_not_count(self, number: Callable[..., float]) -> None:
        assert number(DEPTH, {"T1": [100, 90, 70], "N1": [None, "unequivocal", "absent"]}) == -10
        treated = pd.DataFrame({"subject": ["S1"], "start_date": ["2020-01-02"], "new_therapy_date": ["2020-03-01"]})
        assert number(DEPTH, {"T1": [100, 90, 40]}, subjects=treated) == -10

    def test_nothing_is_known_without_a_visit(self, number: Callable[..., float]) -> None:
        assert math.isnan(number(DEPTH, {"T1": [100, "not_evaluable"]}))


class TestEarlyShrinkage:
    def test_it_is_the_change_at_the_first_visit_around_8_weeks(self, number: Callable[..., float]) -> None:
        course = {"T1": [100, 95, 85, 75]}
        assert number(EARLY, course, days=(0, 41, 42, 63)) == -15
        assert number(EARLY, course, days=(0, 30, 70, 71)) == -15
        assert math.isnan(number(EARLY, course, days=(0, 30, 71, 84)))

    def test_the_window_is_an_option(self, number: Callable[..., float]) -> None:
        course, days = {"T1": [100, 95, 85, 75]}, (0, 40, 49, 84)
        early = {"early_shrinkage_days": 84, "early_shrinkage_window_days": 0}
        assert number(EARLY, course, days=days, options=early) == -25


def test_the_limits_of_growth_are_cited_and_those_published() -> None:
    assert limits.GROWTH_RATE_AT_3_MONTHS.value * 10 == 8
    assert limits.GROWTH_RATE_BEFORE_START.value == 4
    cited = [value for value in vars(limits).values() if isinstance(value, limits.EARLY_SHRINKAGE.__class__)]
    assert len(cited) == 8
    assert all(limit.citation and limit.meaning for limit in cited)
