"""Every row of the tables of iRECIST (Seymour et al. 2017) and the EORTC answers on it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import recist

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS = Path(__file__).parent / "facts"
TABLE_2 = pd.read_csv(FACTS / "irecist_table_2.csv", dtype=str, keep_default_na=False).to_dict("records")
TABLE_3 = pd.read_csv(FACTS / "irecist_table_3.csv", dtype=str, keep_default_na=False).to_dict("records")
OPTIONS = {"EORTC 2": {"pr_persistence": "after_confirmed_pr"}}
DAYS = {"EORTC 9": (0, 56, 81)}  # 25 days after iUPD: 28 less the 2 days allowed are not reached
COLUMNS = {"T1": "target", "N1": "non_target", "X1": "new_1", "X2": "new_2"}


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: "-".join(list(row.values())[:3]).replace(" ", "-"))
def test_table_2_time_point_responses(course: Callable[..., pd.DataFrame], row: dict[str, str]) -> None:
    lesions = {name: row[column].split("|") for name, column in COLUMNS.items() if row[column]}
    days = DAYS.get(row["row"], (0, 56, 112, 168, 224, 280))
    scored = recist.score(course(lesions, days=days), criteria="irecist", options=OPTIONS.get(row["row"]))
    responses = scored.responses["overall_response"].tolist()
    assert ("iUPD" in responses[:-1]) == (row["prior_iupd"] == "yes")
    assert responses[-1] == row["answer"]


@pytest.mark.parametrize("row", TABLE_3, ids=lambda row: f"row {row['row']}")
def test_table_3_best_responses(day: Callable[[int], str], row: dict[str, str]) -> None:
    courses = list(
        itertools.product(*(row[name].split("|") for name in ("first", "second", "third", "fourth", "fifth")))
    )
    visits = [
        {"subject": f"S{number}", "date": day(56 * visit), "overall_response": word, "start_date": day(0)}
        for number, words in enumerate(courses)
        for visit, word in enumerate(words, start=1)
    ]
    best = recist.best(pd.DataFrame(visits), criteria="irecist").best_responses
    assert len(best) == len(courses)
    wrong = best.loc[best["best_response"] != row["best"], ["subject", "best_response"]]
    assert wrong.empty, [(courses[int(subject[1:])], word) for subject, word in wrong.itertuples(index=False)]
