"""Rubin's rules equal those of R's mice and mitml on the same estimates."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.rubin import pool

VALUES = pd.read_csv(Path(__file__).parent / "reference" / "battery" / "rubin.csv", dtype={"name": str})
TERMS = ("age", "sex", "ph", "wt")


def expected(case, item):
    return VALUES.loc[(VALUES["case"] == case) & (VALUES["item"] == item), "value"].to_numpy()


@pytest.fixture
def answers():
    """Estimates and covariances of seven completed data sets."""
    estimates = np.array([expected(f"lung {k}", "estimate") for k in range(1, 8)])
    covariances = np.array([expected(f"lung {k}", "covariance").reshape(4, 4) for k in range(1, 8)])
    return estimates, covariances


@pytest.mark.parametrize("complete", ["161", "20", "Inf"])
@pytest.mark.parametrize(
    ("item", "column"),
    [
        ("estimate", "estimate"),
        ("standard_error", "standard_error"),
        ("degrees_of_freedom", "degrees_of_freedom"),
        ("fraction_missing", "fraction_missing"),
        ("lambda", "lambda"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("p_value", "p_value"),
    ],
)
def test_pooled_estimates_intervals_and_missing_information_equal_those_of_mice(answers, complete, item, column, agree):
    table = pool(*answers, complete_degrees_of_freedom=float(complete), terms=TERMS).table
    agree("Rubin's rules, Barnard-Rubin", "lung", table[column], expected(f"lung pooled {complete}", item), 1e-9)


def test_the_test_of_two_terms_together_equals_that_of_mitml(answers, agree):
    estimates, covariances = answers
    wald = pool(estimates[:, 2:], covariances[:, 2:, 2:]).wald
    ours = [wald.statistic, wald.numerator_degrees, wald.denominator_degrees, wald.p_value]
    agree("Rubin's rules, D1", "lung", ours, expected("lung pooled", "D1 of ph and wt"), 1e-9)
