"""Faults in data, as values that name the file, the row, the field, what was found and what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How much a fault matters: an error stops or spoils a result, a warning is to be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in the data.

    Attributes
    ----------
    file : str
        Name of the file or table as the user knows it; never a path that holds a patient's name.
    row : int or None
        Line in the file, the header being line 1; None when the fault is not in one row.
    subject : str
        Study pseudonym, or empty.
    field : str
        Column, or the columns that disagree.
    severity : Severity
    code : str
        Stable machine-readable name, ``snake_case``.
    found, expected : str
        The value found, and what would have been right.
    message : str
        One sentence: what is wrong and what to do.
    """

    code: str
    message: str
    file: str = ""
    row: int | None = None
    subject: str = ""
    field: str = ""
    severity: Severity = Severity.ERROR
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """Give one line for people."""
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.subject:
            parts.append(f"subject {self.subject}")
        if self.field:
            parts.append(self.field)
        where = ", ".join(part for part in parts if part)
        detail = "".join(
            f" ({label} {value!r})" for label, value in (("found", self.found), ("expected", self.expected)) if value
        )
        return f"{where}: {self.message}{detail}" if where else f"{self.message}{detail}"


PROBLEM_COLUMNS = ("file", "row", "subject", "field", "severity", "code", "found", "expected", "message")


def problems_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Lay problems out as the ``problems`` table.

    Returns
    -------
    pandas.DataFrame
        One row a problem, columns ``PROBLEM_COLUMNS``; ``row`` is a nullable integer.
    """
    found = list(problems)
    columns = {name: np.array([getattr(problem, name) for problem in found], dtype=object) for name in PROBLEM_COLUMNS}
    return pd.DataFrame(columns | {"row": pd.array(columns["row"], dtype="Int64")}, copy=False)


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the problems that are errors."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def require_no_errors(problems: Iterable[Problem]) -> None:
    """Stop if any of the problems is an error.

    Raises
    ------
    DataError
        With every error at once.
    """
    errors = errors_in(problems)
    if errors:
        raise DataError(errors)
