"""Response of the non-target lesions (RECIST 1.1 §4.3.3): the reader's words, never sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole, NonTargetResponse
from recist.response.arrays import any_by, least_by
from recist.response.choices import NonTargetPartial
from recist.response.encode import LAST_DAY
from recist.response.entries import derive_coverage, entries_of
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NonTargetCourse:
    """The non-target response of each visit; shape (n_visits,) each.

    Attributes
    ----------
    response : numpy.ndarray
        Number of NonTargetResponse.
    is_seen : numpy.ndarray
        Whether any non-target lesion was present.
    progression_day, seen_day : numpy.ndarray
        First scan that shows unequivocal progression, and any non-target lesion; LAST_DAY if none does.
    """

    response: Ints
    is_seen: Bools
    progression_day: Ints
    seen_day: Ints


def derive_non_target_response(history: History, options: Options) -> NonTargetCourse:
    """Decide the non-target response of every visit: PD, then NE if any was not evaluated, then CR or neither."""
    entries = entries_of(history, LesionRole.NON_TARGET)
    n_visits = history.courses.n_visits
    evaluated = entries.finding != number_of(Finding.NOT_EVALUATED)
    progressed = entries.finding == number_of(Finding.PROGRESSED)
    present = progressed | (entries.finding == number_of(Finding.PRESENT))
    coverage = derive_coverage(history, entries, evaluated)
    is_seen = any_by(entries.visit, present, n_visits)
    has_any = (coverage.at_baseline > 0) | any_by(entries.visit, evaluated, n_visits)
    is_partial = coverage.evaluated < coverage.at_baseline
    if options.nt_partial is NonTargetPartial.PRESENT_WINS:
        is_partial &= ~is_seen
    response = np.select(
        [any_by(entries.visit, progressed, n_visits), ~has_any, is_partial, is_seen],
        [
            number_of(member)
            for member in (
                NonTargetResponse.PD,
                NonTargetResponse.NONE,
                NonTargetResponse.NE,
                NonTargetResponse.NON_CR_NON_PD,
            )
        ],
        number_of(NonTargetResponse.CR),
    )
    return NonTargetCourse(
        response=response,
        is_seen=is_seen,
        progression_day=least_by(entries.visit, progressed, entries.day, n_visits, otherwise=LAST_DAY),
        seen_day=least_by(entries.visit, present, entries.day, n_visits, otherwise=LAST_DAY),
    )
