"""The body in a scan: what remains without table, blankets and the air around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.resample import LOWEST_HU, OUTSIDE
from recist.register.threads import in_parts

if TYPE_CHECKING:
    from recist.register.resample import Volume

TISSUE_HU = -300.0
OPENING_MM = 8.0  # thinner things touching the body, such as the table top, are no body
SMALLEST_BODY_ML = 250.0


@njit(cache=True, nogil=True)
def _fill(volume, filled, first, last):  # type: ignore[no-untyped-def]
    """Leave True what cannot be reached from the edge of a slice without crossing tissue."""
    n_rows, n_columns = volume.shape[1:]
    reached = np.empty((n_rows * n_columns, 2), np.int64)
    for i in range(first, last):
        n = 0
        for j in range(n_rows):
            for k in range(n_columns):
                at_edge = j == 0 or k == 0 or j == n_rows - 1 or k == n_columns - 1
                if at_edge and volume[i, j, k] <= TISSUE_HU and filled[i, j, k]:
                    filled[i, j, k] = False
                    reached[n] = j, k
                    n += 1
        while n:
            n -= 1
            j, k = reached[n]
            for dj, dk in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                y, x = j + dj, k + dk
                if not (0 <= y < n_rows and 0 <= x < n_columns):
                    continue
                if volume[i, y, x] <= TISSUE_HU and filled[i, y, x]:
                    filled[i, y, x] = False
                    reached[n] = y, x
                    n += 1


def find_body(volume: Volume, edge_mm: float) -> npt.NDArray[np.bool_]:
    """Find the largest piece of tissue, with everything that it encloses on a slice.

    Parameters
    ----------
    volume : (n_z, n_y, n_x) float32
        HU on an even grid.
    edge_mm : float

    Returns
    -------
    bool of the same shape
        All False where there is no piece of `SMALLEST_BODY_ML`.
    """
    from scipy import ndimage

    filled = np.ones(volume.shape, np.bool_)
    in_parts(len(volume), _fill, volume, filled)
    rounds = max(round(OPENING_MM / edge_mm), 1)
    in_plane = ndimage.generate_binary_structure(2, 1)[np.newaxis]
    core = ndimage.binary_erosion(filled, in_plane, rounds, border_value=1)
    pieces, n_pieces = ndimage.label(core)
    if n_pieces == 0:
        return np.zeros(volume.shape, np.bool_)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    body = ndimage.binary_dilation(pieces == int(sizes.argmax()), in_plane, rounds) & filled
    if body.sum() * edge_mm**3 < SMALLEST_BODY_ML * 1000:
        return np.zeros(volume.shape, np.bool_)
    return np.asarray(body)


def keep_body(volume: Volume, body: npt.NDArray[np.bool_]) -> Volume:
    """Put air where there is no body; what the scan does not show stays `OUTSIDE`."""
    return np.asarray(np.where(body | (volume <= OUTSIDE / 2), volume, LOWEST_HU), np.float32)
