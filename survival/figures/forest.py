"""Hazard ratios as a forest: a square and a line for each term, on a logarithmic axis, the numbers beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.figures.style import COLOURS, GRID, INK, QUIET, SHADE, add_axes_inches, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 7.6
LABEL_INCHES = 2.75
NUMBERS_INCHES = 2.05
ROW_INCHES = 0.235
HEAD_INCHES = 0.32
AXIS_INCHES = 0.55
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One row: a term with its hazard ratio, or a heading where `hazard_ratio` is NaN."""

    label: str
    text: str = ""
    p_text: str = ""
    hazard_ratio: float = math.nan
    lower: float = math.nan
    upper: float = math.nan

    @property
    def is_heading(self) -> bool:
        """Whether there is nothing to draw."""
        return math.isnan(self.hazard_ratio)


def draw_forest(rows: tuple[ForestRow, ...], *, value_label: str, text_header: str) -> Figure:
    """Draw hazard ratios from top to bottom."""
    plot_height = len(rows) * ROW_INCHES
    height = HEAD_INCHES + plot_height + AXIS_INCHES
    figure = new_figure(WIDTH_INCHES, height)
    width = WIDTH_INCHES - LABEL_INCHES - NUMBERS_INCHES - 0.1
    axes = add_axes_inches(figure, LABEL_INCHES, AXIS_INCHES, width, plot_height)
    whole = add_axes_inches(figure, 0, AXIS_INCHES, WIDTH_INCHES, plot_height)
    whole.set_zorder(5)
    whole.set_xlim(0, WIDTH_INCHES)
    whole.set_ylim(len(rows), 0)
    whole.set_axis_off()
    _draw_axis(axes, rows, value_label)
    for place, row in enumerate(rows):
        _draw_words(whole, row, place)
        if not row.is_heading:
            _draw_ratio(axes, row, place + 0.5)
    top = -0.35
    whole.text(WIDTH_INCHES - NUMBERS_INCHES + 0.05, top, text_header, fontsize=8, fontweight="bold", clip_on=False)
    whole.text(WIDTH_INCHES - 0.08, top, "p", fontsize=8, fontweight="bold", ha="right", clip_on=False)
    return figure


def _limits(rows: tuple[ForestRow, ...]) -> tuple[float, float]:
    drawn = [row for row in rows if not row.is_heading]
    low = min((row.lower for row in drawn if row.lower > 0), default=0.5)
    high = max((row.upper for row in drawn if math.isfinite(row.upper)), default=2.0)
    return max(min(low / 1.15, 0.5), TICKS[0]), min(max(high * 1.15, 2.0), TICKS[-1])


def _draw_axis(axes: Axes, rows: tuple[ForestRow, ...], value_label: str) -> None:
    low, high = _limits(rows)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(len(rows), 0)
    ticks = [tick for tick in TICKS if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axvline(1, color=QUIET, linewidth=0.9, zorder=1)
    axes.set_xlabel(value_label, fontsize=8.3)
    axes.patch.set_alpha(0)


def _draw_words(axes: Axes, row: ForestRow, place: int) -> None:
    middle = place + 0.5
    if row.is_heading:
        axes.axhspan(place, place + 1, color=SHADE, linewidth=0, zorder=1)
        axes.text(0.06, middle, row.label, va="center", fontsize=8.2, fontweight="bold")
        return
    axes.text(0.2, middle, row.label, va="center", fontsize=8.2)
    axes.text(WIDTH_INCHES - NUMBERS_INCHES + 0.05, middle, row.text, va="center", fontsize=8.2)
    axes.text(WIDTH_INCHES - 0.08, middle, row.p_text, va="center", ha="right", fontsize=8.2)


def _draw_ratio(axes: Axes, row: ForestRow, middle: float) -> None:
    low, high = axes.get_xlim()
    left, right = max(row.lower, low), min(row.upper, high)
    axes.plot([left, right], [middle, middle], color=COLOURS[0], linewidth=1.3, solid_capstyle="butt", zorder=3)
    for limit, end, marker in ((row.lower, left, "<"), (row.upper, right, ">")):
        if limit != end:
            axes.plot(end, middle, marker=marker, markersize=4.5, color=COLOURS[0], clip_on=False, zorder=4)
    if low <= row.hazard_ratio <= high:
        axes.plot(
            row.hazard_ratio, middle, marker="s", markersize=5, color=COLOURS[0], markeredgecolor=INK, mew=0.3, zorder=5
        )
