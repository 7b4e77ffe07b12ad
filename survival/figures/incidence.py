"""Cumulative incidence of competing events: a line with its band for each cause, and the numbers below the axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.kaplan_meier import AXIS_HEIGHT_INCHES, LEFT_INCHES, PLOT_HEIGHT_INCHES, TOP_INCHES
from survival.figures.risk_rows import RiskRows, draw_risk_rows, height_inches
from survival.figures.shares import draw_share_axes, draw_steps, look_of
from survival.figures.side_labels import WIDTH_INCHES as LABEL_INCHES
from survival.figures.side_labels import SideLabel, draw_side_labels
from survival.figures.style import INK, MEDIUM, SMALL_PT, add_axes_inches, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cause:
    """The cumulative incidence of one cause, as steps from 0 on.

    Attributes
    ----------
    label : str
    months, incidence, lower, upper : ndarray of shape (n_steps,)
        The band is NaN before the first event.
    below : str
        A word under the name.
    """

    label: str
    months: NDArray[np.float64]
    incidence: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidencePlot:
    """Causes over months with the rows below the axis.

    Attributes
    ----------
    row_names : tuple of str
        What the rows of `counts` are, such as at risk and the events of each cause so far.
    counts : ndarray of shape (n_rows, n_ticks)
    """

    causes: tuple[Cause, ...]
    ticks_months: NDArray[np.float64]
    last_month: float
    row_names: tuple[str, ...]
    counts: NDArray[np.int64]
    time_label: str
    value_label: str = "Cumulative incidence"
    note: str = ""


def draw_incidence(plot: IncidencePlot) -> Figure:
    """Draw the causes above their numbers, each named beside its end."""
    rows = (RiskRows(label="", colour=INK, style="-", names=plot.row_names, counts=plot.counts),)
    table_height = height_inches(rows)
    figure = new_figure(MEDIUM, TOP_INCHES + PLOT_HEIGHT_INCHES + AXIS_HEIGHT_INCHES + table_height)
    width = MEDIUM - LEFT_INCHES - LABEL_INCHES
    axes = add_axes_inches(figure, LEFT_INCHES, table_height + AXIS_HEIGHT_INCHES, width, PLOT_HEIGHT_INCHES)
    draw_share_axes(axes, plot)
    for place, cause in enumerate(plot.causes):
        draw_steps(axes, place, cause.label, cause.months, cause.incidence, band=(cause.lower, cause.upper))
    draw_side_labels(figure, axes, [_label(cause, place, plot.last_month) for place, cause in enumerate(plot.causes)])
    if plot.note:
        axes.text(0.02, 0.98, plot.note, transform=axes.transAxes, va="top", fontsize=SMALL_PT, color=INK)
    draw_risk_rows(figure, axes, rows, plot.ticks_months)
    return figure


def _label(cause: Cause, place: int, last_month: float) -> SideLabel:
    colour, style = look_of(place)
    row = max(int(np.searchsorted(cause.months, last_month, side="right")) - 1, 0)
    height = float(cause.incidence[row])
    return SideLabel(text=cause.label, height=height, colour=colour, style=style, below=cause.below)
