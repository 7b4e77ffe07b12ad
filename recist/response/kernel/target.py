"""The walk along each course that decides its target responses (RECIST 1.1 §4.3.1 and §4.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.response.kernel.rules import TargetRules

CR, PR, SD, PD, NE, NONE = range(6)  # the numbers of TargetResponse
NO_SUM = -1
SIZE_DECIDES = 2  # in place of whether the attenuation is known
NO_NADIR = 2**40  # larger than every sum
WHOLE = 1000  # thousandths: one decimal place of a percentage


class TargetVisits(NamedTuple):
    """What is known of the target lesions at each visit; shape (n_visits,) each.

    Attributes
    ----------
    n_targets : numpy.ndarray
        Target lesions at the baseline of the course.
    total : numpy.ndarray
        Sum of the values there are, or NO_SUM.
    is_complete : numpy.ndarray
        Whether every baseline target has a value.
    n_seen : numpy.ndarray
        How many target lesions show disease.
    is_attenuation_response : numpy.ndarray
        Whether the attenuation fell enough for a partial response.
    is_attenuation_known : numpy.ndarray
        1 where that can be said, 0 where not, SIZE_DECIDES where the size is to decide alone.
    day : numpy.ndarray
        Last scan of the visit.
    """

    n_targets: NDArray[np.integer]
    total: NDArray[np.int64]
    is_complete: NDArray[np.bool_]
    n_seen: NDArray[np.integer]
    is_attenuation_response: NDArray[np.bool_]
    is_attenuation_known: NDArray[np.integer] | NDArray[np.bool_]
    day: NDArray[np.int64]


class OneVisit(NamedTuple):
    """What is known of the target lesions at one visit; the fields are those of TargetVisits."""

    n_targets: int
    total: int
    is_complete: bool
    n_seen: int
    is_attenuation_response: bool
    is_attenuation_known: int


class TargetResponses(NamedTuple):
    """What the walk finds at each visit; shape (n_visits,) each."""

    response: NDArray[np.int8]
    nadir: NDArray[np.int64]
    is_small_node_growth: NDArray[np.bool_]
    is_persisting_pr: NDArray[np.bool_]


def no_target_responses(n_visits: int) -> TargetResponses:
    """Make room for the responses of a number of visits."""
    return TargetResponses(
        response=np.empty(n_visits, dtype=np.int8),
        nadir=np.empty(n_visits, dtype=np.int64),
        is_small_node_growth=np.empty(n_visits, dtype=bool),
        is_persisting_pr=np.empty(n_visits, dtype=bool),
    )


@njit(cache=True, nogil=True)
def walk_targets(
    start: NDArray[np.int64],
    begins: tuple[NDArray[np.int64], NDArray[np.int64]],
    visits: TargetVisits,
    rules: TargetRules,
    found: TargetResponses,
) -> None:
    """Decide the target response of every visit, along with the nadir before it.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    begins : tuple of numpy.ndarray
        The baseline visit of each course, and its last visit that is not after its start, at least the baseline; shape
        (n_courses,) each. But for the baseline, visits up to there change nothing that comes later.
    visits, rules, found
        What is known, what decides, and where the answers go.
    """
    n_targets, total, is_complete, n_seen, is_attenuation_response, is_attenuation_known, day = visits
    responses, nadirs, is_small_node_growth, is_persisting_pr = found
    baseline, opening = begins
    for course in range(baseline.size):
        zero = total[baseline[course]] if is_complete[baseline[course]] else NO_SUM
        nadir = NO_NADIR
        has_disease = n_seen[baseline[course]] > 0
        is_held = False
        for visit in range(start[course], start[course + 1]):
            here = OneVisit(
                n_targets[visit],
                total[visit],
                is_complete[visit],
                n_seen[visit],
                is_attenuation_response[visit],
                is_attenuation_known[visit],
            )
            response, is_small_node_growth[visit] = _decide(here, zero, nadir, rules)
            if not has_disease and response in (CR, PR, SD):
                response, is_small_node_growth[visit] = NE, False  # there is nothing that could respond
            nadirs[visit] = nadir
            is_persisting_pr[visit] = response == SD and is_held
            responses[visit] = PR if is_persisting_pr[visit] else response
            may_be_nadir = is_complete[visit] or rules.nadir_partial
            counts = visit == baseline[course] or visit > opening[course]
            if counts and total[visit] != NO_SUM and may_be_nadir:
                nadir = min(nadir, total[visit])
            if rules.pr_persists and visit > opening[course]:
                if response in (CR, PR) and not is_held:
                    once_confirmed = rules.pr_persists_once_confirmed
                    is_held = not once_confirmed or _confirms(opening[course] + 1, visit, responses, day, rules)
                elif response == PD:
                    is_held = False


@njit(cache=True, nogil=True)
def _confirms(first: int, visit: int, responses: NDArray[np.int8], day: NDArray[np.int64], rules: TargetRules) -> bool:
    """Say whether a response confirms an earlier one, by the interval and by what may lie between."""
    n_ne, n_sd = 0, 0
    for before in range(visit - 1, first - 1, -1):
        response = responses[before]
        is_kept = rules.anything_between or (n_ne <= rules.max_ne and n_sd <= rules.accept_sd)
        if response == PD or not is_kept:
            return False
        if response in (CR, PR) and day[visit] - day[before] >= rules.confirmation_days:
            return True
        n_ne += response == NE
        n_sd += response == SD
    return False


@njit(cache=True, nogil=True, inline="always")
def _decide(here: OneVisit, baseline: int, nadir: int, rules: TargetRules) -> tuple[int, bool]:
    """Decide one visit: CR before PD before PR before SD. Also say whether nodes grew enough for PD despite CR."""
    if here.n_targets == 0:
        return NONE, False
    if NO_SUM in (here.total, baseline) or nadir == NO_NADIR:
        return NE, False
    is_cr = here.is_complete and here.n_seen == 0
    is_pd = (here.is_complete or rules.partial_pd) and has_grown(here.total - nadir, nadir, rules)
    if rules.attenuation_counts and here.is_attenuation_response:
        is_pd = False
    if is_cr and not (is_pd and rules.small_node_growth_is_pd):
        return CR, is_pd
    if is_pd:
        return (NE if rules.attenuation_counts and not here.is_attenuation_known else PD), is_cr
    if not here.is_complete:
        return NE, False
    return _decide_partial(here, baseline, rules), False


@njit(cache=True, nogil=True, inline="always")
def has_grown(increase: int, nadir: int, rules: TargetRules) -> bool:
    """Say whether the sum grew enough: by the ratio to the nadir, and by the least number of millimetres."""
    if increase <= 0 or increase < rules.progression_increase:
        return False
    return _reaches(increase, nadir, rules.growth_numerator, rules.growth_denominator, rules.percent_is_rounded)


@njit(cache=True, nogil=True, inline="always")
def _decide_partial(here: OneVisit, baseline: int, rules: TargetRules) -> int:
    """Decide between PR and SD: whether the sum fell enough, or the attenuation, or both, as the criteria want it.

    Where the attenuation is not known and would decide, the visit is NE.
    """
    has_fallen = _reaches(
        baseline - here.total,
        baseline,
        rules.decrease_numerator,
        rules.decrease_denominator,
        rules.percent_is_rounded,
    )
    if not rules.attenuation_counts or has_fallen != rules.attenuation_is_needed:
        return PR if has_fallen else SD
    if here.is_attenuation_known == SIZE_DECIDES:
        return PR if has_fallen else SD
    if not here.is_attenuation_known:
        return NE
    return PR if here.is_attenuation_response else SD


@njit(cache=True, nogil=True, inline="always")
def _reaches(change: int, reference: int, numerator: int, denominator: int, is_rounded: bool) -> bool:
    """Say whether a change is at least a ratio of its reference, by products of whole numbers.

    With `is_rounded` the percentage is first rounded half up to one decimal place.
    """
    if is_rounded:
        safe = max(reference, 1)
        change = (2 * WHOLE * change + safe) // (2 * safe)
        reference = WHOLE
    return denominator * change >= numerator * reference
