"""Overall response at each time point (RECIST 1.1 §4.4.1, Tables 1 and 2) and what comes before and after changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.response_table import compile_table
from recist.response.choices import NoDisease, PostCR, ResponseDate, ReturningNode
from recist.response.encode import LAST_DAY
from recist.response.history import number_of
from recist.response.new_lesion import derive_new_lesions
from recist.response.non_target import derive_non_target_response
from recist.response.target import derive_target_response

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History, Visits
    from recist.response.new_lesion import NewLesionCourse
    from recist.response.non_target import NonTargetCourse
    from recist.response.options import Options
    from recist.response.target import TargetCourse

CR, PR, SD, PD, NE = (number_of(OverallResponse(word)) for word in ("CR", "PR", "SD", "PD", "NE"))
NON_CR_NON_PD, NED = number_of(OverallResponse.NON_CR_NON_PD), number_of(OverallResponse.NED)

_compiled = cache(lambda criteria: compile_table(criteria.overall))


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
    day: Ints


def derive_overall_response(history: History, criteria: Criteria, options: Options) -> OverallCourse:
    """Decide the overall response of every visit."""
    parts = _Parts(
        target=derive_target_response(history, criteria, options),
        non_target=derive_non_target_response(history, options),
        new_lesion=derive_new_lesions(history, criteria, options),
    )
    target, non_target, new_lesion = parts
    by_table = _compiled(criteria)[target.response, non_target.response, new_lesion.certainty]
    if options.no_disease is NoDisease.NE:
        by_table = np.where(by_table == NED, NE, by_table)

    courses, follow_up = history.courses, history.visits.is_follow_up
    is_seen = target.is_seen | non_target.is_seen
    seen_after_cr = is_seen & courses.any_before((by_table == CR) & follow_up)
    is_single_node = seen_after_cr & _is_single_node(parts)
    is_returned = seen_after_cr & (options.post_cr is PostCR.PD)
    if options.returning_node is ReturningNode.EQUIVOCAL:
        is_returned &= ~is_single_node
    as_read = np.where(is_returned, PD, by_table)
    final = np.where(new_lesion.is_confirmed_later, PD, as_read)
    if options.post_cr is PostCR.RECODE_PR:
        final = _recode_first_cr(history, final, target)
    first_sign = _first_signs(parts, is_returned, options.response_date)
    return OverallCourse(
        target=target,
        non_target=non_target,
        new_lesion=new_lesion,
        as_read=as_read,
        final=final,
        is_returned=is_returned,
        is_single_node=is_single_node,
        is_less_than_cr=seen_after_cr & ~is_returned & (by_table != PD),
        day=_response_days(history.visits, final == PD, first_sign, options.response_date),
    )


def _is_single_node(parts: _Parts) -> Bools:
    """Say whether one target node is the only sign of disease at a visit."""
    sums = parts.target.sums
    no_new = parts.new_lesion.certainty == number_of(NewLesion.NO)
    single: Bools = (sums.nodes_seen == 1) & (sums.others_seen == 0) & ~parts.non_target.is_seen & no_new
    return single


def _recode_first_cr(history: History, final: Ints, target: TargetCourse) -> Ints:
    """Take a CR that a later response contradicts for a reader's error: it was a PR."""
    courses, follow_up = history.courses, history.visits.is_follow_up
    less = follow_up & ((final == PR) | (final == SD) | (final == NON_CR_NON_PD))
    is_contradicted = (final == CR) & follow_up & (courses.last(less)[courses.course] > np.arange(courses.n_visits))
    no_targets = target.response == number_of(TargetResponse.NONE)
    return np.where(is_contradicted, np.where(no_targets, NON_CR_NON_PD, PR), final)


def _first_signs(parts: _Parts, is_returned: Bools, rule: ResponseDate) -> Ints:
    """Find the first scan of each visit that itself shows progression; LAST_DAY where none does."""
    target, non_target, new_lesion = parts
    target_day = target.sums.last_day if rule is ResponseDate.FDA2007 else target.sums.first_day
    returned_day = np.minimum(np.where(target.is_seen, target.sums.first_day, LAST_DAY), non_target.seen_day)
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
