"""Which visits count: those after the start, up to death and cut-off, and not after progression."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.arrays import take
from recist.response.encode import LAST_DAY

if TYPE_CHECKING:
    from recist.response.arrays import Bools
    from recist.response.course import ResponseCourse
    from recist.response.subjects import SubjectDates


class Exclusion(StrEnum):
    """Why a visit counts neither for best response nor for progression."""

    NOT_AFTER_START = "not_after_start"
    AFTER_DEATH = "after_death"
    AFTER_CUTOFF = "after_cutoff"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """What counts; shape (n_visits,) each.

    Attributes
    ----------
    excluded : dict of Exclusion to numpy.ndarray
        The visits that each reason excludes.
    counts : numpy.ndarray
        Whether the visit comes after baseline and nothing excludes it.
    is_after_progression : numpy.ndarray
        Whether a visit that counts was PD on an earlier day.
    """

    excluded: dict[Exclusion, Bools]
    counts: Bools
    is_after_progression: Bools


def derive_standing(course: ResponseCourse, dates: SubjectDates) -> Standing:
    """Say which visits count; the date of the response decides, and the day of death or cut-off still counts.

    An assessment on the day of the start or before it is no response to the treatment; without a start date the
    baseline scan stands for the start (Eisenhauer 2009 §4.4.3: from the start of the treatment).
    """
    excluded = _find_excluded(course, dates)
    counts = course.is_follow_up.copy()
    for where in excluded.values():
        counts &= ~where
    return Standing(
        excluded=excluded,
        counts=counts,
        is_after_progression=_is_later_than_first(counts & course.is_any_of({OverallResponse.PD}), course),
    )


def have_assessment(course: ResponseCourse, dates: SubjectDates) -> Bools:
    """Say which series have a visit that counts and was done, evaluable or not; shape (n_series,)."""
    done = course.is_follow_up & ~course.is_any_of({OverallResponse.ND})
    for where in _find_excluded(course, dates).values():
        done &= ~where
    found = np.zeros(course.courses.n_courses, dtype=bool)
    found[course.courses.course[done]] = True
    return found


def _find_excluded(course: ResponseCourse, dates: SubjectDates) -> dict[Exclusion, Bools]:
    number = course.courses.course
    return {
        Exclusion.NOT_AFTER_START: course.day <= dates.day_zero[number],
        Exclusion.AFTER_DEATH: course.day > dates.death[number],
        Exclusion.AFTER_CUTOFF: course.day > dates.cutoff[number],
    }


def _is_later_than_first(is_pd: Bools, course: ResponseCourse) -> Bools:
    """Say which visits follow the first PD of their course on a later day; one on that very day is not after it."""
    first = take(course.day, course.courses.first(is_pd), otherwise=LAST_DAY)[course.courses.course]
    later: Bools = course.courses.any_before(is_pd) & (course.day > first)
    return later
