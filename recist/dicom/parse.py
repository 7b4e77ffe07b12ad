"""From the elements of a file to an `ImageHeader`, or to the reason why it is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pydicom
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag, Tag

from recist.dicom import elements, sop_classes
from recist.dicom.contrast import derive_contrast_phase, join_phases
from recist.dicom.faults import SpoiltImage, notes_of_pydicom
from recist.dicom.fence import fence
from recist.dicom.frames import is_bent, parse_frames
from recist.dicom.header import ImageHeader
from recist.dicom.layout import check_layout, is_lossy, parse_layout
from recist.dicom.plain import PlainElements, walk_plain, wanted_tags
from recist.dicom.stream import DEFLATED, Wrapping, open_elements
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydicom import Dataset

    from recist.dicom.elements import Elements
    from recist.dicom.header import Frame

PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
FORCED_ENDINGS = frozenset((".dcm", ".dicom", ""))
SEARCHED_FOR_DEFLATED = 2**20
HEAD_BYTES = 2**16

# fmt: off
KEYWORDS = (
    "SpecificCharacterSet", "ImageType", "SOPClassUID", "SOPInstanceUID", "StudyDate", "SeriesDate",
    "AcquisitionDate", "AcquisitionDateTime", "Modality", "SeriesDescription", "DirectoryRecordSequence", "PatientID",
    "ContrastBolusAgent", "ContrastBolusAgentSequence", "SliceThickness", "ConvolutionKernel", "StudyInstanceUID",
    "SeriesInstanceUID", "AcquisitionNumber", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient",
    "FrameOfReferenceUID", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns",
    "PixelSpacing", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue",
    "AcquisitionTime", "TemporalPositionIdentifier", "VolumetricProperties",
    "PixelPaddingRangeLimit", "RescaleIntercept", "RescaleSlope", "RescaleType", "LossyImageCompression",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
)
# fmt: on
WANTED = wanted_tags(KEYWORDS)
TAGS: list[BaseTag | int] = [Tag(keyword) for keyword in KEYWORDS]

DATES = ("AcquisitionDate", "AcquisitionDateTime", "SeriesDate", "StudyDate")
REQUIRED = ("SOPInstanceUID", "SeriesInstanceUID", "Rows", "Columns", "BitsAllocated")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A file that is readable or foreign, and not a CT image."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """The header of a file and, where it is plain, the bytes it was walked in.

    Attributes
    ----------
    content : ImageHeader or SetAside
    plain : PlainElements or None
        None where pydicom read the file.
    head : bytes
        Up to the head of the pixel data.
    start : int
        Where the data set begins.
    """

    content: ImageHeader | SetAside
    plain: PlainElements | None = None
    head: bytes = b""
    start: int = 0


def read_header(path: Path, name: str) -> ImageHeader | SetAside:
    """Read the header of one file.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        The path as the user knows it.

    Raises
    ------
    DicomError
        When it is a CT image that cannot be used, with every reason found; foreign exceptions pass through and are
        caught by `recist.dicom.faults.attempt`.
    """
    return read_walked(path, name).content


def read_walked(path: Path, name: str) -> Walked:
    """Read the header of one file as `read_header` does, and give also how it was walked."""
    with open_elements(path) as (stream, wrapping):
        if wrapping is None or not _may_be_forced(path, wrapping):
            return Walked(content=_not_dicom(path))
        head = b"" if wrapping.is_deflated else stream.read(HEAD_BYTES)
        plain = walk_plain(head, wrapping, WANTED) if head else None
        stream.seek(0 if plain is None else plain.pixel_offset)
        if plain is not None:
            content = _with_notes(_interpret(plain, stream, wrapping, path=path, name=name), plain.notes)
            return Walked(content=content, plain=plain, head=head[: plain.pixel_offset + 12], start=wrapping.start)
        with notes_of_pydicom() as notes:
            dataset = _read_elements(stream, wrapping)
            content = _interpret(dataset, stream, wrapping, path=path, name=name)
    return Walked(content=_with_notes(content, notes))


def _with_notes(content: ImageHeader | SetAside, notes: Sequence[str]) -> ImageHeader | SetAside:
    if isinstance(content, ImageHeader) and notes:
        return content._replace(notes=(*content.notes, *notes))
    return content


def _interpret(
    dataset: Elements, stream: BinaryIO, wrapping: Wrapping, *, path: Path, name: str
) -> ImageHeader | SetAside:
    aside = _set_aside(dataset, wrapping, path)
    return aside if aside is not None else _parse_header(dataset, stream, wrapping, path=path, name=name)


def _not_dicom(path: Path) -> SetAside:
    """Set a foreign file aside; one that is named like DICOM is a fault to be told.

    Raises
    ------
    DicomError
        For a file named like DICOM.
    """
    if path.suffix.lower() in FORCED_ENDINGS - {""}:
        raise DicomError("it is empty" if not path.stat().st_size else "it is named like DICOM, but is none")
    return SetAside(reason="it is not a DICOM file")


def _may_be_forced(path: Path, wrapping: Wrapping) -> bool:
    """Whether the file has a preamble, or a name that promises DICOM."""
    ending = path.suffix.lower()
    return wrapping.has_preamble or ending in FORCED_ENDINGS or ending[1:].isdigit()


def _read_elements(stream: BinaryIO, wrapping: Wrapping) -> Dataset:
    """Read the elements named in `TAGS`; the stream is left at the pixel data, or at its end."""
    if wrapping.is_deflated:
        return read_dataset(fence(stream), False, True, stop_when=_is_pixel_data, specific_tags=TAGS)
    if not wrapping.transfer_syntax:
        if DEFLATED.encode() in stream.read(SEARCHED_FOR_DEFLATED):
            raise DicomError("its file meta information is damaged")
        stream.seek(0)
    n_bytes = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    fenced = fence(stream, n_bytes)
    return pydicom.dcmread(fenced, stop_before_pixels=True, specific_tags=TAGS, force=not wrapping.has_preamble)


def _is_pixel_data(tag: BaseTag, vr: str | None, length: int) -> bool:
    del vr, length
    return tag in PIXEL_TAGS


def _set_aside(dataset: Elements, wrapping: Wrapping, path: Path) -> SetAside | None:
    """Say what a file without CT values is; None for a CT image."""
    sop_class_uid = elements.text(dataset, "SOPClassUID")
    if sop_class_uid in sop_classes.CT_IMAGES:
        return None
    if sop_class_uid:
        return SetAside(reason=f"not a CT image: {sop_classes.name_of_sop_class(sop_class_uid)}")
    meta = getattr(dataset, "file_meta", None)
    is_directory = meta is not None and elements.text(meta, "MediaStorageSOPClassUID") == sop_classes.DICOMDIR
    if is_directory or elements.is_given(dataset, "DirectoryRecordSequence"):
        return SetAside(reason="a DICOMDIR: a table of contents, not an image")
    if wrapping.has_preamble:
        raise DicomError("it has no SOPClassUID, so it does not say what it is")
    return _not_dicom(path)


def _parse_header(dataset: Elements, stream: BinaryIO, wrapping: Wrapping, *, path: Path, name: str) -> ImageHeader:
    missing = [keyword for keyword in REQUIRED if not elements.is_given(dataset, keyword)]
    if missing:
        raise DicomError(f"a CT image without {', '.join(missing)}")
    layout = parse_layout(dataset, stream, wrapping.transfer_syntax)
    faults = check_layout(layout)
    if faults:
        series_uid, sop_uid = (elements.text(dataset, word) for word in ("SeriesInstanceUID", "SOPInstanceUID"))
        raise SpoiltImage("; ".join(faults), series_uid=series_uid, sop_instance_uid=sop_uid)
    sop_class_uid = elements.text(dataset, "SOPClassUID")
    frames = parse_frames(dataset, layout.n_frames, is_multi_frame=sop_class_uid in sop_classes.MULTI_FRAME_CT)
    if any(frame.slope == 0 for frame in frames):
        raise DicomError("its rescale slope is 0, which makes every pixel the same")
    contrast, description = _contrast(dataset), elements.text(dataset, "SeriesDescription")
    return ImageHeader(
        location=os.fspath(path),
        name=name,
        sop_class_uid=sop_class_uid,
        sop_instance_uid=elements.text(dataset, "SOPInstanceUID"),
        series_uid=elements.text(dataset, "SeriesInstanceUID"),
        study_uid=elements.text(dataset, "StudyInstanceUID"),
        frame_of_reference_uid=elements.text(dataset, "FrameOfReferenceUID"),
        subject=elements.text(dataset, "PatientID"),
        description=description,
        modality=elements.text(dataset, "Modality"),
        date=elements.date(dataset, *DATES),
        contrast=contrast,
        lossy=is_lossy(dataset, layout),
        instance_number=elements.whole(dataset, "InstanceNumber"),
        frames=frames,
        layout=layout,
        notes=_notes(dataset, frames),
        acquired=acquired(dataset),
        contrast_phase=join_phases(
            {
                derive_contrast_phase(description=description, agent=contrast, codes=codes)
                for codes in {frame.contrast_codes for frame in frames}
            }
        ),
    )


def acquired(dataset: Elements) -> str:
    """Give the moment of the acquisition as it is written."""
    moment = elements.text(dataset, "AcquisitionDateTime")
    return moment or elements.text(dataset, "AcquisitionDate") + elements.text(dataset, "AcquisitionTime")


def _contrast(dataset: Elements) -> str:
    agents = [elements.text(item, "CodeMeaning") for item in elements.items(dataset, "ContrastBolusAgentSequence")]
    return elements.text(dataset, "ContrastBolusAgent") or ", ".join(filter(None, agents))


def _notes(dataset: Elements, frames: tuple[Frame, ...]) -> tuple[str, ...]:
    notes = []
    rescale_type = elements.text(dataset, "RescaleType").upper()
    if rescale_type and rescale_type != "HU":
        notes.append("the rescaled values are not Hounsfield units according to RescaleType")
    if any(frame.slope is None or frame.intercept is None for frame in frames):
        notes.append("there is no rescale slope or intercept; the stored values are taken as Hounsfield units")
    if is_bent([dataset]):
        notes.append("the images are curved or distorted reformats, on which no length in mm is true")
    return tuple(notes)
