"""Whether two registered scans show the same body: what nodes and the fine structure of the lungs say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.register.matching import REACH, Image, score_nodes
from recist.register.resample import OUTSIDE, sample_on

if TYPE_CHECKING:
    from recist.register.deformation import Found
    from recist.register.matching import Nodes
    from recist.register.pyramid import Pyramid
    from recist.register.resample import Volume

DETAIL_RADIUS = 2
DETAIL_HU = 20.0  # contrast from which a block shows vessels rather than noise
LUNG_HU = -500.0
MOST_NODES = 2000
FEWEST_NODES = 60
LEAST_DETAIL = 0.45  # the same lungs: 0.58 and more, those of another body 0.3 and less
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


def compare(baseline: Pyramid, followup: Pyramid, found: Found, returns_mm: npt.NDArray[np.float64]) -> Agreement:
    """Compare two registered scans.

    Parameters
    ----------
    returns_mm : (n,)
        Of all used nodes.
    """
    is_asked = found.matches.weights > GOOD_WEIGHT
    returning = float((returns_mm[is_asked] < RETURNED_MM).mean()) if is_asked.sum() >= FEWEST_NODES else 0.0
    return Agreement(returning=returning, detail=_compare_lungs(baseline, followup, found))


def _compare_lungs(baseline: Pyramid, followup: Pyramid, found: Found) -> float:
    nodes = found.matches.lattice.nodes
    in_lung = np.flatnonzero(_is_deep_in_lung(baseline, nodes))
    picked = in_lung[:: max(len(in_lung) // MOST_NODES, 1)]
    if len(picked) < FEWEST_NODES:
        return float("nan")
    fixed = Image(_detail(baseline), DETAIL_RADIUS)
    moved = sample_on(_detail(followup), followup.fine.grid.affine, found.grid, found.matrix)
    moving = Image(moved, DETAIL_RADIUS)
    ends = nodes[picked] + np.rint(found.matches.shifts[picked]).astype(np.int64)
    near = slice(REACH - 1, REACH + 2)
    best = score_nodes(fixed, moving, nodes[picked], ends)[:, near, near, near].max(axis=(1, 2, 3))
    tells = (fixed.spread_at(nodes[picked]) > DETAIL_HU) & (best > -1)
    return float(np.median(best[tells])) if tells.sum() >= FEWEST_NODES else float("nan")


def _is_deep_in_lung(scan: Pyramid, nodes: Nodes) -> npt.NDArray[np.bool_]:
    """Tell which nodes lie away from the walls of the lungs: walls fit each other in any two patients."""
    from scipy import ndimage

    deep = ndimage.binary_erosion(scan.coarse.volume < LUNG_HU, border_value=1) & scan.coarse.body
    places = np.rint(scan.coarse.grid.to_voxels(scan.fine.grid.to_lps(nodes.astype(np.float64)))).astype(np.int64)
    return np.asarray(deep[*np.clip(places, 0, np.array(deep.shape) - 1).T])


def _detail(scan: Pyramid) -> Volume:
    """Subtract the scan with voxels twice as large: what is left is small."""
    smooth = sample_on(scan.middle.volume, scan.middle.grid.affine, scan.fine.grid)
    is_shown = (scan.fine.volume > OUTSIDE / 2) & (smooth > OUTSIDE / 2)
    return np.asarray(np.where(is_shown, scan.fine.volume - smooth, OUTSIDE), np.float32)
