"""The measurements of many subjects as arrays: rows, lesions, visits, and the readers' series they form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole

if TYPE_CHECKING:
    from enum import StrEnum

    from recist.response.arrays import Bools, Courses, Ints, Texts

ROLES = tuple(LesionRole)
FINDINGS = tuple(Finding)
LAST_DAY = 2**40  # later than every date


@cache
def _numbers(members: type[StrEnum]) -> dict[StrEnum, int]:
    return {member: number for number, member in enumerate(members)}


def number_of(member: StrEnum) -> int:
    """Give the number by which arrays hold a member of a closed set: its place in the set."""
    return _numbers(type(member))[member]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """One entry a measurement; shape (n_rows,) each.

    Attributes
    ----------
    line : numpy.ndarray
        Position of the row in the table given.
    visit, lesion : numpy.ndarray
        Position in :class:`Visits` and :class:`Lesions`.
    role, finding : numpy.ndarray
        Numbers of LesionRole and Finding; the finding is NOWHERE where the state does not fit the role.
    size_picometres : numpy.ndarray
        The size as given, unrounded, or NO_SIZE.
    size : numpy.ndarray
        The size that counts, in hundredths of a mm, or NO_SIZE.
    day : numpy.ndarray
        Scan date as days since 1970-01-01.
    is_increased : numpy.ndarray
        Whether the reader called the lesion larger, but not unequivocally so.
    is_after_treatment : numpy.ndarray
        Whether the lesion had been treated locally during the study by then.
    is_beyond : numpy.ndarray
        Whether the scan is later than death or cut-off, so that it counts for nothing.
    is_after_therapy : numpy.ndarray
        Whether the scan comes after the beginning of a new anticancer therapy.
    """

    line: Ints
    visit: Ints
    lesion: Ints
    role: Ints
    finding: Ints
    size_picometres: Ints
    size: Ints
    day: Ints
    is_increased: Bools
    is_after_treatment: Bools
    is_beyond: Bools
    is_after_therapy: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesions:
    """One entry a lesion of a reader's series; shape (n_lesions,) each.

    ``treated_day`` is the day from which on a lesion counts as treated locally, LAST_DAY if never.
    """

    series: Ints
    name: Texts
    role: Ints
    is_nodal: Bools
    treated_day: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """One entry a time point of a reader's series, in the order of time; shape (n_visits,) each.

    Attributes
    ----------
    courses : Courses
        A course is one reader's series of one subject.
    label : numpy.ndarray
        The name of the time point.
    first_day, last_day : numpy.ndarray
        First and last scan of the time point.
    baseline : numpy.ndarray
        The baseline visit of each series; shape (n_series,).
    opening : numpy.ndarray
        The last visit of each series that is not after its start, at least its baseline; shape (n_series,). What lies
        between the two is listed and changes nothing.
    is_labelled_baseline : numpy.ndarray
        Whether the name of the time point marks it as baseline.
    is_dated : numpy.ndarray
        Whether rows of the time point had no label, so that its name is the date of its first scan.
    """

    courses: Courses
    label: Texts
    first_day: Ints
    last_day: Ints
    baseline: Ints
    opening: Ints
    is_labelled_baseline: Bools
    is_dated: Bools

    @property
    def is_follow_up(self) -> Bools:
        """Say whether each visit comes after the baseline of its series."""
        follows: Bools = np.arange(self.courses.n_visits) > self.baseline_of_visit
        return follows

    @property
    def is_baseline(self) -> Bools:
        """Say whether each visit is the baseline of its series."""
        is_baseline = np.zeros(self.courses.n_visits, dtype=bool)
        is_baseline[self.baseline] = True
        return is_baseline

    @property
    def baseline_of_visit(self) -> Ints:
        """Give the baseline visit of the series of each visit."""
        return self.baseline[self.courses.course]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merges:
    """Values that also cover other lesions.

    Attributes
    ----------
    row, lesion : numpy.ndarray
        A row and one lesion that its value covers besides its own.
    unknown : tuple of (int, str)
        Row and name of every covered lesion that the series does not have.
    """

    row: Ints
    lesion: Ints
    unknown: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Everything that was measured.

    Attributes
    ----------
    subject, reader : numpy.ndarray
        Of each series; shape (n_series,). Readers are never mixed: every series stands alone.
    """

    subject: Texts
    reader: Texts
    rows: Rows
    lesions: Lesions
    visits: Visits
    merges: Merges

    @property
    def courses(self) -> Courses:
        """Give the visits of each series."""
        return self.visits.courses

    def cells(self) -> tuple[Ints, Ints]:
        """Give each visit as many cells as its series has lesions, all in one row.

        Returns
        -------
        first_cell : numpy.ndarray
            Where the cells of each visit begin, and last the number of cells; shape (n_visits + 1,).
        offset : numpy.ndarray
            What to add to the number of a lesion for its cell at each visit; shape (n_visits,).
        """
        n_lesions = np.bincount(self.lesions.series, minlength=self.courses.n_courses)
        first_lesion = np.cumsum(n_lesions) - n_lesions
        first_cell = np.concatenate(([0], np.cumsum(n_lesions[self.courses.course])))
        return first_cell, first_cell[:-1] - first_lesion[self.courses.course]
