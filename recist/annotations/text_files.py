"""Text files of other programs: of bounded size, in UTF-8, and cut into rows that need not all be sound."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.errors import DataError
from recist.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 1 << 20
OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a CSV file: its line, and its cells by the names of the columns."""

    row: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """Give the first cell of these names that is filled in."""
        return next((value for name in names if (value := self.cells.get(name, "").strip())), "")


def read_text(path: Path, name: str) -> str:
    """Read a whole text file in UTF-8, with or without byte order mark; faults call it `name`.

    Raises
    ------
    DataError
        When it is too large, empty, or not UTF-8.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _refusal(name, f"the file is larger than {MOST_BYTES >> 20} MiB, which no file of annotations is")
    raw = path.read_bytes()
    if not raw.strip():
        raise _refusal(name, "the file is empty")
    if raw.startswith(OTHER_ENCODINGS):
        raise _refusal(name, "the file is text in UTF-16; save it in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _refusal(name, "the file is not text in UTF-8; save it in UTF-8") from fault
    if "\x00" in text:
        raise _refusal(name, "the file holds bytes that are no text")
    return text


def _refusal(name: str, message: str) -> DataError:
    return DataError([Problem(code="unreadable_file", file=name, message=message)])


def cut_rows(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """Cut a CSV text into rows; a row whose cells do not stand under their names is reported and left out.

    Raises
    ------
    DataError
        When the text is no CSV with commas at all.
    """
    if "," not in text.split("\n", 1)[0]:
        message = "the columns are not separated by commas; save the table with commas and with decimal points"
        raise DataError([Problem(code="wrong_separator", file=file, row=1, message=message)])
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    records, problems = [], []
    try:
        header = [name.strip() for name in next(reader)]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.append(_odd_row(file, reader.line_num, len(cells), len(header)))
                continue
            records.append(Record(row=reader.line_num, cells=dict(zip(header, cells, strict=True))))
    except (csv.Error, StopIteration) as fault:
        message = "the file cannot be read as a table; a quotation mark may not be closed, or a cell is far too long"
        raise DataError([Problem(code="unreadable_file", file=file, message=message)]) from fault
    return records, problems


def _odd_row(file: str, row: int, n_cells: int, n_columns: int) -> Problem:
    return Problem(
        code="wrong_number_of_cells",
        file=file,
        row=row,
        found=f"{n_cells} cells",
        expected=f"{n_columns} cells",
        message="the row was left out: its cells do not stand under their names; a label may hold a comma",
    )


def header_of(text: str) -> list[str]:
    """Give the names of the columns of a CSV text."""
    first = text.lstrip().split("\n", 1)[0][:LONGEST_CELL]
    return [name.strip().strip('"') for name in first.replace(";", ",").split(",")]
