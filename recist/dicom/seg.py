"""Lesions from a DICOM segmentation, laid on the slices of its CT series.

A segmentation is a stack of frames, each naming the slice it lies on (PS3.3 C.8.20). A frame is placed by the image it
was derived from, else by its position; a segmentation on another grid than the series is refused, never pasted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.uid import SegmentationStorage

from recist.dicom.faults import Refused, attempt, notes_of_pydicom
from recist.dicom.sop_classes import LABEL_MAP
from recist.errors import DicomError, GeometryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries

SEG_CLASSES = (SegmentationStorage, LABEL_MAP)

SAME_DIRECTION = 1e-3  # of each cosine
SAME_SPACING_MM = 1e-3
SAME_PLACE_MM = 0.05  # between a frame and its slice
MOST_VOXELS = 2**31
HALF = 0.5  # of the greatest fraction: what counts as inside in a fractional segmentation

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """One segment, cut to its bounding box.

    Attributes
    ----------
    number : int
    label, tracking_id, tracking_uid, site : str
        Empty where not given; `site` is the anatomic region in words.
    mask : (n_slices, n_rows, n_columns) bool
        The box around the segment; without voxels when the segment is empty.
    offset : (slice, row, column)
        Where the box begins in the series.
    frames_elsewhere : int
        Frames of this segment with voxels on images that the series does not have; if any, the mask is cut short.
    """

    number: int
    label: str
    tracking_id: str
    tracking_uid: str
    site: str
    mask: npt.NDArray[np.bool_]
    offset: tuple[int, int, int]
    frames_elsewhere: int


def read_segmentation(path: Path, series: CTSeries) -> tuple[Segment, ...]:
    """Read a DICOM SEG over its CT series.

    Parameters
    ----------
    path : pathlib.Path
        Binary, fractional or label-map segmentation; overlapping segments are kept apart.
    series : CTSeries
        The series the lesions were drawn on.

    Returns
    -------
    tuple of Segment
        In the order of the segment numbers.

    Raises
    ------
    DicomError
        When the file is no readable segmentation, or its grid is not that of the series.
    """
    with notes_of_pydicom():
        found = attempt(lambda: _read(path, series), otherwise="the segmentation cannot be read")
    if isinstance(found, Refused):
        raise DicomError(f"{path.name}: {found.reason}")
    return found


def _read(path: Path, series: CTSeries) -> tuple[Segment, ...]:
    dataset = pydicom.dcmread(path)
    if dataset.get("SOPClassUID") not in SEG_CLASSES:
        raise DicomError("this is not a DICOM segmentation")
    _require_same_grid(dataset, series)
    frames = tuple(_frames_with_shared(dataset))
    slices = [_find_slice(frame, series) for frame in frames]
    stack = _Stack(frames=frames, slices=slices, pixels=_read_pixels(dataset), inside=_inside(dataset))
    return tuple(_cut(segment, stack, series.hu.shape[1:]) for segment in _listed_segments(dataset))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stack:
    """The frames of a segmentation: their headers, the slices they lie on, their pixels."""

    frames: tuple[pydicom.Dataset, ...]
    slices: list[int | None]
    pixels: npt.NDArray[np.integer]
    inside: float | None

    def plane(self, k: int, number: int) -> npt.NDArray[np.bool_] | None:
        """Give the pixels of a segment on frame `k`; None where the frame is another segment's."""
        if self.inside is None:
            return np.asarray(self.pixels[k] == number)
        named = _item(self.frames[k], "SegmentIdentificationSequence")
        return np.asarray(self.pixels[k] > self.inside) if int(named.ReferencedSegmentNumber) == number else None


def _inside(dataset: pydicom.Dataset) -> float | None:
    """Give the value above which a pixel is inside its frame's segment; None where pixels hold segment numbers."""
    if dataset.SegmentationType == "LABELMAP":
        return None
    return HALF * float(dataset.MaximumFractionalValue) if dataset.SegmentationType == "FRACTIONAL" else HALF


def _read_pixels(dataset: pydicom.Dataset) -> npt.NDArray[np.integer]:
    n_voxels = int(dataset.get("NumberOfFrames", 1)) * int(dataset.Rows) * int(dataset.Columns)
    if n_voxels > MOST_VOXELS:
        raise DicomError(f"it holds {n_voxels} voxels, more than {MOST_VOXELS}")
    pixels = dataset.pixel_array
    return pixels.reshape(-1, dataset.Rows, dataset.Columns)


def _require_same_grid(dataset: pydicom.Dataset, series: CTSeries) -> None:
    """Refuse a segmentation whose pixels are not the pixels of the series."""
    spacing = series.require_in_plane()
    frame = next(_frames_with_shared(dataset))
    measures = _item(frame, "PixelMeasuresSequence")
    direction = _item(frame, "PlaneOrientationSequence")
    its_spacing = tuple(float(value) for value in measures.PixelSpacing)
    its_size, size = (int(dataset.Rows), int(dataset.Columns)), series.hu.shape[1:]
    if its_size != size or not np.allclose(its_spacing, spacing, rtol=0, atol=SAME_SPACING_MM):
        raise GeometryError(
            f"its grid of {its_size[0]} × {its_size[1]} pixels of {its_spacing[0]:g} × {its_spacing[1]:g} mm is not "
            f"that of the series, {size[0]} × {size[1]} of {spacing[0]:g} × {spacing[1]:g} mm; resample it first"
        )
    if not np.allclose(direction.ImageOrientationPatient, series.orientation, rtol=0, atol=SAME_DIRECTION):
        raise GeometryError("its slices lie in another direction than those of the series; resample it first")
    its_frame = str(dataset.get("FrameOfReferenceUID", ""))
    if its_frame and series.frame_of_reference_uid and its_frame != series.frame_of_reference_uid:
        raise GeometryError("its FrameOfReferenceUID is not that of the series; choose the series it was drawn on")


def _frames_with_shared(dataset: pydicom.Dataset) -> Iterator[pydicom.Dataset]:
    """Give the functional groups of every frame, the shared ones added."""
    shared = dataset.SharedFunctionalGroupsSequence[0]
    for own in dataset.PerFrameFunctionalGroupsSequence:
        frame = pydicom.Dataset()
        frame.update(shared)
        frame.update(own)
        yield frame


def _item(frame: pydicom.Dataset, keyword: str) -> pydicom.Dataset:
    items = frame.get(keyword)
    if not items:
        raise DicomError(f"its frames have no {keyword}")
    item: pydicom.Dataset = items[0]
    return item


def _find_slice(frame: pydicom.Dataset, series: CTSeries) -> int | None:
    """Find the slice a frame lies on; None where the series does not have it.

    Raises
    ------
    GeometryError
        When the image a frame names lies elsewhere than the frame itself.
    """
    named = _named_slice(frame, series)
    places = frame.get("PlanePositionSequence")
    if not places:
        return named
    place = np.array(places[0].ImagePositionPatient, dtype=float)
    distances = np.linalg.norm(series.positions_lps - place, axis=1)
    if named is not None:
        if distances[named] > SAME_PLACE_MM:
            raise GeometryError(
                f"a frame lies {distances[named]:.2f} mm from the image it names; the file contradicts itself"
            )
        return named
    nearest = int(np.argmin(distances))
    return nearest if distances[nearest] <= SAME_PLACE_MM else None


def _named_slice(frame: pydicom.Dataset, series: CTSeries) -> int | None:
    for derivation in frame.get("DerivationImageSequence") or []:
        for source in derivation.get("SourceImageSequence") or []:
            uid = str(source.get("ReferencedSOPInstanceUID", ""))
            if uid in series.sop_instance_uids:
                number = source.get("ReferencedFrameNumber")
                return series.slice_index(uid, None if number is None else int(number))
    return None


def _listed_segments(dataset: pydicom.Dataset) -> list[pydicom.Dataset]:
    """List the segments by number; number 0 of a label map is the background."""
    return sorted((item for item in dataset.SegmentSequence if int(item.SegmentNumber) > 0), key=_number)


def _number(segment: pydicom.Dataset) -> int:
    return int(segment.SegmentNumber)


def _cut(segment: pydicom.Dataset, stack: _Stack, size: tuple[int, ...]) -> Segment:
    """Gather the frames of one segment and cut them to their bounding box."""
    number = _number(segment)
    planes: dict[int, npt.NDArray[np.bool_]] = {}
    elsewhere = 0
    for k, index in enumerate(stack.slices):
        plane = stack.plane(k, number)
        if plane is None or not plane.any():
            continue
        if index is None:
            elsewhere += 1
        else:
            planes[index] = planes[index] | plane if index in planes else plane
    mask, offset = _crop(planes, size)
    return Segment(
        number=number,
        label=str(segment.get("SegmentLabel", "")).strip(),
        tracking_id=str(segment.get("TrackingID", "")).strip(),
        tracking_uid=str(segment.get("TrackingUID", "")),
        site=_site(segment),
        mask=mask,
        offset=offset,
        frames_elsewhere=elsewhere,
    )


def _crop(
    planes: dict[int, npt.NDArray[np.bool_]], size: tuple[int, ...]
) -> tuple[npt.NDArray[np.bool_], tuple[int, int, int]]:
    if not planes:
        return np.zeros((0, 0, 0), dtype=bool), (0, 0, 0)
    first, last = min(planes), max(planes)
    seen = np.logical_or.reduce(list(planes.values()))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    nothing = np.zeros(size, dtype=bool)
    mask = np.stack([planes.get(k, nothing)[box] for k in range(first, last + 1)])
    return mask, (first, int(rows[0]), int(columns[0]))


def _site(segment: pydicom.Dataset) -> str:
    regions = segment.get("AnatomicRegionSequence")
    return str(regions[0].get("CodeMeaning", "")).strip().lower() if regions else ""
