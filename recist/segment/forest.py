"""The cheapest path from the seeds to every voxel: the image foresting transform with a bucket queue.

Every voxel belongs to the seeds that reach it at the smallest sum of arc costs (Falcão, Stolfi and Lotufo, IEEE Trans
Pattern Anal Mach Intell 2004;26:19-29), which is where the cellular automaton of GrowCut comes to rest (Vezhnevets and
Konouchine, GraphiCon 2005:150-6). Costs are whole numbers, so a ring of buckets is the queue (Dial, Commun ACM
1969;12:632-3) and the work is proportional to the number of voxels.

Lesion and surroundings are followed on together for a while after they have met, so that the answer is not only a
side but a margin: how much dearer the way from the other side is. Masks cut at rising margins are nested.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

OUTSIDE, FREE, LESION, SURROUNDINGS = 0, 1, 2, 3
WALL = 4  # surroundings too, told apart because nothing is seen at their border; the forest knows them as those
N_BUCKETS = 1024  # a power of two
UNREACHED = 1 << 29

Value = TypeVar("Value", bound=np.generic)
Tones = npt.NDArray[np.int16]
Marks = npt.NDArray[np.uint8]
Costs = npt.NDArray[np.int32]


def pad(values: npt.NDArray[Value]) -> npt.NDArray[Value]:
    """Put a layer of zeros (marks: OUTSIDE) on every side."""
    return np.pad(values, 1)


def trim(values: npt.NDArray[Value]) -> npt.NDArray[Value]:
    """Take that layer off."""
    return np.ascontiguousarray(values[1:-1, 1:-1, 1:-1])


@njit(cache=True, nogil=True)
def _is_edge_of(marks, voxel, steps):  # type: ignore[no-untyped-def]
    """Tell whether a seed touches a voxel that is still free."""
    for step in steps:  # noqa: SIM110 - numba compiles no generator here
        if marks[voxel + step] == FREE:
            return True
    return False


def cost_margins(tones: Tones, marks: Marks, arc_costs: Costs, overlap: int) -> Costs:
    """Compute how much cheaper every voxel is reached from the lesion's seeds than from those of the surroundings.

    Parameters
    ----------
    tones : (n_slices, n_rows, n_columns) int16
        The image; one layer of padding on every side.
    marks : (n_slices, n_rows, n_columns) uint8
        OUTSIDE (never entered; the padding must be), FREE, LESION or SURROUNDINGS (seeds).
    arc_costs : (3, 2 n + 1) int32
        Cost of a step along slices, rows and columns by how much the tone falls on the way out, from -n to n; the
        outer ones hold for all larger differences. Between 1 and N_BUCKETS - 1.
    overlap : int
        How far the two sides are followed on after they met.

    Returns
    -------
    (n_slices, n_rows, n_columns) int32
        Cost from the surroundings minus cost from the lesion, exact within ± `overlap` and that or beyond elsewhere;
        OUTSIDE -UNREACHED.
    """
    _, n_rows, n_columns = tones.shape
    margins = np.empty(tones.shape, dtype=np.int32)
    best = np.full(2 * tones.size, UNREACHED, dtype=np.int32)
    first = np.empty(2 * tones.size, dtype=np.int32)
    steps = np.array([-n_rows * n_columns, n_rows * n_columns, -n_columns, n_columns, -1, 1], dtype=np.int64)
    flat = tones.reshape(-1), marks.reshape(-1)
    n_first = _find_edges(flat[1], steps, first)
    _settle(*flat, arc_costs, np.int32(overlap), steps, best, first[:n_first])
    _subtract(flat[1], best, margins.reshape(-1))
    return margins


@njit(cache=True, nogil=True)
def _find_edges(mark, steps, first):  # type: ignore[no-untyped-def]
    n_first = 0
    for voxel in range(mark.size):
        if mark[voxel] >= LESION and _is_edge_of(mark, voxel, steps):
            first[n_first] = 2 * voxel + mark[voxel] - LESION
            n_first += 1
    return n_first


@njit(cache=True, nogil=True)
def _subtract(mark, best, margins):  # type: ignore[no-untyped-def]
    for voxel in range(mark.size):
        if mark[voxel] == FREE:
            margins[voxel] = best[2 * voxel + 1] - best[2 * voxel]
        else:
            margins[voxel] = UNREACHED if mark[voxel] == LESION else -UNREACHED


@njit(cache=True, nogil=True)
def _longer(entries):  # type: ignore[no-untyped-def]
    longer = np.empty(2 * entries.size, dtype=np.int32)
    for i in range(entries.size):
        longer[i] = entries[i]
    return longer


@njit(cache=True, nogil=True)
def _settle(  # type: ignore[no-untyped-def] # noqa: C901, PLR0915, PLR0917 - one loop, walked a million times
    tone, mark, arc_costs, overlap, steps, best, first
):
    """Empty the buckets in order of cost; a bucket is a chain of entries, and used entries are used again."""
    level = np.int32(arc_costs.shape[1] // 2)
    heads = np.full(N_BUCKETS, -1, dtype=np.int32)
    entry_state = np.empty(first.size + tone.size, dtype=np.int32)
    entry_next = np.empty(first.size + tone.size, dtype=np.int32)
    for entry in range(first.size):
        best[first[entry]] = 0
        entry_state[entry] = first[entry]
        entry_next[entry] = entry - 1
    heads[0] = first.size - 1
    n_used, n_waiting, now = first.size, first.size, 0
    unused = np.int32(-1)
    while n_waiting > 0:
        entry = heads[now & (N_BUCKETS - 1)]
        if entry < 0:
            now += 1
            continue
        state = entry_state[entry]
        heads[now & (N_BUCKETS - 1)] = entry_next[entry]
        entry_next[entry], unused = unused, entry
        n_waiting -= 1
        if best[state] != now:  # reached more cheaply since
            continue
        voxel, side = state >> 1, state & 1
        own = np.int32(tone[voxel])
        for k in range(6):
            beside = voxel + steps[k]
            if mark[beside] != FREE:
                continue
            fall = own - np.int32(tone[beside])
            if side == 1:  # the surroundings come from outside
                fall = -fall
            cost = now + arc_costs[k >> 1, min(max(fall, -level), level) + level]
            other = 2 * beside + side
            if cost >= best[other] or cost > best[other ^ 1] + overlap:
                continue
            best[other] = cost
            if unused >= 0:
                entry, unused = unused, entry_next[unused]
            else:
                if n_used == entry_state.size:
                    entry_state = _longer(entry_state)
                    entry_next = _longer(entry_next)
                entry = n_used
                n_used += 1
            bucket = cost & (N_BUCKETS - 1)
            entry_state[entry] = other
            entry_next[entry] = heads[bucket]
            heads[bucket] = entry
            n_waiting += 1
