"""The dates of each subject, laid beside the readers' series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.response.choices import Start
from recist.response.encode import LAST_DAY

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints, Texts
    from recist.response.options import Options


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubjectDates:
    """Dates as days since 1970-01-01, LAST_DAY where not given; shape (n_series,) each.

    Attributes
    ----------
    start : numpy.ndarray
        Where days are counted from.
    has_start_date : numpy.ndarray
        Whether the table of subjects gave a start; otherwise it is the baseline scan.
    start_date, new_therapy, death, last_contact, cutoff : numpy.ndarray
    clinical : numpy.ndarray
        Clinical deterioration without progression on a scan.
    """

    start: Ints
    has_start_date: Bools
    start_date: Ints
    new_therapy: Ints
    death: Ints
    last_contact: Ints
    cutoff: Ints
    clinical: Ints

    @property
    def day_zero(self) -> Ints:
        """Give the start, or the baseline scan where no start is given: what counts is later."""
        return np.where(self.has_start_date, self.start_date, self.start)


def derive_subject_dates(
    subject: Texts, baseline_day: Ints, subjects: pd.DataFrame | None, options: Options
) -> SubjectDates:
    """Look up the dates of the subject of each series.

    Parameters
    ----------
    subject : numpy.ndarray
        Subject of each series; shape (n_series,).
    baseline_day : numpy.ndarray
        Day of the baseline scan of each series.
    subjects : pandas.DataFrame or None
        The checked table of subjects, one row a subject.
    options : Options
    """
    start_date = _days(subject, subjects, "start_date")
    has_start_date = start_date < LAST_DAY
    from_start = has_start_date & (options.start is Start.START_DATE)
    return SubjectDates(
        start=np.where(from_start, start_date, baseline_day),
        has_start_date=has_start_date,
        start_date=start_date,
        new_therapy=_days(subject, subjects, "new_therapy_date"),
        death=_days(subject, subjects, "death_date"),
        last_contact=_days(subject, subjects, "last_contact_date"),
        cutoff=_days(subject, subjects, "cutoff_date"),
        clinical=_days(subject, subjects, "clinical_progression_date"),
    )


def _days(subject: Texts, subjects: pd.DataFrame | None, column: str) -> Ints:
    days = np.full(len(subject), LAST_DAY, dtype=np.int64)
    if subjects is None:
        return days
    row = pd.Index(subjects["subject"].astype(object)).get_indexer(pd.Index(subject))
    dates = subjects[column]
    given = np.append(dates.notna().to_numpy(), False)[row]  # row -1: not in the table
    days[given] = dates.to_numpy("datetime64[D]").astype(np.int64)[row[given]]
    return days
