"""A scan between the baseline and the start of treatment is listed and changes nothing (RECIST 1.1 §3.2.1, §4.4.3).

Sums by hand; the start is day 5 after the baseline scan, the early scan day 3.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recist.response import Scored, score, score_coded

START = pd.DataFrame([{"subject": "S1", "start_date": "2020-01-06"}])  # day 5
DAYS = (0, 3, 56, 112)


def answers(scored: Scored, column: str = "overall_response") -> list[str]:
    return scored.responses[column].tolist()


def test_a_scan_before_the_start_does_not_set_the_nadir(course) -> None:
    scored = score(course({"T1": [30, 20, 25, 60]}, days=DAYS), subjects=START)
    assert scored.responses["excluded"].tolist() == ["not_after_start", "", ""]
    assert scored.responses["nadir_mm"].tolist() == [30, 30, 25]  # of the scan of 20 mm none
    assert answers(scored)[1:] == ["SD", "PD"]  # 25 of 30 mm is -17 %; 60 mm is +35 mm, +140 % over 25 mm


def test_a_complete_response_before_the_start_is_none_that_disease_could_return_after(course) -> None:
    scored = score(course({"T1": [30, "absent", 28, 28]}, days=DAYS), subjects=START)
    assert answers(scored)[1:] == ["SD", "SD"]


def test_a_partial_response_before_the_start_does_not_persist(course) -> None:
    scored = score(course({"T1": [30, 20, 25, 25]}, days=DAYS), subjects=START, options={"pr_persistence": "after_pr"})
    assert answers(scored)[1:] == ["SD", "SD"]


def test_disease_before_the_start_contradicts_no_complete_response_and_none_is_recoded(course) -> None:
    rows = course({"T1": [30, "absent", "absent", 2]}, days=DAYS)
    scored = score(rows, subjects=START, options={"post_cr": "recode_pr"})
    assert answers(scored) == ["CR", "PR", "PR"]  # the CR of day 56 is contradicted by 2 mm, the early one stays


def test_an_early_scan_is_no_progression_by_irecist_and_no_complete_response(course) -> None:
    rows = course({"T1": [30, "absent", 28, 28], "N1": [None, "unequivocal", "absent", "absent"]}, days=DAYS)
    scored = score(rows, subjects=START, criteria="irecist")
    assert answers(scored)[1:] == ["iSD", "iSD"]


@pytest.mark.parametrize(("early_day", "expected"), [(3, "PD"), (-2, "SD")])
def test_lesions_held_as_numbers_are_judged_by_the_same_rule(early_day, expected) -> None:
    words = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD")
    days = [-5, early_day, 56]
    lesions = pd.DataFrame(
        {"patient": 0, "visit": [0, 1, 2], "lesion": 0, "node": False, "diam": np.array([30.0, 20.0, 25.0])}
    )
    visits = pd.DataFrame({"patient": 0, "visit": [0, 1, 2], "day": days, "nt": 4, "new": False})
    assert words[score_coded(lesions, visits).overall[-1]] == expected  # 25 mm is +25 % over 20 mm, -17 % of 30 mm


def test_progression_before_the_start_is_confirmed_by_nothing(course) -> None:
    scored = score(course({"T1": [30, 36, 42, 42]}, days=DAYS), subjects=START, criteria="irecist")
    assert answers(scored)[1:] == ["iUPD", "iUPD"]  # 42 of 30 mm is the first progression after the start


def test_the_warning_says_what_an_early_scan_is_used_for(course) -> None:
    scored = score(course({"T1": [30, 20, 25]}, days=DAYS), subjects=START)
    (message,) = scored.problems.loc[scored.problems["code"] == "not_after_start", "message"]
    assert message.endswith(
        "it is listed but counts neither for best response nor for progression, and sets no nadir. "
        "To make it the baseline, name it baseline"
    )
