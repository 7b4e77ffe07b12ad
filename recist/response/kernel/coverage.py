"""Which of the lesions of baseline are known at each visit: lesions are counted, not rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What is marked of a lesion at a visit.
VALUE, GAP, COVERED, NAMED, SEVERAL = 1, 2, 4, 8, 16


class Known(NamedTuple):
    """What each visit knows of the lesions of its baseline; shape (n_visits,) each.

    Attributes
    ----------
    at_baseline, evaluated : numpy.ndarray
        Lesions at baseline, and how many of them were evaluated at the visit.
    has_several, has_stranger : numpy.ndarray
        Whether a lesion has more than one row of its own, and whether one has a row that baseline does not know.
    """

    at_baseline: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    has_several: NDArray[np.bool_]
    has_stranger: NDArray[np.bool_]


def nothing_known(n_visits: int) -> Known:
    """Make room for what is known at a number of visits."""
    return Known(
        at_baseline=np.empty(n_visits, dtype=np.int64),
        evaluated=np.empty(n_visits, dtype=np.int64),
        has_several=np.empty(n_visits, dtype=bool),
        has_stranger=np.empty(n_visits, dtype=bool),
    )


class LesionRows(NamedTuple):
    """What is recorded about lesions; shape (n_rows,) each.

    Attributes
    ----------
    visit, lesion : numpy.ndarray
    is_evaluated : numpy.ndarray
        Whether the row evaluates its lesion.
    is_own : numpy.ndarray
        Whether the row is the lesion's own, not that of another lesion whose value covers it.
    """

    visit: NDArray[np.int64]
    lesion: NDArray[np.int64]
    is_evaluated: NDArray[np.bool_]
    is_own: NDArray[np.bool_]


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
        before = marks[cell]
        if not rows.is_own[row]:
            here = COVERED if rows.is_evaluated[row] else NAMED
        else:
            here = VALUE if rows.is_evaluated[row] else GAP
            if before & (VALUE | GAP):
                here |= SEVERAL
        marks[cell] = before | here


@njit(cache=True, nogil=True)
def count_known(
    start: NDArray[np.int64],
    baseline: NDArray[np.int64],
    first_cell: NDArray[np.int64],
    marks: NDArray[np.uint8],
    known: Known,
) -> None:
    """Count at every visit the lesions of baseline that were evaluated.

    A lesion in several parts is evaluated when every part is; a lesion covered by the value of a merged mass is
    evaluated whatever its own row says.

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
    for course in range(baseline.size):
        zero = first_cell[baseline[course]]
        for visit in range(start[course], start[course + 1]):
            here = first_cell[visit]
            at_baseline, evaluated, has_several, has_stranger = 0, 0, False, False
            for lesion in range(first_cell[visit + 1] - here):
                is_at_baseline = marks[zero + lesion] != 0
                found = marks[here + lesion]
                is_known = (found & COVERED) != 0 or (found & (VALUE | GAP)) == VALUE
                at_baseline += is_at_baseline
                evaluated += is_at_baseline and is_known
                has_several |= (found & SEVERAL) != 0
                has_stranger |= found != 0 and not is_at_baseline
            known.at_baseline[visit] = at_baseline
            known.evaluated[visit] = evaluated
            known.has_several[visit] = has_several
            known.has_stranger[visit] = has_stranger
