"""Take a multipart answer apart while it comes, each part straight to a file (RFC 2046 5.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recist.pacs.faults import ArchiveFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST_HEADER_BYTES = 2**14
BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)


def find_boundary(content_type: str) -> bytes | None:
    """Give the boundary that a content type names, None where it names none."""
    found = BOUNDARY.search(content_type)
    return (found.group(1) or found.group(2)).encode("latin-1", "replace") if found else None


class PartReader:
    """Reads the parts of one answer.

    Parameters
    ----------
    blocks : iterator of bytes
        The body.
    boundary : bytes
    most_bytes : int
        Longest part.
    """

    def __init__(self, blocks: Iterator[bytes], boundary: bytes, *, most_bytes: int) -> None:
        self._blocks, self._delimiter, self._most_bytes = blocks, b"\r\n--" + boundary, most_bytes
        self._buffer = bytearray(b"\r\n")  # the first delimiter may stand at the very beginning

    def parts(self, new_path: Callable[[], Path]) -> Iterator[Path]:
        """Give each part as a file.

        Raises
        ------
        ArchiveFault
            When the answer ends early (which may pass), or a part is too long.
        """
        self._pass_to_delimiter()
        while not self._is_last():
            self._pass_headers()
            path = new_path()
            self._write_body(path)
            yield path

    def _more(self) -> None:
        """Take one more block."""
        block = next(self._blocks, b"")
        if not block:
            raise ArchiveFault("the answer broke off in the middle", is_transient=True)
        self._buffer += block

    def _pass_to_delimiter(self) -> None:
        while (place := self._buffer.find(self._delimiter)) < 0:
            if len(self._buffer) > MOST_HEADER_BYTES:
                raise ArchiveFault("the answer is not multipart, although it says so")
            self._more()
        del self._buffer[: place + len(self._delimiter)]

    def _is_last(self) -> bool:
        while len(self._buffer) < len(b"--"):
            self._more()
        return self._buffer.startswith(b"--")

    def _pass_headers(self) -> None:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > MOST_HEADER_BYTES:
                raise ArchiveFault("a part of the answer has headers without end")
            self._more()
        del self._buffer[: end + 4]

    def _write_body(self, path: Path) -> None:
        """Write up to the next delimiter, which may lie across two blocks."""
        held = len(self._delimiter) - 1
        written = 0
        with path.open("wb") as file:
            while (end := self._buffer.find(self._delimiter)) < 0:
                sure = max(0, len(self._buffer) - held)
                written += file.write(self._buffer[:sure])
                del self._buffer[:sure]
                self._require_size(written)
                self._more()
            written += file.write(self._buffer[:end])
            del self._buffer[: end + len(self._delimiter)]
            self._require_size(written)

    def _require_size(self, written: int) -> None:
        if written > self._most_bytes:
            raise ArchiveFault(too_large(self._most_bytes))


def too_large(most_bytes: int) -> str:
    """Say that an object is larger than may come."""
    return f"an object larger than {most_bytes / 2**20:g} MiB came and was cut; allow more with --most-mib"
