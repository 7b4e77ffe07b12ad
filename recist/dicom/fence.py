"""A limit to what pydicom may read for one header, counted in pieces and bytes: the same file always ends alike.

A header of eight-byte elements or empty items costs pydicom a thousand times its size in time and memory. An Enhanced
CT describes each frame in some 14 sequences, which take 110 reads, 200 where lengths are undefined, and 22 items. So a
large file, which has the pixels of many frames, may be read in more pieces than a small one: 4,000 frames are read.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from recist.errors import DicomError

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataelem import RawDataElement
    from pydicom.sequence import Sequence

MOST_READS = 300_000
MOST_READS_OF_LARGE_FILES = 840_000
READS_OF_A_FRAME = 210
LEAST_BYTES_OF_A_FRAME = 2**14  # a frame of 512 × 512 that is compressed to a thirtieth
MOST_ITEMS = 150_000
ITEM_TAGS = frozenset((b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00"))
MOST_BYTES = 32 * 2**20
MOST_BYTES_OF_UNKNOWN = 2**20


class _FencedStream:
    """A stream of one header that refuses to give more than a header may hold.

    Parameters
    ----------
    stream : binary file
    reads : int
        How often it may be read.
    """

    def __init__(self, stream: BinaryIO, reads: int) -> None:
        self._stream = stream
        self.allowed_reads = reads
        self._reads, self._bytes, self._items = reads, MOST_BYTES, MOST_ITEMS

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
        if found[:4] in ITEM_TAGS:
            self._items -= 1
        if min(self._reads, self._bytes, self._items) < 0:
            raise DicomError("its header holds more than that of any image")
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Tell the place in the stream."""
        return self._stream.tell()


def fence(stream: BinaryIO, n_file_bytes: int = 0) -> BinaryIO:
    """Give a stream for pydicom that raises DicomError when more is read than a header may hold.

    Parameters
    ----------
    stream : binary file
    n_file_bytes : int
        Size of the file on the disk, pixels included; 0 where that proves nothing, as when it is inflated.
    """
    by_size = READS_OF_A_FRAME * (n_file_bytes // LEAST_BYTES_OF_A_FRAME)
    return cast("BinaryIO", _FencedStream(stream, min(MOST_READS_OF_LARGE_FILES, max(MOST_READS, by_size))))


def read_fenced_sequence(raw: RawDataElement, dataset: Dataset) -> Sequence | None:
    """Read the items of a sequence that pydicom has left as bytes; None where it is to be read by pydicom alone.

    Parameters
    ----------
    raw : RawDataElement
    dataset : pydicom.Dataset
        Which holds it; it may be read as often as that was.

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
    whole = getattr(dataset, "buffer", None)
    reads = whole.allowed_reads if isinstance(whole, _FencedStream) else MOST_READS
    stream = cast("BinaryIO", _FencedStream(io.BytesIO(value), reads))
    encoding = dataset.original_character_set
    return read_sequence(stream, raw.is_implicit_VR, raw.is_little_endian, len(value), encoding, 0)
