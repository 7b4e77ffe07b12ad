"""Survival curves with bands, censor marks, and an extended risk table on the same ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.style import COLOURS, GRID, INK, LINE_STYLES, QUIET, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

WIDTH_INCHES = 7.4
PLOT_HEIGHT_INCHES = 3.5
LEFT_INCHES = 1.95
RIGHT_INCHES = 0.25
TOP_INCHES = 0.2
AXIS_HEIGHT_INCHES = 0.55
LINE_HEIGHT_INCHES = 0.185
BLOCKS = ("At risk", "Censored", "Events")


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
    counts : ndarray of shape (3, n_ticks)
        At risk, censored so far, events so far, at each tick of the figure.
    """

    label: str
    months: NDArray[np.float64]
    survival: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    censored_months: NDArray[np.float64]
    censored_survival: NDArray[np.float64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurvePlot:
    """A plot of curves over months, with ticks shared by the axis and the risk table.

    Attributes
    ----------
    blocks : tuple of int
        Which of at risk (0), censored (1) and events (2) stand below the axis.
    """

    curves: tuple[Curve, ...]
    ticks_months: NDArray[np.float64]
    last_month: float
    time_label: str
    value_label: str
    note: str = ""
    blocks: tuple[int, ...] = (0, 1, 2)


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


def draw_curves(plot: CurvePlot) -> Figure:
    """Draw curves above their risk table."""
    rows = len(plot.blocks) * (len(plot.curves) + 1 if len(plot.curves) > 1 else 1)
    table_height = rows * LINE_HEIGHT_INCHES + 0.1
    height = TOP_INCHES + PLOT_HEIGHT_INCHES + AXIS_HEIGHT_INCHES + table_height
    figure = new_figure(WIDTH_INCHES, height)
    width = WIDTH_INCHES - LEFT_INCHES - RIGHT_INCHES
    axes = add_axes_inches(figure, LEFT_INCHES, table_height + AXIS_HEIGHT_INCHES, width, PLOT_HEIGHT_INCHES)
    _draw_axes(axes, plot)
    for place, curve in enumerate(plot.curves):
        _draw_curve(axes, curve, place)
    if len(plot.curves) > 1:
        _draw_legend(axes)
    if plot.note:
        _write_note(axes, plot)
    table = add_axes_inches(figure, LEFT_INCHES, 0, width, table_height)
    _draw_risk_table(table, plot, axes.get_xlim(), rows)
    return figure


def _draw_axes(axes: Axes, plot: CurvePlot) -> None:
    axes.set_xlim(0, plot.last_month)
    axes.set_ylim(0, 1.02)
    axes.set_xticks(plot.ticks_months)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value} %" for value in range(0, 101, 20)])
    axes.set_xlabel(plot.time_label)
    axes.set_ylabel(plot.value_label)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(0.5, color=QUIET, linewidth=0.6, linestyle=(0, (1, 3)), zorder=1)
    strip_axes(axes)


def _draw_curve(axes: Axes, curve: Curve, place: int) -> None:
    colour, style = COLOURS[place % len(COLOURS)], LINE_STYLES[place % len(LINE_STYLES)]
    known = np.isfinite(curve.lower) & np.isfinite(curve.upper)
    axes.fill_between(
        curve.months[known],
        curve.lower[known],
        curve.upper[known],
        step="post",
        color=colour,
        alpha=0.13,
        linewidth=0,
        zorder=2,
    )
    axes.step(
        curve.months,
        curve.survival,
        where="post",
        color=colour,
        linestyle=style,
        linewidth=1.7,
        label=curve.label,
        zorder=4,
    )
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


def _draw_legend(axes: Axes) -> None:
    axes.legend(
        loc="upper right",
        frameon=False,
        handlelength=2.8,
        borderaxespad=0.2,
        labelspacing=0.35,
        fontsize=9,
    )


def _write_note(axes: Axes, plot: CurvePlot) -> None:
    below_legend = 0.95 - 0.066 * len(plot.curves) if len(plot.curves) > 1 else 0.95
    axes.text(0.985, below_legend, plot.note, transform=axes.transAxes, ha="right", va="top", color=INK, fontsize=8.5)


def _draw_risk_table(axes: Axes, plot: CurvePlot, limits: tuple[float, float], rows: int) -> None:
    axes.set_xlim(limits)
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    full = limits[1] - limits[0]
    left = limits[0] - full * (LEFT_INCHES - 0.08) / (WIDTH_INCHES - LEFT_INCHES - RIGHT_INCHES)
    row = 0
    for block in plot.blocks:
        axes.text(left, row + 0.5, BLOCKS[block], va="center", ha="left", fontsize=8, fontweight="bold", clip_on=False)
        for place, curve in enumerate(plot.curves):
            if len(plot.curves) > 1:
                row += 1
                colour = COLOURS[place % len(COLOURS)]
                axes.text(left, row + 0.5, curve.label, va="center", ha="left", fontsize=8, color=colour, clip_on=False)
            for tick, count in zip(plot.ticks_months, curve.counts[block], strict=True):
                axes.text(tick, row + 0.5, str(int(count)), va="center", ha="center", fontsize=8, clip_on=False)
        row += 1
