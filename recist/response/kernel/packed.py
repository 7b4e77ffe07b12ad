"""Rows as single numbers: packed, dealt to chunks of patients, and unpacked where the chunk fits the processor's cache.

Dealing takes the place of sorting: rows may come in any order, and each is read once and written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

PATIENT_BITS, VISIT_BITS, LESION_BITS, SIZE_BITS = 13, 12, 7, 24
CHUNK = 1 << PATIENT_BITS  # patients
MAX_VISIT, MAX_LESION = (1 << VISIT_BITS) - 1, (1 << LESION_BITS) - 1
MAX_SIZE_MM = (1 << SIZE_BITS) // 100 - 1
DAY_BITS, NON_TARGET_BITS = 24, 3
DAY_ZERO = 1 << (DAY_BITS - 1)  # so that days before the start are packed as numbers above 0
NON_CR_NON_PD, PD, MAX_NON_TARGET = 1, 2, 4  # numbers of NonTargetResponse
UNEQUIVOCAL = 2  # the number of NewLesion.UNEQUIVOCAL

# Floating point stands for a decimal: it is first taken to the nearest step that recovers it, then rounded half up to
# hundredths of a millimetre. Single precision holds four decimal places of any body size, double precision nine.
SINGLE_STEPS, DOUBLE_STEPS = 10_000, 1_000_000_000
SINGLE_IN_HUNDREDTH, DOUBLE_IN_HUNDREDTH = SINGLE_STEPS // 100, DOUBLE_STEPS // 100


class LesionColumns(NamedTuple):
    """The columns of a table of lesions; shape (n_rows,) each, `diam` in mm, NaN where not evaluated."""

    patient: NDArray[np.integer]
    visit: NDArray[np.integer]
    lesion: NDArray[np.integer]
    node: NDArray[np.bool_]
    diam: NDArray[np.floating]


class VisitColumns(NamedTuple):
    """The columns of a table of visits; shape (n_rows,) each."""

    patient: NDArray[np.integer]
    visit: NDArray[np.integer]
    day: NDArray[np.integer]
    nt: NDArray[np.integer]
    new: NDArray[np.integer]


@njit(cache=True, nogil=True)
def count_chunks(patient: NDArray[np.integer], rows: tuple[int, int], n_patients: int, count: NDArray[np.int64]) -> int:
    """Count the rows of each chunk of patients within a range of rows; return how many patients are out of range."""
    n_faults = 0
    for row in range(rows[0], rows[1]):
        if 0 <= patient[row] < n_patients:
            count[patient[row] >> PATIENT_BITS] += 1
        else:
            n_faults += 1
    return n_faults


@njit(cache=True, nogil=True)
def to_hundredths(length_mm: float, how: tuple[bool, int]) -> int:
    """Quantise a length half up to a step of hundredths of a millimetre; `how` says single precision, and the step."""
    is_single, step = how
    if is_single:
        unit, exact = SINGLE_IN_HUNDREDTH, int(np.rint(length_mm * SINGLE_STEPS))
        if step == 1:  # division by a number known beforehand is fast
            return (exact + SINGLE_IN_HUNDREDTH // 2) // SINGLE_IN_HUNDREDTH
    else:
        unit, exact = DOUBLE_IN_HUNDREDTH, int(np.rint(length_mm * DOUBLE_STEPS))
        if step == 1:
            return (exact + DOUBLE_IN_HUNDREDTH // 2) // DOUBLE_IN_HUNDREDTH
    return (exact + unit * step // 2) // (unit * step) * step


@njit(cache=True, nogil=True)
def deal_lesions(
    lesions: LesionColumns,
    rows: tuple[int, int],
    how: tuple[bool, int],
    place: NDArray[np.int64],
    dealt: NDArray[np.int64],
) -> int:
    """Pack the lesions of a range of rows and lay each at the next place of its chunk; return how many are faulty."""
    n_faults = 0
    for row in range(rows[0], rows[1]):
        patient, length_mm = np.int64(lesions.patient[row]), np.float64(lesions.diam[row])
        visit, lesion, size = np.int64(lesions.visit[row]), np.int64(lesions.lesion[row]), np.int64(0)
        if 0 <= length_mm < MAX_SIZE_MM:
            size += to_hundredths(length_mm, how) + 1
        elif not np.isnan(length_mm):
            n_faults += 1
        if not (0 <= visit <= MAX_VISIT and 0 <= lesion <= MAX_LESION):
            n_faults += 1
            continue
        packed = (((patient & (CHUNK - 1)) << VISIT_BITS) | visit) << LESION_BITS | lesion
        chunk = patient >> PATIENT_BITS
        dealt[place[chunk]] = (packed << SIZE_BITS | size) << 1 | np.int64(lesions.node[row])
        place[chunk] += 1
    return n_faults


@njit(cache=True, nogil=True)
def deal_visits(visits: VisitColumns, rows: tuple[int, int], place: NDArray[np.int64], dealt: NDArray[np.int64]) -> int:
    """Pack the visits of a range of rows and lay each at the next place of its chunk; return how many are faulty."""
    n_faults = 0
    for row in range(rows[0], rows[1]):
        patient, visit, day = np.int64(visits.patient[row]), np.int64(visits.visit[row]), np.int64(visits.day[row])
        non_target, new = np.int64(visits.nt[row]), np.int64(visits.new[row])
        is_sound = 0 <= visit <= MAX_VISIT and -DAY_ZERO <= day < DAY_ZERO
        is_sound = is_sound and 0 <= non_target <= MAX_NON_TARGET and 0 <= new <= 1
        if not is_sound:
            n_faults += 1
            continue
        packed = (((patient & (CHUNK - 1)) << VISIT_BITS) | visit) << DAY_BITS | (day + DAY_ZERO)
        chunk = patient >> PATIENT_BITS
        dealt[place[chunk]] = (packed << NON_TARGET_BITS | non_target) << 1 | new
        place[chunk] += 1
    return n_faults


class VisitRows(NamedTuple):
    """The visits of a chunk, in the order of patient and visit; shape (n_visits,) each but `start`.

    Attributes
    ----------
    start : numpy.ndarray
        Where each patient begins, and last the number of visits; shape (n_patients + 1,).
    number, day, non_target, new_lesion : numpy.ndarray
        Number of the visit, its day, and the numbers of NonTargetResponse and NewLesion.
    is_non_target_seen : numpy.ndarray
        Whether a non-target lesion is present.
    """

    start: NDArray[np.int64]
    number: NDArray[np.int64]
    day: NDArray[np.int64]
    non_target: NDArray[np.int8]
    new_lesion: NDArray[np.int8]
    is_non_target_seen: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def unpack_visits(dealt: NDArray[np.int64], visits: VisitRows) -> int:
    """Unpack visits in order; return how many are faulty.

    Every patient has one visit 0, the baseline, without a new lesion; the days of later visits are later.
    """
    n_faults, patient = 0, -1
    for row in range(dealt.size):
        packed = dealt[row]
        new, packed = packed & 1, packed >> 1
        non_target, packed = packed & ((1 << NON_TARGET_BITS) - 1), packed >> NON_TARGET_BITS
        day, packed = (packed & ((1 << DAY_BITS) - 1)) - DAY_ZERO, packed >> DAY_BITS
        number, owner = packed & MAX_VISIT, packed >> VISIT_BITS
        visits.number[row], visits.day[row] = number, day
        visits.non_target[row], visits.new_lesion[row] = non_target, UNEQUIVOCAL if new else 0
        visits.is_non_target_seen[row] = non_target in (NON_CR_NON_PD, PD)
        if owner != patient:
            n_faults += owner != patient + 1 or number != 0 or new != 0
            for other in range(patient + 1, owner + 1):
                visits.start[other] = row
            patient = owner
        else:
            n_faults += number == visits.number[row - 1] or day <= visits.day[row - 1]
    n_faults += patient + 2 != visits.start.size
    visits.start[patient + 1 :] = dealt.size
    return n_faults


@njit(cache=True, nogil=True)
def unpack_lesions(
    dealt: NDArray[np.int64],
    visits: VisitRows,
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
    size: NDArray[np.int64],
    flags: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> int:
    """Unpack lesions, and find the visit of each; return how many have none.

    Parameters
    ----------
    dealt : numpy.ndarray
    visits : VisitRows
    place : tuple of numpy.ndarray
        Filled in: the visit and the lesion of each row.
    size : numpy.ndarray
        Filled in: the size in hundredths of a mm, -1 where there is none.
    flags : tuple of numpy.ndarray
        Filled in: whether the lesion is a node, and whether it was evaluated.
    """
    n_faults = 0
    for row in range(dealt.size):
        packed = dealt[row]
        flags[0][row], packed = packed & 1, packed >> 1
        size[row], packed = (packed & ((1 << SIZE_BITS) - 1)) - 1, packed >> SIZE_BITS
        flags[1][row] = size[row] >= 0
        place[1][row], packed = packed & MAX_LESION, packed >> LESION_BITS
        number, patient = packed & MAX_VISIT, packed >> VISIT_BITS
        first, end = visits.start[patient], visits.start[patient + 1]
        visit = first + number  # where it is unless a visit before it is left out
        if visit >= end or visits.number[visit] != number:
            visit = first + np.searchsorted(visits.number[first:end], number)
            if visit == end or visits.number[visit] != number:
                n_faults += 1
                visit = first
        place[0][row] = visit
    return n_faults
