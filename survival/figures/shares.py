"""Shares over months: the axes that curves and incidences have in common, and a step line with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from survival.figures.style import COLOURS, GRID, LINE_STYLES, strip_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


class SharePlot(Protocol):
    """What the axes of a figure of shares need to know."""

    @property
    def last_month(self) -> float:
        """Where the axis of months ends."""

    @property
    def ticks_months(self) -> NDArray[np.float64]:
        """Where it has its ticks."""

    @property
    def time_label(self) -> str:
        """What the months count from."""

    @property
    def value_label(self) -> str:
        """What the share is of."""


def look_of(place: int) -> tuple[str, object]:
    """Give the colour and the line style of the curve at a place."""
    return COLOURS[place % len(COLOURS)], LINE_STYLES[place % len(LINE_STYLES)]


def draw_share_axes(axes: Axes, plot: SharePlot) -> None:
    """Draw an axis of months and one of per cent."""
    axes.set_xlim(0, plot.last_month)
    axes.set_ylim(0, 1.02)
    axes.set_xticks(plot.ticks_months)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value} %" for value in range(0, 101, 20)])
    axes.set_xlabel(plot.time_label)
    axes.set_ylabel(plot.value_label)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    strip_axes(axes)


def draw_steps(
    axes: Axes,
    place: int,
    label: str,
    months: NDArray[np.float64],
    share: NDArray[np.float64],
    *,
    band: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """Draw a share as steps, with its band where that exists, in the look of a place."""
    colour, style = look_of(place)
    lower, upper = band
    known = np.isfinite(lower) & np.isfinite(upper)
    axes.fill_between(
        months[known], lower[known], upper[known], step="post", color=colour, alpha=0.13, linewidth=0, zorder=2
    )
    axes.step(months, share, where="post", color=colour, linestyle=style, linewidth=1.7, label=label, zorder=4)
