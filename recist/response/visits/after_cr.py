"""What less than CR after a CR is, when only overall responses are known (RECIST 1.1 Table 3, note).

The walk is the one that judges lesions: there disease that is seen again counts, here a response that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.choices import PostCR
from recist.response.history import number_of
from recist.response.kernel.overall import (
    NO_TARGETS,
    OverallResponses,
    OverallVisits,
    no_overall_responses,
    walk_overall,
)
from recist.response.kernel.rules import OverallRules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.response.arrays import Bools, Courses, Ints
    from recist.response.options import Options

LESS_THAN_CR = (OverallResponse.PR, OverallResponse.SD, OverallResponse.NON_CR_NON_PD)
_CR, _NON_TARGET_ONLY = number_of(OverallResponse.CR), number_of(OverallResponse.NON_CR_NON_PD)
_PLACE_OF_PD = len(OverallResponse)  # its own place is that of a course without target lesions


def judge_after_cr(
    response: Ints, courses: Courses, baseline: Ints, is_beyond: Bools, options: Options
) -> OverallResponses:
    """Judge the responses that follow a CR; NE is never made PD.

    Parameters
    ----------
    response : numpy.ndarray
        Number of OverallResponse of each visit, as given; shape (n_visits,).
    courses : Courses
    baseline : numpy.ndarray
        The last visit of each course that is not after its start, or the one before its first; shape (n_courses,).
    is_beyond : numpy.ndarray
        Which visits are later than death, cut-off or new therapy; shape (n_visits,).
    options : Options
    """
    less = np.isin(response, [number_of(word) for word in LESS_THAN_CR])
    false, zero = np.zeros(len(response), dtype=bool), np.zeros(len(response), dtype=np.int8)
    visits = OverallVisits(
        target=_places(response, courses),
        non_target=zero,
        new_lesion=zero,
        nodes_seen=zero,
        others_seen=less.astype(np.int8),
        is_non_target_seen=false,
        is_confirmed_later=false,
        is_beyond=is_beyond,
    )
    rules = OverallRules(
        table=_TABLE,
        returned_is_pd=options.post_cr is PostCR.PD,
        single_node_is_equivocal=False,
        cr_is_recoded=options.post_cr is PostCR.RECODE_PR,
    )
    found = no_overall_responses(len(response))
    walk_overall(courses.start, baseline, visits, rules, found)
    return found


def _places(response: Ints, courses: Courses) -> Ints:
    """Give each response its row in the table; a CR in a course with NON-CR/NON-PD is one without target lesions."""
    place = np.where(response == number_of(OverallResponse.PD), _PLACE_OF_PD, response)
    without_targets = np.zeros(courses.n_courses, dtype=bool)
    without_targets[courses.course[response == _NON_TARGET_ONLY]] = True
    return np.where((response == _CR) & without_targets[courses.course], NO_TARGETS, place)


def _table() -> NDArray[np.int8]:
    """Lay out which response each row stands for: itself, but for the two that changed places."""
    rows = np.arange(len(OverallResponse) + 1)
    rows[NO_TARGETS] = _CR
    rows[_PLACE_OF_PD] = number_of(OverallResponse.PD)
    return rows.astype(np.int8).reshape(-1, 1, 1)


_TABLE = _table()
