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
def _block_means(hu, factors, low, high, out, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    f0, f1, f2 = factors
    n_rows, n_columns = out.shape[1], out.shape[2]
    for i in range(first, last):
        for j in range(n_rows):
            line = np.zeros(n_columns, np.float32)
            for a in range(f0):
                for b in range(f1):
                    row = hu[i * f0 + a, j * f1 + b]
                    for k in range(n_columns):
                        total = np.float32(0.0)
                        for c in range(f2):
                            value = np.float32(row[k * f2 + c])
                            total += min(value, high) if value > low else low  # what is no number counts as air
                        line[k] += total
            for k in range(n_columns):
                out[i, j, k] = line[k] / np.float32(f0 * f1 * f2)


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
    in_parts(grid.shape[0], _sample, volume, np.ascontiguousarray(matrix), out, OUTSIDE)
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
