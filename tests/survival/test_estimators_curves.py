"""Survival curves, quantiles, numbers at risk, restricted means and follow-up agree with R's survival package."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.restricted_mean import restricted_mean

REFERENCE = Path(__file__).parent / "reference"
VALUES = pd.read_csv(REFERENCE / "values.csv", dtype={"case": str, "item": str, "name": str})
CURVES = pd.read_csv(REFERENCE / "curves.csv")
TOLERANCE = 1e-9

RESTS = pd.DataFrame({"time": range(1, 9), "event": [1, 1, 1, 1, 1, 1, 0, 1], "ends": [1, 1, 1, 1, 0, 0, 0, 0]})

# case: data, time, event, start, group, options
CASES = {
    "lung": ("lung", "time", "event", None, None, {}),
    "lung by sex": ("lung", "time", "event", None, "sex", {}),
    "lung log": ("lung", "time", "event", None, None, {"interval": "log"}),
    "lung plain 90": ("lung", "time", "event", None, None, {"interval": "plain", "confidence": 0.9}),
    "veteran by cell": ("veteran", "months", "event", None, "celltype", {}),
    "ovarian by rx": ("ovarian", "time", "event", None, "rx", {}),
    "heart": ("heart", "stop", "event", "start", None, {}),
    "heart by transplant": ("heart", "stop", "event", "start", "transplant", {}),
    "mgus by sex": ("mgus", "stop", "event", "start", "sex", {}),
    "rests on the level": (RESTS, "time", "event", None, None, {}),
    "rests on the level to the end": (RESTS, "time", "ends", None, None, {}),
}


def read(data):
    return pd.read_csv(REFERENCE / "data" / f"{data}.csv") if isinstance(data, str) else data


def estimate(case):
    data, time, event, start, group, options = CASES[case]
    table = read(data)
    column = {"start": start, "group": group}
    return kaplan_meier(table[time], table[event], **{k: table[v] for k, v in column.items() if v}, **options)


def expected(case, item):
    rows = VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]
    return dict(zip(rows["name"], rows["value"].astype(float), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_curves_counts_and_bands_equal_those_of_r(case):
    ours, theirs = estimate(case).table, CURVES[CURVES["case"] == case]
    assert ours["group"].astype(str).tolist() == theirs["group"].tolist()
    for column in ("time", "at_risk", "events", "censored", "survival", "lower", "upper"):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=TOLERANCE, atol=TOLERANCE, err_msg=column)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("probability", [0.25, 0.5, 0.75])
def test_quartiles_of_survival_and_their_limits_equal_those_of_r(case, probability):
    ours = estimate(case).quantiles(probability)
    rising = ours["group"].map(lambda group: band_rises(case, group)).to_numpy()
    for column, item in {"value": "quantile", "lower": "lower", "upper": "upper"}.items():
        theirs = np.array(list(expected(case, f"{item} {probability:g}").values()))
        compared = ~rising if column == "lower" else np.full(len(ours), True)
        np.testing.assert_allclose(ours[column][compared], theirs[compared], rtol=TOLERANCE, err_msg=column)


def band_rises(case, group):
    """Whether R's lower band ever rises: its quantile() then starts from the band's highest point."""
    band = CURVES.loc[(CURVES["case"] == case) & (CURVES["group"] == str(group)), "lower"].dropna()
    return bool((band.diff().dropna() > 0).any())


@pytest.mark.parametrize(("case", "group"), [("heart by transplant", 1), ("mgus by sex", "female")])
def test_a_band_that_rises_again_after_late_entry_gives_the_first_time_it_was_at_the_level(case, group):
    assert band_rises(case, group)
    band = CURVES[(CURVES["case"] == case) & (CURVES["group"] == str(group))]
    first = band.loc[band["lower"] <= 0.75, "time"].iloc[0]
    ours = estimate(case).quantiles(0.25).set_index("group")
    assert ours.loc[group, "lower"] == pytest.approx(first)


@pytest.mark.parametrize("case", [case for case in CASES if expected(case, "at surv")])
def test_survival_and_number_at_risk_at_chosen_times_equal_those_of_r(case):
    fit = estimate(case)
    for column, item in {"at_risk": "n.risk", "survival": "surv", "lower": "lower", "upper": "upper"}.items():
        for name, value in expected(case, f"at {item}").items():
            group, time = name.rsplit(" ", 1)
            read_off = fit.at([float(time)])
            ours = read_off.loc[read_off["group"].astype(str) == group, column].iloc[0]
            assert ours == pytest.approx(value, rel=TOLERANCE, nan_ok=True), (name, column)


@pytest.mark.parametrize(("case", "tau"), [("lung by sex", 800), ("veteran by cell", 6), ("ovarian by rx", 700)])
def test_restricted_means_and_their_errors_equal_those_of_r(case, tau):
    data, time, event, _, group, _ = CASES[case]
    table = read(data)
    ours = restricted_mean(table[time], table[event], table[group], tau).table
    np.testing.assert_allclose(ours["restricted_mean"], list(expected(case, "rmean").values()), rtol=TOLERANCE)
    np.testing.assert_allclose(ours["standard_error"], list(expected(case, "se(rmean)").values()), rtol=TOLERANCE)


def test_median_follow_up_is_the_kaplan_meier_median_of_the_censoring_times_as_in_r():
    lung = read("lung")
    ours = follow_up(lung["time"], lung["event"], group=lung["sex"]).table
    for column, item in {"median": "quantile", "lower": "lower", "upper": "upper"}.items():
        theirs = expected("lung follow-up", f"{item} 0.5")
        np.testing.assert_allclose(ours[column], list(theirs.values()), rtol=TOLERANCE)
