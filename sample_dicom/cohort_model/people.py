"""The tables of people and treatments: `subjects`, `patients`, `treatments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.population import days_from_months
from sample_dicom.cohort_model.seeds import Stream, open_stream
from sample_dicom.cohort_model.survival import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.cohort_model.course import Course

KI67_KNOWN_SHARE = 0.35
_DIAGNOSIS_MEDIAN_MONTHS = 24.0
_DIAGNOSIS_LOG_SD = 0.9
_DIAGNOSIS_RANGE_DAYS = (21, 7300)
_KI67_MEDIAN_PCT = 4.0
_KI67_LOG_SD = 0.9
_KI67_RANGE_PCT = (0.5, 60.0)
_ACTIVITY_MEDIAN_MCI = 330.0
_ACTIVITY_LOG_SD = 0.28
_ACTIVITY_RANGE_MCI = (120, 620)
_FURTHER_TREATMENT_SHARE = 0.35
_FURTHER_WAIT_MONTHS = (5.0, 9.0)


def make_subjects(course: Course) -> pd.DataFrame:
    """Make the `subjects` table: first treatment, death, last contact and cutoff."""
    index = course.population.index_ordinal
    last = dates_from_ordinals(index + course.survival.last_day)
    return pd.DataFrame(
        {
            "subject": course.subjects,
            "start_date": dates_from_ordinals(index),
            "death_date": last.where(course.survival.is_death),
            "last_contact_date": last,
            "cutoff_date": dates_from_ordinals(np.full_like(index, model.CUTOFF_DATE.toordinal())),
        }
    )


def make_patients(course: Course) -> pd.DataFrame:
    """Make the `patients` table: what was known at the first treatment."""
    population = course.population
    n_subjects = len(course.subjects)
    rng = open_stream(Stream.PATIENTS, course.seeds.detail)
    since_diagnosis = _log_normal(rng, n_subjects, _DIAGNOSIS_MEDIAN_MONTHS, _DIAGNOSIS_LOG_SD)
    diagnosis_day = -np.clip(days_from_months(since_diagnosis), *_DIAGNOSIS_RANGE_DAYS)
    ki67 = np.clip(_log_normal(rng, n_subjects, _KI67_MEDIAN_PCT, _KI67_LOG_SD), *_KI67_RANGE_PCT)
    is_ki67_known = rng.random(n_subjects) < KI67_KNOWN_SHARE
    return pd.DataFrame(
        {
            "subject": course.subjects,
            "sex": np.where(population.is_male, "M", "F"),
            "age_years": population.age_years,
            "primary_site": [model.SITES[place].name for place in population.site],
            "functional": population.is_functional,
            "ki67_pct": np.where(is_ki67_known, np.round(ki67, 1), np.nan),
            "diagnosis_date": dates_from_ordinals(population.index_ordinal + diagnosis_day),
        }
    )


def make_treatments(course: Course) -> pd.DataFrame:
    """Make the `treatments` table: the first, the second where there was one, and those that followed it."""
    rng = open_stream(Stream.TREATMENTS, course.seeds.detail)
    days = [np.zeros(len(course.subjects), dtype=np.int64), course.second_treatment_day]
    earliest, mean = _FURTHER_WAIT_MONTHS
    for _ in range(2):
        is_wanted = rng.random(len(course.subjects)) < _FURTHER_TREATMENT_SHARE
        wait = days_from_months(earliest + mean * rng.standard_exponential(len(course.subjects)))
        day = np.where(days[-1] < NEVER, days[-1] + wait, NEVER)
        days.append(np.where(is_wanted & (day < course.survival.last_day), day, NEVER))
    day_grid = np.stack(days, axis=1)
    activity = _log_normal(rng, day_grid.size, _ACTIVITY_MEDIAN_MCI, _ACTIVITY_LOG_SD).reshape(day_grid.shape)
    subject, number = np.nonzero(day_grid < NEVER)
    return pd.DataFrame(
        {
            "subject": np.array(course.subjects, dtype=object)[subject],
            "treatment_number": number + 1,
            "treatment": model.TREATMENT,
            "date": dates_from_ordinals(course.population.index_ordinal[subject] + day_grid[subject, number]),
            "activity_mci": np.clip(np.rint(activity[subject, number]), *_ACTIVITY_RANGE_MCI).astype(np.int64),
        }
    )


def _log_normal(rng: np.random.Generator, size: int, median: float, log_sd: float) -> NDArray[np.float64]:
    return median * np.exp(log_sd * rng.standard_normal(size))
