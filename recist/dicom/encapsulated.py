"""Where the compressed frames of an image lie in its file: items in a row, told apart by a table or by their count.

Encapsulated pixel data are items (PS3.5 A.4): first a table of offsets, which may be empty, then fragments of frames.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.dicom.header import PixelLayout

    Piece = tuple[int, int]  # offset in the file, length
    Pieces = tuple[Piece, ...]

ITEM = 0xFFFEE000
END_OF_SEQUENCE = 0xFFFEE0DD
UNDEFINED_LENGTH = 0xFFFFFFFF
HEAD = struct.Struct("<HHL")
END_OF_JPEG = b"\xff\xd9"
# The end of a codestream stands in the last bytes of its last fragment; a few bytes of padding may follow.
SEARCHED_FOR_END = 10
MOST_PIECES_A_FRAME = 1024
MOST_PIECES = 2**17
MOST_GROWTH = 2
MOST_HEAD_BYTES = 2**16

UNFINISHED = "its compressed pixel data end too early"


def find_frames(stream: BinaryIO, layout: PixelLayout) -> list[Pieces]:
    """Find the pieces of every compressed frame; nothing is decoded.

    Parameters
    ----------
    stream : file
    layout : PixelLayout

    Returns
    -------
    list of tuple of (int, int)
        For each frame its pieces: offset in the stream, length.

    Raises
    ------
    DicomError
        When the items cannot be walked, or there are not as many frames as announced.
    """
    stream.seek(layout.offset)
    end = layout.offset + (layout.available if layout.length is None else min(layout.length, layout.available))
    _, table_length = _read_item(stream, end) or (0, 0)
    offsets = _parse_table(stream, table_length)
    pieces = _walk(stream, end, min(MOST_PIECES, MOST_PIECES_A_FRAME * layout.n_frames))
    if not pieces:
        raise DicomError(f"its pixel data hold 0 of {layout.n_frames} frames")
    frames = _split(stream, pieces, offsets, layout)
    if len(frames) != layout.n_frames:
        raise DicomError(f"its pixel data hold {len(frames)} of {layout.n_frames} frames")
    most_bytes = MOST_GROWTH * layout.raw_bytes // layout.n_frames + MOST_HEAD_BYTES
    if any(sum(length for _, length in frame) > most_bytes for frame in frames):
        raise DicomError("a frame takes more room compressed than it would without")
    return frames


def _read_item(stream: BinaryIO, end: int) -> Piece | None:
    """Read the head of an item: where its content begins and how long it is; None at the end of the sequence."""
    place = stream.tell()
    head = stream.read(HEAD.size) if place + HEAD.size <= end else b""
    if len(head) < HEAD.size:
        return None  # some writers leave the end of the sequence out
    group, element, length = HEAD.unpack(head)
    tag = group << 16 | element
    if tag == END_OF_SEQUENCE:
        return None
    if tag != ITEM or length == UNDEFINED_LENGTH:
        raise DicomError("its compressed pixel data are not made of items")
    if place + HEAD.size + length > end:
        raise DicomError(UNFINISHED)
    return place + HEAD.size, length


def _parse_table(stream: BinaryIO, length: int) -> list[int]:
    if length % 4 or length > 4 * MOST_PIECES:
        raise DicomError("its table of offsets is not one")
    return list(struct.unpack(f"<{length // 4}L", stream.read(length)))


def _walk(stream: BinaryIO, end: int, most: int) -> list[Piece]:
    pieces: list[Piece] = []
    while (piece := _read_item(stream, end)) is not None:
        if len(pieces) == most:
            raise DicomError(f"its pixel data are in more than {most} pieces")
        pieces.append(piece)
        stream.seek(sum(piece))
    return pieces


def _split(stream: BinaryIO, pieces: Sequence[Piece], offsets: Sequence[int], layout: PixelLayout) -> list[Pieces]:
    """Tell which pieces belong to which frame."""
    if layout.n_frames == 1:
        return [tuple(pieces)]
    if len(pieces) == layout.n_frames:
        return [(piece,) for piece in pieces]
    if len(offsets) > 1:
        return _split_by_table(pieces, offsets)
    return _split_by_end(stream, pieces)


def _split_by_table(pieces: Sequence[Piece], offsets: Sequence[int]) -> list[Pieces]:
    """Split at the offsets, which count from the head of the first piece."""
    starts = [place - pieces[0][0] for place, _ in pieces]
    firsts = [bisect_left(starts, offset) for offset in offsets]
    is_met = all(first < len(starts) and starts[first] == offset for first, offset in zip(firsts, offsets, strict=True))
    if not is_met or firsts[0] != 0 or any(a >= b for a, b in pairwise(firsts)):
        raise DicomError("its table of offsets does not lead to its frames")
    return [tuple(pieces[a:b]) for a, b in zip(firsts, [*firsts[1:], len(pieces)], strict=True)]


def _split_by_end(stream: BinaryIO, pieces: Sequence[Piece]) -> list[Pieces]:
    """Split after each piece that ends a codestream of the JPEG family."""
    frames: list[Pieces] = []
    current: list[Piece] = []
    for place, length in pieces:
        current.append((place, length))
        searched = min(length, SEARCHED_FOR_END)
        stream.seek(place + length - searched)
        if END_OF_JPEG in stream.read(searched):
            frames.append(tuple(current))
            current = []
    return [*frames, tuple(current)] if current else frames


def read_pieces(stream: BinaryIO, pieces: Pieces) -> bytes:
    """Read one compressed frame.

    Raises
    ------
    DicomError
        When the file has become shorter.
    """
    content = []
    for place, length in pieces:
        stream.seek(place)
        content.append(stream.read(length))
        if len(content[-1]) < length:
            raise DicomError(UNFINISHED)
    return content[0] if len(content) == 1 else b"".join(content)
