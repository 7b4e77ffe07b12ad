"""What the walk along a course keeps in mind: of each lesion, of this visit, and of the iUPD that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from recist.response.irecist.sightings import GONE, NO_ROW, PRESENT, UNKNOWN

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.irecist.sightings import Sightings

NEVER = -1
NO_SIZE = -1
NO_CHANGE = -(2**40)  # smaller than every change

# What is kept of the course, one whole number each.
PENDING, DRIVERS, SETTLED, IS_CONFIRMED, IS_GROWTH, AFTER_CR, HAS_GAP = range(7)
TARGET_TOTAL, NEW_NADIR, N_NEW_TARGETS, FIRST_LESION, END_LESION, LAST_JUDGED = range(7, 13)
N_KEPT = 13

# What is found of the new lesions at a visit, one whole number each.
N_THERE, N_UNKNOWN, N_OPEN_THERE, N_OPEN_UNKNOWN, N_FRESH, N_LARGER, N_PROGRESSED = range(7)
N_TARGETS, TOTAL, N_WITHOUT_SIZE, N_COMPARED, CHANGE, N_LOST = range(7, 13)
N_FOUND = 13


class Memory(NamedTuple):
    """What is kept of each lesion, and what is recorded of it now; shape (n_lesions,) each.

    Attributes
    ----------
    known_since : numpy.ndarray
        The visit at which a new lesion was first certain, or NEVER.
    was_there : numpy.ndarray
        Whether a new lesion was there when last looked at.
    reference : numpy.ndarray
        The size at the iUPD that waits, or at the first visit after it that has one; NO_SIZE when there is none.
    was_judged, was_progressed : numpy.ndarray
        Whether a non-target or new lesion was judged since the iUPD, and whether it was then unequivocally progressed.
    status, size, is_increased, is_progressed : numpy.ndarray
        Of this visit; NO_ROW, NO_SIZE and false where nothing is recorded.
    """

    known_since: Ints
    was_there: Bools
    reference: Ints
    was_judged: Bools
    was_progressed: Bools
    status: Ints
    size: Ints
    is_increased: Bools
    is_progressed: Bools


class Mind(NamedTuple):
    """All that the walk keeps in mind.

    Attributes
    ----------
    kept : numpy.ndarray
        Of the course; shape (N_KEPT,).
    new : numpy.ndarray
        Of the new lesions of this visit; shape (N_FOUND,).
    memory : Memory
        Of the lesions.
    """

    kept: Ints
    new: Ints
    memory: Memory


def no_mind(n_lesions: int) -> Mind:
    """Make room for a number of lesions."""
    return Mind(
        kept=np.zeros(N_KEPT, dtype=np.int64), new=np.zeros(N_FOUND, dtype=np.int64), memory=_no_memory(n_lesions)
    )


def _no_memory(n_lesions: int) -> Memory:
    """Make room for a number of lesions, nothing known of any."""
    return Memory(
        known_since=np.full(n_lesions, NEVER, dtype=np.int64),
        was_there=np.zeros(n_lesions, dtype=bool),
        reference=np.full(n_lesions, NO_SIZE, dtype=np.int64),
        was_judged=np.zeros(n_lesions, dtype=bool),
        was_progressed=np.zeros(n_lesions, dtype=bool),
        status=np.full(n_lesions, NO_ROW, dtype=np.int64),
        size=np.full(n_lesions, NO_SIZE, dtype=np.int64),
        is_increased=np.zeros(n_lesions, dtype=bool),
        is_progressed=np.zeros(n_lesions, dtype=bool),
    )


@njit(cache=True, nogil=True)
def start_course(kept: Ints, first_lesion: int, end_lesion: int) -> None:
    """Forget the course before, and take up one with these lesions."""
    kept[:] = 0
    kept[FIRST_LESION], kept[END_LESION] = first_lesion, end_lesion
    kept[PENDING] = NEVER
    kept[SETTLED] = NEVER
    kept[TARGET_TOTAL] = NO_SIZE
    kept[NEW_NADIR] = NO_SIZE


@njit(cache=True, nogil=True)
def look(visit: int, sightings: Sightings, memory: Memory) -> None:
    """Take in what is recorded at a visit."""
    for place in range(sightings.start[visit], sightings.start[visit + 1]):
        lesion = sightings.lesion[place]
        memory.status[lesion] = sightings.status[place]
        memory.size[lesion] = sightings.size[place]
        memory.is_increased[lesion] = sightings.is_increased[place]
        memory.is_progressed[lesion] = sightings.is_progressed[place]


@njit(cache=True, nogil=True)
def look_away(visit: int, sightings: Sightings, memory: Memory) -> None:
    """Forget what was recorded at a visit."""
    for place in range(sightings.start[visit], sightings.start[visit + 1]):
        lesion = sightings.lesion[place]
        memory.status[lesion] = NO_ROW
        memory.size[lesion] = NO_SIZE
        memory.is_increased[lesion] = False
        memory.is_progressed[lesion] = False


@njit(cache=True, nogil=True)
def remember(visit: int, sightings: Sightings, memory: Memory) -> None:
    """Keep what later visits are compared with, of every lesion that has none yet."""
    for place in range(sightings.start[visit], sightings.start[visit + 1]):
        lesion = sightings.lesion[place]
        is_whole = sightings.is_whole[place] and memory.status[lesion] != UNKNOWN
        if memory.reference[lesion] == NO_SIZE and is_whole:
            memory.reference[lesion] = memory.size[lesion]
        if not memory.was_judged[lesion] and memory.status[lesion] in (GONE, PRESENT):
            memory.was_judged[lesion] = True
            memory.was_progressed[lesion] = memory.is_progressed[lesion]


@njit(cache=True, nogil=True)
def forget_iupd(kept: Ints, memory: Memory) -> None:
    """Drop the iUPD that waited and all that was kept for comparison with it."""
    kept[PENDING] = NEVER
    kept[DRIVERS] = 0
    kept[IS_CONFIRMED] = 0
    kept[IS_GROWTH] = 0
    kept[HAS_GAP] = 0
    kept[TARGET_TOTAL] = NO_SIZE
    for lesion in range(kept[FIRST_LESION], kept[END_LESION]):
        memory.reference[lesion] = NO_SIZE
        memory.was_judged[lesion] = False
        memory.was_progressed[lesion] = False


@njit(cache=True, nogil=True)
def forget_new_lesions(kept: Ints, memory: Memory) -> None:
    """After an iCR every lesion that is seen is one that came back: none is known any more."""
    kept[NEW_NADIR] = NO_SIZE
    kept[N_NEW_TARGETS] = 0
    for lesion in range(kept[FIRST_LESION], kept[END_LESION]):
        memory.known_since[lesion] = NEVER
        memory.was_there[lesion] = False
