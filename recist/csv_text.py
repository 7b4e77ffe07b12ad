"""The shape of a CSV file, looked at before it is read: separator, names of columns, and cells in every row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.problems import Problem, require_no_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

SEPARATOR = b","
OTHER_SEPARATORS = {";": "semicolon", "\t": "tab", "|": "bar"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WORKBOOK_MARK = b"PK"  # a workbook is a ZIP archive
NEWLINE = b"\n"
CARRIAGE_RETURN = b"\r"
QUOTE = b'"'
PIECE_BYTES = 1 << 20


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file as text.

    Raises
    ------
    DataError
        When its cells do not stand under their names.
    """
    raw = path.read_bytes()
    require_no_errors(check_text(path, raw))
    return pd.read_csv(
        io.BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True, index_col=False
    )


def check_text(path: Path, raw: bytes) -> list[Problem]:
    """Find what keeps a file from being a CSV table whose cells stand under their names."""
    fault = _find_unreadable(raw)
    if fault:
        return [Problem(code="unreadable_file", file=path.name, message=fault)]
    text = raw.removeprefix(BYTE_ORDER_MARK)
    try:
        return _check_shape(path, text)
    except csv.Error:
        message = "a quotation mark is not closed, so the file cannot be read as a table"
        return [Problem(code="unreadable_file", file=path.name, message=message)]


def _check_shape(path: Path, text: bytes) -> list[Problem]:
    header = _header(text)
    if len(header) == 1:
        for separator, name in OTHER_SEPARATORS.items():
            if separator in header[0]:
                return [_other_separator(path, header[0], separator, name)]
    twice = list(_check_names(path, header))
    return twice or list(_check_lengths(path, text, len(header)))


def _find_unreadable(raw: bytes) -> str:
    if not raw or raw.isspace():
        return "the file is empty: it holds no table"
    if raw.startswith(WORKBOOK_MARK):
        return "the file cannot be read as a table: it is a workbook or an archive; save the sheet as CSV in UTF-8"
    try:
        if not raw.isascii():
            raw.decode("utf-8")
    except UnicodeDecodeError:
        return "the file cannot be read as a table: it is not text in UTF-8; save it as CSV in UTF-8"
    return (
        "the file cannot be read as a table: it holds bytes that are no text; save it as CSV in UTF-8"
        if b"\x00" in raw
        else ""
    )


def _records(text: bytes) -> Iterator[list[str]]:
    return csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline=""), skipinitialspace=True)


def _header(text: bytes) -> list[str]:
    return [name.strip() for name in next((record for record in _records(text) if record), [])]


def _other_separator(path: Path, header: str, separator: str, name: str) -> Problem:
    return Problem(
        code="wrong_separator",
        file=path.name,
        row=1,
        found=header,
        expected="columns separated by commas",
        message=f"separator found: {separator!r} ({name}); save the table with commas between the columns",
    )


def _check_names(path: Path, header: list[str]) -> Iterator[Problem]:
    """Find names of columns that occur twice; columns without a name may."""
    for name in dict.fromkeys(name for name in header if name and header.count(name) > 1):
        yield Problem(
            code="duplicate_column",
            file=path.name,
            row=1,
            field=name,
            found=", ".join(header),
            expected="every column once",
            message=f"the header names {header.count(name)} columns {name}; keep one, or rename the others",
        )


def _check_lengths(path: Path, text: bytes, n_columns: int) -> Iterator[Problem]:
    """Find the rows with more or fewer cells than the header: their cells stand under the wrong names."""
    for row, n_cells in _odd_rows(text, n_columns):
        cells = "1 cell" if n_cells == 1 else f"{n_cells} cells"
        yield Problem(
            code="wrong_number_of_cells",
            file=path.name,
            row=row,
            message=f"this row has {cells}, the header has {n_columns}; a comma is too many or missing",
        )


def _odd_rows(text: bytes, n_columns: int) -> Iterable[tuple[int, int]]:
    """Give row and number of cells where they differ from the header; rows are counted without empty lines."""
    if QUOTE in text or NEWLINE not in text:
        filled = (record for record in _records(text) if any(record) or len(record) > 1)
        return [(row, len(record)) for row, record in enumerate(filled, start=1) if len(record) != n_columns]
    cells = np.concatenate([_cells_of_lines(piece) for piece in _pieces(text)])
    return [(int(place) + 1, int(cells[place])) for place in np.flatnonzero(cells != n_columns)]


def _pieces(text: bytes) -> Iterator[bytes]:
    """Cut a text into pieces of whole lines."""
    start = 0
    while start < len(text):
        end = text.find(NEWLINE, start + PIECE_BYTES) + 1 or len(text)
        yield text[start:end]
        start = end


def _cells_of_lines(piece: bytes) -> NDArray[np.int32]:
    """Count the cells of every line that is not empty."""
    symbols = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(symbols == NEWLINE[0])
    if not piece.endswith(NEWLINE):
        ends = np.append(ends, len(symbols))
    starts = np.append(0, ends[:-1] + 1)
    cells = np.add.reduceat(symbols == SEPARATOR[0], starts, dtype=np.int32) + 1
    is_empty = (ends == starts) | ((ends - starts == 1) & (symbols[starts] == CARRIAGE_RETURN[0]))
    found: NDArray[np.int32] = cells[~is_empty]
    return found
