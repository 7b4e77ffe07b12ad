"""Holes in a mask: pixels outside the lesion from which no way leads out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit


@njit(cache=True, nogil=True)
def fill_holes(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Fill the holes of a mask.

    The background is walked from outside along rows and columns only, since pixels of the lesion that touch at a
    corner are joined.

    Parameters
    ----------
    mask : (n_rows, n_columns) bool

    Returns
    -------
    (n_rows, n_columns) bool
    """
    n_rows, n_columns = mask.shape
    outside = np.zeros((n_rows + 2, n_columns + 2), np.bool_)
    waiting = np.empty((outside.size, 2), np.int64)
    waiting[0, 0], waiting[0, 1], outside[0, 0], n = 0, 0, True, 1
    while n > 0:
        n -= 1
        row, column = waiting[n, 0], waiting[n, 1]
        for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            r, c = row + down, column + right
            if not (0 <= r < n_rows + 2 and 0 <= c < n_columns + 2) or outside[r, c]:
                continue
            is_lesion = 1 <= r <= n_rows and 1 <= c <= n_columns and mask[r - 1, c - 1]
            if not is_lesion:
                outside[r, c] = True
                waiting[n, 0], waiting[n, 1] = r, c
                n += 1
    return ~outside[1:-1, 1:-1]
