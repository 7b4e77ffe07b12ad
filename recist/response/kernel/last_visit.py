"""The last visit of each course up to a day; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints

NOWHERE = -1


@njit(cache=True, nogil=True)
def fill_last_visits(start: Ints, visits: tuple[Ints, Bools], until: Ints, found: Ints) -> None:
    """Find the last visit of each course that holds, on a day of the course or before, or NOWHERE.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    visits : tuple of numpy.ndarray
        Day of each visit, and whether it holds; shape (n_visits,) each.
    until : numpy.ndarray
        The day; shape (n_courses,).
    found : numpy.ndarray
        Filled in; shape (n_courses,).
    """
    day, holds = visits
    for course in range(len(until)):
        found[course] = NOWHERE
        for visit in range(start[course + 1] - 1, start[course] - 1, -1):
            if holds[visit] and day[visit] <= until[course]:
                found[course] = visit
                break
