"""Cox models and tests of proportional hazards agree with R's survival package."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.cox import cox
from survival.proportional_hazards import proportional_hazards, scaled_schoenfeld

REFERENCE = Path(__file__).parent / "reference"
VALUES = pd.read_csv(REFERENCE / "values.csv", dtype={"case": str, "item": str, "name": str})
TOLERANCE = 1e-6

# case: data, time, covariates, options (names of columns, or values)
CASES = {
    "lung": ("lung", "time", "age sex ph wt", {}),
    "veteran": ("veteran", "time", "trt celltype karno age", {}),
    "veteran months": ("veteran", "months", "celltype karno", {}),
    "veteran months breslow": ("veteran", "months", "celltype karno", {"ties": "breslow"}),
    "veteran strata": ("veteran", "months", "karno age", {"strata": "celltype"}),
    "veteran weights": ("veteran", "months", "karno age", {"weights": "weight"}),
    "veteran weights cluster": ("veteran", "months", "karno age", {"weights": "weight", "cluster": "age"}),
    "ovarian": ("ovarian", "time", "age rx", {}),
    "colon": ("colon", "time", "rx sex age nodes obstruct", {}),
    "colon cluster": ("colon", "time", "rx nodes", {"strata": "etype", "cluster": "id"}),
    "pbc": ("pbc", "time", "trt age edema bili albumin protime", {}),
    "heart": ("heart", "stop", "age surgery transplant", {"start": "start"}),
    "heart breslow": ("heart", "stop", "age surgery transplant", {"start": "start", "ties": "breslow"}),
    "heart strata": ("heart", "stop", "age transplant", {"start": "start", "strata": "surgery"}),
    "mgus": ("mgus", "stop", "sex hgb", {"start": "start"}),
    "bladder": ("bladder", "stop", "rx number size", {"start": "start", "strata": "enum", "cluster": "id"}),
    "cgd": ("cgd", "stop", "treat age", {"start": "start", "strata": "hospital", "cluster": "id"}),
}


def fit(case):
    name, time, covariates, options = CASES[case]
    table = pd.read_csv(REFERENCE / "data" / f"{name}.csv")
    table = table[table["etype"] == 2] if case == "colon" else table
    chosen = {key: table.get(value, value) for key, value in options.items()}
    return cox(table[time], table["event"], table[covariates.split()], **chosen)


def expected(case, item):
    rows = VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]
    return rows["value"].astype(float).to_numpy()


@pytest.mark.parametrize("case", CASES)
def test_coefficients_errors_likelihoods_and_concordance_equal_those_of_r(case):
    model = fit(case)
    close = {"rtol": TOLERANCE, "atol": TOLERANCE}
    np.testing.assert_allclose(model.table["coefficient"], expected(case, "coefficient"), **close)
    np.testing.assert_allclose(model.table["standard_error"], expected(case, "standard_error"), **close)
    likelihoods = [model.null_log_likelihood, model.log_likelihood]
    np.testing.assert_allclose(likelihoods, expected(case, "log_likelihood"), **close)
    assert [model.n, model.n_events] == expected(case, "n").tolist()
    concordance = expected(case, "concordance")
    assert model.concordance == pytest.approx(concordance[0], abs=1e-9)
    assert model.concordance_error == pytest.approx(concordance[1], abs=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_score_and_wald_tests_equal_those_of_r(case):
    tests = fit(case).tests.set_index("test")["statistic"]
    np.testing.assert_allclose(tests[["score", "wald"]], expected(case, "test"), rtol=TOLERANCE)


@pytest.mark.parametrize("case", [case for case in CASES if expected(case, "model_error").size])
def test_model_based_errors_beside_robust_ones_equal_those_of_r(case):
    errors = np.sqrt(np.diag(fit(case).model_covariance))
    np.testing.assert_allclose(errors, expected(case, "model_error"), rtol=TOLERANCE)


@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
@pytest.mark.parametrize("case", [case for case in CASES if expected(case, "zph km").size])
def test_proportional_hazards_tests_equal_those_of_r(case, transform):
    ours = proportional_hazards(fit(case), transform)
    np.testing.assert_allclose(ours["statistic"], expected(case, f"zph {transform}"), rtol=TOLERANCE, atol=TOLERANCE)
    assert ours["degrees_of_freedom"].tolist() == expected(case, f"zph df {transform}").tolist()


@pytest.mark.parametrize("case", [case for case in CASES if expected(case, "schoenfeld").size])
def test_scaled_schoenfeld_residuals_add_up_as_in_r(case):
    residuals = scaled_schoenfeld(fit(case))
    products = residuals.assign(product=residuals["value"] * residuals["clock"], square=residuals["value"] ** 2)
    sums = products.groupby("term", sort=False)[["product", "square"]].sum()
    np.testing.assert_allclose(sums["product"], expected(case, "schoenfeld"), rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_allclose(sums["square"], expected(case, "schoenfeld squared"), rtol=TOLERANCE)
