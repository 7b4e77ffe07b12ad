"""The responses of every visit by iRECIST, as they were read and as they hold in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.criteria.codes import ImmuneResponse
from recist.response.arrays import any_by
from recist.response.choices import PostCR
from recist.response.eligibility import is_up_to
from recist.response.history import number_of
from recist.response.irecist.new_targets import derive_new_targets
from recist.response.irecist.rules import compile_walk_rules
from recist.response.irecist.scene import CourseLesions, Scene, WalkVisits
from recist.response.irecist.sightings import derive_sightings
from recist.response.irecist.walk import Places, walk
from recist.response.overall import find_silent_visits

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria import Criteria
    from recist.criteria.immune_table import ImmuneRules
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.irecist.walk import Walked
    from recist.response.options import Options
    from recist.response.overall import OverallCourse

ICR, IPR, ISD, NON_ICR_NON_IUPD, ICPD = (
    number_of(ImmuneResponse(word)) for word in ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "iCPD")
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImmuneCourse:
    """The responses by iRECIST; shape (n_visits,) each.

    Attributes
    ----------
    as_read : numpy.ndarray
        Number of ImmuneResponse as known at the visit: later visits never change it.
    final : numpy.ndarray
        The same after later visits proved equivocal new lesions, or recoded a complete response.
    walked : Walked
        What the final responses rest on.
    """

    as_read: Ints
    final: Ints
    walked: Walked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """What was recorded, and what RECIST 1.1 makes of it.

    Attributes
    ----------
    history : History
    frame : pandas.DataFrame
        The checked table that was encoded, row by row.
    overall : OverallCourse
    """

    history: History
    frame: pd.DataFrame
    overall: OverallCourse


def derive_immune_course(recorded: Recorded, criteria: Criteria, immune: ImmuneRules, options: Options) -> ImmuneCourse:
    """Decide the response of every visit by iRECIST."""
    history, overall = recorded.history, recorded.overall
    places = Places(
        start=history.courses.start,
        first_lesion=np.searchsorted(history.lesions.series, np.arange(len(history.subject) + 1)),
        baseline=history.visits.baseline,
        opening=history.visits.opening,
    )
    scene = Scene(
        visits=_lay_visits_out(recorded),
        lesions=_lay_lesions_out(recorded, criteria, options),
        sightings=derive_sightings(history, recorded.frame, (criteria, options), in_the_end=True),
        rules=compile_walk_rules(criteria, immune, options),
    )
    walked = walk(places, scene)
    as_read = final = walked.response
    if overall.new_lesion.is_confirmed_later.any():
        unproved = derive_sightings(history, recorded.frame, (criteria, options), in_the_end=False)
        as_read = walk(places, scene._replace(sightings=unproved)).response
    if options.post_cr is PostCR.RECODE_PR:
        final = _recode_first_cr(recorded, final)
    return ImmuneCourse(as_read=as_read, final=final, walked=walked)


def _lay_visits_out(recorded: Recorded) -> WalkVisits:
    history, overall = recorded.history, recorded.overall
    sums, n_visits = overall.target.sums, recorded.history.courses.n_visits
    symptoms = recorded.frame["new_symptoms"].fillna(value=False).to_numpy(dtype=bool)
    return WalkVisits(
        day=_whole(overall.day),
        target=_whole(overall.target.response),
        non_target=_whole(overall.non_target.response),
        total=_whole(sums.total),
        is_complete=sums.is_complete,
        is_target_seen=np.ascontiguousarray(overall.target.is_seen),
        is_non_target_seen=overall.non_target.is_seen,
        is_single_node=overall.is_single_node,
        has_new_symptoms=any_by(history.rows.visit, symptoms, n_visits),
    )


def _lay_lesions_out(recorded: Recorded, criteria: Criteria, options: Options) -> CourseLesions:
    role = recorded.history.lesions.role
    return CourseLesions(
        is_target=role == number_of(LesionRole.TARGET),
        is_non_target=role == number_of(LesionRole.NON_TARGET),
        is_new=role == number_of(LesionRole.NEW),
        is_new_target=derive_new_targets(recorded.history, recorded.frame, criteria, options),
    )


def _whole(values: Ints) -> Ints:
    return values.astype(np.int64, copy=False)


def _recode_first_cr(recorded: Recorded, final: Ints) -> Ints:
    """Take an iCR for a reader's error, it was an iPR, where later, before any iCPD, less is told and disease seen.

    What was not evaluated contradicts nothing, nor does what comes after death, cut-off or new therapy.
    """
    history, parts = recorded.history, recorded.overall
    courses = history.courses
    is_beyond = find_silent_visits(history)
    follow_up = np.arange(courses.n_visits) > history.visits.opening[courses.course]
    is_used = follow_up & ~is_beyond & is_up_to(courses, courses.first(final == ICPD))
    is_seen = parts.target.is_seen | parts.non_target.is_seen
    is_less = is_used & is_seen & np.isin(final, [IPR, ISD, NON_ICR_NON_IUPD])
    is_contradicted = follow_up & (final == ICR)
    is_contradicted &= courses.last(is_less)[courses.course] > np.arange(courses.n_visits)
    has_targets: Bools = recorded.overall.target.sums.n_targets > 0
    return np.where(is_contradicted, np.where(has_targets, IPR, NON_ICR_NON_IUPD), final)
