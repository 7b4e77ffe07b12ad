"""Spider plot: how the sum of target diameters changed over time, a line a patient, a panel a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import RECIST_1_1
from survival.figures.categories import CATEGORIES, CLIP_PCT, category_of
from survival.figures.kaplan_meier import axis_ticks
from survival.figures.limits import draw_limits, say_change
from survival.figures.style import GRID, INK, MEDIUM, QUIET, RULE, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from recist.criteria import Criteria
    from survival.figures.categories import Category

PANEL_INCHES = 1.75
LEFT_INCHES, RIGHT_INCHES, MIDDLE_INCHES = 0.62, 0.45, 0.2
TOP_INCHES, GAP_INCHES, BOTTOM_INCHES = 0.3, 0.32, 0.72
SHOWN_SHARE = 0.95


def draw_spider(reads: pd.DataFrame, *, criteria: Criteria = RECIST_1_1, time_label: str) -> Figure:
    """Draw the courses in panels by best response; the others stay as a faint ground.

    Parameters
    ----------
    reads : pandas.DataFrame
        One row per patient and read after baseline: ``subject, months, change_pct, best_response, new_lesion`` (true
        where the read shows one). Reads without a change are not drawn.
    criteria : Criteria
        Whose limits are drawn.
    time_label : str
    """
    known = reads[reads["change_pct"].notna()]
    best = known.drop_duplicates("subject")["best_response"].map(lambda code: category_of(str(code)).code)
    shown = [category for category in CATEGORIES if best.eq(category.code).any()]
    columns = 2 if len(shown) > 1 else 1
    rows = -(-max(len(shown), 1) // columns)
    height = TOP_INCHES + BOTTOM_INCHES + rows * PANEL_INCHES + (rows - 1) * GAP_INCHES
    figure = new_figure(MEDIUM, height)
    width = (MEDIUM - LEFT_INCHES - RIGHT_INCHES - (columns - 1) * MIDDLE_INCHES) / columns
    last = last_month(known)
    for place, category in enumerate(shown):
        row, column = divmod(place, columns)
        left = LEFT_INCHES + column * (width + MIDDLE_INCHES)
        bottom = height - TOP_INCHES - PANEL_INCHES - row * (PANEL_INCHES + GAP_INCHES)
        axes = add_axes_inches(figure, left, bottom, width, PANEL_INCHES)
        _draw_axes(axes, last, criteria, is_left=column == 0, is_right=column == columns - 1)
        is_lowest = place + columns >= len(shown)
        axes.tick_params(labelbottom=is_lowest)
        _draw_panel(axes, known, category)
    if not shown:
        figure.text(0.5, 0.6, "no measurable change", ha="center", color=QUIET)
        return figure
    figure.text(0.5, 0.36 / height, time_label, ha="center", fontsize=SMALL_PT + 0.5, color=INK)
    _draw_key(figure, height, has_new=bool(known["new_lesion"].astype(bool).any()))
    return figure


def last_month(reads: pd.DataFrame) -> float:
    """Choose where the axis ends: where the reads of all but one in twenty patients have ended."""
    if reads.empty:
        return 1.0
    ends = reads.groupby("subject")["months"].max().to_numpy(dtype="float64")
    return max(float(np.quantile(ends, SHOWN_SHARE, method="higher")) * 1.03, 1.0)


def _draw_axes(axes: Axes, last: float, criteria: Criteria, *, is_left: bool, is_right: bool) -> None:
    axes.set_xlim(0, last)
    axes.set_ylim(-105, 112)
    axes.set_xticks(axis_ticks(last))
    if len(axes.get_xticks()) > 6:
        axes.set_xticks(axes.get_xticks()[::2])
    axes.set_yticks(np.arange(-100, 101, 50), [say_change(value) for value in range(-100, 101, 50)])
    axes.tick_params(labelleft=is_left, labelsize=SMALL_PT)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(0, color=QUIET, linewidth=0.7, zorder=1.5)
    draw_limits(axes, criteria, is_labelled=is_right)
    strip_axes(axes)


def _draw_panel(axes: Axes, known: pd.DataFrame, category: Category) -> None:
    courses = [course for _, course in known.groupby("subject", sort=False)]
    codes = [category_of(str(course["best_response"].iloc[0])).code for course in courses]
    ground = [_steps(course) for course, code in zip(courses, codes, strict=True) if code != category.code]
    if ground:
        broken = [np.append(values, np.nan) for pair in ground for values in pair]
        months, change = np.concatenate(broken[::2]), np.concatenate(broken[1::2])
        axes.plot(months, np.minimum(change, CLIP_PCT), color=RULE, linewidth=0.5, alpha=0.7, zorder=2, label="others")
    own = [course for course, code in zip(courses, codes, strict=True) if code == category.code]
    for course in own:
        _draw_course(axes, course, category)
    title = f"{category.name} (n = {len(own)})"
    axes.set_title(title, loc="left", fontsize=SMALL_PT, fontweight="bold", color=category.line, pad=4)


def _steps(course: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Begin every course at no change on the index date."""
    months = np.concatenate([[0.0], course["months"].to_numpy(dtype="float64")])
    return months, np.concatenate([[0.0], course["change_pct"].to_numpy(dtype="float64")])


def _draw_course(axes: Axes, course: pd.DataFrame, category: Category) -> None:
    months, change = _steps(course)
    shown = np.minimum(change, CLIP_PCT)
    axes.plot(months, shown, color=category.line, linewidth=1.0, alpha=0.85, zorder=3, label="course")
    axes.plot(months[-1], shown[-1], marker="o", markersize=2.4, color=category.line, zorder=4)
    beyond = change > CLIP_PCT
    if beyond.any():
        axes.plot(months[beyond], shown[beyond] + 5, ls="none", marker="^", markersize=3.5, color=category.line)
    is_new = np.concatenate([[False], course["new_lesion"].to_numpy(dtype=bool)])
    if is_new.any():
        new = (months[is_new], shown[is_new])
        axes.plot(*new, ls="none", marker="x", markersize=4.5, mew=1.2, color=INK, zorder=5, label="new lesion")


def _draw_key(figure: Figure, height: float, *, has_new: bool) -> None:
    words = "● last read" + ("   × new lesion" if has_new else "")
    figure.text(LEFT_INCHES / MEDIUM, 0.1 / height, words, fontsize=SMALL_PT, color=QUIET)
