"""The walk along each course that decides its responses by iRECIST; compiled.

An iUPD waits until a later visit is worse, which confirms it, or shows iCR, iPR or iSD, which ends it and sets the bar
anew. The table of cited rows has the last word; the walk finds what goes into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from recist.response.irecist.compare import EARLY_NOT_USED, LATE_NOT_USED, STANDING, WORSE, compare, is_late
from recist.response.irecist.memory import (
    AFTER_CR,
    DRIVERS,
    HAS_GAP,
    IS_CONFIRMED,
    IS_GROWTH,
    LAST_JUDGED,
    N_FRESH,
    N_TARGETS,
    N_WITHOUT_SIZE,
    NEVER,
    NO_CHANGE,
    NO_SIZE,
    PENDING,
    SETTLED,
    TARGET_TOTAL,
    TOTAL,
    forget_iupd,
    forget_new_lesions,
    look,
    look_away,
    no_mind,
    remember,
    start_course,
)
from recist.response.irecist.new_disease import find_new_disease, keep_new_nadir

if TYPE_CHECKING:
    from recist.response.arrays import Ints
    from recist.response.irecist.compare import Compared
    from recist.response.irecist.memory import Memory, Mind
    from recist.response.irecist.scene import Scene

ICR, IPR, ISD, NON_ICR_NON_IUPD, NED, IUPD, ICPD, NE = range(8)  # the numbers of ImmuneResponse

# Signs beside a response, one bit each, above those of what is worse: the category that starts an iUPD, disease seen
# after an iCR, no change, confirmed before, the end of an iUPD, and what is said of the time of a confirmation, new
# lesions that stay beside a response.
STARTED = 8  # how far the bits of the categories are moved
RETURNED, STAYS, STANDS, BAR_RESET, LATE, NOT_JUDGED, NEW_STAYS = (1 << place for place in range(11, 18))


class Places(NamedTuple):
    """Where each course begins.

    Attributes
    ----------
    start, first_lesion : numpy.ndarray
        Its first visit and its first lesion, and last the number of all; shape (n_courses + 1,).
    baseline, opening : numpy.ndarray
        Its baseline visit, and its last visit that is not after its start; shape (n_courses,). What is found from the
        one to the other is forgotten.
    """

    start: Ints
    first_lesion: Ints
    baseline: Ints
    opening: Ints


class Walked(NamedTuple):
    """What the walk finds at each visit; shape (n_visits,) each.

    Attributes
    ----------
    response : numpy.ndarray
        Number of ImmuneResponse.
    signs : numpy.ndarray
        What made it so, one bit a sign.
    pending : numpy.ndarray
        The iUPD that waits at this visit, itself included, or that it confirms; NEVER when none does.
    new_total : numpy.ndarray
        Sum of the new targets in hundredths of a mm, or NO_SIZE when there is none or one has no size.
    target_change : numpy.ndarray
        Change of the sum of the targets since the iUPD that waited, in hundredths of a mm, or NO_CHANGE.
    """

    response: Ints
    signs: Ints
    pending: Ints
    new_total: Ints
    target_change: Ints


def walk(places: Places, scene: Scene) -> Walked:
    """Decide the response of every visit after baseline."""
    n_visits = len(scene.visits.day)
    walked = Walked(
        response=np.full(n_visits, NE, dtype=np.int64),
        signs=np.zeros(n_visits, dtype=np.int64),
        pending=np.full(n_visits, NEVER, dtype=np.int64),
        new_total=np.full(n_visits, NO_SIZE, dtype=np.int64),
        target_change=np.full(n_visits, NO_CHANGE, dtype=np.int64),
    )
    _walk_courses(places, scene, no_mind(len(scene.lesions.is_new)), walked)
    return walked


@njit(cache=True, nogil=True)
def _walk_courses(places: Places, scene: Scene, mind: Mind, walked: Walked) -> None:
    """Walk every course."""
    kept, new = mind.kept, mind.new
    for course in range(places.baseline.size):
        start_course(kept, places.first_lesion[course], places.first_lesion[course + 1])
        for visit in range(places.baseline[course] + 1, places.start[course + 1]):
            look(visit, scene.sightings, mind.memory)
            find_new_disease(visit, scene.lesions, mind)
            compared = compare(visit, scene, mind)
            response = _decide(visit, scene, compared, kept)
            walked.response[visit] = response
            walked.signs[visit] = _signs(visit, scene, compared, response, kept)
            walked.target_change[visit] = compared.change
            if new[N_TARGETS] > 0 and new[N_WITHOUT_SIZE] == 0:
                walked.new_total[visit] = new[TOTAL]
            keep_new_nadir(kept, new)
            _keep(visit, scene, mind, compared, response)
            walked.pending[visit] = kept[PENDING]
            look_away(visit, scene.sightings, mind.memory)
            if visit <= places.opening[course]:
                forget_iupd(kept, mind.memory)
                forget_new_lesions(kept, mind.memory)
                start_course(kept, places.first_lesion[course], places.first_lesion[course + 1])


@njit(cache=True, nogil=True)
def _decide(visit: int, scene: Scene, compared: Compared, kept: Ints) -> int:
    """Ask the table; disease after an iCR is an iUPD, and what was confirmed stays confirmed."""
    target, non_target = scene.visits.target[visit], scene.visits.non_target[visit]
    response = scene.rules.table[target, non_target, compared.disease, compared.since]
    if kept[PENDING] == NEVER and compared.returned:
        return IUPD
    if response == IUPD and kept[IS_CONFIRMED]:
        return ICPD
    return int(response)


@njit(cache=True, nogil=True)
def _signs(visit: int, scene: Scene, compared: Compared, response: int, kept: Ints) -> int:
    """Write down what made the response."""
    signs = compared.signs
    if compared.disease == STANDING and response < IUPD:
        signs |= NEW_STAYS
    if kept[PENDING] == NEVER:
        if response == IUPD:
            signs |= compared.progressed << STARTED
        return signs | RETURNED if compared.returned else signs
    if response == NE:
        return signs | NOT_JUDGED
    if response == ICPD:
        if compared.since != WORSE:
            return signs | STANDS
        return signs | LATE if is_late(visit, scene, kept) else signs
    if response == IUPD:
        return signs if signs & (EARLY_NOT_USED | LATE_NOT_USED) else signs | STAYS
    return signs | BAR_RESET


@njit(cache=True, nogil=True)
def _keep(visit: int, scene: Scene, mind: Mind, compared: Compared, response: int) -> None:
    """Keep in mind what the next visits are compared with."""
    kept, memory = mind.kept, mind.memory
    if response == IUPD and kept[PENDING] == NEVER:
        kept[PENDING] = visit
        kept[DRIVERS] = compared.progressed
        kept[IS_GROWTH] = mind.new[N_FRESH] == 0
        if scene.visits.is_complete[visit]:
            kept[TARGET_TOTAL] = scene.visits.total[visit]
    if kept[PENDING] != NEVER:
        kept[HAS_GAP] = response == NE
        kept[LAST_JUDGED] = kept[LAST_JUDGED] if response == NE else visit
    if response == ICPD:
        kept[IS_CONFIRMED] = 1
    if response < IUPD:
        _settle(visit, kept, memory, response)
    if kept[PENDING] != NEVER:
        remember(visit, scene.sightings, memory)


@njit(cache=True, nogil=True)
def _settle(visit: int, kept: Ints, memory: Memory, response: int) -> None:
    """End the iUPD that waited: known new lesions that stay are no progression from now on, until they grow."""
    if kept[PENDING] != NEVER:
        forget_iupd(kept, memory)
        kept[SETTLED] = visit
        kept[AFTER_CR] = 0
    if response == ICR:
        kept[AFTER_CR] = 1
    if response in (ICR, NED):
        forget_new_lesions(kept, memory)
