"""The band along a first outline in which the fine outline is sought."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.segment.forest import FREE, LESION, SURROUNDINGS
from recist.segment.smooth import box_counts

Marks = npt.NDArray[np.uint8]


@njit(cache=True, nogil=True)
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
    band = marks.copy()
    for k in range(marks.shape[0]):
        for r in range(marks.shape[1]):
            for c in range(marks.shape[2]):
                if marks[k, r, c] != FREE:
                    continue
                if counts[k, r, c] == full:
                    band[k, r, c] = LESION
                elif counts[k, r, c] == 0:
                    band[k, r, c] = SURROUNDINGS
    return band
