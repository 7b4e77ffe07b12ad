"""How many separate pieces a lesion's mask has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    from recist.measure.runs import Places


@njit(cache=True, nogil=True)
def count_pieces(places: Places) -> int:
    """Count the pieces of one lesion; voxels that touch at a side, an edge or a corner belong together.

    Every run is joined with those of the row before and of the three nearest rows of the slice before that it
    touches. The runs come in order, so each of the four rows is followed by a pointer that only moves forward.

    Parameters
    ----------
    places : (n, 4) int32
        Slice, row, first column, end; ascending.
    """
    n: int = places.shape[0]
    parent = np.arange(n)
    n_pieces = n
    for up, down in ((0, -1), (-1, -1), (-1, 0), (-1, 1)):
        j = 0
        for i in range(n):
            line_slice, line_row = places[i, 0] + up, places[i, 1] + down
            while j < n and (
                places[j, 0] < line_slice
                or (places[j, 0] == line_slice and places[j, 1] < line_row)
                or (places[j, 0] == line_slice and places[j, 1] == line_row and places[j, 3] < places[i, 2])
            ):
                j += 1
            k = j
            while k < n and places[k, 0] == line_slice and places[k, 1] == line_row and places[k, 2] <= places[i, 3]:
                n_pieces -= _join(parent, i, k)
                k += 1
    return n_pieces


@njit(cache=True, nogil=True)
def _join(parent: npt.NDArray[np.int64], one: int, other: int) -> int:
    """Put two runs into one piece; 1 when they were in two."""
    first, second = _root(parent, one), _root(parent, other)
    if first == second:
        return 0
    parent[max(first, second)] = min(first, second)
    return 1


@njit(cache=True, nogil=True)
def _root(parent: npt.NDArray[np.int64], run: int) -> int:
    """Find the run that stands for a piece, and shorten the way to it."""
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run
