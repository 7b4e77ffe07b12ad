"""Where the edge of a lesion lies between the last pixel inside and the first one outside.

A mask says which pixel centres are inside; the true edge runs somewhere between them. Each convention moves the
outline a fixed share of a pixel outward from the centres of the outermost pixels, along rows and along columns.

The long axis ends at corners of the outline, the farthest of all; the short axis ends on its sides. A corner found as
the farthest of many lies farther out than a side, so the offset that is right on average is larger for the short axis.
The mean errors in the table were measured on digitised ellipses of 20 to 50 mm, pixels of 0.7 to 0.9 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Convention(StrEnum):
    """Name of a boundary convention; it stands beside every measurement."""

    QUARTER = "quarter"
    CENTRE = "centre"
    EDGE = "edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """How far outward the outline lies.

    Attributes
    ----------
    long_axis_offset_px, short_axis_offset_px : float
        Offset from the outermost pixel centres for each axis.
    meaning : str
        Who measures so, and how far from the truth it is.
    """

    long_axis_offset_px: float
    short_axis_offset_px: float
    meaning: str


BOUNDARIES = {
    Convention.QUARTER: Boundary(
        long_axis_offset_px=1 / 4,
        short_axis_offset_px=1 / 3,
        meaning="nearest to the truth around the 10 mm threshold: long axis −0.0 to +0.3 mm, short axis ±0.15 mm",
    ),
    Convention.CENTRE: Boundary(
        long_axis_offset_px=0.0,
        short_axis_offset_px=0.0,
        meaning="between pixel centres, as OpenCV, scipy and ITK: long axis −0.05 to −0.4 mm, short axis −0.55 mm",
    ),
    Convention.EDGE: Boundary(
        long_axis_offset_px=1 / 2,
        short_axis_offset_px=1 / 2,
        meaning="midpoints of pixel edges, as pyradiomics and DIPlib: long axis +0.35 to +0.85 mm, short +0.05 to +0.3",
    ),
}
