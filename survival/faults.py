"""Faults of a table, collected with their row; a fault of coding once for its column."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    import pandas as pd

SHOWN_VALUES = 5


class Faults:
    """Collect the problems of one table."""

    def __init__(self, frame: pd.DataFrame, file: str) -> None:
        self._frame = frame
        self._file = file
        self.problems: list[Problem] = []

    def where(
        self,
        wrong: pd.Series,
        field: str,
        code: str,
        message: str,
        *,
        expected: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one problem for every row where `wrong` holds."""
        subjects = self._frame["subject"]
        shown = self._frame.get(field, None)
        for row in self._frame.index[wrong.fillna(value=False).astype(bool)]:
            found = "" if shown is None else say_value(shown.loc[row])
            self.problems.append(
                Problem(
                    file=self._file,
                    row=int(row),
                    subject=str(subjects.loc[row]),
                    field=field,
                    code=code,
                    message=message,
                    found=found,
                    expected=expected,
                    severity=severity,
                )
            )

    def in_column(
        self,
        wrong: pd.Series,
        field: str,
        code: str,
        message: str,
        *,
        expected: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one problem for the whole column."""
        problem = column_problem(
            self._frame[field], wrong, file=self._file, code=code, message=message, expected=expected
        )
        if problem is not None:
            self.problems.append(replace(problem, severity=severity))


def column_problem(
    values: pd.Series, wrong: pd.Series, *, file: str, code: str, message: str, expected: str
) -> Problem | None:
    """Tell a fault of coding once for its column: the first row, how many others, and the different values found."""
    rows = values.index[wrong.fillna(value=False).astype(bool)]
    if not len(rows):
        return None
    others = f" (and in {len(rows) - 1} more of {len(values)} rows)" if len(rows) > 1 else ""
    kinds = list(dict.fromkeys(say_value(value) for value in values.loc[rows]))
    comma = "; " if any("," in kind for kind in kinds) else ", "
    found = comma.join(kinds[:SHOWN_VALUES]) + (f"{comma}…" if len(kinds) > SHOWN_VALUES else "")
    return Problem(
        file=file,
        row=int(rows[0]),
        field=str(values.name),
        code=code,
        message=message + others,
        found=found,
        expected=expected,
    )


def say_value(value: object) -> str:
    """Write a value as it stands in a cell."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value)
