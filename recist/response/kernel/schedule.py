"""Scheduled visits along the time of each course; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    from recist.response.arrays import Ints


@njit(cache=True, nogil=True)
def interval_at(day: int, from_day: Ints, interval: Ints) -> int:
    """Give the interval in force on a day after the start; before the first entry, the first one's."""
    found = interval[0]
    for entry in range(len(from_day)):
        if from_day[entry] <= day:
            found = interval[entry]
    return int(found)


@njit(cache=True, nogil=True)
def count_passed(first: int, last: int, schedule: tuple[Ints, Ints], tolerance: int) -> int:
    """Count the scheduled visits passed over between two assessments, in days after the start.

    Intervals are laid end to end from the first assessment. One that ends no later than the second, a tolerance
    allowed, is done by it or passed over; the last of them is the second assessment itself.
    """
    from_day, interval = schedule
    n_due, due = 0, first + interval_at(first, from_day, interval)
    while due <= last + tolerance:
        n_due += 1
        due += interval_at(due, from_day, interval)
    return max(n_due - 1, 0)


@njit(cache=True, nogil=True)
def fill_missed(
    visits: tuple[Ints, Ints, Ints], schedule: tuple[Ints, Ints], tolerance: int, courses: tuple[int, int], missed: Ints
) -> None:
    """Count the scheduled visits missed before each visit that counts.

    Parameters
    ----------
    visits : tuple of numpy.ndarray
        Where each course begins; days after the start; whether the visit counts, 0 or 1.
    schedule : tuple of numpy.ndarray
        From which day after the start each interval holds, ascending, and the intervals in days.
    tolerance : int
    courses : tuple of (int, int)
        The first course, and the one after the last.
    missed : numpy.ndarray
        Filled in where visits count; shape (n_visits,). Before the first one the days count from the start.
    """
    start, day, counts = visits
    for course in range(courses[0], courses[1]):
        before = 0
        for visit in range(start[course], start[course + 1]):
            if counts[visit]:
                missed[visit] = count_passed(before, day[visit], schedule, tolerance)
                before = max(before, day[visit])


@njit(cache=True, nogil=True)
def fill_gaps(day: Ints, schedule: tuple[Ints, Ints], tolerance: int, gaps: Ints) -> None:
    """Give the longest time without an assessment in which fewer than two scheduled visits are missed.

    Two intervals from each day on, as the schedule has them there, and a tolerance for each.
    """
    from_day, interval = schedule
    for place in range(len(day)):
        first = interval_at(day[place], from_day, interval)
        gaps[place] = first + interval_at(day[place] + first, from_day, interval) + 2 * tolerance
