"""The outline of a lesion on one slice.

The outline is the marching-squares contour of the mask whose corners lie `offset` pixels outward from the centres of
the outermost pixels. Pixels that touch at a corner belong together. All arrays of points hold (row, column) in pixels.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Points = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@njit(cache=True, nogil=True)
def outline_segments(mask: Mask, offset: float) -> Points:
    """Cut the outline into straight pieces, in no particular order.

    Parameters
    ----------
    mask : (n_rows, n_columns) bool
    offset : float
        Pixels, from 0 to below 1.

    Returns
    -------
    (n, 4) float64
        row, column of one end, row, column of the other, in pixels.
    """
    n_rows, n_columns = mask.shape
    segments = np.empty((2 * (n_rows + 1) * (n_columns + 1), 4))
    n = 0
    inside = np.zeros(4, np.bool_)
    for row in range(-1, n_rows):
        for column in range(-1, n_columns):
            for k in range(4):
                r, c = row + CORNERS[k, 0], column + CORNERS[k, 1]
                inside[k] = 0 <= r < n_rows and 0 <= c < n_columns and mask[r, c]
            if inside[0] == inside[1] == inside[2] == inside[3]:
                continue
            # walk round the cell from an edge outside the lesion; a piece runs from where the walk leaves the
            # lesion to where it enters again, which keeps two pixels that touch at a corner joined
            start = _first_way_in(inside)
            for step in range(start + 1, start + 5):
                k, after = step % 4, (step + 1) % 4
                if inside[k] and not inside[after]:
                    segments[n, 0] = row + _between(k, after, 0, offset)
                    segments[n, 1] = column + _between(k, after, 1, offset)
                elif inside[after] and not inside[k]:
                    segments[n, 2] = row + _between(after, k, 0, offset)
                    segments[n, 3] = column + _between(after, k, 1, offset)
                    n += 1
    return segments[:n]


CORNERS = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])  # of a cell between four pixel centres, in walking order


@njit(cache=True, nogil=True)
def _first_way_in(inside: Mask) -> int:
    """Find the first edge of a cell on which the walk enters the lesion."""
    for k in range(4):
        if inside[(k + 1) % 4] and not inside[k]:
            return k
    return 0


@njit(cache=True, nogil=True)
def _between(inner: int, outer: int, axis: int, offset: float) -> float:
    """Place the outline on an edge of a cell, `offset` from the corner that is inside; along one axis."""
    place: float = CORNERS[inner, axis] + offset * (CORNERS[outer, axis] - CORNERS[inner, axis])
    return place
