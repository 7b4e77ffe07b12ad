"""The size a compressed image gives itself, compared with the header before a decoder allocates memory for it."""

from __future__ import annotations

import struct

from recist.errors import DicomError

JPEG_2000 = b"\xff\x4f\xff\x51"  # start of codestream, then the size marker
JPEG = b"\xff\xd8"
START_OF_SCAN = 0xDA
# Start-of-frame markers of the JPEG processes and of JPEG-LS; C4, C8 and CC mean something else.
STARTS_OF_FRAME = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset((0x01, *range(0xD0, 0xD9)))


def parse_size(encoded: bytes) -> tuple[int, int] | None:
    """Parse (rows, columns) from the beginning of a JPEG, JPEG-LS or JPEG 2000 codestream; None where unknown."""
    if encoded.startswith(JPEG_2000) and len(encoded) >= 24:
        x_end, y_end, x_start, y_start = struct.unpack(">4L", encoded[8:24])
        return y_end - y_start, x_end - x_start
    if encoded.startswith(JPEG):
        return _parse_jpeg_size(encoded)
    return None


def _parse_jpeg_size(encoded: bytes) -> tuple[int, int] | None:
    place = len(JPEG)
    while place + 9 <= len(encoded) and encoded[place] == 0xFF:
        marker = encoded[place + 1]
        if marker in STARTS_OF_FRAME:
            rows, columns = struct.unpack(">HH", encoded[place + 5 : place + 9])
            return rows, columns
        if marker == START_OF_SCAN:
            return None
        if marker == 0xFF or marker in STANDALONE:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", encoded[place + 2 : place + 4])
        place += 2 + length
    return None


def require_size(encoded: bytes, rows: int, columns: int) -> None:
    """Refuse a codestream of another size than the header says.

    Raises
    ------
    DicomError
    """
    size = parse_size(encoded)
    if size is not None and size != (rows, columns):
        raise DicomError(
            f"its compressed image has {size[0]} rows × {size[1]} columns, its header says {rows} × {columns}"
        )
