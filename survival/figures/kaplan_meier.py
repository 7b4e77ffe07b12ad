"""Survival curves with bands, censor marks and medians, and an extended risk table on the same ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.risk_rows import RiskRows, draw_risk_rows, height_inches
from survival.figures.shares import draw_share_axes, draw_steps, look_of
from survival.figures.side_labels import WIDTH_INCHES as LABEL_INCHES
from survival.figures.side_labels import SideLabel, draw_side_labels
from survival.figures.style import (
    INK,
    MEDIUM,
    QUIET,
    SMALL_PT,
    add_axes_inches,
    new_figure,
)
from survival.words.wording import NOT_REACHED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

PLOT_HEIGHT_INCHES = 2.75
LEFT_INCHES = 0.95
RIGHT_INCHES = 0.22
TOP_INCHES = 0.14
AXIS_HEIGHT_INCHES = 0.52
ROW_NAMES = ("At risk", "Censored", "Events")
HALF = 0.5
CROWDED = 0.84
"""Curves above this height in the right half leave no room for a note there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One survival curve, as steps.

    Attributes
    ----------
    label : str
    months : ndarray of shape (n_steps,)
        Times of the steps, ascending.
    survival, lower, upper : ndarray of shape (n_steps,)
        From each time on.
    censored_months, censored_survival : ndarray
        Where somebody left without the event, and the height of the curve there.
    counts : ndarray of shape (n_rows, n_ticks)
        At risk, censored so far, events so far, at each tick of the figure.
    row_names : tuple of str
        What the rows of `counts` are.
    median_months : float
        NaN where the median is not reached.
    """

    label: str
    months: NDArray[np.float64]
    survival: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    censored_months: NDArray[np.float64]
    censored_survival: NDArray[np.float64]
    counts: NDArray[np.int64]
    row_names: tuple[str, ...] = ROW_NAMES
    median_months: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurvePlot:
    """A plot of curves over months, with ticks shared by the axis and the risk table."""

    curves: tuple[Curve, ...]
    ticks_months: NDArray[np.float64]
    last_month: float
    time_label: str
    value_label: str
    note: str = ""
    has_medians: bool = True


def tick_months(longest_months: float, step_months: int = 12) -> NDArray[np.float64]:
    """Choose ticks in whole years, at most ten of them.

    Examples
    --------
    >>> tick_months(50.0).tolist()
    [0.0, 12.0, 24.0, 36.0, 48.0]
    """
    most = 10
    step = step_months
    while longest_months / step > most:
        step += step_months
    return np.arange(0, longest_months + 1e-9, step, dtype="float64")


def axis_ticks(longest_months: float) -> NDArray[np.float64]:
    """Choose ticks in whole years, in half years below two, in quarters below one, in months below half a year.

    Examples
    --------
    >>> axis_ticks(7.0).tolist()
    [0.0, 3.0, 6.0]
    """
    year, half_year, quarter = 12, 6, 3
    if longest_months >= 2 * year:
        return tick_months(longest_months)
    if longest_months >= year:
        return tick_months(longest_months, half_year)
    step = quarter if longest_months >= half_year else 1
    return np.arange(0, longest_months + 1e-9, step, dtype="float64")


def draw_curves(plot: CurvePlot) -> Figure:
    """Draw curves above their risk table, each named beside its end."""
    rows = tuple(_risk_rows(curve, place) for place, curve in enumerate(plot.curves))
    table_height = height_inches(rows)
    figure = new_figure(MEDIUM, TOP_INCHES + PLOT_HEIGHT_INCHES + AXIS_HEIGHT_INCHES + table_height)
    is_single = len(plot.curves) == 1
    width = MEDIUM - LEFT_INCHES - (RIGHT_INCHES if is_single else LABEL_INCHES)
    axes = add_axes_inches(figure, LEFT_INCHES, table_height + AXIS_HEIGHT_INCHES, width, PLOT_HEIGHT_INCHES)
    draw_share_axes(axes, plot)
    for place, curve in enumerate(plot.curves):
        _draw_curve(axes, curve, place)
    if plot.has_medians:
        _draw_medians(axes, plot)
    if not is_single:
        labels = [_side_label(curve, place, plot) for place, curve in enumerate(plot.curves)]
        draw_side_labels(figure, axes, labels)
    if plot.note:
        _write_note(axes, plot)
    draw_risk_rows(figure, axes, rows, plot.ticks_months)
    return figure


def _risk_rows(curve: Curve, place: int) -> RiskRows:
    colour, style = look_of(place)
    return RiskRows(label=curve.label, colour=colour, style=style, names=curve.row_names, counts=curve.counts)


def _draw_curve(axes: Axes, curve: Curve, place: int) -> None:
    draw_steps(axes, place, curve.label, curve.months, curve.survival, band=(curve.lower, curve.upper))
    colour, _ = look_of(place)
    axes.plot(
        curve.censored_months,
        curve.censored_survival,
        linestyle="none",
        marker="|",
        markersize=5.5,
        markeredgewidth=0.9,
        color=colour,
        zorder=5,
    )


def _draw_medians(axes: Axes, plot: CurvePlot) -> None:
    """Draw the height of one half up to the last median, and a line down from each."""
    reached = [curve.median_months <= plot.last_month for curve in plot.curves]
    if not any(reached):
        return
    dotted = (0, (1, 2))
    furthest = max(curve.median_months for curve, is_in in zip(plot.curves, reached, strict=True) if is_in)
    axes.plot([0, furthest], [HALF, HALF], color=QUIET, linewidth=0.9, linestyle=dotted, zorder=3)
    for place, (curve, is_in) in enumerate(zip(plot.curves, reached, strict=True)):
        if is_in:
            colour, _ = look_of(place)
            at = curve.median_months
            axes.plot([at, at], [0, HALF], color=colour, linewidth=0.9, linestyle=dotted, zorder=3)
            axes.plot(at, HALF, marker="o", markersize=3.2, color=colour, zorder=6)


def _side_label(curve: Curve, place: int, plot: CurvePlot) -> SideLabel:
    colour, style = look_of(place)
    row = int(np.searchsorted(curve.months, plot.last_month, side="right")) - 1
    median = NOT_REACHED if math.isnan(curve.median_months) else f"{curve.median_months:.1f}"
    return SideLabel(
        text=curve.label,
        height=float(curve.survival[max(row, 0)]),
        colour=colour,
        style=style,
        below=f"median {median}" if plot.has_medians else "",
    )


def _write_note(axes: Axes, plot: CurvePlot) -> None:
    """Write the note above the curves, or below them where they stay high."""
    late = [curve.survival[curve.months <= HALF * plot.last_month][-1:] for curve in plot.curves]
    is_high = max((float(values[0]) for values in late if len(values)), default=0.0) > CROWDED
    place = (0.02, 0.03, "left", "bottom") if is_high else (0.985, 0.98, "right", "top")
    x, y, side, edge = place
    axes.text(x, y, plot.note, transform=axes.transAxes, ha=side, va=edge, color=INK, fontsize=SMALL_PT)
