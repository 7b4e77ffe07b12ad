"""A lattice of nodes over the body, and displacements on it that fit the scans and each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.matching import NOISE_HU, REACH, WIDTH, score_nodes
from recist.register.threads import in_parts

if TYPE_CHECKING:
    from recist.register.matching import Image, Nodes, Scores

# how dearly a node pays, in correlation, for each squared voxel away from its neighbours; from loose to tight
PULLS = (0.01, 0.03, 0.06, 0.1, 0.2)
SMOOTHING_NODES = (2.0, 1.5, 1.0, 1.0, 1.0)
FAINT = 0.02  # weight of staying where the coarser lattice put a node
FLAT = 1e-6
UNSEEN = -0.99  # a score at or below it: a scan shows too little there
Shifts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lattice:
    """Nodes every few voxels; only those in the body are used.

    Parameters
    ----------
    step : int
        Voxels from node to node.
    first : tuple of int
        Voxel of the first node.
    shape : tuple of int
        Nodes along z, y and x.
    used : (n,) int64
        Which nodes of the full lattice are in the body, counted along x, then y, then z.
    """

    step: int
    first: tuple[int, int, int]
    shape: tuple[int, int, int]
    used: npt.NDArray[np.int64]

    @property
    def places(self) -> Shifts:
        """(z, y, x) in voxels of all nodes, (n_all, 3)."""
        corners = np.stack(np.meshgrid(*[np.arange(n) for n in self.shape], indexing="ij"), axis=-1).reshape(-1, 3)
        return np.asarray(corners * float(self.step) + np.array(self.first))

    @property
    def nodes(self) -> Nodes:
        """(z, y, x) in voxels of the used nodes."""
        places = np.stack(np.unravel_index(self.used, self.shape), axis=1)
        return np.ascontiguousarray(places * self.step + np.array(self.first), dtype=np.int64)

    def spread(self, values: Shifts, weights: npt.NDArray[np.floating], reach: float) -> Shifts:
        """Smooth values (n, 3) of the used nodes over the lattice, towards 0 where there are none: (3, *shape)."""
        from scipy import ndimage

        full = np.zeros((4, *self.shape))
        flat = full.reshape(4, -1)
        flat[3, self.used] = weights
        flat[:3, self.used] = (values * weights[:, np.newaxis]).T
        for part in full:
            ndimage.gaussian_filter(part, reach, output=part, mode="constant", truncate=3.0)
        return np.asarray(full[:3] / (full[3] + FAINT))

    def at_nodes(self, field: Shifts) -> Shifts:
        """Pick the used nodes out of a field (3, *shape): (n, 3)."""
        return np.ascontiguousarray(field.reshape(3, -1)[:, self.used].T)

    def interpolate(self, field: Shifts, voxels: npt.NDArray[np.floating]) -> Shifts:
        """Interpolate a field (3, *shape) at voxels (n, 3): (n, 3)."""
        from scipy import ndimage

        places = ((np.asarray(voxels) - np.array(self.first)) / self.step).T
        return np.stack([ndimage.map_coordinates(part, places, order=1, mode="nearest") for part in field], axis=1)


def lay_lattice(body: npt.NDArray[np.bool_], step: int) -> Lattice:
    """Lay nodes over the box of a scan and keep those in the body."""
    first = tuple((n - 1) % step // 2 for n in body.shape)
    picked = body[first[0] :: step, first[1] :: step, first[2] :: step]
    return Lattice(
        step=step,
        first=(first[0], first[1], first[2]),
        shape=(picked.shape[0], picked.shape[1], picked.shape[2]),
        used=np.flatnonzero(picked),
    )


@njit(cache=True, nogil=True)
def _choose(scores, wanted, pull, chosen, best, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    for i in range(first, last):
        lowest = np.inf
        for a in range(WIDTH):
            far_a = pull * (a - REACH - wanted[i, 0]) ** 2
            for b in range(WIDTH):
                far_b = far_a + pull * (b - REACH - wanted[i, 1]) ** 2
                for c in range(WIDTH):
                    cost = far_b + pull * (c - REACH - wanted[i, 2]) ** 2 - scores[i, a, b, c]
                    if cost < lowest:
                        lowest = cost
                        chosen[i, 0], chosen[i, 1], chosen[i, 2] = a, b, c
        best[i] = scores[i, chosen[i, 0], chosen[i, 1], chosen[i, 2]]


def choose(scores: Scores, wanted: Shifts, pull: float) -> tuple[Nodes, npt.NDArray[np.float32]]:
    """Pick for every node the shift that fits best, less what it costs to differ from the wanted shift.

    Returns
    -------
    chosen : (n, 3) int64
        Index into `scores`: the shift plus `REACH`.
    best : (n,) float32
        The scores there.
    """
    chosen, best = np.zeros((len(scores), 3), np.int64), np.empty(len(scores), np.float32)
    in_parts(len(scores), _choose, scores, wanted, pull, chosen, best)
    return chosen, best


def refine(scores: Scores, chosen: Nodes) -> Shifts:
    """Move chosen shifts between voxels, to the top of the parabola through their neighbours' scores; in voxels."""
    rows = np.arange(len(scores))
    shifts = (chosen - REACH).astype(np.float64)
    middle = scores[rows, *chosen.T].astype(np.float64)
    for axis in range(3):
        below, above = chosen.copy(), chosen.copy()
        below[:, axis] -= 1
        above[:, axis] += 1
        has_both = (below[:, axis] >= 0) & (above[:, axis] < WIDTH)
        low = scores[rows, *np.clip(below, 0, WIDTH - 1).T].astype(np.float64)
        high = scores[rows, *np.clip(above, 0, WIDTH - 1).T].astype(np.float64)
        bend = low - 2 * middle + high
        is_top = has_both & (bend < -FLAT) & (low > UNSEEN) & (high > UNSEEN)
        step = 0.5 * (low - high) / np.where(is_top, bend, -1.0)
        shifts[:, axis] += np.where(is_top, np.clip(step, -0.5, 0.5), 0.0)
    return shifts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matches:
    """Where the nodes of a lattice were found again.

    Parameters
    ----------
    shifts : (n, 3) float64
        Of the used nodes, voxels (z, y, x).
    scores : (n,) float32
        Correlation there.
    weights : (n,) float64
        How much each says: by its score and its contrast.
    field : (3, *shape) float64
        The shifts smoothed over the lattice.
    """

    lattice: Lattice
    shifts: Shifts
    scores: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float64]
    field: Shifts


def match(fixed: Image, moving: Image, lattice: Lattice, start: Shifts, pulls: tuple[float, ...] = PULLS) -> Matches:
    """Find the nodes again, each near its start, so that neighbours agree.

    Every node scores all shifts within `REACH` voxels. Then choosing the best shift and smoothing the chosen shifts
    take turns, while what a node pays for leaving its neighbours rises.

    Parameters
    ----------
    start : (3, *shape) float64
        Shifts of all nodes to search around, voxels.

    Notes
    -----
    The alternation is that of Heinrich, Papież, Schnabel and Handels, Non-parametric discrete registration with convex
    optimisation, WBIR 2014, on normalised cross-correlation.
    """
    nodes = lattice.nodes
    near = lattice.at_nodes(start)
    whole = np.rint(near).astype(np.int64)
    scores = score_nodes(fixed, moving, nodes, nodes + whole)
    contrast = fixed.spread_at(nodes).astype(np.float64) ** 2
    contrast = contrast / (contrast + (2 * NOISE_HU) ** 2)
    contrast *= (scores > UNSEEN).mean(axis=(1, 2, 3)) ** 2
    wanted = near - whole
    for pull, reach in zip(pulls, SMOOTHING_NODES, strict=True):
        chosen, best = choose(scores, wanted, pull)
        shifts = refine(scores, chosen) + whole
        weights = np.maximum(best.astype(np.float64), 0.0) ** 2 * contrast + 1e-6
        field = start + lattice.spread(shifts - near, weights, reach)
        wanted = lattice.at_nodes(field) - whole
    return Matches(lattice=lattice, shifts=shifts, scores=best, weights=weights, field=field)
