"""Best response and endpoints by iRECIST, from the responses of the visits and their dates alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.criteria import BestResponse, OverallResponse
from recist.criteria.codes import ImmuneBestResponse, ImmuneResponse
from recist.response.arrays import NOWHERE
from recist.response.best import Best, search_settings
from recist.response.best_columns import best_columns, dates_of_days
from recist.response.eligibility import derive_eligible, is_adequate, is_late, is_up_to
from recist.response.endpoints import derive_endpoints
from recist.response.history import number_of
from recist.response.irecist.progression import find_progression
from recist.response.irecist.search import compile_immune_search
from recist.response.kernel.best import N_RESULTS, SearchVisits, search_best
from recist.response.schedule import count_missed

if TYPE_CHECKING:
    from recist.criteria.immune_table import ImmuneRules
    from recist.response.arrays import Bools, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

# What a response by iRECIST is for the rules that only ask whether a visit was adequate and when the disease
# progressed. An iUPD that was dropped is an adequate visit without progression.
_AS_RECIST = {
    ImmuneResponse.ICR: OverallResponse.CR,
    ImmuneResponse.IPR: OverallResponse.PR,
    ImmuneResponse.ISD: OverallResponse.SD,
    ImmuneResponse.NON_ICR_NON_IUPD: OverallResponse.NON_CR_NON_PD,
    ImmuneResponse.NED: OverallResponse.NED,
    ImmuneResponse.IUPD: OverallResponse.PD,
    ImmuneResponse.ICPD: OverallResponse.PD,
    ImmuneResponse.NE: OverallResponse.NE,
    ImmuneResponse.ND: OverallResponse.ND,
}
_BEST_AS_RECIST = {ImmuneBestResponse(str(member)): BestResponse(str(word)) for member, word in _AS_RECIST.items()}
_RESETTING = tuple(number_of(ImmuneResponse(word)) for word in ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED"))
_LASTING = _RESETTING[:-1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImmuneBest:
    """The best response by iRECIST of each series; shape (n_series,) each.

    Attributes
    ----------
    response, confirmed : numpy.ndarray
        Number of ImmuneBestResponse, without and with confirmation of iCR and iPR.
    confirmation : numpy.ndarray
        The first iCPD that counts, or NOWHERE.
    as_recist : Best
        The same in the words of RECIST 1.1: its `first_pd` is the visit that dates the progression.
    course : ResponseCourse
        The responses in the words of RECIST 1.1, an iUPD that was dropped as SD.
    """

    response: Ints
    confirmed: Ints
    confirmation: Ints
    as_recist: Best
    course: ResponseCourse


def derive_immune_best(
    course: ResponseCourse, counts: Bools, dates: SubjectDates, immune: ImmuneRules, options: Options
) -> ImmuneBest:
    """Find the best response and the progression of every series.

    Parameters
    ----------
    course : ResponseCourse
        Its `response` holds numbers of ImmuneResponse.
    counts : numpy.ndarray
        Which visits come after baseline and nothing excludes; shape (n_visits,).
    dates : SubjectDates
    immune : ImmuneRules
    options : Options
    """
    courses, response = course.courses, course.response.astype(np.int64, copy=False)
    ranked = replace(course, response=as_recist_numbers()[response])
    resets = derive_eligible(ranked, counts, dates, options) & np.isin(response, _RESETTING)
    progression, confirmation = find_progression(courses, response, counts, resets)
    up_to_end = counts & is_up_to(courses, confirmation)
    eligible = derive_eligible(ranked, up_to_end & ~_is_beside_icpd(course, counts), dates, options)
    visits = SearchVisits(
        start=courses.start,
        response=response,
        day=course.day.astype(np.int64, copy=False),
        eligible=eligible,
        late=is_late(course, dates, options),
        missed=count_missed(course, up_to_end, dates, options),
    )
    results = np.empty((N_RESULTS, courses.n_courses), dtype=np.int64)
    table = compile_immune_search(immune, options.nd_between)
    search_best(visits, table, search_settings(options), (0, courses.n_courses), results)
    best, visit, confirmed, confirmed_visit, first_response, first_confirmed = results
    adequate = counts & is_up_to(courses, progression) & is_adequate(ranked, options)
    is_lasting = course.day - dates.start[courses.course] >= options.clinical_benefit_days
    words = np.array([number_of(_BEST_AS_RECIST.get(member, BestResponse.MISSING)) for member in ImmuneBestResponse])
    return ImmuneBest(
        response=best,
        confirmed=confirmed,
        confirmation=confirmation,
        as_recist=Best(
            response=words[best],
            visit=visit,
            confirmed=words[confirmed],
            confirmed_visit=confirmed_visit,
            first_response=first_response,
            first_confirmed=first_confirmed,
            first_pd=progression,
            last_adequate=courses.last(adequate),
            is_adequate=adequate,
            has_lasting_control=courses.first(eligible & is_lasting & np.isin(response, _LASTING)) != NOWHERE,
        ),
        course=replace(ranked, response=_with_dropped_iupd(ranked, response, progression)),
    )


def _is_beside_icpd(course: ResponseCourse, counts: Bools) -> Bools:
    """Tell which iUPD share their date with an iCPD, which is worse."""
    response, day = course.response, course.day.astype(np.int64)
    key = course.courses.course * (np.ptp(day) + 1 if len(day) else 1) + day - (day.min() if len(day) else 0)
    is_icpd = counts & (response == number_of(ImmuneResponse.ICPD))
    is_beside: Bools = (response == number_of(ImmuneResponse.IUPD)) & np.isin(key, key[is_icpd])
    return is_beside


def as_recist_numbers() -> Ints:
    """Give the number of OverallResponse that stands for each ImmuneResponse."""
    return np.array([number_of(_AS_RECIST[member]) for member in ImmuneResponse])


def _with_dropped_iupd(ranked: ResponseCourse, response: Ints, progression: Ints) -> Ints:
    """Give the responses in the words of RECIST 1.1, an iUPD before the progression that stands as SD."""
    start = progression[ranked.courses.course]
    is_before = (start == NOWHERE) | (np.arange(len(response)) < start)
    is_dropped = is_before & (response == number_of(ImmuneResponse.IUPD))
    return np.where(is_dropped, number_of(OverallResponse.SD), ranked.response)


def immune_best_columns(
    best: ImmuneBest, dates: SubjectDates, options: Options, *, has_baseline: Bools | None = None
) -> dict[str, Any]:
    """Lay the best response and the endpoints of every series out by the names of their columns."""
    endpoints = derive_endpoints(best.course, best.as_recist, dates, options, has_baseline=has_baseline)
    words = np.array([str(member) for member in ImmuneBestResponse], dtype=object)
    columns = best_columns(best.course, best.as_recist, endpoints, options)
    has_confirmation = best.confirmation != NOWHERE
    day = best.course.day[best.confirmation] if len(best.course.day) else np.zeros(len(has_confirmation), np.int64)
    return {
        **columns,
        "best_response": words[best.response],
        "confirmed_best_response": words[best.confirmed],
        "progression_confirmed_date": dates_of_days(day, has_confirmation),
    }
