"""What is missing in the shipped tables, as in any chart: missed visits, scans and samples that could not be evaluated.

A gap is left only where no figure of the cohort rests on the visit: never at the first follow-up, the last visit or
the progression, and only where every other visit keeps its category.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.labs import MARKERS
from sample_dicom.cohort_model.scan_categories import NOT_EVALUABLE, scan_categories
from sample_dicom.cohort_model.seeds import Stream, open_stream

if TYPE_CHECKING:
    from sample_dicom.cohort_model.course import Course

N_NOT_EVALUABLE_SCANS = 5
N_MISSED_SCANS = 7
N_MISSED_REPORTS = 5
N_BASELINE_LABS_ONLY = 6
N_LOST_SAMPLES = 2
_FIRST_THAT_MAY_BE_MISSING = 1
_AXES = ["diameter_mm", "long_axis_mm", "short_axis_mm"]
_RAISED = (2.0, 12.0)
_LARGEST_LEAD_DAYS = 14


def leave_gaps_in_scans(measurements: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make a target not evaluable at five later scans, and leave seven later scans out."""
    by_subject = dict(tuple(measurements.groupby("subject", sort=False)))
    order = open_stream(Stream.GAPS, seed).permutation(np.array(list(by_subject), dtype=object))
    n_left = {True: N_NOT_EVALUABLE_SCANS, False: N_MISSED_SCANS}
    for subject in order:
        is_blurred = n_left[True] > 0
        with_gap = _leave_gap(by_subject[subject], is_blurred=is_blurred) if sum(n_left.values()) else None
        if with_gap is not None:
            by_subject[subject] = with_gap
            n_left[is_blurred] -= 1
    return pd.concat(by_subject.values(), ignore_index=True)


def _leave_gap(rows: pd.DataFrame, *, is_blurred: bool) -> pd.DataFrame | None:
    """Leave a gap at the first scan where nothing else changes; None where there is no such scan."""
    before = dict(scan_categories(rows))
    for date in list(before)[1 + _FIRST_THAT_MAY_BE_MISSING : -1]:
        others = {day: category for day, category in before.items() if day != date}
        with_gap = _blur_target(rows, date) if is_blurred else rows[rows["date"] != date]
        after = dict(scan_categories(with_gap))
        after.pop(date, None)
        if after == others and before[date] in others.values():
            return with_gap
    return None


def _blur_target(rows: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    is_blurred = (rows["date"] == date) & (rows["role"] == "target") & ~rows.duplicated(["date", "role"])
    blurred = rows.copy()
    blurred.loc[is_blurred, "state"] = NOT_EVALUABLE
    blurred.loc[is_blurred, _AXES] = np.nan
    return blurred


def leave_gaps_in_reports(reports: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Leave out one report each of five patients, between the second and the last but one."""
    number = reports.groupby("subject").cumcount()
    n_reports = reports.groupby("subject")["subject"].transform("size")
    may_be_missing = reports[(number > _FIRST_THAT_MAY_BE_MISSING) & (number < n_reports - 1)]
    first_of_each = may_be_missing.drop_duplicates("subject").index.to_numpy()
    missing = open_stream(Stream.GAPS, seed, 1).choice(first_of_each, N_MISSED_REPORTS, replace=False)
    return reports[~reports.index.isin(missing)].reset_index(drop=True)


def make_labs_without_follow_up(course: Course) -> pd.DataFrame:
    """Make the labs of eight more patients with functional tumours: six never came back, of two the sample was lost."""
    responses, population = course.responses, course.population
    rng = open_stream(Stream.GAPS, course.seeds.detail, 2)
    others = np.flatnonzero(population.is_functional & population.is_seen & ~responses.has_labs)
    chosen = np.sort(rng.choice(others, N_BASELINE_LABS_ONLY + N_LOST_SAMPLES, replace=False))
    lost = set(rng.choice(chosen, N_LOST_SAMPLES, replace=False).tolist())
    marker = MARKERS[0]
    rows: list[tuple[int, int, float]] = []
    for place in chosen.tolist():
        value = round(marker.upper_normal * float(rng.uniform(*_RAISED)), marker.decimals)
        rows.append((place, -int(rng.integers(0, _LARGEST_LEAD_DAYS + 1)), value))
        if place in lost:
            rows.append((place, int(population.follow_up_day[place]), np.nan))
    places, days, values = (np.array(column) for column in zip(*rows, strict=True))
    return pd.DataFrame(
        {
            "subject": np.array(course.subjects, dtype=object)[places],
            "date": dates_from_ordinals(population.index_ordinal[places] + days),
            "marker": marker.name,
            "value": values,
            "unit": marker.unit,
            "upper_normal": marker.upper_normal,
        }
    )
