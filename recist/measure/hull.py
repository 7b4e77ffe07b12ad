"""The convex hull of a lesion on one slice, found from the ends of its rows, and the widths of that hull.

Only the first and the last pixel of a row can lie on the hull, so the interior of a lesion is never looked at. All
arrays of points hold (row, column).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Points = npt.NDArray[np.float64]
RowEnds = npt.NDArray[np.int64]

CORNERS_A_ROW = 6  # three on either side


@njit(cache=True, nogil=True)
def hull_of_rows(row_ends: RowEnds, offset: float, scale: Points, hull: Points) -> int:
    """Find the convex hull of the outline that lies `offset` pixels beyond the outermost pixel centres.

    The last pixel of every row is walked upwards, then the first one downwards (a monotone chain that needs no
    sorting); each is moved `offset` outward along its row and both ways across it.

    Parameters
    ----------
    row_ends : (n, 3) int64
        Row, first and last column of the lesion; rows ascending.
    offset : float
        Pixels, from 0 to 1/2.
    scale : (2,) float64
        (Between rows, between columns) in mm.
    hull : (>= 6 n, 2) float64
        Written to: the corners in mm.

    Returns
    -------
    int
        Number of corners; 1 when all points coincide.
    """
    n = 0
    for k in range(row_ends.shape[0]):
        row, last = float(row_ends[k, 0]), float(row_ends[k, 2])
        n = _push(hull, n, 0, (row - offset) * scale[0], last * scale[1])
        n = _push(hull, n, 0, row * scale[0], (last + offset) * scale[1])
        n = _push(hull, n, 0, (row + offset) * scale[0], last * scale[1])
    floor = n - 1
    for k in range(row_ends.shape[0] - 1, -1, -1):
        row, first = float(row_ends[k, 0]), float(row_ends[k, 1])
        n = _push(hull, n, floor, (row + offset) * scale[0], first * scale[1])
        n = _push(hull, n, floor, row * scale[0], (first - offset) * scale[1])
        n = _push(hull, n, floor, (row - offset) * scale[0], first * scale[1])
    if n > 1 and hull[n - 1, 0] == hull[0, 0] and hull[n - 1, 1] == hull[0, 1]:
        n -= 1
    return n


@njit(cache=True, nogil=True)
def _push(hull: Points, n: int, floor: int, row: float, column: float) -> int:
    """Add a point to the chain that began at `floor`, and drop those before it that it makes inner ones."""
    while n > floor and n > 0 and hull[n - 1, 0] == row and hull[n - 1, 1] == column:
        n -= 1
    while n >= floor + 2:
        up, right = hull[n - 1, 0] - hull[n - 2, 0], hull[n - 1, 1] - hull[n - 2, 1]
        if up * (column - hull[n - 2, 1]) - right * (row - hull[n - 2, 0]) < 0.0:
            break
        n -= 1
    hull[n, 0], hull[n, 1] = row, column
    return n + 1


@njit(cache=True, nogil=True)
def farthest_pair(hull: Points) -> tuple[float, int, int]:
    """Find the two corners that lie farthest apart; of equals, the first in the order of the corners.

    Returns
    -------
    squared_distance : float
    first, second : int
        Positions in `hull`.
    """
    best, first, second = 0.0, 0, 0
    for i in range(hull.shape[0]):
        for j in range(i + 1, hull.shape[0]):
            squared = (hull[i, 0] - hull[j, 0]) ** 2 + (hull[i, 1] - hull[j, 1]) ** 2
            if squared > best:
                best, first, second = squared, i, j
    return best, first, second


@njit(cache=True, nogil=True)
def smallest_width(hull: Points) -> float:
    """Compute the smallest distance between two parallel lines that hold the hull between them (minimum Feret)."""
    n = hull.shape[0]
    if n <= 2:
        return 0.0
    smallest = math.inf
    for i in range(n):
        j = (i + 1) % n
        across, along = hull[j, 0] - hull[i, 0], hull[j, 1] - hull[i, 1]
        width = 0.0
        for k in range(n):
            width = max(width, abs(across * (hull[k, 1] - hull[i, 1]) - along * (hull[k, 0] - hull[i, 0])))
        smallest = min(smallest, width / math.hypot(across, along))
    return smallest
