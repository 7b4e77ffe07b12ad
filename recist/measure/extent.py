"""The longest distance between two points of a lesion in three dimensions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    from recist.measure.hull import Points


@njit(cache=True, nogil=True)
def longest_extent(corners: Points, begins: npt.NDArray[np.int64], depths: Points, at_least_mm: float) -> float:
    """Find the longest distance between the hulls of a lesion's slices, each lying in the middle of its slice.

    Two slices, or a corner and a slice, are passed over when not even the circles round their hulls are far enough
    apart; slices far from each other are tried first, so that a long distance is known early.

    Parameters
    ----------
    corners : (n_corners, 2) float64
        Hull corners (row, column) in mm, slice after slice.
    begins : (n_slices + 1,) int64
        The corners of slice k stand in rows ``begins[k]`` to ``begins[k + 1]``.
    depths : (n_slices,) float64
        Place of each slice in mm, ascending.
    at_least_mm : float
        A distance already known, e.g. the long axis within a slice.

    Returns
    -------
    float
        Millimetres.
    """
    n = depths.size
    circles = np.empty((n, 3))
    for k in range(n):
        _write_circle(corners[begins[k] : begins[k + 1]], circles[k])
    best = at_least_mm**2
    for apart in range(n - 1, 0, -1):
        for low in range(n - apart):
            high = low + apart
            depth = (depths[high] - depths[low]) ** 2
            between = math.hypot(circles[low, 0] - circles[high, 0], circles[low, 1] - circles[high, 1])
            if depth + (between + circles[low, 2] + circles[high, 2]) ** 2 <= best:
                continue
            for i in range(begins[low], begins[low + 1]):
                reach = math.hypot(corners[i, 0] - circles[high, 0], corners[i, 1] - circles[high, 1])
                if depth + (reach + circles[high, 2]) ** 2 <= best:
                    continue
                for j in range(begins[high], begins[high + 1]):
                    squared = depth + (corners[i, 0] - corners[j, 0]) ** 2 + (corners[i, 1] - corners[j, 1]) ** 2
                    best = max(best, squared)
    return math.sqrt(best)


@njit(cache=True, nogil=True)
def _write_circle(corners: Points, circle: Points) -> None:
    """Write centre and radius in mm of a circle that holds all corners."""
    for axis in range(2):
        low, high = math.inf, -math.inf
        for k in range(corners.shape[0]):
            low, high = min(low, corners[k, axis]), max(high, corners[k, axis])
        circle[axis] = 0.5 * (low + high)
    circle[2] = 0.0
    for k in range(corners.shape[0]):
        circle[2] = max(circle[2], math.hypot(corners[k, 0] - circle[0], corners[k, 1] - circle[1]))
