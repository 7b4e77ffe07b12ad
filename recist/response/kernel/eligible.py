"""Which visits of a coded course the search for the best response may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PD = 5  # the number of OverallResponse.PD


@njit(cache=True, nogil=True)
def take_follow_ups(
    start: NDArray[np.int64],
    response: NDArray[np.int8],
    day: NDArray[np.int64],
    taken: NDArray[np.int8],
    is_eligible: NDArray[np.bool_],
) -> None:
    """Copy the responses after baseline, and mark those after the start, day 0, up to and including the first PD.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, with its baseline, and last the number of visits; shape (n_courses + 1,).
    response, day : numpy.ndarray
        Number of OverallResponse and day of each visit; shape (n_visits,).
    taken : numpy.ndarray
        Filled in: the responses without those of the baselines; shape (n_visits - n_courses,).
    is_eligible : numpy.ndarray
        Filled in; shape (n_visits,).
    """
    for course in range(start.size - 1):
        has_progressed = False
        is_eligible[start[course]] = False
        for visit in range(start[course] + 1, start[course + 1]):
            taken[visit - course - 1] = response[visit]
            counts = (day[visit] > 0) & (not has_progressed)
            is_eligible[visit] = counts
            has_progressed = has_progressed | (counts & (response[visit] == PD))
