"""Coarse alignment: where the other scan's body lies, then how it is turned and scaled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from recist.register.resample import OUTSIDE
from recist.register.threads import in_parts

if TYPE_CHECKING:
    import numpy.typing as npt

    from recist.register.pyramid import Level

LEAST_OVERLAP_MM = 50.0
MOST_OFFSETS = 2
WORTH = 0.5  # share of the best score from which another height is tried too
ROUNDS = 10
AIR_HU = -900.0
FEWEST_VOXELS = 50
_HALF = OUTSIDE / 2


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


@njit(cache=True, nogil=True)
def _correlate(fixed, moving, least, side, scores, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Correlate what both scans show, but not where both show air, at each shift along z."""
    n0, n1, n2 = fixed.shape
    m0, m1, m2 = moving.shape
    for at in range(first, last):
        dz = least + at
        n, a, b, aa, bb, ab = 0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(max(0, -dz), min(n0, m0 - dz)):
            for j in range(max(0, -side[0]), min(n1, m1 - side[0])):
                for k in range(max(0, -side[1]), min(n2, m2 - side[1])):
                    p, q = fixed[i, j, k], moving[i + dz, j + side[0], k + side[1]]
                    if min(p, q) > _HALF and max(p, q) > AIR_HU:
                        n, a, b = n + 1, a + p, b + q
                        aa, bb, ab = aa + p * p, bb + q * q, ab + p * q
        power = max(aa - a * a / max(n, 1), 0.0) * max(bb - b * b / max(n, 1), 0.0)
        scores[at] = (ab - a * b / max(n, 1)) / math.sqrt(max(power, 1e-9)) if n >= FEWEST_VOXELS else -1.0


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
        Local maxima over the height, at most `MOST_OFFSETS`, and only those that come near the best.
    """
    edge = fixed.grid.edge_mm
    side = np.rint(_centre(moving.body) - _centre(fixed.body)).astype(int)
    n, m = fixed.volume.shape[0], moving.volume.shape[0]
    least = max(min(LEAST_OVERLAP_MM / edge, n, m), 2)
    correlations = np.empty(n + m - 1)
    ways = (int(side[0]), int(side[1]))
    in_parts(len(correlations), _correlate, fixed.volume, moving.volume, 1 - n, ways, correlations)
    found = {}
    for dz, correlation in zip(range(1 - n, m), correlations.tolist(), strict=True):
        overlap = min(n, m - dz) - max(0, -dz)
        if overlap >= least:
            found[dz] = correlation * min(1.0, 2 * overlap / min(n, m)) ** 0.5, overlap
    tops = [
        dz
        for dz, (score, _) in found.items()
        if score >= max(found.get(dz - 1, (-1.0, 0))[0], found.get(dz + 1, (-1.0, 0))[0])
    ]
    tops.sort(key=lambda dz: -found[dz][0])
    origin = np.array(moving.grid.origin_lps) - np.array(fixed.grid.origin_lps)
    offsets = []
    for dz in [dz for dz in tops[:MOST_OFFSETS] if found[dz][0] >= WORTH * found[tops[0]][0]]:
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
