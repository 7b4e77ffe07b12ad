"""Checks of the table of subjects against the measurements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.columns import cell_text
from recist.problems import Problem, Severity
from recist.response.words import ranked
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator


_DUPLICATE = Problem(field="subject", code="duplicate_subject", message="this subject already has a row; keep one")
_WITHOUT_MEASUREMENTS = Problem(
    field="subject",
    severity=Severity.WARNING,
    code="subject_without_measurements",
    message="this subject has no measurements; its best response is MISSING",
)
_WITHOUT_START = Problem(
    field="start_date",
    severity=Severity.WARNING,
    code="no_start_date",
    message="this subject has no start date; days are counted from the baseline scan",
)
_WITHOUT_DATES = Problem(
    field="subject",
    code="subject_without_dates",
    message="this subject has no row in the table of subjects, so its start is not known; add the row",
)


_EXPECTED = {
    "duplicate_subject": "one row a subject",
    "subject_without_measurements": "rows in the table of measurements",
    "no_start_date": "a date",
}
_BEFORE_START = "this date lies before the start; days would be negative, correct one of the two dates"
_PRIOR_THERAPY = (
    "this therapy began no later than the start, so it is a prior one and is not used; correct the date or empty it"
)


def check_subjects(measurements: pd.DataFrame, subjects: pd.DataFrame, files: tuple[str, str]) -> Iterator[Problem]:
    """Find subjects given twice, without a start, with dates before it, or in only one of the two tables.

    Parameters
    ----------
    measurements, subjects : pandas.DataFrame
        The checked tables.
    files : (str, str)
        What the user calls them.
    """
    people = subjects["subject"].astype(object)
    named = people != ""
    code, names = ranked(measurements["subject"], empty="")
    has_rows = people.isin(names[names != ""])
    found = (
        (people.duplicated() & named, _DUPLICATE),
        (~has_rows & named, _WITHOUT_MEASUREMENTS),
        (subjects["start_date"].isna() & has_rows, _WITHOUT_START),
    )
    for where, fault in found:
        at = np.flatnonzero(where)
        for row, person in zip(at.tolist(), people.iloc[at].tolist(), strict=True):
            yield replace(
                fault,
                file=files[1],
                row=row + FIRST_DATA_ROW,
                subject=str(person),
                found=str(person) if fault.field == "subject" else "",
                expected=_EXPECTED[fault.code],
            )
    yield from _check_order(subjects, files[1])
    unknown = np.flatnonzero((~pd.Index(names).isin([*people, ""]))[code])
    _, first = np.unique(code[unknown], return_index=True)
    for position in np.sort(unknown[first]).tolist():
        row, name, expected = position + FIRST_DATA_ROW, str(names[code[position]]), f"a row in {files[1]}"
        yield replace(_WITHOUT_DATES, file=files[0], row=row, subject=name, found=name, expected=expected)


def _check_order(subjects: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Find dates before the start."""
    start = subjects["start_date"]
    faults = [
        (field, subjects[field] < start, Problem(field=field, code="date_before_start", message=_BEFORE_START))
        for field in ("death_date", "last_contact_date", "cutoff_date", "clinical_progression_date")
    ]
    prior = Problem(field="new_therapy_date", code="prior_therapy", message=_PRIOR_THERAPY, severity=Severity.WARNING)
    faults.append(("new_therapy_date", subjects["new_therapy_date"] <= start, prior))
    for field, where, fault in faults:
        rows = np.flatnonzero(where)
        right = "later than" if fault is prior else "no earlier than"
        people, found, starts = (subjects[name].iloc[rows].tolist() for name in ("subject", field, "start_date"))
        for row, person, day, first in zip(rows.tolist(), people, found, starts, strict=True):
            yield replace(
                fault,
                file=file,
                row=row + FIRST_DATA_ROW,
                subject=str(person),
                found=cell_text(day),
                expected=f"{right} {cell_text(first)}",
            )
