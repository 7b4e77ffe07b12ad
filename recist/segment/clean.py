"""From margins to a mask: cut, smoothed, in one piece, without holes.

Every step keeps order: a mask within another stays within it, so masks cut at falling margins remain nested.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.segment.smooth import box_counts

Mask = npt.NDArray[np.bool_]

MAJORITY = 0.46  # just below one half: the surface of a lesion bulges


def cut_mask(margins: npt.NDArray[np.int32], seeds: Mask, level: int, radius_px: tuple[int, int, int]) -> Mask:
    """Take the voxels above a margin, smooth their surface, keep what holds the seeds, and fill holes.

    Parameters
    ----------
    margins : (n_slices, n_rows, n_columns) int32
    seeds : (n_slices, n_rows, n_columns) bool
        Where the lesion surely is.
    level : int
    radius_px : (slices, rows, columns)
        Half size of the box in which the majority decides; parts thinner than it are cut off.

    Returns
    -------
    (n_slices, n_rows, n_columns) bool
        All False where no seed survived.
    """
    above = margins > level
    counts = box_counts(above, radius_px)
    half = MAJORITY * ((2 * radius_px[0] + 1) * (2 * radius_px[1] + 1) * (2 * radius_px[2] + 1))
    kept = spread(counts > half, seeds)
    border = np.zeros_like(seeds)
    border[0], border[-1] = True, True
    border[:, 0], border[:, -1] = True, True
    border[:, :, 0], border[:, :, -1] = True, True
    if seeds.shape[0] == 1:
        border[:, 1:-1, 1:-1] = False
    filled: Mask = ~spread(~kept, border)
    return filled


def spread(mask: Mask, seeds: Mask) -> Mask:
    """Keep the parts of a mask that can be walked to from seeds within it, over faces."""
    left = np.pad(mask, 1)
    reached = np.pad(mask & seeds, 1)
    _, n_rows, n_columns = left.shape
    _walk(left.reshape(-1), reached.reshape(-1), np.empty(left.size, dtype=np.int32), n_rows * n_columns, n_columns)
    return np.ascontiguousarray(reached[1:-1, 1:-1, 1:-1])


@njit(cache=True, nogil=True)
def _walk(left, reached, waiting, per_slice, per_row):  # type: ignore[no-untyped-def]
    """Walk from what is reached over what is left; both are padded and flat."""
    n = 0
    for voxel in range(left.size):
        if reached[voxel]:
            left[voxel] = False
            waiting[n] = voxel
            n += 1
    steps = (-1, 1, -per_row, per_row, -per_slice, per_slice)
    while n > 0:
        n -= 1
        voxel = waiting[n]
        for step in steps:
            beside = voxel + step
            if left[beside]:
                left[beside] = False
                reached[beside] = True
                waiting[n] = beside
                n += 1
