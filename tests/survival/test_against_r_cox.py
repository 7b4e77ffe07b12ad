"""Cox models of many data sets, their tests, concordance, diagnostics and Firth's correction equal R's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.cox import cox
from survival.partial_likelihood.residuals import compute_schoenfeld, compute_score_residuals
from survival.proportional_hazards import proportional_hazards

BATTERY = Path(__file__).parent / "reference" / "battery"
CASES = pd.read_csv(BATTERY / "cases" / "cox.csv", dtype=str, keep_default_na=False).set_index("case")
VALUES = pd.read_csv(BATTERY / "cox.csv", dtype={"name": str})
TOLERANCE = 1e-8
EXACT = 1e-9


def read_data(name):
    name = f"{name}.csv"
    return pd.read_csv(next(p for p in (BATTERY / "data" / name, BATTERY.parent / "data" / name) if p.exists()))


def read(case):
    row = CASES.loc[case]
    frame = read_data(row["data"])
    return frame.query(row["only"]) if row["only"] else frame


def fit(case):
    row, frame = CASES.loc[case], read(case)
    options = {name: frame[row[name]] for name in ("start", "strata", "cluster", "weights") if row[name]}
    return cox(frame[row["time"]], frame[row["event"]], frame[row["covariates"].split()], ties=row["ties"], **options)


def expected(case, item):
    return VALUES.loc[(VALUES["case"] == case) & (VALUES["item"] == item), "value"].to_numpy()


def having(item):
    return list(dict.fromkeys(VALUES.loc[VALUES["item"] == item, "case"]))


@pytest.mark.parametrize("case", CASES.index)
def test_estimates_errors_likelihoods_and_tests_equal_those_of_r(case, agree):
    model, data, row = fit(case), CASES.loc[case, "data"], CASES.loc[case]
    robust = "robust " if row["cluster"] else ""
    ties = f", {row['ties']}" + (", start-stop" if row["start"] else "") + (", weights" if row["weights"] else "")
    assert [model.n, model.n_events] == expected(case, "n").tolist()
    agree(f"Cox coefficients{ties}", data, model.table["coefficient"], expected(case, "coefficient"), TOLERANCE)
    errors = expected(case, "standard_error")
    agree(f"Cox {robust}standard errors", data, model.table["standard_error"], errors, TOLERANCE)
    if row["cluster"]:
        own = np.sqrt(np.diag(model.model_covariance))
        agree("Cox standard errors", data, own, expected(case, "model_error"), TOLERANCE)
    likelihoods = [model.null_log_likelihood, model.log_likelihood]
    agree("Cox log-likelihoods", data, likelihoods, expected(case, "log_likelihood"), TOLERANCE)
    agree("likelihood-ratio, Wald, score", data, model.tests["statistic"], expected(case, "test"), TOLERANCE)
    concordance = expected(case, "concordance")
    agree("concordance", data, [model.concordance], concordance[:1], EXACT)
    if len(concordance) > 1:
        agree("error of the concordance", data, [model.concordance_error], concordance[1:], EXACT)


@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
@pytest.mark.parametrize("case", CASES.index)
def test_proportional_hazards_tests_equal_those_of_r(case, transform, agree):
    ours = proportional_hazards(fit(case), transform)["statistic"]
    agree(f"proportional hazards, {transform}", CASES.loc[case, "data"], ours, expected(case, f"zph {transform}"), 1e-6)


@pytest.mark.parametrize("case", having("schoenfeld"))
def test_squared_score_and_schoenfeld_residuals_add_up_as_in_r(case, agree):
    model, data = fit(case), CASES.loc[case, "data"]
    sets, columns, scale = model.model.sets, model.model.columns, model.model.scale
    scores = compute_score_residuals(sets, columns, model.likelihood) * scale
    agree("score residuals", data, (scores**2).sum(axis=0), expected(case, "score residuals"), TOLERANCE)
    schoenfeld = compute_schoenfeld(sets, columns, model.likelihood) * scale
    agree("Schoenfeld residuals", data, (schoenfeld**2).sum(axis=0), expected(case, "schoenfeld"), TOLERANCE)


def test_separated_events_get_the_maximum_of_the_penalised_likelihood_of_r(agree):
    frame = read_data("pbc_transplant")
    model = cox(frame["time"], frame["event"], frame[["first_stage", "age", "bili"]])
    assert model.monotone == ("first_stage",)
    ours = model.table["coefficient"]
    agree("Firth coefficients (by differences in R)", "pbc", ours, expected("pbc transplant", "coefficient"), 1e-6)
