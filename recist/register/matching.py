"""Normalised cross-correlation of blocks: how well the surroundings of a node fit every place nearby."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.resample import LOWEST_HU, OUTSIDE, Volume
from recist.register.threads import in_parts

NOISE_HU = 12.0  # contrast below this says little: it is mostly noise
LEAST_SHOWN = 0.5  # share of a block that the scan must show
UNSEEN = -1.0  # score where a scan shows too little
_CENTRE_HU = np.float32(-200.0)  # keeps the sums small
_HALF = OUTSIDE / 2
FAST = {"reassoc", "contract", "nsz"}  # no value is NaN or infinite here
_AIR = np.float32(LOWEST_HU) - _CENTRE_HU

Nodes = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


@njit(cache=True, nogil=True, fastmath=FAST)
def _cut_inside(volume, corner, lines):  # type: ignore[no-untyped-def]
    """Copy a cube of voxels, each of its planes as one line; tell the least value."""
    z, y, x = corner
    width = lines.shape[0]
    least = np.float32(0.0)
    for a in range(width):
        for b in range(width):
            row, line = volume[z + a, y + b, x : x + width], lines[a, b * width : (b + 1) * width]
            for c in range(width):
                value = row[c]
                line[c] = value - _CENTRE_HU
                least = min(least, value)
    return least


@njit(cache=True, nogil=True)
def _cut_mended(volume, corner, lines, shown):  # type: ignore[no-untyped-def]
    """Copy a cube that the scan does not show whole; tell how many voxels it shows.

    The first and last voxel that it shows in a column are carried on beyond its ends; air where it shows none.
    """
    n0, n1, n2 = volume.shape
    z, y, x = corner
    width = lines.shape[0]
    n_shown = 0
    for b in range(width):
        for c in range(width):
            k, inside = b * width + c, 0 <= y + b < n1 and 0 <= x + c < n2
            value, n_before = _AIR, 0
            for a in range(width):
                shown[a, k] = inside and 0 <= z + a < n0 and volume[z + a, y + b, x + c] > _HALF
                if shown[a, k]:
                    value = volume[z + a, y + b, x + c] - _CENTRE_HU
                    n_shown += 1
                    if n_before == a:
                        lines[:a, k] = value
                else:
                    n_before += n_before == a
                lines[a, k] = value
    return n_shown


@njit(cache=True, nogil=True)
def _cut(volume, corner, lines, shown):  # type: ignore[no-untyped-def]
    """Copy a cube of voxels; tell how many of them the scan shows. `shown` is written only where some are missing."""
    width = lines.shape[0]
    inside = True
    for axis in range(3):
        inside = inside and corner[axis] >= 0 and corner[axis] + width <= volume.shape[axis]
    if inside and _cut_inside(volume, corner, lines) > _HALF:
        return width * width * width
    return _cut_mended(volume, corner, lines, shown)


@njit(cache=True, nogil=True, fastmath=FAST)
def _box_sums(lines, reach, planes, rows, out):  # type: ignore[no-untyped-def]
    """Sum over the block at every shift, one axis after the other."""
    width = lines.shape[0]
    n_shifts = 2 * reach + 1
    span = width - 2 * reach
    planes[:] = np.float32(0.0)
    for d in range(n_shifts):
        plane = planes[d]
        for a in range(d, d + span):
            line = lines[a]
            for k in range(plane.size):
                plane[k] += line[k]
    for d in range(n_shifts):
        for e in range(n_shifts):
            rows[:] = np.float32(0.0)
            for b in range(e, e + span):
                line = planes[d, b * width : (b + 1) * width]
                for k in range(width):
                    rows[k] += line[k]
            for f in range(n_shifts):
                total = np.float32(0.0)
                for k in range(f, f + span):
                    total += rows[k]
                out[d, e, f] = total


@njit(cache=True, nogil=True, fastmath=FAST)
def _products(block, lines, dz, width, sums):  # type: ignore[no-untyped-def]
    """Sum block × moving image for all shifts along y and x at one shift along z, a few voxels of a row at once."""
    span = block.shape[0]
    n = sums.size
    sums[:] = np.float32(0.0)
    for a in range(span):
        for b in range(span):
            c = 0
            while c + 4 <= span:
                at = b * span + c
                v0, v1, v2, v3 = block[a, at], block[a, at + 1], block[a, at + 2], block[a, at + 3]
                line = lines[a + dz, b * width + c : b * width + c + n + 3]
                for k in range(n):
                    sums[k] += v0 * line[k] + v1 * line[k + 1] + v2 * line[k + 2] + v3 * line[k + 3]
                c += 4
            while c + 2 <= span:
                v0, v1 = block[a, b * span + c], block[a, b * span + c + 1]
                line = lines[a + dz, b * width + c : b * width + c + n + 1]
                for k in range(n):
                    sums[k] += v0 * line[k] + v1 * line[k + 1]
                c += 2
            if c < span:
                v0 = block[a, b * span + c]
                line = lines[a + dz, b * width + c : b * width + c + n]
                for k in range(n):
                    sums[k] += v0 * line[k]


@njit(cache=True, nogil=True, fastmath=FAST)
def _centre(block):  # type: ignore[no-untyped-def]
    """Take the mean off a block and return its standard deviation."""
    flat = block.reshape(-1)
    mean = np.float32(0.0)
    for k in range(flat.size):
        mean += flat[k]
    mean /= np.float32(flat.size)
    total = np.float32(0.0)
    for k in range(flat.size):
        flat[k] -= mean
        total += flat[k] * flat[k]
    return math.sqrt(total / flat.size)


@njit(cache=True, nogil=True, fastmath=FAST)
def _damp(boxes, count, spread, out):  # type: ignore[no-untyped-def]
    """Turn the sums of products in `out` to correlations, by the sums over blocks: shown voxels, values, squares."""
    shown, values, squares = boxes[0].reshape(-1), boxes[1].reshape(-1), boxes[2].reshape(-1)
    scores = out.reshape(-1)
    one, noise = np.float32(1.0) / np.float32(count), np.float32(NOISE_HU * NOISE_HU)
    ours = np.float32(spread * spread) + noise
    least = np.float32(LEAST_SHOWN * count)
    for k in range(scores.size):
        mean = values[k] * one
        theirs = max(squares[k] * one - mean * mean, np.float32(0.0)) + noise
        score = scores[k] * one / math.sqrt(ours * theirs)
        scores[k] = score if shown[k] >= least else np.float32(UNSEEN)


@njit(cache=True, nogil=True)
def _score_nodes(fixed, moving, nodes, starts, sizes, out, spreads, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    radius, reach = sizes
    span, n_shifts = 2 * radius + 1, 2 * reach + 1
    width = span + 2 * reach
    count = span**3
    block, seen = np.empty((span, span * span), np.float32), np.empty((span, span * span), np.float32)
    lines, shown = np.empty((width, width * width), np.float32), np.empty((width, width * width), np.float32)
    planes, row = np.empty((n_shifts, width * width), np.float32), np.empty(width, np.float32)
    boxes = np.empty((3, n_shifts, n_shifts, n_shifts), np.float32)
    sums = np.empty((n_shifts - 1) * width + n_shifts, np.float32)
    for i in range(first, last):
        out[i] = np.float32(UNSEEN)
        spreads[i] = np.float32(0.0)
        if _cut(fixed, nodes[i] - radius, block, seen) < LEAST_SHOWN * count:
            continue
        spreads[i] = _centre(block)
        boxes[0] = np.float32(count)
        if _cut(moving, starts[i] - radius - reach, lines, shown) < width**3:
            _box_sums(shown, reach, planes, row, boxes[0])
        _box_sums(lines, reach, planes, row, boxes[1])
        for a in range(width):
            for k in range(width * width):
                shown[a, k] = lines[a, k] * lines[a, k]
        _box_sums(shown, reach, planes, row, boxes[2])
        for dz in range(n_shifts):
            _products(block, lines, dz, width, sums)
            for dy in range(n_shifts):
                for dx in range(n_shifts):
                    out[i, dz, dy, dx] = sums[dy * width + dx]
        _damp(boxes, count, spreads[i], out[i])


def score_nodes(
    fixed: Volume, moving: Volume, nodes: Nodes, starts: Nodes, *, radius: int, reach: int
) -> tuple[Scores, npt.NDArray[np.float32]]:
    """Score the blocks around nodes at all places around their starts.

    Parameters
    ----------
    fixed, moving : (n_z, n_y, n_x) float32
        HU on even grids of the same edge, `OUTSIDE` where a scan shows nothing.
    nodes, starts : (n, 3) int64
        (z, y, x) in voxels of the fixed and of the moving volume.
    radius, reach : int
        Blocks have 2 * radius + 1 voxels along each edge and are moved `reach` voxels each way.

    Returns
    -------
    scores : (n, 2 * reach + 1, 2 * reach + 1, 2 * reach + 1) float32
        Normalised cross-correlation, damped by `NOISE_HU`; `UNSEEN` where a scan shows too little.
    spreads : (n,) float32
        Standard deviation of the fixed blocks, HU; 0 where the scan shows too little.
    """
    out = np.empty((len(nodes),) + (2 * reach + 1,) * 3, np.float32)
    spreads = np.empty(len(nodes), np.float32)
    in_parts(len(nodes), _score_nodes, fixed, moving, nodes, starts, (radius, reach), out, spreads)
    return out, spreads
