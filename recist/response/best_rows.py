"""The search for the best response as cited data, and its compilation (RECIST 1.1 §4.4.3, §4.6.1, Table 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from recist.criteria import BestResponse, OverallResponse
from recist.response.arrays import NOWHERE
from recist.response.choices import NDBetween
from recist.response.confirmation import CONFIRMATION_ROWS, ConfirmationRow
from recist.response.history import number_of
from recist.response.kernel.best import BREAKS, COUNTS_AS_NE, COUNTS_AS_SD, PASSES, SearchTable


@dataclass(frozen=True, slots=True, kw_only=True)
class BestRow:
    """One step of the search for the best response: the first step that finds a visit gives the answer.

    Attributes
    ----------
    best : BestResponse
    found_by : frozenset of OverallResponse
        Responses that allow it; the first of them dates it.
    needs_minimum_time : bool
        Whether one of them must come at the minimum time for stable disease or later.
    """

    best: BestResponse
    found_by: frozenset[OverallResponse]
    needs_minimum_time: bool = False


_DISEASE_CONTROL = frozenset({OverallResponse.CR, OverallResponse.PR, OverallResponse.SD})

# Eisenhauer 2009 §4.4.3 and Table 3. NED and ND are not in the paper: NED is placed like NON-CR/NON-PD, ND last.
BEST_ROWS: tuple[BestRow, ...] = (
    BestRow(best=BestResponse.CR, found_by=frozenset({OverallResponse.CR})),
    BestRow(best=BestResponse.PR, found_by=frozenset({OverallResponse.PR})),
    BestRow(best=BestResponse.SD, found_by=_DISEASE_CONTROL, needs_minimum_time=True),
    BestRow(
        best=BestResponse.NON_CR_NON_PD, found_by=frozenset({OverallResponse.NON_CR_NON_PD}), needs_minimum_time=True
    ),
    BestRow(best=BestResponse.NED, found_by=frozenset({OverallResponse.NED}), needs_minimum_time=True),
    BestRow(best=BestResponse.PD, found_by=frozenset({OverallResponse.PD})),
    BestRow(best=BestResponse.NE, found_by=frozenset(OverallResponse) - {OverallResponse.ND}),
    BestRow(best=BestResponse.ND, found_by=frozenset({OverallResponse.ND})),
)


@cache
def compile_search(nd_between: NDBetween) -> SearchTable:
    """Turn the rows of the search and of the confirmation into arrays."""
    responses = [str(row.response) for row in CONFIRMATION_ROWS]
    return SearchTable(
        best=np.array([number_of(row.best) for row in BEST_ROWS]),
        found_by=np.array([[response in row.found_by for response in OverallResponse] for row in BEST_ROWS]),
        needs_time=np.array([row.needs_minimum_time for row in BEST_ROWS]),
        confirmation=np.array(
            [responses.index(row.best) if str(row.best) in responses else NOWHERE for row in BEST_ROWS]
        ),
        response=np.array([number_of(row.response) for row in CONFIRMATION_ROWS]),
        confirmed_by=np.array(
            [[response in row.confirmed_by for response in OverallResponse] for row in CONFIRMATION_ROWS]
        ),
        between=np.array(
            [[_meaning(row, response, nd_between) for response in OverallResponse] for row in CONFIRMATION_ROWS]
        ),
        not_after=np.array(
            [NOWHERE if row.not_after is None else number_of(row.not_after) for row in CONFIRMATION_ROWS]
        ),
        missing=np.array([number_of(BestResponse.MISSING)]),
    )


def _meaning(row: ConfirmationRow, response: OverallResponse, nd_between: NDBetween) -> int:
    """Say what a response does between another and its confirmation."""
    if response is OverallResponse.ND and nd_between is NDBetween.BREAK:
        return BREAKS
    if response in row.confirmed_by:
        return PASSES
    if response in row.as_ne:
        return COUNTS_AS_NE
    return COUNTS_AS_SD if response in row.as_sd else BREAKS
