"""Swimmer plot: a lane for each patient from the index date on, with treatments, response, progression and the end."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.categories import CATEGORIES, OTHER, category_of
from survival.figures.kaplan_meier import axis_ticks
from survival.figures.side_labels import LINE_INCHES, spread
from survival.figures.style import GRID, INK, MEDIUM, QUIET, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

LEFT_INCHES, RIGHT_INCHES, TOP_INCHES, BOTTOM_INCHES = 1.12, 0.18, 0.1, 0.86
PLOT_INCHES = 6.6
THICKEST_INCHES, THINNEST_INCHES = 0.24, 0.026
GAP_LANES = 1.6
MOST_LANES = 220
WRAP = 16
EDGE = 1.03
SHOWN_SHARE = 0.95
"""The axis ends where this share of the lanes has ended; longer ones run out of it with an arrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An event on a lane."""

    kind: str
    name: str
    marker: str
    face: str
    edge: str
    scale: float = 1.0


MARKS = (
    Mark(kind="treatment", name="treatment", marker="|", face=INK, edge=INK, scale=1.15),
    Mark(kind="response", name="first CR or PR", marker="o", face="white", edge="#08519C"),
    Mark(kind="progression", name="first PD", marker="D", face="#D55E00", edge="#7A2E00", scale=0.9),
    Mark(kind="death", name="death", marker="s", face=INK, edge=INK, scale=0.8),
    Mark(kind="censored", name="alive at last contact", marker=">", face="white", edge=INK, scale=1.05),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layout:
    """Where the lanes lie: their heights, the month at which the axis ends, and how thick one is."""

    places: NDArray[np.float64]
    edge: float
    lane_inches: float


def choose_lanes(lanes: pd.DataFrame, most: int = MOST_LANES) -> pd.DataFrame:
    """Sort lanes by category and length; of more than `most` take every so many-th, so that the shape stays."""
    codes = [category.code for category in CATEGORIES] + [""]
    rank = lanes["response"].map(lambda code: codes.index(category_of(str(code)).code))
    ordered = lanes.assign(_rank=rank).sort_values(["_rank", "end_months"], ascending=[True, False], kind="stable")
    ordered = ordered.drop(columns="_rank").reset_index(drop=True)
    if len(ordered) <= most:
        return ordered
    taken = np.unique(np.linspace(0, len(ordered) - 1, most).round().astype(int))
    return ordered.iloc[taken].reset_index(drop=True)


def draw_swimmer(lanes: pd.DataFrame, marks: pd.DataFrame, *, time_label: str, most: int = MOST_LANES) -> Figure:
    """Draw lanes in blocks by category, the longest on top of each block.

    Parameters
    ----------
    lanes : pandas.DataFrame
        One row per patient: ``subject, end_months, is_dead, response`` (category, empty where not assessed).
    marks : pandas.DataFrame
        One row per event: ``subject, months, kind`` (``treatment``, ``response`` or ``progression``).
    time_label : str
    most : int
        Most lanes drawn.
    """
    shown = choose_lanes(lanes, most)
    blocks = shown["response"].map(lambda code: category_of(str(code)).code)
    rank = blocks.ne(blocks.shift()).cumsum().to_numpy() - 1
    places = np.arange(len(shown)) + GAP_LANES * rank
    span = float(places[-1]) + 1 if len(places) else 1.0
    lane = float(np.clip(PLOT_INCHES / span, THINNEST_INCHES, THICKEST_INCHES))
    plot_height = span * lane
    figure = new_figure(MEDIUM, TOP_INCHES + plot_height + BOTTOM_INCHES)
    width = MEDIUM - LEFT_INCHES - RIGHT_INCHES
    axes = add_axes_inches(figure, LEFT_INCHES, BOTTOM_INCHES, width, plot_height)
    last = _last_month(shown)
    _draw_axes(axes, last, span, time_label)
    if len(shown):
        layout = _Layout(places=places, edge=last * EDGE, lane_inches=lane)
        _draw_lanes(axes, shown, layout)
        _draw_marks(axes, shown, marks, layout)
        _name_blocks(axes, blocks.to_numpy(), layout)
    _draw_key(figure)
    return figure


def _last_month(lanes: pd.DataFrame) -> float:
    if lanes.empty:
        return 1.0
    ends = lanes["end_months"].to_numpy(dtype="float64")
    return max(float(np.quantile(ends, SHOWN_SHARE, method="higher")), 1.0)


def _draw_axes(axes: Axes, last: float, span: float, time_label: str) -> None:
    axes.set_xlim(0, last * EDGE)
    axes.set_ylim(span - 0.3, -0.7)
    axes.set_xticks(axis_ticks(last))
    axes.set_yticks([])
    axes.set_xlabel(time_label)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    strip_axes(axes)
    axes.spines["left"].set_visible(False)


def _draw_lanes(axes: Axes, lanes: pd.DataFrame, layout: _Layout) -> None:
    looks = [category_of(str(code)) for code in lanes["response"]]
    axes.barh(
        layout.places,
        np.minimum(lanes["end_months"].to_numpy(dtype="float64"), layout.edge),
        height=0.72,
        color=[look.fill for look in looks],
        edgecolor=[look.line if look.fill == "#FFFFFF" else look.fill for look in looks],
        linewidth=0.3,
        zorder=2,
    )


def _draw_marks(axes: Axes, lanes: pd.DataFrame, marks: pd.DataFrame, layout: _Layout) -> None:
    size = float(np.clip(layout.lane_inches * 72 * 0.95, 2.4, 6.0))
    place_of = dict(zip(lanes["subject"], layout.places, strict=True))
    ends = lanes["end_months"].to_numpy(dtype="float64")
    is_dead = lanes["is_dead"].to_numpy(dtype=bool)
    is_in = ends <= layout.edge
    on_lanes = marks[marks["subject"].isin(place_of) & (marks["months"] <= layout.edge)]
    for mark in MARKS:
        own = on_lanes[on_lanes["kind"].eq(mark.kind)]
        months = own["months"].to_numpy(dtype="float64")
        heights = own["subject"].map(place_of).to_numpy(dtype="float64")
        if mark.kind in {"death", "censored"}:
            here = (is_dead == (mark.kind == "death")) & is_in
            months, heights = ends[here], layout.places[here]
        _draw_mark(axes, mark, months, heights, size)
    edge = np.full(int((~is_in).sum()), layout.edge)
    going = Mark(kind="goes on", name="goes on", marker="4", face=INK, edge=INK, scale=1.2)
    _draw_mark(axes, going, edge, layout.places[~is_in], size)


def _draw_mark(axes: Axes, mark: Mark, months: NDArray[np.float64], heights: NDArray[np.float64], size: float) -> None:
    axes.plot(
        months,
        heights,
        linestyle="none",
        marker=mark.marker,
        markersize=size * mark.scale,
        markerfacecolor=mark.face,
        markeredgecolor=mark.edge,
        markeredgewidth=1.0 if mark.marker == "|" else 0.6,
        zorder=5,
        clip_on=False,
        label=mark.kind,
    )


def _name_blocks(axes: Axes, blocks: NDArray[np.object_], layout: _Layout) -> None:
    low, high = axes.get_xlim()
    margin = low - (high - low) * (LEFT_INCHES - 0.08) / (MEDIUM - LEFT_INCHES - RIGHT_INCHES)
    codes = list(dict.fromkeys(blocks))
    own = {code: layout.places[blocks == code] for code in codes}
    looks = {code: category_of(code) if code else OTHER for code in codes}
    texts = {code: [*textwrap.wrap(looks[code].name, WRAP), f"n = {len(own[code])}"] for code in codes}
    sizes = [len(texts[code]) * LINE_INCHES / layout.lane_inches for code in codes]
    middles = [(own[code][0] + own[code][-1]) / 2 for code in codes]
    for code, middle in zip(codes, spread(middles, sizes, low=-0.7, high=1e9, gap=0), strict=True):
        axes.text(
            margin,
            middle,
            "\n".join(texts[code]),
            va="center",
            fontsize=SMALL_PT,
            color=looks[code].line,
            fontweight="bold",
            clip_on=False,
            linespacing=1.1,
        )


def _draw_key(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=mark.marker,
            markersize=5.5 * mark.scale,
            markerfacecolor=mark.face,
            markeredgecolor=mark.edge,
            markeredgewidth=1.2 if mark.marker == "|" else 0.7,
            label=mark.name,
        )
        for mark in MARKS
    ]
    handles.append(Line2D([], [], linestyle="none", marker="4", markersize=6, color=INK, label="goes on"))
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.0),
        ncols=3,
        frameon=False,
        fontsize=SMALL_PT,
        handletextpad=0.2,
        columnspacing=1.6,
        labelcolor=QUIET,
    )
