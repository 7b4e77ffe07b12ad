"""Scaled Schoenfeld residuals against time: whether a hazard ratio stays what it is.

References
----------
Grambsch PM, Therneau TM. Biometrika 1994;81:515-526.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.panels import Grid, new_grid, title_panel
from survival.figures.smooth import fit_smooth
from survival.figures.style import COLOURS, GRID, INK, QUIET
from survival.words.wording import DAYS_PER_MONTH, say_p_equals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

PANEL_INCHES = 1.25
MOST_TICKS = 4
TICK_MONTHS = (1, 2, 3, 6, 12, 18, 24, 36, 48, 60, 84, 120, 180, 240, 360)
CLOSE = 0.13
"""Ticks nearer to each other than this share of the axis are not both shown."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualPanel:
    """The residuals of one term.

    Attributes
    ----------
    title : str
    residuals : pandas.DataFrame
        One row per event: ``time`` (days), ``clock`` (transformed time) and ``value`` (coefficient plus scaled
        residual).
    coefficient : float
        Of the model, the same at all times.
    p_value : float
        Of the test of proportional hazards of the covariate.
    """

    title: str
    residuals: pd.DataFrame
    coefficient: float
    p_value: float


def draw_schoenfeld(panels: tuple[ResidualPanel, ...], *, columns: int = 3) -> Figure:
    """Draw a panel a term: points, their smooth with its band, and the coefficient of the model."""
    grid = Grid(n=len(panels), columns=min(columns, max(len(panels), 1)), panel_inches=PANEL_INCHES, between_inches=0.3)
    figure, places = new_grid(
        grid, x_label="Months (axis stretched by events)", y_label="Log hazard ratio at that time"
    )
    for panel, axes in zip(panels, places, strict=True):
        _draw_panel(axes, panel)
    return figure


def _draw_panel(axes: Axes, panel: ResidualPanel) -> None:
    clock = panel.residuals["clock"].to_numpy(dtype="float64")
    value = panel.residuals["value"].to_numpy(dtype="float64")
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.scatter(clock, value, s=5, color=QUIET, alpha=0.55, linewidths=0, zorder=2)
    smooth = fit_smooth(clock, value)
    if smooth is not None:
        axes.fill_between(smooth.x, smooth.lower, smooth.upper, color=COLOURS[0], alpha=0.16, linewidth=0, zorder=3)
        axes.plot(smooth.x, smooth.fit, color=COLOURS[0], linewidth=1.5, zorder=4)
    axes.axhline(panel.coefficient, color=COLOURS[1], linewidth=1.1, linestyle=(0, (5, 2)), zorder=5)
    axes.axhline(0, color=INK, linewidth=0.6, zorder=1.5)
    _set_ticks(axes, panel.residuals["time"].to_numpy(dtype="float64") / DAYS_PER_MONTH, clock)
    title_panel(axes, panel.title, "" if np.isnan(panel.p_value) else say_p_equals(panel.p_value))


def _set_ticks(axes: Axes, months: NDArray[np.float64], clock: NDArray[np.float64]) -> None:
    """Put round months where they lie on the transformed axis."""
    order = np.argsort(months, kind="stable")
    span = max(float(clock.max() - clock.min()), 1e-9)
    shown: list[tuple[float, int]] = []
    for tick in TICK_MONTHS:
        if not months.min() <= tick <= months.max():
            continue
        at = float(np.interp(tick, months[order], clock[order]))
        if not shown or at - shown[-1][0] > max(CLOSE, 0.7 / MOST_TICKS) * span:
            shown.append((at, tick))
    axes.set_xticks([at for at, _ in shown], [str(tick) for _, tick in shown])
