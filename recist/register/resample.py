"""Bring a scan onto another grid: means over whole blocks of voxels, then linear interpolation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.threads import in_parts

if TYPE_CHECKING:
    from recist.register.grid import Grid

Volume = npt.NDArray[np.float32]
Hounsfield = npt.NDArray[np.int16] | npt.NDArray[np.float32]

LOWEST_HU, HIGHEST_HU = -1000.0, 400.0  # below is air, above is bone: neither tells more about the place
OUTSIDE = np.float32(-3000.0)  # marks voxels that the scan does not show
_HALF = OUTSIDE / 2


@njit(cache=True, nogil=True)
def _add_row(row, factor, low, high, line):  # type: ignore[no-untyped-def]
    """Add the sums of neighbouring voxels to a line; what is no number counts as air."""
    if factor == 1:
        for k in range(line.size):
            value = np.float32(row[k])
            line[k] += min(value, high) if value > low else low
        return
    for c in range(factor):
        for k in range(line.size):
            value = np.float32(row[k * factor + c])
            line[k] += min(value, high) if value > low else low


@njit(cache=True, nogil=True)
def _block_means(hu, factors, low, high, out, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    f0, f1, f2 = factors
    share = np.float32(1.0 / (f0 * f1 * f2))
    for i in range(first, last):
        for j in range(out.shape[1]):
            line = out[i, j]
            line[:] = np.float32(0.0)
            for a in range(f0):
                for b in range(f1):
                    _add_row(hu[i * f0 + a, j * f1 + b], f2, low, high, line)
            for k in range(line.size):
                line[k] *= share


def block_means(
    hu: Hounsfield, affine: npt.NDArray[np.float64], edge_mm: float
) -> tuple[Volume, npt.NDArray[np.float64]]:
    """Average a scan over blocks of voxels that are not larger than the wanted edge.

    Parameters
    ----------
    hu : (n_slices, n_rows, n_columns) int16 or float32
        Left as it is; values are cut to `LOWEST_HU` … `HIGHEST_HU` before they are averaged.
    affine : (4, 4)
        From (slice, row, column, 1) to LPS mm.

    Returns
    -------
    means : float32
    affine : (4, 4)
        Of the averaged voxels.
    """
    steps = np.linalg.norm(affine[:3, :3], axis=0)
    factors = np.clip(np.floor(edge_mm / steps + 0.01).astype(int), 1, hu.shape)
    n_slices, n_rows, n_columns = (int(n // factor) for n, factor in zip(hu.shape, factors, strict=True))
    means = np.empty((n_slices, n_rows, n_columns), np.float32)
    chosen = (int(factors[0]), int(factors[1]), int(factors[2]))
    in_parts(n_slices, _block_means, hu, chosen, np.float32(LOWEST_HU), np.float32(HIGHEST_HU), means)
    averaged = affine.copy()
    averaged[:3, 3] += affine[:3, :3] @ ((factors - 1) / 2)
    averaged[:3, :3] = affine[:3, :3] * factors
    return means, averaged


@njit(cache=True, nogil=True)
def _sample(volume, matrix, out, outside, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    n0, n1, n2 = volume.shape
    slack = 0.5
    for i in range(first, last):
        for j in range(out.shape[1]):
            for k in range(out.shape[2]):
                z = matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] * k + matrix[0, 3]
                y = matrix[1, 0] * i + matrix[1, 1] * j + matrix[1, 2] * k + matrix[1, 3]
                x = matrix[2, 0] * i + matrix[2, 1] * j + matrix[2, 2] * k + matrix[2, 3]
                if (
                    z < -slack
                    or y < -slack
                    or x < -slack
                    or z > n0 - 1 + slack
                    or y > n1 - 1 + slack
                    or x > n2 - 1 + slack
                ):
                    out[i, j, k] = outside
                    continue
                z, y, x = min(max(z, 0.0), n0 - 1.0), min(max(y, 0.0), n1 - 1.0), min(max(x, 0.0), n2 - 1.0)
                a, b, c = min(int(z), max(n0 - 2, 0)), min(int(y), max(n1 - 2, 0)), min(int(x), max(n2 - 2, 0))
                u, v, w = np.float32(z - a), np.float32(y - b), np.float32(x - c)
                a1, b1, c1 = min(a + 1, n0 - 1), min(b + 1, n1 - 1), min(c + 1, n2 - 1)
                one = np.float32(1.0)
                front = (one - v) * ((one - w) * volume[a, b, c] + w * volume[a, b, c1]) + v * (
                    (one - w) * volume[a, b1, c] + w * volume[a, b1, c1]
                )
                back = (one - v) * ((one - w) * volume[a1, b, c] + w * volume[a1, b, c1]) + v * (
                    (one - w) * volume[a1, b1, c] + w * volume[a1, b1, c1]
                )
                value = (one - u) * front + u * back
                out[i, j, k] = value if value > outside / 2 else outside


@njit(cache=True, nogil=True)
def _along(n, scale, start, size, places, parts):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """For each voxel of an axis: the voxel before it on the other grid (-1: not shown), and how far behind that."""
    for k in range(n):
        at = scale * k + start
        places[k] = -1
        if -0.5 <= at <= size - 0.5:
            at = min(max(at, 0.0), size - 1.0)
            places[k] = min(int(at), max(size - 2, 0))
            parts[k] = np.float32(at - places[k])


@njit(cache=True, nogil=True)
def _sample_straight(volume, matrix, out, outside, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Do what `_sample` does where the axes of both grids are parallel."""
    sizes = volume.shape
    longest = max(out.shape)
    places, parts = np.zeros((3, longest), np.int64), np.zeros((3, longest), np.float32)
    for axis in range(3):
        _along(out.shape[axis], matrix[axis, axis], matrix[axis, 3], sizes[axis], places[axis], parts[axis])
    one = np.float32(1.0)
    line = np.empty(sizes[2] + 1, np.float32)
    for i in range(first, last):
        for j in range(out.shape[1]):
            a, b, u, v = places[0, i], places[1, j], parts[0, i], parts[1, j]
            if a < 0 or b < 0:
                out[i, j] = outside
                continue
            a1, b1 = min(a + 1, sizes[0] - 1), min(b + 1, sizes[1] - 1)
            r00, r01, r10, r11 = volume[a, b], volume[a, b1], volume[a1, b], volume[a1, b1]
            w00, w01, w10, w11 = (one - u) * (one - v), (one - u) * v, u * (one - v), u * v
            for k in range(sizes[2]):
                line[k] = w00 * r00[k] + w01 * r01[k] + w10 * r10[k] + w11 * r11[k]
            line[sizes[2]] = line[sizes[2] - 1]
            for k in range(out.shape[2]):
                c, w = places[2, k], parts[2, k]
                value = (one - w) * line[c] + w * line[c + 1] if c >= 0 else outside
                out[i, j, k] = value if value > outside / 2 else outside


def sample_on(
    volume: Volume, affine: npt.NDArray[np.float64], grid: Grid, lps_map: npt.NDArray[np.float64] | None = None
) -> Volume:
    """Interpolate a scan on the voxels of a grid.

    Parameters
    ----------
    volume : (n_slices, n_rows, n_columns) float32
    affine : (4, 4)
        From (slice, row, column, 1) of the volume to LPS mm.
    grid : Grid
    lps_map : (4, 4), optional
        Where the points of the grid lie in the volume's patient space; by default where they are.

    Returns
    -------
    float32 of the grid's shape
        `OUTSIDE` where the scan shows nothing.
    """
    between = np.eye(4) if lps_map is None else lps_map
    matrix = np.linalg.inv(affine) @ between @ grid.affine
    out = np.empty(grid.shape, np.float32)
    is_straight = not (matrix[:3, :3] - np.diag(np.diag(matrix))[:3, :3]).any()
    in_parts(
        grid.shape[0], _sample_straight if is_straight else _sample, volume, np.ascontiguousarray(matrix), out, OUTSIDE
    )
    return out


def halve(volume: Volume) -> Volume:
    """Average over 2 × 2 × 2 voxels; `OUTSIDE` where most of them are."""
    n_z, n_y, n_x = (max(n // 2, 1) for n in volume.shape)
    parts = [
        volume[a : 2 * n_z : 2, b : 2 * n_y : 2, c : 2 * n_x : 2][:n_z, :n_y, :n_x]
        for a in range(min(2, volume.shape[0]))
        for b in range(min(2, volume.shape[1]))
        for c in range(min(2, volume.shape[2]))
    ]
    mean = np.sum(parts, axis=0) / np.float32(len(parts))
    return np.asarray(np.where(mean > _HALF, np.maximum(mean, LOWEST_HU), OUTSIDE), np.float32)
