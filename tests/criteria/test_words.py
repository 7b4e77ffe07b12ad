"""The closed sets of words of responses, and the names of the criteria."""

from __future__ import annotations

import pytest

from recist.criteria import BestResponse, OverallResponse, criteria_named
from recist.criteria.codes import ImmuneBestResponse, ImmuneResponse
from recist.errors import UsageError

RECIST = ["CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND"]
IMMUNE = ["iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "NED"]


def test_a_visit_has_one_of_eight_responses_and_a_subject_may_have_none() -> None:
    assert [str(word) for word in OverallResponse] == RECIST
    assert [str(word) for word in BestResponse] == [*RECIST, "MISSING"]


def test_by_irecist_progression_is_unconfirmed_or_confirmed_and_confirmed_is_the_worse_but_surer_best() -> None:
    assert [str(word) for word in ImmuneResponse] == [*IMMUNE, "iUPD", "iCPD", "NE", "ND"]
    assert [str(word) for word in ImmuneBestResponse] == [*IMMUNE, "iCPD", "iUPD", "NE", "ND", "MISSING"]


def test_criteria_are_found_by_name_and_an_unknown_name_is_refused_with_the_known_ones() -> None:
    assert criteria_named("choi").title == "Choi"
    with pytest.raises(UsageError, match=r"'recist'; expected one of: recist-1\.1, recist-1\.0, irecist, mrecist"):
        criteria_named("recist")
