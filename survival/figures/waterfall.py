"""Waterfall plot: how far the sum of target diameters of each patient changed, from largest growth to largest fall.

References
----------
Eisenhauer EA et al. Eur J Cancer 2009;45:228-247 (the limits of partial response and progression).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import RECIST_1_1
from survival.figures.categories import CATEGORIES, CLIP_PCT, category_of
from survival.figures.limits import draw_limits, say_change
from survival.figures.style import GRID, INK, MEDIUM, QUIET, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recist.criteria import Criteria

PANEL_INCHES = 2.3
LEFT_INCHES, RIGHT_INCHES = 0.62, 0.5
TOP_INCHES, GAP_INCHES, BOTTOM_INCHES = 0.3, 0.34, 0.3
HATCH = "//////"
BAR_SHARE = 0.84
FEW = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaterfallPanel:
    """One row of bars.

    Attributes
    ----------
    title : str
    changes : pandas.DataFrame
        One row per patient: ``change_pct`` (of the sum of diameters from baseline), ``response`` (category) and
        ``only_new_lesion`` (true where nothing but a new lesion makes it PD). Rows without a change are not drawn.
    """

    title: str
    changes: pd.DataFrame


def sort_changes(changes: pd.DataFrame) -> pd.DataFrame:
    """Leave out who has no change, and sort from the largest growth to the largest fall."""
    known = changes[changes["change_pct"].notna()]
    return known.sort_values("change_pct", ascending=False, kind="stable").reset_index(drop=True)


def draw_waterfall(panels: tuple[WaterfallPanel, ...], *, criteria: Criteria = RECIST_1_1) -> Figure:
    """Draw panels of bars above each other, on one scale."""
    height = TOP_INCHES + BOTTOM_INCHES + len(panels) * PANEL_INCHES + (len(panels) - 1) * GAP_INCHES
    figure = new_figure(MEDIUM, height)
    width = MEDIUM - LEFT_INCHES - RIGHT_INCHES
    for place, panel in enumerate(panels):
        bottom = height - TOP_INCHES - PANEL_INCHES - place * (PANEL_INCHES + GAP_INCHES)
        axes = add_axes_inches(figure, LEFT_INCHES, bottom, width, PANEL_INCHES)
        bars = sort_changes(panel.changes)
        _draw_axes(axes, f"{panel.title} (n = {len(bars)})", len(bars))
        draw_limits(axes, criteria)
        if len(bars):
            _draw_bars(axes, bars)
            _draw_key(axes, bars)
        else:
            axes.text(0.5, 0.75, "no measurable change", transform=axes.transAxes, ha="center", color=QUIET)
    figure.text(LEFT_INCHES / MEDIUM, 0.1 / height, "Each bar is one patient", fontsize=SMALL_PT, color=QUIET)
    return figure


def _draw_axes(axes: Axes, title: str, n: int) -> None:
    axes.set_xlim(-0.8, max(n, FEW) - 0.2)
    axes.set_ylim(-108, 112)
    axes.set_yticks(np.arange(-100, 101, 50), [say_change(value) for value in range(-100, 101, 50)])
    axes.set_xticks([])
    axes.set_title(title, loc="left", fontsize=SMALL_PT + 0.5, fontweight="bold", color=INK, pad=5)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(0, color=QUIET, linewidth=0.8, zorder=4)
    strip_axes(axes)
    axes.spines["bottom"].set_visible(False)


def _draw_bars(axes: Axes, bars: pd.DataFrame) -> None:
    looks = [category_of(str(code)) for code in bars["response"]]
    change = bars["change_pct"].to_numpy(dtype="float64")
    only_new = bars["only_new_lesion"].to_numpy(dtype=bool)
    places = np.arange(len(bars))
    for rows, hatch in ((~only_new, None), (only_new, HATCH)):
        axes.bar(
            places[rows],
            np.minimum(change, CLIP_PCT)[rows],
            width=BAR_SHARE,
            facecolor=[looks[place].fill if hatch is None else "white" for place in places[rows]],
            edgecolor=[looks[place].line for place in places[rows]],
            hatch=hatch,
            linewidth=0.6,
            zorder=3,
        )
    bar_points = (MEDIUM - LEFT_INCHES - RIGHT_INCHES) * 72 / max(len(bars), FEW) * BAR_SHARE
    for place in places[change > CLIP_PCT]:
        look = looks[place].line
        size = min(max(bar_points * 0.8, 1.2), 4.5)
        axes.plot(place, CLIP_PCT + 5, marker="^", markersize=size, color=look, mew=0, zorder=6, clip_on=False)


def _draw_key(axes: Axes, bars: pd.DataFrame) -> None:
    from matplotlib.patches import Patch

    counts = bars["response"].map(lambda code: category_of(str(code)).code).value_counts()
    entries = [
        Patch(
            facecolor=category.fill,
            edgecolor=category.line,
            linewidth=0.6,
            label=f"{category.code} {counts[category.code]}",
        )
        for category in CATEGORIES
        if category.code in counts
    ]
    only_new = int(bars["only_new_lesion"].astype(bool).sum())
    if only_new:
        look = category_of("PD")
        entries.append(
            Patch(
                facecolor="white",
                edgecolor=look.line,
                hatch=HATCH,
                linewidth=0.6,
                label=f"PD by a new lesion only {only_new}",
            )
        )
    axes.legend(
        handles=entries,
        loc="upper right",
        frameon=False,
        fontsize=SMALL_PT,
        handlelength=1.1,
        handleheight=0.9,
        ncols=2,
        columnspacing=1.2,
        borderaxespad=0.1,
        labelspacing=0.35,
    )
