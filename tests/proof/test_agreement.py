"""The engine and a second reader, written apart, agree on random histories down to the last day."""

from __future__ import annotations

from random import Random

import pytest
from second_reader.agreement import Tally, compare_batch, describe, draw_options
from second_reader.branches import all_branches, reached

SEED = 20211
OPTION_SETS = 28
HISTORIES_EACH = 120


@pytest.fixture(scope="module")
def tally() -> Tally:
    random, counted = Random(SEED), Tally()  # noqa: S311  # a seed makes it repeatable
    compare_batch(random, HISTORIES_EACH, {}, counted)
    for _ in range(OPTION_SETS):
        compare_batch(random, HISTORIES_EACH, draw_options(random), counted)
    compare_batch(random, HISTORIES_EACH, {}, counted, "recist-1.0")
    return counted


def test_every_random_history_is_scored_alike_by_two_programs(tally: Tally) -> None:
    assert tally.histories > OPTION_SETS * HISTORIES_EACH
    assert not tally.differences, describe(tally.differences[0])
    assert tally.open_questions.total() < tally.histories / 50


def test_the_random_histories_reach_every_branch_of_the_second_reader(tally: Tally) -> None:
    assert tally.visits
    assert all_branches() - set(reached) == set()
