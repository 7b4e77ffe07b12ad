"""Reading a table of a cohort folder: columns by name, numbers as numbers, faults of coding told with their row."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import DataError, MissingInput
from recist.header import repeated_header
from recist.problems import Problem
from recist.tables import read_cells
from survival.checks.faults import column_problem
from survival.cohort_salvage import salvage_cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT_ENDINGS = ("_response", "_source", "_reason", "_date")
NUMBER_ENDINGS = ("_days", "_event", "_years", "_pct", "_mci", "_mm")
NUMBERS = frozenset({"days", "event", "n", "n_targets", "n_treatments", "second_treatment", "step", "treatment_number"})
EVENT_ENDING = "event"
TRUTHS = {"true": "1", "false": "0"}
MISSING_WORDS = frozenset({"na", "n/a", "nan", "null", "none", ".", "-", "missing", "unknown", "#n/a"})
OTHER_CODES = "other codes are told by [[survival.endpoint]] event_codes and censored_codes"
UNKNOWN_EVENT = (
    "whether it happened must be known of everyone who has a time: find it out, or leave the row out and say so"
)
FIRST_DATA_ROW = 2  # the header is row 1
MIDNIGHT = " 00:00:00"


def read_numbered(path: Path, required: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a table; numbers become ``float64``. Rows are indexed by their line in the file."""
    frame, problems = read_rows(path)
    problems += check_required(frame, required, path.name)
    numbered, found = parse_number_columns(frame, path.name)
    return numbered, problems + found


def read_rows(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a table as text, empty where not given; rows are indexed by their line in the file.

    Raises
    ------
    MissingInput
        If there is no such file.
    DataError
        If nothing of it can be read as a table. Other faults of its shape are among the problems.
    """
    if not path.is_file():
        raise MissingInput(f"{path.name}: there is no such file")
    frame, faults = _read_cells(path)
    frame.columns = [str(name).strip() for name in frame.columns]
    frame = pd.DataFrame({name: _as_text(frame[name]) for name in frame.columns if name}, index=frame.index)
    names = [name for name in frame.columns if not name.startswith("Unnamed:")]
    repeats = frame.index[(frame[names] == names).all(axis=1)] if names else frame.index[:0]
    problems = [*faults, *(repeated_header(path.name, int(row)) for row in repeats)]
    frame = frame.drop(index=repeats)
    frame = frame[(frame != "").any(axis=1)]  # a spreadsheet leaves empty rows behind
    if not len(frame):
        problems.append(Problem(file=path.name, code="empty_table", message="the table has no rows"))
    return frame, problems


def _read_cells(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a table by its rows in the file; one whose shape has faults as far as it can be read."""
    try:
        frame = read_cells(path)
    except DataError as fault:
        salvaged = salvage_cells(path)
        if salvaged is None:
            raise
        return salvaged, list(fault.problems)
    frame.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(frame))
    return frame, []


def check_required(frame: pd.DataFrame, required: Sequence[str], file: str, *, remedy: str = "") -> list[Problem]:
    """Name the columns that a table lacks, with what to do about it."""
    return [
        Problem(
            file=file,
            field=name,
            code="missing_column",
            message=f"the table lacks this column{_say_alike(name, frame)}{remedy}",
            found=", ".join(map(str, frame.columns)),
            expected=", ".join(required),
        )
        for name in required
        if name not in frame
    ]


def _say_alike(name: str, frame: pd.DataFrame) -> str:
    """Point to the column that may be meant."""
    plain = {str(column).casefold(): str(column) for column in frame}
    near = get_close_matches(name, plain, n=1)
    return f"; perhaps {plain[near[0]]} is meant" if near else ""


def _as_text(column: pd.Series) -> pd.Series:
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip().astype(object)
    return text.str.removesuffix(MIDNIGHT) if pd.api.types.is_datetime64_any_dtype(column) else text


def is_number_column(name: str) -> bool:
    """Tell by its name whether a column holds numbers."""
    return name in NUMBERS or (name.endswith(NUMBER_ENDINGS) and not name.endswith(TEXT_ENDINGS))


def parse_number_columns(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Make numbers of the columns that hold them by their name."""
    problems: list[Problem] = []
    numbered = frame.copy()
    for name in filter(is_number_column, frame.columns):
        if frame[name].dtype == object:
            numbered[name], found = parse_numbers(frame[name], file)
            problems += found
    return numbered, problems


def parse_numbers(text: pd.Series, file: str) -> tuple[pd.Series, list[Problem]]:
    """Read the numbers of a column; `true` and `false` are 1 and 0 where it holds events."""
    is_event = str(text.name).endswith(EVENT_ENDING)
    plain = text.str.lower().replace(TRUTHS) if is_event else text
    numbers = pd.to_numeric(plain.replace("", "nan"), errors="coerce").astype("float64")
    wrong = (text.ne("") & numbers.isna()) | numbers.abs().eq(float("inf")) | text.str.lower().eq("nan")
    problem = column_problem(
        text,
        wrong,
        file=file,
        code="not_a_number",
        message=f"this is not a number{say_why_not_number(text[wrong], is_event=is_event)}",
        expected="0 or 1 (or false or true)" if is_event else "a number with a decimal point, or empty",
    )
    return numbers, [] if problem is None else [problem]


def say_why_not_number(wrong: pd.Series, *, is_event: bool = False) -> str:
    """Guess what stands instead of numbers, and say what to do about each kind."""
    advice: dict[str, list[str]] = {}
    for text in dict.fromkeys(map(str, wrong)):
        why = _why_not_number(text, is_event=is_event)
        if why:
            advice.setdefault(why, []).append(text)
    if len(advice) == 1:
        return f"; {next(iter(advice))}"
    return "".join(f"; where it is {texts[0]!r}, {why}" for why, texts in advice.items())


def _why_not_number(text: str, *, is_event: bool) -> str:
    """Guess what one text stands for instead of a number."""
    if is_event:
        return OTHER_CODES if text.lower() not in MISSING_WORDS else UNKNOWN_EVENT
    if "," in text and text.replace(",", "").replace(".", "").isdigit():
        return "write a decimal point, and nothing between thousands"
    if text.lower() in MISSING_WORDS:
        return "leave the cell empty where it is not given"
    if text[:1] in "<>≤≥~":
        return "a limit cannot be analysed as a number: give the value, or a category in a column of its own"
    return ""
