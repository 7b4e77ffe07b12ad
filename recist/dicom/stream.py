"""Open a DICOM file as a stream of plain elements, whatever it is wrapped in."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREAMBLE_BYTES = 128
MAGIC = b"DICM"
DEFLATED = "1.2.840.10008.1.2.1.99"
GROUP_OF_META = 0x0002
ELEMENT_OF_LENGTH = 0x0000
ELEMENT_OF_TRANSFER_SYNTAX = 0x0010
TYPES_IN_META = frozenset((b"UL", b"OB", b"UI", b"SH", b"AE", b"UR"))
LONG_FORMS = frozenset((b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR", b"UT"))

# A deflated file may grow to this: a hundred slices. It is inflated in memory, which takes twice as much.
MOST_INFLATED_BYTES = 64 * 2**20

# The first two bytes of a file without preamble: group 0002 or 0008 in little endian, 0008 in big endian.
FIRST_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """How the elements of a file are wrapped.

    Attributes
    ----------
    has_preamble : bool
    transfer_syntax : str
        From the file meta information; empty where it has none.
    start : int
        Where the data set begins.
    is_sound : bool
        The file meta information is as long as it says, its elements ascend and are of the types it may hold.
    """

    has_preamble: bool
    transfer_syntax: str
    start: int
    is_sound: bool

    @property
    def is_deflated(self) -> bool:
        """Whether everything after the file meta information is compressed."""
        return self.transfer_syntax == DEFLATED


def read_wrapping(stream: BinaryIO) -> Wrapping | None:
    """Read preamble and file meta information; None where the file does not begin like DICOM.

    The stream is left anywhere.
    """
    head = stream.read(PREAMBLE_BYTES + len(MAGIC))
    has_preamble = head[PREAMBLE_BYTES:] == MAGIC
    if not has_preamble and head[:2] not in FIRST_GROUPS:
        return None
    stream.seek(PREAMBLE_BYTES + len(MAGIC) if has_preamble else 0)
    return _read_meta(stream, has_preamble=has_preamble)


def _read_meta(stream: BinaryIO, *, has_preamble: bool) -> Wrapping:
    """Walk group 0002, always explicit little endian (PS3.10 7.1)."""
    transfer_syntax = ""
    announced_end, last, is_sound = -1, -1, True
    while True:
        offset = stream.tell()
        head = stream.read(8)
        group, element, vr, length = struct.unpack("<HH2sH", head) if len(head) == 8 else (0, 0, b"", 0)
        if group != GROUP_OF_META:
            is_sound = is_sound and offset == announced_end
            return Wrapping(has_preamble=has_preamble, transfer_syntax=transfer_syntax, start=offset, is_sound=is_sound)
        is_sound = is_sound and element > last and vr in TYPES_IN_META
        last = element
        if vr in LONG_FORMS:
            (length,) = struct.unpack("<L", stream.read(4))
        if element == ELEMENT_OF_LENGTH and length == 4:
            announced_end = offset + 12 + struct.unpack("<L", stream.read(4))[0]
        elif element == ELEMENT_OF_TRANSFER_SYNTAX:
            transfer_syntax = stream.read(length).decode("ascii", "replace").strip("\0 ")
        else:
            stream.seek(length, io.SEEK_CUR)


@contextmanager
def open_elements(path: Path) -> Iterator[tuple[BinaryIO, Wrapping | None]]:
    """Open a file so that its elements can be read in place.

    Yields
    ------
    (stream, wrapping)
        The stream stands at the start of the file; of a deflated file it holds the inflated data set alone, standing
        at its first element.

    Raises
    ------
    DicomError
        When a deflated file grows beyond all measure.
    """
    with path.open("rb") as stream:
        wrapping = read_wrapping(stream)
        if wrapping is not None and wrapping.is_deflated:
            stream.seek(wrapping.start)
            yield io.BytesIO(_inflate(stream.read(MOST_INFLATED_BYTES + 1))), wrapping
        else:
            stream.seek(0)
            yield stream, wrapping


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = inflater.decompress(packed, MOST_INFLATED_BYTES)
    if inflater.unconsumed_tail or len(packed) > MOST_INFLATED_BYTES:
        limit = MOST_INFLATED_BYTES // 2**20
        raise DicomError(f"it is deflated and grows beyond {limit} MiB when inflated, more than is taken into memory")
    return plain
