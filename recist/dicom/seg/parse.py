"""Read the file of a DICOM segmentation. Runs in a guarded child: every byte of the file is foreign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
from pydicom.uid import SegmentationStorage

from recist.dicom import elements
from recist.dicom.derived_object import read_object
from recist.dicom.faults import Refused, attempt, notes_of_pydicom
from recist.dicom.seg.frame_pixels import read_crops, require_shape
from recist.dicom.seg.seg_file import BINARY, FRACTIONAL, LABEL_MAP, ListedSegment, SegFile, SegFrame
from recist.dicom.site_codes import code_value, is_no_lesion, name_site, site_of_code
from recist.dicom.sop_classes import LABEL_MAP as LABEL_MAP_STORAGE
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import Dataset

SEG_CLASSES = (str(SegmentationStorage), LABEL_MAP_STORAGE)
KINDS = (BINARY, FRACTIONAL, LABEL_MAP)

# What the guarded child loads before its clock starts.
GUARDED_IMPORTS = ("pydicom.pixels", "recist.dicom.seg.frame_pixels")


def read_seg_file(path: str, threshold: float) -> SegFile:
    """Read a segmentation, its frames cut to what is drawn on them.

    Raises
    ------
    DicomError
        With the reason why it is no segmentation that can be laid on a CT series.
    """
    with notes_of_pydicom():
        found = attempt(lambda: _parse(read_object(Path(path)), threshold), otherwise="the segmentation cannot be read")
    if isinstance(found, Refused):
        raise DicomError(found.reason)
    return found


def _parse(dataset: Dataset, threshold: float) -> SegFile:
    if elements.text(dataset, "SOPClassUID") not in SEG_CLASSES:
        raise DicomError("this is not a DICOM segmentation")
    _refuse_slides(dataset)
    kind = elements.text(dataset, "SegmentationType").upper()
    if kind not in KINDS:
        raise DicomError(f"its SegmentationType is none of {', '.join(KINDS)}")
    n_frames, n_rows, n_columns = require_shape(dataset)
    frames = tuple(_parse_frame(frame, kind) for frame in _frames_with_shared(dataset))
    if len(frames) != n_frames:
        raise DicomError(f"it announces {n_frames} frames and describes {len(frames)}")
    return SegFile(
        kind=kind,
        size=(n_rows, n_columns),
        frame_of_reference_uid=elements.text(dataset, "FrameOfReferenceUID"),
        segments=tuple(_list_segments(dataset)),
        frames=frames,
        crops=read_crops(dataset, kind, threshold),
        notes=_notes(dataset, kind, threshold),
    )


def _refuse_slides(dataset: Dataset) -> None:
    """Refuse segmentations of whole-slide images, whose frames are tiles.

    Raises
    ------
    DicomError
    """
    is_tiled = elements.text(dataset, "DimensionOrganizationType").startswith("TILED")
    if is_tiled or any(
        elements.is_given(dataset, word) for word in ("TotalPixelMatrixColumns", "ImageOrientationSlide")
    ):
        raise DicomError("it is a segmentation of a slide in tiles, not of the slices of a CT")


def _notes(dataset: Dataset, kind: str, threshold: float) -> tuple[str, ...]:
    if kind != FRACTIONAL:
        return ()
    meaning = elements.text(dataset, "SegmentationFractionalType").lower()
    what = meaning if meaning in ("probability", "occupancy") else "fraction of unstated meaning"
    return (f"drawn from fractions: a pixel counts as inside from a {what} of {threshold:g} on",)


def _frames_with_shared(dataset: Dataset) -> Iterator[Dataset]:
    """Give the functional groups of every frame, the shared ones added."""
    shared = elements.items(dataset, "SharedFunctionalGroupsSequence")
    for own in elements.items(dataset, "PerFrameFunctionalGroupsSequence"):
        frame = pydicom.Dataset()
        for group in (*shared, own):
            frame.update(group)
        yield frame


def _parse_frame(frame: Dataset, kind: str) -> SegFrame:
    place, direction = (_first(frame, f"Plane{word}Sequence") for word in ("Position", "Orientation"))
    measures = _first(frame, "PixelMeasuresSequence")
    named = elements.whole(_first(frame, "SegmentIdentificationSequence"), "ReferencedSegmentNumber")
    if kind != LABEL_MAP and named is None:
        raise DicomError("a frame does not say which segment it belongs to")
    return SegFrame(
        number=0 if kind == LABEL_MAP or named is None else named,
        position_lps=elements.numbers(place, "ImagePositionPatient", 3),
        orientation=elements.numbers(direction, "ImageOrientationPatient", 6),
        pixel_spacing_mm=elements.numbers(measures, "PixelSpacing", 2),
        sources=tuple(_sources(frame)),
    )


def _first(dataset: Dataset, keyword: str) -> Dataset:
    found = elements.items(dataset, keyword)
    return found[0] if found else pydicom.Dataset()


def _sources(frame: Dataset) -> Iterator[tuple[str, int | None]]:
    for derivation in elements.items(frame, "DerivationImageSequence"):
        for source in elements.items(derivation, "SourceImageSequence"):
            uid = elements.text(source, "ReferencedSOPInstanceUID")
            if uid:
                yield uid, elements.whole(source, "ReferencedFrameNumber")


def _list_segments(dataset: Dataset) -> Iterator[ListedSegment]:
    """List the segments by number; number 0 of a label map is the background."""
    listed = [(elements.whole(item, "SegmentNumber"), item) for item in elements.items(dataset, "SegmentSequence")]
    for number, item in sorted(((number, item) for number, item in listed if number), key=lambda pair: pair[0]):
        category, finding = (_first(item, f"SegmentedProperty{word}CodeSequence") for word in ("Category", "Type"))
        yield ListedSegment(
            number=number,
            label=elements.text(item, "SegmentLabel"),
            tracking_id=elements.text(item, "TrackingID"),
            tracking_uid=elements.text(item, "TrackingUID"),
            site=_site(item, finding),
            category=elements.text(category, "CodeMeaning").lower(),
            finding=elements.text(finding, "CodeMeaning").lower(),
            is_organ=is_no_lesion(code_value(category)),
        )


def _site(segment: Dataset, finding: Dataset) -> str:
    """Give the anatomic region; where there is none, the organ that the segmented property is."""
    for keyword in ("AnatomicRegionSequence", "PrimaryAnatomicStructureSequence"):
        for region in elements.items(segment, keyword):
            site = name_site(region)
            if site:
                return site
    return site_of_code(code_value(finding))
