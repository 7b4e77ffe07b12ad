"""Length of a line drawn on one slice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_plane_length_mm(start_px: Sequence[float], end_px: Sequence[float], pixel_spacing_mm: Sequence[float]) -> float:
    """Compute the length of a line on a slice.

    Parameters
    ----------
    start_px, end_px : (row, column)
        End points, zero-based, integers being pixel centres.
    pixel_spacing_mm : (between rows, between columns)
        As DICOM PixelSpacing gives them (PS3.3 10.7.1.3).

    Returns
    -------
    float
        Millimetres.
    """
    return math.hypot(
        (end_px[0] - start_px[0]) * pixel_spacing_mm[0],
        (end_px[1] - start_px[1]) * pixel_spacing_mm[1],
    )
