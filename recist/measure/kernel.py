"""Everything that is measured on one lesion, from its runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from recist.measure.chord import longest_chord, unit_vector
from recist.measure.extent import longest_extent
from recist.measure.holes import fill_holes
from recist.measure.hull import CORNERS_A_ROW, farthest_pair, hull_of_rows, smallest_width
from recist.measure.outline import outline_segments
from recist.measure.pieces import count_pieces

if TYPE_CHECKING:
    import numpy.typing as npt

    from recist.measure.hull import Points, RowEnds
    from recist.measure.runs import Bounds, Places

TIE_MM = 1e-9

FIELDS = (
    *("long_axis_mm", "short_axis_mm", "min_feret_mm", "diameter_3d_mm", "n_voxels", "n_pieces", "slice_index"),
    *(f"{axis}{end}" for end in "1234" for axis in "yx"),
)
"""What a row of the result holds; the ends in pixels, 1 and 2 of the long axis, 3 and 4 of the short one."""

N_LENGTHS = len(FIELDS) - 8


@njit(cache=True, nogil=True)
def measure_lesions(places: Places, bounds: Bounds, spacing: Points, offsets: Points, found: Points) -> None:
    """Measure some lesions.

    Parameters
    ----------
    places, bounds
        As in :class:`recist.measure.runs.Runs`, for these lesions.
    spacing : (3,) float64
        Between slices, rows and columns in mm; the first is NaN where the slices make no volume.
    offsets : (2,) float64
        How far the outline lies beyond the outermost pixel centres, in pixels: for the long and for the short axis.
    found : (n_lesions, len(FIELDS)) float64
        Written to.
    """
    for k in range(bounds.size - 1):
        _measure(places[bounds[k] : bounds[k + 1]], spacing, offsets, found[k])


@njit(cache=True, nogil=True)
def _measure(places: Places, spacing: Points, offsets: Points, found: Points) -> None:
    """Measure one lesion."""
    scale = spacing[1:]
    rows, row_begins = _merge_rows(places)
    n_slices = row_begins.size - 1
    corners = np.empty((CORNERS_A_ROW * rows.shape[0] + 1, 2))
    begins = np.zeros(n_slices + 1, np.int64)
    depths = np.empty(n_slices)
    best_mm, best_area, best, n_voxels = -1.0, -1, 0, 0
    for k in range(n_slices):
        part = rows[row_begins[k] : row_begins[k + 1]]
        area = 0
        for j in range(part.shape[0]):
            area += part[j, 4]
        n_voxels += area
        depths[k] = part[0, 0] * spacing[0]
        begins[k + 1] = begins[k] + hull_of_rows(part[:, 1:4], offsets[0], scale, corners[begins[k] :])
        hull = corners[begins[k] : begins[k + 1]]
        if _diagonal(hull) < best_mm - TIE_MM:
            continue
        length_mm = math.sqrt(farthest_pair(hull)[0])
        if length_mm > best_mm + TIE_MM or (abs(length_mm - best_mm) <= TIE_MM and area > best_area):
            best_mm, best_area, best = length_mm, area, k
    rows, hull = rows[row_begins[best] : row_begins[best + 1]], corners[begins[best] : begins[best + 1]]
    mask, first_column = _draw(places, rows)
    ends, short_axis_mm = _axes_on_slice(fill_holes(mask), hull, best_mm, scale, offsets)
    for k in range(4):
        for axis in range(2):
            origin = 0 if k < 2 else (rows[0, 1], first_column)[axis]
            found[N_LENGTHS + 2 * k + axis] = ends[k, axis] / scale[axis] + origin
    found[0], found[1], found[2] = best_mm, short_axis_mm, smallest_width(hull)
    found[3] = longest_extent(corners, begins, depths, best_mm) if spacing[0] > 0.0 else math.nan
    found[4], found[5], found[6] = n_voxels, count_pieces(places), rows[0, 0]


@njit(cache=True, nogil=True)
def _merge_rows(places: Places) -> tuple[RowEnds, Bounds]:
    """Give for every row of a lesion (slice, row, first column, last column, pixels), and where each slice begins."""
    rows = np.empty((places.shape[0], 5), np.int64)
    begins = np.empty(places.shape[0] + 1, np.int64)
    n, n_slices = 0, 0
    for k in range(places.shape[0]):
        size = places[k, 3] - places[k, 2]
        if n and places[k, 0] == rows[n - 1, 0] and places[k, 1] == rows[n - 1, 1]:
            rows[n - 1, 3] = places[k, 3] - 1
            rows[n - 1, 4] += size
            continue
        if n == 0 or places[k, 0] != rows[n - 1, 0]:
            begins[n_slices] = n
            n_slices += 1
        rows[n, 0], rows[n, 1], rows[n, 2] = places[k, 0], places[k, 1], places[k, 2]
        rows[n, 3], rows[n, 4] = places[k, 3] - 1, size
        n += 1
    begins[n_slices] = n
    return rows[:n], begins[: n_slices + 1]


@njit(cache=True, nogil=True)
def _diagonal(points: Points) -> float:
    """Compute the diagonal of the box round some points, which no distance between them exceeds."""
    low_row, high_row, low_column, high_column = math.inf, -math.inf, math.inf, -math.inf
    for k in range(points.shape[0]):
        low_row, high_row = min(low_row, points[k, 0]), max(high_row, points[k, 0])
        low_column, high_column = min(low_column, points[k, 1]), max(high_column, points[k, 1])
    return math.hypot(high_row - low_row, high_column - low_column)


@njit(cache=True, nogil=True)
def _draw(places: Places, rows: RowEnds) -> tuple[npt.NDArray[np.bool_], int]:
    """Draw the slice of some rows as a mask that is no larger than the lesion on it; give its first column too."""
    first_column, last_column = rows[0, 2], rows[0, 3]
    for k in range(rows.shape[0]):
        first_column, last_column = min(first_column, rows[k, 2]), max(last_column, rows[k, 3])
    mask = np.zeros((rows[-1, 1] - rows[0, 1] + 1, last_column - first_column + 1), np.bool_)
    for k in range(places.shape[0]):
        if places[k, 0] == rows[0, 0]:
            for column in range(places[k, 2], places[k, 3]):
                mask[places[k, 1] - rows[0, 1], column - first_column] = True
    return mask, first_column


@njit(cache=True, nogil=True)
def _axes_on_slice(
    solid: npt.NDArray[np.bool_], hull: Points, long_axis_mm: float, scale: Points, offsets: Points
) -> tuple[Points, float]:
    """Give the ends of both axes in mm, the long one's first, and the length of the short one.

    Of several lines as long as the long axis the one with the longest short axis is taken, so that a lesion measures
    the same however the patient lies. The ends of the short axis count from the corner of the mask.
    """
    ends, longest_mm = np.zeros((4, 2)), -1.0
    for i in range(hull.shape[0]):
        for j in range(i, hull.shape[0]):
            if math.hypot(hull[i, 0] - hull[j, 0], hull[i, 1] - hull[j, 1]) < long_axis_mm - TIE_MM:
                continue
            short_axis_mm, short_ends = _short_axis(solid, hull[i], hull[j], scale, offsets)
            if short_axis_mm > longest_mm + TIE_MM:
                longest_mm = short_axis_mm
                for axis in range(2):
                    ends[0, axis], ends[1, axis] = hull[i, axis], hull[j, axis]
                    ends[2, axis], ends[3, axis] = short_ends[0, axis], short_ends[1, axis]
    return ends, longest_mm


@njit(cache=True, nogil=True)
def _short_axis(
    solid: npt.NDArray[np.bool_], start: Points, end: Points, scale: Points, offsets: Points
) -> tuple[float, Points]:
    """Find the longest line inside the lesion that is perpendicular to the long axis; its ends in mm of the mask."""
    length_mm, ends = 0.0, np.zeros((2, 2))
    for offset in (offsets[1], offsets[0]):
        segments = outline_segments(solid, offset)
        for k in range(segments.shape[0]):
            for j in range(4):
                segments[k, j] *= scale[j % 2]
        length_mm, ends = longest_chord(segments, unit_vector(start, end))
        if length_mm <= math.hypot(end[0] - start[0], end[1] - start[1]):
            break  # else a lesion of a few pixels: one offset for both
    return length_mm, ends
