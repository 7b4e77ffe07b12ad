"""Hazard ratios as a forest: each term alone and together with the others, on one logarithmic scale, numbers beside."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.figures.style import COLOURS, GRID, INK, MEDIUM, QUIET, SHADE, SMALL_PT, add_axes_inches, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL_INCHES, NUMBERS_INCHES = 1.62, 1.06
ROW_INCHES, LINE_INCHES = 0.2, 0.125
HEAD_INCHES, AXIS_INCHES = 0.34, 0.46
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
LEAST, MOST = 0.05, 50
WRAP, LONGEST_HEADING = 27, 92
CLOSE = 0.22
NARROW_INCHES = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A hazard ratio with its interval, as number and as text."""

    hazard_ratio: float
    lower: float
    upper: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One row: a term with its ratios, or a heading where it has none."""

    label: str
    alone: Ratio | None = None
    together: Ratio | None = None

    @property
    def is_heading(self) -> bool:
        """Whether there is nothing to draw."""
        return self.alone is None and self.together is None

    @property
    def lines(self) -> list[str]:
        """The label in lines."""
        if self.is_heading:
            long = len(self.label) > LONGEST_HEADING
            return [self.label[: LONGEST_HEADING - 1] + "…" if long else self.label]
        return textwrap.wrap(self.label, WRAP) or [""]

    @property
    def height_inches(self) -> float:
        """Height of the row."""
        return ROW_INCHES + (len(self.lines) - 1) * LINE_INCHES


def draw_forest(
    rows: tuple[ForestRow, ...], *, value_label: str, text_header: str, headers: tuple[str, str] = ("Alone", "Together")
) -> Figure:
    """Draw rows from top to bottom; a side that no row has is left out.

    Parameters
    ----------
    rows : tuple of ForestRow
    value_label : str
        What the axis shows.
    text_header : str
        Above the numbers.
    headers : (str, str)
        What the two sides are.
    """
    sides = [side for side in ("alone", "together") if any(getattr(row, side) is not None for row in rows)]
    plot_height = sum(row.height_inches for row in rows)
    height = HEAD_INCHES + plot_height + AXIS_INCHES
    figure = new_figure(MEDIUM, height)
    whole = add_axes_inches(figure, 0, AXIS_INCHES, MEDIUM, plot_height)
    whole.set_xlim(0, MEDIUM)
    whole.set_ylim(plot_height, 0)
    whole.set_zorder(5)  # the bands of headings lie over the lines of the plots
    whole.set_axis_off()
    _draw_labels(whole, rows)
    width = (MEDIUM - LABEL_INCHES) / max(len(sides), 1) - NUMBERS_INCHES
    for place, side in enumerate(sides):
        left = LABEL_INCHES + place * (width + NUMBERS_INCHES)
        axes = add_axes_inches(figure, left, AXIS_INCHES, width, plot_height)
        _draw_axis(axes, rows, width)
        _draw_side(axes, whole, rows, side, left + width + 0.1)
        header = headers[0] if side == "alone" else headers[1]
        _write(whole, left, -0.17, header if len(sides) > 1 else "", is_bold=True)
        _write(whole, left + width + 0.1, -0.17, text_header, is_bold=True)
    middle = (LABEL_INCHES + (MEDIUM - LABEL_INCHES - NUMBERS_INCHES) / 2) / MEDIUM
    figure.text(middle, 0.05 / height, value_label, ha="center", fontsize=SMALL_PT, color=INK)
    return figure


def _write(axes: Axes, x: float, y: float, text: str, *, is_bold: bool = False) -> None:
    weight = "bold" if is_bold else "normal"
    axes.text(x, y, text, va="center", fontsize=SMALL_PT - 0.3, fontweight=weight, color=INK, clip_on=False)


def _draw_labels(whole: Axes, rows: tuple[ForestRow, ...]) -> None:
    top = 0.0
    for row in rows:
        if row.is_heading:
            whole.axhspan(top, top + row.height_inches, color=SHADE, linewidth=0)
        first = top + row.height_inches / 2 - (len(row.lines) - 1) * LINE_INCHES / 2
        for place, line in enumerate(row.lines):
            indent = 0.05 if row.is_heading else 0.14
            _write(whole, indent, first + place * LINE_INCHES, line, is_bold=row.is_heading)
        top += row.height_inches


def limits(rows: tuple[ForestRow, ...]) -> tuple[float, float]:
    """Choose the ends of the axis: all intervals, but no further than a fiftieth and fifty times."""
    ratios = [ratio for row in rows for ratio in (row.alone, row.together) if ratio is not None]
    low = min((min(ratio.lower, ratio.hazard_ratio) for ratio in ratios if ratio.lower > 0), default=0.5)
    high = max((max(ratio.upper, ratio.hazard_ratio) for ratio in ratios if math.isfinite(ratio.upper)), default=2.0)
    return max(min(low / 1.15, 0.5), LEAST), min(max(high * 1.15, 2.0), MOST)


def _draw_axis(axes: Axes, rows: tuple[ForestRow, ...], width: float) -> None:
    low, high = limits(rows)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(sum(row.height_inches for row in rows), 0)
    ticks = choose_ticks(low, high, close=CLOSE if width < NARROW_INCHES else CLOSE / 2)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.tick_params(labelsize=SMALL_PT - 0.3)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axvline(1, color=QUIET, linewidth=0.9, zorder=1)
    axes.patch.set_alpha(0)


def choose_ticks(low: float, high: float, *, close: float) -> list[float]:
    """Choose round ratios, 1 first and then away from it, that stand no nearer than a share of the axis.

    Examples
    --------
    >>> choose_ticks(0.5, 16, close=0.16)
    [0.5, 1, 2, 5, 10]
    """
    span = math.log(high / low)
    inside = sorted((tick for tick in TICKS if low <= tick <= high), key=lambda tick: abs(math.log(tick)))
    shown: list[float] = []
    for tick in inside:
        if all(abs(math.log(tick / other)) > close * span for other in shown):
            shown.append(tick)
    return sorted(shown)


def _draw_side(axes: Axes, whole: Axes, rows: tuple[ForestRow, ...], side: str, text_left: float) -> None:
    top = 0.0
    for row in rows:
        ratio: Ratio | None = getattr(row, side)
        middle = top + row.height_inches / 2
        if ratio is not None:
            _draw_ratio(axes, ratio, middle, is_filled=side == "together")
            _write(whole, text_left, middle, ratio.text)
        top += row.height_inches


def _draw_ratio(axes: Axes, ratio: Ratio, middle: float, *, is_filled: bool) -> None:
    low, high = axes.get_xlim()
    colour = COLOURS[0]
    left = max(ratio.lower, low) if math.isfinite(ratio.lower) else low
    right = min(ratio.upper, high) if math.isfinite(ratio.upper) else high
    if left < right:
        axes.plot([left, right], [middle, middle], color=colour, linewidth=1.3, solid_capstyle="butt", zorder=3)
    for limit, end, marker in ((ratio.lower, low, "<"), (ratio.upper, high, ">")):
        is_beyond = not math.isfinite(limit) or (limit < low if marker == "<" else limit > high)
        if is_beyond:
            axes.plot(end, middle, marker=marker, markersize=4.5, color=colour, clip_on=False, zorder=4)
    if low <= ratio.hazard_ratio <= high:
        face = colour if is_filled else "white"
        axes.plot(
            ratio.hazard_ratio, middle, marker="s", markersize=4.8, color=face, markeredgecolor=colour, mew=1, zorder=5
        )
