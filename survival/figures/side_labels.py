"""Names of curves beside their ends, in place of a legend: a sample of the line, the name, and a word below it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from survival.figures.style import INK, SMALL_PT, add_axes_inches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 1.4
SAMPLE_INCHES = (0.07, 0.31)
TEXT_INCHES = 0.37
LINE_INCHES = 0.135
GAP_INCHES = 0.07
WRAP, MOST_LINES = 17, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLabel:
    """A name beside the axes.

    Attributes
    ----------
    text : str
    height : float
        Where it belongs, in data units of the axes.
    colour : str
    style : object
        Line style.
    below : str
        A word under the name, in the colour of text.
    wrap : int
        Most letters of a line.
    """

    text: str
    height: float
    colour: str
    style: Any
    below: str = ""
    wrap: int = WRAP

    @property
    def lines(self) -> list[str]:
        """The name in lines; what is too long ends with an ellipsis, the table below the axis has it whole."""
        wrapped = textwrap.wrap(self.text, self.wrap) or [""]
        shown = wrapped[:MOST_LINES]
        if len(wrapped) > MOST_LINES:
            shown[-1] = shown[-1][: self.wrap - 1] + "…"
        return shown

    @property
    def extent_inches(self) -> float:
        """How high it is."""
        return (len(self.lines) + bool(self.below)) * LINE_INCHES


def spread(centres: Sequence[float], extents: Sequence[float], *, low: float, high: float, gap: float) -> list[float]:
    """Move labels apart, as little as needed, and keep them between two ends where they fit.

    Examples
    --------
    >>> spread([1.0, 1.0], [1.0, 1.0], low=0.0, high=4.0, gap=0.0)
    [1.5, 0.5]
    """
    order = np.lexsort((-np.arange(len(centres)), np.asarray(centres, dtype="float64")))  # of equals the first on top
    places = np.asarray(centres, dtype="float64").copy()
    sizes = np.asarray(extents, dtype="float64")
    for _ in range(100):
        moved = False
        for below, above in pairwise(order):
            overlap = (sizes[below] + sizes[above]) / 2 + gap - (places[above] - places[below])
            if overlap > 1e-9:
                places[below] -= overlap / 2
                places[above] += overlap / 2
                moved = True
        inside = np.clip(places, low + sizes / 2, np.maximum(high - sizes / 2, low + sizes / 2))
        moved = moved or not np.allclose(inside, places)
        places = inside
        if not moved:
            break
    return [float(place) for place in places]


def draw_side_labels(figure: Figure, axes: Axes, labels: Sequence[SideLabel]) -> None:
    """Write labels to the right of the axes, at the heights they belong to."""
    box = axes.get_position()
    full_width, full_height = figure.get_size_inches()
    height = box.height * full_height
    side = add_axes_inches(figure, box.x1 * full_width, box.y0 * full_height, WIDTH_INCHES, height)
    side.set_xlim(0, WIDTH_INCHES)
    side.set_ylim(0, height)
    side.set_axis_off()
    low, high = axes.get_ylim()
    wanted = [(label.height - low) / (high - low) * height for label in labels]
    extents = [label.extent_inches for label in labels]
    for label, middle in zip(labels, spread(wanted, extents, low=-0.1, high=height, gap=GAP_INCHES), strict=True):
        _draw_label(side, label, middle)


def _draw_label(side: Axes, label: SideLabel, middle: float) -> None:
    top = middle + label.extent_inches / 2 - LINE_INCHES / 2
    side.plot(SAMPLE_INCHES, (top, top), color=label.colour, linestyle=label.style, linewidth=1.7, clip_on=False)
    for place, line in enumerate(label.lines):
        _write(side, top - place * LINE_INCHES, line, label.colour)
    if label.below:
        _write(side, top - len(label.lines) * LINE_INCHES, label.below, INK)


def _write(side: Axes, height: float, text: str, colour: str) -> None:
    side.text(TEXT_INCHES, height, text, va="center", fontsize=SMALL_PT, color=colour, clip_on=False)
