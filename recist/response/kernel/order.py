"""Whether rows lie in order, told in one look at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def is_dense(patient: NDArray[np.integer]) -> bool:
    """Say whether patients are numbered from 0 without gaps, and their rows lie in this order."""
    if patient.size and patient[0] != 0:
        return False
    before, after, n_wrong = patient[:-1], patient[1:], 0
    for row in range(after.size):
        step = np.int64(after[row]) - np.int64(before[row])
        n_wrong += int((step < 0) | (step > 1))
    return n_wrong == 0


@njit(cache=True, nogil=True)
def is_ascending(patient: NDArray[np.integer]) -> bool:
    """Say whether rows lie in the order of the patients."""
    before, after, n_wrong = patient[:-1], patient[1:], 0
    for row in range(after.size):
        n_wrong += after[row] < before[row]
    return n_wrong == 0


@njit(cache=True, nogil=True)
def count_disorder(words: NDArray[np.int64], n_bits: int) -> int:
    """Count the words that do not come after the one before, the lowest bits left out."""
    before, after, n_wrong = words[:-1], words[1:], 0
    for row in range(after.size):
        n_wrong += int((after[row] >> n_bits) <= (before[row] >> n_bits))
    return n_wrong
