"""Overall response by iRECIST as a table of cited rows, its compilation, and the numbers that iRECIST adds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.codes import (
    ImmuneBestResponse,
    ImmuneResponse,
    NewDisease,
    NonTargetResponse,
    SinceIUPD,
    TargetResponse,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from recist.criteria.criteria import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmuneRow:
    """One row of the table of time point responses: these inputs give this response.

    Attributes
    ----------
    citation : str
    target : frozenset of TargetResponse
        The response of the target lesions by RECIST 1.1; PD is an iUPD of that category.
    non_target : frozenset of NonTargetResponse
        The same of the non-target lesions.
    new_lesion : frozenset of NewDisease
    since : frozenset of SinceIUPD
    response : ImmuneResponse
    """

    citation: str
    target: frozenset[TargetResponse]
    non_target: frozenset[NonTargetResponse]
    new_lesion: frozenset[NewDisease]
    since: frozenset[SinceIUPD]
    response: ImmuneResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmuneBestRow:
    """One step of the search for the best response: the first step that finds a visit gives the answer.

    Attributes
    ----------
    citation : str
    best : ImmuneBestResponse
    found_by : frozenset of ImmuneResponse
        Responses that allow it; the first of them dates it.
    needs_minimum_time : bool
        Whether one of them must come at the minimum time for stable disease or later.
    """

    citation: str
    best: ImmuneBestResponse
    found_by: frozenset[ImmuneResponse]
    needs_minimum_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmuneRules:
    """What iRECIST adds to RECIST 1.1: numbers, the table of time point responses, and the search for the best."""

    confirming_increase: Limit
    max_new_targets: Limit
    max_new_targets_per_organ: Limit
    early_scan: Limit
    early_scan_tolerance: Limit
    late_scan: Limit
    time_point: tuple[ImmuneRow, ...]
    best: tuple[ImmuneBestRow, ...]


def find_immune_faults(rows: Sequence[ImmuneRow]) -> list[str]:
    """Name every combination of inputs that no row answers, or that two rows answer differently."""
    faults = []
    for target, non_target, new, since in product(TargetResponse, NonTargetResponse, NewDisease, SinceIUPD):
        answers = {
            row.response
            for row in rows
            if target in row.target and non_target in row.non_target and new in row.new_lesion and since in row.since
        }
        if len(answers) != 1:
            answer = "contradiction" if answers else "gap"
            faults.append(f"{answer}: target {target}, non-target {non_target}, new lesions {new}, since iUPD {since}")
    return faults


def compile_immune_table(rows: Sequence[ImmuneRow]) -> NDArray[np.int64]:
    """Turn the rows into an array indexed by target, non-target, new lesions and the comparison with the iUPD.

    Each index is in the order of its enumeration; the value is the position in :class:`ImmuneResponse`. The order of
    the rows does not matter.
    """
    targets, non_targets, news, comparisons = (
        list(TargetResponse),
        list(NonTargetResponse),
        list(NewDisease),
        list(SinceIUPD),
    )
    table = np.full((len(targets), len(non_targets), len(news), len(comparisons)), -1, dtype=np.int64)
    for row in rows:
        cells = np.ix_(
            [targets.index(member) for member in row.target],
            [non_targets.index(member) for member in row.non_target],
            [news.index(member) for member in row.new_lesion],
            [comparisons.index(member) for member in row.since],
        )
        table[cells] = list(ImmuneResponse).index(row.response)
    return table
