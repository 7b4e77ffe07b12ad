"""What the linking that made a cohort warned of: the report repeats it, once for each kind and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

PROBLEMS_FILE = "problems.csv"
COLUMNS = ("file", "field", "severity", "code", "message")


def read_linking_warnings(path: Path) -> list[Problem]:
    """Read the warnings beside a cohort; a table of another kind holds none.

    Returns
    -------
    list of Problem
        One for each file, column and kind, with the number of rows it was said of. No subject is named.
    """
    try:
        found = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError):  # no table at all
        return []
    if not set(COLUMNS) <= set(found.columns):
        return []
    warned = found[found["severity"] == Severity.WARNING]
    return [
        _say_group(rows, file=str(file), field=str(field), code=str(code))
        for (file, field, code), rows in warned.groupby(["file", "field", "code"], sort=False)
    ]


def _say_group(rows: pd.DataFrame, *, file: str, field: str, code: str) -> Problem:
    """Say once what was said of several rows, in the most frequent of their wordings."""
    n = len(rows)
    return Problem(
        code=code,
        file=file,
        field=field,
        severity=Severity.WARNING,
        message=str(rows["message"].value_counts().index[0]),
        found="" if n == 1 else f"{n} times; each with its row in {PROBLEMS_FILE}",
    )
