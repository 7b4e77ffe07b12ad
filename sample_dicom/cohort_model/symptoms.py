"""The `symptoms` table: scores from 0 (none) to 12 at treatment, at the first follow-up and at the end of relief."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.seeds import Stream, open_stream
from sample_dicom.cohort_model.survival import NEVER

if TYPE_CHECKING:
    from sample_dicom.cohort_model.course import Course

WORST_SCORE = 12
IMPROVED_FALL = 0.30
"""Smallest fall of the score, as a share of the baseline, that counts as improved."""
_LARGEST_LEAD_DAYS = 14


class SymptomStatus(StrEnum):
    """What the chart says at a visit."""

    BASELINE = "baseline"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    ASYMPTOMATIC = "asymptomatic"
    RECURRED = "recurred"


_FOLLOW_UP = (SymptomStatus.IMPROVED, SymptomStatus.UNCHANGED, SymptomStatus.WORSE)


def make_symptoms(course: Course) -> pd.DataFrame:
    """Make the `symptoms` table.

    Everybody has a baseline score within two weeks before the first treatment. Those who came to the first follow-up
    have a second; the few without symptoms at baseline are recorded as such at both. Those who improved have a third
    on the day of the recurrence or, where none was seen, at the last contact alive.
    """
    rows = [row for place in range(len(course.subjects)) for row in _rows_of_subject(course, place)]
    place, day, score, status = (np.array(column) for column in zip(*rows, strict=True))
    return pd.DataFrame(
        {
            "subject": np.array(course.subjects, dtype=object)[place],
            "date": dates_from_ordinals(course.population.index_ordinal[place] + day),
            "score": score,
            "status": pd.Series(status, dtype=object),
        }
    )


def _rows_of_subject(course: Course, place: int) -> list[tuple[int, int, int, str]]:
    rng = open_stream(Stream.SYMPTOMS, course.seeds.detail, place)
    baseline_day = -int(rng.integers(0, _LARGEST_LEAD_DAYS + 1))
    follow_up_day = int(course.population.follow_up_day[place])
    is_seen = bool(course.population.is_seen[place])
    if is_seen and not course.responses.has_symptoms[place]:
        status = SymptomStatus.ASYMPTOMATIC.value
        return [(place, baseline_day, 0, status), (place, follow_up_day, 0, status)]
    change = _FOLLOW_UP[course.responses.symptoms[place]]
    before, after = _draw_scores(rng, change)
    rows = [(place, baseline_day, before, SymptomStatus.BASELINE.value)]
    if not is_seen:
        return rows
    rows.append((place, follow_up_day, after, change.value))
    if change is SymptomStatus.IMPROVED:
        recurrence_day, last_day = int(course.recurrence_day[place]), int(course.survival.last_day[place])
        if recurrence_day < NEVER:
            rows.append((place, recurrence_day, before, SymptomStatus.RECURRED.value))
        elif not course.survival.is_death[place]:
            rows.append((place, last_day, after, SymptomStatus.IMPROVED.value))
    return rows


def _draw_scores(rng: np.random.Generator, change: SymptomStatus) -> tuple[int, int]:
    if change is SymptomStatus.WORSE:
        before = int(rng.integers(3, 10))
        least = int(np.ceil(before * (1 + IMPROVED_FALL)))
        return before, int(rng.integers(least, WORST_SCORE + 1))
    before = int(rng.integers(4, WORST_SCORE + 1))
    if change is SymptomStatus.IMPROVED:
        most = int(np.floor(before * (1 - IMPROVED_FALL)))
        return before, int(rng.integers(0, most + 1))
    return before, before - int(rng.integers(0, 2))
