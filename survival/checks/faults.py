"""Faults of a table, collected with their row; a fault of coding once for its column."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    others = f" (and in {len(rows) - 1} more of {len(values)} rows{say_rows(list(rows[1:]))})" if len(rows) > 1 else ""
    kinds = list(dict.fromkeys(say_value(value) for value in values.loc[rows]))
    return Problem(
        file=file,
        row=int(rows[0]),
        field=str(values.name),
        code=code,
        message=message + others,
        found=_say_kinds(kinds),
        expected=expected,
    )


def _say_kinds(kinds: list[str]) -> str:
    """Write the first of different values."""
    comma = "; " if any("," in kind for kind in kinds) else ", "
    return comma.join(kinds[:SHOWN_VALUES]) + (f"{comma}…" if len(kinds) > SHOWN_VALUES else "")


def say_rows(rows: Sequence[int]) -> str:
    """Name the first of further rows.

    Examples
    --------
    >>> say_rows([5, 7])
    ': 5, 7'
    """
    shown = ", ".join(str(row) for row in rows[: SHOWN_VALUES - 1])
    return f": {shown}" + (", …" if len(rows) > SHOWN_VALUES - 1 else "")


def group_alike(problems: Sequence[Problem]) -> list[Problem]:
    """Tell many like faults as one: the same file, field, code and message in more rows than can be listed."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.file, problem.field, problem.code, problem.message, problem.severity)
        groups.setdefault(key if problem.row is not None else (*key, str(problem)), []).append(problem)
    return [one for group in groups.values() for one in ([_as_one(group)] if len(group) > SHOWN_VALUES else group)]


def _as_one(group: list[Problem]) -> Problem:
    rows = [problem.row for problem in group if problem.row is not None]
    kinds = list(dict.fromkeys(problem.found for problem in group if problem.found))
    return replace(
        group[0],
        subject="",
        message=f"{group[0].message} (and in {len(rows) - 1} more rows{say_rows(rows[1:])})",
        found=_say_kinds(kinds),
    )


def say_value(value: object) -> str:
    """Write a value as it stands in a cell."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value)
