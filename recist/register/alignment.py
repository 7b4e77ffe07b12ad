"""Coarse alignment: where the other scan's body lies, then how it is turned and scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.register.resample import OUTSIDE

if TYPE_CHECKING:
    import numpy.typing as npt

    from recist.register.pyramid import Level
    from recist.register.resample import Volume

LEAST_OVERLAP_MM = 50.0
MOST_OFFSETS = 2
ROUNDS = 10
AIR_HU = -900.0
FEWEST_VOXELS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A shift from one scan to the other.

    Parameters
    ----------
    shift_mm : tuple of float
        Along x, y and z of LPS.
    score : float
        Correlation of what both scans show.
    overlap_mm : float
        Height of what both show.
    """

    shift_mm: tuple[float, float, float]
    score: float
    overlap_mm: float


def _correlate(fixed: Volume, moving: Volume) -> float:
    shown = (fixed > OUTSIDE / 2) & (moving > OUTSIDE / 2) & ((fixed > AIR_HU) | (moving > AIR_HU))
    if int(shown.sum()) < FEWEST_VOXELS:
        return -1.0
    a, b = fixed[shown].astype(np.float64), moving[shown].astype(np.float64)
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / np.sqrt(max(float(a @ a) * float(b @ b), 1e-9)))


def _shifted(volume: Volume, shift: tuple[int, int, int], shape: tuple[int, ...]) -> Volume:
    """Cut the part of a volume that lies under another one whose voxel p meets voxel p + shift."""
    out = np.full(shape, OUTSIDE, np.float32)
    ours, theirs = [], []
    for n, m, s in zip(shape, volume.shape, shift, strict=True):
        low, high = max(0, -s), min(n, m - s)
        if low >= high:
            return out
        ours.append(slice(low, high))
        theirs.append(slice(low + s, high + s))
    out[tuple(ours)] = volume[tuple(theirs)]
    return out


def _centre(body: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the median over the slices of the body's centre, (y, x) in voxels."""
    rows = [np.argwhere(part).mean(axis=0) for part in body if part.any()]
    return np.asarray(np.median(rows, axis=0))


def find_offsets(fixed: Level, moving: Level) -> list[Offset]:
    """Try all heights at which one body may lie in the other scan; the likeliest first.

    Parameters
    ----------
    fixed, moving : Level
        On grids of the same edge.

    Returns
    -------
    list of Offset
        Local maxima over the height, at most `MOST_OFFSETS`.
    """
    edge = fixed.grid.edge_mm
    side = np.rint(_centre(moving.body) - _centre(fixed.body)).astype(int)
    n, m = fixed.volume.shape[0], moving.volume.shape[0]
    least = max(min(LEAST_OVERLAP_MM / edge, n, m), 2)
    found = {}
    for dz in range(-n + 1, m):
        overlap = min(n, m - dz) - max(0, -dz)
        if overlap < least:
            continue
        shift = (dz, int(side[0]), int(side[1]))
        share = overlap / min(n, m)
        found[dz] = (
            _correlate(fixed.volume, _shifted(moving.volume, shift, fixed.volume.shape)) * min(1.0, 2 * share) ** 0.5,
            overlap,
        )
    tops = [
        dz
        for dz, (score, _) in found.items()
        if score >= max(found.get(dz - 1, (-1.0, 0))[0], found.get(dz + 1, (-1.0, 0))[0])
    ]
    tops.sort(key=lambda dz: -found[dz][0])
    origin = np.array(moving.grid.origin_lps) - np.array(fixed.grid.origin_lps)
    offsets = []
    for dz in tops[:MOST_OFFSETS]:
        shift = np.array([side[1], side[0], dz]) * edge + origin
        offsets.append(
            Offset(
                shift_mm=(float(shift[0]), float(shift[1]), float(shift[2])),
                score=found[dz][0],
                overlap_mm=found[dz][1] * edge,
            )
        )
    return offsets


def fit_affine(
    points: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], floor_mm: float
) -> npt.NDArray[np.float64]:
    """Fit an affine map by least squares that forgive outliers (iteratively re-weighted).

    Parameters
    ----------
    points, targets : (n, 3)
        LPS mm.
    weights : (n,)
    floor_mm : float
        Distances below it count as good.

    Returns
    -------
    (4, 4)
        From points to targets.
    """
    centre = points.mean(axis=0)
    design = np.column_stack([points - centre, np.ones(len(points))])
    robust = weights
    for _ in range(ROUNDS):
        root = np.sqrt(robust)[:, np.newaxis]
        solution = np.linalg.lstsq(design * root, (targets - points) * root, rcond=None)[0]
        away = np.linalg.norm(design @ solution - (targets - points), axis=1)
        scale = max(floor_mm, float(np.median(away)))
        robust = weights / (1 + (away / scale) ** 2) ** 2
    matrix = np.eye(4)
    matrix[:3, :3] += solution[:3].T
    matrix[:3, 3] = solution[3] - solution[:3].T @ centre
    return matrix
