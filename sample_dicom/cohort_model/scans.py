"""Which CT scans each imaging patient has, and the `report_responses` of those who have only reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.seeds import Stream, open_stream

if TYPE_CHECKING:
    from sample_dicom.cohort_model.course import Course

_LARGEST_LEAD_DAYS = 21
_INTERVALS_MONTHS = (4.0, 4.0, 4.0, 4.0, 4.0)
_LATE_INTERVAL_MONTHS = 6.0
_JITTER_DAYS = 10


def baseline_scan_day(course: Course, place: int) -> int:
    """Give the day of the baseline CT, at most three weeks before the first treatment."""
    return -int(open_stream(Stream.SCANS, course.seeds.detail, place).integers(0, _LARGEST_LEAD_DAYS + 1))


def later_scan_days(course: Course, place: int) -> list[int]:
    """Give the days of the CTs after the first follow-up: every 4, later every 6 months, before the last day."""
    rng = open_stream(Stream.SCANS, course.seeds.detail, place, 1)
    first, last = int(course.population.ct_day[place]), int(course.survival.last_day[place])
    days: list[int] = []
    months = 0.0
    while True:
        n_scans = len(days)
        months += _INTERVALS_MONTHS[n_scans] if n_scans < len(_INTERVALS_MONTHS) else _LATE_INTERVAL_MONTHS
        jitter = int(rng.integers(-_JITTER_DAYS, _JITTER_DAYS + 1))
        day = first + round(months * model.DAYS_PER_MONTH) + jitter
        if day >= last:
            return days
        days.append(day)


def make_report_responses(course: Course) -> pd.DataFrame:
    """Make the `report_responses` table: overall responses read from radiology reports, until PD."""
    responses = course.responses
    rows = [
        (place, day, f"followup-{number}", category)
        for place in np.flatnonzero(responses.has_imaging & ~responses.is_image)
        for number, (day, category) in enumerate(_report_visits(course, int(place)), start=1)
    ]
    places = [place for place, *_ in rows]
    days = np.array([day for _, day, *_ in rows])
    return pd.DataFrame(
        {
            "subject": np.array(course.subjects, dtype=object)[places],
            "date": dates_from_ordinals(course.population.index_ordinal[places] + days),
            "timepoint": [timepoint for *_, timepoint, _ in rows],
            "overall_response": [category for *_, category in rows],
            "source": "report",
        }
    )


def _report_visits(course: Course, place: int) -> list[tuple[int, str]]:
    category = model.IMAGING.categories[course.responses.imaging[place]]
    visits = [(int(course.population.ct_day[place]), category)]
    if category == "PD":
        return visits
    for day in later_scan_days(course, place):
        is_progressed = day >= course.progression_day[place]
        visits.append((day, "PD" if is_progressed else category))
        if is_progressed:
            break
    return visits
