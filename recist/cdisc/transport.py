"""SAS transport files, version 5: the one place that knows pyreadstat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from recist.cdisc.variables import VariableType
from recist.errors import DataError
from recist.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from recist.cdisc.variables import Definition

VERSION: Literal[5] = 5  # what regulators take: names of 8 characters, labels of 40, texts of 200
DATE_FORMAT = "DATE9."


def read_transport(path: Path) -> pd.DataFrame:
    """Read a transport file of version 5 or 8.

    Raises
    ------
    recist.errors.DataError
        When the file is missing or is no transport file.
    """
    import pyreadstat

    if not path.is_file():
        message = "there is no such file; check the path"
        raise DataError([Problem(code="missing_file", file=path.name, message=message)])
    try:
        frame, _ = pyreadstat.read_xport(str(path))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as fault:
        message = "the file cannot be read as a SAS transport file; write it again as version 5 or 8"
        raise DataError([Problem(code="unreadable_file", file=path.name, message=message)]) from fault
    return pd.DataFrame(frame)


def write_transport(frame: pd.DataFrame, definition: Definition, path: Path) -> None:
    """Write a transport file of version 5; numeric dates carry the format DATE9."""
    import pyreadstat

    columns = {}
    formats = {}
    for variable in definition.variables:
        values = frame[variable.name]
        if variable.kind is VariableType.TEXT:
            columns[variable.name] = values.astype(object)
        elif variable.kind is VariableType.DATE:
            days = [None if pd.isna(value) else value.date() for value in values]
            columns[variable.name] = pd.Series(days, index=frame.index, dtype=object)
            formats[variable.name] = DATE_FORMAT
        else:
            columns[variable.name] = values.astype("float64")
    pyreadstat.write_xport(
        pd.DataFrame(columns, index=frame.index),
        str(path),
        file_label=definition.label,
        column_labels={variable.name: variable.label for variable in definition.variables},
        table_name=definition.name,
        file_format_version=VERSION,
        variable_format=formats,
    )
