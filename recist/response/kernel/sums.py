"""Adding up the values of target lesions at each visit; rows in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class VisitSums(NamedTuple):
    """The target lesions of each visit; shape (n_visits,) each, lengths in hundredths of a mm.

    Attributes
    ----------
    total, n_values : numpy.ndarray
        Sum of the values that lesions have of their own, and how many there are.
    nodes_seen, others_seen : numpy.ndarray
        How many nodes are not of normal size, and how many other lesions are not gone.
    """

    total: NDArray[np.int64]
    n_values: NDArray[np.int64]
    nodes_seen: NDArray[np.int64]
    others_seen: NDArray[np.int64]


def no_sums(n_visits: int) -> VisitSums:
    """Make room for the sums of a number of visits."""
    return VisitSums(
        total=np.zeros(n_visits, dtype=np.int64),
        n_values=np.zeros(n_visits, dtype=np.int64),
        nodes_seen=np.zeros(n_visits, dtype=np.int64),
        others_seen=np.zeros(n_visits, dtype=np.int64),
    )


class ValueRows(NamedTuple):
    """Values of target lesions; shape (n_rows,) each.

    Attributes
    ----------
    visit : numpy.ndarray
    size : numpy.ndarray
        In hundredths of a mm, below 0 where there is none.
    is_nodal : numpy.ndarray
        Whether the lesion is a node.
    is_own : numpy.ndarray
        Whether the size is the lesion's own: that of a merged mass counts once in a sum.
    """

    visit: NDArray[np.int64]
    size: NDArray[np.int64]
    is_nodal: NDArray[np.bool_]
    is_own: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def add_up(rows: ValueRows, least_seen_node: int, sums: VisitSums) -> None:
    """Add rows to the sums of their visits; a node smaller than the least one seen is normal."""
    for row in range(rows.visit.size):
        visit, size = rows.visit[row], rows.size[row]
        if size < 0:
            continue
        if rows.is_own[row]:
            sums.total[visit] += size
            sums.n_values[visit] += 1
        if rows.is_nodal[row]:
            sums.nodes_seen[visit] += size >= least_seen_node
        else:
            sums.others_seen[visit] += size > 0
