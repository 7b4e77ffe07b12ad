"""Every situation of the published tables of censoring, by both presets (scans every 56 days, 7 days' tolerance)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import recist

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS = Path(__file__).parent / "facts" / "pfs_censoring.csv"
ROWS = pd.read_csv(FACTS, dtype=str, keep_default_na=False).to_dict("records")
SCHEDULE = {"visit_interval_days": 56, "visit_tolerance_days": 7}


@pytest.mark.parametrize("preset", ["fda", "ema"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["situation"].replace(" ", "-"))
def test_progression_free_survival_ends_as_published(
    course: Callable[..., pd.DataFrame], day: Callable[[int], str], row: dict[str, str], preset: str
) -> None:
    days = [int(text) for text in row["days"].split("|")]
    lesions = {"T1": row["target_mm"].split("|")}
    dates = {"subject": "S1", "start_date": day(0)}
    for name in ("death", "new_therapy"):
        if row[f"{name}_day"]:
            dates[f"{name}_date"] = day(int(row[f"{name}_day"]))
    scored = recist.score(
        course(lesions, days=days), subjects=pd.DataFrame([dates]), options=SCHEDULE | {"censoring": preset}
    )
    best = scored.best_responses.iloc[0]
    assert int(best["pfs_days"]) == int(row[f"{preset}_end_day"]) + 1
    assert ("event" if best["pfs_event"] else "censored") == row[f"{preset}_outcome"]
