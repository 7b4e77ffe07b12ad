"""Long and short axis of a lesion from its mask.

The long axis is the longest line between two points of the lesion's outline on one slice (RECIST 1.1: longest diameter
in the plane of measurement); the short axis is the longest line perpendicular to it, on the same slice, that stays
inside the lesion (Schwartz et al., Eur J Cancer 2009;45:261-7, for nodes). Holes count as lesion: a necrotic centre is
measured across. Of slices with the same long axis the one with the larger area is taken, of equal areas the lower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.measure.boxes import Box, find_boxes
from recist.measure.chord import longest_chord, unit_vector
from recist.measure.convention import BOUNDARIES, Convention
from recist.measure.holes import fill_holes
from recist.measure.outline import convex_hull, extreme_points, farthest_pair, outline_segments, smallest_width

if TYPE_CHECKING:
    from collections.abc import Sequence

Spacing = tuple[float, float, float]

TIE_MM = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionAxes:
    """What was measured on one lesion.

    Attributes
    ----------
    long_axis_mm, short_axis_mm : float
        On the same slice, perpendicular to each other.
    min_feret_mm : float
        Smallest width of the lesion's hull on that slice.
    volume_mm3 : float
        Voxels times voxel volume; NaN where the slices do not make a volume.
    n_voxels : int
    slice_index : int
        Slice of the two axes, counted in the mask.
    long_axis_px, short_axis_px : ((row, column), (row, column))
        End points in pixels, zero-based, integers being pixel centres.
    convention : Convention
        Where the edge was taken to lie.
    """

    long_axis_mm: float
    short_axis_mm: float
    min_feret_mm: float
    volume_mm3: float
    n_voxels: int
    slice_index: int
    long_axis_px: tuple[tuple[float, float], tuple[float, float]]
    short_axis_px: tuple[tuple[float, float], tuple[float, float]]
    convention: Convention

    def to_row(self) -> dict[str, float | int | str]:
        """Lay the result out in the columns of the ``measurements`` table (x is the column, y the row)."""
        points = zip("1234", (*self.long_axis_px, *self.short_axis_px), strict=True)
        ends = {name: value for k, (row, column) in points for name, value in ((f"x{k}", column), (f"y{k}", row))}
        return {
            "long_axis_mm": self.long_axis_mm,
            "short_axis_mm": self.short_axis_mm,
            "min_feret_mm": self.min_feret_mm,
            "volume_mm3": self.volume_mm3,
            "n_voxels": self.n_voxels,
            "slice_index": self.slice_index,
            **ends,
            "convention": self.convention.value,
        }


def axes_from_mask(
    mask: npt.ArrayLike, spacing_mm: Sequence[float], *, convention: str = Convention.QUARTER
) -> LesionAxes:
    """Measure one lesion.

    Parameters
    ----------
    mask : (n_slices, n_rows, n_columns) array
        True, or not zero, inside the lesion.
    spacing_mm : (between slices, between rows, between columns)
        The first may be NaN where the slices do not make a volume.
    convention : {"quarter", "centre", "edge"}
        Where the edge lies (see :mod:`recist.measure.convention`).

    Returns
    -------
    LesionAxes

    Raises
    ------
    ValueError
        For a mask that is empty or not three-dimensional, an unknown convention, or a spacing within the slice that
        is not a positive number.
    """
    solid = np.ascontiguousarray(np.asarray(mask) != 0)
    spacing, chosen = _check_arguments(solid.ndim, spacing_mm, convention)
    if not solid.any():
        raise ValueError("the mask is empty: there is no lesion to measure")
    return _measure(solid, spacing, chosen)


def axes_from_labels(
    labels: npt.ArrayLike, spacing_mm: Sequence[float], *, convention: str = Convention.QUARTER
) -> pd.DataFrame:
    """Measure every lesion of a label volume.

    Parameters
    ----------
    labels : (n_slices, n_rows, n_columns) array of integers
        Zero outside, a lesion's number inside it.
    spacing_mm, convention
        As for :func:`axes_from_mask`.

    Returns
    -------
    pandas.DataFrame
        One row per label, ascending: ``label`` and the columns of :meth:`LesionAxes.to_row`; ``slice_index`` and the
        end points count in the whole volume.
    """
    volume = np.asarray(labels)
    if volume.dtype.kind not in "biu":
        raise ValueError(f"labels are whole numbers; this array holds {volume.dtype}")
    spacing, chosen = _check_arguments(volume.ndim, spacing_mm, convention)
    rows = []
    for label, box in find_boxes(volume).items():
        found = _measure(np.ascontiguousarray(volume[box] == label), spacing, chosen)
        rows.append({"label": label, **shift_axes(found, box).to_row()})
    return pd.DataFrame(rows, columns=["label", *_COLUMNS])


def shift_axes(axes: LesionAxes, box: Box) -> LesionAxes:
    """Count slice and end points in the volume that the measured box was cut from."""
    first_slice, first_row, first_column = (part.start for part in box)

    def shift(ends: tuple[tuple[float, float], tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]]:
        (r1, c1), (r2, c2) = ends
        return (r1 + first_row, c1 + first_column), (r2 + first_row, c2 + first_column)

    return LesionAxes(
        long_axis_mm=axes.long_axis_mm,
        short_axis_mm=axes.short_axis_mm,
        min_feret_mm=axes.min_feret_mm,
        volume_mm3=axes.volume_mm3,
        n_voxels=axes.n_voxels,
        slice_index=axes.slice_index + first_slice,
        long_axis_px=shift(axes.long_axis_px),
        short_axis_px=shift(axes.short_axis_px),
        convention=axes.convention,
    )


def _check_arguments(n_dimensions: int, spacing_mm: Sequence[float], convention: str) -> tuple[Spacing, Convention]:
    if n_dimensions != 3:
        raise ValueError(f"a mask has slices, rows and columns; this array has {n_dimensions} dimensions")
    if convention not in set(Convention):
        raise ValueError(f"unknown convention {convention!r}; one of {', '.join(Convention)}")
    between_slices, between_rows, between_columns = (float(value) for value in spacing_mm)
    if not all(math.isfinite(value) and value > 0 for value in (between_rows, between_columns)):
        raise ValueError(f"the spacing within the slice must be positive millimetres, not {spacing_mm!r}")
    return (between_slices, between_rows, between_columns), Convention(convention)


def _measure(mask: npt.NDArray[np.bool_], spacing: Spacing, convention: Convention) -> LesionAxes:
    boundary = BOUNDARIES[convention]
    scale = np.array(spacing[1:])
    k, hull_px = _widest_slice(mask, scale, boundary.long_axis_offset_px)
    _, first, second = farthest_pair(hull_px * scale)
    start, end = hull_px[first] * scale, hull_px[second] * scale
    long_axis_mm = math.dist(start, end)
    for offset_px in (boundary.short_axis_offset_px, boundary.long_axis_offset_px):
        segments = outline_segments(fill_holes(mask[k]), offset_px) * np.tile(scale, 2)
        short_axis_mm, short_ends = longest_chord(segments, unit_vector(start, end))
        if short_axis_mm <= long_axis_mm:  # else a lesion of a few pixels: one offset for both
            break
    n_voxels = int(np.count_nonzero(mask))
    return LesionAxes(
        long_axis_mm=long_axis_mm,
        short_axis_mm=float(short_axis_mm),
        min_feret_mm=float(smallest_width(hull_px * scale)),
        volume_mm3=n_voxels * math.prod(spacing),
        n_voxels=n_voxels,
        slice_index=k,
        long_axis_px=_as_ends(hull_px[first], hull_px[second]),
        short_axis_px=_as_ends(*(short_ends / scale)),
        convention=convention,
    )


def _widest_slice(
    mask: npt.NDArray[np.bool_], scale: npt.NDArray[np.float64], offset_px: float
) -> tuple[int, npt.NDArray[np.float64]]:
    """Find the slice with the longest axis, and the hull of the lesion on it in pixels."""
    best_mm, best_area, best_slice = -1.0, -1, -1
    best_hull = np.empty((0, 2))
    for k in range(mask.shape[0]):
        points = extreme_points(mask[k], offset_px)
        if points.shape[0] == 0:
            continue
        extent_mm = math.hypot(*((points.max(axis=0) - points.min(axis=0)) * scale))
        if extent_mm < best_mm - TIE_MM:
            continue
        hull = convex_hull(points)
        length_mm = math.sqrt(farthest_pair(hull * scale)[0])
        area = int(np.count_nonzero(mask[k]))
        if length_mm > best_mm + TIE_MM or (abs(length_mm - best_mm) <= TIE_MM and area > best_area):
            best_mm, best_area, best_slice, best_hull = length_mm, area, k, hull
    return best_slice, best_hull


def _as_ends(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> tuple[tuple[float, float], tuple[float, float]]:
    return (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))


_COLUMNS = (
    *("long_axis_mm", "short_axis_mm", "min_feret_mm", "volume_mm3", "n_voxels", "slice_index"),
    *(f"{axis}{point}" for point in "1234" for axis in "xy"),
    "convention",
)
