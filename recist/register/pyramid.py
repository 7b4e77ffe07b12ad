"""A scan at three sizes of voxel, with air wherever there is no body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recist.register.body import find_body, keep_body
from recist.register.grid import Grid, grid_around
from recist.register.resample import Hounsfield, Volume, block_means, halve, sample_on

FINE_MM = 2.5
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Level:
    """A scan on an even grid.

    Parameters
    ----------
    volume : (n_z, n_y, n_x) float32
        HU; air outside of the body, `OUTSIDE` where the scan shows nothing.
    body : bool of the same shape
    """

    grid: Grid
    volume: Volume
    body: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pyramid:
    """The same scan with voxels of 10, 5 and 2.5 mm."""

    coarse: Level
    middle: Level
    fine: Level

    @property
    def has_body(self) -> bool:
        """Whether a body was found."""
        return bool(self.coarse.body.any() and self.middle.body.any())


def build_pyramid(hu: Hounsfield, affine: npt.NDArray[np.float64]) -> Pyramid:
    """Resample a scan to even voxels of 2.5, 5 and 10 mm along the axes of the patient and clear what is no body.

    Parameters
    ----------
    hu : (n_slices, n_rows, n_columns) int16 or float32
    affine : (4, 4)
        From (slice, row, column, 1) to LPS mm.
    """
    means, means_affine = block_means(hu, affine, FINE_MM)
    grid = grid_around(affine, hu.shape, FINE_MM)
    fine = sample_on(means, means_affine, grid)
    middle = halve(fine)
    body = find_body(middle, 2 * FINE_MM)
    middle = keep_body(middle, body)
    fine_body = _repeated(body, fine.shape)
    coarse_body = halve(body.astype(np.float32)) >= HALF
    middle_grid = grid.coarser()
    return Pyramid(
        coarse=Level(grid=middle_grid.coarser(), volume=halve(middle), body=coarse_body),
        middle=Level(grid=middle_grid, volume=middle, body=body),
        fine=Level(grid=grid, volume=keep_body(fine, fine_body), body=fine_body),
    )


def _repeated(body: npt.NDArray[np.bool_], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Take a mask to voxels of half the edge; the last one is repeated where the count is odd."""
    for axis, n in enumerate(shape):
        body = np.take(body, np.minimum(np.arange(n) // 2, body.shape[axis] - 1), axis=axis)
    return body
