"""From the table of visits to arrays: one course a subject and reader, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.response.arrays import NOWHERE, courses_from
from recist.response.encode import DEFAULT_READER, LAST_DAY, is_baseline_label
from recist.response.history import number_of
from recist.response.words import ranked

if TYPE_CHECKING:
    from enum import StrEnum

    import pandas as pd

    from recist.response.arrays import Bools, Courses, Ints, Texts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitHistory:
    """The visits of all courses, and the courses they form.

    Attributes
    ----------
    subject, reader : numpy.ndarray
        Of each course; shape (n_courses,).
    courses : Courses
    line : numpy.ndarray
        Position of each visit in the table given; shape (n_visits,), as all below.
    label : numpy.ndarray
        Name of the time point.
    day : numpy.ndarray
        Days since 1970-01-01.
    response : numpy.ndarray
        Number of the response as given, by the words of the criteria.
    is_baseline : numpy.ndarray
        Whether the name marks the baseline.
    start : numpy.ndarray
        The start that the visits give, LAST_DAY without one; shape (n_courses,).
    baseline_day : numpy.ndarray
        Day of the visit marked as baseline, LAST_DAY without one; shape (n_courses,).
    """

    subject: Texts
    reader: Texts
    courses: Courses
    line: Ints
    label: Texts
    day: Ints
    response: Ints
    is_baseline: Bools
    start: Ints
    baseline_day: Ints


def encode_visits(frame: pd.DataFrame, words: type[StrEnum]) -> VisitHistory:
    """Turn checked visits into arrays; visits on one date keep the order of the table, a baseline comes first.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table after its cells were checked, text as categories.
    words : type of StrEnum
        The responses of the criteria in force.
    """
    subject, subjects = ranked(frame["subject"], empty="")
    reader, readers = ranked(frame["reader"], empty=DEFAULT_READER)
    label, labels = ranked(frame["timepoint"], empty="")
    word, given = ranked(frame["overall_response"], empty="NE")
    keys, course = np.unique(subject * len(readers) + reader, return_inverse=True)
    day = frame["date"].to_numpy("datetime64[D]").astype(np.int64)
    marks = np.array([is_baseline_label(name) for name in labels], dtype=bool)[label]
    order = np.lexsort((~marks, day, course))
    courses = courses_from(course[order], len(keys))
    baseline = courses.first(marks[order])
    return VisitHistory(
        subject=subjects[keys // len(readers)],
        reader=readers[keys % len(readers)],
        courses=courses,
        line=order,
        label=labels[label][order],
        day=day[order],
        response=np.array([number_of(words(name)) for name in given], dtype=np.int64)[word][order],
        is_baseline=marks[order],
        start=_starts(frame["start_date"], course, len(keys)),
        baseline_day=np.where(baseline == NOWHERE, LAST_DAY, day[order][baseline]),
    )


def _starts(values: pd.Series, course: Ints, n_courses: int) -> Ints:
    """Take the start that the rows of each course give; the earliest, where they disagree."""
    given = values.notna().to_numpy()
    starts = np.full(n_courses, LAST_DAY, dtype=np.int64)
    np.minimum.at(starts, course[given], values.to_numpy("datetime64[D]").astype(np.int64)[given])
    return starts
