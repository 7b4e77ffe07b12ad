"""What is known about each lesion of one role at each visit, merged lesions included."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.history import number_of
from recist.response.kernel.sums import Known, LesionRows, count_known, mark, nothing_known
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entries:
    """One entry for each measured row of a role, and one for each lesion that another lesion's value covers.

    Attributes
    ----------
    visit, lesion, finding, size, day : numpy.ndarray
        As in :class:`recist.response.history.Rows`; shape (n_entries,).
    is_nodal : numpy.ndarray
        Whether the entry's lesion is a node.
    is_own : numpy.ndarray
        Whether the value is the lesion's own; the value of a merged mass counts once in a sum.
    """

    visit: Ints
    lesion: Ints
    finding: Ints
    size: Ints
    day: Ints
    is_nodal: Bools
    is_own: Bools

    def at(self, places: Ints) -> Entries:
        """Take the entries at some places."""
        return Entries(**{field.name: getattr(self, field.name)[places] for field in fields(self)})

    def as_rows(self, evaluated: Bools) -> LesionRows:
        """Lay the entries side by side for the compiled loops."""
        return LesionRows(
            visit=self.visit,
            lesion=self.lesion,
            size=self.size,
            is_nodal=self.is_nodal,
            is_evaluated=evaluated,
            is_own=self.is_own,
        )


def entries_of(history: History, role: LesionRole) -> Entries:
    """Gather the entries of the lesions of one role."""
    rows, merges = history.rows, history.merges
    own = np.flatnonzero(rows.role == number_of(role))
    covered = history.lesions.role[merges.lesion] == number_of(role)
    row = np.concatenate((own, merges.row[covered]))
    lesion = np.concatenate((rows.lesion[own], merges.lesion[covered]))
    is_own = np.arange(len(row)) < len(own)
    is_treated = ~is_own & (rows.day[row] >= history.lesions.treated_day[lesion])
    size = np.where(is_treated, NO_SIZE, rows.size[row])
    finding = rows.finding[row]
    seen = np.where(size > 0, number_of(Finding.PRESENT), number_of(Finding.ABSENT))
    return Entries(
        visit=rows.visit[row],
        lesion=lesion,
        finding=np.where(is_own, finding, np.where(size == NO_SIZE, number_of(Finding.NOT_EVALUATED), seen)),
        size=size,
        day=rows.day[row],
        is_nodal=history.lesions.is_nodal[lesion],
        is_own=is_own,
    )


def derive_coverage(history: History, entries: Entries, evaluated: Bools) -> Known:
    """Count, at each visit, the baseline lesions that were evaluated.

    A lesion in several parts is evaluated when every part is; a lesion covered by the value of a merged mass is
    evaluated whatever its own row says. Lesions are counted, not rows.
    """
    courses = history.courses
    first_cell, offset = history.cells()
    marks = np.zeros(first_cell[-1], dtype=np.uint8)
    mark(entries.as_rows(evaluated), offset, marks)
    known = nothing_known(courses.n_visits)
    count_known(courses.start, history.visits.baseline, first_cell, marks, known)
    return known
