"""Repeatability and consistency of sizes, against hand arithmetic and the literature."""

import math

import numpy as np
import pytest

from recist.agreement.icc import compute_consistency
from recist.agreement.repeatability import compute_repeatability

# Shrout PE, Fleiss JL. Psychol Bull 1979;86:420-428, table 2: six targets, four judges
JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype="float64"
)


def test_consistency_of_four_judges_is_that_of_shrout_and_fleiss() -> None:
    found = compute_consistency(JUDGES)
    assert found.icc == pytest.approx(0.71, abs=0.005)
    assert (found.lower, found.upper) == pytest.approx((0.34, 0.95), abs=0.005)  # R psych::ICC of the same table


def test_a_constant_difference_between_readers_leaves_consistency_perfect_and_repeatability_not() -> None:
    first = np.array([10.0, 20.0, 40.0])
    names = np.array(["A", "B", "C"], dtype=object)
    assert compute_consistency(np.column_stack((first, first + 2))).icc == pytest.approx(1)
    assert compute_repeatability(first, first + 2, names).coefficient == pytest.approx(1.959964 * 2, abs=1e-5)


def test_the_interval_of_repeatability_is_that_of_a_variance_with_n_degrees_of_freedom() -> None:
    # differences 2 and −2 of 10 scans: s_w² = 40 / 20 = 2; χ² of 10 df: 3.2470 and 20.4832 at 2.5 and 97.5 %
    second = np.tile([2.0, -2.0], 5)
    found = compute_repeatability(np.zeros(10), second, np.arange(10).astype(object))
    assert found.coefficient == pytest.approx(1.959964 * math.sqrt(2) * math.sqrt(2), abs=1e-5)
    assert found.lower == pytest.approx(found.coefficient * math.sqrt(10 / 20.4832), abs=1e-4)
    assert found.upper == pytest.approx(found.coefficient * math.sqrt(10 / 3.2470), abs=1e-3)


def test_several_scans_of_a_patient_widen_the_interval() -> None:
    first, second = np.zeros(8), np.array([1.0, 1.0, 3.0, 3.0, -1.0, -1.0, 2.0, 2.0])
    alone = compute_repeatability(first, second, np.arange(8).astype(object))
    together = compute_repeatability(first, second, np.repeat(list("ABCD"), 2).astype(object))
    assert together.coefficient == alone.coefficient
    assert together.upper > alone.upper


def test_one_pair_gives_no_coefficient() -> None:
    assert math.isnan(
        compute_repeatability(np.array([1.0]), np.array([2.0]), np.array(["A"], dtype=object)).coefficient
    )
