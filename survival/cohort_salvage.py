"""What can still be read of a table whose shape has faults, so that its other faults are told in the same round."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd

from recist.csv_text import OTHER_SEPARATORS, WORKBOOK_MARK

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

COMMA = ","
CODE_PAGE = "cp1252"
"""What spreadsheets write where they do not write UTF-8."""


def salvage_cells(path: Path) -> pd.DataFrame | None:
    """Read the rows of a CSV file that have as many cells as the header, whatever its separator and encoding.

    The result is for finding further faults only, never for an analysis.

    Returns
    -------
    pandas.DataFrame or None
        Text, indexed by the row in the file; None where nothing can be read.
    """
    raw = path.read_bytes() if path.suffix != ".parquet" and path.is_file() else b""
    if not raw.strip() or raw.startswith(WORKBOOK_MARK) or b"\x00" in raw:
        return None
    text = _decode(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = COMMA if COMMA in first else next((mark for mark in OTHER_SEPARATORS if mark in first), COMMA)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return None
    filled = [record for record in records if any(record) or len(record) > 1]
    header = [name.strip() for name in filled[0]]
    whole = {row: record for row, record in enumerate(filled[1:], start=2) if len(record) == len(header)}
    frame = pd.DataFrame(list(whole.values()), columns=header, index=list(whole), dtype=object)
    return frame.loc[:, ~frame.columns.duplicated()] if whole else None


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(CODE_PAGE, errors="replace")


def find_read_rows(text: pd.DataFrame, numbers: pd.DataFrame, sources: dict[str, str]) -> NDArray[np.bool_]:
    """Find the rows whose numbers were all understood: the others have been told, and are not judged further.

    Parameters
    ----------
    text : pandas.DataFrame
        As read.
    numbers : pandas.DataFrame
        The same rows with the names of the report, numbers as numbers.
    sources : dict of str to str
        The column of `text` that a column of `numbers` was made of, where its name differs.
    """
    lost = pd.Series(data=False, index=numbers.index)
    for name in numbers.select_dtypes("number"):
        source = text.get(sources.get(str(name), str(name)))
        given = source if source is not None else numbers[name]
        if given.dtype == object:
            lost |= given.astype(str).str.strip().ne("") & numbers[name].isna()
        lost |= numbers[name].abs().eq(float("inf"))
    return (~lost).to_numpy(dtype=bool)
