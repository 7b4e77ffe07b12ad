"""The inner loop of lossless JPEG: bits to differences, differences to pixels (ITU-T T.81 annexes F and H).

Whatever the bits say, nothing is read or written outside the arrays: the pixels are walked in order, and past the end
of the bits come zeros, which are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Out = NDArray[np.uint16]

LOOKED_UP = 12  # bits: most differences, code and all, are that short
LONGEST_CODE = 16
HALF_RANGE = 16  # the category of the one difference that has no bits of its own, 32768
NEEDED = 32  # bits of the longest difference, code and all
FILLED = 48
WORD = (1 << 56) - 1


@njit(cache=True, nogil=True)
def _difference(category: int, bits: int) -> int:  # pragma: no cover  # compiled
    """Turn the bits after a code into a difference (T.81 F.2.2.1)."""
    if category == 0:
        return 0
    return bits if bits >> (category - 1) else bits - (1 << category) + 1


@njit(cache=True, nogil=True)
def _look_up(
    counts: NDArray[np.uint8], values: NDArray[np.uint8], lengths: NDArray[np.int32], found: NDArray[np.int32]
) -> None:  # pragma: no cover  # compiled
    """Fill the table of what the next bits mean.

    `lengths` holds the bits of code and difference together, and `found` the difference; 0 where they are too long.
    """
    code, place = 0, 0
    for length in range(1, LOOKED_UP + 1):
        for _ in range(counts[length - 1]):
            category = int(values[place])
            room = LOOKED_UP - length
            for rest in range(1 << room):
                index = (code << room) | rest
                if category <= room:
                    lengths[index] = length + category
                    found[index] = _difference(category, rest >> (room - category))
            code += 1
            place += 1
        code <<= 1


@njit(cache=True, nogil=True)
def _long_code(
    word: int, n_bits: int, counts: NDArray[np.uint8], values: NDArray[np.uint8]
) -> tuple[int, int]:  # pragma: no cover  # compiled
    """Find a code of any length by counting; (0, 0) where there is none."""
    first, place = 0, 0
    for length in range(1, LONGEST_CODE + 1):
        count = int(counts[length - 1])
        code = (word >> (n_bits - length)) & ((1 << length) - 1)
        if code - first < count:
            return length, int(values[place + code - first])
        place += count
        first = (first + count) << 1
    return 0, 0


@njit(cache=True, nogil=True)
def _predict(left: int, above: int, corner: int, predictor: int) -> int:  # pragma: no cover  # compiled
    """Predict a pixel from its neighbours (T.81 table H.1)."""
    if predictor == 1:
        return left
    if predictor == 2:
        return above
    if predictor == 3:
        return corner
    if predictor == 4:
        return left + above - corner
    if predictor == 5:
        return left + ((above - corner) >> 1)
    if predictor == 6:
        return above + ((left - corner) >> 1)
    return (left + above) >> 1


@njit(cache=True, nogil=True)
def _fill(
    source: NDArray[np.uint8], place: int, word: int, n_bits: int
) -> tuple[int, int, int, int]:  # pragma: no cover  # compiled
    """Take bytes into the word until it holds enough bits: place, word, its bits, how many of them are beyond the end.

    A byte of ones is followed by a byte of zeros that does not count; by any other, it is the end (T.81 B.1.1.5).
    """
    n_beyond = 0
    while n_bits <= FILLED:
        value = 0
        if place < source.size and source[place] != 0xFF:
            value = int(source[place])
            place += 1
        elif place + 1 < source.size and source[place + 1] == 0:
            value = 0xFF
            place += 2
        else:
            n_beyond += 8
        word = ((word << 8) | value) & WORD
        n_bits += 8
    return place, word, n_bits, n_beyond


@njit(cache=True, nogil=True)
def _long_difference(
    word: int, n_bits: int, counts: NDArray[np.uint8], values: NDArray[np.uint8]
) -> tuple[int, int]:  # pragma: no cover  # compiled
    """Find a difference that is not in the table: its bits, code included, and itself; no bits where there is none."""
    length, category = _long_code(word, n_bits, counts, values)
    if length == 0:
        return 0, 0
    if category == HALF_RANGE:
        return length, 1 << 15
    bits = (word >> (n_bits - length - category)) & ((1 << category) - 1)
    return length + category, _difference(category, bits)


@njit(cache=True, nogil=True)
def undo_differences(
    source: NDArray[np.uint8], table: tuple[NDArray[np.uint8], NDArray[np.uint8]], way: tuple[int, int], out: Out
) -> int:  # pragma: no cover  # compiled
    """Decode pixels row by row; give the number of rows that were there.

    Parameters
    ----------
    source : array of uint8
        From the first byte of the coded pixels on.
    table : tuple of array
        Counts and values of the Huffman table.
    way : tuple of int
        Predictor, and the value that the first pixel is predicted to have.
    out : array of uint16, shape (n_rows, n_columns)
        Filled.
    """
    counts, values = table
    predictor, first = way
    lengths, found = np.zeros(1 << LOOKED_UP, np.int32), np.zeros(1 << LOOKED_UP, np.int32)
    _look_up(counts, values, lengths, found)
    word, n_bits, place, n_beyond = 0, 0, 0, 0
    for row in range(out.shape[0]):
        before = out[max(row - 1, 0)]
        left = first if row == 0 else int(before[0])
        corner = left
        for column in range(out.shape[1]):
            if n_bits <= NEEDED:
                place, word, n_bits, beyond = _fill(source, place, word, n_bits)
                n_beyond += beyond
            index = (word >> (n_bits - LOOKED_UP)) & ((1 << LOOKED_UP) - 1)
            length, difference = int(lengths[index]), int(found[index])
            if length == 0:
                length, difference = _long_difference(word, n_bits, counts, values)
                if length == 0:
                    return row
            n_bits -= length
            above = int(before[column])
            predicted = left if row == 0 or column == 0 else _predict(left, above, corner, predictor)
            corner = above
            left = (predicted + difference) & 0xFFFF
            out[row, column] = left
        if n_bits < n_beyond:
            return row
    return int(out.shape[0])
