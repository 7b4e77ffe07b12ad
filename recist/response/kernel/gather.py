"""Gathering entries at places: counting, adding up and finding the least, without copies of the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def count_at(place: NDArray[np.int64], where: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """Count, for each place, the entries for which `where` holds."""
    count = np.zeros(size, dtype=np.int64)
    for entry in range(place.size):
        if where[entry]:
            count[place[entry]] += 1
    return count


@njit(cache=True, nogil=True)
def any_at(place: NDArray[np.int64], where: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    """Say, for each place, whether `where` holds for any entry."""
    found = np.zeros(size, dtype=np.bool_)
    for entry in range(place.size):
        if where[entry]:
            found[place[entry]] = True
    return found


@njit(cache=True, nogil=True)
def least_at(
    place: NDArray[np.int64], where: NDArray[np.bool_], values: NDArray[np.int64], least: NDArray[np.int64]
) -> None:
    """Lower `least`, at each place, to the least value for which `where` holds."""
    for entry in range(place.size):
        if where[entry] and values[entry] < least[place[entry]]:
            least[place[entry]] = values[entry]
