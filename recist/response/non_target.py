"""Response of the non-target lesions (RECIST 1.1 §4.3.3): the reader's words, and by an option the size of nodes.

Tumour markers belong to it: one that was abnormal at baseline must be normal in a complete response. One that was
normal at baseline decides nothing, and no marker is ever progression.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole, NonTargetResponse
from recist.response.arrays import any_by, count_by, least_by
from recist.response.choices import MissingMarker, NonTargetNodes, NonTargetPartial
from recist.response.encode import LAST_DAY
from recist.response.entries import derive_coverage, entries_of
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.entries import Entries
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
    is_held_by_marker : numpy.ndarray
        Whether the response is not CR because a tumour marker is not known to be normal again.
    """

    response: Ints
    is_seen: Bools
    progression_day: Ints
    seen_day: Ints
    is_held_by_marker: Bools


def derive_non_target_response(history: History, criteria: Criteria, options: Options) -> NonTargetCourse:
    """Decide the non-target response of every visit: PD, then NE if any was not evaluated, then CR or neither."""
    entries = _judge_nodes(entries_of(history, LesionRole.NON_TARGET), criteria, options)
    entries = _without_absent_at_baseline(history, entries)
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
    held = _is_held_by_marker(history, response, options)
    return NonTargetCourse(
        response=np.where(held, number_of(NonTargetResponse.NON_CR_NON_PD), response),
        is_seen=is_seen,
        progression_day=least_by(entries.visit, progressed, entries.day, n_visits, otherwise=LAST_DAY),
        seen_day=least_by(entries.visit, present, entries.day, n_visits, otherwise=LAST_DAY),
        is_held_by_marker=held,
    )


def _judge_nodes(entries: Entries, criteria: Criteria, options: Options) -> Entries:
    """Take, by the option, a measured node of normal size for absent."""
    if options.non_target_nodes is NonTargetNodes.AS_READ or not criteria.nodes_by_short_axis:
        return entries
    is_present = entries.finding == number_of(Finding.PRESENT)
    is_sized_node = is_present & entries.is_own & entries.is_nodal & (entries.size != NO_SIZE)
    is_normal = is_sized_node & (entries.size < criteria.normal_node.hundredths)
    return replace(entries, finding=np.where(is_normal, number_of(Finding.ABSENT), entries.finding))


def _without_absent_at_baseline(history: History, entries: Entries) -> Entries:
    """Leave out what says nothing: that a lesion which was absent at baseline is still absent, or was not evaluated.

    Such a lesion is no disease of baseline that could respond; where it is seen later, it counts as seen.
    """
    n_lesions = len(history.lesions.role)
    is_absent = entries.finding == number_of(Finding.ABSENT)
    at_baseline = history.visits.is_baseline[entries.visit]
    was_absent = any_by(entries.lesion, is_absent & at_baseline, n_lesions)
    was_absent &= ~any_by(entries.lesion, ~is_absent & at_baseline, n_lesions)  # of one in several parts every part
    if not was_absent.any():
        return entries
    is_silent = is_absent | (entries.finding == number_of(Finding.NOT_EVALUATED))
    return entries.at(np.flatnonzero(~(is_silent & was_absent[entries.lesion])))


def _is_held_by_marker(history: History, response: Ints, options: Options) -> Bools:
    """Find the visits that cannot be CR because a marker that was abnormal at baseline is not normal.

    Without non-target lesions this holds back the CR of the targets; without any lesions there is nothing to hold back.
    """
    rows, lesions, n_visits = history.rows, history.lesions, history.courses.n_visits
    is_marker = rows.role == number_of(LesionRole.MARKER)
    if not is_marker.any():
        return np.zeros(n_visits, dtype=bool)
    n_lesions = len(lesions.role)
    is_abnormal = is_marker & (rows.finding == number_of(Finding.ABNORMAL))
    at_baseline = history.visits.is_baseline[rows.visit]
    was_abnormal = any_by(rows.lesion, is_abnormal & at_baseline, n_lesions)
    is_normal = is_marker & (rows.finding == number_of(Finding.NORMAL)) & was_abnormal[rows.lesion]
    n_abnormal_then = count_by(lesions.series, was_abnormal, history.courses.n_courses)[history.courses.course]
    is_held = any_by(rows.visit, is_abnormal & was_abnormal[rows.lesion], n_visits)
    if options.marker_missing is MissingMarker.NOT_CR:
        is_held |= count_by(rows.visit, is_normal, n_visits) < n_abnormal_then
    is_target = (rows.role == number_of(LesionRole.TARGET)) & at_baseline
    has_targets = any_by(lesions.series[rows.lesion], is_target, history.courses.n_courses)[history.courses.course]
    would_be_cr = response == number_of(NonTargetResponse.CR)
    would_be_cr |= has_targets & (response == number_of(NonTargetResponse.NONE))
    held: Bools = is_held & would_be_cr
    return held
