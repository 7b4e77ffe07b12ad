"""One visit against the iUPD that waits: which categories progressed, and what is worse since; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from numba import njit

from recist.response.irecist.memory import (
    AFTER_CR,
    CHANGE,
    DRIVERS,
    END_LESION,
    FIRST_LESION,
    HAS_GAP,
    IS_CONFIRMED,
    IS_GROWTH,
    LAST_JUDGED,
    N_COMPARED,
    N_FRESH,
    N_LARGER,
    N_LOST,
    N_OPEN_THERE,
    N_OPEN_UNKNOWN,
    N_PROGRESSED,
    N_THERE,
    N_UNKNOWN,
    NEVER,
    NO_CHANGE,
    NO_SIZE,
    PENDING,
    TARGET_TOTAL,
)
from recist.response.irecist.new_disease import has_new_growth
from recist.response.irecist.sightings import GONE, PRESENT

if TYPE_CHECKING:
    from recist.response.arrays import Ints
    from recist.response.irecist.memory import Mind
    from recist.response.irecist.scene import Scene

TARGET, NON_TARGET, NEW = 1, 2, 4  # categories, one bit each
PD_TARGET, PD_NON_TARGET, NE_NON_TARGET = 3, 2, 3  # numbers of TargetResponse and NonTargetResponse
NO_DISEASE, STANDING, DISEASE_NOT_EVALUATED, PROGRESSED = range(4)  # the numbers of NewDisease
NO_IUPD, WORSE, UNCHANGED, IMPROVED, NOT_EVALUATED = range(5)  # the numbers of SinceIUPD

# What is worse since the iUPD, and whether an early scan may say so; one bit each.
TARGET_GREW, NON_TARGET_GREW, NEW_TARGET_GREW, NEW_LARGER, NEW_FURTHER, CATEGORY = (1 << place for place in range(6))
EARLY_NOT_USED, EARLY_USED, LATE_NOT_USED = 1 << 6, 1 << 7, 1 << 18


class Compared(NamedTuple):
    """What a visit is beside the iUPD that waits.

    Attributes
    ----------
    progressed : int
        Categories that progressed by RECIST 1.1, one bit each.
    returned : int
        Categories in which disease is seen after an iCR.
    disease : int
        Number of NewDisease.
    since : int
        Number of SinceIUPD.
    signs : int
        What is worse, one bit each.
    change : int
        Change of the sum of the targets since the iUPD, or NO_CHANGE; none where a target compared has no size.
    """

    progressed: int
    returned: int
    disease: int
    since: int
    signs: int
    change: int


@njit(cache=True, nogil=True)
def compare(visit: int, scene: Scene, mind: Mind) -> Compared:
    """Find out what goes into the table of responses at a visit."""
    kept, rules = mind.kept, scene.rules
    returned = _returned(visit, scene, kept)
    progressed = _progressed(visit, scene, mind)
    if kept[PENDING] == NEVER:
        progressed |= returned
        return Compared(progressed, returned, _new_disease(progressed, mind.new), NO_IUPD, 0, NO_CHANGE)
    progressed |= returned & ~kept[DRIVERS]
    change = _target_change(visit, scene, mind)
    signs = _worse(visit, scene, mind, progressed, change)
    waited = scene.visits.day[visit] - scene.visits.day[kept[PENDING]]
    if signs and waited < rules.earliest:
        is_used = scene.visits.has_new_symptoms[visit] and mind.new[N_FRESH] > 0
        signs |= EARLY_USED if is_used else EARLY_NOT_USED
    elif signs and rules.late_scan_waits and is_late(visit, scene, kept):
        signs |= LATE_NOT_USED
    if signs:
        since = UNCHANGED if signs & (EARLY_NOT_USED | LATE_NOT_USED) else WORSE
    else:
        since = _not_worse(visit, scene, mind, returned, change)
    shown = change if _is_whole(visit, scene, mind) else NO_CHANGE
    return Compared(progressed, returned, _new_disease(progressed, mind.new), since, signs, shown)


@njit(cache=True, nogil=True)
def is_late(visit: int, scene: Scene, kept: Ints) -> bool:
    """Say whether a visit that may confirm an iUPD comes late after it was last seen, or after one that was NE."""
    waited = scene.visits.day[visit] - scene.visits.day[kept[LAST_JUDGED]]
    return bool(not kept[IS_CONFIRMED] and (waited > scene.rules.late or kept[HAS_GAP]))


@njit(cache=True, nogil=True)
def _returned(visit: int, scene: Scene, kept: Ints) -> int:
    """Give the categories in which disease is seen after an iCR; a new lesion that comes back is a new one anyway."""
    if not kept[AFTER_CR] or not scene.rules.returned_is_progression:
        return 0
    if scene.visits.is_single_node[visit] and scene.rules.single_node_is_equivocal:
        return 0
    target = TARGET if scene.visits.is_target_seen[visit] else 0
    return target | (NON_TARGET if scene.visits.is_non_target_seen[visit] else 0)


@njit(cache=True, nogil=True)
def _progressed(visit: int, scene: Scene, mind: Mind) -> int:
    """Give the categories that progressed by RECIST 1.1."""
    progressed = 0
    if scene.visits.target[visit] == PD_TARGET:
        progressed |= TARGET
    if scene.visits.non_target[visit] == PD_NON_TARGET:
        progressed |= NON_TARGET
    is_fresh = mind.new[N_FRESH] > 0 or mind.new[N_PROGRESSED] > 0
    if is_fresh or has_new_growth(mind.kept, mind.new, scene.rules):
        progressed |= NEW
    return progressed


@njit(cache=True, nogil=True)
def _new_disease(progressed: int, new: Ints) -> int:
    """Put what is known of the new lesions into one word."""
    if progressed & NEW:
        return PROGRESSED
    if new[N_THERE] > 0:
        return STANDING
    return DISEASE_NOT_EVALUATED if new[N_UNKNOWN] > 0 else NO_DISEASE


@njit(cache=True, nogil=True)
def _target_change(visit: int, scene: Scene, mind: Mind) -> int:
    """Give the change of the targets since the iUPD: of their sum, or where that was partial of those it held."""
    total, kept = scene.visits.total[visit], mind.kept
    if total < 0:
        return NO_CHANGE
    if kept[TARGET_TOTAL] != NO_SIZE:
        return int(total - kept[TARGET_TOTAL])
    n_compared, change = 0, 0
    for lesion in range(kept[FIRST_LESION], kept[END_LESION]):
        if scene.lesions.is_target[lesion] and mind.memory.reference[lesion] != NO_SIZE:
            n_compared += 1
            change += max(mind.memory.size[lesion], 0) - mind.memory.reference[lesion]
    return change if n_compared else NO_CHANGE


@njit(cache=True, nogil=True)
def _is_whole(visit: int, scene: Scene, mind: Mind) -> bool:
    """Say whether every target that is compared with the iUPD has a size; a mass speaks for those it covers."""
    kept, memory = mind.kept, mind.memory
    if scene.visits.is_complete[visit]:
        return True
    if kept[TARGET_TOTAL] != NO_SIZE:
        return False
    sightings = scene.sightings
    for place in range(sightings.start[visit], sightings.start[visit + 1]):
        lesion = sightings.lesion[place]
        if scene.lesions.is_target[lesion] and memory.reference[lesion] != NO_SIZE and not sightings.is_whole[place]:
            return False
    for lesion in range(kept[FIRST_LESION], kept[END_LESION]):
        is_known = memory.status[lesion] in (GONE, PRESENT)
        if scene.lesions.is_target[lesion] and memory.reference[lesion] != NO_SIZE and not is_known:
            return False
    return True


@njit(cache=True, nogil=True)
def _worse(visit: int, scene: Scene, mind: Mind, progressed: int, change: int) -> int:
    """Say what is worse than at the iUPD: in the categories that made it, or in one that progresses first now."""
    drivers, rules, new = mind.kept[DRIVERS], scene.rules, mind.new
    signs = CATEGORY if progressed & ~drivers else 0
    may_be_partial = scene.visits.is_complete[visit] or rules.targets.partial_pd
    if drivers & TARGET and may_be_partial and change >= rules.confirming_increase:
        signs |= TARGET_GREW
    if drivers & NON_TARGET and _has_larger_non_target(scene, mind):
        signs |= NON_TARGET_GREW
    if not drivers & NEW:
        return signs
    may_be_partial = new[N_LOST] == 0 or rules.targets.partial_pd
    if new[N_COMPARED] > 0 and may_be_partial and new[CHANGE] >= rules.confirming_increase:
        signs |= NEW_TARGET_GREW
    if new[N_LARGER] > 0:
        signs |= NEW_LARGER
    return signs | NEW_FURTHER if new[N_FRESH] > 0 else signs


@njit(cache=True, nogil=True)
def _has_larger_non_target(scene: Scene, mind: Mind) -> bool:
    """Say whether a non-target lesion is larger by the reader's word, or has progressed since the iUPD."""
    memory = mind.memory
    for lesion in range(mind.kept[FIRST_LESION], mind.kept[END_LESION]):
        if not scene.lesions.is_non_target[lesion]:
            continue
        has_progressed = memory.is_progressed[lesion] and memory.was_judged[lesion]
        if memory.is_increased[lesion] or (has_progressed and not memory.was_progressed[lesion]):
            return True
    return False


@njit(cache=True, nogil=True)
def _not_worse(visit: int, scene: Scene, mind: Mind, returned: int, change: int) -> int:
    """Say of a visit at which nothing is worse whether what made the iUPD stays, is over, or was not evaluated.

    A new lesion that stays keeps the iUPD, unless the targets shrank since (EORTC's scenarios B and F).
    """
    kept, new = mind.kept, mind.new
    stays = kept[DRIVERS] & NEW and new[N_OPEN_THERE] > 0
    came_back = returned & kept[DRIVERS]
    if kept[DRIVERS] & NON_TARGET and scene.visits.non_target[visit] == NE_NON_TARGET:
        return UNCHANGED if stays else NOT_EVALUATED
    if came_back & NON_TARGET:
        return UNCHANGED
    is_judged = scene.visits.is_complete[visit] and scene.visits.target[visit] < PD_TARGET
    if is_judged and change != NO_CHANGE and change < 0:
        is_better = scene.visits.target[visit] < scene.visits.target[kept[PENDING]]
        if is_better or not scene.rules.shrinkage_is_response:
            return IMPROVED
    if stays or came_back:
        return UNCHANGED
    n_unknown = new[N_UNKNOWN] if kept[IS_GROWTH] else new[N_OPEN_UNKNOWN]
    return NOT_EVALUATED if kept[DRIVERS] & NEW and n_unknown > 0 else IMPROVED
