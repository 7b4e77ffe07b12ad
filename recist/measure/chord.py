"""The longest line in a given direction that stays inside an outline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

if TYPE_CHECKING:
    from recist.measure.outline import Points

_ASIDE = 1e-9  # of the extent: how far beside a corner the line is laid, where the length has its limit


@njit(cache=True, nogil=True)
def longest_chord(segments: Points, along: npt.NDArray[np.float64]) -> tuple[float, Points]:
    """Find the longest unbroken line inside an outline that runs perpendicular to a given direction.

    Between two neighbouring corners of the outline the length of such a line changes linearly with its place, so the
    longest one lies beside a corner; all of them are tried, on both sides.

    Parameters
    ----------
    segments : (n, 4) float64
        Pieces of the outline in mm: row, column of one end, row, column of the other.
    along : (2,) float64
        Unit vector (row, column) that the chord is perpendicular to.

    Returns
    -------
    length : float
        Millimetres; 0 for an outline without area.
    ends : (2, 2) float64
        (row, column) of both ends in mm; the centre of the outline when the length is 0.
    """
    n = segments.shape[0]
    rows, columns = segments[:, 0::2], segments[:, 1::2]
    place = rows * along[0] + columns * along[1]  # of both ends, along the given direction
    depth = columns * along[0] - rows * along[1]  # and across it
    aside = _ASIDE * max(place.max() - place.min(), 1e-6)
    middle = 0.5 * (depth.max() + depth.min())
    longest, where, low, high = 0.0, 0.5 * (place.max() + place.min()), middle, middle
    for k in range(n):
        for line in (place[k, 0] - aside, place[k, 0] + aside):
            crossings = _crossings(place, depth, line)
            for j in range(0, crossings.size - 1, 2):
                if crossings[j + 1] - crossings[j] > longest + aside:
                    longest, where, low, high = crossings[j + 1] - crossings[j], line, crossings[j], crossings[j + 1]
    ends = np.array(
        [
            [where * along[0] - low * along[1], where * along[1] + low * along[0]],
            [where * along[0] - high * along[1], where * along[1] + high * along[0]],
        ]
    )
    return longest, ends


@njit(cache=True, nogil=True)
def _crossings(place: Points, depth: Points, line: float) -> npt.NDArray[np.float64]:
    """Find where a line enters and leaves the outline, ascending."""
    found = np.empty(place.shape[0])
    n = 0
    for j in range(place.shape[0]):
        if (place[j, 0] <= line) != (place[j, 1] <= line):
            share = (line - place[j, 0]) / (place[j, 1] - place[j, 0])
            found[n] = depth[j, 0] + share * (depth[j, 1] - depth[j, 0])
            n += 1
    return np.sort(found[:n])


@njit(cache=True, nogil=True)
def unit_vector(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the direction from one point to another; along the row when they coincide."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    if length == 0.0:
        return np.array([0.0, 1.0])
    return (end - start) / length
