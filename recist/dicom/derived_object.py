"""Read the file of an object that was drawn on images: a segmentation, a structure set. Called in a guarded child."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian

from recist.dicom import elements
from recist.dicom.faults import BROKEN_FILE
from recist.dicom.stream import read_wrapping
from recist.errors import DicomError
from recist.guarded import call_guarded

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.tag import BaseTag

# A label map of a whole body has 600 slices of 512 × 512 bytes, 150 MiB, however small it is when deflated.
MOST_INFLATED_BYTES = 192 * 2**20
MIB = 2**20
SOP_CLASS_UID = Tag("SOPClassUID")

# For the guard: the memory and the time a file may take beyond a fixed share.
FIXED_MIB, MIB_PER_MIB = 300, 6
DEFLATED_MIB = 700
FIXED_SECONDS, SECONDS_PER_MIB = 5.0, 0.5


def limits_of(path: Path) -> tuple[float, float]:
    """Give the memory in MiB and the seconds that reading a file may take.

    Raises
    ------
    DicomError
        When the file cannot be opened.
    """
    try:
        size_mib = path.stat().st_size / MIB
        with path.open("rb") as stream:
            wrapping = read_wrapping(stream)
    except BROKEN_FILE as fault:
        raise DicomError("it cannot be opened, or is no DICOM file") from fault
    grows = DEFLATED_MIB if wrapping is not None and wrapping.is_deflated else 0
    return FIXED_MIB + grows + MIB_PER_MIB * size_mib, FIXED_SECONDS + SECONDS_PER_MIB * size_mib


def read_object(path: Path) -> Dataset:
    """Read a whole file, inflating it within limits.

    Raises
    ------
    DicomError
        When it is no DICOM file or grows beyond measure.
    """
    with path.open("rb") as stream:
        wrapping = read_wrapping(stream)
        if wrapping is None:
            raise DicomError("it is not a DICOM file")
        if not wrapping.is_deflated:
            stream.seek(0)
            return pydicom.dcmread(stream, force=not wrapping.has_preamble)
        stream.seek(wrapping.start)
        plain = inflate(stream.read(), MOST_INFLATED_BYTES)
    dataset = read_dataset(io.BytesIO(plain), False, True)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def inflate(packed: bytes, most_bytes: int) -> bytes:
    """Inflate raw deflate data.

    Raises
    ------
    DicomError
        When there is more than `most_bytes` of it.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = inflater.decompress(packed, most_bytes)
    if inflater.unconsumed_tail:
        raise DicomError(f"it is deflated and grows beyond {most_bytes // MIB or 1} MiB when inflated")
    return plain


def read_sop_class(name: str) -> str:
    """Read what kind of object a file is; empty where it does not say."""
    with Path(name).open("rb") as stream:
        wrapping = read_wrapping(stream)
        if wrapping is None:
            raise DicomError("it is not a DICOM file")
        if wrapping.is_deflated:
            stream.seek(wrapping.start)
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream.read(MIB), MIB)
            dataset = read_dataset(io.BytesIO(head), False, True, stop_when=_is_past_sop_class)
        else:
            stream.seek(0)
            forced = not wrapping.has_preamble
            dataset = pydicom.dcmread(stream, stop_before_pixels=True, specific_tags=[SOP_CLASS_UID], force=forced)
    return elements.text(dataset, "SOPClassUID")


def _is_past_sop_class(tag: BaseTag, vr: str | None, length: int) -> bool:
    del vr, length
    return bool(tag > SOP_CLASS_UID)


def find_sop_class(path: Path) -> str:
    """Find out what kind of object a file is, in a guarded child; empty where it does not say.

    Raises
    ------
    DicomError
    """
    try:
        memory_mib, seconds = limits_of(path)
        return call_guarded(read_sop_class, str(path), memory_mib=memory_mib, seconds=seconds)
    except DicomError as fault:
        raise DicomError(f"{path.name}: {fault}") from fault
