"""Parts: the results of some tasks in two Parquet files, which are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from recist.batch.columns import PROBLEM_SCHEMA, rows_to_arrow
from recist.outputs import whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from recist.batch.columns import Row
    from recist.batch.outcome import Outcome

ROWS, PROBLEMS = "rows", "problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as the ledger knows it.

    Attributes
    ----------
    name : str
    digests : dict of str
        SHA-256 of each of its files by kind, ``rows`` and ``problems``.
    """

    name: str
    digests: dict[str, str]

    def to_line(self) -> dict[str, Any]:
        """Lay it out as a line of the ledger."""
        return {"event": "part", "part": self.name, "sha256": self.digests}


def part_file(folder: Path, name: str, kind: str) -> Path:
    """Name one of the two files of a part."""
    return folder / f"{name}.{kind}.parquet"


def write_part(folder: Path, name: str, outcomes: Sequence[Outcome], schema: pa.Schema) -> Part:
    """Write the results of tasks as a part: each file under another name first, synced, then renamed."""
    rows = [row | {"task": outcome.index} for outcome in outcomes for row in outcome.rows]
    problems = [_problem_row(problem) | {"task": outcome.index} for outcome in outcomes for problem in outcome.problems]
    digests = {
        ROWS: _write(rows_to_arrow(rows, schema), part_file(folder, name, ROWS)),
        PROBLEMS: _write(rows_to_arrow(problems, PROBLEM_SCHEMA), part_file(folder, name, PROBLEMS)),
    }
    _sync_folder(folder)
    return Part(name=name, digests=digests)


def _problem_row(problem: Any) -> Row:
    names = [field.name for field in PROBLEM_SCHEMA if field.name not in ("task", "manifest_row")]
    return {name: getattr(problem, name) for name in names} | {"manifest_row": problem.row}


def _write(table: pa.Table, path: Path) -> str:
    with whole_file(path) as temporary:
        pq.write_table(table, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        return _digest(temporary)


def _sync_folder(folder: Path) -> None:
    """Sync the names in a folder, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(folder: Path, part: Part) -> bool:
    """Tell whether both files of a part are there, with the bytes that were written."""
    try:
        return all(_digest(part_file(folder, part.name, kind)) == digest for kind, digest in part.digests.items())
    except OSError:
        return False


def read_part(folder: Path, name: str, kind: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read one file of a part, or some columns of it."""
    return pq.read_table(part_file(folder, name, kind), columns=columns)
