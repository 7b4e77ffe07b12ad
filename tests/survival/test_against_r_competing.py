"""Cumulative incidences, Gray's tests and cause-specific Cox models of many data sets equal R's."""

from pathlib import Path

import pandas as pd
import pytest

from survival.cox import cox
from survival.cumulative_incidence import cumulative_incidence
from survival.gray import gray_test

BATTERY = Path(__file__).parent / "reference" / "battery"
CASES = pd.read_csv(BATTERY / "cases" / "competing.csv", dtype=str, keep_default_na=False).set_index("case")
VALUES = pd.read_csv(BATTERY / "competing.csv", dtype={"name": str})
CURVES = VALUES[VALUES["item"].str.startswith("pstate")]
GROUPS = [tuple(key.split(" | ")) for key in dict.fromkeys(CURVES["case"])]
AT_ONCE = [case for case in CASES.index if not CASES.loc[case, "start"]]
TOLERANCE = 1e-9


def read(case):
    row = CASES.loc[case]
    name = f"{row['data']}.csv"
    frame = pd.read_csv(next(p for p in (BATTERY / "data" / name, BATTERY.parent / "data" / name) if p.exists()))
    return frame.assign(label=frame[row["group"]].astype(str))


def expected(case, item):
    return VALUES[(VALUES["case"] == case) & (VALUES["item"] == item)]


@pytest.mark.parametrize(("case", "group"), GROUPS)
def test_incidence_error_and_limits_equal_those_of_r(case, group, agree):
    row, frame = CASES.loc[case], read(case)
    frame = frame[frame["label"] == group]
    start = frame[row["start"]] if row["start"] else None
    table = cumulative_incidence(frame[row["time"]], frame["code"], start=start).table
    late = ", late entry" if row["start"] else ""
    columns = {"pstate": "incidence", "std.err": "standard_error", "lower": "lower", "upper": "upper"}
    for code in sorted(set(frame["code"]) - {0}):
        for item, column in columns.items():
            theirs = expected(f"{case} | {group}", f"{item} {code:g}")
            if late and item in ("lower", "upper"):
                continue
            mine = table[table["cause"] == code].set_index("time")
            ours = mine[column].loc[theirs["name"].astype(float)]
            quantity = "incidence" if column == "incidence" else "error and limits of the incidence"
            agree(f"Aalen-Johansen {quantity}{late}", row["data"], ours, theirs["value"], TOLERANCE)


@pytest.mark.parametrize("case", AT_ONCE)
def test_incidence_equals_that_of_cmprsk(case, agree):
    row, frame = CASES.loc[case], read(case)
    fit = cumulative_incidence(frame[row["time"]], frame["code"])
    for code in sorted(set(frame["code"]) - {0}):
        theirs = expected(f"{case} | cmprsk", f"estimate {code:g}")
        ours = fit.at(theirs["name"].astype(float))
        mine = ours.loc[ours["cause"] == code, "incidence"]
        agree("Aalen-Johansen incidence (cmprsk)", row["data"], mine, theirs["value"], TOLERANCE)


@pytest.mark.parametrize("rho", [0, 1])
@pytest.mark.parametrize("case", AT_ONCE)
def test_gray_tests_equal_those_of_cmprsk(case, rho, agree):
    row, frame = CASES.loc[case], read(case)
    columns = frame[row["time"]], frame["code"], frame[row["group"]]
    table = gray_test(*columns, rho=rho).table
    agree("Gray's test", row["data"], table["statistic"], expected(case, f"gray {rho}")["value"], TOLERANCE)
    agree("Gray's test", row["data"], table["degrees_of_freedom"], expected(case, "gray df")["value"], 0)
    if row["strata"]:
        table = gray_test(*columns, rho=rho, strata=frame[row["strata"]]).table
        theirs = expected(case, f"gray strata {rho}")["value"]
        agree("stratified Gray's test", row["data"], table["statistic"], theirs, TOLERANCE)


@pytest.mark.parametrize("case", AT_ONCE)
def test_a_cause_specific_model_equals_that_of_r(case, agree):
    row, frame = CASES.loc[case], read(case)
    for code in sorted(set(frame["code"]) - {0}):
        model = cox(frame[row["time"]], frame["code"] == code, frame["label"])
        for item, column in {"coefficient": "coefficient", "error": "standard_error"}.items():
            theirs = expected(case, f"cause-specific {item} {code:g}")["value"]
            agree("cause-specific Cox", row["data"], model.table[column], theirs, 1e-8)
