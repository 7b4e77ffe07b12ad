"""Duration of response and progression-free survival of each series (RECIST 1.1 §4.6.2).

Days count the first day: end - start + 1. Progression-free survival runs from the start to the first PD or death;
without either it is censored at the last adequate assessment, and without any assessment on day 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from recist.response.arrays import NOWHERE, take
from recist.response.choices import Responders
from recist.response.encode import LAST_DAY
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.best import Best
    from recist.response.course import ResponseCourse
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

NO_DAYS = -(2**40)


class PFSReason(StrEnum):
    """Why progression-free survival ends when it does."""

    PROGRESSION = "progression"
    DEATH = "death"
    NO_PROGRESSION = "no_progression"
    NO_ASSESSMENT = "no_assessment"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoints:
    """Times and events of each series; shape (n_series,) each.

    Attributes
    ----------
    pfs_days : numpy.ndarray
    pfs_event : numpy.ndarray
    pfs_reason : numpy.ndarray
        Number of PFSReason.
    first_response : numpy.ndarray
        The visit that opens the response, or NOWHERE.
    response_days : numpy.ndarray
        Duration of response, or NO_DAYS without one.
    response_event : numpy.ndarray
    """

    pfs_days: Ints
    pfs_event: Bools
    pfs_reason: Ints
    first_response: Ints
    response_days: Ints
    response_event: Bools


def derive_endpoints(course: ResponseCourse, best: Best, dates: SubjectDates, options: Options) -> Endpoints:
    """Find when each series progressed, and how long a response lasted."""
    pd_day = take(course.day, best.first_pd, otherwise=LAST_DAY)
    death = np.where(dates.death <= dates.cutoff, dates.death, LAST_DAY)
    last_adequate = take(course.day, best.last_adequate, otherwise=NO_DAYS)
    has_scan = best.last_adequate != NOWHERE
    is_late_death = (
        ~has_scan & (death - dates.start > 2 * options.visit_interval_days) & (options.visit_interval_days > 0)
    )
    pfs_death = np.where(is_late_death, LAST_DAY, death)
    pfs_end = np.minimum(pd_day, pfs_death)
    pfs_event = pfs_end < LAST_DAY
    censored = np.where(has_scan, last_adequate, dates.start)
    reason = np.select(
        [pfs_event & (pd_day <= pfs_death), pfs_event, has_scan],
        [number_of(PFSReason.PROGRESSION), number_of(PFSReason.DEATH), number_of(PFSReason.NO_PROGRESSION)],
        number_of(PFSReason.NO_ASSESSMENT),
    )
    first = best.first_confirmed if options.responders is Responders.CONFIRMED else best.first_response
    end = np.minimum(pd_day, death) if options.death_ends_response else pd_day
    response_event = (first != NOWHERE) & (end < LAST_DAY)
    lasts_to = np.where(end < LAST_DAY, end, last_adequate)
    return Endpoints(
        pfs_days=np.where(pfs_event, pfs_end, censored) - dates.start + 1,
        pfs_event=pfs_event,
        pfs_reason=reason,
        first_response=first,
        response_days=np.where(first == NOWHERE, NO_DAYS, lasts_to - take(course.day, first, otherwise=0) + 1),
        response_event=response_event,
    )
