"""What an object is and whether it is whole, read from its file without its pixels."""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from recist.dicom.faults import BROKEN_FILE, Refused, attempt, notes_of_pydicom
from recist.dicom.stream import open_elements
from recist.errors import DicomError
from recist.guarded import call_guarded
from recist.pacs.kinds import is_uid

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom import Dataset
    from pydicom.tag import BaseTag

    from recist.dicom.stream import Wrapping

KEYWORDS = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "PatientID",
    "Modality",
    "StudyDate",
    "Rows",
)
PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
ITEM, END_OF_SEQUENCE = 0xFFFEE000, 0xFFFEE0DD
UNDEFINED_LENGTH = 0xFFFFFFFF
LONG_FORMS = frozenset((b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN"))
BIG_ENDIAN = "1.2.840.10008.1.2.2"
IMPLICIT = "1.2.840.10008.1.2"
BLOCK = 2**20
DICOMDIR = "1.2.840.10008.1.3.10"
FOREIGN, DIRECTORY = "it is not a DICOM file", "it is an index of files (DICOMDIR) and no object"
MOST_SECONDS = 10.0
GUARDED_IMPORTS = ("pydicom.filereader", "pydicom.tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What names an object.

    Attributes
    ----------
    sop_class_uid, sop_instance_uid, study_uid, series_uid : str
    transfer_syntax : str
    subject : str
        The patient's identifier as the file has it.
    modality, date : str
    start : int
        Where the data set begins, behind the file meta information.
    """

    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str
    series_uid: str
    transfer_syntax: str
    subject: str
    modality: str
    date: str
    start: int


def read_identity(path: Path) -> Identity | Refused:
    """Read what names the object in a file, and see whether the file is whole; a fault is a value with its reason."""
    return attempt(lambda: _read(path), otherwise="its header cannot be read")


def read_foreign_identity(path: Path) -> Identity | Refused:
    """Read the same of a file that came over the network, in a child process with limited memory and time."""
    try:
        return call_guarded(read_identity, path, seconds=MOST_SECONDS)
    except DicomError as fault:
        return Refused(reason=str(fault))


def _read(path: Path) -> Identity:
    with open_elements(path) as (stream, wrapping):
        if wrapping is None or not wrapping.has_preamble:
            raise DicomError(FOREIGN)
        with notes_of_pydicom():
            dataset = _read_elements(stream, wrapping)
            identity = _identify(dataset, wrapping)
        _require_whole(stream, wrapping, has_rows=bool(_text(dataset, "Rows")))
    return identity


def _read_elements(stream: BinaryIO, wrapping: Wrapping) -> Dataset:
    """Read the few elements; the stream is left at the pixel data, or at its end."""
    from pydicom.filereader import dcmread, read_dataset
    from pydicom.tag import Tag

    tags: list[BaseTag | int] = [Tag(keyword) for keyword in KEYWORDS]
    if wrapping.is_deflated:
        return read_dataset(stream, False, True, stop_when=_is_pixels, specific_tags=tags)
    return dcmread(stream, stop_before_pixels=True, specific_tags=tags)


def _is_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
    del vr, length
    return tag in PIXEL_TAGS


def _identify(dataset: Dataset, wrapping: Wrapping) -> Identity:
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and _text(meta, "MediaStorageSOPClassUID") == DICOMDIR:
        raise DicomError(DIRECTORY)
    uids = {
        name: _text(dataset, keyword)
        for name, keyword in (
            ("sop_class_uid", "SOPClassUID"),
            ("sop_instance_uid", "SOPInstanceUID"),
            ("study_uid", "StudyInstanceUID"),
            ("series_uid", "SeriesInstanceUID"),
        )
    }
    if not all(map(is_uid, uids.values())):
        raise DicomError("a UID that would name it is missing or is no UID")
    if not is_uid(wrapping.transfer_syntax):
        raise DicomError("its file meta information names no transfer syntax")
    return Identity(
        **uids,
        transfer_syntax=wrapping.transfer_syntax,
        subject=_text(dataset, "PatientID"),
        modality=_text(dataset, "Modality"),
        date=_text(dataset, "StudyDate"),
        start=wrapping.start,
    )


def _text(dataset: Dataset, keyword: str) -> str:
    try:
        value = dataset.get(keyword)
    except BROKEN_FILE:
        return ""
    return "" if value is None else str(value).strip("\0 ")


def _require_whole(stream: BinaryIO, wrapping: Wrapping, *, has_rows: bool) -> None:
    """Refuse a file that ends before its last element does.

    Raises
    ------
    DicomError
        When it is cut off.
    """
    place = stream.tell()
    size = stream.seek(0, os.SEEK_END)
    if place > size:
        raise DicomError("it is cut off")
    if place == size:
        if has_rows:
            raise DicomError("it is an image without pixel data, or cut off before them")
        return
    stream.seek(place)
    _pass_pixels(stream, wrapping, size)


def _pass_pixels(stream: BinaryIO, wrapping: Wrapping, size: int) -> None:
    """Pass over the pixel data, whose end must lie within the file."""
    order = ">" if wrapping.transfer_syntax == BIG_ENDIAN else "<"
    head = stream.read(8)
    vr, length = head[4:6], int.from_bytes(head[4:8], "little")
    if wrapping.transfer_syntax != IMPLICIT and vr in LONG_FORMS:
        (length,) = struct.unpack(f"{order}L", stream.read(4))
    if length != UNDEFINED_LENGTH:
        if stream.tell() + length > size:
            raise DicomError("it is cut off within the pixel data")
        return
    while True:
        group, element, length = struct.unpack("<HHL", stream.read(8))
        tag = group << 16 | element
        if tag == END_OF_SEQUENCE:
            return
        if tag != ITEM or stream.tell() + length > size:
            raise DicomError("it is cut off within the pixel data")
        stream.seek(length, os.SEEK_CUR)


def digest_of(path: Path, identity: Identity) -> str:
    """Give a digest of the encoded data set and its encoding; two files of one object may differ in what is before.

    The file meta information names the program that wrote the file, so it differs between the ways an object came.
    """
    digest = hashlib.sha256(identity.transfer_syntax.encode())
    with path.open("rb") as stream:
        stream.seek(identity.start)
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
