"""The finest level, only where it is asked for: nodes around a point, matched there and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.register.lattice import settle, weigh_contrast
from recist.register.matching import score_nodes

if TYPE_CHECKING:
    from recist.register.deformation import Found
    from recist.register.lattice import Shifts
    from recist.register.matching import Scores

RADIUS = 3  # of the blocks, voxels
REACH = 2  # voxels that a block is moved each way
PULL = 0.02  # what a node pays, in correlation, for each squared voxel away from the coarser levels
RETURN_PULL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sightings:
    """Where some nodes of the finest lattice were found again.

    Parameters
    ----------
    used : (n,) int64
        Which of the lattice's used nodes.
    starts : (n, 3) int64
        Shifts around which was searched, voxels (z, y, x).
    scores : (n, w, w, w) float32
        Of all shifts around them.
    shifts : (n, 3) float64
        Found, voxels.
    best : (n,) float32
        Correlation there.
    contrast : (n,) float64
        How much each says.
    returns_mm : (n,) float64
        How far each misses itself when matched back from the follow-up.
    """

    used: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    scores: Scores
    shifts: Shifts
    best: npt.NDArray[np.float32]
    contrast: npt.NDArray[np.float64]
    returns_mm: npt.NDArray[np.float64]


def sight(found: Found, used: npt.NDArray[np.int64]) -> Sightings:
    """Match nodes of the finest lattice, each alone, around where the coarser levels put it, and back.

    Parameters
    ----------
    used : (n,) int64
        Which of the lattice's used nodes.
    """
    nodes = found.lattice.nodes[used]
    expected = found.expect(nodes)
    starts = np.rint(expected).astype(np.int64)
    scores, spreads = score_nodes(found.fixed, found.moving, nodes, nodes + starts, radius=RADIUS, reach=REACH)
    shifts, best = settle(scores, expected - starts, PULL)
    shifts += starts
    ends = nodes + shifts
    whole = np.rint(ends).astype(np.int64)
    back, _ = score_nodes(found.moving, found.fixed, whole, nodes, radius=RADIUS, reach=REACH)
    returned, _ = settle(back, whole - ends, RETURN_PULL)
    missed = np.linalg.norm(returned - (whole - ends), axis=1) * found.grid.edge_mm
    return Sightings(
        used=used,
        starts=starts,
        scores=scores,
        shifts=shifts,
        best=best,
        contrast=weigh_contrast(spreads, scores),
        returns_mm=missed,
    )
