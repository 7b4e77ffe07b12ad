"""A grid of small panels that share their frame: places in inches, titles, one label for each axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.figures.style import INK, MEDIUM, SMALL_PT, add_axes_inches, new_figure, strip_axes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOP_INCHES, BOTTOM_INCHES, LEFT_INCHES = 0.36, 0.52, 0.62
GAP_ABOVE_INCHES = 0.58
LONGEST_TITLE = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How panels lie.

    Attributes
    ----------
    n, columns : int
    panel_inches : float
        Height of a panel.
    right_inches : float
        Room to the right of each panel.
    between_inches : float
        Room to the left of each panel but the first of a row.
    """

    n: int
    columns: int
    panel_inches: float
    right_inches: float = 0.15
    between_inches: float = 0.45

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.n // self.columns)

    @property
    def height_inches(self) -> float:
        """Height of the figure."""
        return TOP_INCHES + BOTTOM_INCHES + self.rows * self.panel_inches + (self.rows - 1) * GAP_ABOVE_INCHES

    @property
    def width_inches(self) -> float:
        """Width of a panel."""
        room = MEDIUM - LEFT_INCHES - self.columns * self.right_inches - (self.columns - 1) * self.between_inches
        return room / self.columns


def new_grid(grid: Grid, *, x_label: str, y_label: str) -> tuple[Figure, Iterator[Axes]]:
    """Make the figure with its labels, and give the panels one by one, row by row."""
    figure = new_figure(MEDIUM, grid.height_inches)
    figure.text(0.5, 0.06 / grid.height_inches, x_label, ha="center", va="bottom", fontsize=SMALL_PT + 0.5, color=INK)
    middle = (BOTTOM_INCHES + (grid.height_inches - BOTTOM_INCHES - TOP_INCHES) / 2) / grid.height_inches
    figure.text(0.05 / MEDIUM, middle, y_label, rotation=90, va="center", fontsize=SMALL_PT + 0.5, color=INK)
    return figure, _panels(figure, grid)


def _panels(figure: Figure, grid: Grid) -> Iterator[Axes]:
    from matplotlib.ticker import MaxNLocator

    for place in range(grid.n):
        row, column = divmod(place, grid.columns)
        left = LEFT_INCHES + column * (grid.width_inches + grid.right_inches + grid.between_inches)
        bottom = grid.height_inches - TOP_INCHES - (row + 1) * grid.panel_inches - row * GAP_ABOVE_INCHES
        axes = add_axes_inches(figure, left, bottom, grid.width_inches, grid.panel_inches)
        axes.tick_params(labelsize=SMALL_PT - 0.5)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.set_axisbelow(True)
        strip_axes(axes)
        yield axes


def title_panel(axes: Axes, title: str, below: str = "") -> None:
    """Write a title above a panel, cut where it is too long, and a line below it."""
    text = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    raised = 13 if below else 3
    axes.annotate(
        text,
        xy=(0, 1),
        xycoords="axes fraction",
        xytext=(0, raised),
        textcoords="offset points",
        fontsize=SMALL_PT - 0.2,
        fontweight="bold",
        color=INK,
    )
    if below:
        axes.annotate(
            below,
            xy=(0, 1),
            xycoords="axes fraction",
            xytext=(0, 3),
            textcoords="offset points",
            fontsize=SMALL_PT - 0.5,
            color=INK,
        )
