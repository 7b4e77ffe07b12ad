"""From pixels to millimetres in the patient and back, for one image plane.

Three frames meet here:

* pixel: (row, column), zero-based, whole numbers are pixel **centres**;
* SCOORD: (column, row) of a DICOM structured report, (0, 0) is the outer **corner** of the first pixel
  (PS3.3 C.18.6), so a pixel centre is at + 0.5;
* LPS: (x, y, z) in mm, growing to the patient's left, back and head; ImagePositionPatient is the **centre** of the
  first pixel (PS3.3 C.7.6.2.1.1).

PixelSpacing is (between rows, between columns): the first number belongs to a step of the row index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.geometry import right_angled, slice_normal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CORNER_TO_CENTRE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """The plane of one image in the patient.

    Attributes
    ----------
    position_lps : array, shape (3,)
        ImagePositionPatient, mm.
    orientation : array, shape (6,)
        Direction of a row, then of a column.
    pixel_spacing_mm : tuple of float
        (between rows, between columns).
    """

    position_lps: NDArray[np.float64]
    orientation: NDArray[np.float64]
    pixel_spacing_mm: tuple[float, float]

    def _steps_lps(self) -> NDArray[np.float64]:
        """Give the vectors of one row and one column onward, mm, shape (2, 3)."""
        between_rows, between_columns = self.pixel_spacing_mm
        directions = right_angled(self.orientation)
        return np.stack((directions[3:] * between_rows, directions[:3] * between_columns))

    def to_lps(self, pixels: ArrayLike) -> NDArray[np.float64]:
        """Map (row, column), zero-based pixel centres, to (x, y, z) in LPS mm. Inverse: `to_pixel`.

        Parameters
        ----------
        pixels : array_like, shape (..., 2)

        Returns
        -------
        array, shape (..., 3)
        """
        lps: NDArray[np.float64] = self.position_lps + np.asarray(pixels, dtype=np.float64) @ self._steps_lps()
        return lps

    def to_pixel(self, points_lps: ArrayLike) -> NDArray[np.float64]:
        """Map (x, y, z) in LPS mm, projected along the normal, to (row, column). Inverse: `to_lps`.

        Parameters
        ----------
        points_lps : array_like, shape (..., 3)

        Returns
        -------
        array, shape (..., 2)
        """
        offset = np.asarray(points_lps, dtype=np.float64) - self.position_lps
        pixels: NDArray[np.float64] = offset @ np.linalg.pinv(self._steps_lps())
        return pixels

    def distance_mm(self, points_lps: ArrayLike) -> NDArray[np.float64]:
        """Give the signed distance of points from the plane along its normal, mm."""
        offset = np.asarray(points_lps, dtype=np.float64) - self.position_lps
        distance: NDArray[np.float64] = offset @ slice_normal(self.orientation)
        return distance


def scoord_from_pixel(pixels: ArrayLike) -> NDArray[np.float64]:
    """Map (row, column) pixel centres to (column, row) of a structured report. Inverse: `pixel_from_scoord`."""
    return np.asarray(pixels, dtype=np.float64)[..., ::-1] + CORNER_TO_CENTRE


def pixel_from_scoord(scoords: ArrayLike) -> NDArray[np.float64]:
    """Map (column, row) of a structured report to (row, column) pixel centres. Inverse: `scoord_from_pixel`."""
    return (np.asarray(scoords, dtype=np.float64) - CORNER_TO_CENTRE)[..., ::-1]
