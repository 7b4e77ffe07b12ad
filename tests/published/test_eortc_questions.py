"""The questions the EORTC RECIST working group answers, each as the course it describes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import recist

FACTS = Path(__file__).parent / "facts"
Write = Callable[..., pd.DataFrame]


def read_facts(name: str) -> pd.DataFrame:
    return pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False)


HISTORIES = read_facts("eortc_histories")


def write_history(course: Write, question: str) -> pd.DataFrame:
    rows = HISTORIES[HISTORIES["question"] == question]
    lesions = {row["lesion"]: row["values"].split("|") for row in rows.to_dict("records")}
    return course(lesions, nodes=rows.loc[rows["nodal"] == "yes", "lesion"].tolist())


@pytest.mark.parametrize("row", read_facts("eortc_answers").to_dict("records"), ids=lambda row: str(row["question"]))
def test_the_course_is_answered_as_published(course: Write, row: dict[str, str]) -> None:
    options = dict([row["options"].split("=")]) if row["options"] else None
    scored = recist.score(write_history(course, row["question"]), options=options)
    assert [str(word) for word in scored.responses[row["column"]]] == row["answer"].split("|")


@pytest.mark.parametrize(
    "sites", [("left lung", "right lung", "lung"), ("left kidney", "right kidney", "kidney"), ("node",) * 3]
)
def test_question_7_paired_organs_and_all_nodes_are_one_organ(course: Write, sites: tuple[str, ...]) -> None:
    rows = write_history(course, "7 two lungs")
    rows["site"] = rows["lesion"].map(dict(zip(("T1", "T2", "T3"), sites, strict=True)))
    rows["nodal"] = str(sites[0] == "node").lower()
    assert (recist.score(rows).problems["code"] == "too_many_targets_in_organ").any()
