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


@njit(cache=True, nogil=True)
def spread(mask: Mask, seeds: Mask) -> Mask:
    """Keep the parts of a mask that can be walked to from seeds within it, over faces."""
    n_slices, n_rows, n_columns = mask.shape
    padded = np.zeros((n_slices + 2, n_rows + 2, n_columns + 2), dtype=np.bool_)
    padded[1:-1, 1:-1, 1:-1] = mask
    shape = padded.shape
    left, reached = padded.reshape(-1), np.zeros(padded.size, dtype=np.bool_)  # what is still to be reached
    waiting = np.empty(padded.size, dtype=np.int64)
    n = 0
    for k in range(n_slices):
        for r in range(n_rows):
            for c in range(n_columns):
                if seeds[k, r, c] and mask[k, r, c]:
                    voxel = ((k + 1) * shape[1] + r + 1) * shape[2] + c + 1
                    left[voxel], reached[voxel], waiting[n] = False, True, voxel
                    n += 1
    steps = (-1, 1, -shape[2], shape[2], -shape[1] * shape[2], shape[1] * shape[2])
    while n > 0:
        n -= 1
        voxel = waiting[n]
        for step in steps:
            beside = voxel + step
            if left[beside]:
                left[beside], reached[beside], waiting[n] = False, True, beside
                n += 1
    return np.ascontiguousarray(reached.reshape(shape)[1:-1, 1:-1, 1:-1])
