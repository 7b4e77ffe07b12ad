"""The response as it stands: the reading handed to the engine, its answer as frozen values for the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.errors import RecistError
from viewer.store import to_frame

if TYPE_CHECKING:
    from collections.abc import Hashable

    from viewer.lesions import Reading

BASELINE = "baseline"
NOTHING_THERE = {"NONE": "none at baseline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimepointScore:
    """The engine's row for one time point; numbers are None and codes empty where it gives none."""

    timepoint: str
    sum_mm: float | None = None
    is_complete: bool = True
    change_from_baseline_pct: float | None = None
    change_from_nadir_pct: float | None = None
    target: str = ""
    non_target: str = ""
    new_lesion: str = ""
    overall: str = ""


BASELINE = "baseline"
NOTHING_THERE = {"NONE": "none at baseline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The engine's answer for one reading: a row a time point, and what it finds wrong."""

    timepoints: tuple[TimepointScore, ...] = ()
    best_response: str = ""
    problems: tuple[str, ...] = ()

    def at(self, timepoint: str) -> TimepointScore | None:
        """Give the row of a time point, if there is one."""
        return next((one for one in self.timepoints if one.timepoint == timepoint), None)


def score_reading(reading: Reading) -> Score:
    """Let the engine score a reading; a reading it cannot score yet comes back as problems, not as a fault."""
    from recist.response import score

    if not reading.findings:
        return Score()
    try:
        scored = score(to_frame(reading))
    except RecistError as fault:
        return Score(problems=tuple(str(fault).splitlines()))
    best = scored.best_responses.to_dict("records")
    return Score(
        timepoints=(
            *(_to_baseline(row) for row in scored.baselines.to_dict("records")),
            *(_to_score(row) for row in scored.responses.to_dict("records")),
        ),
        best_response=_text(best[0]["best_response"]) if best else "",
        problems=tuple(str(message) for message in scored.problems["message"].drop_duplicates()),
    )


def _to_baseline(row: dict[Hashable, Any]) -> TimepointScore:
    return TimepointScore(timepoint=str(row["timepoint"]), sum_mm=_number(row["baseline_sum_mm"]), overall=BASELINE)


def _to_score(row: dict[Hashable, Any]) -> TimepointScore:
    return TimepointScore(
        timepoint=str(row["timepoint"]),
        sum_mm=_number(row["sum_mm"]),
        is_complete=row["sum_complete"] is not pd.NA and bool(row["sum_complete"]),
        change_from_baseline_pct=_number(row["change_from_baseline_pct"]),
        change_from_nadir_pct=_number(row["change_from_nadir_pct"]),
        target=_text(row["target_response"]),
        non_target=_text(row["non_target_response"]),
        new_lesion=_text(row["new_lesion"]),
        overall=_text(row["overall_response"]),
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else NOTHING_THERE.get(str(value), str(value))
