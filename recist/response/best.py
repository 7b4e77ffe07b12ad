"""Best overall response of each series, unconfirmed and confirmed (RECIST 1.1 §4.4.3, §4.6.1, Table 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.arrays import NOWHERE
from recist.response.best_rows import BEST_ROWS, compile_search
from recist.response.choices import ConfirmationBetween, SDDate
from recist.response.eligibility import derive_eligible, is_adequate, is_late, is_up_to
from recist.response.kernel.best import N_RESULTS, SearchSettings, SearchVisits, search_best
from recist.response.schedule import count_missed

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates

__all__ = ["BEST_ROWS", "Best", "derive_best", "search_settings"]

_BENEFIT = frozenset(OverallResponse(word) for word in ("CR", "PR", "SD", "NON-CR/NON-PD"))


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
    is_adequate : numpy.ndarray
        Which visits count and could be evaluated, up to first PD; shape (n_visits,).
    has_lasting_control : numpy.ndarray
        Whether a CR, PR, SD or NON-CR/NON-PD that counts comes at the time of a clinical benefit or later.
    """

    response: Ints
    visit: Ints
    confirmed: Ints
    confirmed_visit: Ints
    first_response: Ints
    first_confirmed: Ints
    first_pd: Ints
    last_adequate: Ints
    is_adequate: Bools
    has_lasting_control: Bools


def search_settings(options: Options) -> SearchSettings:
    """Write the options of the search as whole numbers."""
    return SearchSettings(
        confirmation_days=options.confirmation_days,
        max_ne=options.max_ne_number,
        max_sd=options.accept_sd,
        any_between=int(options.confirmation_between is ConfirmationBetween.ANY),
        dates_at_minimum=int(options.sd_date is SDDate.MINIMUM_TIME),
    )


def derive_best(course: ResponseCourse, standing: Standing, dates: SubjectDates, options: Options) -> Best:
    """Find the best response of every series."""
    courses = course.courses
    first_pd = courses.first(standing.counts & course.is_any_of({OverallResponse.PD}))
    up_to_pd = standing.counts & is_up_to(courses, first_pd)
    eligible = derive_eligible(course, up_to_pd, dates, options)
    visits = SearchVisits(
        start=courses.start,
        response=course.response.astype(np.int64, copy=False),
        day=course.day.astype(np.int64, copy=False),
        eligible=eligible,
        late=is_late(course, dates, options),
        missed=count_missed(course, up_to_pd, dates, options),
    )
    results = np.empty((N_RESULTS, courses.n_courses), dtype=np.int64)
    table = compile_search(options.nd_between)
    search_best(visits, table, search_settings(options), (0, courses.n_courses), results)
    response, visit, confirmed, confirmed_visit, first_response, first_confirmed = results
    adequate = up_to_pd & is_adequate(course, options)
    lasting = course.day - dates.start[courses.course] >= options.clinical_benefit_days
    return Best(
        response=response,
        visit=visit,
        confirmed=confirmed,
        confirmed_visit=confirmed_visit,
        first_response=first_response,
        first_confirmed=first_confirmed,
        first_pd=first_pd,
        last_adequate=courses.last(adequate),
        is_adequate=adequate,
        has_lasting_control=courses.first(eligible & lasting & course.is_any_of(_BENEFIT)) != NOWHERE,
    )
