"""The header of a table: columns that are missing, twice there or misspelt, and headers among the rows."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from recist.columns import expectation
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.columns import Column

DUPLICATE, MISSPELT, MISSING = "duplicate_column", "wrong_column_name", "missing_column"
HEADER_CODES = frozenset({DUPLICATE, MISSPELT, MISSING})
NOT_USED = "column_not_used"
ALIKE = 0.85  # how alike two names must be to be taken for the same, from 0 to 1
_TWICE = "the table has this column twice; keep one, or rename the other"
_ABSENT = "the table has no such column; add it or rename the one that holds it"


def check_header(frame: pd.DataFrame, columns: Sequence[Column], file: str) -> list[Problem]:
    """Find columns that are missing, twice there, or there under a name in capitals."""
    names = [str(name) for name in frame.columns]
    plain = {name.strip().casefold(): name for name in names}
    found = f"the columns {', '.join(names)}"
    absent = [column for column in columns if column.name not in names]
    misspelt = [column.name for column in absent if column.name in plain]
    problems = [
        Problem(
            file=file,
            row=1,
            field=column.name,
            code=DUPLICATE,
            found=found,
            expected="every column once",
            message=_TWICE,
        )
        for column in columns
        if names.count(column.name) > 1
    ]
    if misspelt:
        capitals, right = ", ".join(plain[name] for name in misspelt), ", ".join(misspelt)
        message = f"found {capitals}: column names are lower case, without blanks; rename them"
        problems.append(Problem(file=file, row=1, field=right, code=MISSPELT, message=message))
    known = {column.name for column in columns} | {plain[name] for name in misspelt}
    unknown = tuple(name for name in names if name not in known)
    unused = _find_unused(unknown, tuple(column.name for column in absent if column.name not in misspelt))
    problems += [_not_used(file, name, meant) for name, meant in unused]
    return problems + [
        Problem(
            file=file,
            row=1,
            field=column.name,
            code=MISSING,
            found=found,
            expected=f"{column.name}: {expectation(column)}",
            message=_ABSENT,
        )
        for column in absent
        if (column.required or column.must_exist) and column.name not in misspelt
    ]


@lru_cache(maxsize=64)
def _find_unused(unknown: tuple[str, ...], absent: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pair columns that no one knows with columns that are not there and that they may stand for."""
    found = []
    for name in unknown:
        meant = [column for column in absent if column.startswith(f"{name}_")] or get_close_matches(
            name, absent, n=1, cutoff=ALIKE
        )
        if meant:
            found.append((name, meant[0]))
    return tuple(found)


def _not_used(file: str, name: str, meant: str) -> Problem:
    return Problem(
        file=file,
        row=1,
        field=meant,
        severity=Severity.WARNING,
        code=NOT_USED,
        found=name,
        expected=meant,
        message=f"the column {name} passes through unused; if it is meant as {meant}, rename it",
    )


def find_repeated_headers(frame: pd.DataFrame, columns: Sequence[Column]) -> frozenset[int]:
    """Find rows that hold the names of the columns, as where one file was put below another."""
    names = [column.name for column in columns if (column.required or column.must_exist) and column.name in frame]
    if not names or any(_never_holds(frame[name], name) for name in names):
        return frozenset()
    rows = frame.index
    for name in names:
        rows = rows[(frame[name].iloc[rows] == name).to_numpy(dtype=bool, na_value=False)]
    return frozenset(int(row) for row in rows)


def _never_holds(values: pd.Series, word: str) -> bool:
    """Say of a column of categories whether no cell can hold a word."""
    return isinstance(values.dtype, pd.CategoricalDtype) and word not in values.cat.categories


def repeated_header(file: str, row: int) -> Problem:
    """Report a row that holds the names of the columns."""
    message = "this row repeats the header; take it out"
    return Problem(file=file, row=row, code="repeated_header", message=message, expected="a row of data")
