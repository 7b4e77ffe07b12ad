"""The runs of a label volume: unbroken stretches of one label along a row.

Nearly all of a body is not lesion, so a volume is walked in words of eight bytes: a row of zeros is passed at the
speed of memory, a word inside a lesion costs one comparison, and only words on an edge are looked at pixel by pixel.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")
Places = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]
Bounds = npt.NDArray[np.int64]

WORD_BYTES = 8
RUNS_A_ROW = 4  # room to begin with, for every row with some lesion in it
N_THREADS = min(os.cpu_count() or 1, 4)
WORTH_A_THREAD_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """The runs of every label, in the order of labels, slices, rows and columns.

    Attributes
    ----------
    labels : (n_labels,) integers
        Ascending, without the background.
    bounds : (n_labels + 1,) int64
        The runs of label k stand in rows ``bounds[k]`` to ``bounds[k + 1]`` of `places`.
    places : (n_runs, 4) int32
        Slice, row, first column, end (the column after the last).
    """

    labels: npt.NDArray[np.integer]
    bounds: Bounds
    places: Places


def find_runs(labels: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Runs:
    """Find the runs of every label.

    Parameters
    ----------
    labels : (n_slices, n_rows, n_columns) integers or bool
        Zero outside.

    Raises
    ------
    ValueError
        For a negative label.
    """
    lines = _as_lines(labels)
    words = lines.view(np.uint64)
    cuts = _cuts(lines)
    parts = in_threads(lambda begin, end: _runs_between(words, lines, begin, end), cuts)
    found = np.concatenate([part[0] for part in parts]).view(_native(labels.dtype))
    places = np.concatenate([part[1] for part in parts])
    if found.size and found.min() < 0:
        raise ValueError("labels must not be negative; zero is the background")
    order = np.argsort(found, kind="stable")
    places = places[order]
    places[:, 0], places[:, 1] = np.divmod(places[:, 1], labels.shape[1])
    names, begins = np.unique(found[order], return_index=True)
    return Runs(labels=names, bounds=np.append(begins, found.size).astype(np.int64), places=places)


def in_threads(work: Callable[[int, int], Result], cuts: Sequence[int]) -> list[Result]:
    """Call `work` for every part from one cut to the next, and give the results in order."""
    if len(cuts) <= 2:
        return [work(cuts[0], cuts[-1])]
    with ThreadPoolExecutor(N_THREADS) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))


def _as_lines(labels: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> npt.NDArray[np.unsignedinteger]:
    """View a volume as rows of unsigned integers whose length is a whole number of words; copied only if it must be."""
    itemsize = labels.dtype.itemsize
    lines = labels.astype(_native(labels.dtype), copy=False).reshape(-1, labels.shape[2])
    missing = -lines.shape[1] % (WORD_BYTES // itemsize)
    if missing:
        lines = np.pad(lines, ((0, 0), (0, missing)))
    return np.ascontiguousarray(lines).view(f"u{itemsize}")


def _native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Give the type of whole numbers, in the byte order of this machine, that labels of a type are walked in."""
    return np.dtype(np.uint8) if dtype.kind == "b" else dtype.newbyteorder("=")


def _cuts(lines: npt.NDArray[np.unsignedinteger]) -> list[int]:
    """Where to cut the rows for the threads: several parts for each, so that none waits long for another."""
    n_parts = min(max(lines.nbytes // WORTH_A_THREAD_BYTES, 1), 4 * N_THREADS)
    return [len(lines) * part // n_parts for part in range(n_parts + 1)]


def _runs_between(
    words: Words, lines: npt.NDArray[np.unsignedinteger], begin: int, end: int
) -> tuple[npt.NDArray[np.unsignedinteger], Places]:
    """List the runs of some rows; where the room is too small, once more with as much as they need."""
    room = RUNS_A_ROW * (end - begin)
    while True:
        found = np.empty(room + 1, lines.dtype)
        places = np.empty((room + 1, 4), np.int32)
        n_found = _write_runs(words[begin:end], lines[begin:end], begin, found, places)
        if n_found <= room:
            return found[:n_found], places[:n_found]
        room = n_found


@njit(cache=True, nogil=True)
def _write_runs(
    words: Words,
    lines: npt.NDArray[np.unsignedinteger],
    first_line: int,
    found: npt.NDArray[np.unsignedinteger],
    places: Places,
) -> int:
    """Write label and (0, line, first, end) of each run; give how many there are.

    The last place is for all those that find no room.
    """
    room, n, n_pixels = found.size - 1, 0, lines.shape[1] // words.shape[1]
    for line in range(lines.shape[0]):
        row_words, pixels = words[line], lines[line]
        if not _has_any(row_words):
            continue
        label, label_word = np.uint64(0), np.uint64(0)
        for k in range(row_words.size):
            if row_words[k] == label_word:
                continue
            for column in range(k * n_pixels, (k + 1) * n_pixels):
                here = np.uint64(pixels[column])
                if here == label:
                    continue
                if label:
                    places[min(n - 1, room), 3] = column
                if here:
                    slot = min(n, room)
                    found[slot] = pixels[column]
                    places[slot, 0], places[slot, 1], places[slot, 2] = 0, first_line + line, column
                    n += 1
                label, label_word = here, _repeated(here, n_pixels)
        if label:
            places[min(n - 1, room), 3] = pixels.size
    return n


@njit(cache=True, nogil=True)
def _has_any(words: Words) -> bool:
    """Whether a bit is set; without a branch inside, so that it runs at the speed of memory."""
    seen = np.uint64(0)
    for k in range(words.size):
        seen |= words[k]
    return bool(seen)


@njit(cache=True, nogil=True)
def _repeated(label: np.uint64, n_pixels: int) -> np.uint64:
    """Fill a word with a label."""
    word = label
    for k in range(1, n_pixels):
        word |= label << np.uint64(k * (64 // n_pixels))
    return word
