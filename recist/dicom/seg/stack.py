"""Which slice of a series each frame of a segmentation lies on, and how its pixels lie there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.plane import Plane
from recist.dicom.seg.placing import SAME_PLACE_MM, Placement, find_slices, fit_pixels, require_same_direction
from recist.errors import DicomError, GeometryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.seg_file import SegFile, SegFrame

SAME_SPACING_MM = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """A segmentation on a grid of `size` (rows, columns), with the place of each frame; None where the grid has none.

    `foreign` are the frames that were drawn on images the series does not have.
    """

    file: SegFile
    size: tuple[int, int]
    places: Sequence[Placement | None]
    foreign: frozenset[int]


def place_all(file: SegFile, series: CTSeries) -> Stack:
    """Place every frame on its slice.

    Raises
    ------
    GeometryError
        When the grid is not that of the series, or the file contradicts itself.
    """
    known: dict[object, Placement | None] = {}
    places = []
    foreign = []
    for k, frame in enumerate(file.frames):
        named = _named_slice(frame, series)
        key = (named, frame.position_lps, frame.orientation, frame.pixel_spacing_mm)
        if key not in known:
            known[key] = _place(frame, named, file.size, series)
        places.append(known[key])
        foreign += [k] if frame.sources and named is None else []
    n_rows, n_columns = series.hu.shape[1:]
    return Stack(file=file, size=(n_rows, n_columns), places=places, foreign=frozenset(foreign))


def _named_slice(frame: SegFrame, series: CTSeries) -> int | None:
    """Find the slice whose image a frame names; None where it names none, or several frames of one image."""
    for uid, number in frame.sources:
        if uid in series.sop_instance_uids:
            try:
                return series.slice_index(uid, number)
            except DicomError:
                return None
    return None


def _place(frame: SegFrame, named: int | None, size: tuple[int, int], series: CTSeries) -> Placement | None:
    """Find the slice a frame lies on, and how its pixels lie there; None where the series does not have it.

    Raises
    ------
    GeometryError
        When the image a frame names lies elsewhere than the frame itself, its pixels are others than those of the
        series, or several slices lie at its place.
    """
    plane = plane_of(frame)
    if plane is None:
        return _place_by_name(frame, named, size, series)
    require_same_direction(plane, series)
    slices = find_slices(plane, size, series)
    if named is not None and named not in slices:
        away_mm = float(np.abs(series.plane(named).distance_mm(plane.position_lps)))
        if away_mm > SAME_PLACE_MM:
            raise GeometryError(
                f"a frame lies {away_mm:.2f} mm from the image it names; the file contradicts itself, or it was "
                "resliced: resample it first"
            )
        raise GeometryError("its slices lie in another direction than those of the series; resample it first")
    if named is None and len(slices) > 1:
        raise GeometryError("several slices of the series lie where its frames lie, and it does not say which is meant")
    index = slices[0] if named is None and slices else named
    if index is None:
        fit_pixels(plane, size, series, _nearest(plane, series))  # another grid is another grid, wherever it lies
        return None
    return fit_pixels(plane, size, series, index)


def plane_of(frame: SegFrame) -> Plane | None:
    """Give the plane of a frame; None where it does not say where it lies."""
    if frame.position_lps is None or frame.orientation is None or frame.pixel_spacing_mm is None:
        return None
    rows_mm, columns_mm = frame.pixel_spacing_mm
    if min(rows_mm, columns_mm) <= 0:
        raise DicomError("its PixelSpacing is not positive")
    return Plane(
        position_lps=np.array(frame.position_lps),
        orientation=np.array(frame.orientation),
        pixel_spacing_mm=(rows_mm, columns_mm),
    )


def _nearest(plane: Plane, series: CTSeries) -> int:
    return int(np.argmin(np.linalg.norm(series.positions_lps - plane.position_lps, axis=1)))


def _place_by_name(frame: SegFrame, named: int | None, size: tuple[int, int], series: CTSeries) -> Placement | None:
    """Place a frame that does not say where it lies on the image it names.

    Raises
    ------
    GeometryError
        When it names none, or one of another grid.
    """
    if named is None:
        if frame.sources:
            return None
        raise GeometryError("a frame says neither where it lies nor on which image it was drawn")
    own = series.require_in_plane()
    spacing = frame.pixel_spacing_mm or own
    if size != series.hu.shape[1:] or not np.allclose(spacing, own, rtol=0, atol=SAME_SPACING_MM):
        raise GeometryError("its grid is not that of the image it names; resample it first")
    return Placement(slice_index=named)
