"""A limit to what pydicom may read for one header, counted in pieces and bytes: the same file always ends alike.

A header of eight-byte elements or empty items costs pydicom a thousand times its size in time and memory. A CT of two
thousand frames, each described in a dozen sequences, stays under these limits.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    from pydicom.dataelem import RawDataElement
    from pydicom.sequence import Sequence

MOST_READS = 300_000
MOST_BYTES = 32 * 2**20
MOST_BYTES_OF_UNKNOWN = 2**20


class _FencedStream:
    """A stream of one header that refuses to give more than a header may hold.

    Parameters
    ----------
    stream : binary file
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._reads, self._bytes = MOST_READS, MOST_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes.

        Raises
        ------
        DicomError
            When the limit is passed.
        """
        wanted = -1 if size is None else size
        if wanted < 0 or wanted > self._bytes:
            wanted = self._bytes + 1
        found = self._stream.read(wanted)
        self._reads, self._bytes = self._reads - 1, self._bytes - len(found)
        if self._reads < 0 or self._bytes < 0:
            raise DicomError("its header holds more than that of any image")
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Tell the place in the stream."""
        return self._stream.tell()


def fence(stream: BinaryIO) -> BinaryIO:
    """Give a stream for pydicom that raises DicomError when more is read than a header may hold."""
    return cast("BinaryIO", _FencedStream(stream))


def read_fenced_sequence(raw: RawDataElement, encoding: str | MutableSequence[str]) -> Sequence | None:
    """Read the items of a sequence that pydicom has left as bytes; None where it is to be read by pydicom alone.

    Raises
    ------
    DicomError
        When it holds more than the sequence of any image.
    """
    from pydicom.filereader import read_sequence

    value = raw.value or b""
    if raw.VR not in ("SQ", None):
        if len(value) > MOST_BYTES_OF_UNKNOWN:
            raise DicomError("its header holds more than that of any image")
        return None
    return read_sequence(fence(io.BytesIO(value)), raw.is_implicit_VR, raw.is_little_endian, len(value), encoding, 0)
