"""Progression-free survival, time to progression and durations of each series (RECIST 1.1 §4.6.2, §4.6.3).

Days count the first day: end - start + 1. Each endpoint ends with an event or is censored; the rows of
``recist.criteria.censoring`` say where, and every end has its date and its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import BestResponse
from recist.criteria.censoring import Situation
from recist.response.arrays import NOWHERE, take
from recist.response.choices import ClinicalProgression, Responders
from recist.response.encode import LAST_DAY
from recist.response.ends import Ends, FollowUp, find_ends
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.best import Best
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint:
    """One endpoint of each series; shape (n_series,) each.

    Attributes
    ----------
    applies : numpy.ndarray
        Whether the series has the endpoint: a duration of response needs a response.
    days : numpy.ndarray
        From its first day to its last, both counted.
    day : numpy.ndarray
        The last day, as days since 1970-01-01.
    is_event : numpy.ndarray
    reason : numpy.ndarray
        Number of Situation.
    """

    applies: Bools
    days: Ints
    day: Ints
    is_event: Bools
    reason: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoints:
    """The endpoints of each series.

    Attributes
    ----------
    pfs, ttp : Endpoint
        From the start to progression or death, and to progression alone.
    response : Endpoint
        From the first response to progression or death.
    stable : Endpoint
        From the start to the same, where the best response is SD.
    first_response : numpy.ndarray
        The visit that opens the response, or NOWHERE.
    """

    pfs: Endpoint
    ttp: Endpoint
    response: Endpoint
    stable: Endpoint
    first_response: Ints


def derive_endpoints(
    course: ResponseCourse, best: Best, dates: SubjectDates, options: Options, *, has_baseline: Bools | None = None
) -> Endpoints:
    """Find when each series progressed, and how long a response or a stable disease lasted.

    Parameters
    ----------
    course : ResponseCourse
    best : Best
        Its first PD, and which visits are adequate.
    dates : SubjectDates
    options : Options
    has_baseline : numpy.ndarray, optional
        Whether the baseline of each series is complete; without it all are.
    """
    complete = np.ones(course.courses.n_courses, dtype=bool) if has_baseline is None else has_baseline
    follow_up = FollowUp(course=course, best=best, dates=dates, options=options, has_baseline=complete)
    progression = (Situation.PROGRESSION, take(course.day, best.first_pd, otherwise=LAST_DAY))
    death = (Situation.DEATH, follow_up.death)
    clinical = (Situation.CLINICAL_PROGRESSION, follow_up.clinical)
    is_event = options.clinical_progression is ClinicalProgression.EVENT
    of_pfs = find_ends(follow_up, [progression, death, *([clinical] if is_event else [])])
    of_ttp = find_ends(follow_up, [progression])
    of_duration = find_ends(follow_up, [progression, *([death] if options.death_ends_response else [])])
    confirmed = options.responders is Responders.CONFIRMED
    first = best.first_confirmed if confirmed else best.first_response
    is_stable = (best.confirmed if confirmed else best.response) == number_of(BestResponse.SD)
    everybody = dates.start < LAST_DAY  # without a start no time can be counted
    return Endpoints(
        pfs=_lay_out(of_pfs, dates.start, everybody),
        ttp=_lay_out(of_ttp, dates.start, everybody),
        response=_lay_out(of_duration, take(course.day, first, otherwise=0), first != NOWHERE),
        stable=_lay_out(of_duration, dates.start, is_stable),
        first_response=first,
    )


def _lay_out(ends: Ends, first_day: Ints, applies: Bools) -> Endpoint:
    """Count the days from the first to the last; an end censored before the first day leaves that one day."""
    day = np.maximum(ends.day, first_day)
    return Endpoint(applies=applies, days=day - first_day + 1, day=day, is_event=ends.is_event, reason=ends.reason)
