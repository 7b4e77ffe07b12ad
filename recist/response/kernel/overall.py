"""The walk along each course that decides its overall responses (RECIST 1.1 §4.4.1, Tables 1 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.response.kernel.rules import OverallRules

CR, PR, SD, NON_CR_NON_PD, NED, PD = range(6)  # the numbers of OverallResponse
NO_TARGETS = 5  # the number of TargetResponse.NONE
NO_NEW_LESION = 0  # the number of NewLesion.NO


class OverallVisits(NamedTuple):
    """What is known of the parts of the overall response at each visit; shape (n_visits,) each.

    Attributes
    ----------
    target, non_target, new_lesion : numpy.ndarray
        Numbers of TargetResponse, NonTargetResponse and NewLesion.
    nodes_seen, others_seen : numpy.ndarray
        How many target nodes are not of normal size, and how many other targets are not gone.
    is_non_target_seen : numpy.ndarray
        Whether a non-target lesion is present.
    is_confirmed_later : numpy.ndarray
        Whether an equivocal lesion of the visit proved unequivocal at a later one.
    is_beyond : numpy.ndarray
        Whether the visit is later than death, cut-off or new therapy, so that it changes nothing before it.
    """

    target: NDArray[np.integer]
    non_target: NDArray[np.integer]
    new_lesion: NDArray[np.integer]
    nodes_seen: NDArray[np.integer]
    others_seen: NDArray[np.integer]
    is_non_target_seen: NDArray[np.bool_]
    is_confirmed_later: NDArray[np.bool_]
    is_beyond: NDArray[np.bool_]


class OverallResponses(NamedTuple):
    """What the walk finds at each visit; shape (n_visits,) each."""

    as_read: NDArray[np.int8]
    final: NDArray[np.int8]
    is_returned: NDArray[np.bool_]
    is_single_node: NDArray[np.bool_]
    is_less_than_cr: NDArray[np.bool_]


def no_overall_responses(n_visits: int) -> OverallResponses:
    """Make room for the responses of a number of visits."""
    return OverallResponses(
        as_read=np.empty(n_visits, dtype=np.int8),
        final=np.empty(n_visits, dtype=np.int8),
        is_returned=np.empty(n_visits, dtype=bool),
        is_single_node=np.empty(n_visits, dtype=bool),
        is_less_than_cr=np.empty(n_visits, dtype=bool),
    )


@njit(cache=True, nogil=True)
def walk_overall(
    start: NDArray[np.int64],
    baseline: NDArray[np.int64],
    visits: OverallVisits,
    rules: OverallRules,
    found: OverallResponses,
) -> None:
    """Decide the overall response of every visit: by the table, then by what was CR before and what comes later.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    baseline : numpy.ndarray
        The last visit of each course that changes nothing: its baseline, or the last visit that is not after its start;
        shape (n_courses,).
    visits, rules, found
        What is known, what decides, and where the answers go.
    """
    targets, non_targets, new_lesions, nodes_seen, others_seen, is_non_target_seen, is_confirmed_later, _ = visits
    as_reads, finals, is_returned, is_single_node, is_less_than_cr = found
    table = rules.table
    for course in range(baseline.size):
        had_cr = False
        for visit in range(start[course], start[course + 1]):
            by_table = table[targets[visit], non_targets[visit], new_lesions[visit]]
            as_read = by_table
            is_returned[visit], is_single_node[visit], is_less_than_cr[visit] = False, False, False
            if had_cr and _is_seen(nodes_seen[visit], others_seen[visit], is_non_target_seen[visit]):
                is_single = new_lesions[visit] == NO_NEW_LESION and _is_single_node(
                    nodes_seen[visit], others_seen[visit], is_non_target_seen[visit]
                )
                returns = rules.returned_is_pd and not (is_single and rules.single_node_is_equivocal)
                as_read = PD if returns else by_table
                is_returned[visit], is_single_node[visit] = returns, is_single
                is_less_than_cr[visit] = not returns and by_table != PD
            as_reads[visit] = as_read
            finals[visit] = PD if is_confirmed_later[visit] else as_read
            had_cr = had_cr or (by_table == CR and visit > baseline[course])
        if rules.cr_is_recoded:
            _recode_cr(baseline[course] + 1, start[course + 1], visits, rules.single_node_is_equivocal, found)


@njit(cache=True, nogil=True, inline="always")
def _is_seen(nodes_seen: int, others_seen: int, is_non_target_seen: bool) -> bool:
    """Say whether any target or non-target lesion shows disease."""
    return is_non_target_seen or nodes_seen > 0 or others_seen > 0


@njit(cache=True, nogil=True, inline="always")
def _is_single_node(nodes_seen: int, others_seen: int, is_non_target_seen: bool) -> bool:
    """Say whether one target node is the only old lesion that shows disease."""
    return nodes_seen == 1 and others_seen == 0 and not is_non_target_seen


@njit(cache=True, nogil=True)
def _recode_cr(
    first: int, end: int, visits: OverallVisits, single_node_is_equivocal: bool, found: OverallResponses
) -> None:
    """Take a CR for a reader's error where disease is seen at a later visit before any PD. Walks back from the end.

    What was not evaluated contradicts nothing, nor does a single node that by the option is equivocal.
    """
    is_contradicted = False
    for visit in range(end - 1, first - 1, -1):
        if visits.is_beyond[visit]:
            continue
        if found.final[visit] == PD:
            is_contradicted = False
        elif found.final[visit] == CR and is_contradicted:
            found.final[visit] = NON_CR_NON_PD if visits.target[visit] == NO_TARGETS else PR
        elif found.is_less_than_cr[visit]:
            is_contradicted = is_contradicted or not (single_node_is_equivocal and found.is_single_node[visit])
