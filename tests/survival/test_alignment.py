"""Rows are matched by position, so pandas columns that go by other rows are refused. R survival gave the numbers."""

import re

import pandas as pd
import pytest

from recist.errors import UsageError
from survival import cox, cumulative_incidence, follow_up, kaplan_meier, log_rank, restricted_mean
from survival.calibration import calibration
from survival.cause_specific import cause_specific_cox
from survival.gray import gray_test
from survival.mantel_byar import mantel_byar
from survival.median_difference import median_difference
from survival.turnbull import turnbull
from survival.weibull import weibull

TABLE = pd.DataFrame(
    {
        "time": [6.0, 7, 10, 15, 19, 25],
        "event": [1, 0, 1, 1, 0, 1],
        "x": [1, 0, 1, 0, 1, 0],
        "code": [1, 0, 2, 1, 0, 2],
        "arm": list("aababb"),
    },
    index=list("uvwxyz"),
)
SORTED = TABLE.sort_values("x", kind="stable")
ORDER = "the same labels stand in another order"


@pytest.mark.parametrize(
    "ask",
    [
        lambda: cox(TABLE["time"], TABLE["event"], SORTED[["x"]]),
        lambda: cox(TABLE["time"], TABLE["event"], SORTED["x"]),
        lambda: cox(TABLE["time"], SORTED["event"], TABLE["x"]),
        lambda: cox(TABLE["time"], TABLE["event"], TABLE["x"], strata=SORTED["arm"]),
        lambda: cox(TABLE["time"], TABLE["event"], TABLE["x"], cluster=SORTED["arm"]),
        lambda: cox(TABLE["time"], TABLE["event"], TABLE["x"], weights=SORTED["time"]),
        lambda: cox(TABLE["time"].to_numpy(), TABLE["event"], SORTED["x"]),
        lambda: kaplan_meier(TABLE["time"], SORTED["event"]),
        lambda: kaplan_meier(TABLE["time"], TABLE["event"], group=SORTED["arm"]),
        lambda: kaplan_meier(TABLE["time"], TABLE["event"], start=SORTED["x"]),
        lambda: log_rank(TABLE["time"], TABLE["event"], SORTED["arm"]),
        lambda: follow_up(TABLE["time"], SORTED["event"]),
        lambda: restricted_mean(TABLE["time"], SORTED["event"], tau=10),
        lambda: median_difference(TABLE["time"], TABLE["event"], SORTED["arm"]),
        lambda: cumulative_incidence(TABLE["time"], SORTED["code"]),
        lambda: gray_test(TABLE["time"], TABLE["code"], SORTED["arm"]),
        lambda: cause_specific_cox(TABLE["time"], SORTED["code"], TABLE["x"]),
        lambda: cause_specific_cox(TABLE["time"], TABLE["code"], SORTED["x"]),
        lambda: mantel_byar(TABLE["time"], TABLE["event"], SORTED["x"]),
        lambda: calibration(SORTED["x"], TABLE["time"], TABLE["event"], at=10),
        lambda: turnbull(TABLE["x"], SORTED["time"]),
        lambda: weibull(TABLE["time"], TABLE["time"], covariates=SORTED["x"]),
    ],
)
def test_columns_of_the_same_people_in_another_order_are_refused(ask):
    with pytest.raises(UsageError, match=ORDER):
        ask()


def test_the_refusal_names_both_columns_and_the_two_ways_out():
    with pytest.raises(UsageError) as caught:
        kaplan_meier(TABLE["time"], SORTED["event"])
    said = str(caught.value)
    assert said.startswith("The index of event differs from that of time: ")
    assert "align it first (event.loc[time.index])" in said
    assert ".to_numpy()" in said


def test_columns_of_other_people_are_refused_also_where_pandas_has_counted_the_rows_anew():
    women = TABLE[TABLE["x"] == 1]
    counted = women["event"].reset_index(drop=True)
    with pytest.raises(UsageError, match="the labels are others"):
        kaplan_meier(women["time"], counted)
    with pytest.raises(UsageError, match="the labels are others"):
        kaplan_meier(TABLE["time"].reset_index(drop=True)[:3], TABLE["event"].reset_index(drop=True)[3:])


def test_columns_of_different_length_are_told_by_their_lengths():
    with pytest.raises(UsageError, match=re.escape("time 6, event 5")):
        kaplan_meier(TABLE["time"], TABLE["event"][1:])


def test_arrays_and_columns_of_one_table_go_together_in_any_order_of_the_table():
    # coxph(Surv(time, event) ~ x): exp(coef) 2.562, whatever the order of the rows
    for table in (TABLE, SORTED):
        for events in (table["event"], table["event"].to_numpy(), table["event"].tolist()):
            assert cox(table["time"], events, table["x"]).table["hazard_ratio"][0] == pytest.approx(2.562, abs=5e-4)
    aligned = SORTED["event"].loc[TABLE.index]
    assert kaplan_meier(TABLE["time"], aligned).quantiles(0.5)["value"][0] == 15
