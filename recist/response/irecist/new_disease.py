"""The new lesions of one visit: what is there, what came since, and how much the known ones grew; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from recist.response.irecist.memory import (
    CHANGE,
    END_LESION,
    FIRST_LESION,
    N_COMPARED,
    N_FRESH,
    N_LARGER,
    N_LOST,
    N_NEW_TARGETS,
    N_OPEN_THERE,
    N_OPEN_UNKNOWN,
    N_PROGRESSED,
    N_TARGETS,
    N_THERE,
    N_UNKNOWN,
    N_WITHOUT_SIZE,
    NEVER,
    NEW_NADIR,
    NO_SIZE,
    PENDING,
    SETTLED,
    TOTAL,
)
from recist.response.irecist.sightings import DOUBTFUL, GONE, NO_ROW, PRESENT
from recist.response.kernel.target import has_grown

if TYPE_CHECKING:
    from recist.response.arrays import Ints
    from recist.response.irecist.memory import Memory, Mind
    from recist.response.irecist.rules import WalkRules
    from recist.response.irecist.scene import CourseLesions


@njit(cache=True, nogil=True)
def find_new_disease(visit: int, lesions: CourseLesions, mind: Mind) -> None:
    """Go through the new lesions of a course and write down, in `mind.new`, what this visit shows of them."""
    kept, new, memory = mind.kept, mind.new, mind.memory
    new[:] = 0
    for lesion in range(kept[FIRST_LESION], kept[END_LESION]):
        if not lesions.is_new[lesion]:
            continue
        status = _status_now(visit, lesion, memory)
        if memory.known_since[lesion] == NEVER:
            continue
        if status == PRESENT and memory.known_since[lesion] <= kept[SETTLED] and not memory.was_there[lesion]:
            memory.known_since[lesion] = visit  # it came back: as good as a further one
        if status in (PRESENT, GONE):
            memory.was_there[lesion] = status == PRESENT
        is_there = status == PRESENT
        is_unknown = not is_there and memory.was_there[lesion]
        is_open = memory.known_since[lesion] > kept[SETTLED]
        new[N_THERE] += is_there
        new[N_UNKNOWN] += is_unknown
        new[N_OPEN_THERE] += is_there and is_open
        new[N_OPEN_UNKNOWN] += is_unknown and is_open
        new[N_FRESH] += is_there and memory.known_since[lesion] > max(kept[SETTLED], kept[PENDING])
        new[N_PROGRESSED] += is_there and not is_open and memory.is_progressed[lesion]
        new[N_LARGER] += is_there and _is_larger(lesion, lesions.is_new_target[lesion], kept, memory)
        if lesions.is_new_target[lesion]:
            was_known = memory.known_since[lesion] <= kept[PENDING]
            _add_size(lesion, (is_there, is_unknown, was_known), memory, new)


@njit(cache=True, nogil=True)
def _status_now(visit: int, lesion: int, memory: Memory) -> int:
    """Give the status of a new lesion; a doubtful one is there if it was there before, and nothing yet if not."""
    status = memory.status[lesion]
    if status == DOUBTFUL:
        status = PRESENT if memory.known_since[lesion] != NEVER and memory.was_there[lesion] else NO_ROW
    if status == PRESENT and memory.known_since[lesion] == NEVER:
        memory.known_since[lesion] = visit
    return int(status)


@njit(cache=True, nogil=True)
def _is_larger(lesion: int, is_target: bool, kept: Ints, memory: Memory) -> bool:
    """Say whether a lesion known at the iUPD is larger now: by the reader's word, or, not a target, by any size."""
    if kept[PENDING] == NEVER or memory.known_since[lesion] > kept[PENDING]:
        return False
    if memory.is_progressed[lesion] and memory.was_judged[lesion] and not memory.was_progressed[lesion]:
        return True
    if is_target:
        return False
    has_sizes = memory.reference[lesion] != NO_SIZE and memory.size[lesion] != NO_SIZE
    return bool(memory.is_increased[lesion]) or (has_sizes and memory.size[lesion] > memory.reference[lesion])


@njit(cache=True, nogil=True)
def _add_size(lesion: int, now: tuple[bool, bool, bool], memory: Memory, new: Ints) -> None:
    """Add a new target to the sum, and one known at the iUPD, by its change since then, to the change of the sum."""
    is_there, is_unknown, was_known = now
    size = memory.size[lesion] if is_there else NO_SIZE
    new[N_TARGETS] += 1
    new[TOTAL] += max(size, 0)
    new[N_WITHOUT_SIZE] += is_unknown or (is_there and size == NO_SIZE)
    if was_known and memory.reference[lesion] != NO_SIZE:
        new[N_COMPARED] += 1
        new[CHANGE] += max(size, 0) - memory.reference[lesion]
        new[N_LOST] += is_unknown or (is_there and size == NO_SIZE)


@njit(cache=True, nogil=True)
def has_new_growth(kept: Ints, new: Ints, rules: WalkRules) -> bool:
    """Say whether the sum of the known new targets is progression of its own: against its least value so far."""
    if kept[NEW_NADIR] == NO_SIZE or kept[N_NEW_TARGETS] != new[N_TARGETS]:
        return False
    if new[N_WITHOUT_SIZE] > 0 and not rules.targets.partial_pd:
        return False
    return bool(has_grown(new[TOTAL] - kept[NEW_NADIR], kept[NEW_NADIR], rules.targets))


@njit(cache=True, nogil=True)
def keep_new_nadir(kept: Ints, new: Ints) -> None:
    """Bring the least sum of the new targets up to date; it starts again when a new target is added."""
    if kept[N_NEW_TARGETS] != new[N_TARGETS]:
        kept[N_NEW_TARGETS] = new[N_TARGETS]
        kept[NEW_NADIR] = NO_SIZE
    if new[N_TARGETS] > 0 and new[N_WITHOUT_SIZE] == 0:
        is_least = kept[NEW_NADIR] == NO_SIZE or new[TOTAL] < kept[NEW_NADIR]
        kept[NEW_NADIR] = new[TOTAL] if is_least else kept[NEW_NADIR]
