"""Normalised cross-correlation of blocks: how well the surroundings of a node fit every place nearby."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.resample import LOWEST_HU, OUTSIDE, Volume
from recist.register.threads import in_parts

REACH = 3  # voxels that a block is moved each way
WIDTH = 2 * REACH + 1
NOISE_HU = 12.0  # contrast below this says little: it is mostly noise
LEAST_SHOWN = 0.5  # share of a block that the scan must show
_CENTRE_HU = -200.0  # keeps the sums small

Nodes = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


@njit(cache=True, nogil=True)
def _slide(values, radius):  # type: ignore[no-untyped-def]
    """Sum in place along the first axis over windows of 2 * radius + 1, cut at the ends."""
    n, m = values.shape
    raw = values.copy()
    total = np.zeros(m)
    for i in range(-radius, n):
        if i + radius < n:
            total += raw[i + radius]
        if i - radius - 1 >= 0:
            total -= raw[i - radius - 1]
        if i >= 0:
            values[i] = total


@njit(cache=True, nogil=True)
def _deviations(filled, shown, radius, out, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    n0, n1, n2 = filled.shape
    low, high = max(first - radius, 0), min(last + radius, n0)
    sums = np.zeros((3, high - low, n1, n2))
    for i in range(low, high):
        for j in range(n1):
            for k in range(n2):
                value = np.float64(filled[i, j, k])
                sums[0, i - low, j, k] = shown[i, j, k]
                sums[1, i - low, j, k], sums[2, i - low, j, k] = value, value * value
    for q in range(3):
        for i in range(high - low):
            _slide(sums[q, i], radius)
            _slide(sums[q, i].T, radius)
        _slide(sums[q].reshape(high - low, n1 * n2), radius)
    whole = float((2 * radius + 1) ** 3)
    for i in range(first, last):
        for j in range(n1):
            for k in range(n2):
                if sums[0, i - low, j, k] < LEAST_SHOWN * whole:
                    out[i, j, k] = -1.0
                else:
                    mean = sums[1, i - low, j, k] / whole
                    out[i, j, k] = math.sqrt(max(sums[2, i - low, j, k] / whole - mean * mean, 0.0))


@njit(cache=True, nogil=True)
def _fixed_block(fixed, corner, block):  # type: ignore[no-untyped-def]
    """Copy a block less its mean."""
    z, y, x = corner
    span = block.shape[0]
    total = 0.0
    for a in range(span):
        for b in range(span):
            for c in range(span):
                block[a, b, c] = fixed[z + a, y + b, x + c]
                total += block[a, b, c]
    block -= np.float32(total / block.size)


@njit(cache=True, nogil=True)
def _window(moving, corner, lines, width):  # type: ignore[no-untyped-def]
    """Copy a cube of voxels, each of its planes as one line, so that a shift along y and x is one along the line."""
    z, y, x = corner
    span = lines.shape[0]
    for a in range(span):
        for b in range(span):
            row = moving[z + a, y + b, x : x + width]
            line = lines[a, b * width : (b + 1) * width]
            for c in range(row.size):
                line[c] = row[c]


@njit(cache=True, nogil=True)
def _products(block, lines, dz, width, sums):  # type: ignore[no-untyped-def]
    """Sum block × moving image for all shifts along y and x at one shift along z."""
    span = block.shape[0]
    sums[:] = np.float32(0.0)
    for a in range(span):
        for b in range(span):
            for c in range(span):
                value = block[a, b, c]
                line = lines[a + dz, b * width + c : b * width + c + sums.size]
                for k in range(line.size):
                    sums[k] += value * line[k]


@njit(cache=True, nogil=True)
def _score_nodes(images, nodes, starts, radius, out, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    fixed, spread_fixed, moving, spread_moving = images
    span, margin = 2 * radius + 1, radius + REACH
    width = span + 2 * REACH
    block = np.empty((span, span, span), np.float32)
    lines = np.empty((width, width * width), np.float32)
    sums = np.empty((WIDTH - 1) * width + WIDTH, np.float32)
    noise, count = NOISE_HU * NOISE_HU, float(span**3)
    for i in range(first, last):
        z, y, x = nodes[i]
        out[i] = np.float32(-1.0)
        spread = spread_fixed[z + margin, y + margin, x + margin]
        if spread < 0.0:
            continue
        _fixed_block(fixed, nodes[i] + REACH, block)
        z, y, x = starts[i]
        _window(moving, starts[i], lines, width)
        for dz in range(WIDTH):
            _products(block, lines, dz, width, sums)
            for dy in range(WIDTH):
                for dx in range(WIDTH):
                    other = spread_moving[z + radius + dz, y + radius + dy, x + radius + dx]
                    if other >= 0.0:
                        damped = math.sqrt((spread * spread + noise) * (other * other + noise))
                        out[i, dz, dy, dx] = sums[dy * width + dx] / (count * damped)


def _extend(padded: Volume, shown: npt.NDArray[np.bool_]) -> Volume:
    """Carry the first and last voxel that a scan shows in a column on beyond its ends; air where it shows none."""
    filled = padded.copy()
    known = shown[0]
    for i in range(1, len(filled)):
        if not shown[i].all():
            np.copyto(filled[i], filled[i - 1], where=known & ~shown[i])
        known = known | shown[i]
    for i in range(len(filled) - 2, -1, -1):
        unknown = filled[i] <= OUTSIDE / 2
        if unknown.any():
            np.copyto(filled[i], filled[i + 1], where=unknown)
    return np.maximum(filled, np.float32(LOWEST_HU))


class Image:
    """A volume with what the matching of blocks needs beside it.

    Parameters
    ----------
    volume : (n_z, n_y, n_x) float32
        HU on an even grid.
    radius : int
        Blocks have 2 * radius + 1 voxels along each edge.
    """

    def __init__(self, volume: Volume, radius: int) -> None:
        self.radius, self.shape = radius, volume.shape
        self.margin = radius + REACH
        padded = np.pad(volume, self.margin, constant_values=OUTSIDE)
        shown = padded > OUTSIDE / 2
        self.filled = _extend(padded, shown) - np.float32(_CENTRE_HU)
        self.spread = np.empty(padded.shape, np.float32)
        in_parts(len(padded), _deviations, self.filled, shown, radius, self.spread)

    def spread_at(self, nodes: Nodes) -> npt.NDArray[np.float32]:
        """Look up the standard deviation of the blocks around voxels (n, 3), HU; 0 where the scan shows too little."""
        return np.asarray(np.maximum(self.spread[*(nodes + self.margin).T], np.float32(0.0)))


def score_nodes(fixed: Image, moving: Image, nodes: Nodes, starts: Nodes) -> Scores:
    """Score the blocks around nodes at all places around their starts.

    Parameters
    ----------
    nodes, starts : (n, 3) int64
        (z, y, x) in voxels of the fixed and of the moving image; starts lie inside the image.

    Returns
    -------
    (n, WIDTH, WIDTH, WIDTH) float32
        Normalised cross-correlation, damped by `NOISE_HU`; -1 where a scan shows too little.
    """
    out = np.empty((len(nodes), WIDTH, WIDTH, WIDTH), np.float32)
    inside = np.clip(starts, 0, np.array(moving.shape) - 1)
    images = fixed.filled, fixed.spread, moving.filled, moving.spread
    in_parts(len(nodes), _score_nodes, images, nodes, inside, fixed.radius, out)
    return out
