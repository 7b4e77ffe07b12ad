"""Lesions from an RT Structure Set, drawn into the pixels of its CT series.

A contour belongs to the slice whose plane it lies in. Contours beside the slices, across them, or on slices the series
does not have are counted and told, never moved; a region with such contours is cut short and not measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.dicom.derived_object import limits_of
from recist.dicom.geometry import slice_normal
from recist.dicom.polygon import fill_polygons
from recist.dicom.seg.segment import Patch, Segment, empty_mask, find_step, join_patches, trim
from recist.dicom.structure_set import read_structure_set
from recist.errors import DicomError, GeometryError
from recist.guarded import call_guarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.segment import Bools
    from recist.dicom.structure_set import Contour, Region

__all__ = ["read_structures"]

CLOSED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR", "INTERPOLATED_PLANAR")
OFF_PLANE_MM = 0.5  # how far the points of a contour may lie from their slice …
OFF_PLANE_STEPS = 0.25  # … and how far in distances between slices, where that is less
BEYOND_PX = 0.5  # how far a contour may reach over the outermost pixel centres

Floats = npt.NDArray[np.float64]

OTHER_FRAME = "its FrameOfReferenceUID is not that of the series; choose the series it was drawn on"
NOT_TIED = (
    "it names no image of the series, and without FrameOfReferenceUID its positions mean nothing; choose the series it "
    "was drawn on"
)
ORGAN = "its interpreted type says that it is an organ, a device or the skin, not a lesion"
MADE_UP_FRAME = (
    "its FrameOfReferenceUID is not that of the series; the images it names are, and it lies in their planes"
)
OTHER_IMAGES = "it was drawn on images that are not in the series, in the planes of its slices"


def read_structures(path: Path, series: CTSeries) -> Iterator[Segment]:
    """Read an RT Structure Set over its CT series.

    Parameters
    ----------
    path : pathlib.Path
    series : CTSeries
        The series the regions were drawn on; it may be tilted or unevenly spaced.

    Yields
    ------
    Segment
        One for each region of interest, in the order of the file; `fault` says why a region has no area.

    Raises
    ------
    DicomError
        When the file is no readable structure set, or none of its regions was drawn on the series. Checked before the
        first region is given.
    """
    try:
        memory_mib, seconds = limits_of(path)
        regions = call_guarded(read_structure_set, str(path), memory_mib=memory_mib, seconds=seconds)
        slices = _Slices.of(series)
        faults = [_tie_fault(region, series) for region in regions]
        _require_one_tied(faults)
    except GeometryError as fault:
        raise GeometryError(f"{path.name}: {fault}") from fault
    except DicomError as fault:
        raise DicomError(f"{path.name}: {fault}") from fault
    return (_draw(region, slices, fault) for region, fault in zip(regions, faults, strict=True))


def _require_one_tied(faults: list[str]) -> None:
    if all(faults):
        raise GeometryError(faults[0])


def _tie_fault(region: Region, series: CTSeries) -> str:
    """Say why the positions of a region are not positions in the series; empty where they are.

    Where every contour names an image of the series, that counts: some programs make up a frame of reference. That
    the contours lie in the planes of those images is checked when they are placed.
    """
    known = set(series.sop_instance_uids)
    named = [bool(known.intersection(contour.image_uids)) for contour in region.contours]
    if _has_frame_of(region, series) or all(named):
        return ""
    if region.frame_of_reference_uid and series.frame_of_reference_uid:
        return OTHER_FRAME
    return "" if any(named) else NOT_TIED


def _has_frame_of(region: Region, series: CTSeries) -> bool:
    its, own = region.frame_of_reference_uid, series.frame_of_reference_uid
    return bool(its) and its == own


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Slices:
    """The planes of a series, and how far a contour may lie from one."""

    series: CTSeries
    normals: Floats
    tolerance_mm: float

    @staticmethod
    def of(series: CTSeries) -> _Slices:
        series.plane(0)  # refuses a series without millimetres or place
        own = series.orientation[None] if series.orientations is None else series.orientations
        normals = np.array([slice_normal(each) for each in own])
        step_mm = series.usual_step_mm
        limit_mm = OFF_PLANE_MM if not step_mm else min(OFF_PLANE_MM, OFF_PLANE_STEPS * step_mm)
        return _Slices(series=series, normals=normals, tolerance_mm=limit_mm)

    def distances_mm(self, points: Floats) -> Floats:
        """Give the largest distance of the points from the plane of each slice: (n_slices,)."""
        count = len(self.series.positions_lps)
        normals = np.broadcast_to(self.normals, (count, 3))
        shift = (self.series.positions_lps * normals).sum(axis=1)
        if len(self.normals) == 1:
            along = points @ self.normals[0]
            farthest: Floats = np.maximum(np.abs(along.min() - shift), np.abs(along.max() - shift))
            return farthest
        return np.array([np.abs(points @ normals[k] - shift[k]).max() for k in range(count)])


@dataclass(slots=True, kw_only=True, eq=False)
class _Sorted:
    """The contours of a region by slice, and how many were left out and why."""

    by_slice: dict[int, list[Floats]] = field(default_factory=dict)
    open: int = 0
    degenerate: int = 0
    elsewhere: int = 0
    across: int = 0
    is_foreign: bool = False
    fault: str = ""


def _draw(region: Region, slices: _Slices, fault: str) -> Segment:
    found = _Sorted(fault=fault)
    for contour in [] if fault else region.contours:
        _sort_in(contour, slices, found)
    drawn = _fill(found, slices.series.hu.shape[1:])
    mask, offset = join_patches(drawn.patches)
    its, own = region.frame_of_reference_uid, slices.series.frame_of_reference_uid
    made_up = (MADE_UP_FRAME,) if drawn.patches and its and own and its != own else ()
    return Segment(
        number=region.number,
        label=region.label,
        tracking_id="",
        tracking_uid="",
        site=region.site,
        finding=region.interpreted,
        mask=empty_mask() if found.fault else mask,
        offset=offset,
        frames_elsewhere=found.elsewhere + found.across + drawn.n_beyond,
        every_nth_slice=find_step([patch.slice_index for patch in drawn.patches]),
        fault=found.fault or _why_empty(region, found, drawn),
        notes=(*made_up, *_notes(region, found, drawn)),
    )


def _sort_in(contour: Contour, slices: _Slices, found: _Sorted) -> None:
    """Find the slice of a contour, or count why it has none."""
    points = contour.points_lps
    if contour.kind not in CLOSED:
        found.open += 1
    elif len(points) < 3:
        found.degenerate += 1
    else:
        _place(points, contour.image_uids, slices, found)


def _place(points: Floats, image_uids: tuple[str, ...], slices: _Slices, found: _Sorted) -> None:
    series = slices.series
    distances = slices.distances_mm(points)
    near = np.flatnonzero(distances <= slices.tolerance_mm)
    named = [k for k, uid in enumerate(series.sop_instance_uids) if uid in image_uids]
    is_single = len(set(series.sop_instance_uids)) == len(series.sop_instance_uids)
    if named and is_single and not set(named) & set(near.tolist()):
        away_mm = float(distances[named].min())
        found.fault = f"a contour lies {away_mm:.2f} mm from the image it names; the file contradicts itself"
        return
    chosen = [k for k in near.tolist() if k in named] or near.tolist()
    if not chosen:
        is_flat = np.ptp(points @ slices.normals[0]) <= 2 * slices.tolerance_mm
        found.elsewhere += bool(is_flat)
        found.across += not is_flat
        return
    nearest = min(chosen, key=lambda k: distances[k])
    if sum(abs(distances[k] - distances[nearest]) < 1e-6 for k in chosen) > 1:
        found.fault = "several slices of the series lie where a contour lies, and it does not say which is meant"
        return
    found.is_foreign |= bool(image_uids) and not named
    found.by_slice.setdefault(nearest, []).append(series.plane(nearest).to_pixel(points))


@dataclass(slots=True, kw_only=True, eq=False)
class _Drawn:
    """What filling the contours gave."""

    patches: list[Patch] = field(default_factory=list)
    n_beyond: int = 0
    n_thin: int = 0
    n_twice: int = 0
    n_crossing: int = 0


def _fill(found: _Sorted, size: tuple[int, int]) -> _Drawn:
    drawn = _Drawn()
    for index, rings in sorted(found.by_slice.items()):
        first = np.floor(np.min([ring.min(axis=0) for ring in rings], axis=0)).astype(int) - 1
        end = np.ceil(np.max([ring.max(axis=0) for ring in rings], axis=0)).astype(int) + 2
        drawn.n_beyond += sum(_reaches_out(ring, size) for ring in rings)
        begin, stop = np.clip(first, 0, size), np.clip(end, 0, size)
        if (stop <= begin).any():
            continue
        box = (int(stop[0] - begin[0]), int(stop[1] - begin[1]))
        cut = trim(fill_polygons(_told_apart([ring - begin for ring in rings], box, drawn), box))
        if cut is not None:
            row, column, pixels = cut
            drawn.patches.append(
                Patch(slice_index=index, row=int(begin[0]) + row, column=int(begin[1]) + column, pixels=pixels)
            )
    return drawn


def _reaches_out(ring: Floats, size: tuple[int, int]) -> bool:
    return bool((ring < -BEYOND_PX - 1e-6).any() or (ring > np.array(size) - 1 + BEYOND_PX + 1e-6).any())


def _told_apart(rings: list[Floats], box: tuple[int, int], drawn: _Drawn) -> list[Floats]:
    """Leave out contours drawn twice, which would cancel each other, and count those that cross or hold no pixel."""
    kept: list[tuple[Floats, Bools, Bools]] = []
    for ring in rings:
        filled, inner = fill_polygons([ring], box), fill_polygons([ring], box, only_inner=True)
        if not filled.any():
            drawn.n_thin += 1
        elif any(np.array_equal(filled, other) for _, other, _ in kept):
            drawn.n_twice += 1
            continue
        else:
            drawn.n_crossing += any(_cross((filled, inner), (other, within)) for _, other, within in kept)
        kept.append((ring, filled, inner))
    return [ring for ring, _, _ in kept]


def _cross(one: tuple[Bools, Bools], other: tuple[Bools, Bools]) -> bool:
    """Whether two contours overlap and neither holds the other."""
    (filled, inner), (their_filled, their_inner) = one, other
    return bool((inner & their_inner).any() and (inner & ~their_filled).any() and (their_inner & ~filled).any())


def _why_empty(region: Region, found: _Sorted, drawn: _Drawn) -> str:
    if drawn.patches or found.elsewhere or found.across or drawn.n_beyond:
        return ""
    if not region.contours:
        return "it has no contours"
    if found.open and not found.by_slice:
        return "it is drawn as points or open lines, which have no area"
    return "its contours enclose no pixel centre"


def _notes(region: Region, found: _Sorted, drawn: _Drawn) -> Iterator[str]:
    told = (
        (region.is_organ, ORGAN),
        (found.is_foreign, OTHER_IMAGES),
        (found.open and drawn.patches, f"{found.open} of its contours are points or open lines and were left out"),
        (found.degenerate, f"{found.degenerate} of its contours have fewer than 3 points and were left out"),
        (found.across, f"{found.across} of its contours do not lie in the plane of the slices"),
        (drawn.n_thin and drawn.patches, f"{drawn.n_thin} of its contours enclose no pixel centre"),
        (drawn.n_twice, f"{drawn.n_twice} of its contours are drawn twice on a slice and were counted once"),
        (drawn.n_crossing, f"{drawn.n_crossing} of its contours cross others; where two overlap counts as outside"),
    )
    return (note for holds, note in told if holds)
