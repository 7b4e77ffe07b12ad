"""Log(−log) survival against log time: curves of proportional hazards keep their distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.figures.panels import Grid, new_grid, title_panel
from survival.figures.shares import look_of
from survival.figures.side_labels import SideLabel, draw_side_labels
from survival.figures.style import GRID

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

PANEL_INCHES = 1.55
LABEL_INCHES = 1.12
WRAP = 13
DECADES = (0.1, 1, 10, 100, 1000)
BETWEEN = (0.3, 3, 30, 300)
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogLogPanel:
    """One grouping.

    Attributes
    ----------
    title : str
    curves : tuple of (label, months, survival)
        Each Kaplan-Meier curve as steps: at each time of an event the survival from it on.
    """

    title: str
    curves: tuple[tuple[str, NDArray[np.float64], NDArray[np.float64]], ...]


def transform(
    months: NDArray[np.float64], survival: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the log of time and the log of minus the log of survival, where both exist.

    Examples
    --------
    >>> time, value = transform(np.array([0.0, 1.0]), np.array([1.0, np.exp(-1.0)]))
    >>> time.tolist(), value.tolist()
    ([0.0], [0.0])
    """
    inside = (survival > 0) & (survival < 1) & (months > 0)
    return np.log(months[inside]), np.log(-np.log(survival[inside]))


def draw_log_log(panels: tuple[LogLogPanel, ...], *, time_label: str, columns: int = 2) -> Figure:
    """Draw a panel a grouping, each curve named beside its end."""
    shown = min(columns, max(len(panels), 1))
    grid = Grid(n=len(panels), columns=shown, panel_inches=PANEL_INCHES, right_inches=LABEL_INCHES, between_inches=0.34)
    figure, places = new_grid(grid, x_label=f"{time_label} (log scale)", y_label="log(−log survival)")
    for panel, axes in zip(panels, places, strict=True):
        labels = [_draw_curve(axes, curve, place) for place, curve in enumerate(panel.curves)]
        _set_ticks(axes)
        title_panel(axes, panel.title)
        draw_side_labels(figure, axes, [label for label in labels if label is not None])
    return figure


def _draw_curve(
    axes: Axes, curve: tuple[str, NDArray[np.float64], NDArray[np.float64]], place: int
) -> SideLabel | None:
    label, months, survival = curve
    time, value = transform(months, survival)
    if not len(time):
        return None
    colour, style = look_of(place)
    point = "o" if len(time) == 1 else None
    axes.step(
        time, value, where="post", color=colour, linestyle=style, linewidth=1.4, marker=point, markersize=3, label=label
    )
    return SideLabel(text=label, height=float(value[-1]), colour=colour, style=style, wrap=WRAP)


def _set_ticks(axes: Axes) -> None:
    low, high = axes.get_xlim()
    ticks = [tick for tick in DECADES if low <= np.log(tick) <= high]
    if len(ticks) < FEW:
        ticks = [tick for tick in sorted(DECADES + BETWEEN) if low <= np.log(tick) <= high]
    axes.set_xticks(np.log(ticks) if ticks else [], [f"{tick:g}" for tick in ticks])
    axes.grid(color=GRID, linewidth=0.7)
