"""Reading a table of a cohort folder: columns by name, numbers as numbers, faults of coding told with their row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import DataError, MissingInput
from recist.problems import Problem
from survival.cohort_checks import column_problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT_ENDINGS = ("_response", "_source", "_reason", "_date")
NUMBER_ENDINGS = ("_days", "_event", "_years", "_pct", "_mci", "_mm")
NUMBERS = frozenset({"days", "event", "n", "n_targets", "n_treatments", "second_treatment", "step", "treatment_number"})
EVENT_ENDING = "event"
TRUTHS = {"true": "1", "false": "0"}
FIRST_DATA_ROW = 2  # the header is row 1


def read_numbered(path: Path, required: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a table; numbers become ``float64``. Rows are indexed by their line in the file."""
    frame = _read_text(path)
    frame.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(frame))
    problems = [
        Problem(
            file=path.name,
            field=name,
            code="missing_column",
            message="the table lacks this column",
            expected=", ".join(required),
        )
        for name in required
        if name not in frame
    ]
    if not len(frame):
        problems.append(Problem(file=path.name, code="empty_table", message="the table has no rows"))
    for name in filter(_is_number_column, frame.columns):
        frame[name], found = _parse_numbers(frame, name, path.name)
        problems += found
    return frame, problems


def _read_text(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path)
        else:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError as fault:
        raise MissingInput(f"{path.name}: there is no such file") from fault
    except (OSError, ValueError) as fault:
        raise DataError(
            [Problem(file=path.name, code="unreadable", message="the file is not a readable UTF-8 table")]
        ) from fault
    frame.columns = [str(name).strip() for name in frame.columns]
    return pd.DataFrame({name: _as_text(frame[name]) for name in dict.fromkeys(frame.columns)})


def _as_text(column: pd.Series | pd.DataFrame) -> pd.Series:
    values = column.iloc[:, 0] if isinstance(column, pd.DataFrame) else column
    return values.astype(object).where(values.notna(), "").astype(str).str.strip().astype(object)


def _is_number_column(name: str) -> bool:
    return name in NUMBERS or (name.endswith(NUMBER_ENDINGS) and not name.endswith(TEXT_ENDINGS))


def _parse_numbers(frame: pd.DataFrame, name: str, file: str) -> tuple[pd.Series, list[Problem]]:
    """Read the numbers of a column; `true` and `false` are 1 and 0 where it holds events."""
    text = frame[name]
    is_event = name.endswith(EVENT_ENDING)
    plain = text.str.lower().replace(TRUTHS) if is_event else text
    numbers = pd.to_numeric(plain.replace("", "nan"), errors="coerce").astype("float64")
    wrong = (text.ne("") & numbers.isna()) | numbers.abs().eq(float("inf"))
    problem = column_problem(
        text,
        wrong,
        file=file,
        code="not_a_number",
        message="this is not a number",
        expected="0 or 1 (or false or true)" if is_event else "a number with a decimal point, or empty",
    )
    return numbers, [] if problem is None else [problem]
