"""The band along a first outline in which the fine outline is sought."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recist.segment.forest import FREE, LESION, SURROUNDINGS
from recist.segment.smooth import box_counts

Marks = npt.NDArray[np.uint8]


def mark_band(first: npt.NDArray[np.bool_], marks: Marks, width_px: tuple[int, int, int]) -> Marks:
    """Leave free only what is near the outline of a first mask; deeper in and farther out are seeds.

    Parameters
    ----------
    first : (n_slices, n_rows, n_columns) bool
    marks : (n_slices, n_rows, n_columns) uint8
        Seeds of the drawn line; they stay.
    width_px : (slices, rows, columns)
        How far in and how far out the band reaches.
    """
    counts = box_counts(first, width_px)
    full = (2 * width_px[0] + 1) * (2 * width_px[1] + 1) * (2 * width_px[2] + 1)
    is_free = marks == FREE
    band = marks.copy()
    band[is_free & (counts == full)] = LESION
    band[is_free & (counts == 0)] = SURROUNDINGS
    return band
