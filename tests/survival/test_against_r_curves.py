"""Curves, quartiles, numbers at risk, restricted means and cumulative hazards of many data sets equal R's."""

from pathlib import Path

import pandas as pd
import pytest

from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.nelson_aalen import nelson_aalen
from survival.restricted_mean import restricted_mean

BATTERY = Path(__file__).parent / "reference" / "battery"
CASES = pd.read_csv(BATTERY / "cases" / "curves.csv", dtype=str, keep_default_na=False).set_index("case")
VALUES = pd.read_csv(BATTERY / "curves.csv", dtype={"name": str})
VALUES[["case", "group"]] = VALUES["case"].str.split(" | ", expand=True, regex=False)
GROUPS = list(VALUES[["case", "group"]].drop_duplicates().itertuples(index=False, name=None))
LATE = set(CASES.index[CASES["start"] != ""])
TOLERANCE = 1e-9

pytestmark = pytest.mark.parametrize(("case", "group"), GROUPS, ids=[f"{case}, {group}" for case, group in GROUPS])


def read(case, group):
    """The rows of one group: time, event, start."""
    row = CASES.loc[case]
    name = f"{row['data']}.csv"
    found = next(path for path in (BATTERY / "data" / name, BATTERY.parent / "data" / name) if path.exists())
    frame = pd.read_csv(found)
    frame = frame.query(row["only"]) if row["only"] else frame
    if row["group"]:
        label = frame[row["group"]].map(lambda value: f"{value:g}" if isinstance(value, float) else str(value))
        frame = frame[label == group]
    start = frame[row["start"]].to_numpy() if row["start"] else None
    return frame[row["time"]].to_numpy(), frame[row["event"]].to_numpy(), start


def curve(case, group, interval="log-log"):
    time, event, start = read(case, group)
    return kaplan_meier(time, event, start=start, interval=interval)


def expected(case, group, item):
    return VALUES[(VALUES["case"] == case) & (VALUES["group"] == group) & (VALUES["item"] == item)]


def at_rows(table, expectation, column):
    """Our column at the times that R's values are named by."""
    return table.set_index("time")[column].loc[expectation["name"].astype(float)]


def test_the_curve_its_band_and_the_numbers_at_risk_equal_those_of_r(case, group, agree):
    table = curve(case, group).table
    data = CASES.loc[case, "data"]
    for item, quantity in {
        "survival": "Kaplan-Meier S(t)",
        "lower": "Kaplan-Meier log-log band",
        "upper": "Kaplan-Meier log-log band",
        "at_risk": "number at risk",
    }.items():
        theirs = expected(case, group, item)
        agree(quantity, data, at_rows(table, theirs, item), theirs["value"], TOLERANCE)
    counts = [len(table), table["events"].sum(), table["censored"].sum(), table["survival"].sum()]
    agree("counts and sums of whole curves", data, counts, expected(case, group, "counts")["value"], TOLERANCE)


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
def test_bands_and_limits_of_quartiles_on_each_scale_equal_those_of_r(case, group, interval, agree):
    fit, data = curve(case, group, interval), CASES.loc[case, "data"]
    sums = [fit.table["lower"].sum(), fit.table["upper"].sum()]
    agree(f"sums of {interval} bands", data, sums, expected(case, group, f"{interval} sums")["value"], TOLERANCE)
    for side in ("lower", "upper"):
        theirs = expected(case, group, f"{interval} quantile {side}")
        if len(theirs):
            ours = [fit.quantiles(float(share))[side][0] for share in theirs["name"]]
            agree("limits of quartiles", data, ours, theirs["value"], TOLERANCE)


def test_quartiles_and_survival_at_chosen_times_equal_those_of_r(case, group, agree):
    fit, data = curve(case, group), CASES.loc[case, "data"]
    theirs = expected(case, group, "quantile")
    ours = [fit.quantiles(float(share))["value"][0] for share in theirs["name"]]
    agree("quartiles", data, ours, theirs["value"], TOLERANCE)
    for item in ("at survival", "at at_risk", "at at_risk in summary"):
        theirs = expected(case, group, item)
        if len(theirs):
            ours = fit.at(theirs["name"].astype(float))[item.split()[1]]
            agree("survival and number at risk at chosen times", data, ours, theirs["value"], TOLERANCE)


def test_restricted_mean_and_follow_up_equal_those_of_r(case, group, agree):
    time, event, start = read(case, group)
    data = CASES.loc[case, "data"]
    mean, reverse = (expected(case, group, item)["value"].tolist() for item in ("rmean", "follow-up"))
    assert bool(mean) == (start is None), "R's restricted mean and follow-up are taken without late entry"
    if mean:
        ours = restricted_mean(time, event, tau=mean[0]).table.iloc[0]
        agree("restricted mean and its error", data, ours[["restricted_mean", "standard_error"]], mean[1:], TOLERANCE)
        ours = follow_up(time, event).table.iloc[0]
        agree("reverse Kaplan-Meier follow-up", data, ours[["median", "lower", "upper"]], reverse, TOLERANCE)


def test_cumulative_hazards_equal_those_of_r(case, group, agree):
    time, event, start = read(case, group)
    theirs = expected(case, group, "hazard")
    ours = at_rows(nelson_aalen(time, event, start=start), theirs, "cumulative_hazard")
    agree("Nelson-Aalen cumulative hazard", CASES.loc[case, "data"], ours, theirs["value"], TOLERANCE)
