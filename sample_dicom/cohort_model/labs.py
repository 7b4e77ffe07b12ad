"""The `labs` table: tumour markers whose values give the intended biochemical category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.seeds import Stream, open_stream

if TYPE_CHECKING:
    from sample_dicom.cohort_model.course import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A tumour marker, its unit, its upper limit of normal, its decimals and how many of the patients have it."""

    name: str
    unit: str
    upper_normal: float
    decimals: int
    share: float


MARKERS = (
    Marker(name="CgA", unit="ng/mL", upper_normal=100.0, decimals=0, share=1.0),
    Marker(name="5-HIAA", unit="mg/24h", upper_normal=8.0, decimals=1, share=0.6),
)

RESPONSE_FALL = 0.50
"""Fall of a marker, as a share of the baseline, from which it is a partial response."""
PROGRESSION_RISE = 0.25
"""Rise of a marker, as a share of the baseline, from which it is progression."""

_LARGEST_LEAD_DAYS = 14
_BASELINE_MULTIPLE = {"CR": (2.2, 5.0), "PR": (3.0, 40.0), "SD": (2.2, 40.0), "PD": (1.5, 40.0)}
_RATIO = {"PR": (0.12, 0.47), "SD": (0.55, 1.20), "PD": (1.29, 3.2)}
_WITHIN_NORMAL = (0.45, 0.97)
_ABOVE_NORMAL = 1.08
_LATER_SHARE = 0.5
_LATER_DAYS = (200, 320)


def make_labs(course: Course) -> pd.DataFrame:
    """Make the `labs` table: baseline, first follow-up and, for about half, one later value of each marker."""
    places = np.flatnonzero(course.responses.has_labs)
    rows = [row for place in places for row in _rows_of_subject(course, int(place))]
    place, day, marker, value = zip(*rows, strict=True)
    ordinals = course.population.index_ordinal[list(place)] + np.array(day)
    return pd.DataFrame(
        {
            "subject": np.array(course.subjects, dtype=object)[list(place)],
            "date": dates_from_ordinals(ordinals),
            "marker": [one.name for one in marker],
            "value": value,
            "unit": [one.unit for one in marker],
            "upper_normal": [one.upper_normal for one in marker],
        }
    )


def _rows_of_subject(course: Course, place: int) -> list[tuple[int, int, Marker, float]]:
    rng = open_stream(Stream.LABS, course.seeds.detail, place)
    category = model.LABS.categories[course.responses.labs[place]]
    baseline_day = -int(rng.integers(0, _LARGEST_LEAD_DAYS + 1))
    later_day = int(rng.integers(*_LATER_DAYS))
    has_later = rng.random() < _LATER_SHARE and later_day < course.survival.last_day[place]
    rows = []
    for marker in MARKERS:
        has_marker = rng.random() < marker.share
        before, after = _draw_values(rng, marker, category)
        later = round(after * float(np.exp(rng.normal(0.1, 0.3))), marker.decimals)
        if has_marker:
            rows.append((place, baseline_day, marker, before))
            rows.append((place, int(course.population.follow_up_day[place]), marker, after))
            if has_later:
                rows.append((place, later_day, marker, later))
    return rows


def _draw_values(rng: np.random.Generator, marker: Marker, category: str) -> tuple[float, float]:
    low, high = _BASELINE_MULTIPLE[category]
    multiple = low * (high / low) ** rng.random()
    before = round(multiple * marker.upper_normal, marker.decimals)
    if category == "CR":
        after = marker.upper_normal * rng.uniform(*_WITHIN_NORMAL)
    else:
        least, most = _RATIO[category]
        least = max(least, _ABOVE_NORMAL * marker.upper_normal / before)
        after = before * least * (most / least) ** rng.random()
    return before, round(float(after), marker.decimals)
