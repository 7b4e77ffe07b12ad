"""The last visit of a coded course that comes no later than the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def find_openings(start: NDArray[np.int64], day: NDArray[np.int64], opening: NDArray[np.int64]) -> None:
    """Find the last visit of each course that is not after the start, day 0, at least the baseline.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, with its baseline, and last the number of visits; shape (n_courses + 1,).
    day : numpy.ndarray
        Day of each visit; shape (n_visits,).
    opening : numpy.ndarray
        Filled in; shape (n_courses,).
    """
    for course in range(start.size - 1):
        opening[course] = start[course]
        for visit in range(start[course] + 1, start[course + 1]):
            if day[visit] <= 0:
                opening[course] = visit
