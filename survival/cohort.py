"""Reading a cohort: one row per subject, and the spans and flow counts that stand beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recist.errors import DataError, MissingInput
from recist.problems import Problem, Severity, errors_in
from survival.checks.cohort_rows import check_cohort, follow_up_column
from survival.checks.faults import group_alike
from survival.checks.spans_rows import check_flow, check_spans
from survival.cohort_salvage import find_read_rows
from survival.cohort_tables import check_required, parse_number_columns, read_numbered, read_rows
from survival.companions import COMPANIONS, PROVENANCE_FILE, READS, TREATMENTS, read_companion, read_provenance
from survival.linking_warnings import PROBLEMS_FILE, read_linking_warnings
from survival.options import ReportOptions
from survival.settings.agreement import check_primary
from survival.settings.canonical import primary_endpoint, settle_primary
from survival.study_columns import column_sources, say_own_names, take_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

COHORT_FILES = ("cohort.csv", "cohort.parquet")
SPANS_FILES = ("spans.csv", "spans.parquet")
FLOW_FILES = ("flow.csv", "flow.parquet")
SPANS_COLUMNS = ("subject", "start_days", "stop_days", "event", "second_treatment")
FLOW_COLUMNS = ("domain", "step", "kind", "label", "n")


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
    reads : pandas.DataFrame or None
        Every read of every scan: ``subject, reader, source, timepoint, date, days, n_targets, baseline_sum_mm, sum_mm,
        sum_complete, nadir_mm, change_from_baseline_pct, change_from_nadir_pct, target_response,
        non_target_response, new_lesion, overall_response, used``.
    treatments : pandas.DataFrame or None
        ``subject, treatment_number, treatment, days, activity_mci``.
    provenance : dict or None
        How the cohort was made: ``steps``, each with ``step, options, inputs``.
    warnings : tuple of Problem
        What does not stop the report but is to be looked at.
    """

    frame: pd.DataFrame
    spans: pd.DataFrame | None
    flow: pd.DataFrame | None
    files: tuple[InputFile, ...]
    warnings: tuple[Problem, ...]
    reads: pd.DataFrame | None = None
    treatments: pd.DataFrame | None = None
    provenance: dict[str, Any] | None = None

    def has(self, *columns: str) -> bool:
        """Tell whether the cohort has every one of these columns with at least one value."""
        return all(column in self.frame and _has_values(self.frame[column]) for column in columns)


def _has_values(values: pd.Series) -> bool:
    filled = values.ne("") if values.dtype == object else values.notna()
    return bool(filled.any())


def read_cohort(
    path: Path, *, spans: Path | None = None, config: Path | None = None, options: ReportOptions | None = None
) -> Cohort:
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
    options : ReportOptions, optional
        The settings: which columns hold what, where a study has names and codes of its own.

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
    options = ReportOptions() if options is None else options
    rows, problems = read_rows(cohort_path)
    has_all_rows = not errors_in(problems)
    frame, found = _derive_people(rows, cohort_path, options)
    problems += found
    options = settle_primary(options, frame.columns)
    spans_frame = flow_frame = None
    if spans_path is not None:
        spans_frame, found = read_numbered(spans_path, SPANS_COLUMNS)
        end = follow_up_column(frame, options)
        ends = (end, end.replace("_days", "_event"))
        can_compare = has_all_rows and {"subject", *ends} <= set(frame.columns)
        against = frame if can_compare else frame.drop(columns="subject", errors="ignore")
        problems += found or check_spans(spans_frame, against, spans_path.name, end=ends)
    if flow_path is not None:
        flow_frame, found = read_numbered(flow_path, FLOW_COLUMNS)
        problems += found or check_flow(flow_frame, flow_path.name)
    beside = _read_beside(cohort_path, frame)
    problems += beside.problems
    problems = group_alike(problems)
    if errors_in(problems):
        raise DataError(errors_in(problems))
    files = [file for file in (cohort_path, spans_path, flow_path, *beside.paths, config) if file is not None]
    return Cohort(
        frame=frame.reset_index(drop=True),
        spans=spans_frame,
        flow=flow_frame,
        files=tuple(InputFile(name=file.name, sha256=_sha256(file)) for file in files),
        warnings=tuple(problem for problem in problems if problem.severity is Severity.WARNING),
        reads=beside.tables.get(READS),
        treatments=beside.tables.get(TREATMENTS),
        provenance=beside.provenance,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Beside:
    """What stands beside the cohort and is no part of its arithmetic."""

    tables: dict[str, pd.DataFrame]
    provenance: dict[str, Any] | None
    paths: tuple[Path, ...]
    problems: list[Problem]


def _read_beside(cohort_path: Path, frame: pd.DataFrame) -> _Beside:
    tables: dict[str, pd.DataFrame] = {}
    paths: list[Path] = []
    problems: list[Problem] = []
    for companion in COMPANIONS:
        path = _beside(cohort_path, (f"{companion.stem}.csv", f"{companion.stem}.parquet"))
        if path is not None:
            tables[companion.stem], found = read_companion(path, companion, frame)
            paths.append(path)
            problems += found
    provenance = None
    path = cohort_path.with_name(PROVENANCE_FILE)
    if path.is_file():
        provenance, found = read_provenance(path)
        paths.append(path)
        problems += found
    path = cohort_path.with_name(PROBLEMS_FILE)
    if path.is_file():
        problems += read_linking_warnings(path)
    return _Beside(tables=tables, provenance=provenance, paths=tuple(paths), problems=problems)


def _derive_people(rows: pd.DataFrame, path: Path, options: ReportOptions) -> tuple[pd.DataFrame, list[Problem]]:
    """Give the cohort table its numbers, and its columns the names of the report."""
    frame, found = take_columns(rows, options, path.name)
    problems = list(found)
    options = settle_primary(options, frame.columns)
    primary = primary_endpoint(options)
    required = ("subject", primary.time_column, primary.event_column)
    if not found:
        remedy = "; rename yours, or name it under [survival.columns] in a settings file"
        problems += check_required(frame, required, path.name, remedy=remedy)
    problems += check_primary(options, path.name)
    frame, found = parse_number_columns(frame, path.name)
    problems += found
    understood = frame[find_read_rows(rows, frame, column_sources(options))]
    if len(understood) and all(name in frame for name in required):
        problems += check_cohort(understood, path.name, options)
    return frame, say_own_names(problems, options)


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
