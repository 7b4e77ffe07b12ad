"""Log-rank, Peto, stratified, trend, pairwise and Mantel-Byar tests of many data sets equal R's."""

from pathlib import Path

import pandas as pd
import pytest

from survival.log_rank import log_rank
from survival.mantel_byar import mantel_byar
from survival.pairwise import pairwise_log_rank
from survival.simon_makuch import simon_makuch

BATTERY = Path(__file__).parent / "reference" / "battery"
CASES = pd.read_csv(BATTERY / "cases" / "tests.csv", dtype=str, keep_default_na=False).set_index("case")
VALUES = pd.read_csv(BATTERY / "tests.csv", dtype={"name": str})
TOLERANCE = 1e-9


def read_data(name):
    name = f"{name}.csv"
    return pd.read_csv(next(p for p in (BATTERY / "data" / name, BATTERY.parent / "data" / name) if p.exists()))


def read(case):
    """Time, event, group, and options start and strata."""
    row = CASES.loc[case]
    frame = read_data(row["data"])
    frame = (frame.query(row["only"]) if row["only"] else frame).dropna(subset=[row["group"]])
    start = frame[row["start"]] if row["start"] else None
    strata = frame[row["strata"]] if row["strata"] else None
    return (frame[row["time"]], frame[row["event"]], frame[row["group"]]), start, strata


def expected(case, item):
    return VALUES.loc[(VALUES["case"] == case) & (VALUES["item"] == item), "value"].to_numpy()


@pytest.mark.parametrize("way", ["plain", "strata"])
@pytest.mark.parametrize("case", CASES.index)
def test_statistics_of_tests_equal_those_of_r(case, way, agree):
    columns, start, strata = read(case)
    data, layers = CASES.loc[case, "data"], strata if way == "strata" else None
    if way == "strata" and strata is None:
        assert not expected(case, "strata score").size
        return
    named = "stratified " if way == "strata" else ""
    test = log_rank(*columns, strata=layers, start=start)
    late = " with late entry or changing groups" if start is not None else ""
    agree(f"{named}log-rank{late}", data, [test.statistic], expected(case, f"{way} score"), TOLERANCE)
    trend = log_rank(*columns, strata=layers, start=start, trend=True)
    agree(f"{named}trend", data, [trend.statistic], expected(case, f"{way} trend"), TOLERANCE)
    if start is not None:
        return
    agree(f"{named}log-rank", data, [test.statistic], expected(case, f"{way} log-rank 0"), TOLERANCE)
    peto = log_rank(*columns, strata=layers, rho=1)
    agree(f"{named}Peto", data, [peto.statistic], expected(case, f"{way} log-rank 1"), TOLERANCE)
    for item in ("observed", "expected"):
        agree("observed and expected events", data, test.table[item], expected(case, f"{way} {item}"), TOLERANCE)


PAIRED = [case for case in CASES.index if expected(case, "pair statistic").size]


@pytest.mark.parametrize("case", PAIRED)
def test_every_two_groups_and_their_corrected_p_values_equal_those_of_r(case, agree):
    columns, _, _ = read(case)
    table = pairwise_log_rank(*columns)
    for item in ("statistic", "p_value", "holm", "bh"):
        column = item if item in table.columns else f"{item}_p_value"
        agree("pairwise, Holm, Benjamini-Hochberg", CASES.loc[case, "data"], table[column],
              expected(case, f"pair {item}"), TOLERANCE)  # fmt: skip


@pytest.mark.parametrize("data", ["jasa", "myeloid", "mgus2_switch"])
def test_mantel_byar_and_simon_makuch_equal_the_start_stop_rows_of_r(data, agree):
    frame = read_data(data)
    frame = frame[frame["time"] > 0]
    columns = frame["time"], frame["event"], frame["switch"]
    test = mantel_byar(*columns)
    after = test.table.iloc[1]
    ours = [after["observed"], after["expected"], test.statistic]
    agree("Mantel-Byar", data, ours, expected(data, "mantel-byar"), TOLERANCE)
    fit = simon_makuch(*columns)
    for state, (_, curve) in enumerate(fit.curves(), start=1):
        for item, column in {"surv": "survival", "lower": "lower", "upper": "upper", "n.risk": "at_risk"}.items():
            theirs = VALUES[(VALUES["case"] == data) & (VALUES["item"] == f"simon-makuch {item} {state}")]
            ours = curve.set_index("time")[column].loc[theirs["name"].astype(float)]
            agree("Simon-Makuch curve, band and number at risk", data, ours, theirs["value"], TOLERANCE)
        ours = fit.quantiles().iloc[state - 1][["value", "upper"]]
        agree("Simon-Makuch median", data, ours, expected(data, f"simon-makuch median {state}"), TOLERANCE)
