"""Every row of the tables of RECIST 1.1 (Eisenhauer et al. 2009), through the public interface."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import recist

FACTS = Path(__file__).parent / "facts"
Write = Callable[..., pd.DataFrame]
TARGET = {"CR": "absent", "PR": "35", "SD": "50", "NE": "not_evaluable", "PD": "60"}  # of 50 mm at baseline
NON_TARGET = {"CR": "absent", "NON-CR/NON-PD": "present", "NE": "not_evaluable", "PD": "unequivocal_pd"}


def read_facts(name: str) -> list[dict[str, str]]:
    table = pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False)
    return [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]


def one_visit(target: str, non_target: str, new_lesion: str) -> dict[str, list[str]]:
    lesions = {}
    if target != "NONE":
        lesions["T1"] = ["50", TARGET[target]]
    if non_target != "NONE":
        lesions["N1"] = ["present", NON_TARGET[non_target]]
    if not lesions:
        lesions["N1"] = ["absent", "absent"]  # looked for and not found: no disease at baseline
    if new_lesion == "yes":
        lesions["X1"] = ["", "unequivocal"]
    return lesions


def score_visit(course: Write, target: str, non_target: str, new_lesion: str) -> str:
    rows = course(one_visit(target, non_target, new_lesion))
    responses = recist.score(rows).responses
    assert responses["target_response"].tolist() == [target]
    assert responses["non_target_response"].tolist() == [non_target]
    return str(responses["overall_response"].iloc[0])


ALL = read_facts("recist_1_1_all_combinations")


def test_table_1_has_sixty_combinations() -> None:
    assert len(ALL) == len({tuple(list(row.values())[:3]) for row in ALL}) == 60


@pytest.mark.parametrize("row", ALL, ids=lambda row: "-".join(list(row.values())[:3]))
def test_a_visit_of_each_combination_has_the_published_response(course: Write, row: dict[str, str]) -> None:
    assert score_visit(course, row["target"], row["non_target"], row["new_lesion"]) == row["overall"]


@pytest.mark.parametrize("row", read_facts("recist_1_1_table_1"), ids=lambda row: f"row {row['row']}")
def test_table_1_as_it_is_printed(course: Write, row: dict[str, str]) -> None:
    cells = (row[name].split("|") for name in ("target", "non_target", "new_lesion"))
    assert {score_visit(course, *cell) for cell in itertools.product(*cells)} == {row["overall"]}


@pytest.mark.parametrize("row", read_facts("recist_1_1_table_2"), ids=lambda row: f"row {row['row']}")
def test_table_2_as_it_is_printed(course: Write, row: dict[str, str]) -> None:
    cells = (row[name].split("|") for name in ("non_target", "new_lesion"))
    assert {score_visit(course, "NONE", *cell) for cell in itertools.product(*cells)} == {row["overall"]}


# A node of 20 mm and a mass of 30 mm: what a visit of each kind shows, first alone, then after another kind.
FIRST = {"CR": ("8", "absent"), "PR": ("8", "27"), "NE": ("not_evaluable", "not_evaluable")}
SECOND = FIRST | {"SD": ("11", "27"), "PD": ("30", "40")}
AFTER_CR = {"PR": ("12", "absent"), "SD": ("12", "absent")}  # back, though by less than 5 mm


def two_visits(row: dict[str, str]) -> dict[str, list[str]]:
    second = AFTER_CR.get(row["second"]) if row["first"] == "CR" else None
    first, then = FIRST[row["first"]], second or SECOND[row["second"]]
    return {"T1": ["20", first[0], then[0]], "T2": ["30", first[1], then[1]]}


@pytest.mark.parametrize("minimum", ["met", "not_met"])
@pytest.mark.parametrize("row", read_facts("recist_1_1_table_3"), ids=lambda row: f"row {row['row']}")
def test_table_3_in_both_columns(course: Write, day: Callable[[int], str], row: dict[str, str], minimum: str) -> None:
    days = (0, 56, 112) if minimum == "met" else (0, 30, 60)
    subjects = pd.DataFrame({"subject": ["S1"], "start_date": [day(0)]})
    lesions = two_visits(row)
    if (row["first"], row["second"]) == ("CR", "SD"):
        lesions = {"T1": ["15", "8", "12"]}  # nodes alone can be stable after CR: 80 % of baseline, 4 mm above nadir
    rows = course(lesions, days=days, nodes=["T1"])
    scored = recist.score(rows, subjects=subjects, options={"post_cr": row["post_cr"]})
    best = scored.best_responses["confirmed_best_response"].tolist()
    assert best == [row[f"best_minimum_{minimum}"]]
