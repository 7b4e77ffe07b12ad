"""The engine and a second reader, written apart, agree on random histories down to the last day."""

from __future__ import annotations

from random import Random

import pytest
from second_reader.agreement import Tally, compare_batch, describe, draw_options
from second_reader.branches import all_branches, reached

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
    return counted


def test_every_random_history_is_scored_alike_by_two_programs(tally: Tally) -> None:
    assert tally.histories > OPTION_SETS * HISTORIES_EACH
    assert not tally.differences, describe(tally.differences[0])


def test_the_random_histories_reach_every_branch_of_the_second_reader(tally: Tally) -> None:
    assert tally.visits
    assert all_branches() - set(reached) == set()
