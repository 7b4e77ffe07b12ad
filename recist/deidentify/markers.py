"""Compressed frames without what is no image: comments, application data and bytes behind the end."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from recist.dicom.codestream import STARTS_OF_FRAME
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
# Segments a decoder needs (ISO 10918-1 table B.1, ISO 14495-1 C.1.1): frame and scan headers, tables, intervals.
JPEG_KEPT = frozenset((*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xF7, 0xF8)) - {0xC8}
FILL, START_OF_SCAN, END_OF_IMAGE = 0xFF, 0xDA, 0xD9
HUFFMAN_TABLES, LS_TABLES = 0xC4, 0xF8
LENGTH_BYTES = 2
LS_FRAME = b"\xff\xf7"
LS_TABLES_BYTES = 13  # of the only segment F8 that a grey image needs
AFTER_SCAN = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
AFTER_LS_SCAN = re.compile(rb"\xff[\x80-\xfe]")  # its data never hold a bit after FF

J2K_START, J2K_END = b"\xff\x4f", b"\xff\xd9"
TILE_PART, START_OF_DATA = 0x90, 0x93
# ISO 15444-1 table A.2 and 15444-15: size, coding, quantisation, regions, progression, packed headers.
J2K_KEPT = frozenset((0x50, 0x51, 0x52, 0x53, 0x59, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x61))
TILE_HEAD_BYTES = 12
J2K_PRECISION_AT = 42  # of the first component
BROKEN = "its compressed image does not follow its standard, so it cannot be told what hides in it"


def strip_frame(frame: bytes) -> bytes:
    """Leave of a compressed frame what a decoder needs.

    Parameters
    ----------
    frame : bytes
        JPEG, JPEG-LS or JPEG 2000.

    Raises
    ------
    DicomError
        When it is none of these, or is broken.
    """
    strip: Callable[[bytes], Iterator[bytes]]
    if frame.startswith(JPEG_START):
        strip = _strip_jpeg
    elif frame.startswith(J2K_START):
        strip = _strip_j2k
    else:
        raise DicomError(BROKEN)
    try:
        stripped = b"".join(strip(frame))
    except (struct.error, IndexError) as fault:
        raise DicomError(BROKEN) from fault
    return stripped + b"\0" * (len(stripped) % 2)


def parse_precision(frame: bytes) -> int:
    """Give the bits of a pixel of a compressed frame; 0 where it is not said before the first scan."""
    if frame.startswith(J2K_START) and len(frame) > J2K_PRECISION_AT:
        return (frame[J2K_PRECISION_AT] & 0x7F) + 1
    place = 2
    while frame.startswith(JPEG_START) and place + 4 < len(frame) and frame[place] == FILL:
        if frame[place + 1] in STARTS_OF_FRAME:
            return frame[place + 4]
        place += 2 + int.from_bytes(frame[place + 2 : place + 4], "big") if frame[place + 1] != FILL else 1
    return 0


def _strip_jpeg(frame: bytes) -> Iterator[bytes]:
    yield JPEG_START
    place, is_ls = 2, False
    while True:
        if frame[place] != FILL:
            raise DicomError(BROKEN)
        marker = frame[place + 1]
        if marker == FILL:  # a fill byte
            place += 1
            continue
        if marker == END_OF_IMAGE:
            yield JPEG_END
            return
        (length,) = struct.unpack_from(">H", frame, place + 2)
        segment = frame[place : place + 2 + length]
        is_ls = is_ls or marker == LS_FRAME[1]
        if marker in JPEG_KEPT or marker == START_OF_SCAN:
            _require_jpeg_segment(marker, segment)
            yield segment
        place += 2 + length
        if marker == START_OF_SCAN:
            found = (AFTER_LS_SCAN if is_ls else AFTER_SCAN).search(frame, place)
            if found is None:
                raise DicomError(BROKEN)
            yield frame[place : found.start()]
            place = found.end() - 2


def _require_jpeg_segment(marker: int, segment: bytes) -> None:
    """Refuse tables with more bytes than their own counts say."""
    if marker == LS_TABLES and len(segment) != LS_TABLES_BYTES + 2:
        raise DicomError(BROKEN)
    if marker == HUFFMAN_TABLES:
        place = 4
        while place < len(segment):
            place += 17 + sum(segment[place + 1 : place + 17])
        if place != len(segment):
            raise DicomError(BROKEN)
    if marker in (*range(0xC0, 0xC4), 0xF7) and len(segment) != 10 + 3 * segment[9]:
        raise DicomError(BROKEN)


def _strip_j2k(frame: bytes) -> Iterator[bytes]:
    yield J2K_START
    place = 2
    while True:
        marker = _j2k_marker(frame, place)
        if marker == TILE_PART:
            break
        yield from _kept_j2k(frame, place, marker)
        place = _after_segment(frame, place)
    while _j2k_marker(frame, place) == TILE_PART:
        part, place = _strip_tile_part(frame, place)
        yield part
    if frame[place : place + 2] != J2K_END:
        raise DicomError(BROKEN)
    yield J2K_END


def _strip_tile_part(frame: bytes, start: int) -> tuple[bytes, int]:
    """Give a part of a tile with a header of the needed segments, its length mended, and the place after it."""
    (length,) = struct.unpack_from(">L", frame, start + 6)
    end = start + length if length else frame.rindex(J2K_END)
    head: list[bytes] = []
    place = start + TILE_HEAD_BYTES
    while (marker := _j2k_marker(frame, place)) != START_OF_DATA:
        head.extend(_kept_j2k(frame, place, marker))
        place = _after_segment(frame, place)
    if not place < end <= len(frame):
        raise DicomError(BROKEN)
    body = b"".join(head) + frame[place:end]
    begin = frame[start : start + 6] + struct.pack(">L", TILE_HEAD_BYTES + len(body)) + frame[start + 10 : start + 12]
    return begin + body, end


def _kept_j2k(frame: bytes, place: int, marker: int) -> tuple[bytes, ...]:
    return (frame[place : _after_segment(frame, place)],) if marker in J2K_KEPT else ()


def _j2k_marker(frame: bytes, place: int) -> int:
    if frame[place] != FILL:
        raise DicomError(BROKEN)
    return frame[place + 1]


def _after_segment(frame: bytes, place: int) -> int:
    (length,) = struct.unpack_from(">H", frame, place + 2)
    if length < LENGTH_BYTES or place + 2 + length > len(frame):
        raise DicomError(BROKEN)
    return int(place + 2 + length)
