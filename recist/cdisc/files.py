"""Datasets as files: CSV, SAS transport (XPT) and Dataset-JSON, by the ending of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.cdisc.dataset_json import read_dataset_json, write_dataset_json
from recist.cdisc.file_types import FileType
from recist.cdisc.ledger import Source
from recist.cdisc.transport import read_transport, write_transport
from recist.cdisc.variables import MAX_TEXT, VariableType
from recist.columns import cell_text
from recist.errors import DataError
from recist.outputs import whole_file
from recist.problems import Problem
from recist.tables import FIRST_DATA_ROW, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from recist.cdisc.variables import Definition


def read_dataset(path: Path) -> pd.DataFrame:
    """Read a dataset as text, names of variables in upper case; what is not given is empty.

    Raises
    ------
    recist.errors.DataError
        When the file is missing or cannot be read as a dataset.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending == FileType.XPT:
        frame = read_transport(path)
    elif ending == FileType.JSON:
        frame = read_dataset_json(path)
    else:
        frame = read_cells(path)
    frame = frame.rename(columns=lambda name: str(name).strip().upper())
    repeated = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
    if repeated:
        message = f"the variables {', '.join(repeated)} are there twice; keep one of each"
        raise DataError([Problem(code="repeated_column", file=path.name, message=message)])
    return frame.apply(_as_plain_text) if len(frame.columns) else frame


def read_source(path: Path) -> Source:
    """Read a dataset with what its records are called: rows count the header in a CSV file, and not in the others."""
    frame = read_dataset(path).reset_index(drop=True)
    is_numbered_from_one = path.suffix.lower().removeprefix(".") in (FileType.XPT, FileType.JSON)
    return Source(file=path.name, frame=frame, first_row=1 if is_numbered_from_one else FIRST_DATA_ROW)


def _as_plain_text(values: pd.Series) -> pd.Series:
    return values.astype(object).map(lambda value: cell_text(value).strip()).astype(object)


def require_texts_that_fit(frame: pd.DataFrame, definition: Definition) -> None:
    """Stop when a text is longer than a transport file of version 5 holds; cutting it would lose data.

    Raises
    ------
    recist.errors.DataError
    """
    problems = []
    for variable in definition.variables:
        if variable.kind is not VariableType.TEXT:
            continue
        lengths = frame[variable.name].map(lambda value: len(str(value).encode()))
        for position in lengths[lengths > MAX_TEXT].index:
            message = "this text is too long for the dataset; shorten it in the measurements"
            expected = f"{MAX_TEXT} bytes at most"
            row = int(position) + 1
            problems.append(
                Problem(
                    code="text_too_long",
                    file=definition.name,
                    row=row,
                    field=variable.name,
                    expected=expected,
                    message=message,
                )
            )
    if problems:
        raise DataError(problems)


def write_dataset(frame: pd.DataFrame, definition: Definition, path: Path) -> None:
    """Write a dataset, by the ending of the path; the file appears whole or not at all.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of the definition; text with empty cells, numbers with NaN, dates as ``datetime64``.
    definition : Definition
    path : pathlib.Path
    """
    frame = frame[definition.names].reset_index(drop=True)
    require_texts_that_fit(frame, definition)
    ending = path.suffix.lower().removeprefix(".")
    with whole_file(path) as temporary:
        if ending == FileType.XPT:
            write_transport(frame, definition, temporary)
        elif ending == FileType.JSON:
            write_dataset_json(frame, definition, temporary)
        else:
            written = frame.copy()
            for variable in definition.variables:
                if variable.kind is VariableType.INTEGER:
                    written[variable.name] = written[variable.name].astype("Int64")
            written.to_csv(temporary, index=False, date_format="%Y-%m-%d", lineterminator="\n")
