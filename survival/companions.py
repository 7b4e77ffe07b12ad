"""The files beside a cohort that tell more of its course: the reads, the treatments, and how the cohort was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.problems import Problem, Severity
from survival.cohort_tables import read_numbered

if TYPE_CHECKING:
    from pathlib import Path

READS = "reads"
TREATMENTS = "treatments"
PROVENANCE_FILE = "provenance.json"
READ_NUMBERS = (
    "n_targets",
    "baseline_sum_mm",
    "sum_mm",
    "nadir_mm",
    "change_from_baseline_pct",
    "change_from_nadir_pct",
)
READ_TEXTS = (
    "reader",
    "source",
    "timepoint",
    "date",
    "sum_complete",
    "target_response",
    "non_target_response",
    "new_lesion",
    "overall_response",
    "used",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A table that may stand beside a cohort: what it must have, and what is filled in as not given."""

    stem: str
    required: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]


COMPANIONS = (
    Companion(stem=READS, required=("subject", "days"), numbers=READ_NUMBERS, texts=READ_TEXTS),
    Companion(
        stem=TREATMENTS,
        required=("subject", "treatment_number", "days"),
        numbers=("activity_mci",),
        texts=("treatment",),
    ),
)


def read_companion(path: Path, companion: Companion, cohort: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Read and check a table beside the cohort; columns it lacks are there, empty.

    Rows of subjects whom the cohort does not have are left out with a warning.
    """
    frame, problems = read_numbered(path, companion.required)
    problems = [problem for problem in problems if problem.code != "empty_table"]
    if problems:
        return frame, problems
    for name in companion.numbers:
        frame[name] = frame.get(name, float("nan"))
    for name in companion.texts:
        frame[name] = frame.get(name, "")
    problems = _check_rows(frame, companion, path.name)
    if "subject" in cohort:
        is_known = frame["subject"].isin(cohort["subject"])
        problems += _say_unknown(frame[~is_known], path.name)
        frame = frame[is_known]
    return frame.sort_values(["subject", "days"], kind="stable").reset_index(drop=True), problems


def _check_rows(frame: pd.DataFrame, companion: Companion, file: str) -> list[Problem]:
    """Find rows without a subject or a day, and percentages below −100."""
    faults = [
        ("subject", frame["subject"].eq(""), "every row needs a subject", ""),
        ("days", frame["days"].isna(), "every row needs its day, counted from the index date", "whole days"),
    ]
    faults += [
        (name, frame[name] < -100, "a fall of more than 100 % is not possible", "−100 or more")
        for name in companion.numbers
        if name.endswith("_pct")
    ]
    faults += [
        (name, frame[name] < 0, "this value cannot be negative", "0 or more")
        for name in companion.numbers
        if not name.endswith("_pct")
    ]
    return [
        Problem(
            file=file,
            row=int(row),
            subject=str(frame["subject"].loc[row]),
            field=field,
            code="bad_value",
            message=message,
            found="" if pd.isna(frame[field].loc[row]) else str(frame[field].loc[row]),
            expected=expected,
        )
        for field, wrong, message, expected in faults
        for row in frame.index[wrong]
    ]


def _say_unknown(rows: pd.DataFrame, file: str) -> list[Problem]:
    if rows.empty:
        return []
    return [
        Problem(
            file=file,
            row=int(rows.index[0]),
            field="subject",
            code="unknown_subject",
            severity=Severity.WARNING,
            message=f"{len(rows)} rows of subjects who are not in the cohort are left out",
            found=str(rows["subject"].iloc[0]),
        )
    ]


def read_provenance(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read how a cohort was made: the steps with their options and the SHA-256 of their inputs."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None, [_bad_provenance(path, "the file is not readable JSON")]
    steps = found.get("steps") if isinstance(found, dict) else None
    if not isinstance(steps, list) or not all(isinstance(step, dict) and "step" in step for step in steps):
        return None, [_bad_provenance(path, "the file does not hold a list of steps, each with its name")]
    return found, []


def _bad_provenance(path: Path, message: str) -> Problem:
    return Problem(
        file=path.name,
        code="unreadable",
        message=f"{message}; make the cohort again with `recist link`, or remove this file",
        expected='{"steps": [{"step": …, "options": …, "inputs": […]}]}',
    )
