"""The longest line in a given direction that stays inside an outline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

if TYPE_CHECKING:
    from recist.measure.outline import Points

Bins = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], float, float]

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
    place, depth = _turn(segments, along)
    low, high = _range_of(place)
    shallow, deep = _range_of(depth)
    aside = _ASIDE * max(high - low, 1e-6)
    bins = _sort_into_bins(place, low, high)
    crossings = np.empty(n)
    middle = 0.5 * (shallow + deep)
    longest, where, near, far = 0.0, 0.5 * (low + high), middle, middle
    for k in range(2 * n):
        line = place[k // 2, 0] + (aside if k % 2 else -aside)
        n_crossings = _write_crossings(place, depth, line, bins, crossings)
        for j in range(0, n_crossings - 1, 2):
            if crossings[j + 1] - crossings[j] > longest + aside:
                longest, where, near, far = crossings[j + 1] - crossings[j], line, crossings[j], crossings[j + 1]
    ends = np.empty((2, 2))
    ends[0, 0], ends[0, 1] = where * along[0] - near * along[1], where * along[1] + near * along[0]
    ends[1, 0], ends[1, 1] = where * along[0] - far * along[1], where * along[1] + far * along[0]
    return longest, ends


@njit(cache=True, nogil=True)
def _range_of(values: Points) -> tuple[float, float]:
    """Find the smallest and the largest of some values."""
    low, high = math.inf, -math.inf
    for k in range(values.shape[0]):
        low, high = min(low, values[k, 0], values[k, 1]), max(high, values[k, 0], values[k, 1])
    return low, high


@njit(cache=True, nogil=True)
def _turn(segments: Points, along: npt.NDArray[np.float64]) -> tuple[Points, Points]:
    """Give for both ends of each piece its place along the direction, and its depth across it."""
    place, depth = np.empty((segments.shape[0], 2)), np.empty((segments.shape[0], 2))
    for k in range(segments.shape[0]):
        for end in range(2):
            row, column = segments[k, 2 * end], segments[k, 2 * end + 1]
            place[k, end] = row * along[0] + column * along[1]
            depth[k, end] = column * along[0] - row * along[1]
    return place, depth


@njit(cache=True, nogil=True)
def _sort_into_bins(place: Points, low: float, high: float) -> Bins:
    """Sort the pieces by where they begin, into bins as wide as the longest of them.

    A line in one bin then crosses pieces of that bin and of the one before only.

    Returns
    -------
    order : (n,) int64
        Pieces, bin after bin.
    begins : (n_bins + 1,) int64
        The pieces of bin b stand in ``order[begins[b]:begins[b + 1]]``.
    low, width : float
        Where the first bin begins, and how wide each is.
    """
    n, width = place.shape[0], 1e-6
    for k in range(n):
        width = max(width, abs(place[k, 1] - place[k, 0]))
    width *= 1 + _ASIDE
    n_bins = int((high - low) / width) + 1
    begins, order = np.zeros(n_bins + 2, np.int64), np.empty(n, np.int64)
    for k in range(n):
        begins[int((min(place[k, 0], place[k, 1]) - low) / width) + 2] += 1
    for b in range(1, n_bins + 2):
        begins[b] += begins[b - 1]
    for k in range(n):
        b = int((min(place[k, 0], place[k, 1]) - low) / width) + 1
        order[begins[b]] = k
        begins[b] += 1
    return order, begins, low, width


@njit(cache=True, nogil=True)
def _write_crossings(place: Points, depth: Points, line: float, bins: Bins, crossings: npt.NDArray[np.float64]) -> int:
    """Write where a line enters and leaves the outline, ascending; give how often."""
    order, begins, low, width = bins
    last = min(max(int((line - low) / width), 0), begins.size - 3)
    n = 0
    for at in range(begins[max(last - 1, 0)], begins[last + 1]):
        k = order[at]
        if (place[k, 0] <= line) == (place[k, 1] <= line):
            continue
        share = (line - place[k, 0]) / (place[k, 1] - place[k, 0])
        found = depth[k, 0] + share * (depth[k, 1] - depth[k, 0])
        slot = n
        while slot > 0 and crossings[slot - 1] > found:
            crossings[slot] = crossings[slot - 1]
            slot -= 1
        crossings[slot] = found
        n += 1
    return n


@njit(cache=True, nogil=True)
def unit_vector(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the direction from one point to another; along the row when they coincide."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    if length == 0.0:
        return np.array((0.0, 1.0))
    return np.array(((end[0] - start[0]) / length, (end[1] - start[1]) / length))
