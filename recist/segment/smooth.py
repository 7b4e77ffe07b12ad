"""Smoothing: of the image before paths are sought, and of the mask after."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

REACH_SIGMA = 2.5
LEAST_SIGMA_PX = 0.35  # narrower than this leaves the image as it is


def blur(image: Image, sigma_px: tuple[float, float, float]) -> Image:
    """Blur with a Gaussian, mirrored at the edges of the image.

    Parameters
    ----------
    image : (n_slices, n_rows, n_columns) float32
    sigma_px : (slices, rows, columns)

    Returns
    -------
    (n_slices, n_rows, n_columns) float32
        A new array.
    """
    blurred = image
    for axis, sigma in enumerate(sigma_px):
        if sigma < LEAST_SIGMA_PX or image.shape[axis] == 1:
            continue
        radius = max(1, math.ceil(REACH_SIGMA * sigma - 0.5))
        weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2).astype(np.float32)
        n_after = math.prod(image.shape[axis + 1 :])
        lines = np.ascontiguousarray(blurred).reshape(-1, image.shape[axis], n_after)
        passed = (
            _blur_rows(lines, weights / weights.sum()) if n_after == 1 else _blur_lines(lines, weights / weights.sum())
        )
        blurred = passed.reshape(image.shape)
    return blurred.copy() if blurred is image else blurred


@njit(cache=True, nogil=True)
def _mirrored(place: int, n: int) -> int:
    while place < 0 or place >= n:
        place = -1 - place if place < 0 else 2 * n - 1 - place
    return place


@njit(cache=True, nogil=True, fastmath=False)
def _blur_lines(lines: Image, weights: Image) -> Image:
    """Blur along the middle axis; the last one is walked innermost."""
    blurred = np.zeros_like(lines)
    n, radius = lines.shape[1], weights.size // 2
    for block in range(lines.shape[0]):
        for place in range(n):
            target = blurred[block, place]
            for k in range(weights.size):
                source = lines[block, _mirrored(place + k - radius, n)]
                weight = weights[k]
                for i in range(target.size):
                    target[i] += weight * source[i]
    return blurred


@njit(cache=True, nogil=True)
def _blur_rows(lines: Image, weights: Image) -> Image:
    """Blur along the middle axis where the last one is of length one."""
    n, radius = lines.shape[1], weights.size // 2
    blurred = np.empty_like(lines)
    padded = np.empty(n + 2 * radius, dtype=np.float32)
    for block in range(lines.shape[0]):
        for place in range(padded.size):
            padded[place] = lines[block, _mirrored(place - radius, n), 0]
        target = blurred[block, :, 0]
        target[:] = 0
        for k in range(weights.size):
            weight = weights[k]
            for i in range(n):
                target[i] += weight * padded[i + k]
    return blurred


def box_counts(mask: Mask, radius_px: tuple[int, int, int]) -> npt.NDArray[np.int32]:
    """Count the voxels of a mask in the box around every voxel; outside the array there are none."""
    counts: npt.NDArray[np.int32] = box_sums(mask.astype(np.int32), radius_px)
    return counts


@njit(cache=True, nogil=True)
def box_sums(values, radius_px):  # type: ignore[no-untyped-def]
    """Add up the values in the box around every voxel; outside the array they are zero."""
    summed = values.copy()
    n_slices, n_rows, n_columns = values.shape
    if radius_px[2] > 0:
        line = np.empty(n_columns, dtype=values.dtype)
        for k in range(n_slices):
            for r in range(n_rows):
                line[:] = summed[k, r]
                _sum_line(line, summed[k, r], radius_px[2])
    if radius_px[1] > 0:
        block = np.empty((n_rows, n_columns), dtype=values.dtype)
        for k in range(n_slices):
            block[:] = summed[k]
            _sum_rows(block, summed[k], radius_px[1])
    if radius_px[0] > 0:
        flat = summed.copy().reshape(n_slices, n_rows * n_columns)
        _sum_rows(flat, summed.reshape(n_slices, n_rows * n_columns), radius_px[0])
    return summed


@njit(cache=True, nogil=True)
def _sum_line(line, summed, radius):  # type: ignore[no-untyped-def]
    n = line.size
    total = line[0] - line[0]
    for i in range(min(radius, n)):
        total += line[i]
    for i in range(n):
        if i + radius < n:
            total += line[i + radius]
        summed[i] = total
        if i >= radius:
            total -= line[i - radius]


@njit(cache=True, nogil=True)
def _sum_rows(rows, summed, radius):  # type: ignore[no-untyped-def]
    """Add up across rows by a running sum for every column."""
    n, width = rows.shape
    total = np.zeros(width, dtype=rows.dtype)
    for i in range(min(radius, n)):
        for j in range(width):
            total[j] += rows[i, j]
    for i in range(n):
        if i + radius < n:
            for j in range(width):
                total[j] += rows[i + radius, j]
        for j in range(width):
            summed[i, j] = total[j]
        if i >= radius:
            for j in range(width):
                total[j] -= rows[i - radius, j]
