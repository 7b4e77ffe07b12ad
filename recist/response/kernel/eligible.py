"""Which visits of a coded course the search for the best response may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PD = 5  # the number of OverallResponse.PD


@njit(cache=True, nogil=True)
def mark_eligible(
    start: NDArray[np.int64],
    response: NDArray[np.int64],
    day: NDArray[np.int64],
    is_eligible: NDArray[np.bool_],
) -> None:
    """Mark the visits after baseline and after the start, day 0, up to and including the first PD.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, with its baseline, and last the number of visits; shape (n_courses + 1,).
    response, day : numpy.ndarray
        Number of OverallResponse and day of each visit; shape (n_visits,).
    is_eligible : numpy.ndarray
        Filled in; shape (n_visits,).
    """
    for course in range(start.size - 1):
        has_progressed = False
        is_eligible[start[course]] = False
        for visit in range(start[course] + 1, start[course + 1]):
            counts = day[visit] > 0 and not has_progressed
            is_eligible[visit] = counts
            has_progressed = has_progressed or (counts and response[visit] == PD)


@njit(cache=True, nogil=True)
def take_follow_ups(start: NDArray[np.int64], values: NDArray[np.int8], taken: NDArray[np.int8]) -> None:
    """Copy the values of all visits but the baselines."""
    place = 0
    for course in range(start.size - 1):
        for visit in range(start[course] + 1, start[course + 1]):
            taken[place] = values[visit]
            place += 1
