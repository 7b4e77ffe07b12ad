"""The numbers below the axis of survival curves: for each curve who is at risk, left and had the event, tick by tick.

References
----------
Morris TP et al. Proposals on Kaplan-Meier plots in medical research. BMJ Open 2019;9:e030215.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survival.figures.style import INK, QUIET, SMALL_PT, add_axes_inches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

LINE_INCHES = 0.165
GAP_INCHES = 0.06
LONGEST_NAME = 90


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskRows:
    """The rows of one curve.

    Attributes
    ----------
    label, colour, style
        Name and look of the curve.
    names : tuple of str
        What each row counts.
    counts : ndarray of shape (n_rows, n_ticks)
    """

    label: str
    colour: str
    style: Any
    names: tuple[str, ...]
    counts: NDArray[Any]


def height_inches(blocks: Sequence[RiskRows]) -> float:
    """Tell how much room the rows need."""
    headings = len(blocks) if len(blocks) > 1 else 0
    rows = sum(len(block.names) for block in blocks) + headings
    return rows * LINE_INCHES + max(len(blocks) - 1, 0) * GAP_INCHES + 0.06


def draw_risk_rows(figure: Figure, axes: Axes, blocks: Sequence[RiskRows], ticks: NDArray[Any]) -> None:
    """Write the rows at the foot of the figure, every number under its tick of the axes."""
    box = axes.get_position()
    full_width, _ = figure.get_size_inches()
    height, left = height_inches(blocks), box.x0 * full_width
    table = add_axes_inches(figure, left, 0, box.width * full_width, height)
    table.set_xlim(axes.get_xlim())
    table.set_ylim(height, 0)
    table.set_axis_off()
    low, high = axes.get_xlim()
    margin = low - (high - low) * (left - 0.08) / (box.width * full_width)
    per_inch = (high - low) / (box.width * full_width)
    top = 0.0
    for block in blocks:
        if len(blocks) > 1:
            _draw_heading(table, block, top + LINE_INCHES / 2, margin, per_inch)
            top += LINE_INCHES
        for name, counts in zip(block.names, block.counts, strict=True):
            middle = top + LINE_INCHES / 2
            table.text(margin, middle, name, va="center", fontsize=SMALL_PT, color=QUIET, clip_on=False)
            for tick, count in zip(ticks, counts, strict=True):
                table.text(tick, middle, str(int(count)), va="center", ha="center", fontsize=SMALL_PT, color=INK)
            top += LINE_INCHES
        top += GAP_INCHES


def _draw_heading(table: Axes, block: RiskRows, middle: float, margin: float, per_inch: float) -> None:
    sample = (margin, margin + 0.24 * per_inch)
    table.plot(sample, (middle, middle), color=block.colour, linestyle=block.style, linewidth=1.7, clip_on=False)
    name = block.label if len(block.label) <= LONGEST_NAME else block.label[: LONGEST_NAME - 1] + "…"
    table.text(
        margin + 0.31 * per_inch,
        middle,
        name,
        va="center",
        fontsize=SMALL_PT,
        fontweight="bold",
        color=block.colour,
        clip_on=False,
    )
