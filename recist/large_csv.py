"""Writing a table of many millions of rows as CSV: in pieces, so that little more than the table is in memory."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv as arrow_csv

from recist.outputs import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

ROWS_AT_ONCE = 500_000


def write_large_csv(frame: pd.DataFrame, path: Path, *, rows_at_once: int = ROWS_AT_ONCE) -> None:
    """Write a table as CSV; it appears whole or not at all.

    Dates are written in ISO form, flags as ``true`` and ``false``, what is not given as an empty cell, and numbers
    so that reading gives the same number back. Cells are quoted only in pieces where one of them has to be.

    Parameters
    ----------
    frame : pandas.DataFrame
        Dates are days, without a time.
    path : pathlib.Path
    rows_at_once : int
    """
    with whole_file(path) as temporary, temporary.open("wb") as file:
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(frame.columns)
        file.write(header.getvalue().encode())
        for start in range(0, len(frame), rows_at_once):
            file.write(_to_csv(_to_arrow(frame.iloc[start : start + rows_at_once])))


def _to_arrow(piece: pd.DataFrame) -> pa.Table:
    """Give words as text and dates as days."""
    table = pa.Table.from_pandas(piece, preserve_index=False)
    columns = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type) or pa.types.is_null(column.type):
            columns.append(column.cast(pa.string()))
        elif pa.types.is_timestamp(column.type):
            columns.append(column.cast(pa.date32()))
        else:
            columns.append(column)
    return pa.table(columns, names=table.column_names)


def _to_csv(table: pa.Table) -> bytes:
    try:
        return _render(table, "none")
    except pa.ArrowInvalid:  # a cell holds a comma, a quotation mark or a line break
        return _render(table, "needed")


def _render(table: pa.Table, quoting: str) -> bytes:
    buffer = io.BytesIO()
    arrow_csv.write_csv(table, buffer, arrow_csv.WriteOptions(include_header=False, quoting_style=quoting))
    return buffer.getvalue()
