"""Differences of the share alive at fixed months, as the report compares two sides."""

import math

import numpy as np
import pytest

from survival.compare import compare_from_index, make_sides
from survival.options import ReportOptions
from survival.words.comparison import say_survival_difference

MONTH = 30.4375
Z = 1.959963984540054  # 97.5 % of the normal distribution


def numbers_of(good_months: list[float], bad_months: list[float]) -> dict[str, float]:
    months = np.array([*good_months, *bad_months])
    bad = np.repeat([0.0, 1.0], [len(good_months), len(bad_months)])
    sides = make_sides(
        months * MONTH, np.ones(len(months), int), bad, np.zeros(len(months)), good_name="a", bad_name="b"
    )
    return compare_from_index(sides, ReportOptions(survival_at_months=(12, 24), bootstrap=100)).numbers


def test_where_nobody_is_lost_the_difference_is_that_of_two_proportions() -> None:
    # Greenwood's variance without censoring is p (1 − p) / n: 8 of 10 against 3 of 10 alive at 12 months
    found = numbers_of([3, 6, *range(13, 21)], [*range(1, 8), 14, 15, 16])
    half_width = Z * math.sqrt(0.8 * 0.2 / 10 + 0.3 * 0.7 / 10)

    assert found["survival_difference_12_months"] == pytest.approx(0.5, abs=1e-12)
    assert found["survival_difference_12_months_lower"] == pytest.approx(0.5 - half_width, abs=1e-9)
    assert found["survival_difference_12_months_upper"] == pytest.approx(0.5 + half_width, abs=1e-9)


def test_a_difference_without_an_interval_is_not_shown() -> None:
    found = numbers_of([3, 6, *range(13, 21)], [*range(1, 8), 14, 15, 16])

    assert found["survival_difference_24_months"] == 0  # nobody is alive on either side: no variance
    assert say_survival_difference(found, 24) == "–"
    assert say_survival_difference(found, 12) == "+50 points (+12 to +88)"
