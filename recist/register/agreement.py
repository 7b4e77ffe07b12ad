"""Whether two registered scans show the same body: what nodes and the fine structure of the lungs say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.register.fine import sight
from recist.register.matching import UNSEEN, score_nodes
from recist.register.resample import OUTSIDE

if TYPE_CHECKING:
    from recist.register.deformation import Found
    from recist.register.matching import Nodes
    from recist.register.pyramid import Pyramid
    from recist.register.resample import Volume

DETAIL_RADIUS, DETAIL_REACH = 2, 1
DETAIL_HU = 20.0  # contrast from which a block shows vessels rather than noise
LUNG_HU = -500.0
MOST_NODES = 400
FEWEST_NODES = 60
LEAST_DETAIL = 0.47  # the same lungs: 0.57 and more, those of another body 0.37 and less
LEAST_RETURNING = 0.5  # the same body: 0.6 and more
GOOD_WEIGHT = 0.05
RETURNED_MM = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well the scans agree once registered.

    Parameters
    ----------
    returning : float
        Share of the nodes that come back to within `RETURNED_MM` when matched to the follow-up and back.
    detail : float
        Median correlation of the vessels in the lungs; NaN where the scans show too few.
    """

    returning: float
    detail: float

    @property
    def doubt(self) -> str:
        """Why the scans may not show the same body, a sentence; empty when they seem to."""
        if self.returning < LEAST_RETURNING:
            return (
                f"Only {self.returning:.0%} of the places matched to the follow-up come back when matched again: "
                "another patient, or too much has changed."
            )
        if self.detail < LEAST_DETAIL:
            return "The vessels of the lungs do not fit: another patient, or lungs that changed too much."
        return ""


def compare(baseline: Pyramid, followup: Pyramid, found: Found) -> Agreement:
    """Compare two registered scans at some hundred nodes over the body, and as many deep in the lungs."""
    nodes = found.lattice.nodes
    seen = sight(found, _some(np.arange(len(nodes))))
    weights = np.maximum(seen.best, 0.0) ** 2 * seen.contrast
    is_asked = weights > GOOD_WEIGHT
    returning = float((seen.returns_mm[is_asked] < RETURNED_MM).mean()) if is_asked.sum() >= FEWEST_NODES else 0.0
    deep = _some(np.flatnonzero(_is_deep_in_lung(baseline, nodes)))
    if len(deep) < FEWEST_NODES:
        return Agreement(returning=returning, detail=float("nan"))
    ends = nodes[deep] + np.rint(sight(found, deep).shifts).astype(np.int64)
    return Agreement(returning=returning, detail=_compare_details(baseline, followup, found, nodes[deep], ends))


def _some(which: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Pick at most `MOST_NODES`, evenly."""
    return which[:: -(-len(which) // MOST_NODES) or 1]


def _compare_details(baseline: Pyramid, followup: Pyramid, found: Found, nodes: Nodes, ends: Nodes) -> float:
    """Correlate what is small around the nodes and around their ends."""
    between = np.linalg.inv(followup.middle.grid.affine) @ found.matrix @ found.grid.affine
    within = np.linalg.inv(baseline.middle.grid.affine) @ found.grid.affine
    fixed = _stack_details(found.fixed, baseline.middle.volume, within, nodes, DETAIL_RADIUS)
    moving = _stack_details(found.moving, followup.middle.volume, between, ends, DETAIL_RADIUS + DETAIL_REACH)
    turns = np.arange(len(nodes))[:, np.newaxis] * np.array([1, 0, 0])
    first, second = (turns * (2 * half + 1) + half for half in (DETAIL_RADIUS, DETAIL_RADIUS + DETAIL_REACH))
    scores, spreads = score_nodes(fixed, moving, first, second, radius=DETAIL_RADIUS, reach=DETAIL_REACH)
    best = scores.max(axis=(1, 2, 3))
    tells = (spreads > DETAIL_HU) & (best > UNSEEN)
    return float(np.median(best[tells])) if tells.sum() >= FEWEST_NODES else float("nan")


def _stack_details(fine: Volume, smooth: Volume, matrix: npt.NDArray[np.float64], centres: Nodes, half: int) -> Volume:
    """Cut cubes out of the fine scan, less the scan with voxels twice as large, one below the other."""
    from scipy import ndimage

    around = np.stack(np.meshgrid(*[np.arange(-half, half + 1)] * 3, indexing="ij"), axis=-1)
    places = centres[:, np.newaxis, np.newaxis, np.newaxis] + around
    inside = ((places >= 0) & (places < fine.shape)).all(axis=-1)
    sharp = np.where(inside, fine[*np.moveaxis(np.clip(places, 0, np.array(fine.shape) - 1), -1, 0)], OUTSIDE)
    away = np.moveaxis(places @ matrix[:3, :3].T + matrix[:3, 3], -1, 0)
    blurred = ndimage.map_coordinates(smooth, away, order=1, mode="nearest")
    is_shown = (sharp > OUTSIDE / 2) & (blurred > OUTSIDE / 2)
    return np.asarray(np.where(is_shown, sharp - blurred, OUTSIDE), np.float32).reshape(-1, *around.shape[1:3])


def _is_deep_in_lung(scan: Pyramid, nodes: Nodes) -> npt.NDArray[np.bool_]:
    """Tell which nodes lie away from the walls of the lungs: walls fit each other in any two patients."""
    from scipy import ndimage

    deep = ndimage.binary_erosion(scan.coarse.volume < LUNG_HU, border_value=1) & scan.coarse.body
    places = np.rint(scan.coarse.grid.to_voxels(scan.fine.grid.to_lps(nodes.astype(np.float64)))).astype(np.int64)
    return np.asarray(deep[*np.clip(places, 0, np.array(deep.shape) - 1).T])
