"""Less than CR after CR where no disease is seen again is no PD, and is said (RECIST 1.1 Table 1, Table 3 note)."""

from __future__ import annotations

import pytest

MISSED = {"T1": [30, "absent", "absent", "absent"], "NT1": ["present", "absent", "not_evaluable", "absent"]}


def test_a_missed_scan_after_a_complete_response_is_no_progression_and_gives_a_warning(scored) -> None:
    result = scored(MISSED)
    assert result.responses["overall_response"].tolist() == ["CR", "PR", "CR"]
    assert result.responses["reasons"].tolist()[1] == "target_cr|non_target_ne|nothing_seen_after_cr"
    warned = result.problems[result.problems["code"] == "nothing_seen_after_cr"]
    assert warned["found"].tolist() == ["week 16"]
    assert result.best_responses["pfs_event"].tolist() == [False]


def test_a_marker_that_rises_after_a_complete_response_gives_the_same_warning(scored) -> None:
    result = scored({"T1": [30, 0, 0], "M1": ["abnormal", "normal", "abnormal"]})
    assert result.responses["reasons"].tolist()[1] == "target_cr|marker_not_normal|nothing_seen_after_cr"


@pytest.mark.parametrize("non_target", ["present", "unequivocal_pd"])
def test_disease_that_is_seen_again_has_no_such_warning(non_target, scored) -> None:
    result = scored({"T1": [30, 0, 0], "NT1": ["present", "absent", non_target]})
    assert result.responses["overall_response"].tolist() == ["CR", "PD"]
    assert "nothing_seen_after_cr" not in set(result.problems["code"])


def test_a_partial_response_before_any_complete_one_has_no_such_warning(scored) -> None:
    result = scored({"T1": [30, 0, 0], "NT1": ["present", "not_evaluable", "absent"]})
    assert "nothing_seen_after_cr" not in set(result.problems["code"])
