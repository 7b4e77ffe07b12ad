"""Best response and progression by iRECIST from words and dates (Seymour 2017, Table 3 and main text)."""

import csv
from itertools import product
from pathlib import Path

import pytest

FACTS = Path(__file__).parent / "facts" / "table_3.csv"
WITHOUT_RESPONSE = ["iUPD", "iUPD", "NE", "iUPD", "iUPD"]


def read_examples() -> list[dict[str, str]]:
    with FACTS.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("example", read_examples(), ids=lambda row: f"example {row['example']}")
def test_every_expansion_of_table_3_has_the_published_best_response(endings, example) -> None:
    courses = list(product(*(example[f"tp{number}"].split("|") for number in range(1, 6))))
    assert [best for best, *_ in endings(courses)] == [example["best"]] * len(courses)


def test_there_are_as_many_expansions_as_the_table_allows() -> None:
    sizes = [len(list(product(*(row[f"tp{number}"].split("|") for number in range(1, 6))))) for row in read_examples()]
    assert sizes == [16, 54, 100, 40, 48, 216, 36, 1]


PROGRESSION = [
    ("the first of the run that was confirmed", ["iSD", "iUPD", "iUPD", "iCPD", "NE"], 2, 4),
    ("NE between iUPD and iCPD", ["iUPD", "NE", "iCPD", "NE", "NE"], 1, 3),
    ("an iUPD before iSD is dropped", ["iUPD", "iSD", "iUPD", "iCPD", "NE"], 3, 4),
    ("an iUPD before iPR is dropped, and nothing follows", ["iUPD", "iPR", "iPR", "iPR", "iPR"], None, None),
    ("an iUPD before iCR is dropped", ["iUPD", "iCR", "iCR", "iCR", "iCR"], None, None),
    ("an iUPD before NON-iCR/NON-iUPD is dropped", ["iUPD", "NON-iCR/NON-iUPD", "NE", "NE", "NE"], None, None),
    ("never resolved, no scan", ["iSD", "iUPD", "NE", "NE", "NE"], 2, None),
    ("never resolved, only iUPD", WITHOUT_RESPONSE, 1, None),
    ("the second is never resolved", ["iUPD", "iPR", "iUPD", "iUPD", "NE"], 3, None),
    ("what comes after iCPD changes nothing", ["iUPD", "iCPD", "iPR", "iPR", "iPR"], 1, 2),
    ("an iCPD whose iUPD is not known", ["iSD", "iCPD", "NE", "NE", "NE"], 2, 2),
    ("none at all", ["iSD", "iSD", "NE", "iPR", "iPR"], None, None),
]


@pytest.mark.parametrize(
    ("case", "course", "progression", "confirmed"), PROGRESSION, ids=[row[0] for row in PROGRESSION]
)
def test_progression_is_dated_by(endings, case, course, progression, confirmed) -> None:
    assert endings([course])[0][2:] == (progression, confirmed)


def test_stable_disease_needs_the_minimum_time(endings) -> None:
    assert endings([["iSD", "NE"]], {"min_sd_days": 57})[0][0] == "NE"
    assert endings([["iSD", "NE"]], {"min_sd_days": 56})[0][0] == "iSD"


def test_after_an_early_stable_disease_an_iupd_is_the_best_response(endings) -> None:
    assert endings([["iSD", "iUPD", "NE"]], {"min_sd_days": 57})[0][0] == "iUPD"


@pytest.mark.parametrize(
    ("course", "confirmed"),
    [
        (["iPR", "iPR", "NE"], "iPR"),
        (["iPR", "NE", "iPR"], "iPR"),
        (["iCR", "iCR", "NE"], "iCR"),
        (["iPR", "iCR", "NE"], "iPR"),
        (["iPR", "iUPD", "iPR"], "iSD"),  # what was called progression between does not confirm
        (["iPR", "NE", "NE"], "iSD"),
        (["iUPD", "iPR", "iPR"], "iPR"),
        (["iPR", "iUPD", "iCPD"], "iSD"),
    ],
)
def test_a_confirmed_response_needs_a_second_one(endings, course, confirmed) -> None:
    assert endings([course])[0][1] == confirmed


def test_responses_after_new_therapy_count_for_no_best_response(endings) -> None:
    assert endings([["iSD", "iPR", "iPR"]], new_therapy=57)[0][0] == "iSD"


def test_a_response_under_new_therapy_does_not_undo_an_iupd(endings) -> None:
    assert endings([["iUPD", "iPR", "iPR"]], new_therapy=57)[0] == ("iUPD", "iUPD", 1, None)
    assert endings([["iUPD", "iPR", "iPR"]], new_therapy=112)[0][2] is None
