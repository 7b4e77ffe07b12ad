"""From two scans to the movement between them: coarse alignment, then ever finer lattices of matched blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.register.alignment import find_offsets, fit_affine
from recist.register.lattice import Lattice, lay_lattice, match
from recist.register.resample import Volume, sample_on

if TYPE_CHECKING:
    from recist.register.grid import Grid
    from recist.register.lattice import Matches, Shifts
    from recist.register.matching import Nodes
    from recist.register.pyramid import Level, Pyramid

Matrix = npt.NDArray[np.float64]
STEPS = (2, 3, 4)  # voxels between nodes: at 10, 5 and 2.5 mm
AFFINE_PULLS = 3
MIDDLE_REACHES = (2, 2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """How the body of the baseline lies in the follow-up.

    Parameters
    ----------
    matrix : (4, 4)
        The coarse part: from the baseline's LPS mm to the follow-up's.
    grid : Grid
        The baseline's fine grid.
    fixed, moving : (n_z, n_y, n_x) float32
        Both scans on it, the follow-up moved by the matrix.
    lattice : Lattice
        Of nodes on it.
    middle : Matches
        What the coarse part leaves, in voxels of the middle grid.
    middle_grid : Grid
    """

    matrix: Matrix
    grid: Grid
    fixed: Volume
    moving: Volume
    lattice: Lattice
    middle: Matches
    middle_grid: Grid

    def find_near(self, voxel: npt.NDArray[np.float64], far_mm: float) -> npt.NDArray[np.int64]:
        """Find the nodes closer to a voxel (3,) than `far_mm`: which of the lattice's used nodes."""
        return self.lattice.find_near(voxel, far_mm / self.grid.edge_mm)

    def expect(self, nodes: Nodes) -> Shifts:
        """Give the shifts of nodes (n, 3) as the middle level has them, voxels of the fine grid."""
        return carry(self.middle.field, (self.middle.lattice, self.middle_grid), self.grid, nodes.astype(np.float64))


def align(fixed: Level, moving: Level) -> Matrix | None:
    """Align two bodies coarsely: by their place along the body, then by an affine map through matched blocks.

    Returns
    -------
    (4, 4) matrix from the LPS mm of the fixed scan to those of the moving one; None when nothing fits.
    """
    best: tuple[Matrix, float] | None = None
    lattice = lay_lattice(fixed.body, STEPS[0])
    for offset in find_offsets(fixed, moving):
        matrix = np.eye(4)
        matrix[:3, 3] = offset.shift_mm
        matrix, weight = _fit(fixed, moving, lattice, matrix)
        if best is None or weight * offset.score > best[1]:
            best = matrix, weight * offset.score
    return None if best is None else _fit(fixed, moving, lattice, best[0])[0]


def _fit(fixed: Level, moving: Level, lattice: Lattice, matrix: Matrix) -> tuple[Matrix, float]:
    """Improve an affine map by matched blocks; tell how well they match."""
    volume = sample_on(moving.volume, moving.grid.affine, fixed.grid, matrix)
    found = match(fixed.volume, volume, lattice, np.zeros((3, *lattice.shape)), n_rounds=AFFINE_PULLS)
    change = fit_affine(
        fixed.grid.to_lps(lattice.nodes.astype(np.float64)),
        fixed.grid.to_lps(lattice.nodes + found.shifts),
        found.weights,
        fixed.grid.edge_mm / 2,
    )
    return matrix @ change, float(found.weights.mean())


def deform(fixed: Pyramid, moving: Pyramid, matrix: Matrix) -> Found:
    """Find what the coarse alignment leaves, at 10 and at 5 mm; at 2.5 mm only lay the lattice."""
    above = lay_lattice(fixed.coarse.body, STEPS[0])
    volume = sample_on(moving.coarse.volume, moving.coarse.grid.affine, fixed.coarse.grid, matrix)
    field = match(fixed.coarse.volume, volume, above, np.zeros((3, *above.shape))).field
    lattice, grid = lay_lattice(fixed.middle.body, STEPS[1]), fixed.middle.grid
    volume = sample_on(moving.middle.volume, moving.middle.grid.affine, grid, matrix)
    shifts = carry(field, (above, fixed.coarse.grid), grid, lattice.places)
    start = np.ascontiguousarray(shifts.T).reshape(3, *lattice.shape)
    for reach in MIDDLE_REACHES:
        matches = match(fixed.middle.volume, volume, lattice, start, reach=reach)
        start = matches.field
    return Found(
        matrix=matrix,
        grid=fixed.fine.grid,
        fixed=fixed.fine.volume,
        moving=sample_on(moving.fine.volume, moving.fine.grid.affine, fixed.fine.grid, matrix),
        lattice=lay_lattice(fixed.fine.body, STEPS[2]),
        middle=matches,
        middle_grid=grid,
    )


def carry(field: Shifts, above: tuple[Lattice, Grid], grid: Grid, voxels: npt.NDArray[np.float64]) -> Shifts:
    """Take the shifts of a coarser lattice to voxels (n, 3) of a finer grid: (n, 3)."""
    coarser, coarser_grid = above
    places = coarser_grid.to_voxels(grid.to_lps(voxels))
    return coarser.interpolate(field, places) * (coarser_grid.edge_mm / grid.edge_mm)
