"""The engine and a second reader, written apart, agree on random histories down to the last day."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from second_reader.agreement import Tally, compare_batch, describe, draw_options
from second_reader.branches import all_branches, reached
from second_reader.words import START, best_of_words, draw_words

import recist

SEED = 20211
OPTION_SETS = 20
RARE: tuple[tuple[str, dict[str, object]], ...] = (
    ("irecist", {"post_cr": "recode_pr", "late_scan": "waits"}),
    ("irecist", {"early_scan_days": 60, "icpd_increase": "more_than"}),
    ("choi", {"missing_attenuation": "size_only"}),
    ("recist-1.1", {"accept_sd": 2, "confirmation_days": 56}),
)
HISTORIES_EACH = 110


@pytest.fixture(scope="module")
def tally() -> Tally:
    random, counted = Random(SEED), Tally()  # noqa: S311  # a seed makes it repeatable
    compare_batch(random, HISTORIES_EACH, {}, counted)
    for _ in range(OPTION_SETS):
        compare_batch(random, HISTORIES_EACH, draw_options(random), counted)
    for criteria in ("recist-1.0", "mrecist", "choi", "modified-choi", "irecist", "irecist"):
        compare_batch(random, HISTORIES_EACH, {}, counted, criteria)
        for _ in range(2):
            compare_batch(random, HISTORIES_EACH, draw_options(random), counted, criteria)
    for criteria, options in RARE:
        compare_batch(random, 2 * HISTORIES_EACH, options, counted, criteria)
    for _ in range(5 * HISTORIES_EACH):
        best_of_words(draw_words(random), {})
    return counted


@pytest.mark.parametrize("nd_between", ["ne", "break"])
@pytest.mark.parametrize("max_ne", [0, 1, "any"])
def test_random_words_have_the_same_best_response_by_two_programs(nd_between: str, max_ne: object) -> None:
    random = Random(SEED)  # noqa: S311  # a seed makes it repeatable
    courses = {f"S{number:04d}": draw_words(random) for number in range(400)}
    visits = [
        {"subject": name, "start_date": START.isoformat(), "date": read.date.isoformat(), "overall_response": read.word}
        for name, reads in courses.items()
        for read in reads
    ]
    options: dict[str, object] = {"nd_between": nd_between, "max_ne": max_ne}
    for row in recist.best(pd.DataFrame(visits), options=options).best_responses.to_dict("records"):
        best, confirmed = best_of_words(courses[row["subject"]], options)
        found = [(row[f"{name}best_response"], row[f"{name}best_response_date"].date()) for name in ("", "confirmed_")]
        assert found == [best, confirmed], courses[row["subject"]]


def test_every_random_history_is_scored_alike_by_two_programs(tally: Tally) -> None:
    assert tally.histories > OPTION_SETS * HISTORIES_EACH
    assert not tally.differences, describe(tally.differences[0])


def test_the_random_histories_reach_every_branch_of_the_second_reader(tally: Tally) -> None:
    assert tally.visits
    assert all_branches() - set(reached) == set()
