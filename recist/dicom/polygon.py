"""Which pixels lie inside contours.

A pixel is inside when its centre is inside, or on the contour: within a hundredth of a pixel of it, so that rounded
coordinates do not decide. Inside is what a line from outside enters by crossing contours an odd number of times: of
several contours on a slice an inner one is a hole, and one within that is an island; a keyhole, whose way in and way
out lie on each other, is a hole too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.dicom.seg.segment import Bools

ON_CONTOUR_PX = 0.01
MOST_CROSSINGS = 200_000_000

Floats = npt.NDArray[np.float64]


def fill_polygons(rings: Sequence[Floats], size: tuple[int, int], *, only_inner: bool = False) -> Bools:
    """Find the pixels inside closed contours.

    Parameters
    ----------
    rings : sequence of (n_points, 2)
        (row, column) of the corners, zero-based, whole numbers being pixel centres. A ring closes by itself.
    size : (n_rows, n_columns)
    only_inner : bool
        Leave out pixels whose centres lie on a contour.

    Returns
    -------
    (n_rows, n_columns) bool

    Raises
    ------
    DicomError
        When the contours cross the rows so often that filling them would take minutes.
    """
    inside = np.zeros(size, dtype=bool)
    whole = [ring for ring in rings if len(ring) >= 3]
    if not whole:
        return inside
    edges = np.concatenate([np.hstack((ring, np.roll(ring, -1, axis=0))) for ring in whole])
    rows = np.clip(edges[:, 0::2], -1, size[0])
    if np.abs(rows[:, 1] - rows[:, 0]).sum() + len(edges) > MOST_CROSSINGS:
        raise DicomError("its contours run to and fro too often to be filled")
    sign = -1.0 if only_inner else 1.0
    above, below = (_scan(edges, size, shift, sign * ON_CONTOUR_PX) for shift in (-ON_CONTOUR_PX, ON_CONTOUR_PX))
    return above & below if only_inner else above | below


@njit(cache=True, nogil=True)
def _scan(edges: Floats, size: tuple[int, int], shift: float, margin: float) -> npt.NDArray[np.bool_]:
    """Fill each row between the 1st and 2nd, 3rd and 4th, … crossing of the line `shift` below its centres."""
    n_rows, n_columns = size
    counts = np.zeros(n_rows + 1, dtype=np.int64)
    for pass_number in range(2):
        if pass_number == 1:
            offsets = np.cumsum(counts)
            crossings = np.empty(offsets[-1])
            filled = offsets - counts
        for k in range(len(edges)):
            y1, x1, y2, x2 = edges[k]
            if y1 > y2:
                y1, x1, y2, x2 = y2, x2, y1, x1
            first = max(0, int(np.ceil(max(y1 - shift, -1.0))))
            end = min(n_rows, int(np.ceil(min(y2 - shift, n_rows + 1.0))))
            for row in range(first, end):
                if pass_number == 0:
                    counts[row] += 1
                else:
                    crossings[filled[row]] = x1 + (row + shift - y1) * (x2 - x1) / (y2 - y1)
                    filled[row] += 1
    inside = np.zeros((n_rows, n_columns), dtype=np.bool_)
    for row in range(n_rows):
        line = np.sort(crossings[offsets[row] - counts[row] : offsets[row]])
        for k in range(0, line.size - 1, 2):
            first = max(0, int(np.ceil(max(line[k] - margin, -1.0))))
            end = min(n_columns, int(np.floor(min(line[k + 1] + margin, n_columns + 1.0))) + 1)
            for column in range(first, end):
                inside[row, column] = True
    return inside
