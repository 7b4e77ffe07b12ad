"""Adding up the values of target lesions at each visit, and counting the lesions known there; rows in any order.

Lesions are counted, not rows: a lesion in several parts is known when every part is, and one that the value of a merged
mass covers is known whatever its own row says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_SUM = -1
# What is marked of a lesion at a visit.
VALUE, GAP, COVERED, NAMED, SEVERAL, NODE = 1, 2, 4, 8, 16, 32


class LesionRows(NamedTuple):
    """What is recorded about lesions; shape (n_rows,) each.

    Attributes
    ----------
    visit, lesion : numpy.ndarray
    size : numpy.ndarray
        In hundredths of a mm, below 0 where there is none.
    is_nodal : numpy.ndarray
        Whether the lesion is a node.
    is_evaluated : numpy.ndarray
        Whether the row evaluates its lesion.
    is_own : numpy.ndarray
        Whether the row is the lesion's own, not that of another lesion whose value covers it; the value of a merged
        mass counts once in a sum.
    """

    visit: NDArray[np.int64]
    lesion: NDArray[np.int64]
    size: NDArray[np.int64]
    is_nodal: NDArray[np.bool_]
    is_evaluated: NDArray[np.bool_]
    is_own: NDArray[np.bool_]


class VisitSums(NamedTuple):
    """The target lesions of each visit; shape (n_visits,) each, lengths in hundredths of a mm.

    Attributes
    ----------
    total, n_values : numpy.ndarray
        Sum of the values that lesions have of their own, and how many there are.
    nodes_seen, others_seen : numpy.ndarray
        How many nodes are not of normal size, and how many other lesions are not gone.
    """

    total: NDArray[np.int64]
    n_values: NDArray[np.int64]
    nodes_seen: NDArray[np.int64]
    others_seen: NDArray[np.int64]


class Known(NamedTuple):
    """What each visit knows of the lesions of its baseline; shape (n_visits,) each.

    Attributes
    ----------
    at_baseline, evaluated : numpy.ndarray
        Lesions at baseline, and how many of them were evaluated at the visit.
    has_several, has_stranger : numpy.ndarray
        Whether a lesion has more than one row of its own, and whether one has a row that baseline does not know, or
        knows as another kind.
    """

    at_baseline: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    has_several: NDArray[np.bool_]
    has_stranger: NDArray[np.bool_]


def no_sums(n_visits: int) -> VisitSums:
    """Make room for the sums of a number of visits."""
    return VisitSums(*(np.zeros(n_visits, dtype=np.int64) for _ in VisitSums._fields))


def nothing_known(n_visits: int) -> Known:
    """Make room for what is known at a number of visits."""
    return Known(
        at_baseline=np.empty(n_visits, dtype=np.int64),
        evaluated=np.empty(n_visits, dtype=np.int64),
        has_several=np.empty(n_visits, dtype=bool),
        has_stranger=np.empty(n_visits, dtype=bool),
    )


@njit(cache=True, nogil=True)
def add_up(rows: LesionRows, least_seen_node: int, sums: VisitSums) -> None:
    """Add rows to the sums of their visits; a node smaller than the least one seen is normal."""
    total, n_values, nodes_seen, others_seen = sums
    visits, _, sizes, is_nodal, _, is_own = rows
    for row in range(visits.size):
        visit, size = visits[row], sizes[row]
        if size < 0:
            continue
        if is_own[row]:
            total[visit] += size
            n_values[visit] += 1
        is_sign = is_seen(size, is_nodal[row], least_seen_node)
        nodes_seen[visit] += is_sign & is_nodal[row]
        others_seen[visit] += is_sign & (not is_nodal[row])


@njit(cache=True, nogil=True, inline="always")
def is_seen(size: int, is_nodal: bool, least_seen_node: int) -> bool:
    """Say whether a size shows disease: a node that is not of normal size, or another lesion that is not gone."""
    return size >= 1 + is_nodal * (least_seen_node - 1)  # without a branch


@njit(cache=True, nogil=True)
def mark(rows: LesionRows, lesion_zero: NDArray[np.int64], marks: NDArray[np.uint8]) -> None:
    """Mark what each row says of its lesion at its visit.

    Parameters
    ----------
    rows : LesionRows
    lesion_zero : numpy.ndarray
        Where in the marks lesion 0 would stand, were it one of the visit's; shape (n_visits,).
    marks : numpy.ndarray
        One place a visit and lesion, for each visit the lesions of its course side by side.
    """
    for row in range(rows.visit.size):
        cell = lesion_zero[rows.visit[row]] + rows.lesion[row]
        if rows.is_own[row]:
            marks[cell] = _with_own_row(marks[cell], rows.is_evaluated[row]) | (NODE if rows.is_nodal[row] else 0)
        else:
            marks[cell] |= COVERED if rows.is_evaluated[row] else NAMED


@njit(cache=True, nogil=True)
def count_known(
    start: NDArray[np.int64],
    baseline: NDArray[np.int64],
    first_cell: NDArray[np.int64],
    marks: NDArray[np.uint8],
    known: Known,
) -> None:
    """Count at every visit the lesions of baseline that were evaluated.

    Parameters
    ----------
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    baseline : numpy.ndarray
        The baseline visit of each course; shape (n_courses,).
    first_cell : numpy.ndarray
        Where the marks of each visit begin, and last their number; shape (n_visits + 1,).
    marks, known
        What was marked, and where the counts go.
    """
    at_baseline, evaluated, has_several, has_stranger = known
    for course in range(baseline.size):
        zero = first_cell[baseline[course]]
        for visit in range(start[course], start[course + 1]):
            here = first_cell[visit]
            n_before, n_known, any_several, any_stranger = 0, 0, 0, 0
            for lesion in range(first_cell[visit + 1] - here):
                before, found = marks[zero + lesion], marks[here + lesion]
                n_before += before != 0  # no branches from here on: they would cost more than they spare
                n_known += (before != 0) & is_known(found)
                any_several |= found & SEVERAL
                any_stranger |= is_stranger(before, found)
            at_baseline[visit], evaluated[visit] = n_before, n_known
            has_several[visit], has_stranger[visit] = any_several != 0, any_stranger != 0


@njit(cache=True, nogil=True, inline="always")
def is_known(marked: int) -> bool:
    """Say whether a lesion was evaluated: covered by a merged mass, or every part of it has a value."""
    return ((marked & COVERED) != 0) | ((marked & (VALUE | GAP)) == VALUE)


@njit(cache=True, nogil=True, inline="always")
def is_stranger(before: int, found: int) -> bool:
    """Say whether a lesion that has a row was without one at baseline, or of another kind."""
    return (found != 0) & ((before == 0) | (((before ^ found) & NODE) != 0))


@njit(cache=True, nogil=True)
def settle(sums: VisitSums, known: Known, is_complete: NDArray[np.bool_]) -> None:
    """Say which sums are complete, and take a sum of nothing for no sum: a missing value is never zero."""
    for visit in range(is_complete.size):
        has_all = known.evaluated[visit] == known.at_baseline[visit]
        is_complete[visit] = has_all and known.at_baseline[visit] > 0
        if sums.n_values[visit] == 0:
            sums.total[visit] = NO_SUM


@njit(cache=True, nogil=True)
def _with_own_row(marked: int, is_evaluated: bool) -> int:
    """Add a row of the lesion's own to what is marked."""
    here = VALUE if is_evaluated else GAP
    return marked | here | (SEVERAL if marked & (VALUE | GAP) else 0)
