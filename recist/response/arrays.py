"""Array types, and the walk along the visits of many readers' series at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recist.response.kernel.gather import any_at, count_at, least_at

Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int8]
Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Texts: TypeAlias = NDArray[np.object_]
Dates: TypeAlias = NDArray[np.datetime64]

NOWHERE = -1
DENSE_FACTOR = 8  # a key space up to this many times the number of keys is counted, a larger one sorted
SMALL = 1000


def compress(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Find the distinct keys and the place of each key among them.

    Parameters
    ----------
    keys : numpy.ndarray
        Whole numbers, 0 or more and below `size`; shape (n,).
    size : int

    Returns
    -------
    distinct : numpy.ndarray
        The keys that occur, ascending; shape (k,).
    position : numpy.ndarray
        For each key its place in `distinct`; shape (n,).
    """
    if size > DENSE_FACTOR * len(keys) + SMALL:
        distinct, position = np.unique(keys, return_inverse=True)
        return distinct, position.astype(np.int64, copy=False)
    occurs = np.zeros(size, dtype=bool)
    occurs[keys] = True
    place = np.cumsum(occurs)
    place -= 1
    return np.flatnonzero(occurs), place[keys]


def count_by(place: Ints, where: Bools, size: int) -> Ints:
    """Count, for each place, the entries for which `where` holds."""
    return count_at(place, where, size)


def any_by(place: Ints, where: Bools, size: int) -> Bools:
    """Say, for each place, whether `where` holds for any entry."""
    return any_at(place, where, size)


def sum_by(place: Ints, where: Bools, values: Ints, size: int) -> Ints:
    """Add up, for each place, the values for which `where` holds; exact below 2**53."""
    return np.bincount(place[where], weights=values[where], minlength=size).astype(np.int64)


def least_by(place: Ints, where: Bools, values: Ints, size: int, *, otherwise: int) -> Ints:
    """Find, for each place, the least value for which `where` holds, or `otherwise`."""
    least = np.full(size, otherwise, dtype=np.int64)
    least_at(place, where, values, least)
    return least


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Courses:
    """Many courses of visits laid end to end, each in the order of time.

    Attributes
    ----------
    course : numpy.ndarray
        The course each visit belongs to, ascending; shape (n_visits,).
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    """

    course: Ints
    start: Ints

    @property
    def n_courses(self) -> int:
        """Number of courses."""
        return len(self.start) - 1

    @property
    def n_visits(self) -> int:
        """Number of visits of all courses."""
        return len(self.course)

    @property
    def position(self) -> Ints:
        """Place of each visit in its course, from 0."""
        return np.arange(self.n_visits) - self.start[self.course]

    def any_before(self, holds: Bools) -> Bools:
        """Say for each visit whether `holds` at any earlier visit of its course."""
        count = np.concatenate(([0], np.cumsum(holds)))
        earlier: Bools = count[:-1] > count[self.start[self.course]]
        return earlier

    def least_before(self, values: Ints, *, otherwise: int) -> Ints:
        """Give for each visit the least value of the earlier visits of its course, or `otherwise`."""
        least = np.full(self.n_visits, otherwise, dtype=np.int64)
        so_far = np.full(self.n_courses, otherwise, dtype=np.int64)
        length = np.diff(self.start)
        for position in range(int(length.max(initial=0))):
            course = np.flatnonzero(length > position)
            visit = self.start[course] + position
            least[visit] = so_far[course]
            so_far[course] = np.minimum(so_far[course], values[visit])
        return least

    def first(self, holds: Bools) -> Ints:
        """Find the first visit of each course at which `holds`, or NOWHERE."""
        found = np.full(self.n_courses, NOWHERE, dtype=np.int64)
        visits = np.flatnonzero(holds)[::-1]
        found[self.course[visits]] = visits
        return found

    def last(self, holds: Bools) -> Ints:
        """Find the last visit of each course at which `holds`, or NOWHERE."""
        found = np.full(self.n_courses, NOWHERE, dtype=np.int64)
        visits = np.flatnonzero(holds)
        found[self.course[visits]] = visits
        return found


def courses_from(course: Ints, n_courses: int) -> Courses:
    """Lay out courses from the ascending course number of each visit."""
    start = np.concatenate(([0], np.cumsum(np.bincount(course, minlength=n_courses))))
    return Courses(course=course, start=start.astype(np.int64))


def take(values: Ints, where: Ints, *, otherwise: int) -> Ints:
    """Take values at places, and `otherwise` where the place is NOWHERE."""
    if not len(values):
        return np.full(len(where), otherwise, dtype=np.int64)
    return np.where(where == NOWHERE, otherwise, values[where])
