"""Simon and Makuch's curves: survival by a state that patients enter on a day of their own.

Each curve is the Kaplan-Meier estimate over the rows spent in its state, with delayed entry; a patient who changes
state leaves the first curve without an event and enters the second.

References
----------
Simon R, Makuch RW. Stat Med 1984;3:35-44.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.figures.kaplan_meier import Curve, CurvePlot, draw_curves, tick_months
from survival.risk_table import count_below
from survival.simon_makuch import derive_state_curves
from survival.switch import derive_stays
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

BEFORE, AFTER = "Before a second treatment", "After a second treatment"
FEWEST_AT_RISK = 5
ROWS_BEFORE = ("At risk", "Moved on", "Censored", "Events")
ROWS_AFTER = ("At risk", "Joined", "Censored", "Events")
IS_LAST = "is_last"


def plot_states(
    spans: pd.DataFrame,
    *,
    last_month: float,
    confidence: float,
    note: str,
    time_label: str = "Months from the index date",
    value_label: str = "Overall survival",
) -> CurvePlot:
    """Estimate and lay out both curves.

    The curves have no medians: they belong to states, and nobody is in the later one from the start. The curve after
    the second treatment begins where at least five patients are at risk on it: before that a single death would bring
    it to nothing.
    """
    ticks = tick_months(last_month)
    marked = spans.assign(**{IS_LAST: spans["stop_days"].eq(spans.groupby("subject")["stop_days"].transform("max"))})
    stays = derive_stays(spans, names=(BEFORE, AFTER))
    estimate = derive_state_curves(stays, confidence=confidence, fewest_at_risk=FEWEST_AT_RISK)
    curves = [
        _curve(
            label,
            table,
            begin,
            _counts(marked[marked["second_treatment"].eq(state)], ticks * DAYS_PER_MONTH),
        )
        for state, ((label, table), begin) in enumerate(zip(estimate.curves(), estimate.begins(), strict=True))
    ]
    return CurvePlot(
        curves=tuple(curves),
        ticks_months=ticks,
        last_month=last_month * 1.02,
        time_label=time_label,
        value_label=value_label,
        note=note,
        has_medians=False,
    )


def _curve(label: str, table: pd.DataFrame, begin: float, counts: NDArray[np.int64]) -> Curve:
    left = np.repeat(table["time"].to_numpy(), table["censored"])
    before = table["events"].cumsum().eq(0).to_numpy()
    at = np.searchsorted(table["time"].to_numpy(), left, side="right") - 1
    return Curve(
        label=label,
        months=np.concatenate([[begin], table["time"].to_numpy()]) / DAYS_PER_MONTH,
        survival=np.concatenate([[1.0], table["survival"].to_numpy()]),
        lower=np.concatenate([[1.0], np.where(before, 1.0, table["lower"].to_numpy())]),
        upper=np.concatenate([[1.0], np.where(before, 1.0, table["upper"].to_numpy())]),
        censored_months=left / DAYS_PER_MONTH,
        censored_survival=table["survival"].to_numpy()[at] if len(left) else np.array([]),
        counts=counts,
        row_names=ROWS_AFTER if label == AFTER else ROWS_BEFORE,
    )


def _counts(rows: pd.DataFrame, ticks_days: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the patients of a state: at risk, come from or gone to the other state, censored, events.

    Rows that a patient spends in the state one after the other count once.
    """
    stays = rows.sort_values("stop_days").groupby("subject", sort=False)
    ends = stays[["stop_days", "event", IS_LAST]].last()
    begins = stays["start_days"].min().to_numpy(dtype="float64")
    is_over = ends[IS_LAST].to_numpy(dtype=bool)
    has_event = is_over & ends["event"].eq(1).to_numpy()
    stop = ends["stop_days"].to_numpy(dtype="float64")
    left = {
        name: count_below(stop[who], ticks_days)
        for name, who in (("moved", ~is_over), ("censored", is_over & ~has_event), ("events", has_event))
    }
    joined = count_below(begins, ticks_days)
    present = np.where(ticks_days == 0, count_below(begins, np.full(len(ticks_days), np.nextafter(0, 1))), joined)
    at_risk = present - left["moved"] - left["censored"] - left["events"]
    changed = joined if rows["second_treatment"].eq(1).all() else left["moved"]
    return np.array([at_risk, changed, left["censored"], left["events"]])


def draw_simon_makuch(plot: CurvePlot) -> Figure:
    """Draw both curves above their risk table."""
    return draw_curves(plot)
