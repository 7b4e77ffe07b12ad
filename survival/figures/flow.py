"""The cohort flow as a figure: boxes, who left and why, counts on every arrow."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from survival.figures.style import INK, QUIET, RULE, SHADE, SMALL_PT, add_axes_inches, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from survival.flow import Chain, Counted, Step

COLUMN_INCHES = 1.8
GAP_INCHES = 0.08
LINE_INCHES = 0.145
PADDING_INCHES = 0.08
ARROW_INCHES = 0.3
TRUNK_INCHES, SIDE_INDENT_INCHES = 0.3, 0.62
WRAP_BOX, WRAP_SIDE, WRAP_SPLIT = 25, 18, 29
SPACE = "\u00a0"
MARGIN_INCHES = 0.12


def draw_flow(chains: tuple[Chain, ...]) -> Figure:
    """Draw the cohort on top and one column for each domain below it."""
    heads = [chain for chain in chains if chain.domain == "cohort"]
    columns = [chain for chain in chains if chain.domain != "cohort"]
    head_height = sum(_chain_height(chain) for chain in heads)
    column_height = max((_chain_height(chain, chain.name) for chain in columns), default=0)
    bridge = ARROW_INCHES + 0.2 if heads and columns else 0
    width = max(len(columns), 1) * (COLUMN_INCHES + GAP_INCHES) - GAP_INCHES + 2 * MARGIN_INCHES
    width = max(width, COLUMN_INCHES * 1.6)
    height = head_height + bridge + column_height + 2 * MARGIN_INCHES
    figure = new_figure(width, height)
    axes = add_axes_inches(figure, 0, 0, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    top = MARGIN_INCHES
    middle = width / 2
    for chain in heads:
        top = _draw_chain(axes, chain, middle - COLUMN_INCHES / 2, top)
    lefts = [MARGIN_INCHES + place * (COLUMN_INCHES + GAP_INCHES) for place in range(len(columns))]
    if heads and columns:
        _draw_bridge(axes, (middle, top), [left + COLUMN_INCHES / 2 for left in lefts], top + bridge, columns)
    for left, chain in zip(lefts, columns, strict=True):
        _draw_chain(axes, chain, left, top + bridge, title=chain.name)
    return figure


def _lines(counted: Counted, wrap: int, title: str = "") -> list[str]:
    label = f"{title}: {counted.label}" if title else counted.label[:1].upper() + counted.label[1:]
    return textwrap.wrap(f"{label} (n\u00a0=\u00a0{counted.n})", wrap)


def _side_lines(entries: tuple[Counted, ...], wrap: int = WRAP_SIDE) -> list[str]:
    lines: list[str] = []
    for entry in entries:
        if entry.n:
            lines += textwrap.wrap(
                f"{entry.n}{SPACE}{SPACE}{entry.label}", wrap, subsequent_indent=3 * SPACE, break_on_hyphens=False
            )
    return lines


def _split_lines(step: Step) -> list[str]:
    words = ", ".join(f"{entry.label}\u00a0{entry.n}" for entry in step.splits)
    return textwrap.wrap(words, WRAP_SPLIT, break_on_hyphens=False)


def _box_height(lines: int) -> float:
    return lines * LINE_INCHES + 2 * PADDING_INCHES


def _step_height(step: Step, *, is_last: bool, title: str) -> float:
    height = _box_height(len(_lines(step.box, WRAP_BOX, title)) + len(_split_lines(step)))
    if is_last:
        return height
    lines = _side_lines(step.excluded)
    return height + (_box_height(len(lines)) if lines else 0) + ARROW_INCHES


def _chain_height(chain: Chain, title: str = "") -> float:
    last = len(chain.steps) - 1
    return sum(
        _step_height(step, is_last=place == last, title=title if place == 0 else "")
        for place, step in enumerate(chain.steps)
    )


def _draw_box(axes: Axes, left: float, top: float, width: float, lines: list[str], **look: Any) -> float:
    from matplotlib.patches import FancyBboxPatch

    height = _box_height(len(lines))
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=look.get("face", SHADE),
            edgecolor=look.get("edge", QUIET),
            linewidth=0.8,
        )
    )
    for place, line in enumerate(lines):
        weight = "bold" if place < look.get("bold", 0) else "normal"
        anchor = left + (PADDING_INCHES if look.get("align") == "left" else width / 2)
        axes.text(
            anchor,
            top + PADDING_INCHES + (place + 0.5) * LINE_INCHES,
            line,
            ha="left" if look.get("align") == "left" else "center",
            va="center_baseline",
            fontsize=SMALL_PT,
            fontweight=weight,
        )
    return height


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": QUIET,
            "linewidth": 0.9,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 9,
        },
    )


def _count_on_arrow(axes: Axes, x: float, y: float, n: int, **place: str) -> None:
    axes.text(x, y, str(n), fontsize=SMALL_PT, color=INK, va=place.get("va", "center"), ha=place.get("ha", "left"))


def _draw_chain(axes: Axes, chain: Chain, left: float, top: float, title: str = "") -> float:
    last = len(chain.steps) - 1
    for place, step in enumerate(chain.steps):
        lines = _lines(step.box, WRAP_BOX, title if place == 0 else "")
        top += _draw_box(axes, left, top, COLUMN_INCHES, lines + _split_lines(step), bold=len(lines))
        if place < last:
            top = _draw_exclusion(axes, step, chain.steps[place + 1].box.n, left, top)
    return top


def _draw_exclusion(axes: Axes, step: Step, remaining: int, left: float, top: float) -> float:
    trunk = left + TRUNK_INCHES
    lines = _side_lines(step.excluded)
    side = _box_height(len(lines)) if lines else 0
    bottom = top + side + ARROW_INCHES
    _arrow(axes, (trunk, top), (trunk, bottom))
    _count_on_arrow(axes, trunk - 0.07, bottom - 0.16, remaining, ha="right")
    if lines:
        middle = top + ARROW_INCHES / 2 + side / 2
        _arrow(axes, (trunk, middle), (left + SIDE_INDENT_INCHES, middle))
        out = sum(entry.n for entry in step.excluded)
        _count_on_arrow(axes, (trunk + left + SIDE_INDENT_INCHES) / 2, middle - 0.05, out, ha="center", va="bottom")
        width = COLUMN_INCHES - SIDE_INDENT_INCHES
        _draw_box(
            axes, left + SIDE_INDENT_INCHES, top + ARROW_INCHES / 2, width, lines, face="white", edge=RULE, align="left"
        )
    return bottom


def _draw_bridge(
    axes: Axes, start: tuple[float, float], centres: list[float], bottom: float, columns: list[Chain]
) -> None:
    middle, top = start
    level = top + (bottom - top) * 0.35
    axes.plot([middle, middle], [top, level], color=QUIET, linewidth=0.9)
    axes.plot([min(centres), max(centres)], [level, level], color=QUIET, linewidth=0.9)
    for centre, chain in zip(centres, columns, strict=True):
        _arrow(axes, (centre, level), (centre, bottom))
        _count_on_arrow(axes, centre + 0.07, bottom - 0.2, chain.steps[0].box.n)
