"""Rows as single numbers that ascend by patient, visit and lesion; dealt to chunks of patients where rows do not.

Dealing takes the place of sorting the whole: rows may come in any order, and each is read once and written once.
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
DAY_BITS, NON_TARGET_BITS = 24, 3
DAY_ZERO = 1 << (DAY_BITS - 1)  # so that days before the start are packed as numbers above 0
LESION_PLACE = SIZE_BITS + 1  # the bits below those that tell patient, visit and lesion
VISIT_PLACE = DAY_BITS + NON_TARGET_BITS + 1  # the bits below those that tell patient and visit
NON_CR_NON_PD, PD, MAX_NON_TARGET = 1, 2, 4  # numbers of NonTargetResponse
UNEQUIVOCAL = 2  # the number of NewLesion.UNEQUIVOCAL


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
def pack_lesions(lesions: LesionColumns, sizes: NDArray[np.int32], words: NDArray[np.int64]) -> int:
    """Pack lesions; return how many numbers are out of range. Patients are counted from the first of their chunk.

    Parameters
    ----------
    lesions : LesionColumns
    sizes : numpy.ndarray
        Hundredths of a mm plus 1, or 0 where the lesion was not evaluated; shape (n_rows,).
    words : numpy.ndarray
        Filled in; shape (n_rows,).
    """
    patients, visits, numbers, nodes, _ = lesions
    n_faults = 0
    for row in range(sizes.size):
        patient, visit, lesion = np.int64(patients[row]) & (CHUNK - 1), np.int64(visits[row]), np.int64(numbers[row])
        n_faults += int((visit < 0) | (visit > MAX_VISIT) | (lesion < 0) | (lesion > MAX_LESION))
        place = (patient << VISIT_BITS | visit) << LESION_BITS | lesion
        words[row] = (place << 1 | np.int64(nodes[row])) << SIZE_BITS | np.int64(sizes[row])
    return n_faults


@njit(cache=True, nogil=True)
def pack_visits(visits: VisitColumns, words: NDArray[np.int64]) -> int:
    """Pack visits; return how many numbers are out of range. Patients are counted from the first of their chunk."""
    patients, numbers, days, non_targets, news = visits
    n_faults = 0
    for row in range(words.size):
        patient, visit, day = np.int64(patients[row]) & (CHUNK - 1), np.int64(numbers[row]), np.int64(days[row])
        non_target, new = np.int64(non_targets[row]), np.int64(news[row])
        n_faults += int((visit < 0) | (visit > MAX_VISIT) | (day < -DAY_ZERO) | (day >= DAY_ZERO))
        n_faults += int((non_target < 0) | (non_target > MAX_NON_TARGET) | (new < 0) | (new > 1))
        place = (patient << VISIT_BITS | visit) << DAY_BITS | (day + DAY_ZERO)
        words[row] = (place << NON_TARGET_BITS | non_target) << 1 | new
    return n_faults


@njit(cache=True, nogil=True)
def count_chunks(patient: NDArray[np.integer], n_patients: int, count: NDArray[np.int64]) -> int:
    """Count the rows of each chunk of patients; return how many patients are out of range."""
    n_faults = 0
    for row in range(patient.size):
        if 0 <= patient[row] < n_patients:
            count[patient[row] >> PATIENT_BITS] += 1
        else:
            n_faults += 1
    return n_faults


@njit(cache=True, nogil=True)
def deal(
    patient: NDArray[np.integer], words: NDArray[np.int64], place: NDArray[np.int64], dealt: NDArray[np.int64]
) -> None:
    """Lay each word at the next place of its patient's chunk."""
    for row in range(words.size):
        chunk = patient[row] >> PATIENT_BITS
        dealt[place[chunk]] = words[row]
        place[chunk] += 1


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
def unpack_visits(words: NDArray[np.int64], visits: VisitRows) -> int:
    """Unpack visits in order; return how many are faulty.

    Every patient has one visit 0, the baseline, without a new lesion; the days of later visits are later.
    """
    start, numbers, days, non_targets, new_lesions, is_non_target_seen = visits
    n_faults, patient, day_before, n_patients = 0, -1, 0, start.size - 1
    for row in range(words.size):
        word = words[row]
        new, non_target = word & 1, (word >> 1) & ((1 << NON_TARGET_BITS) - 1)
        day = ((word >> (NON_TARGET_BITS + 1)) & ((1 << DAY_BITS) - 1)) - DAY_ZERO
        number, owner = (word >> VISIT_PLACE) & MAX_VISIT, word >> (VISIT_PLACE + VISIT_BITS)
        numbers[row], days[row] = number, day
        non_targets[row], new_lesions[row] = non_target, UNEQUIVOCAL * new
        is_non_target_seen[row] = (non_target == NON_CR_NON_PD) | (non_target == PD)
        if number == 0:
            n_faults += int((owner != patient + 1) | (new != 0))
            patient = min(patient + 1, n_patients - 1)
            start[patient] = row
        else:
            n_faults += int((owner != patient) | (day <= day_before))
        day_before = day
    n_faults += patient + 1 != n_patients
    start[n_patients] = words.size
    return n_faults
