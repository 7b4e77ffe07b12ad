"""Overall response as a table of cited rows, and its compilation into a lookup array."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.codes import NewLesion, NonTargetResponse, OverallResponse, TargetResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ANY_TARGET = frozenset(TargetResponse)
ANY_NON_TARGET = frozenset(NonTargetResponse)
NOT_PROGRESSED = ANY_NON_TARGET - {NonTargetResponse.PD}
ANY_NEW = frozenset(NewLesion)
NO_NEW = frozenset({NewLesion.NO, NewLesion.EQUIVOCAL})  # an equivocal lesion is not progression yet
YES_NEW = frozenset({NewLesion.UNEQUIVOCAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRow:
    """One row of a published response table: these inputs give this overall response."""

    citation: str
    target: frozenset[TargetResponse]
    non_target: frozenset[NonTargetResponse]
    new_lesion: frozenset[NewLesion]
    overall: OverallResponse


def cite_rows(rows: Sequence[ResponseRow], citations: Sequence[str]) -> tuple[ResponseRow, ...]:
    """Give the rows of one set of criteria the places where another set publishes the same answers."""
    return tuple(replace(row, citation=citation) for row, citation in zip(rows, citations, strict=True))


def find_gaps_and_contradictions(rows: Sequence[ResponseRow]) -> list[str]:
    """Name every combination of inputs that no row answers, or that two rows answer differently."""
    faults = []
    for target, non_target, new in product(TargetResponse, NonTargetResponse, NewLesion):
        answers = {
            row.overall
            for row in rows
            if target in row.target and non_target in row.non_target and new in row.new_lesion
        }
        if len(answers) != 1:
            answer = "contradiction" if answers else "gap"
            faults.append(f"{answer}: target {target}, non-target {non_target}, new lesion {new}")
    return faults


def compile_table(rows: Sequence[ResponseRow]) -> NDArray[np.int64]:
    """Turn the rows into an array indexed by target, non-target and new lesion.

    Returns
    -------
    numpy.ndarray
        Shape (targets, non-targets, new lesions), each in the order of its enumeration; the value is the position in
        :class:`OverallResponse`. The order of the rows does not matter.
    """
    table = np.full((len(TargetResponse), len(NonTargetResponse), len(NewLesion)), -1, dtype=np.int64)
    targets, non_targets, news = list(TargetResponse), list(NonTargetResponse), list(NewLesion)
    overall = list(OverallResponse)
    for row in rows:
        cells = np.ix_(
            [targets.index(member) for member in row.target],
            [non_targets.index(member) for member in row.non_target],
            [news.index(member) for member in row.new_lesion],
        )
        table[cells] = overall.index(row.overall)
    return table
