"""Messages between the two processes: lengths, then bytes, over pipes; large parts over memory without a name."""

from __future__ import annotations

import os
import struct
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A reply: mark, bytes of text, bytes of arrays, whether these lie in shared memory.
HEAD = struct.Struct("<4sQQ?")
MARK = b"RGM1"
# Told before a call starts: mark, seconds of processor time the child has used so far.
STARTED = struct.Struct("<4sd")
LENGTH = struct.Struct("<Q")
MOST_INLINE_BYTES = 2**15


def open_shared_memory() -> int:
    """Open memory that two processes can share and that vanishes with them, as a file descriptor."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("recist")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def write_all(descriptor: int, parts: Sequence[bytes | memoryview]) -> None:
    """Write all bytes to a pipe."""
    for part in parts:
        left = memoryview(part).cast("B")
        while left:
            left = left[os.write(descriptor, left) :]


def read_exactly(descriptor: int, count: int, wait: Callable[[], None] | None = None) -> bytes:
    """Read `count` bytes from a pipe.

    Parameters
    ----------
    descriptor, count : int
    wait : callable, optional
        Called before each read; it returns when there is something to read, or raises.

    Raises
    ------
    EOFError
        When the other process closed the pipe.
    """
    found = bytearray()
    while len(found) < count:
        if wait is not None:
            wait()
        chunk = os.read(descriptor, min(count - len(found), 2**20))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)


def write_shared(descriptor: int, parts: Sequence[memoryview]) -> None:
    """Write the bytes of arrays one after the other into shared memory."""
    place = 0
    for part in parts:
        left = part
        while left:
            written = os.pwrite(descriptor, left, place)
            left, place = left[written:], place + written


def read_shared(descriptor: int, into: memoryview, place: int) -> None:
    """Fill `into` from shared memory.

    Copying, not mapping: the other process could cut a mapped file short under the reader's feet.

    Raises
    ------
    EOFError
        When there are fewer bytes than announced.
    """
    while into:
        found = os.preadv(descriptor, [into], place)
        if not found:
            raise EOFError
        into, place = into[found:], place + found
