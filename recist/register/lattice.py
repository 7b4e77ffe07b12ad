"""A lattice of nodes over the body, and displacements on it that fit the scans and each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.register.matching import NOISE_HU, UNSEEN, score_nodes
from recist.register.threads import in_parts

if TYPE_CHECKING:
    from recist.register.matching import Nodes, Scores
    from recist.register.resample import Volume

# how dearly a node pays, in correlation, for each squared voxel away from its neighbours; from loose to tight
PULLS = (0.01, 0.03, 0.06, 0.1, 0.2)
SMOOTHING_NODES = (2.0, 1.5, 1.0, 1.0, 1.0)
RADIUS = 2  # of the blocks, voxels
REACH = 3  # voxels that a block is moved each way
FAINT = 0.02  # weight of staying where the coarser lattice put a node
FLAT = 1e-6
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

    def find_near(self, voxel: npt.NDArray[np.float64], far: float) -> npt.NDArray[np.int64]:
        """Find the used nodes closer to a voxel (3,) than `far` voxels: their rows among the used ones."""
        low = np.clip(np.ceil((voxel - far - np.array(self.first)) / self.step), 0, self.shape).astype(int)
        high = np.clip(np.floor((voxel + far - np.array(self.first)) / self.step) + 1, 0, self.shape).astype(int)
        corners = np.meshgrid(*[np.arange(a, max(a, b)) for a, b in zip(low, high, strict=True)], indexing="ij")
        away = sum(
            (corner * self.step + begin - at) ** 2 for corner, begin, at in zip(corners, self.first, voxel, strict=True)
        )
        is_near = away < far**2
        wanted = np.ravel_multi_index([corner[is_near] for corner in corners], self.shape)
        rows = np.searchsorted(self.used, wanted)
        is_used = self.used[np.minimum(rows, len(self.used) - 1)] == wanted
        return np.asarray(rows[is_used])

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
def _choose(scores, wanted, pull, chosen):  # type: ignore[no-untyped-def]
    """Find the shift that fits best, less what it costs to differ from the wanted one."""
    n_shifts = scores.shape[0]
    reach = (n_shifts - 1) // 2
    lowest = np.inf
    for a in range(n_shifts):
        far_a = pull * (a - reach - wanted[0]) ** 2
        if far_a > lowest + 1:
            continue
        for b in range(n_shifts):
            far_b = far_a + pull * (b - reach - wanted[1]) ** 2
            for c in range(n_shifts):
                cost = far_b + pull * (c - reach - wanted[2]) ** 2 - scores[a, b, c]
                if cost < lowest:
                    lowest = cost
                    chosen[0], chosen[1], chosen[2] = a, b, c


@njit(cache=True, nogil=True)
def settle_one(scores, wanted, pull, shift):  # type: ignore[no-untyped-def]
    """Choose a shift and move it between voxels, to the top of the parabola through its neighbours' scores.

    Returns the score of the chosen shift.
    """
    n_shifts = scores.shape[0]
    chosen = np.zeros(3, np.int64)
    _choose(scores, wanted, pull, chosen)
    middle = float(scores[chosen[0], chosen[1], chosen[2]])
    for axis in range(3):
        at = chosen[axis]
        shift[axis] = at - (n_shifts - 1) // 2
        if at == 0 or at == n_shifts - 1:
            continue
        chosen[axis] = at - 1
        low = float(scores[chosen[0], chosen[1], chosen[2]])
        chosen[axis] = at + 1
        high = float(scores[chosen[0], chosen[1], chosen[2]])
        chosen[axis] = at
        bend = low - 2 * middle + high
        if bend < -FLAT and low > UNSEEN and high > UNSEEN:
            shift[axis] += min(max(0.5 * (low - high) / bend, -0.5), 0.5)
    return middle


@njit(cache=True, nogil=True)
def _settle(scores, wanted, pull, shifts, best, first, last):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    for i in range(first, last):
        best[i] = settle_one(scores[i], wanted[i], pull, shifts[i])


def settle(scores: Scores, wanted: Shifts, pull: float) -> tuple[Shifts, npt.NDArray[np.float32]]:
    """Pick for every node the shift that fits best, less what it costs to differ from the wanted shift.

    Returns
    -------
    shifts : (n, 3) float64
        From the start, in voxels, not whole.
    best : (n,) float32
        The scores there.
    """
    shifts, best = np.empty((len(scores), 3)), np.empty(len(scores), np.float32)
    in_parts(len(scores), _settle, scores, wanted, pull, shifts, best)
    return shifts, best


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


def weigh_contrast(spreads: npt.NDArray[np.float32], scores: Scores) -> npt.NDArray[np.float64]:
    """Weigh blocks by how far they stand out of the noise and how much of their surroundings the other scan shows."""
    power = spreads.astype(np.float64) ** 2
    return np.asarray(power / (power + (2 * NOISE_HU) ** 2) * (scores > UNSEEN).mean(axis=(1, 2, 3)) ** 2)


def match(
    fixed: Volume, moving: Volume, lattice: Lattice, start: Shifts, *, reach: int = REACH, n_rounds: int = len(PULLS)
) -> Matches:
    """Find the nodes again, each near its start, so that neighbours agree.

    Every node scores all shifts within `reach` voxels. Then choosing the best shift and smoothing the chosen shifts
    take turns, while what a node pays for leaving its neighbours rises.

    Parameters
    ----------
    start : (3, *shape) float64
        Shifts of all nodes to search around, voxels.
    n_rounds : int
        How many of the last `PULLS` are taken.

    Notes
    -----
    The alternation is that of Heinrich, Papież, Schnabel and Handels, Non-parametric discrete registration with convex
    optimisation, WBIR 2014, on normalised cross-correlation.
    """
    nodes = lattice.nodes
    near = lattice.at_nodes(start)
    whole = np.rint(near).astype(np.int64)
    scores, spreads = score_nodes(fixed, moving, nodes, nodes + whole, radius=RADIUS, reach=reach)
    contrast = weigh_contrast(spreads, scores)
    wanted = near - whole
    for pull, spread in tuple(zip(PULLS, SMOOTHING_NODES, strict=True))[-n_rounds:]:
        shifts, best = settle(scores, wanted, pull)
        shifts += whole
        weights = np.maximum(best.astype(np.float64), 0.0) ** 2 * contrast + 1e-6
        field = start + lattice.spread(shifts - near, weights, spread)
        wanted = lattice.at_nodes(field) - whole
    return Matches(lattice=lattice, shifts=shifts, scores=best, weights=weights, field=field)
