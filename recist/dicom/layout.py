"""How the stored values lie in the file, and whether that can be true, before a byte of memory is asked for."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, BinaryIO

from recist.dicom import elements
from recist.dicom.codecs import CODECS, EXTENDED_JPEG, LOSSY, NATIVE
from recist.dicom.header import PixelLayout
from recist.errors import DicomError

if TYPE_CHECKING:
    from recist.dicom.elements import Elements

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
PIXEL_DATA = (0x7FE0, 0x0010)
UNDEFINED_LENGTH = 0xFFFFFFFF
MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
ALLOCATIONS = (8, 16, 32)

# Far above any CT (4096 × 4096, 12,000 frames of 512 × 512), far below what brings a machine down.
MOST_FRAME_PIXELS = 2**26
MOST_PIXELS = 2**32
# What is compressed may claim any size: one frame stays within 4096 × 4096, and all of them together within so many
# times what the file holds. The least a scanner's noise allows is a few times; only empty images go further.
MOST_COMPRESSED_FRAME_PIXELS = 2**24
MOST_EXPANSION = 200
ALWAYS_ALLOWED_BYTES = 64 * 2**20


def parse_layout(dataset: Elements, stream: BinaryIO, transfer_syntax: str) -> PixelLayout:
    """Derive the layout of the stored values; `stream` stands at the pixel data.

    Raises
    ------
    DicomError
        When NumberOfFrames is not a number.
    """
    n_frames = elements.whole(dataset, "NumberOfFrames")
    if n_frames is None and elements.is_given(dataset, "NumberOfFrames"):
        raise DicomError("NumberOfFrames is not a whole number")
    is_implicit, is_little_endian = _encoding(dataset, transfer_syntax)
    offset, length, available = _find_pixels(stream, is_implicit=is_implicit, is_little_endian=is_little_endian)
    bits_allocated = elements.whole(dataset, "BitsAllocated") or 0
    bits_stored = elements.whole(dataset, "BitsStored") or bits_allocated
    is_signed = elements.whole(dataset, "PixelRepresentation") == 1
    high_bit = elements.whole(dataset, "HighBit")
    return PixelLayout(
        rows=elements.whole(dataset, "Rows") or 0,
        columns=elements.whole(dataset, "Columns") or 0,
        n_frames=1 if n_frames is None else n_frames,
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        high_bit=bits_stored - 1 if high_bit is None else high_bit,
        is_signed=is_signed,
        samples=elements.whole(dataset, "SamplesPerPixel") or 1,
        photometric=elements.text(dataset, "PhotometricInterpretation") or MONOCHROME[1],
        transfer_syntax=transfer_syntax or _guessed_syntax(is_implicit, is_little_endian),
        is_little_endian=is_little_endian,
        offset=offset,
        length=length,
        available=available,
        padding=_parse_padding(dataset, bits_allocated, is_signed=is_signed),
    )


def _encoding(dataset: Elements, transfer_syntax: str) -> tuple[bool, bool]:
    """Tell (implicit VR, little endian) as pydicom found them, which need not be what the file says."""
    found = getattr(dataset, "original_encoding", (None, None))
    if found[0] is None or found[1] is None:
        return transfer_syntax == IMPLICIT, transfer_syntax != EXPLICIT_BIG
    return bool(found[0]), bool(found[1])


def _guessed_syntax(is_implicit: bool, is_little_endian: bool) -> str:
    if is_implicit:
        return IMPLICIT
    return EXPLICIT if is_little_endian else EXPLICIT_BIG


def _find_pixels(stream: BinaryIO, *, is_implicit: bool, is_little_endian: bool) -> tuple[int, int | None, int]:
    """Read the head of the pixel data: (offset of the value or -1, declared length, bytes up to the end)."""
    order = "<" if is_little_endian else ">"
    head = stream.read(8)
    if len(head) < 8 or struct.unpack(f"{order}HH", head[:4]) != PIXEL_DATA:
        return -1, None, 0
    (length,) = struct.unpack(f"{order}L", head[4:] if is_implicit else stream.read(4))
    offset = stream.tell()
    available = stream.seek(0, io.SEEK_END) - offset
    return offset, None if length == UNDEFINED_LENGTH else length, available


def _parse_padding(dataset: Elements, bits_allocated: int, *, is_signed: bool) -> tuple[int, int] | None:
    """Give the stored values that mean "not measured", PS3.3 C.7.5.1.1.2: one value or a range, limits included."""
    value = elements.whole(dataset, "PixelPaddingValue")
    if value is None or bits_allocated not in ALLOCATIONS:
        return None
    limit = elements.whole(dataset, "PixelPaddingRangeLimit")
    ends = [_as_stored(end, bits_allocated, is_signed=is_signed) for end in (value, value if limit is None else limit)]
    return min(ends), max(ends)


def _as_stored(value: int, bits: int, *, is_signed: bool) -> int:
    """Read a padding value in the sign of the pixels; writers mistake its VR (63536 for −2000)."""
    wrapped = value % (1 << bits)
    return wrapped - (1 << bits) if is_signed and wrapped >= 1 << (bits - 1) else wrapped


def is_lossy(dataset: Elements, layout: PixelLayout) -> bool:
    """Whether the image was compressed with loss, now or before."""
    return layout.transfer_syntax in LOSSY or elements.text(dataset, "LossyImageCompression") == "01"


def check_layout(layout: PixelLayout) -> list[str]:
    """Find everything that keeps the pixels from being read truthfully, as sentences without a full stop."""
    faults = _check_shape(layout)
    if layout.offset < 0:
        faults.append("a CT image without pixel data")
    elif layout.transfer_syntax not in NATIVE | CODECS.keys():
        faults.append("its transfer syntax is not one that can be decoded")
    elif layout.transfer_syntax == EXTENDED_JPEG and layout.bits_stored > 8:
        faults.append("it is compressed as lossy JPEG of 12 bits, which no codec here decodes")
    elif not faults:
        faults.extend(_check_raw_length(layout) if layout.transfer_syntax in NATIVE else _check_expansion(layout))
    return faults


def _check_shape(layout: PixelLayout) -> list[str]:
    faults = []
    if min(layout.rows, layout.columns, layout.n_frames) < 1:
        faults.append(f"an image of {layout.rows} rows × {layout.columns} columns × {layout.n_frames} frames is none")
    if layout.frame_pixels > MOST_FRAME_PIXELS or layout.frame_pixels * layout.n_frames > MOST_PIXELS:
        faults.append(
            f"{layout.rows} rows × {layout.columns} columns × {layout.n_frames} frames is larger than any CT image"
        )
    if layout.bits_allocated not in ALLOCATIONS or not 0 < layout.bits_stored <= layout.bits_allocated:
        faults.append(f"{layout.bits_stored} of {layout.bits_allocated} bits a pixel is not a layout of CT values")
    elif not layout.bits_stored <= layout.high_bit + 1 <= layout.bits_allocated:
        faults.append(f"its highest bit is {layout.high_bit}, outside the {layout.bits_allocated} bits of a pixel")
    if layout.samples != 1 or layout.photometric not in MONOCHROME:
        faults.append("its pixels are colours, not CT values")
    return faults


def _check_raw_length(layout: PixelLayout) -> list[str]:
    if layout.length is None:
        return ["its pixel data are not compressed and yet of undefined length"]
    present = min(layout.length, layout.available)
    if present < layout.raw_bytes:
        return [f"its pixel data are truncated: {present} of {layout.raw_bytes} bytes"]
    if layout.length >= layout.raw_bytes + layout.raw_bytes // layout.n_frames:
        return [f"its pixel data are {layout.length} bytes long, and its header describes {layout.raw_bytes}"]
    return []


def _check_expansion(layout: PixelLayout) -> list[str]:
    if layout.frame_pixels > MOST_COMPRESSED_FRAME_PIXELS:
        return [f"{layout.rows} rows × {layout.columns} columns is larger than any compressed CT image"]
    if layout.raw_bytes > max(ALWAYS_ALLOWED_BYTES, MOST_EXPANSION * layout.available):
        return [f"its compressed pixel data of {layout.available} bytes claim to hold {layout.raw_bytes}"]
    return []
