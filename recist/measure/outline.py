"""The outline of a lesion on one slice, its convex hull, and the widths of that hull.

The outline is the marching-squares contour of the mask whose corners lie `offset` pixels outward from the centres of
the outermost pixels. Pixels that touch at a corner belong together. All arrays of points hold (row, column) in pixels
until they are scaled to millimetres.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Points = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_POINTS_PER_ROW = 6


@njit(cache=True, nogil=True)
def extreme_points(mask: Mask, offset: float) -> Points:
    """List the only points of the outline that can lie on its convex hull.

    For every row with lesion in it: the first and the last pixel, each moved `offset` outward along the row and both
    ways across it.

    Parameters
    ----------
    mask : (n_rows, n_columns) bool
    offset : float
        Pixels.

    Returns
    -------
    (n, 2) float64
        (row, column) in pixels; rows ascending.
    """
    n_rows, n_columns = mask.shape
    points = np.empty((_POINTS_PER_ROW * n_rows, 2))
    n = 0
    for row in range(n_rows):
        first = -1
        last = -1
        for column in range(n_columns):
            if mask[row, column]:
                last = column
                if first < 0:
                    first = column
        if first < 0:
            continue
        for column, side in ((first, -1.0), (last, 1.0)):
            points[n, 0], points[n, 1] = row, column + side * offset
            points[n + 1, 0], points[n + 1, 1] = row - offset, column
            points[n + 2, 0], points[n + 2, 1] = row + offset, column
            n += 3
    return points[:n]


@njit(cache=True, nogil=True)
def _turn(a: Points, b: Points, c: Points) -> float:
    """Twice the area of a triangle: positive for a left turn at `b`."""
    doubled: float = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return doubled


@njit(cache=True, nogil=True)
def convex_hull(points: Points) -> Points:
    """Find the convex hull by Andrew's monotone chain.

    Parameters
    ----------
    points : (n, 2) float64

    Returns
    -------
    (n_hull, 2) float64
        Corners in order, none twice; one point when all coincide, two when all lie on a line.
    """
    order = np.argsort(points[:, 1], kind="mergesort")
    order = order[np.argsort(points[order, 0], kind="mergesort")]
    hull = np.empty((2 * points.shape[0] + 1, 2))
    n = 0
    for k in order:
        while n > 1 and _turn(hull[n - 2], hull[n - 1], points[k]) <= 0.0:
            n -= 1
        hull[n] = points[k]
        n += 1
    floor = n + 1
    for k in order[::-1][1:]:
        while n >= floor and _turn(hull[n - 2], hull[n - 1], points[k]) <= 0.0:
            n -= 1
        hull[n] = points[k]
        n += 1
    return hull[: max(n - 1, 1)].copy()


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
    inside = np.zeros(4, dtype=np.bool_)
    for row in range(-1, n_rows):
        for column in range(-1, n_columns):
            for k in range(4):
                r, c = row + CORNERS[k, 0], column + CORNERS[k, 1]
                inside[k] = 0 <= r < n_rows and 0 <= c < n_columns and mask[r, c]
            if inside.all() or not inside.any():
                continue
            # walk round the cell from an edge outside the lesion; a piece runs from where the walk leaves the
            # lesion to where it enters again, which keeps two pixels that touch at a corner joined
            start = _first_way_in(inside)
            for step in range(start + 1, start + 5):
                k, after = step % 4, (step + 1) % 4
                if inside[k] and not inside[after]:
                    segments[n, :2] = _between(k, after, offset)
                elif inside[after] and not inside[k]:
                    segments[n, 2:] = _between(after, k, offset)
                    segments[n] += np.array([row, column, row, column])
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
def _between(inner: int, outer: int, offset: float) -> Points:
    """Place the outline on an edge of a cell, `offset` from the corner that is inside."""
    place: Points = CORNERS[inner] + offset * (CORNERS[outer] - CORNERS[inner])
    return place
