"""Lesions from a DICOM segmentation, laid on the slices of its CT series.

A segmentation is a stack of frames, each naming the slice it lies on (PS3.3 C.8.20). A frame is placed by the image it
was derived from, else by its position. Its pixels must be pixels of the series; a segmentation on another grid is
refused, or resampled where that is asked for, never pasted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.derived_object import limits_of
from recist.dicom.seg.parse import SEG_CLASSES, read_seg_file
from recist.dicom.seg.placing import Placement
from recist.dicom.seg.resampling import carry_over, stack_affine
from recist.dicom.seg.seg_file import LABEL_MAP, ListedSegment
from recist.dicom.seg.segment import Segment, clip_patch, find_step, join_patches, trim
from recist.dicom.seg.stack import SAME_SPACING_MM, Stack, place_all, plane_of
from recist.errors import DicomError, GeometryError
from recist.guarded import call_guarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.seg_file import SegFile
    from recist.dicom.seg.segment import Bools, Patch

__all__ = ["HALF", "SEG_CLASSES", "read_segmentation"]

HALF = 0.5  # of the greatest fraction: what counts as inside in a fractional segmentation
ORGAN = "its category says that it is an organ or a tissue, not a lesion"
OTHER_IMAGES = "it was drawn on images that are not in the series, on the same pixels"
UNLISTED = "the file holds pixels of this segment and does not describe it"


def read_segmentation(
    path: Path, series: CTSeries, *, threshold: float = HALF, resample: bool = False
) -> Iterator[Segment]:
    """Read a DICOM SEG over its CT series.

    Parameters
    ----------
    path : pathlib.Path
        Binary, fractional or label-map segmentation; overlapping segments are kept apart.
    series : CTSeries
        The series the lesions were drawn on.
    threshold : float
        Of a fractional segmentation: a pixel is inside when its fraction, probability or occupancy, is at least this.
    resample : bool
        Whether a segmentation on another grid is carried over to the grid of the series, the nearest voxel each;
        every such segment says so in its notes. Otherwise it is refused.

    Yields
    ------
    Segment
        In the order of the segment numbers.

    Raises
    ------
    DicomError
        When the file is no readable segmentation, or its grid is not that of the series. Everything is checked before
        the first segment is given.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"the threshold of fractions lies between 0 and 1, not {threshold}")
    try:
        memory_mib, seconds = limits_of(path)
        file = call_guarded(read_seg_file, str(path), threshold, memory_mib=memory_mib, seconds=seconds)
        return _lay(file, series, resample=resample)
    except GeometryError as fault:
        raise GeometryError(f"{path.name}: {fault}") from fault
    except DicomError as fault:
        raise DicomError(f"{path.name}: {fault}") from fault


def _lay(file: SegFile, series: CTSeries, *, resample: bool) -> Iterator[Segment]:
    """Place all frames, then give the segments one by one."""
    series.require_in_plane()
    _require_same_patient_space(file, series)
    try:
        stack = place_all(file, series)
    except GeometryError:
        if not resample:
            raise
        return _resample(file, series)
    return (_cut(segment, stack) for segment in _listed(file))


def _require_same_patient_space(file: SegFile, series: CTSeries) -> None:
    """Refuse a segmentation that nothing ties to the series.

    Raises
    ------
    GeometryError
    """
    its, own = file.frame_of_reference_uid, series.frame_of_reference_uid
    if its and own and its != own:
        raise GeometryError("its FrameOfReferenceUID is not that of the series; choose the series it was drawn on")
    if its and own:
        return
    known = set(series.sop_instance_uids)
    if not any(uid in known for frame in file.frames for uid, _ in frame.sources):
        raise GeometryError(
            "it names no image of the series, and without FrameOfReferenceUID its positions mean nothing; choose the "
            "series it was drawn on"
        )


def _listed(file: SegFile) -> list[ListedSegment]:
    """List the segments by number, those that only the pixels name among them."""
    listed = {segment.number for segment in file.segments}
    if file.kind == LABEL_MAP:
        seen = {int(number) for number in np.unique(file.crops.values)} - {0}
    else:
        seen = {frame.number for frame in file.frames}
    unlisted = [ListedSegment(number=number) for number in sorted(seen - listed)]
    return sorted((*file.segments, *unlisted), key=lambda segment: segment.number)


def _resample(file: SegFile, series: CTSeries) -> Iterator[Segment]:
    """Lay the frames into a stack of their own and carry that over to the grid of the series.

    Raises
    ------
    GeometryError
        When the frames are no regular stack, or the series is no volume.
    """
    planes = [plane_of(frame) for frame in file.frames]
    first = planes[0]
    if first is None or None in planes:
        raise GeometryError("its frames do not say where they lie, so it cannot be resampled")
    known = [plane for plane in planes if plane is not None]
    directions = np.array([(*plane.orientation, *plane.pixel_spacing_mm) for plane in known])
    if np.abs(directions - directions[0]).max() > SAME_SPACING_MM:
        raise GeometryError("its frames lie on several grids, so it cannot be resampled")
    positions = np.array([plane.position_lps for plane in known])
    affine, numbers = stack_affine(positions, first.orientation, first.pixel_spacing_mm)
    series.require_volume()
    own = Stack(file=file, size=file.size, places=[Placement(slice_index=k) for k in numbers], foreign=frozenset())
    return carry_over((_cut(segment, own) for segment in _listed(file)), affine, file.size, series)


def _cut(segment: ListedSegment, stack: Stack) -> Segment:
    """Gather the frames of one segment and cut them to their bounding box."""
    patches: list[Patch] = []
    elsewhere, is_foreign = 0, False
    for k, row, column, pixels in iter_pieces(stack.file, segment.number):
        place = stack.places[k]
        if place is None:
            elsewhere += 1
            continue
        patch, lost = clip_patch(place.patch(row, column, pixels), stack.size)
        elsewhere += lost
        is_foreign |= k in stack.foreign
        patches += [patch] if patch else []
    mask, offset = join_patches(patches)
    told = ((ORGAN, segment.is_organ), (OTHER_IMAGES, is_foreign), (UNLISTED, segment not in stack.file.segments))
    return Segment(
        number=segment.number,
        label=segment.label,
        tracking_id=segment.tracking_id,
        tracking_uid=segment.tracking_uid,
        site=segment.site,
        category=segment.category,
        finding=segment.finding,
        mask=mask,
        offset=offset,
        frames_elsewhere=elsewhere,
        every_nth_slice=find_step([patch.slice_index for patch in patches]),
        notes=(*stack.file.notes, *(note for note, holds in told if holds)),
    )


def iter_pieces(file: SegFile, number: int) -> Iterator[tuple[int, int, int, Bools]]:
    """Give (frame, first row, first column, pixels) of one segment, each piece trimmed to its pixels."""
    for k, frame in enumerate(file.frames):
        box = file.crops.boxes[k]
        if not box[1] or (file.kind != LABEL_MAP and frame.number != number):
            continue
        crop = file.crops.crop(k)
        if file.kind != LABEL_MAP:
            yield k, int(box[0]), int(box[2]), crop.astype(bool, copy=False)
            continue
        cut = trim(crop == number)
        if cut is not None:
            row, column, pixels = cut
            yield k, int(box[0]) + row, int(box[2]) + column, pixels
