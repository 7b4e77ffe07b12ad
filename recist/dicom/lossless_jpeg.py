"""Lossless JPEG (ITU-T T.81 annex H), the commonest compression of CT archives, without trust in what it decodes.

What is out of the ordinary (several components, restart marks, tables of another kind) is left to the codecs.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.errors import DicomError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.dicom.header import PixelLayout

START_OF_IMAGE = b"\xff\xd8"
START_OF_FRAME, HUFFMAN_TABLE, START_OF_SCAN, RESTART_INTERVAL = 0xC3, 0xC4, 0xDA, 0xDD
# Application data and comments, which say nothing of the pixels.
PASSED = frozenset((*range(0xE0, 0xF0), 0xFE))
MOST_BITS, MOST_CATEGORY = 16, 16
PREDICTORS = range(1, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What stands before the entropy-coded pixels.

    Attributes
    ----------
    rows, columns, precision : int
    predictor : int
        1 to 7, T.81 table H.1.
    shift : int
        Point transform: the values lost so many low bits.
    counts, values : bytes
        The Huffman table: how many codes there are of each length from 1 to 16, and what they mean.
    start : int
        Where the pixels begin.
    """

    rows: int
    columns: int
    precision: int
    predictor: int
    shift: int
    counts: bytes
    values: bytes
    start: int


def decode_lossless_jpeg(encoded: bytes, layout: PixelLayout) -> NDArray[np.unsignedinteger] | None:
    """Decode one frame.

    Returns
    -------
    array of unsigned integer, shape (n_rows, n_columns), or None
        None where the codecs should have a look.

    Raises
    ------
    DicomError
        When the image is of another size than the header says, or ends too early.
    """
    scan = parse_scan(encoded)
    if scan is None or layout.bits_allocated not in (8, 16) or scan.precision > layout.bits_allocated:
        return None
    if (scan.rows, scan.columns) != (layout.rows, layout.columns):
        raise DicomError(
            f"its compressed image has {scan.rows} rows × {scan.columns} columns, "
            f"its header says {layout.rows} × {layout.columns}"
        )
    from recist.dicom.lossless_kernel import undo_differences

    out = np.empty((scan.rows, scan.columns), np.uint16)
    source = np.frombuffer(encoded, np.uint8)[scan.start :]
    table = np.frombuffer(scan.counts, np.uint8), np.frombuffer(scan.values, np.uint8)
    done = undo_differences(source, table, (scan.predictor, 1 << (scan.precision - scan.shift - 1)), out)
    if done < scan.rows:
        raise DicomError(f"its compressed image ends after {done} of {scan.rows} rows")
    if scan.shift:
        out <<= scan.shift
    return out.astype(np.uint8) if layout.bits_allocated == 8 else out


def parse_scan(encoded: bytes) -> Scan | None:
    """Parse the markers up to the pixels; None where something is out of the ordinary."""
    if not encoded.startswith(START_OF_IMAGE):
        return None
    place = len(START_OF_IMAGE)
    tables: dict[int, tuple[bytes, bytes]] = {}
    frame: tuple[int, int, int] | None = None
    while place + 4 <= len(encoded):
        mark, marker, length = struct.unpack(">BBH", encoded[place : place + 4])
        content = encoded[place + 4 : place + 2 + length]
        if mark != 0xFF or length < 2 or len(content) != length - 2:
            return None
        place += 2 + length
        if marker == START_OF_SCAN:
            return _parse_start(content, frame, tables, place)
        if marker == START_OF_FRAME and frame is None:
            frame = _parse_frame(content)
        elif marker == HUFFMAN_TABLE:
            tables |= _parse_tables(content)
        elif marker not in PASSED and not (marker == RESTART_INTERVAL and not any(content)):
            return None
    return None


def _parse_frame(content: bytes) -> tuple[int, int, int] | None:
    """Parse (precision, rows, columns) of an image of one component."""
    if len(content) != 9:
        return None
    precision, rows, columns, n_components = struct.unpack(">BHHB", content[:6])
    return (precision, rows, columns) if n_components == 1 and min(rows, columns) > 0 else None


def _parse_tables(content: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Parse Huffman tables: number → counts, values; what is no such table is left out."""
    tables: dict[int, tuple[bytes, bytes]] = {}
    place = 0
    while place + 17 <= len(content):
        number, counts = content[place], content[place + 1 : place + 17]
        place += 17 + sum(counts)
        values = content[place - sum(counts) : place]
        if len(values) == sum(counts) and _is_prefix_code(counts) and max(values, default=0) <= MOST_CATEGORY:
            tables[number] = counts, values
    return tables


def _is_prefix_code(counts: bytes) -> bool:
    """Whether there are no more codes than fit, and at least one."""
    room = 1
    for count in counts:
        room = 2 * room - count
        if room < 0:
            return False
    return any(counts)


def _parse_start(
    content: bytes, frame: tuple[int, int, int] | None, tables: dict[int, tuple[bytes, bytes]], place: int
) -> Scan | None:
    if len(content) != 6 or frame is None:
        return None
    n_components, _, table, predictor, end, shift = content
    precision, rows, columns = frame
    is_plain = n_components == 1 and end == 0 and predictor in PREDICTORS and table >> 4 in tables
    if not is_plain or not shift < precision <= MOST_BITS or precision < 2:
        return None
    counts, values = tables[table >> 4]
    return Scan(
        rows=rows,
        columns=columns,
        precision=precision,
        predictor=predictor,
        shift=shift,
        counts=counts,
        values=values,
        start=place,
    )
