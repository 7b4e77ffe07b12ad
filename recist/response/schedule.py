"""The protocol's schedule of scans: visits that were due and not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from recist.response.choices import MissedVisits
from recist.response.encode import LAST_DAY
from recist.response.kernel.schedule import fill_gaps, fill_missed

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

Arrays: TypeAlias = "tuple[Ints, Ints]"


def schedule_arrays(options: Options) -> Arrays | None:
    """Give the days after the start from which each interval holds, and the intervals; None when not known."""
    pairs = options.visit_schedule
    if not pairs:
        return None
    from_day, interval = np.array(pairs, dtype=np.int64).T.copy()
    return from_day, interval


def count_missed(course: ResponseCourse, counts: Bools, dates: SubjectDates, options: Options) -> Ints:
    """Count the scheduled visits not done before each visit, where the option has them count as NE."""
    missed = np.zeros(course.courses.n_visits, dtype=np.int64)
    schedule = schedule_arrays(options)
    if schedule is not None and options.missed_visits is MissedVisits.NE:
        day = course.day - dates.start[course.courses.course]
        visits = (course.courses.start, day, counts.astype(np.int64))
        fill_missed(visits, schedule, options.visit_tolerance_days, (0, course.courses.n_courses), missed)
    return missed


def longest_gap(day: Ints, options: Options) -> Ints:
    """Give the longest time from a day after the start in which fewer than two scheduled visits are missed."""
    gaps = np.full(len(day), LAST_DAY, dtype=np.int64)
    schedule = schedule_arrays(options)
    if schedule is not None:
        fill_gaps(day.astype(np.int64), schedule, options.visit_tolerance_days, gaps)
    return gaps
