"""Where the pixels of a series lie in the patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceGrid:
    """A stack of parallel slices; with a tilted gantry the stack is sheared, as the table moves along z.

    Pixels are addressed (slice, row, column), zero-based pixel centres; positions are (x, y, z) in LPS mm. Slices
    ascend along row cosines × column cosines. Inverse of `to_lps`: `to_pixel`.

    Parameters
    ----------
    row_spacing_mm, column_spacing_mm : float
        Distance between rows and between columns, in this order in PixelSpacing.
    table_step_mm : float
        Table feed from slice to slice, along z. The distance of the planes is this times cos(tilt).
    centre_lps : tuple of float
        Centre of the lowest slice's field of view, LPS mm.
    tilt_deg : float
        Rotation of the slice plane about the patient's x axis.
    """

    n_slices: int
    rows: int
    columns: int
    row_spacing_mm: float
    column_spacing_mm: float
    table_step_mm: float
    thickness_mm: float
    centre_lps: tuple[float, float, float]
    tilt_deg: float = 0.0

    @property
    def row_cosines(self) -> NDArray[np.float64]:
        """Direction in which the column index grows."""
        return np.array([1.0, 0.0, 0.0])

    @property
    def column_cosines(self) -> NDArray[np.float64]:
        """Direction in which the row index grows."""
        tilt = np.radians(self.tilt_deg)
        return np.array([0.0, np.cos(tilt), np.sin(tilt)])

    @property
    def normal(self) -> NDArray[np.float64]:
        """Direction in which the slice index grows, across the planes."""
        return np.cross(self.row_cosines, self.column_cosines)

    @property
    def slice_spacing_mm(self) -> float:
        """Distance between neighbouring planes, along the normal."""
        return float(self.table_step_mm * self.normal[2])

    def position_lps(self, slice_index: int) -> NDArray[np.float64]:
        """Return the ImagePositionPatient of a slice: the centre of its first pixel, LPS mm."""
        across = (self.columns - 1) / 2 * self.column_spacing_mm
        down = (self.rows - 1) / 2 * self.row_spacing_mm
        centre = np.array(self.centre_lps) + slice_index * np.array([0.0, 0.0, self.table_step_mm])
        return np.asarray(centre - across * self.row_cosines - down * self.column_cosines)

    def to_lps(self, slice_index: int, row: float, column: float) -> NDArray[np.float64]:
        """Map a pixel centre to LPS mm."""
        right = column * self.column_spacing_mm * self.row_cosines
        down = row * self.row_spacing_mm * self.column_cosines
        return np.asarray(self.position_lps(slice_index) + right + down)

    def to_pixel(self, point_lps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map LPS mm to (slice, row, column), which need not be whole numbers."""
        away = np.asarray(point_lps) - self.position_lps(0)
        index = float(away @ self.normal) / self.slice_spacing_mm
        away = away - index * np.array([0.0, 0.0, self.table_step_mm])
        row = float(away @ self.column_cosines) / self.row_spacing_mm
        column = float(away @ self.row_cosines) / self.column_spacing_mm
        return np.array([index, row, column])

    def nearest_slice(self, point_lps: NDArray[np.float64]) -> tuple[int, NDArray[np.float64]]:
        """Return the nearest slice and the point moved along z onto its plane."""
        exact = float(self.to_pixel(point_lps)[0])
        index = round(exact)
        return index, np.asarray(point_lps) + (index - exact) * np.array([0.0, 0.0, self.table_step_mm])
