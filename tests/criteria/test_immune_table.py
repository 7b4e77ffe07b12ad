"""The table of iRECIST for every combination of its inputs, by the rules of Seymour et al. 2017 written out as such."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from recist.criteria.codes import ImmuneResponse, NewDisease, NonTargetResponse, SinceIUPD, TargetResponse
from recist.criteria.immune_table import compile_immune_table, find_immune_faults
from recist.criteria.irecist import BEST, TIME_POINT

TABLE = compile_immune_table(TIME_POINT)
PRESENT, NO_CR = "NON-CR/NON-PD", "NON-iCR/NON-iUPD"


def response_without_iupd(target: str, non_target: str, new: str) -> str:
    """Give the response where nothing progresses: RECIST 1.1 with the prefix, and no iCR while a new lesion is left."""
    if target in {"PR", "SD"}:
        return f"i{target}"
    if target == "NE" or (target == "NONE" and non_target == "NE"):
        return "NE"
    if target == "CR":
        return "iCR" if non_target in {"CR", "NONE"} and new == "none" else "iPR"
    if non_target == "NONE":
        return {"none": "NED", "standing": NO_CR, "not_evaluated": "NE"}[new]
    return "iCR" if non_target == "CR" and new == "none" else NO_CR


def expected(target: str, non_target: str, new: str, since: str) -> str:
    if since in {"worse", "unchanged"}:
        return {"worse": "iCPD", "unchanged": "iUPD"}[since]
    if target == "PD" or non_target == "PD" or new == "progressed":
        return "iUPD"
    return "NE" if since == "not_evaluated" else response_without_iupd(target, non_target, new)


@pytest.mark.parametrize("since", list(SinceIUPD))
@pytest.mark.parametrize("target", list(TargetResponse))
def test_every_combination_has_the_response_of_the_rules(target: TargetResponse, since: SinceIUPD) -> None:
    found = {
        (non_target, new): str(list(ImmuneResponse)[cell])
        for (i, non_target), (j, new) in product(enumerate(NonTargetResponse), enumerate(NewDisease))
        if (cell := TABLE[list(TargetResponse).index(target), i, j, list(SinceIUPD).index(since)]) >= 0
    }
    assert found == {
        (non_target, new): expected(target, non_target, new, since)
        for non_target, new in product(NonTargetResponse, NewDisease)
    }


def test_the_rows_answer_everything_once_and_name_their_source() -> None:
    assert find_immune_faults(TIME_POINT) == []
    assert all(row.citation for row in TIME_POINT)
    assert all(step.citation for step in BEST)


def test_a_gap_and_a_contradiction_are_named() -> None:
    (row,) = [row for row in TIME_POINT if str(row.response) == "NED"]
    without = tuple(one for one in TIME_POINT if one is not row)
    what = "target NONE, non-target NONE, new lesions none, since iUPD"
    assert find_immune_faults(without) == [f"gap: {what} no_iupd", f"gap: {what} improved"]
    twice = (*TIME_POINT, replace(row, response=ImmuneResponse.NE))
    assert find_immune_faults(twice) == [f"contradiction: {what} no_iupd", f"contradiction: {what} improved"]
    assert (compile_immune_table(without) == -1).sum() == 2


def test_the_order_of_the_rows_does_not_matter() -> None:
    np.testing.assert_array_equal(compile_immune_table(TIME_POINT[::-1]), TABLE)


def test_the_search_for_the_best_response_has_the_published_order() -> None:
    control = {"iCR", "iPR", "iSD"}
    everything = {str(word) for word in ImmuneResponse}
    found = [(str(step.best), {str(word) for word in step.found_by}, step.needs_minimum_time) for step in BEST]
    assert found == [
        ("iCR", {"iCR"}, False),
        ("iPR", {"iPR"}, False),
        ("iSD", control, True),
        (NO_CR, {NO_CR}, True),
        ("NED", {"NED"}, True),
        ("iCPD", {"iCPD"}, False),
        ("iUPD", {"iUPD"}, False),
        ("NE", everything - {"ND"}, False),
        ("ND", {"ND"}, False),
    ]
