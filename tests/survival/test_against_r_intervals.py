"""Interval-censored curves and Weibull models equal R's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.turnbull import turnbull
from survival.weibull import weibull

BATTERY = Path(__file__).parent / "reference" / "battery"
VALUES = pd.read_csv(BATTERY / "intervals.csv", dtype={"name": str})


def read(name):
    """Bounds: lung right-censored with exact deaths; mixed has every third event of cav exact."""
    if name == "lung":
        lung = pd.read_csv(BATTERY.parent / "data" / "lung.csv")
        return lung.assign(lower=lung["time"], upper=lung["time"].where(lung["event"] == 1))
    frame = pd.read_csv(BATTERY / "data" / f"{'cav' if name == 'mixed' else name}.csv").astype(float)
    if name == "mixed":
        exact = (np.arange(len(frame)) % 3 == 0) & frame["upper"].notna()
        frame["lower"] = frame["lower"].mask(exact, frame["upper"])
    return frame


def expected(case, item):
    return VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]


@pytest.mark.parametrize("name", ["cav", "edema", "mixed", "lung"])
def test_the_likelihood_and_the_curve_between_its_steps_equal_an_em_run_to_its_end_in_r(name, agree):
    frame = read(name)
    curve = turnbull(frame["lower"], frame["upper"])
    likelihood = expected(name, "log_likelihood")["value"]
    assert curve.log_likelihood > likelihood.iloc[0] - 1e-9
    agree("Turnbull log-likelihood (EM in R)", name, [curve.log_likelihood], likelihood, 1e-10)
    theirs = expected(name, "survival")
    ours = curve.at(theirs["name"].astype(float))["largest"]
    agree("Turnbull curve (EM in R)", name, ours, theirs["value"], 1e-7)
    half = curve.quantiles().iloc[0][["left", "right"]]
    if name != "lung":
        agree("bounds of the median (EM in R)", name, half, expected(name, "median")["value"], 0)


def table(name):
    if name in {"ovarian", "mastectomy"}:
        folder = BATTERY.parent if name == "ovarian" else BATTERY
        frame = pd.read_csv(folder / "data" / f"{name}.csv")
        return frame.assign(lower=frame["time"], upper=frame["time"].where(frame["event"] == 1))
    return read(name)


MODELS = {
    "cav": ["dage", "ihd"],
    "edema": ["trt", "age"],
    "mixed": ["dage"],
    "lung": ["age", "sex"],
    "ovarian": ["age", "rx"],
    "mastectomy": ["spread"],
}


@pytest.mark.parametrize("name", MODELS)
def test_weibull_models_equal_survreg(name, agree):
    frame = table(name)
    fit = weibull(frame["lower"], frame["upper"], frame[MODELS[name]])
    ours = [fit.intercept, *fit.table["coefficient"], fit.log_scale]
    agree("Weibull coefficients", name, ours, expected(name, "weibull coefficient")["value"], 1e-5)
    ours = [fit.intercept_error, *fit.table["standard_error"], fit.log_scale_error]
    agree("Weibull standard errors", name, ours, expected(name, "weibull error")["value"], 1e-5)
    likelihoods = expected(name, "weibull log_likelihood")["value"]
    null = weibull(frame["lower"], frame["upper"]) if len(frame.dropna(subset=MODELS[name])) == len(frame) else None
    if null is not None:
        agree("Weibull log-likelihood", name, [null.log_likelihood], likelihoods[:1], 1e-8)
    agree("Weibull log-likelihood", name, [fit.log_likelihood], likelihoods[1:], 1e-8)
