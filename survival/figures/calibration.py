"""Calibration: survival as a model predicts it against survival as observed, in groups of rising prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.figures.style import COLOURS, GRID, INK, QUIET, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE_INCHES = 2.75
LOW = 0.06
LEFT_INCHES, BOTTOM_INCHES, TOP_INCHES, RIGHT_INCHES = 0.75, 0.55, 0.14, 0.32


def draw_calibration(groups: pd.DataFrame, *, when: str, note: str = "") -> Figure:
    """Draw observed against predicted survival with the line of identity.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row a group: ``n, predicted, observed, lower, upper`` as shares; an observed share that is not known (nobody
        followed so long) is left out.
    when : str
        At what time, for the labels: "24 months".
    note : str
        Words in the corner, such as the slope.
    """
    figure = new_figure(LEFT_INCHES + SIDE_INCHES + RIGHT_INCHES, BOTTOM_INCHES + SIDE_INCHES + TOP_INCHES)
    axes = add_axes_inches(figure, LEFT_INCHES, BOTTOM_INCHES, SIDE_INCHES, SIDE_INCHES)
    _draw_axes(axes, when)
    known = groups[groups["observed"].notna() & groups["predicted"].notna()]
    at, seen = (known[name].to_numpy(dtype="float64") for name in ("predicted", "observed"))
    lower = known["lower"].fillna(known["observed"]).to_numpy(dtype="float64")
    upper = known["upper"].fillna(known["observed"]).to_numpy(dtype="float64")
    axes.vlines(at, lower, upper, color=COLOURS[0], linewidth=1.3, zorder=3)
    axes.plot(at, seen, color=COLOURS[0], linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=2)
    axes.plot(at, seen, linestyle="none", marker="o", markersize=5.5, color=COLOURS[0], zorder=4, label="observed")
    for place, n, low, high in zip(at, known["n"], lower, upper, strict=True):
        is_low = low < LOW
        axes.annotate(
            str(int(n)),
            xy=(place, high if is_low else low),
            xytext=(0, 5 if is_low else -3),
            textcoords="offset points",
            ha="center",
            va="bottom" if is_low else "top",
            fontsize=SMALL_PT - 0.5,
            color=QUIET,
        )
    if note:
        axes.text(0.03, 0.97, note, transform=axes.transAxes, va="top", fontsize=SMALL_PT, color=INK)
    return figure


def _draw_axes(axes: Axes, when: str) -> None:
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.9, linestyle=(0, (5, 2)), zorder=1.5, label="identity")
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.04, 1)
    ticks = np.linspace(0, 1, 6)
    names = [f"{value} %" for value in range(0, 101, 20)]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names)
    axes.set_xlabel(f"Predicted survival at {when}")
    axes.set_ylabel(f"Observed survival at {when}")
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    strip_axes(axes)
