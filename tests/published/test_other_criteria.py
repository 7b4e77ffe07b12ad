"""The rules of RECIST 1.0, mRECIST, Choi and modified Choi that can be computed, and the growth rate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import recist

FACTS = Path(__file__).parent / "facts" / "other_criteria.csv"
ROWS = pd.read_csv(FACTS, dtype=str, keep_default_na=False).to_dict("records")
Write = Callable[..., pd.DataFrame]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['criteria']}-{row['rule']}".replace(" ", "-"))
def test_the_targets_respond_as_the_criteria_say(course: Write, row: dict[str, str]) -> None:
    more = {"T1": row["more"].split("|")} if row["column"] else None
    rows = course({"T1": row["values"].split("|")}, more=more, column=row["column"])
    rows["site"] = "liver"
    scored = recist.score(rows, criteria=row["criteria"])
    assert scored.responses["target_response"].tolist() == [row["target_response"]]


@pytest.mark.parametrize("criteria", ["recist-1.0", "mrecist", "choi", "modified-choi"])
def test_a_new_lesion_is_progression_in_all_of_them(course: Write, criteria: str) -> None:
    rows = course({"T1": ["50", "50"], "X1": ["", "unequivocal"]})
    assert recist.score(rows, criteria=criteria).responses["overall_response"].tolist() == ["PD"]


def test_recist_1_0_always_asks_for_confirmation(course: Write) -> None:
    best = recist.score(course({"T1": ["50", "30", "50"]}), criteria="recist-1.0").best_responses.iloc[0]
    assert pd.isna(best["first_response_date"])
    assert best["confirmed_best_response"] == "SD"


@pytest.mark.parametrize(("number", "is_too_many"), [(10, False), (11, True)])
def test_recist_1_0_takes_ten_targets(course: Write, number: int, is_too_many: bool) -> None:
    rows = course({f"T{lesion}": ["20", "20"] for lesion in range(number)})
    problems = recist.score(rows, criteria="recist-1.0").problems
    assert problems["code"].str.startswith("too_many_targets").any() == is_too_many


def test_the_growth_rate_of_100_to_110_mm_in_three_months_is_10_percent_a_month(course: Write) -> None:
    rows = course({"T1": ["100", "110"]}, days=[0, 91])  # 91 days are 2.99 months: 100 (exp(3 ln 1.1 / 2.98973) - 1)
    responses = recist.score(rows).responses
    assert responses["tgr_from_baseline_pct_per_month"].iloc[0] == pytest.approx(10.036, abs=0.006)


def test_the_growth_rate_is_not_defined_for_a_sum_of_zero_nor_an_incomplete_one(course: Write) -> None:
    rows = course({"T1": ["50", "absent", "50"], "T2": ["50", "absent", "not_done"]})
    assert recist.score(rows).responses["tgr_from_baseline_pct_per_month"].isna().all()
