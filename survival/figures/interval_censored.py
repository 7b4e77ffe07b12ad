"""Progression-free survival by the day progression was seen, and by the interval in which it happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.kaplan_meier import (
    AXIS_HEIGHT_INCHES,
    LEFT_INCHES,
    PLOT_HEIGHT_INCHES,
    TOP_INCHES,
)
from survival.figures.risk_rows import RiskRows, draw_risk_rows, height_inches
from survival.figures.shares import draw_share_axes, look_of
from survival.figures.side_labels import WIDTH_INCHES as LABEL_INCHES
from survival.figures.side_labels import SideLabel, draw_side_labels
from survival.figures.style import INK, MEDIUM, add_axes_inches, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from survival.figures.kaplan_meier import CurvePlot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntervalCurve:
    """Turnbull's curve in months.

    Attributes
    ----------
    label : str
    intervals : pandas.DataFrame
        ``left, right, survival``: intervals that carry mass, ascending, and survival at the right end; infinite
        ``right`` is left out.
    below : str
        A word under the name.
    """

    label: str
    intervals: pd.DataFrame
    below: str = ""


def draw_interval_censored(plot: CurvePlot, found: IntervalCurve, *, below: str = "") -> Figure:
    """Draw the Kaplan-Meier curve of `plot` and Turnbull's beside it, with the numbers of the former.

    Where the mass lies inside an interval is not known: there Turnbull's curve is a box, from survival before it to
    survival after it.
    """
    curve = plot.curves[0]
    rows = (RiskRows(label="", colour=INK, style="-", names=curve.row_names, counts=curve.counts),)
    table_height = height_inches(rows)
    figure = new_figure(MEDIUM, TOP_INCHES + PLOT_HEIGHT_INCHES + AXIS_HEIGHT_INCHES + table_height)
    width = MEDIUM - LEFT_INCHES - LABEL_INCHES
    axes = add_axes_inches(figure, LEFT_INCHES, table_height + AXIS_HEIGHT_INCHES, width, PLOT_HEIGHT_INCHES)
    draw_share_axes(axes, plot)
    (first, first_style), (second, second_style) = look_of(0), look_of(1)
    axes.step(
        curve.months, curve.survival, where="post", color=first, linestyle=first_style, linewidth=1.7, label=curve.label
    )
    months, survival = lay_out(found.intervals, plot.last_month)
    _draw_boxes(axes, found.intervals, second)
    axes.plot(months, survival, color=second, linestyle=second_style, linewidth=1.6, label=found.label)
    labels = (
        SideLabel(
            text=curve.label,
            height=_at(curve.months, curve.survival, plot.last_month),
            colour=first,
            style=first_style,
            below=below,
        ),
        SideLabel(
            text=found.label,
            height=_at(months, survival, plot.last_month),
            colour=second,
            style=second_style,
            below=found.below,
        ),
    )
    draw_side_labels(figure, axes, labels)
    draw_risk_rows(figure, axes, rows, plot.ticks_months)
    return figure


def lay_out(intervals: pd.DataFrame, last_month: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the curve as a line: level outside the intervals, straight down across each.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"left": [2.0], "right": [4.0], "survival": [0.5]})
    >>> [values.tolist() for values in lay_out(one, 10.0)]
    [[0.0, 2.0, 4.0, 10.0], [1.0, 1.0, 0.5, 0.5]]
    """
    months, survival = [0.0], [1.0]
    for row in intervals[np.isfinite(intervals["right"])].to_dict("records"):
        months += [float(row["left"]), float(row["right"])]
        survival += [survival[-1], float(row["survival"])]
    months.append(max(last_month, months[-1]))
    survival.append(survival[-1])
    return np.array(months), np.array(survival)


def _draw_boxes(axes: Axes, intervals: pd.DataFrame, colour: str) -> None:
    before = 1.0
    for row in intervals[np.isfinite(intervals["right"])].to_dict("records"):
        axes.fill_between(
            [float(row["left"]), float(row["right"])], float(row["survival"]), before, color=colour, alpha=0.2, lw=0
        )
        before = float(row["survival"])


def _at(months: NDArray[np.float64], survival: NDArray[np.float64], month: float) -> float:
    row = int(np.searchsorted(months, month, side="right")) - 1
    return float(survival[max(row, 0)])


def rename(plot: CurvePlot, label: str) -> CurvePlot:
    """Give the only curve of a plot another name."""
    return replace(plot, curves=(replace(plot.curves[0], label=label),))
