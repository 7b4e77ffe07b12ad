"""From faults of cells to problems that name the file, the row and the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.columns import cell_text
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from recist.columns import Fault


def to_problems(
    faults: list[Fault], place: tuple[str, str], raw: pd.Series, subjects: pd.Series, *, first_line: int
) -> Iterator[Problem]:
    """Name the place of faults of one column.

    Parameters
    ----------
    faults : list of Fault
    place : (str, str)
        The file and the column.
    raw : pandas.Series
        The column as it was given.
    subjects : pandas.Series
        The subject of each row.
    first_line : int
        The line of the file that holds the first row.
    """
    if not faults:
        return
    file, field = place
    at = np.array([fault.position for fault in faults], dtype=np.int64)
    found, people = raw.iloc[at].astype(object), subjects.iloc[at].astype(object)
    for fault, value, subject in zip(faults, found, people, strict=True):
        yield Problem(
            file=file,
            row=fault.position + first_line,
            subject=cell_text(subject),
            field=field,
            severity=Severity.WARNING if fault.is_doubt else Severity.ERROR,
            code=fault.code,
            found=cell_text(value),
            expected=fault.expected,
            message=fault.message,
        )
