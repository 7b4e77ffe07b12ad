"""Cumulative incidence of competing events: a line with its band for each cause, and the numbers below the axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.kaplan_meier import AXIS_HEIGHT_INCHES, LEFT_INCHES, PLOT_HEIGHT_INCHES, TOP_INCHES, look_of
from survival.figures.risk_rows import RiskRows, draw_risk_rows, height_inches
from survival.figures.side_labels import WIDTH_INCHES as LABEL_INCHES
from survival.figures.side_labels import SideLabel, draw_side_labels
from survival.figures.style import GRID, INK, MEDIUM, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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
    _draw_axes(axes, plot)
    for place, cause in enumerate(plot.causes):
        _draw_cause(axes, cause, place)
    draw_side_labels(figure, axes, [_label(cause, place, plot.last_month) for place, cause in enumerate(plot.causes)])
    if plot.note:
        axes.text(0.02, 0.98, plot.note, transform=axes.transAxes, va="top", fontsize=SMALL_PT, color=INK)
    draw_risk_rows(figure, axes, rows, plot.ticks_months)
    return figure


def _draw_axes(axes: Axes, plot: IncidencePlot) -> None:
    axes.set_xlim(0, plot.last_month)
    axes.set_ylim(0, 1.02)
    axes.set_xticks(plot.ticks_months)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value} %" for value in range(0, 101, 20)])
    axes.set_xlabel(plot.time_label)
    axes.set_ylabel(plot.value_label)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    strip_axes(axes)


def _draw_cause(axes: Axes, cause: Cause, place: int) -> None:
    colour, style = look_of(place)
    known = np.isfinite(cause.lower) & np.isfinite(cause.upper)
    axes.fill_between(
        cause.months[known],
        cause.lower[known],
        cause.upper[known],
        step="post",
        color=colour,
        alpha=0.13,
        linewidth=0,
    )
    axes.step(
        cause.months, cause.incidence, where="post", color=colour, linestyle=style, linewidth=1.7, label=cause.label
    )


def _label(cause: Cause, place: int, last_month: float) -> SideLabel:
    colour, style = look_of(place)
    row = max(int(np.searchsorted(cause.months, last_month, side="right")) - 1, 0)
    height = float(cause.incidence[row])
    return SideLabel(text=cause.label, height=height, colour=colour, style=style, below=cause.below)
