"""A coarser copy of an image, and the way back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Margins = npt.NDArray[np.int32]
Factors = tuple[int, int, int]


def average_blocks(image: Image, is_readable: Mask, factors: Factors) -> tuple[Image, Mask]:
    """Average blocks of voxels; blocks at the end may be smaller.

    Returns
    -------
    image : float32
        Mean of what is readable in each block.
    is_readable : bool
        Where more than half of the block is.
    """
    if factors == (1, 1, 1):
        return image, is_readable
    shape = tuple(-(-n // f) for n, f in zip(image.shape, factors, strict=True))
    total, n_good, n_all = np.zeros(shape, np.float32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    _add_up(image, is_readable, factors, total, n_good, n_all)
    mean = np.asarray(total / np.maximum(n_good, 1), dtype=np.float32)
    return mean, 2 * n_good > n_all


@njit(cache=True, nogil=True)
def _add_up(image, is_readable, factors, total, n_good, n_all):  # type: ignore[no-untyped-def] # noqa: PLR0917
    fz, fy, fx = factors
    for k in range(image.shape[0]):
        for r in range(image.shape[1]):
            for c in range(image.shape[2]):
                z, y, x = k // fz, r // fy, c // fx
                n_all[z, y, x] += 1
                if is_readable[k, r, c]:
                    total[z, y, x] += image[k, r, c]
                    n_good[z, y, x] += 1


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
    margins = np.empty_like(fine)
    _compose(fine, is_free, coarse, is_inside, factors, beyond, margins)
    return margins


@njit(cache=True, nogil=True)
def _compose(fine, is_free, coarse, is_inside, factors, beyond, margins):  # type: ignore[no-untyped-def] # noqa: PLR0917
    fz, fy, fx = factors
    for k in range(fine.shape[0]):
        for r in range(fine.shape[1]):
            for c in range(fine.shape[2]):
                if is_free[k, r, c]:
                    margins[k, r, c] = min(max(fine[k, r, c], -beyond), beyond)
                elif is_inside[k, r, c]:
                    margins[k, r, c] = beyond + 1 + max(0, coarse[k // fz, r // fy, c // fx])
                else:
                    margins[k, r, c] = -beyond - 1 + min(0, coarse[k // fz, r // fy, c // fx])


def enlarge_mask(mask: Mask, shape: tuple[int, int, int], factors: Factors) -> Mask:
    """Give every voxel what its block has."""
    fine = mask
    for axis, (size, factor) in enumerate(zip(shape, factors, strict=True)):
        if factor > 1:
            fine = np.repeat(fine, factor, axis=axis)[(slice(None),) * axis + (slice(size),)]
    return np.ascontiguousarray(fine)
