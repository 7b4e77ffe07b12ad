"""Bland and Altman's picture of two readers: the difference against the mean, with bias and limits of agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.figures.style import COLOURS, GRID, INK, MEDIUM, QUIET, SMALL_PT, add_axes_inches, new_figure, strip_axes
from survival.words.wording import say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from recist.agreement.bland_altman import LimitsOfAgreement

WIDTH, HEIGHT = MEDIUM, 3.6  # inches


def draw_bland_altman(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    limits: LimitsOfAgreement,
    *,
    readers: tuple[str, str],
    what: str,
) -> Figure:
    """Draw the differences of two readers against their means.

    Parameters
    ----------
    first, second : numpy.ndarray
        The same sizes by either reader; shape (n,).
    limits : LimitsOfAgreement
        Bias and limits, second reader less first.
    readers : (str, str)
    what : str
        What was measured, with its unit.
    """
    figure = new_figure(WIDTH, HEIGHT)
    axes = add_axes_inches(figure, 0.7, 0.55, WIDTH - 2.05, HEIGHT - 0.95)
    axes.set_axisbelow(True)
    axes.grid(color=GRID, linewidth=0.8)
    axes.scatter((first + second) / 2, second - first, s=18, color=COLOURS[0], alpha=0.65, linewidths=0)
    lines = (
        ("upper limit", limits.upper_limit, limits.upper_limit_lower, limits.upper_limit_upper, (0, (5, 1.6))),
        ("bias", limits.bias, limits.bias_lower, limits.bias_upper, "-"),
        ("lower limit", limits.lower_limit, limits.lower_limit_lower, limits.lower_limit_upper, (0, (5, 1.6))),
    )
    for name, value, low, high, style in lines:
        _draw_line(axes, name, (value, low, high), style)
    axes.axhline(0, color=QUIET, linewidth=0.6)
    unit = f", {what.rpartition(', ')[2]}" if ", " in what else ""
    axes.set_xlabel(f"mean of the two readers: {what}")
    axes.set_ylabel(f"{readers[1]} less {readers[0]}{unit}")
    title = f"{limits.n} pairs of {limits.n_subjects} subjects"
    axes.set_title(title, loc="left", fontsize=9, color=INK)
    strip_axes(axes)
    return figure


def _draw_line(axes: Axes, name: str, values: tuple[float, float, float], style: object) -> None:
    value, low, high = values
    if not np.isfinite(value):
        return
    axes.axhline(value, color=COLOURS[1], linewidth=1.2, linestyle=style)
    interval = ""
    if np.isfinite(low) and np.isfinite(high):
        axes.axhspan(low, high, color=COLOURS[1], alpha=0.1, linewidth=0)
        interval = f"\n({say_number(low)} to {say_number(high)})"
    axes.annotate(
        f"{name} {say_number(value)}{interval}",
        xy=(1, value),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL_PT,
        color=INK,
    )
