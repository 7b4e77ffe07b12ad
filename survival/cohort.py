"""Reading a cohort: one row per subject, and the spans and flow counts that stand beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import DataError, MissingInput
from recist.problems import Problem, Severity, errors_in
from survival.cohort_checks import check_cohort, column_problem
from survival.spans_checks import check_flow, check_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COHORT_FILES = ("cohort.csv", "cohort.parquet")
SPANS_FILES = ("spans.csv", "spans.parquet")
FLOW_FILES = ("flow.csv", "flow.parquet")
REQUIRED = ("subject", "os_days", "os_event")
SPANS_COLUMNS = ("subject", "start_days", "stop_days", "event", "second_treatment")
FLOW_COLUMNS = ("domain", "step", "kind", "label", "n")
TEXT_ENDINGS = ("_response", "_source", "_reason", "_date")
NUMBER_ENDINGS = ("_days", "_event", "_years", "_pct", "_mci")
NUMBERS = frozenset({"n_treatments", "event", "second_treatment", "step", "n"})
EVENT_ENDING = "event"
TRUTHS = {"true": "1", "false": "0"}
FIRST_DATA_ROW = 2  # the header is row 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file the report was made from, by name and SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """A checked cohort.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per subject. Times in days (``*_days``), events 0 or 1 (``*_event``) and measures are ``float64``
        with NaN where not given; everything else is ``str``, empty where not given.
    spans : pandas.DataFrame or None
        Start-stop rows: ``subject, start_days, stop_days, event, second_treatment``.
    flow : pandas.DataFrame or None
        ``domain, step, kind, label, n``.
    files : tuple of InputFile
    warnings : tuple of Problem
        What does not stop the report but is to be looked at.
    """

    frame: pd.DataFrame
    spans: pd.DataFrame | None
    flow: pd.DataFrame | None
    files: tuple[InputFile, ...]
    warnings: tuple[Problem, ...]

    def has(self, *columns: str) -> bool:
        """Tell whether the cohort has every one of these columns with at least one value."""
        return all(column in self.frame and _has_values(self.frame[column]) for column in columns)


def _has_values(values: pd.Series) -> bool:
    filled = values.ne("") if values.dtype == object else values.notna()
    return bool(filled.any())


def read_cohort(path: Path, *, spans: Path | None = None, config: Path | None = None) -> Cohort:
    """Read and check a cohort table, or the folder that holds it.

    Parameters
    ----------
    path : pathlib.Path
        The cohort table (CSV or Parquet), or a folder with ``cohort.csv``. ``spans.csv`` and ``flow.csv`` beside it
        are read too.
    spans : pathlib.Path, optional
        Start-stop rows from elsewhere.
    config : pathlib.Path, optional
        The settings file; only its SHA-256 is taken.

    Raises
    ------
    MissingInput
        If there is no such file.
    DataError
        With every fault of all files at once.
    """
    cohort_path = _find_cohort(path)
    spans_path = spans or _beside(cohort_path, SPANS_FILES)
    flow_path = _beside(cohort_path, FLOW_FILES)
    frame, problems = _read_numbered(cohort_path, REQUIRED)
    if not errors_in(problems):
        problems += check_cohort(frame, cohort_path.name)
    spans_frame = flow_frame = None
    if spans_path is not None:
        spans_frame, found = _read_numbered(spans_path, SPANS_COLUMNS)
        problems += found or check_spans(spans_frame, frame, spans_path.name)
    if flow_path is not None:
        flow_frame, found = _read_numbered(flow_path, FLOW_COLUMNS)
        problems += found or check_flow(flow_frame, flow_path.name)
    if errors_in(problems):
        raise DataError(errors_in(problems))
    files = [file for file in (cohort_path, spans_path, flow_path, config) if file is not None]
    return Cohort(
        frame=frame.reset_index(drop=True),
        spans=spans_frame,
        flow=flow_frame,
        files=tuple(InputFile(name=file.name, sha256=_sha256(file)) for file in files),
        warnings=tuple(problem for problem in problems if problem.severity is Severity.WARNING),
    )


def _find_cohort(path: Path) -> Path:
    if path.is_dir():
        found = _beside(path / "cohort.csv", COHORT_FILES)
        if found is None:
            raise MissingInput(f"{path.name}: the folder holds no cohort.csv; make one with `recist link`")
        return found
    if not path.is_file():
        raise MissingInput(f"{path.name}: there is no such cohort table or folder")
    return path


def _beside(path: Path, names: Sequence[str]) -> Path | None:
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


def _read_numbered(path: Path, required: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
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
