"""Which visits the search for the best response may use (RECIST 1.1 §4.4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.arrays import NOWHERE
from recist.response.choices import AdequateAssessment, SameDay
from recist.response.encode import LAST_DAY

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Courses, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

_NOT_ADEQUATE = {
    AdequateAssessment.EVALUABLE: frozenset({OverallResponse.NE, OverallResponse.ND}),
    AdequateAssessment.DONE: frozenset({OverallResponse.ND}),
}
_WORST_FIRST = (
    *(OverallResponse.PD, OverallResponse.SD, OverallResponse.NON_CR_NON_PD, OverallResponse.PR, OverallResponse.CR),
    *(OverallResponse.NED, OverallResponse.NE, OverallResponse.ND),
)


def derive_eligible(course: ResponseCourse, up_to_pd: Bools, dates: SubjectDates, options: Options) -> Bools:
    """Say which of the visits up to the first PD come before new therapy, and are the worst of their date."""
    eligible: Bools = up_to_pd & is_before_new_therapy(course, dates, options)
    return eligible & ~is_outdone_on_its_day(course, up_to_pd)


def is_adequate(course: ResponseCourse, options: Options) -> Bools:
    """Say which visits are adequate assessments."""
    return ~course.is_any_of(_NOT_ADEQUATE[options.adequate_assessment])


def is_up_to(courses: Courses, last: Ints) -> Bools:
    """Say which visits come no later than a visit of their course; all do where it is NOWHERE."""
    end = last[courses.course]
    up_to: Bools = (end == NOWHERE) | (np.arange(courses.n_visits) <= end)
    return up_to


def is_late(course: ResponseCourse, dates: SubjectDates, options: Options) -> Bools:
    """Say which visits come at the minimum time for stable disease or later."""
    late: Bools = course.day - dates.start[course.courses.course] >= (
        options.min_sd_days - options.min_sd_tolerance_days
    )
    return late


def new_therapy_day(dates: SubjectDates) -> Ints:
    """Give the day of new therapy, LAST_DAY without one; one no later than the start is a prior therapy."""
    return np.where(dates.new_therapy > dates.day_zero, dates.new_therapy, LAST_DAY)


def is_before_new_therapy(course: ResponseCourse, dates: SubjectDates, options: Options) -> Bools:
    """Say which visits come before new therapy, or by the option on its first day."""
    therapy = new_therapy_day(dates)[course.courses.course]
    before: Bools = course.day <= therapy if options.new_therapy_same_day is SameDay.BEFORE else course.day < therapy
    return before


def is_outdone_on_its_day(course: ResponseCourse, counts: Bools) -> Bools:
    """Find the visits that share their date with a worse one of the same course: the worst counts."""
    badness = np.array([_WORST_FIRST.index(response) for response in OverallResponse])[course.response]
    badness = np.where(counts, badness, len(_WORST_FIRST))
    same = (np.diff(course.day, prepend=-1) == 0) & (np.diff(course.courses.course, prepend=-1) == 0)
    if not same.any():
        return np.zeros(len(same), dtype=bool)
    group = np.cumsum(~same) - 1
    worst = np.full(int(group[-1]) + 1, len(_WORST_FIRST), dtype=np.int64)
    np.minimum.at(worst, group, badness)
    is_worst = badness == worst[group]
    first_worst = np.full(len(worst), course.courses.n_visits, dtype=np.int64)
    np.minimum.at(first_worst, group[is_worst], np.flatnonzero(is_worst))
    outdone: Bools = np.arange(len(group)) != first_worst[group]
    return outdone
