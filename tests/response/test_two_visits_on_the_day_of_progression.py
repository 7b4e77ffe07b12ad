"""Of two visits on one date the worse counts, also where missed visits censor (FDA 2007, appendix 3)."""

from __future__ import annotations

import pandas as pd
import pytest

import recist


@pytest.mark.parametrize("words", [["PD", "SD"], ["SD", "PD"]])
def test_a_better_visit_on_the_day_of_progression_does_not_fill_the_gap_before_it(words: list[str]) -> None:
    visits = {"timepoint": ["visit 1", "visit 2"], "date": ["2024-03-25"] * 2, "overall_response": words}
    table = pd.DataFrame(visits).assign(subject="S1", start_date="2024-01-01")
    best = recist.best(table, options={"visit_interval_days": 28}).best_responses.iloc[0]
    assert best["progression_date"] == pd.Timestamp("2024-03-25")
    assert (best["pfs_days"], best["pfs_event"], best["pfs_reason"]) == (1, False, "missed_visits")
