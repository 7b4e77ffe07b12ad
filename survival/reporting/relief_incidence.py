"""The figure of what ended relief first: recurrence of symptoms or death, as cumulative incidences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.cumulative_incidence import cumulative_incidence
from survival.curves import last_shown_month, say_share
from survival.figures.drawn import draw_figure
from survival.figures.incidence import Cause, IncidencePlot, draw_incidence
from survival.figures.kaplan_meier import axis_ticks
from survival.risk_table import count_below
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survival.relief import Relief
    from survival.reporting.study import Study
    from survival.results import ResultFigure

CAUSES = ((1, "Recurrence of symptoms"), (2, "Death during relief"))
ROW_NAMES = ("At risk", "Censored", "Recurrences", "Deaths")


def incidence_figures(study: Study, relief: Relief) -> tuple[ResultFigure, ...]:
    """Draw both incidences; nothing where the reasons are not known."""
    if relief.code is None or not relief.code.any():
        return ()
    plot = plot_relief(relief, study.options.confidence)
    ends = "; ".join(_say_end(cause, plot.last_month) for cause in plot.causes)
    n, events = len(relief.code), int((relief.code > 0).sum())
    return (
        draw_figure(
            lambda: draw_incidence(plot),
            name="relief_incidence_figure",
            title="What ended relief first",
            description=f"Cumulative incidence in {say_counted(n, 'symptomatic responder')}. {ends}.",
            caption=(
                f"Symptomatic responders, n = {n}, {say_counted(events, 'event')}. Cumulative incidence by Aalen and "
                f"Johansen with its {study.percent} (log scale): death and recurrence compete, and the two curves add "
                "up to one minus the curve of relief. Under each tick: at risk just before it; censored, recurrences "
                "and deaths before it."
            ),
        ),
    )


def plot_relief(relief: Relief, confidence: float) -> IncidencePlot:
    """Lay the incidences out over months."""
    assert relief.code is not None
    days, code = relief.composite.days, relief.code
    table = cumulative_incidence(days, code, confidence=confidence).table
    last = last_shown_month(relief.composite)
    ticks = axis_ticks(last)
    return IncidencePlot(
        causes=tuple(_cause(table, cause, label, int((code == cause).sum())) for cause, label in CAUSES),
        ticks_months=ticks,
        last_month=last * 1.02,
        row_names=ROW_NAMES,
        counts=count_competing(days, code, ticks * DAYS_PER_MONTH),
        time_label="Months from the recorded response",
    )


def count_competing(
    days: NDArray[np.float64], code: NDArray[np.int64], ticks_days: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Count, just before each tick, who is at risk, censored so far, and has had either event."""
    gone = [count_below(days[code == cause], ticks_days) for cause in (0, 1, 2)]
    return np.array([len(days) - sum(gone), *gone])


def _cause(table: pd.DataFrame, cause: int, label: str, events: int) -> Cause:
    rows = table[table["cause"].eq(cause)]
    start = np.array([0.0])
    columns = {name: rows[name].to_numpy(dtype="float64") for name in ("incidence", "lower", "upper")}
    return Cause(
        label=label,
        months=np.concatenate([start, rows["time"].to_numpy(dtype="float64") / DAYS_PER_MONTH]),
        incidence=np.concatenate([start, columns["incidence"]]),
        lower=np.concatenate([[np.nan], columns["lower"]]),
        upper=np.concatenate([[np.nan], columns["upper"]]),
        below=say_counted(events, "event"),
    )


def _say_end(cause: Cause, last_month: float) -> str:
    row = max(int(np.searchsorted(cause.months, last_month, side="right")) - 1, 0)
    share = say_share(cause.incidence[row], cause.lower[row], cause.upper[row])
    return f"{cause.label} by {last_month:.0f} months: {share}"
