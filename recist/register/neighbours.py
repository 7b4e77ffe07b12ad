"""Where one point goes, by what the nodes around it say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from recist.register.lattice import Shifts

NEAR_MM = 12.0  # standard deviation of the weight by distance
FAR_MM = 40.0
BLOCK_MM = 8.75  # half the edge of a block at the finest level
STIFFNESS = 0.15  # keeps the slope of the fit small where few nodes tell it
ROUNDS = 6
LEAST_SCALE_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the nodes around a point say together.

    Parameters
    ----------
    shift_mm : (3,) float64
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

    shift_mm: npt.NDArray[np.float64]
    disagreement_mm: float
    return_mm: float
    score: float
    amount: float
    lean_mm: float


def weigh(
    away_mm: Shifts, weights: npt.NDArray[np.float64], returns_mm: npt.NDArray[np.float64], radius_mm: float
) -> npt.NDArray[np.float64]:
    """Weigh nodes by their distance to the point, their own weight and how well they come back.

    Nodes within `radius_mm` show the lesion itself and weigh nothing; those whose block reaches into it weigh less.
    """
    distance = np.linalg.norm(away_mm, axis=1)
    near = np.exp(-0.5 * (np.maximum(distance - radius_mm, 0.0) / NEAR_MM) ** 2)
    outside = np.clip((distance - radius_mm) / BLOCK_MM, 0.0, 1.0) if radius_mm > 0 else 1.0
    return np.asarray(near * outside * weights / (1 + (returns_mm / 2.5) ** 2))


def fit_neighbours(
    away_mm: Shifts,
    shifts_mm: Shifts,
    scores: npt.NDArray[np.floating],
    returns_mm: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> Evidence:
    """Fit a smooth (locally affine) movement to the nodes around a point; outliers are forgiven.

    Parameters
    ----------
    away_mm : (n, 3)
        From the point to the nodes, along z, y and x.
    shifts_mm : (n, 3)
        Of the nodes.
    weights : (n,)
        From `weigh`.
    """
    design = np.column_stack([np.ones(len(away_mm)), away_mm / NEAR_MM])
    robust = weights
    for _ in range(ROUNDS):
        total = max(float(robust.sum()), 1e-9)
        stiff = np.diag([0.0, 1.0, 1.0, 1.0]) * STIFFNESS * total + 1e-9 * np.eye(4)
        mean = robust @ shifts_mm / total
        solution = np.linalg.solve(
            design.T @ (robust[:, np.newaxis] * design) + stiff, design.T @ (robust[:, np.newaxis] * (shifts_mm - mean))
        )
        left = np.linalg.norm(design @ solution + mean - shifts_mm, axis=1)
        scale = max(LEAST_SCALE_MM, _weighted_median(left, weights))
        robust = weights / (1 + (left / (2 * scale)) ** 2)
    share = robust / max(float(robust.sum()), 1e-9)
    return Evidence(
        shift_mm=solution[0] + mean,
        disagreement_mm=float(np.sqrt(share @ left**2)),
        return_mm=float(np.sqrt(share @ np.minimum(returns_mm, 15.0) ** 2)),
        score=float(share @ scores),
        amount=float(robust.sum()),
        lean_mm=float(np.linalg.norm(share @ away_mm)),
    )


def _weighted_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
