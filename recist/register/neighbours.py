"""Where one point goes, by what the nodes around it say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.fine import sight
from recist.register.lattice import settle_one
from recist.register.threads import in_parts

if TYPE_CHECKING:
    from recist.register.deformation import Found

NEAR_MM = 12.0  # standard deviation of the weight by distance
FAR_MM = (25.0, 40.0)  # nodes farther off are not asked; the second where the first gives too few
BLOCK_MM = 8.75  # half the edge of a block at the finest level
STIFFNESS = 0.15  # keeps the slope of the fit small where few nodes tell it
PULLS = (0.0, 0.06, 0.15)  # what a node pays, in correlation, for each squared voxel away from its neighbours
ROUNDS = 4  # of forgiving outliers
LEAST_SCALE_MM = 1.0
RETURN_MM = 2.5
MOST_RETURN_MM = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the nodes around a point say together.

    Parameters
    ----------
    shift_mm : tuple of float
        Where the point goes, along z, y and x.
    disagreement_mm : float
        How far the nodes lie from the common smooth movement, root mean square, outliers weighing less.
    return_mm : float
        How far from itself a node comes when it is matched to the follow-up and back, root mean square, likewise.
    score : float
        Mean correlation of the blocks.
    amount : float
        How many good nodes stand behind the fit.
    lean_mm : float
        How far away the centre of the nodes lies: near an edge the fit extrapolates.
    """

    shift_mm: tuple[float, float, float]
    disagreement_mm: float
    return_mm: float
    score: float
    amount: float
    lean_mm: float


@njit(cache=True, nogil=True)
def _weigh(away, weights, radius_mm):  # type: ignore[no-untyped-def]
    """Lower the weights of nodes by their distance.

    Those within `radius_mm` show the lesion itself and weigh nothing; those whose block reaches into it weigh less.
    """
    for i in range(len(away)):
        distance = np.sqrt(away[i, 0] ** 2 + away[i, 1] ** 2 + away[i, 2] ** 2)
        far = max(distance - radius_mm, 0.0) / NEAR_MM
        weights[i] *= np.exp(-0.5 * far * far)
        if radius_mm > 0:
            weights[i] *= min(max((distance - radius_mm) / BLOCK_MM, 0.0), 1.0)


@njit(cache=True, nogil=True)
def _median(values, weights):  # type: ignore[no-untyped-def]
    order = np.argsort(values)
    half, total = weights.sum() / 2, 0.0
    for i in order:
        total += weights[i]
        if total >= half:
            return values[i]
    return values[order[-1]]


@njit(cache=True, nogil=True)
def _solve(design, shifts, robust, mean):  # type: ignore[no-untyped-def]
    """Solve the weighted least squares around the mean shift: (4, 3)."""
    square, right = np.zeros((4, 4)), np.zeros((4, 3))
    for i in range(len(design)):
        for p in range(4):
            for q in range(4):
                square[p, q] += robust[i] * design[i, p] * design[i, q]
            for q in range(3):
                right[p, q] += robust[i] * design[i, p] * (shifts[i, q] - mean[q])
    for p in range(4):
        square[p, p] += 1e-9 + (STIFFNESS * max(robust.sum(), 1e-9) if p else 0.0)
    return np.linalg.solve(square, right)


@njit(cache=True, nogil=True)
def _fit(away, shifts, weights, robust, fitted):  # type: ignore[no-untyped-def]
    """Fit a smooth (locally affine) movement that forgives outliers; return the shift of the point."""
    n = len(away)
    design, left = np.ones((n, 4)), np.empty(n)
    design[:, 1:] = away / NEAR_MM
    robust[:] = weights
    mean, solution = np.zeros(3), np.zeros((4, 3))
    for _ in range(ROUNDS):
        total = max(robust.sum(), 1e-9)
        for q in range(3):
            mean[q] = (robust * shifts[:, q]).sum() / total
        solution = _solve(design, shifts, robust, mean)
        for i in range(n):
            left[i] = 0.0
            for q in range(3):
                fitted[i, q] = mean[q]
                for p in range(4):
                    fitted[i, q] += design[i, p] * solution[p, q]
                left[i] += (fitted[i, q] - shifts[i, q]) ** 2
            left[i] = np.sqrt(left[i])
        scale = max(LEAST_SCALE_MM, _median(left, weights))
        for i in range(n):
            robust[i] = weights[i] / (1 + (left[i] / (2 * scale)) ** 2)
    return solution[0] + mean


@njit(cache=True, nogil=True)
def _settle_again(asked, told, wanted_px, pull, shifts_px, best):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Choose the shifts of the nodes again, near the wanted ones."""
    starts, scores = told[0], told[1]
    moved = np.empty(3)
    for i in range(len(asked)):
        node = asked[i]
        best[i] = settle_one(scores[node], wanted_px[i] - starts[node], pull, moved)
        shifts_px[i] = moved + starts[node]


@njit(cache=True, nogil=True)
def _sum_up(away, left, returns, best, robust, out):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Put together what tells the error of a fit."""
    total = max(robust.sum(), 1e-9)
    lean = np.zeros(3)
    out[:] = 0.0
    for i in range(len(away)):
        share = robust[i] / total
        out[0] += share * (left[i] ** 2).sum()
        out[1] += share * min(returns[i], MOST_RETURN_MM) ** 2
        out[2] += share * best[i]
        lean += share * away[i]
    out[0], out[1] = np.sqrt(out[0]), np.sqrt(out[1])
    out[3], out[4] = robust.sum(), np.sqrt((lean**2).sum())


@njit(cache=True, nogil=True)
def _ask(places, edge_mm, near, bounds, told, points, radii, out, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    for point in range(first, last):
        asked = near[bounds[point] : bounds[point + 1]]
        n = len(asked)
        away = (places[asked] - points[point]) * edge_mm
        shifts, best, returns = told[2][asked] * edge_mm, told[3][asked], told[5][asked]
        basis = told[4][asked] / (1 + (returns / RETURN_MM) ** 2)
        weights, robust, fitted = np.empty(n), np.empty(n), np.empty((n, 3))
        for pull in PULLS:
            if pull > 0:
                _settle_again(asked, told, fitted / edge_mm, pull, shifts, best)
                shifts *= edge_mm
            for i in range(n):
                weights[i] = basis[i] * max(best[i], 0.0) ** 2 + 1e-6
            _weigh(away, weights, radii[point])
            out[point, :3] = _fit(away, shifts, weights, robust, fitted)
        _sum_up(away, fitted - shifts, returns, best, robust, out[point, 3:])


def ask_neighbours(
    found: Found,
    near: list[npt.NDArray[np.int64]],
    points: npt.NDArray[np.float64],
    radii_mm: npt.NDArray[np.float64],
) -> list[Evidence]:
    """Match the nodes around points and fit a smooth movement to them; each point alone.

    Fitting and choosing the nodes' shifts again take turns, while what a node pays for leaving its neighbours rises.

    Parameters
    ----------
    near : list of (n,) int64
        For each point which of the lattice's used nodes to ask.
    points : (n_points, 3)
        Voxels (z, y, x) of the grid.
    radii_mm : (n_points,)
        What lies within takes no part.
    """
    used, rows = np.unique(np.concatenate(near), return_inverse=True)
    bounds = np.concatenate([[0], np.cumsum([len(asked) for asked in near])]).astype(np.int64)
    seen = sight(found, used)
    told = (seen.starts, seen.scores, seen.shifts, seen.best.astype(np.float64), seen.contrast, seen.returns_mm)
    out = np.empty((len(points), 8))
    places = found.lattice.nodes[used].astype(np.float64)
    in_parts(len(points), _ask, places, found.grid.edge_mm, rows, bounds, told, points, radii_mm, out)
    return [
        Evidence(
            shift_mm=(float(row[0]), float(row[1]), float(row[2])),
            disagreement_mm=float(row[3]),
            return_mm=float(row[4]),
            score=float(row[5]),
            amount=float(row[6]),
            lean_mm=float(row[7]),
        )
        for row in out
    ]
