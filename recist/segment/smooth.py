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
        weights /= weights.sum()
        passed = np.zeros(image.shape, np.float32)
        if axis == 2:
            lines = np.ascontiguousarray(blurred).reshape(-1, image.shape[2])
            _blur_rows(lines, weights, np.empty(image.shape[2] + 2 * radius, np.float32), passed.reshape(lines.shape))
        else:
            blocks = np.ascontiguousarray(blurred).reshape(-1, image.shape[axis], math.prod(image.shape[axis + 1 :]))
            _blur_lines(blocks, weights, passed.reshape(blocks.shape))
        blurred = passed
    return blurred.copy() if blurred is image else blurred


@njit(cache=True, nogil=True)
def _mirrored(place: int, n: int) -> int:
    while place < 0 or place >= n:
        place = -1 - place if place < 0 else 2 * n - 1 - place
    return place


@njit(cache=True, nogil=True)
def _blur_lines(lines, weights, blurred):  # type: ignore[no-untyped-def]
    """Blur along the middle axis; the last one is walked innermost."""
    n_blocks, n, width = lines.shape
    radius = weights.size // 2
    for block in range(n_blocks):
        for place in range(n):
            for k in range(weights.size):
                source = _mirrored(place + k - radius, n)
                weight = weights[k]
                for i in range(width):
                    blurred[block, place, i] += weight * lines[block, source, i]


@njit(cache=True, nogil=True)
def _blur_rows(lines, weights, padded, blurred):  # type: ignore[no-untyped-def]
    """Blur along the last axis."""
    n_lines, n = lines.shape
    radius = weights.size // 2
    for line in range(n_lines):
        for place in range(padded.size):
            padded[place] = lines[line, _mirrored(place - radius, n)]
        for k in range(weights.size):
            weight = weights[k]
            for i in range(n):
                blurred[line, i] += weight * padded[i + k]


def box_counts(mask: Mask, radius_px: tuple[int, int, int]) -> Image:
    """Count the voxels of a mask in the box around every voxel; outside the array there are none."""
    return box_sums(mask.astype(np.float32), radius_px)


def box_sums(values: Image, radius_px: tuple[int, int, int]) -> Image:
    """Add up the values in the box around every voxel; outside the array they are zero."""
    n_slices, n_rows, n_columns = values.shape
    summed = np.ascontiguousarray(values)
    if radius_px[2] > 0:
        rows = summed.reshape(-1, n_columns)
        summed = np.empty_like(rows)
        _sum_rows(rows, summed, radius_px[2])
    for radius, shape in (
        (radius_px[1], (n_slices, n_rows, n_columns)),
        (radius_px[0], (1, n_slices, n_rows * n_columns)),
    ):
        if radius > 0:
            blocks = summed.reshape(shape)
            summed = np.empty_like(blocks)
            _sum_lines(blocks, summed, np.empty(shape[2], np.float32), radius)
    return summed.reshape(values.shape)


@njit(cache=True, nogil=True)
def _sum_rows(rows, summed, radius):  # type: ignore[no-untyped-def]
    """Add up along the last axis by a running sum."""
    n_lines, n = rows.shape
    for line in range(n_lines):
        total = np.float32(0)
        for i in range(min(radius, n)):
            total += rows[line, i]
        for i in range(n):
            if i + radius < n:
                total += rows[line, i + radius]
            summed[line, i] = total
            if i >= radius:
                total -= rows[line, i - radius]


@njit(cache=True, nogil=True)
def _sum_lines(blocks, summed, total, radius):  # type: ignore[no-untyped-def] # noqa: C901 - plain loops
    """Add up along the middle axis by a running sum for every column."""
    n_blocks, n, width = blocks.shape
    for block in range(n_blocks):
        for j in range(width):
            total[j] = 0
        for i in range(min(radius, n)):
            for j in range(width):
                total[j] += blocks[block, i, j]
        for i in range(n):
            if i + radius < n:
                for j in range(width):
                    total[j] += blocks[block, i + radius, j]
            for j in range(width):
                summed[block, i, j] = total[j]
            if i >= radius:
                for j in range(width):
                    total[j] -= blocks[block, i - radius, j]
