"""New lesions (RECIST 1.1 §4.3.5): equivocal, unequivocal, and dated back to when they were first seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole, NewLesion
from recist.response.arrays import any_by, courses_from, least_by
from recist.response.choices import SmallNewNode
from recist.response.encode import LAST_DAY
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewLesionCourse:
    """The new lesions of each visit; shape (n_visits,) each.

    Attributes
    ----------
    certainty : numpy.ndarray
        Number of NewLesion, as known at the visit.
    is_confirmed_later : numpy.ndarray
        Whether an equivocal lesion of the visit proved unequivocal at a later one.
    unequivocal_day, confirmed_day : numpy.ndarray
        First scan of the visit that shows an unequivocal lesion, and a lesion confirmed later; LAST_DAY if none.
    """

    certainty: Ints
    is_confirmed_later: Bools
    unequivocal_day: Ints
    confirmed_day: Ints


def derive_new_lesions(history: History, criteria: Criteria, options: Options) -> NewLesionCourse:
    """Say for every visit whether it shows a new lesion and how certain that is."""
    rows, n_visits = history.rows, history.courses.n_visits
    at = np.flatnonzero((rows.role == number_of(LesionRole.NEW)) & history.visits.is_follow_up[rows.visit])
    visit, day = rows.visit[at], rows.day[at]
    is_nodal = history.lesions.is_nodal[rows.lesion[at]]
    finding = decide_seen(rows.finding[at], rows.size[at], is_nodal, criteria, options)
    unequivocal = finding == number_of(Finding.UNEQUIVOCAL)
    equivocal = finding == number_of(Finding.EQUIVOCAL)
    confirmed = equivocal & is_confirmed_later(rows.lesion[at], visit, finding, rows.is_beyond[at])
    certainty = np.select(
        [any_by(visit, unequivocal, n_visits), any_by(visit, equivocal, n_visits)],
        [number_of(NewLesion.UNEQUIVOCAL), number_of(NewLesion.EQUIVOCAL)],
        number_of(NewLesion.NO),
    )
    return NewLesionCourse(
        certainty=certainty,
        is_confirmed_later=any_by(visit, confirmed, n_visits),
        unequivocal_day=least_by(visit, unequivocal, day, n_visits, otherwise=LAST_DAY),
        confirmed_day=least_by(visit, confirmed, day, n_visits, otherwise=LAST_DAY),
    )


def decide_seen(finding: Ints, size: Ints, is_nodal: Bools, criteria: Criteria, options: Options) -> Ints:
    """Judge new lesions given by size only: a node by its short axis, anything else is unequivocal.

    One that is said to progress unequivocally is there.
    """
    is_sized_node = (finding == number_of(Finding.SEEN)) & is_nodal & (size != NO_SIZE)
    is_normal = is_sized_node & (size < criteria.normal_node.hundredths)
    is_small = is_sized_node & (size < criteria.unequivocal_new_node.hundredths)
    if options.new_node is SmallNewNode.PD:
        is_small &= is_normal
    is_there = np.isin(finding, [number_of(Finding.SEEN), number_of(Finding.PROGRESSED)])
    return np.select(
        [is_normal, is_small, is_there],
        [number_of(Finding.ABSENT), number_of(Finding.EQUIVOCAL), number_of(Finding.UNEQUIVOCAL)],
        finding,
    )


def is_confirmed_later(lesion: Ints, visit: Ints, finding: Ints, is_beyond: Bools) -> Bools:
    """Find the sightings that an unequivocal one of the same lesion follows, without the lesion vanishing between.

    What comes after death or cut-off proves nothing that came before.
    """
    finding = np.where(is_beyond, number_of(Finding.EQUIVOCAL), finding)
    order = np.lexsort((visit, lesion))[::-1]  # backwards in time, so that later comes before
    number, place = np.unique(-lesion[order], return_inverse=True)
    courses = courses_from(place.astype(np.int64), len(number))
    found = finding[order]
    step = courses.position
    never = len(order)
    is_end = np.isin(found, [number_of(Finding.UNEQUIVOCAL), number_of(Finding.ABSENT)])
    last_end = -courses.least_before(np.where(is_end, -step, never), otherwise=never)
    end = courses.start[courses.course] + np.maximum(last_end, 0)
    confirmed = np.zeros(never, dtype=bool)
    if never:
        confirmed[order] = (last_end >= 0) & (found[np.minimum(end, never - 1)] == number_of(Finding.UNEQUIVOCAL))
    return confirmed
