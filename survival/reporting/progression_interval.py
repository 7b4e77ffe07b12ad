"""The section on when progression happened: it is seen at a scan, and happened somewhere since the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import RecistError
from survival.curves import Sample, estimate_curves, plot_curves
from survival.endpoints import PROGRESSION_FREE_SURVIVAL
from survival.figures.drawn import draw_figure
from survival.figures.interval_censored import IntervalCurve, draw_interval_censored, rename
from survival.results import Section
from survival.turnbull import turnbull
from survival.words.wording import DAYS_PER_MONTH, NOT_REACHED, say_counted, say_months

if TYPE_CHECKING:
    import pandas as pd

    from survival.reporting.study import Study
    from survival.results import ResultFigure

KEY, TITLE = "progression-interval", "Progression between two scans"
BOXES = "Boxes: intervals in which the data do not say when the curve falls. "
NARROWEST_BOX_MONTHS = 0.5
"""A narrower box cannot be seen in the figure."""
LOWER, UPPER = "pfs_lower_days", "pfs_upper_days"
NEEDED = (
    "Interval-censored progression-free survival needs pfs_lower_days and pfs_upper_days: the last scan without "
    "progression and the first with it; `recist link` writes them."
)


def progression_interval_section(study: Study) -> Section:
    """Show progression-free survival as seen, and as interval-censored."""
    rows = _rows(study)
    if rows is None or not rows["pfs_event"].eq(1).any():
        return Section(key=KEY, title=TITLE, left_out=(NEEDED,))
    try:
        return Section(key=KEY, title=TITLE, items=(_figure(study, rows),))
    except RecistError as fault:
        return Section(key=KEY, title=TITLE, left_out=(f"Interval-censored progression-free survival: {fault}",))


def _rows(study: Study) -> pd.DataFrame | None:
    if not study.has(PROGRESSION_FREE_SURVIVAL) or not study.cohort.has(LOWER, UPPER):
        return None
    frame = study.frame
    return frame[frame["pfs_days"].notna() & frame["pfs_event"].notna() & frame[LOWER].notna()]


def _figure(study: Study, rows: pd.DataFrame) -> ResultFigure:
    sample = Sample(days=rows["pfs_days"].to_numpy(dtype="float64"), event=rows["pfs_event"].to_numpy(dtype="int64"))
    estimate = estimate_curves(sample, study.options.confidence)
    plot = plot_curves(
        sample, estimate, time_label=f"Months from {study.from_index}", value_label=PROGRESSION_FREE_SURVIVAL.name
    )
    found = turnbull(rows[LOWER], rows[UPPER])
    seen = float(plot.curves[0].median_months)
    median = found.quantiles().iloc[0] / DAYS_PER_MONTH
    inside = float(median["value"])
    intervals = found.table.assign(
        left=found.table["left"] / DAYS_PER_MONTH, right=found.table["right"] / DAYS_PER_MONTH
    )
    curve = IntervalCurve(label="By the interval (Turnbull)", intervals=intervals, below=_say_median(inside))
    bounds = ""
    left, right = (say_months(float(median[side])) for side in ("left", "right"))
    if np.isfinite(inside) and left != right:
        bounds = f", which lies between {left} and {right} months"
    words = (
        f"By the day progression was seen: {_say_median(seen)} months. "
        f"By the interval: {_say_median(inside)} months{bounds}."
    ).replace(f"{NOT_REACHED} months", NOT_REACHED)
    widths = (intervals["right"] - intervals["left"])[np.isfinite(intervals["right"])]
    boxes = BOXES if (widths >= NARROWEST_BOX_MONTHS).any() else ""
    n_within = found.n - found.n_exact - found.n_right_censored
    return draw_figure(
        lambda: draw_interval_censored(rename(plot, "As seen (Kaplan–Meier)"), curve, below=_say_median(seen)),
        name="pfs_interval",
        title="Progression-free survival as seen, and between the scans",
        description=f"Kaplan-Meier and Turnbull curves of progression-free survival. {words}",
        caption=(
            f"n = {found.n}: {say_counted(n_within, 'progression')} between two scans, "
            f"{say_counted(found.n_exact, 'event')} to the day, {found.n_right_censored} without. {words} {boxes}"
            "Progression is seen late by up to the time "
            "between two scans, so the curve of what was seen lies above. Turnbull's curve has no reliable interval. "
            "Numbers below the axis: as seen."
        ),
    )


def _say_median(months: float) -> str:
    return f"median {say_months(months)}"
