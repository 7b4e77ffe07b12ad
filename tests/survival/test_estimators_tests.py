"""Log-rank tests and rates agree with R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.log_rank import log_rank
from survival.rates import rate, rates

REFERENCE = Path(__file__).parent / "reference"
VALUES = pd.read_csv(REFERENCE / "values.csv", dtype={"case": str, "item": str, "name": str})
TOLERANCE = 1e-9

# case: data, time, group, options (names of columns, or values)
CASES = {
    "lung by sex": ("lung", "time", "sex", {}),
    "veteran by cell": ("veteran", "time", "celltype", {}),
    "veteran months by cell": ("veteran", "months", "celltype", {}),
    "veteran by cell in trt": ("veteran", "months", "celltype", {"strata": "trt"}),
    "veteran by cell Peto": ("veteran", "time", "celltype", {"rho": 1}),
    "colon by rx": ("colon", "time", "rx", {}),
    "colon by rx in sex": ("colon", "time", "rx", {"strata": "sex"}),
    "pbc trend over stage": ("pbc", "time", "stage", {"trend": True}),
    "lung trend over ph": ("lung", "time", "ph", {"trend": True}),
    "heart Mantel-Byar": ("heart", "stop", "transplant", {"start": "start"}),
}


def read(name):
    table = pd.read_csv(REFERENCE / "data" / f"{name}.csv")
    return table[table["etype"] == 2] if name == "colon" else table


def expected(case, item):
    rows = VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]
    return rows["value"].astype(float).to_numpy()


def compare(case):
    name, time, group, options = CASES[case]
    table = read(name).dropna(subset=[group])
    chosen = {key: table[value] if isinstance(value, str) else value for key, value in options.items()}
    return log_rank(table[time], table["event"], table[group], **chosen)


@pytest.mark.parametrize("case", CASES)
def test_log_rank_statistics_equal_those_of_r(case):
    assert compare(case).statistic == pytest.approx(expected(case, "log-rank")[0], rel=TOLERANCE)


@pytest.mark.parametrize("case", [case for case in CASES if expected(case, "observed").size])
def test_observed_and_expected_events_equal_those_of_r(case):
    ours = compare(case).table
    np.testing.assert_allclose(ours["observed"], expected(case, "observed"), rtol=TOLERANCE)
    np.testing.assert_allclose(ours["expected"], expected(case, "expected"), rtol=TOLERANCE)


@pytest.mark.parametrize("case", ["142/200", "0/20", "20/20", "21/61", "1/3"])
def test_exact_and_wilson_limits_of_rates_equal_those_of_r(case):
    found = rate(*(int(part) for part in case.split("/")))
    clopper_pearson, wilson = expected(case, "clopper-pearson"), expected(case, "wilson")
    np.testing.assert_allclose([found.lower, found.upper], clopper_pearson, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose([found.wilson_lower, found.wilson_upper], wilson, rtol=1e-9, atol=1e-12)


def test_missing_categories_stay_out_of_the_denominator_and_absent_ones_are_listed_with_zero():
    table = rates(["PR", "SD", None, "SD", "PD"], order=["CR", "PR", "SD", "PD"])
    assert table["count"].tolist() == [0, 1, 2, 1]
    assert set(table["n"]) == {4}
