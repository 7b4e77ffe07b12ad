"""One slice while it is drawn: its pixels' places, and painting with partial volume.

Everything drawn is a *surface* given by a function that is positive inside. Divided by its change over one voxel (the
pixel in the plane, the slice thickness across it) it becomes `depth` in voxels, and a voxel's share of the
tissue is 0.5 + depth, cut to 0…1. This is the partial volume of a locally flat surface.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sample_dicom.grid import SliceGrid
    from sample_dicom.pose import Pose

Image = NDArray[np.floating]
Box = tuple[slice, slice]
WHOLE: Box = (slice(None), slice(None))
AIR_HU = -1000.0
BOX_MARGIN_MM = 11.0  # how far warp and rotation may carry an organ out of its box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Canvas:
    """A slice being drawn.

    Parameters
    ----------
    hu : numpy.ndarray (rows, columns)
        The picture, HU.
    x_atlas, y_atlas, z_atlas : numpy.ndarray
        Anatomical place of each pixel centre, mm; `z_atlas` is (rows, 1).
    pixel_mm, thickness_mm : float
        Extent of a voxel in the plane and across it, atlas mm.
    grid, slice_index
        Where the slice lies in the patient.
    """

    hu: Image
    x_atlas: Image
    y_atlas: Image
    z_atlas: Image
    pixel_mm: float
    thickness_mm: float
    grid: SliceGrid
    slice_index: int
    lung: Image = field(repr=False)

    def box(self, centre: tuple[float, float], reach: tuple[float, float]) -> Box | None:
        """Return the rows and columns around an organ in atlas mm (x, y), or None where it is off the picture."""
        n_rows, n_columns = self.hu.shape
        across, down = self.x_atlas[n_rows // 2], self.y_atlas[:, n_columns // 2]
        left, right = np.searchsorted(
            across, [centre[0] - reach[0] - BOX_MARGIN_MM, centre[0] + reach[0] + BOX_MARGIN_MM]
        )
        top, bottom = np.searchsorted(
            down, [centre[1] - reach[1] - BOX_MARGIN_MM, centre[1] + reach[1] + BOX_MARGIN_MM]
        )
        if left >= right or top >= bottom:
            return None
        return slice(int(top), int(bottom)), slice(int(left), int(right))

    def paint(self, share: Image, value_hu: float | Image, box: Box = WHOLE) -> None:
        """Blend a tissue into the picture; `share` is 0…1 on the box."""
        part = self.hu[box]
        part += share * (value_hu - part)


def start_canvas(grid: SliceGrid, pose: Pose, slice_index: int) -> Canvas:
    """Make the empty slice: air everywhere."""
    origin = grid.position_lps(slice_index)
    down = np.arange(grid.rows)[:, np.newaxis] * grid.row_spacing_mm
    x = origin[0] + np.arange(grid.columns)[np.newaxis, :] * grid.column_spacing_mm
    y = origin[1] + down * grid.column_cosines[1]
    z = origin[2] + down * grid.column_cosines[2]
    x_atlas, y_atlas, z_atlas = pose.to_atlas(x.astype(np.float32), y.astype(np.float32), z.astype(np.float32))
    shape = (grid.rows, grid.columns)
    return Canvas(
        hu=np.full(shape, AIR_HU, np.float32),
        x_atlas=x_atlas,
        y_atlas=y_atlas,
        z_atlas=z_atlas,
        pixel_mm=float(np.sqrt(grid.row_spacing_mm * grid.column_spacing_mm)) / pose.scale,
        thickness_mm=grid.thickness_mm / pose.scale,
        grid=grid,
        slice_index=slice_index,
        lung=np.zeros(shape, np.float32),
    )


def share_of(depth: Image) -> Image:
    """Turn a depth in voxels into the share of the voxel that is inside."""
    return np.asarray(np.clip(depth + np.float32(0.5), 0, 1))
