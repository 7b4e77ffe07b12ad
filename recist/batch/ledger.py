"""The ledger of a run: one line of JSON for everything that happened, only ever appended.

Each writer has a ledger of its own, so that no two processes write to one file. A line counts when it is whole: one
that a killed process left torn is ignored. Lines that say a task is settled are synced to the disk after the part that
holds its result, so a line never promises more than there is.
"""

from __future__ import annotations

import datetime
import json
import os
from typing import IO, TYPE_CHECKING, Any

from recist.batch.task import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ENDING = ".jsonl"


class Ledger:
    """A ledger that this process writes."""

    def __init__(self, path: Path) -> None:
        is_torn = path.exists() and not _ends_whole(path)
        self._file: IO[bytes] = path.open("ab")
        if is_torn:
            self._file.write(b"\n")

    def append(self, *lines: Mapping[str, Any], is_synced: bool = False) -> None:
        """Append lines in one piece; each gets the time."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        self._file.write(b"".join(to_json({"time": now, **line}).encode() + b"\n" for line in lines))
        self._file.flush()
        if is_synced:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def read_ledgers(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Read every whole line of ledgers, one ledger after the other."""
    for path in paths:
        with path.open("rb") as file:
            for line in file:
                entry = _parse(line)
                if entry is not None:
                    yield entry


def _parse(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "event" in entry else None
