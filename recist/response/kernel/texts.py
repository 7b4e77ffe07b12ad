"""Numbering texts by first appearance, straight on their bytes; runs of one text are looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOWHERE = -1
PRIME, WORD = 16_777_619, 2**32 - 1  # Fowler, Noll and Vo's hash of 32 bits


class Texts(NamedTuple):
    """Texts end to end: text i is data[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[np.int64]
    data: NDArray[np.uint8]


@njit(cache=True, nogil=True, inline="always")
def _differ(one: NDArray[np.uint8], at: int, other: NDArray[np.uint8], there: int, length: int) -> bool:
    """Say whether two texts of one length differ; every byte is looked at, which is fast in blocks."""
    found = 0
    for step in range(length):
        found |= one[at + step] ^ other[there + step]
    return found != 0


@njit(cache=True, nogil=True)
def count_runs(texts: Texts) -> int:
    """Count the runs of one and the same text."""
    offsets, data = texts
    n_runs = min(offsets.size - 1, 1)
    for row in range(1, offsets.size - 1):
        length = offsets[row + 1] - offsets[row]
        if length != offsets[row] - offsets[row - 1] or _differ(data, offsets[row], data, offsets[row - 1], length):
            n_runs += 1
    return n_runs


@njit(cache=True, nogil=True)
def number_texts(
    texts: Texts, known: Texts, places: tuple[NDArray[np.int32], NDArray[np.int64]], n_known: int, is_new_numbered: bool
) -> tuple[NDArray[np.int64], int]:
    """Give each text its number; a run of one text is looked up once, and the next number is tried first.

    Parameters
    ----------
    texts, known : Texts
        The texts to number, and those that the numbers stand for.
    places : tuple of numpy.ndarray
        By hash the number of a text or NOWHERE, a power of two and at least twice as many as there are texts; and for
        each number the first of the known texts that has it. Both are filled in.
    n_known : int
        How many numbers there are.
    is_new_numbered : bool
        Whether a new text has the next number (then `known` is `texts`), or NOWHERE.

    Returns
    -------
    number : numpy.ndarray
        The number of each text.
    n_known : int
    """
    offsets, data = texts
    known_offsets, known_data = known
    table, first = places
    number = np.empty(offsets.size - 1, dtype=np.int64)
    for row in range(offsets.size - 1):
        at, length = offsets[row], offsets[row + 1] - offsets[row]
        before = number[row - 1] if row else NOWHERE
        if row and length == at - offsets[row - 1] and not _differ(data, at, data, offsets[row - 1], length):
            number[row] = before
            continue
        slot, found = NOWHERE, before + 1  # the next one is tried without a hash
        while True:
            if 0 <= found < n_known:
                there = known_offsets[first[found]]
                is_as_long = known_offsets[first[found] + 1] - there == length
                if is_as_long and not _differ(data, at, known_data, there, length):
                    break
            elif slot != NOWHERE:  # an empty place in the table: the text is new
                if is_new_numbered:
                    table[slot], first[n_known], found = n_known, row, n_known
                    n_known += 1
                break
            slot = (slot + 1 if slot != NOWHERE else _hash(data, at, length)) & (table.size - 1)
            found = table[slot]
        number[row] = found
    return number, n_known


@njit(cache=True, nogil=True, inline="always")
def _hash(data: NDArray[np.uint8], at: int, length: int) -> int:
    mixed = 2_166_136_261
    for step in range(length):
        mixed = ((mixed ^ int(data[at + step])) * PRIME) & WORD
    return mixed ^ (mixed >> 15)
