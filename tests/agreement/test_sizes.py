"""ICC and limits of agreement against R 4.2 (psych::ICC and arithmetic) and the examples of their authors."""

import numpy as np
import pytest

from recist.agreement.bland_altman import compute_limits
from recist.agreement.icc import compute_icc

# Shrout and Fleiss 1979, table 2: six targets rated by four judges
JUDGES = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
# Bland and Altman 1986: peak expiratory flow by two meters, litres a minute
WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427], dtype=float)
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451], dtype=float)


def test_four_judges_have_the_published_correlation() -> None:
    found = compute_icc(JUDGES)
    assert found.icc == pytest.approx(0.29, abs=0.005)  # Shrout and Fleiss, ICC(2,1)
    assert (found.lower, found.upper) == pytest.approx((0.018786513, 0.76108437), abs=1e-8)  # psych::ICC


def test_two_judges_have_the_correlation_of_r() -> None:
    found = compute_icc(JUDGES[:, [0, 3]])
    assert found.icc == pytest.approx(0.64788732, abs=1e-8)
    assert (found.lower, found.upper) == pytest.approx((-0.06006950, 0.93914857), abs=1e-8)


def test_a_constant_difference_between_readers_counts_against_agreement() -> None:
    # rows 1 2 3, second reader 2 more: MSR 2, MSC 6, MSE 0, ICC = 2 / (2 + 2 * 6 / 3) = 1/3
    found = compute_icc(np.array([[1.0, 3.0], [2.0, 4.0], [3.0, 5.0]]))
    assert found.icc == pytest.approx(1 / 3)


def test_readers_without_any_difference_agree_wholly() -> None:
    found = compute_icc(np.array([[10.0, 10.0], [20.0, 20.0], [40.0, 40.0]]))
    assert (found.icc, found.lower, found.upper) == (1, 1, 1)


def test_one_row_has_no_correlation() -> None:
    assert np.isnan(compute_icc(np.array([[10.0, 11.0]])).icc)


def test_two_meters_have_the_published_limits_of_agreement() -> None:
    found = compute_limits(WRIGHT, MINI, np.arange(17).astype(object))
    assert found.bias == pytest.approx(2.117647059)  # published as 2.1, the other way round
    assert found.standard_deviation == pytest.approx(38.765129874)  # published as 38.8
    assert found.bias_lower == pytest.approx(-17.813543579)
    assert found.lower_limit == pytest.approx(-73.860611349)
    assert found.lower_limit - found.lower_limit_lower == pytest.approx(34.755647672)


def test_repeats_add_the_spread_between_and_within_subjects() -> None:
    # differences 1 3 | 5 7: within 2, means 2 and 6: between 16, two repeats: variance 2 + (16 - 2) / 2 = 9
    zero = np.zeros(4)
    found = compute_limits(zero, np.array([1.0, 3.0, 5.0, 7.0]), np.array(["a", "a", "b", "b"], dtype=object))
    assert found.bias == 4
    assert found.standard_deviation == pytest.approx(3)
    assert np.isnan(found.bias_lower)  # two subjects are too few for an interval


def test_one_pair_has_a_difference_and_no_limits() -> None:
    found = compute_limits(np.array([10.0]), np.array([12.0]), np.array(["a"], dtype=object))
    assert found.bias == 2
    assert np.isnan(found.upper_limit)
