"""What each recorded word means, role by role (RECIST 1.1 §4.3: targets by size, the others by the reader's words)."""

from __future__ import annotations

import pytest

from recist.criteria.states import FINDINGS

MEANS = {
    "target": {
        "measured": "measured",
        "absent": "absent",
        "too_small": "too_small",
        "not_evaluable": "not_evaluated",
        "not_done": "not_evaluated",
    },
    "non_target": {
        "present": "present",
        "measured": "present",
        "too_small": "present",
        "increased": "present",
        "absent": "absent",
        "unequivocal_pd": "progressed",
        "not_evaluable": "not_evaluated",
        "not_done": "not_evaluated",
    },
    "new": {
        "unequivocal": "unequivocal",
        "equivocal": "equivocal",
        "too_small": "equivocal",
        "measured": "seen",
        "present": "seen",
        "increased": "seen",
        "unequivocal_pd": "progressed",
        "absent": "absent",
        "not_evaluable": "not_evaluated",
        "not_done": "not_evaluated",
    },
    "marker": {
        "normal": "normal",
        "abnormal": "abnormal",
        "not_evaluable": "not_evaluated",
        "not_done": "not_evaluated",
    },
}


@pytest.mark.parametrize("role", MEANS)
def test_each_word_of_a_role_means_one_finding_and_no_other_word_is_known(role: str) -> None:
    (found,) = [meanings for word, meanings in FINDINGS.items() if word == role]
    assert {str(state): str(finding) for state, finding in found.items()} == MEANS[role]


def test_there_are_four_roles() -> None:
    assert {str(role) for role in FINDINGS} == set(MEANS)
