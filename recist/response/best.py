"""Best overall response of each series, unconfirmed and confirmed (RECIST 1.1 §4.4.3, §4.6.1, Table 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import BestResponse, OverallResponse
from recist.response.arrays import NOWHERE
from recist.response.choices import SameDay
from recist.response.confirmation import derive_confirmed_cr, derive_confirmed_pr
from recist.response.encode import LAST_DAY
from recist.response.history import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recist.response.arrays import Bools, Courses, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates


@dataclass(frozen=True, slots=True, kw_only=True)
class BestRow:
    """One step of the search for the best response: the first step that finds a visit gives the answer.

    Attributes
    ----------
    best : BestResponse
    found_by : frozenset of OverallResponse
        Responses that allow it; the first of them dates it.
    needs_minimum_time : bool
        Whether one of them must come at the minimum time for stable disease or later.
    """

    best: BestResponse
    found_by: frozenset[OverallResponse]
    needs_minimum_time: bool = False


_DISEASE_CONTROL = frozenset({OverallResponse.CR, OverallResponse.PR, OverallResponse.SD})
_NOT_ASSESSED = frozenset({OverallResponse.NE, OverallResponse.ND})

# Eisenhauer 2009 §4.4.3 and Table 3. NED and ND are not in the paper: NED is placed like NON-CR/NON-PD, ND last.
BEST_ROWS: tuple[BestRow, ...] = (
    BestRow(best=BestResponse.CR, found_by=frozenset({OverallResponse.CR})),
    BestRow(best=BestResponse.PR, found_by=frozenset({OverallResponse.PR})),
    BestRow(best=BestResponse.SD, found_by=_DISEASE_CONTROL, needs_minimum_time=True),
    BestRow(
        best=BestResponse.NON_CR_NON_PD, found_by=frozenset({OverallResponse.NON_CR_NON_PD}), needs_minimum_time=True
    ),
    BestRow(best=BestResponse.NED, found_by=frozenset({OverallResponse.NED}), needs_minimum_time=True),
    BestRow(best=BestResponse.PD, found_by=frozenset({OverallResponse.PD})),
    BestRow(best=BestResponse.NE, found_by=frozenset(OverallResponse) - {OverallResponse.ND}),
    BestRow(best=BestResponse.ND, found_by=frozenset({OverallResponse.ND})),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Best:
    """The best response of each series; shape (n_series,) each.

    Attributes
    ----------
    response, confirmed : numpy.ndarray
        Number of BestResponse, without and with confirmation.
    visit, confirmed_visit : numpy.ndarray
        The visit that starts it, or NOWHERE.
    first_response, first_confirmed : numpy.ndarray
        First CR or PR, and first CR or PR that is confirmed later, or NOWHERE.
    first_pd : numpy.ndarray
        First PD that counts, or NOWHERE.
    last_adequate : numpy.ndarray
        Last visit that counts and could be evaluated, up to first PD, or NOWHERE.
    """

    response: Ints
    visit: Ints
    confirmed: Ints
    confirmed_visit: Ints
    first_response: Ints
    first_confirmed: Ints
    first_pd: Ints
    last_adequate: Ints


def derive_best(course: ResponseCourse, standing: Standing, dates: SubjectDates, options: Options) -> Best:
    """Find the best response of every series."""
    courses = course.courses
    on_time = standing.counts
    first_pd = courses.first(on_time & course.is_any_of({OverallResponse.PD}))
    up_to_pd = on_time & _is_up_to(courses, first_pd)
    eligible = up_to_pd & _is_before_new_therapy(course, dates, options) & ~_is_outdone_on_its_day(course, up_to_pd)
    late = course.day - dates.start[courses.course] >= options.min_sd_days
    confirmed = {
        BestResponse.CR: derive_confirmed_cr(course, eligible, options),
        BestResponse.PR: derive_confirmed_pr(course, eligible, options),
    }
    response, visit = _search(course, eligible, late, {})
    confirmed_response, confirmed_visit = _search(course, eligible, late, confirmed)
    return Best(
        response=response,
        visit=visit,
        confirmed=confirmed_response,
        confirmed_visit=confirmed_visit,
        first_response=courses.first(eligible & course.is_any_of({OverallResponse.CR, OverallResponse.PR})),
        first_confirmed=courses.first(confirmed[BestResponse.CR] | confirmed[BestResponse.PR]),
        first_pd=first_pd,
        last_adequate=courses.last(up_to_pd & ~course.is_any_of(_NOT_ASSESSED)),
    )


def _is_up_to(courses: Courses, last: Ints) -> Bools:
    """Say which visits come no later than a visit of their course; all do where it is NOWHERE."""
    end = last[courses.course]
    up_to: Bools = (end == NOWHERE) | (np.arange(courses.n_visits) <= end)
    return up_to


def _is_before_new_therapy(course: ResponseCourse, dates: SubjectDates, options: Options) -> Bools:
    is_new = dates.new_therapy > dates.day_zero  # an earlier one is a prior therapy
    therapy = np.where(is_new, dates.new_therapy, LAST_DAY)[course.courses.course]
    before: Bools = course.day <= therapy if options.new_therapy_same_day is SameDay.BEFORE else course.day < therapy
    return before


_WORST_FIRST = (
    *(OverallResponse.PD, OverallResponse.SD, OverallResponse.NON_CR_NON_PD, OverallResponse.PR, OverallResponse.CR),
    *(OverallResponse.NED, OverallResponse.NE, OverallResponse.ND),
)


def _is_outdone_on_its_day(course: ResponseCourse, counts: Bools) -> Bools:
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


def _search(
    course: ResponseCourse, eligible: Bools, late: Bools, instead: Mapping[BestResponse, Bools]
) -> tuple[Ints, Ints]:
    """Walk the rows of the search; `instead` replaces the visits that find a response."""
    courses = course.courses
    best = np.full(courses.n_courses, number_of(BestResponse.MISSING), dtype=np.int64)
    visit = np.full(courses.n_courses, NOWHERE, dtype=np.int64)
    for row in reversed(BEST_ROWS):
        finds = instead[row.best] if row.best in instead else eligible & course.is_any_of(row.found_by)
        start = courses.first(finds)
        found = (courses.first(finds & late) if row.needs_minimum_time else start) != NOWHERE
        best[found] = number_of(row.best)
        visit[found] = start[found]
    return best, visit
