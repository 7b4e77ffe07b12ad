"""Overall response at each time point (RECIST 1.1 §4.4.1, Tables 1 and 2) and what comes before and after changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.response.arrays import any_by
from recist.response.choices import ResponseDate
from recist.response.encode import LAST_DAY
from recist.response.history import number_of
from recist.response.kernel.overall import OverallVisits, no_overall_responses, walk_overall
from recist.response.kernel.rules import compile_overall_rules
from recist.response.new_lesion import derive_new_lesions
from recist.response.non_target import derive_non_target_response
from recist.response.target import derive_target_response

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.attenuation import Attenuation
    from recist.response.history import History, Visits
    from recist.response.kernel.overall import OverallResponses
    from recist.response.new_lesion import NewLesionCourse
    from recist.response.non_target import NonTargetCourse
    from recist.response.options import Options
    from recist.response.target import TargetCourse

CR, PR, SD, PD, NE = (number_of(OverallResponse(word)) for word in ("CR", "PR", "SD", "PD", "NE"))
NON_CR_NON_PD, NED = number_of(OverallResponse.NON_CR_NON_PD), number_of(OverallResponse.NED)


class _Parts(NamedTuple):
    """The three parts of an overall response."""

    target: TargetCourse
    non_target: NonTargetCourse
    new_lesion: NewLesionCourse


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverallCourse:
    """The overall response of each visit with all it rests on; shape (n_visits,) each.

    Attributes
    ----------
    target, non_target, new_lesion
        The three parts.
    as_read : numpy.ndarray
        Number of OverallResponse as known at the visit: later visits never change it.
    final : numpy.ndarray
        The same after later visits confirmed equivocal lesions, or recoded a CR.
    is_returned : numpy.ndarray
        Whether disease seen after an overall CR makes the visit PD.
    is_single_node : numpy.ndarray
        Whether one target node is the only disease seen after an overall CR.
    is_less_than_cr : numpy.ndarray
        Whether disease is seen after an overall CR and the option leaves the response as it is.
    is_nothing_seen : numpy.ndarray
        Whether the visit is less than CR after an overall CR although no disease is seen: something was not evaluated,
        or a tumour marker is not normal.
    day : numpy.ndarray
        Date of the response, in days since 1970-01-01.
    """

    target: TargetCourse
    non_target: NonTargetCourse
    new_lesion: NewLesionCourse
    as_read: Ints
    final: Ints
    is_returned: Bools
    is_single_node: Bools
    is_less_than_cr: Bools
    is_nothing_seen: Bools
    day: Ints


def derive_overall_response(
    history: History, criteria: Criteria, options: Options, *, attenuation: Attenuation | None = None
) -> OverallCourse:
    """Decide the overall response of every visit.

    Parameters
    ----------
    history : History
    criteria : Criteria
    options : Options
    attenuation : Attenuation, optional
        As in :func:`recist.response.target.derive_target_response`.
    """
    parts = _Parts(
        target=derive_target_response(history, criteria, options, attenuation=attenuation),
        non_target=derive_non_target_response(history, criteria, options),
        new_lesion=derive_new_lesions(history, criteria, options),
    )
    found = no_overall_responses(history.courses.n_visits)
    walk_overall(
        history.courses.start,
        history.visits.opening,
        _lay_side_by_side(parts, find_silent_visits(history)),
        compile_overall_rules(criteria, options),
        found,
    )
    first_sign = _first_signs(parts, found.is_returned, options.response_date)
    return OverallCourse(
        target=parts.target,
        non_target=parts.non_target,
        new_lesion=parts.new_lesion,
        as_read=found.as_read.astype(np.int64),
        final=found.final.astype(np.int64),
        is_returned=found.is_returned,
        is_single_node=found.is_single_node,
        is_less_than_cr=found.is_less_than_cr,
        is_nothing_seen=_is_nothing_seen(history, parts, found),
        day=_response_days(history.visits, found.final == PD, first_sign, options.response_date),
    )


def find_silent_visits(history: History) -> Bools:
    """Find the visits after death, cut-off or new therapy: what they show is no reader's error before."""
    rows = history.rows
    return any_by(rows.visit, rows.is_beyond | rows.is_after_therapy, history.courses.n_visits)


def _lay_side_by_side(parts: _Parts, is_beyond: Bools) -> OverallVisits:
    sums = parts.target.sums
    return OverallVisits(
        target=parts.target.response,
        non_target=parts.non_target.response,
        new_lesion=parts.new_lesion.certainty,
        nodes_seen=sums.nodes_seen,
        others_seen=sums.others_seen,
        is_non_target_seen=parts.non_target.is_seen,
        is_confirmed_later=parts.new_lesion.is_confirmed_later,
        is_beyond=is_beyond,
    )


def _is_nothing_seen(history: History, parts: _Parts, found: OverallResponses) -> Bools:
    courses = history.courses
    counts = np.arange(courses.n_visits) > history.visits.opening[courses.course]
    is_less = counts & np.isin(found.final, (PR, SD, NON_CR_NON_PD)) & ~parts.target.is_seen & ~parts.non_target.is_seen
    return is_less & courses.any_before(counts & (found.final == CR))


def _first_signs(parts: _Parts, is_returned: Bools, rule: ResponseDate) -> Ints:
    """Find the first scan of each visit that itself shows progression; LAST_DAY where none does."""
    target, non_target, new_lesion = parts
    target_day = target.sums.last_day if rule is ResponseDate.FDA2007 else target.sums.first_day
    returned_day = np.minimum(target.sums.seen_day, non_target.seen_day)
    signs = (
        (target.response == number_of(TargetResponse.PD), target_day),
        (non_target.response == number_of(NonTargetResponse.PD), non_target.progression_day),
        (new_lesion.certainty == number_of(NewLesion.UNEQUIVOCAL), new_lesion.unequivocal_day),
        (new_lesion.is_confirmed_later, new_lesion.confirmed_day),
        (is_returned, returned_day),
    )
    first: Ints = np.minimum.reduce([np.where(shows, day, LAST_DAY) for shows, day in signs])
    return first


def _response_days(visits: Visits, is_pd: Bools, first_sign: Ints, rule: ResponseDate) -> Ints:
    """Date the responses: PD by the first scan that shows it, all others by the last scan of the time point."""
    if rule is ResponseDate.EARLIEST:
        return visits.first_day
    return np.where(is_pd & (first_sign < LAST_DAY), first_sign, visits.last_day)
