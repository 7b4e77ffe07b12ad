"""The rows of coded tables as packed numbers by chunk of patients: read where they lie, or dealt to their chunks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from recist.response.kernel.exact import Quantum, quantise, quantum_of
from recist.response.kernel.order import count_disorder, is_ascending, is_dense
from recist.response.kernel.packed import (
    CHUNK,
    LESION_PLACE,
    PATIENT_BITS,
    VISIT_PLACE,
    LesionColumns,
    VisitColumns,
    count_chunks,
    deal,
    pack_lesions,
    pack_visits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from recist.response.arrays import Ints
    from recist.response.coded_tables import CodedTables

BLOCK = 1 << 15  # rows that are packed and dealt at a time
NO_WORD = -1  # comes after the last lesion


class Map(Protocol):
    """Calls a function on everything given, here or on several threads."""

    def __call__(self, function: Callable[[Any], int], things: Iterable[Any], /) -> Iterator[int]:
        """Call it; the answers come in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderedRows:
    """Rows in the order of the patients.

    Attributes
    ----------
    tables : CodedTables
    quantum : Quantum
        How sizes are rounded.
    first_lesion, first_visit : list of int
        Where the rows of each chunk begin, and last their number.
    """

    tables: CodedTables
    quantum: Quantum
    first_lesion: list[int]
    first_visit: list[int]

    def of_chunk(self, number: int) -> tuple[Ints, Ints, int]:
        """Give the words of a chunk for its lesions and its visits in order, and how many are faulty."""
        rows = slice(self.first_lesion[number], self.first_lesion[number + 1])
        lesions = np.empty(rows.stop - rows.start + 1, dtype=np.int64)
        n_faults = _pack_lesions(self.tables, rows, self.quantum, lesions[:-1])
        rows = slice(self.first_visit[number], self.first_visit[number + 1])
        visits = np.empty(rows.stop - rows.start, dtype=np.int64)
        n_faults += _pack_visits(self.tables, rows, visits)
        return (*_in_order(lesions, visits, n_faults),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealtRows:
    """Packed rows side by side by chunk of patients.

    Attributes
    ----------
    lesions, visits : numpy.ndarray
    first_lesion, first_visit : list of int
        Where the rows of each chunk begin, and last their number.
    """

    lesions: Ints
    visits: Ints
    first_lesion: list[int]
    first_visit: list[int]

    def of_chunk(self, number: int) -> tuple[Ints, Ints, int]:
        """Give the words of a chunk for its lesions and its visits in order, and how many are faulty."""
        first, end = self.first_lesion[number], self.first_lesion[number + 1]
        lesions = np.empty(end - first + 1, dtype=np.int64)
        lesions[:-1] = self.lesions[first:end]
        visits = self.visits[self.first_visit[number] : self.first_visit[number + 1]]
        return _in_order(lesions, visits, 0)


def _in_order(lesions: Ints, visits: Ints, n_faults: int) -> tuple[Ints, Ints, int]:
    """Sort words that are not in order, and count as faults those that come twice."""
    lesions[-1] = NO_WORD
    for words, n_bits in ((lesions[:-1], LESION_PLACE), (visits, VISIT_PLACE)):
        if count_disorder(words, n_bits):
            words.sort()
            n_faults += count_disorder(words, n_bits)
    return lesions, visits, n_faults


def lay_rows(tables: CodedTables, size_step: int, how: tuple[int, Map]) -> OrderedRows | DealtRows | None:
    """Take rows in the order of the patients as they lie, and deal others to their chunks; nothing if one is faulty."""
    of_lesions, of_visits, n_patients = tables.lesions.patient, tables.visits.patient, len(tables.patients)
    quantum = quantum_of(tables.lesions.diam.dtype, size_step)
    if not (is_dense(of_visits) and is_ascending(of_lesions)):
        return _deal_rows(tables, quantum, how)
    if len(of_lesions) and not (of_lesions[0] >= 0 and of_lesions[-1] < n_patients):
        return None
    return OrderedRows(
        tables=tables,
        quantum=quantum,
        first_lesion=_cut(of_lesions, n_patients),
        first_visit=_cut(of_visits, n_patients),
    )


def _cut(patient: NDArray[np.integer], n_patients: int) -> list[int]:
    """Find where the rows of each chunk begin."""
    cuts = np.searchsorted(patient, np.arange(CHUNK, n_patients, CHUNK).astype(patient.dtype))
    return [0, *cuts.tolist(), len(patient)]


def _deal_rows(tables: CodedTables, quantum: Quantum, how: tuple[int, Map]) -> DealtRows | None:
    lesions = _deal(
        tables.lesions.patient,
        lambda rows, words: _pack_lesions(tables, rows, quantum, words),
        len(tables.patients),
        how,
    )
    visits = _deal(
        tables.visits.patient, lambda rows, words: _pack_visits(tables, rows, words), len(tables.patients), how
    )
    if visits is None or lesions is None:
        return None
    return DealtRows(lesions=lesions[0], visits=visits[0], first_lesion=lesions[1], first_visit=visits[1])


def _pack_lesions(tables: CodedTables, rows: slice, quantum: Quantum, words: Ints) -> int:
    """Pack some rows of lesions; return how many faults were met."""
    lesions = LesionColumns._make(column[rows] for column in tables.lesions)
    sizes = np.empty(len(words), dtype=np.int32)
    return quantise(lesions.diam, quantum, sizes) + pack_lesions(lesions, sizes, words)


def _pack_visits(tables: CodedTables, rows: slice, words: Ints) -> int:
    """Pack some rows of visits; return how many faults were met."""
    return pack_visits(VisitColumns._make(column[rows] for column in tables.visits), words)


def _deal(
    patient: NDArray[np.integer], pack: Callable[[slice, Ints], int], n_patients: int, how: tuple[int, Map]
) -> tuple[Ints, list[int]] | None:
    """Pack rows and lay them side by side by chunk; give them and where each chunk begins, or nothing if faulty."""
    n_threads, run = how
    n_chunks = (n_patients + CHUNK - 1) >> PATIENT_BITS
    cuts = np.linspace(0, len(patient), n_threads + 1).astype(np.int64).tolist()
    parts = [slice(first, end) for first, end in pairwise(cuts)]
    counts = np.zeros((n_threads, n_chunks), dtype=np.int64)
    if sum(run(lambda part: count_chunks(patient[part[1]], n_patients, counts[part[0]]), enumerate(parts))):
        return None
    in_order = np.cumsum(counts.T).reshape(n_chunks, n_threads)  # chunk after chunk, and in each part after part
    place = np.ascontiguousarray((in_order - counts.T).T)
    dealt = np.empty(len(patient), dtype=np.int64)

    def deal_part(part: tuple[int, slice]) -> int:
        n_faults = 0
        for first in range(part[1].start, part[1].stop, BLOCK):
            rows = slice(first, min(first + BLOCK, part[1].stop))
            words = np.empty(rows.stop - rows.start, dtype=np.int64)
            n_faults += pack(rows, words)
            deal(patient[rows], words, place[part[0]], dealt)
        return n_faults

    if sum(run(deal_part, enumerate(parts))):
        return None
    return dealt, [0, *in_order[:, -1].tolist()]
