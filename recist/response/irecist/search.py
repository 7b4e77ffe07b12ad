"""The search for the best response by iRECIST, compiled from its cited rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.codes import ImmuneBestResponse, ImmuneResponse
from recist.response.arrays import NOWHERE
from recist.response.choices import NDBetween
from recist.response.history import number_of
from recist.response.kernel.best import BREAKS, COUNTS_AS_NE, COUNTS_AS_SD, PASSES, SearchTable

if TYPE_CHECKING:
    from recist.criteria.immune_table import ImmuneRules

# What confirms iCR and iPR, and what may lie between: as RECIST 1.1 (Eisenhauer 2009 §4.6.1). An iUPD between breaks.
_CONFIRMED_BY = {
    ImmuneResponse.ICR: frozenset({ImmuneResponse.ICR}),
    ImmuneResponse.IPR: frozenset({ImmuneResponse.IPR, ImmuneResponse.ICR}),
}
_BEST = (ImmuneBestResponse.ICR, ImmuneBestResponse.IPR)


@cache
def compile_immune_search(immune: ImmuneRules, nd_between: NDBetween) -> SearchTable:
    """Turn the rows of the search into arrays."""
    rows = immune.best
    return SearchTable(
        best=np.array([number_of(row.best) for row in rows]),
        found_by=np.array([[response in row.found_by for response in ImmuneResponse] for row in rows]),
        needs_time=np.array([row.needs_minimum_time for row in rows]),
        confirmation=np.array([_BEST.index(row.best) if row.best in _BEST else NOWHERE for row in rows]),
        response=np.array([number_of(response) for response in _CONFIRMED_BY]),
        confirmed_by=np.array([[member in by for member in ImmuneResponse] for by in _CONFIRMED_BY.values()]),
        between=np.array(
            [[_meaning(response, member, nd_between) for member in ImmuneResponse] for response in _CONFIRMED_BY]
        ),
        not_after=np.array([NOWHERE, number_of(ImmuneResponse.ICR)]),
        missing=np.array([number_of(ImmuneBestResponse.MISSING)]),
    )


def _meaning(response: ImmuneResponse, member: ImmuneResponse, nd_between: NDBetween) -> int:
    """Say what a response does between another and its confirmation."""
    if member is ImmuneResponse.ND and nd_between is NDBetween.BREAK:
        return BREAKS
    if member in _CONFIRMED_BY[response]:
        return PASSES
    if member in (ImmuneResponse.NE, ImmuneResponse.ND):
        return COUNTS_AS_NE
    is_sd_after_pr = response is ImmuneResponse.IPR and member is ImmuneResponse.ISD
    return COUNTS_AS_SD if is_sd_after_pr else BREAKS
