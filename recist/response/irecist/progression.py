"""When a disease progressed by iRECIST: the first iUPD of the run that was confirmed or never resolved; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from recist.response.irecist.walk import ICPD, IUPD

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Courses, Ints

NOWHERE = -1


def find_progression(courses: Courses, response: Ints, counts: Bools, resets: Bools) -> tuple[Ints, Ints]:
    """Find the visit that dates the progression of each course, and the first that confirms it.

    An iUPD is dropped when iCR, iPR or iSD follows; one that is never resolved stands (Seymour 2017, statistical
    considerations).

    Parameters
    ----------
    courses : Courses
    response : numpy.ndarray
        Number of ImmuneResponse; shape (n_visits,).
    counts : numpy.ndarray
        Which visits count.
    resets : numpy.ndarray
        Which visits may end an iUPD that waits: iCR, iPR, iSD and the like, before any new therapy.

    Returns
    -------
    progression, confirmation : numpy.ndarray
        Visits, or NOWHERE; shape (n_courses,).
    """
    progression = np.full(courses.n_courses, NOWHERE, dtype=np.int64)
    confirmation = np.full(courses.n_courses, NOWHERE, dtype=np.int64)
    _find(courses.start, response, counts, resets, (progression, confirmation))
    return progression, confirmation


@njit(cache=True, nogil=True)
def _find(start: Ints, response: Ints, counts: Bools, resets: Bools, found: tuple[Ints, Ints]) -> None:
    progression, confirmation = found
    for course in range(len(progression)):
        waiting = NOWHERE
        for visit in range(start[course], start[course + 1]):
            if not counts[visit]:
                continue
            if response[visit] in (IUPD, ICPD):
                waiting = visit if waiting == NOWHERE else waiting
            elif resets[visit]:
                waiting = NOWHERE
            if response[visit] == ICPD:
                confirmation[course] = visit
                break
        progression[course] = waiting
