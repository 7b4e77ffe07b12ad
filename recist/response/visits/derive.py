"""Best responses and endpoints from the encoded visits, by RECIST and by iRECIST."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.criteria import OverallResponse
from recist.response.arrays import NOWHERE
from recist.response.best import derive_best
from recist.response.best_columns import best_columns
from recist.response.choices import PostCR
from recist.response.course import ResponseCourse
from recist.response.eligibility import is_before_new_therapy, is_outdone_on_its_day
from recist.response.endpoints import derive_endpoints
from recist.response.history import number_of
from recist.response.irecist.best import as_recist_numbers, derive_immune_best, immune_best_columns
from recist.response.reasons import Reason
from recist.response.standing import derive_standing, have_assessment
from recist.response.visits.after_cr import judge_after_cr

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.options import Options
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates
    from recist.response.visits.encode import VisitHistory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """What the visits come to.

    Attributes
    ----------
    final : numpy.ndarray
        Number of the response of each visit in the end; shape (n_visits,), as all below.
    standing : Standing
        Which visits count.
    is_after_progression, is_less_than_cr : numpy.ndarray
        Whether the visit follows the progression, and whether it shows less than an earlier CR and is left so.
    reasons : dict of Reason to numpy.ndarray
    best : dict
        The columns of the table of best responses.
    is_assessed : numpy.ndarray
        Which courses have a visit that counts and was done; shape (n_courses,).
    """

    final: Ints
    standing: Standing
    is_after_progression: Bools
    is_less_than_cr: Bools
    reasons: dict[Reason, Bools]
    best: dict[str, Any]
    is_assessed: Bools


def derive_from_visits(history: VisitHistory, dates: SubjectDates, _criteria: Criteria, options: Options) -> Derived:
    """Correct what follows a CR, then find best responses and endpoints."""
    courses = history.courses
    given = ResponseCourse(
        courses=courses, response=history.response, day=history.day, is_follow_up=~history.is_baseline
    )
    outdone = is_outdone_on_its_day(given, derive_standing(given, dates).counts)
    is_early = history.is_baseline | (history.day <= dates.day_zero[courses.course])
    n_early = np.bincount(courses.course[is_early], minlength=courses.n_courses)
    counted = np.where(outdone, number_of(OverallResponse.NE), history.response)  # of one date only the worst is judged
    is_beyond = history.day > np.minimum(dates.death, dates.cutoff)[courses.course]
    is_beyond |= ~is_before_new_therapy(given, dates, options)
    found = judge_after_cr(counted, courses, courses.start[:-1] + n_early - 1, is_beyond, options)
    final = np.where(outdone, history.response, found.final)
    course = replace(given, response=final)
    standing = derive_standing(course, dates)
    best = derive_best(course, standing, dates, options)
    is_other = final != history.response
    is_less = found.is_less_than_cr & (options.post_cr is PostCR.AS_IS)  # recoded, the CR is none any more
    return Derived(
        final=final,
        standing=standing,
        is_after_progression=standing.is_after_progression,
        is_less_than_cr=is_less,
        reasons={
            Reason.RETURNED_AFTER_CR: found.is_returned & is_other,
            Reason.LESS_THAN_CR_AFTER_CR: is_less,
            Reason.RECODED_FROM_CR: is_other & (history.response == number_of(OverallResponse.CR)),
        },
        best=best_columns(course, best, derive_endpoints(course, best, dates, options), options),
        is_assessed=have_assessment(course, dates),
    )


def derive_from_immune_visits(
    history: VisitHistory, dates: SubjectDates, criteria: Criteria, options: Options
) -> Derived:
    """Find best responses and endpoints by iRECIST; the responses are taken as they are given."""
    assert criteria.immune is not None
    courses = history.courses
    course = ResponseCourse(
        courses=courses, response=history.response, day=history.day, is_follow_up=~history.is_baseline
    )
    standing = derive_standing(replace(course, response=as_recist_numbers()[history.response]), dates)
    best = derive_immune_best(course, standing.counts, dates, criteria.immune, options)
    confirmed = best.confirmation[courses.course]
    nowhere = np.zeros(courses.n_visits, dtype=bool)
    return Derived(
        final=history.response,
        standing=standing,
        is_after_progression=(confirmed != NOWHERE) & (np.arange(courses.n_visits) > confirmed),
        is_less_than_cr=nowhere,
        reasons={Reason.LESS_THAN_CR_AFTER_CR: nowhere},
        best=immune_best_columns(best, dates, options),
        is_assessed=have_assessment(best.course, dates),
    )
