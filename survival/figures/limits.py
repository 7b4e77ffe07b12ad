"""The changes at which response criteria speak of partial response and progression, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.figures.style import INK, SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from recist.criteria import Criteria


def limits_pct(criteria: Criteria) -> tuple[float, float]:
    """Give the changes at which partial response begins and at which growth is progression, in per cent.

    Examples
    --------
    >>> from recist.criteria import RECIST_1_1
    >>> limits_pct(RECIST_1_1)
    (-30.0, 20.0)
    """
    return -100 * float(criteria.partial_response_decrease.value), 100 * float(criteria.progression_growth.value)


def say_change(value: float) -> str:
    """Write a change in whole per cent with its sign.

    Examples
    --------
    >>> say_change(-30.0)
    '−30 %'
    """
    return f"{value:+.0f} %".replace("-", "−") if value else "0 %"


def draw_limits(axes: Axes, criteria: Criteria, *, is_labelled: bool = True) -> None:
    """Draw both limits across the axes, with their value at the right edge."""
    for value in limits_pct(criteria):
        axes.axhline(value, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=5)
        if is_labelled:
            axes.annotate(
                say_change(value),
                xy=(1, value),
                xycoords=("axes fraction", "data"),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL_PT,
                color=INK,
            )
