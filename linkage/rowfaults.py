"""Turning wrong rows of a table into problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from linkage.tables import StudyTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a row, whichever row it is."""

    table: str
    field: str
    code: str
    message: str
    severity: Severity = Severity.ERROR


def to_problems(
    tables: StudyTables,
    fault: Fault,
    wrong: pd.Series,
    *,
    expected: pd.Series | str = "",
    prefix: str = "",
    found: pd.Series | None = None,
) -> list[Problem]:
    """Make one problem of each row where `wrong` is true.

    Parameters
    ----------
    tables : StudyTables
    fault : Fault
    wrong : pandas.Series
        Flags by row of the table, or of a part of it; what is not known is not wrong.
    expected : pandas.Series or str
        By row, or the same for all.
    prefix : str
        Stands before what is expected.
    found : pandas.Series, optional
        By row; the cells of ``fault.field`` when not given.
    """
    frame = tables.frame(fault.table)
    rows = wrong.index[wrong.fillna(value=False).astype(bool)]
    values = frame[fault.field] if found is None else found
    values = tables.names[values.loc[rows]].to_series(index=rows) if fault.field == "subject" else values
    return [
        Problem(
            file=tables.files.get(fault.table, fault.table),
            row=int(row) + FIRST_DATA_ROW,
            subject=str(tables.names[frame.loc[row, "subject"]]),
            field=fault.field,
            severity=fault.severity,
            code=fault.code,
            found=cell_text(values.loc[row]),
            expected=prefix + (expected if isinstance(expected, str) else cell_text(expected.loc[row])),
            message=fault.message,
        )
        for row in rows
    ]


def cell_text(value: object) -> str:
    """Write a cell for people: dates in ISO form, whole numbers without a point, nothing for what is not given."""
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124  # NaN differs from itself
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
