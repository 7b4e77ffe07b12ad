"""A coarser copy of an image, and the way back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Margins = npt.NDArray[np.int32]
Factors = tuple[int, int, int]


@njit(cache=True, nogil=True)
def average_blocks(image: Image, is_readable: Mask, factors: Factors) -> tuple[Image, Mask]:
    """Average blocks of voxels; blocks at the end may be smaller.

    Returns
    -------
    image : float32
        Mean of what is readable in each block.
    is_readable : bool
        Where more than half of the block is.
    """
    fz, fy, fx = factors
    shape = (-(-image.shape[0] // fz), -(-image.shape[1] // fy), -(-image.shape[2] // fx))
    total, n_good, n_all = np.zeros(shape, np.float32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for k in range(image.shape[0]):
        for r in range(image.shape[1]):
            for c in range(image.shape[2]):
                place = (k // fz, r // fy, c // fx)
                n_all[place] += 1
                if is_readable[k, r, c]:
                    total[place] += image[k, r, c]
                    n_good[place] += 1
    mean = (total / np.maximum(n_good, 1)).astype(np.float32)
    return mean, 2 * n_good > n_all


@njit(cache=True, nogil=True)
def compose_margins(  # noqa: PLR0917
    fine: Margins, is_free: Mask, coarse: Margins, is_inside: Mask, factors: Factors, beyond: int
) -> Margins:
    """Order all voxels: by the fine margins near the outline, by the coarse ones farther in and farther out.

    Parameters
    ----------
    fine : (n_slices, n_rows, n_columns) int32
        Taken where `is_free`, and kept within ± `beyond`.
    coarse : int32
        Margins of the blocks of voxels.
    is_inside : bool
        Which of the others are lesion.
    """
    fz, fy, fx = factors
    margins = np.empty_like(fine)
    for k in range(fine.shape[0]):
        for r in range(fine.shape[1]):
            for c in range(fine.shape[2]):
                if is_free[k, r, c]:
                    margins[k, r, c] = min(max(fine[k, r, c], -beyond), beyond)
                elif is_inside[k, r, c]:
                    margins[k, r, c] = beyond + 1 + max(0, coarse[k // fz, r // fy, c // fx])
                else:
                    margins[k, r, c] = -beyond - 1 + min(0, coarse[k // fz, r // fy, c // fx])
    return margins


@njit(cache=True, nogil=True)
def enlarge_mask(mask: Mask, shape: tuple[int, int, int], factors: Factors) -> Mask:
    """Give every voxel what its block has."""
    fz, fy, fx = factors
    fine = np.empty(shape, dtype=np.bool_)
    for k in range(shape[0]):
        for r in range(shape[1]):
            for c in range(shape[2]):
                fine[k, r, c] = mask[k // fz, r // fy, c // fx]
    return fine
