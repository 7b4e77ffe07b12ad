"""Even grids in the patient: where every voxel of a resampled scan lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Voxels of equal edges along the axes of the patient.

    Voxels are addressed (z, y, x), zero-based centres; positions are (x, y, z) in LPS mm.

    Parameters
    ----------
    origin_lps : tuple of float
        Centre of voxel (0, 0, 0).
    edge_mm : float
    shape : tuple of int
        Voxels along z, y and x.
    """

    origin_lps: tuple[float, float, float]
    edge_mm: float
    shape: tuple[int, int, int]

    @property
    def affine(self) -> NDArray[np.float64]:
        """Matrix (4, 4) from (z, y, x, 1) to LPS mm."""
        matrix = np.zeros((4, 4))
        matrix[[2, 1, 0], [0, 1, 2]] = self.edge_mm
        matrix[:3, 3] = self.origin_lps
        matrix[3, 3] = 1.0
        return matrix

    def to_voxels(self, points_lps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map LPS mm (n, 3) to (z, y, x) in voxels, not rounded. Inverse: `to_lps`."""
        return np.asarray(((points_lps - np.array(self.origin_lps)) / self.edge_mm)[:, ::-1])

    def to_lps(self, voxels: NDArray[np.floating]) -> NDArray[np.float64]:
        """Map (z, y, x) in voxels (n, 3) to LPS mm. Inverse: `to_voxels`."""
        return np.asarray(voxels[:, ::-1] * self.edge_mm + np.array(self.origin_lps))

    def coarser(self) -> Grid:
        """Give the grid of which every voxel holds 2 × 2 × 2 voxels of this one; odd rests are left out."""
        origin = tuple(value + 0.5 * self.edge_mm for value in self.origin_lps)
        n_z, n_y, n_x = (max(n // 2, 1) for n in self.shape)
        return Grid(origin_lps=(origin[0], origin[1], origin[2]), edge_mm=2 * self.edge_mm, shape=(n_z, n_y, n_x))


def grid_around(affine: NDArray[np.float64], shape: tuple[int, ...], edge_mm: float) -> Grid:
    """Lay an even grid over the box that holds a scan.

    Parameters
    ----------
    affine : (4, 4)
        From (slice, row, column, 1) to LPS mm.
    shape : tuple of int
        Slices, rows, columns.
    """
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in shape], indexing="ij")).reshape(3, -1)
    lps = affine[:3, :3] @ corners + affine[:3, 3:]
    low, high = lps.min(axis=1), lps.max(axis=1)
    counts = np.maximum(np.floor((high - low) / edge_mm + 1e-6).astype(int) + 1, 1)
    spare = (high - low) - (counts - 1) * edge_mm
    x, y, z = low + spare / 2
    return Grid(
        origin_lps=(float(x), float(y), float(z)),
        edge_mm=edge_mm,
        shape=(int(counts[2]), int(counts[1]), int(counts[0])),
    )
