"""From two scans to the movement between them: coarse alignment, then ever finer lattices of matched blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.register.alignment import find_offsets, fit_affine
from recist.register.lattice import Lattice, Matches, choose, lay_lattice, match, refine
from recist.register.matching import Image, score_nodes
from recist.register.pyramid import Level, Pyramid, image_on

if TYPE_CHECKING:
    from recist.register.grid import Grid
    from recist.register.lattice import Shifts
    from recist.register.matching import Nodes

Matrix = npt.NDArray[np.float64]
STEPS = (2, 3, 4)  # voxels between nodes: at 10, 5 and 2.5 mm
RADII = (2, 2, 3)  # of the blocks, voxels
AFFINE_ROUNDS = 2
RETURN_PULL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """How the body of the baseline lies in the follow-up.

    Parameters
    ----------
    matrix : (4, 4)
        The coarse part: from the baseline's LPS mm to the follow-up's.
    grid : Grid
        The baseline's fine grid.
    fixed, moving : Image
        Both scans on it, the follow-up moved by the matrix.
    matches : Matches
        What the coarse part leaves, in voxels of the grid.
    """

    matrix: Matrix
    grid: Grid
    fixed: Image
    moving: Image
    matches: Matches


def align(fixed: Level, moving: Level) -> Matrix | None:
    """Align two bodies coarsely: by their place along the body, then by an affine map through matched blocks.

    Returns
    -------
    (4, 4) matrix from the LPS mm of the fixed scan to those of the moving one; None when nothing fits.
    """
    best: tuple[Matrix, float] | None = None
    image = Image(fixed.volume, RADII[0])
    lattice = lay_lattice(fixed.body, STEPS[0])
    for offset in find_offsets(fixed, moving):
        matrix = np.eye(4)
        matrix[:3, 3] = offset.shift_mm
        for _ in range(AFFINE_ROUNDS):
            found = match(image, image_on(moving, fixed.grid, matrix, RADII[0]), lattice, np.zeros((3, *lattice.shape)))
            nodes = lattice.nodes
            matrix = matrix @ fit_affine(
                fixed.grid.to_lps(nodes.astype(np.float64)),
                fixed.grid.to_lps(nodes + found.shifts),
                found.weights,
                fixed.grid.edge_mm / 2,
            )
        score = float(found.weights.mean()) * offset.score
        if best is None or score > best[1]:
            best = matrix, score
    return None if best is None else best[0]


def deform(fixed: Pyramid, moving: Pyramid, matrix: Matrix) -> Found:
    """Find what the coarse alignment leaves, on ever finer lattices."""
    field: Shifts | None = None
    above: tuple[Lattice, Grid] | None = None
    for number, (ours, theirs) in enumerate(
        ((fixed.coarse, moving.coarse), (fixed.middle, moving.middle), (fixed.fine, moving.fine))
    ):
        radius = RADII[number]
        lattice = lay_lattice(ours.body, STEPS[number])
        images = Image(ours.volume, radius), image_on(theirs, ours.grid, matrix, radius)
        start = (
            np.zeros((3, *lattice.shape))
            if above is None or field is None
            else _finer(field, above, lattice, ours.grid)
        )
        matches = match(*images, lattice, start)
        if number == 1:
            matches = match(*images, lattice, matches.field)
        field, above = matches.field, (lattice, ours.grid)
    return Found(matrix=matrix, grid=ours.grid, fixed=images[0], moving=images[1], matches=matches)


def _finer(field: Shifts, above: tuple[Lattice, Grid], lattice: Lattice, grid: Grid) -> Shifts:
    """Take the shifts of a coarser lattice to all nodes of a finer one."""
    coarser, coarser_grid = above
    places = coarser_grid.to_voxels(grid.to_lps(lattice.places))
    shifts = coarser.interpolate(field, places) * (coarser_grid.edge_mm / grid.edge_mm)
    return np.ascontiguousarray(shifts.T).reshape(3, *lattice.shape)


def return_distances(found: Found) -> npt.NDArray[np.float64]:
    """Match the nodes back from the follow-up: how far from where they started they come to lie.

    Returns
    -------
    (n,) mm
    """
    nodes: Nodes = found.matches.lattice.nodes
    ends = nodes + found.matches.shifts
    whole = np.clip(np.rint(ends).astype(np.int64), 0, np.array(found.moving.shape) - 1)
    scores = score_nodes(found.moving, found.fixed, whole, nodes)
    chosen, _ = choose(scores, whole - ends, RETURN_PULL)
    return np.asarray(np.linalg.norm(refine(scores, chosen) - (whole - ends), axis=1) * found.grid.edge_mm)
