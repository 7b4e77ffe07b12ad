"""Adding up the lesions of coded patients visit by visit, in one pass over packed rows in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from recist.response.kernel.packed import LESION_BITS, LESION_PLACE, MAX_LESION, SIZE_BITS, VISIT_BITS
from recist.response.kernel.sums import is_seen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recist.response.kernel.packed import VisitRows
    from recist.response.kernel.sums import Known, VisitSums

KIND = (MAX_LESION << 1 | 1) << SIZE_BITS  # the bits that say which lesion it is, and whether it is a node
VISIT_PLACE = LESION_PLACE + LESION_BITS


@njit(cache=True, nogil=True)
def add_up_rows(
    words: NDArray[np.int64], visits: VisitRows, least_seen_node: int, sums: VisitSums, known: Known
) -> int:
    """Add up the lesions of each visit and count those known; return how many faults are met.

    The lesions of each visit are compared with those of the baseline, both in ascending order: one that baseline does
    not have, or has as another kind, is a fault. So is a row that no visit takes.

    Parameters
    ----------
    words : numpy.ndarray
        Packed lesions, ascending, no lesion twice at a visit; last a word that no visit takes.
    visits : VisitRows
    least_seen_node : int
        The least size of a node that is not normal, in hundredths of a mm.
    sums, known
        Filled in.
    """
    start, number = visits.start, visits.number
    total, n_values, nodes_seen, others_seen = sums
    at_baseline, evaluated, has_several, has_stranger = known
    row, n_faults = 0, 0
    for course in range(start.size - 1):
        zero, end_of_baseline = row, 0
        for visit in range(start[course], start[course + 1]):
            here = course << VISIT_BITS | number[visit]
            whole, n_sizes, n_nodes, n_seen, place, n_strangers = 0, 0, 0, 0, zero, 0
            word = words[row]
            while word >> VISIT_PLACE == here:
                if (word ^ words[place]) & KIND:  # lesions of baseline that have no row here are passed over
                    while place < end_of_baseline and words[place] & KIND < word & KIND:
                        place += 1
                    n_strangers += (word ^ words[place]) & KIND != 0
                packed_size, is_nodal = word & ((1 << SIZE_BITS) - 1), (word >> SIZE_BITS) & 1
                sign = is_seen(packed_size - 1, is_nodal, least_seen_node)
                whole += packed_size
                n_sizes += packed_size != 0
                n_seen += sign
                n_nodes += sign & is_nodal
                place += 1
                row += 1
                word = words[row]
            if visit == start[course]:
                end_of_baseline = row
            n_strangers += place > end_of_baseline
            total[visit], n_values[visit] = whole - n_sizes, n_sizes  # each size is packed with 1 added
            nodes_seen[visit], others_seen[visit] = n_nodes, n_seen - n_nodes
            at_baseline[visit], evaluated[visit] = end_of_baseline - zero, n_sizes
            has_several[visit], has_stranger[visit] = False, n_strangers != 0
            n_faults += n_strangers
    return n_faults + words.size - 1 - row
