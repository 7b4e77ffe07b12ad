"""Lay a foreign plane of pixels on the slice of a series that has the same pixels, turned or not.

Nothing is moved or resampled here. A plane fits when its pixel centres are pixel centres of the slice: it may be
transposed, mirrored, reversed, or show only a part of the slice, but not shifted or of other spacing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.dicom.geometry import slice_normal
from recist.dicom.seg.segment import Bools, Patch
from recist.errors import GeometryError

if TYPE_CHECKING:
    from recist.dicom.ct_series import CTSeries
    from recist.dicom.plane import Plane

SAME_PLACE_MM = 0.05  # between a frame and its slice
SAME_PIXEL_PX = 0.1  # between the pixel centres of a frame and of its slice, at its corners
SAME_DIRECTION = 1e-3  # 1 − cosine between the normals

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How the pixels of a plane lie on a slice: pixel (row, column) is at `turn` · (row, column) + `origin`.

    Attributes
    ----------
    slice_index : int
    turn : ((int, int), (int, int))
        Each row holds one 1 or −1 and one 0.
    origin : (row, column)
    """

    slice_index: int
    turn: tuple[tuple[int, int], tuple[int, int]] = ((1, 0), (0, 1))
    origin: tuple[int, int] = (0, 0)

    def patch(self, row: int, column: int, pixels: Bools) -> Patch:
        """Turn a rectangle of the plane, that begins at (row, column), into one of the slice."""
        matrix = np.array(self.turn)
        corners = np.array([(row, column), (row + pixels.shape[0] - 1, column + pixels.shape[1] - 1)])
        first = (corners @ matrix.T + self.origin).min(axis=0)
        turned = pixels if self.turn[0][0] else pixels.T
        flips = tuple(axis for axis in (0, 1) if matrix[axis].sum() < 0)
        return Patch(
            slice_index=self.slice_index,
            row=int(first[0]),
            column=int(first[1]),
            pixels=np.flip(turned, flips) if flips else turned,
        )


def find_slices(plane: Plane, size: tuple[int, int], series: CTSeries) -> list[int]:
    """Find the slices a plane of pixels lies in, whole.

    Parameters
    ----------
    plane : Plane
    size : (n_rows, n_columns)
    series : CTSeries

    Returns
    -------
    list of int
        Empty where the series has no slice there, several where slices lie at one position.
    """
    positions = series.positions_lps
    if not np.isfinite(positions).all():
        return []
    corners = plane.to_lps(_corners(size))
    orientations = (
        np.broadcast_to(series.orientation, (len(positions), 6)) if series.orientations is None else series.orientations
    )
    normals = np.stack([slice_normal(each) for each in orientations]) if series.orientations is not None else None
    normal = slice_normal(series.orientation)[None] if normals is None else normals
    distances = np.abs(((corners[None] - positions[:, None]) * normal[:, None]).sum(axis=2)).max(axis=1)
    return [int(k) for k in np.flatnonzero(distances <= SAME_PLACE_MM)]


def require_same_direction(plane: Plane, series: CTSeries) -> None:
    """Refuse a plane that is not parallel to any slice.

    Raises
    ------
    GeometryError
    """
    normal = slice_normal(plane.orientation)
    own = series.orientation[None] if series.orientations is None else series.orientations
    if not any(abs(slice_normal(each) @ normal) > 1 - SAME_DIRECTION**2 for each in np.unique(own, axis=0)):
        raise GeometryError("its slices lie in another direction than those of the series; resample it first")


def fit_pixels(plane: Plane, size: tuple[int, int], series: CTSeries, index: int) -> Placement:
    """Match the pixels of a plane with those of a slice.

    Raises
    ------
    GeometryError
        With both grids, where the pixel centres are not the same.
    """
    own = series.plane(index)
    at_corners = own.to_pixel(plane.to_lps(_corners(size)))
    steps = own.to_pixel(plane.to_lps([(0, 0), (1, 0), (0, 1)]))
    turn = np.rint(np.stack((steps[1] - steps[0], steps[2] - steps[0]), axis=1)).astype(int)
    origin = np.rint(at_corners[0]).astype(int)
    is_turn = (np.abs(turn).sum(axis=0) == 1).all() and (np.abs(turn).sum(axis=1) == 1).all()
    if not is_turn or np.abs(_corners(size) @ turn.T + origin - at_corners).max() > SAME_PIXEL_PX:
        raise GeometryError(tell_grids(plane, size, series))
    (a, b), (c, d) = turn.tolist()
    return Placement(slice_index=index, turn=((a, b), (c, d)), origin=(int(origin[0]), int(origin[1])))


def tell_grids(plane: Plane, size: tuple[int, int], series: CTSeries) -> str:
    """Say in a sentence that two grids differ, and how."""
    its, own = plane.pixel_spacing_mm, series.require_in_plane()
    n_rows, n_columns = series.hu.shape[1:]
    theirs = f"{size[0]} × {size[1]} pixels of {its[0]:g} × {its[1]:g} mm"
    ours = f"{n_rows} × {n_columns} of {own[0]:g} × {own[1]:g} mm"
    if theirs.replace(" pixels", "") == ours:
        return f"its grid of {theirs} is shifted against that of the series by part of a pixel; resample it first"
    return f"its grid of {theirs} is not that of the series, {ours}; resample it first"


def _corners(size: tuple[int, int]) -> Floats:
    last_row, last_column = size[0] - 1, size[1] - 1
    return np.array([(0, 0), (0, last_column), (last_row, 0), (last_row, last_column)], dtype=float)
