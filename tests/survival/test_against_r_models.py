"""What is made from a Cox model equals R: profiles, ridge, splines, predictions, residuals, cause-specific fits."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.cause_specific import cause_specific_cox
from survival.cox import cox
from survival.prediction import predict_survival
from survival.splines import natural_spline

BATTERY = Path(__file__).parent / "reference" / "battery"
CASES = pd.read_csv(BATTERY / "cases" / "cox.csv", dtype=str, keep_default_na=False).set_index("case")
VALUES = pd.read_csv(BATTERY / "cox.csv", dtype={"name": str})
COMPETING = pd.read_csv(BATTERY / "competing.csv", dtype={"name": str})


def read_data(name):
    name = f"{name}.csv"
    return pd.read_csv(next(p for p in (BATTERY / "data" / name, BATTERY.parent / "data" / name) if p.exists()))


def read(case):
    row = CASES.loc[case]
    frame = read_data(row["data"])
    return frame.query(row["only"]) if row["only"] else frame


def fit(case, **more):
    row, frame = CASES.loc[case], read(case)
    options = {name: frame[row[name]] for name in ("start", "strata", "cluster", "weights") if row[name]}
    columns = frame[row["covariates"].split()]
    return cox(frame[row["time"]], frame[row["event"]], columns, ties=row["ties"], **options, **more)


def rows_of(case, item):
    return VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]


def expected(case, item):
    return rows_of(case, item)["value"].to_numpy()


def having(item):
    return list(dict.fromkeys(VALUES.loc[VALUES["item"] == item, "case"]))


@pytest.mark.parametrize("case", having("profile lower"))
def test_profile_limits_equal_those_found_by_hand_in_r(case, agree):
    intervals = fit(case).profile_intervals()
    for side in ("lower", "upper"):
        ours = np.log(intervals[side])
        agree("profile limits (by hand in R)", CASES.loc[case, "data"], ours, expected(case, f"profile {side}"), 1e-6)


@pytest.mark.parametrize("theta", [1, 10])
@pytest.mark.parametrize("case", having("ridge 1 plain"))
def test_ridge_coefficients_equal_those_of_r(case, theta, agree):
    ours = fit(case, ridge=theta).table["coefficient"]
    agree("ridge", CASES.loc[case, "data"], ours, expected(case, f"ridge {theta} plain"), 1e-6)


@pytest.mark.parametrize("key", having("knots"))
def test_natural_splines_have_the_knots_likelihood_and_curve_of_r(key, agree):
    case, name = key.split(" spline ")
    row = CASES.loc[case]
    frame = read(case).dropna(subset=[name])
    spline = natural_spline(frame[name], name=name)
    knots = [spline.attrs["boundary"][0], *spline.attrs["knots"], spline.attrs["boundary"][1]]
    agree("knots of natural splines", row["data"], knots, expected(key, "knots"), 1e-12)
    start = frame[row["start"]] if row["start"] else None
    model = cox(frame[row["time"]], frame[row["event"]], spline, start=start)
    ours = [model.log_likelihood, model.concordance, model.tests.set_index("test").loc["score", "statistic"]]
    agree("fit of natural splines", row["data"], ours, expected(key, "fit"), 1e-8)
    theirs = rows_of(key, "log hazard against the lowest")
    at = theirs["name"].astype(float).to_numpy()
    knots, boundary = list(spline.attrs["knots"]), tuple(spline.attrs["boundary"])
    basis = natural_spline(at, name=name, knots=knots, boundary=boundary).to_numpy()
    curve = (basis - basis[0]) @ model.table["coefficient"].to_numpy()
    agree("curve of natural splines", row["data"], curve, theirs["value"], 1e-7)


@pytest.mark.parametrize("row", ["first", "last"])
@pytest.mark.parametrize("case", having("predicted first"))
def test_predicted_survival_equals_that_of_r(case, row, agree):
    theirs = rows_of(case, f"predicted {row}")
    covariates = read(case)[CASES.loc[case, "covariates"].split()].dropna()
    person = covariates.iloc[[0 if row == "first" else -1]]
    times = theirs["name"].astype(float).to_numpy()
    ours = predict_survival(fit(case), person, times).to_numpy().ravel()
    agree("predicted survival", CASES.loc[case, "data"], ours, theirs["value"], 1e-8)


@pytest.mark.parametrize("case", having("martingale"))
def test_martingale_residuals_equal_those_of_r(case, agree):
    residuals = fit(case).residuals("martingale").select_dtypes("number").iloc[:, -1]
    ours = [(residuals**2).sum(), residuals.max()]
    agree("martingale residuals", CASES.loc[case, "data"], ours, expected(case, "martingale"), 1e-8)


@pytest.mark.parametrize(("case", "group"), [("mgus2", "sex"), ("transplant by group", "abo"), ("melanoma", "ulcer")])
def test_cause_specific_models_equal_those_of_r(case, group, agree):
    name = case.split()[0]
    frame = read_data(name)
    for code, model in cause_specific_cox(frame["time"], frame["code"], frame[group].astype(str)).items():
        for item, column in {"coefficient": "coefficient", "error": "standard_error"}.items():
            chosen = (COMPETING["case"] == case) & (COMPETING["item"] == f"cause-specific {item} {code}")
            agree("cause-specific Cox", name, model.table[column], COMPETING.loc[chosen, "value"], 1e-8)
