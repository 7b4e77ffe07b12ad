"""The six image patients who carry DICOM: who they are and when they were scanned.

The lesions of the plan (keys A to F) are fixed in `sample_dicom/cohort/imaging_plan.csv`, the single truth for the
phantom, the cohort and the tests; the generator only fills in the subject and the dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.calendar_days import dates_from_ordinals
from sample_dicom.cohort_model.scans import baseline_scan_day, later_scan_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sample_dicom.cohort_model.course import Course

CATEGORIES = {"A": "PR", "B": "SD", "C": "PD", "D": "CR", "E": "PD", "F": "SD"}
"""Overall response of each planned patient at the first follow-up."""
PROGRESSES_LATER = "B"
"""The patient whose second follow-up shows PD."""
ONLY_NEW_LESION = "E"
"""The patient whose PD at the first follow-up is a new lesion."""
_FEWEST_DAYS_AFTER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagedPatient:
    """A planned patient: place in the cohort and the days of the three scans, from the first treatment."""

    place: int
    baseline_day: int
    first_day: int
    second_day: int


def choose_imaged_patients(course: Course) -> dict[str, ImagedPatient]:
    """Choose the patients of the plan: of those whose course fits, the ones treated last.

    Keys for which nobody fits are left out; the shipped cohort has all six.
    """
    chosen: dict[str, ImagedPatient] = {}
    for key, category in CATEGORIES.items():
        taken = {patient.place for patient in chosen.values()}
        for place in np.flatnonzero(course.responses.is_image)[::-1]:
            is_right = model.IMAGING.categories[course.responses.imaging[place]] == category
            patient = _fit(course, int(place), key) if is_right and place not in taken else None
            if patient is not None:
                chosen[key] = patient
                break
    return chosen


def make_imaging_plan(course: Course, chosen: Mapping[str, ImagedPatient]) -> pd.DataFrame:
    """Fill the subject and the dates into the planned lesions."""
    plan = read_planned_lesions()
    place = np.array([chosen[key].place for key in plan["key"]])
    day = np.array(
        [_day_of(chosen[key], timepoint) for key, timepoint in zip(plan["key"], plan["timepoint"], strict=True)]
    )
    plan["subject"] = np.array(course.subjects, dtype=object)[place]
    plan["date"] = dates_from_ordinals(course.population.index_ordinal[place] + day)
    return plan


def read_planned_lesions() -> pd.DataFrame:
    """Read the fixed lesions of the plan; whatever subject and date stand there is dropped."""
    with (files("sample_dicom") / "cohort" / "imaging_plan.csv").open(encoding="utf-8") as file:
        plan = pd.read_csv(file, dtype={"nodal": bool})
    plan["subject"] = ""
    plan["date"] = pd.NaT
    return plan


def _day_of(patient: ImagedPatient, timepoint: str) -> int:
    return {"baseline": patient.baseline_day, "followup-1": patient.first_day, "followup-2": patient.second_day}[
        timepoint
    ]


def _fit(course: Course, place: int, key: str) -> ImagedPatient | None:
    later = [
        day for day in later_scan_days(course, place) if day + _FEWEST_DAYS_AFTER <= course.survival.last_day[place]
    ]
    progression_day = int(course.progression_day[place])
    if key == PROGRESSES_LATER:
        later = [day for day in later[:2] if day >= progression_day]
    if not later or (CATEGORIES[key] != "PD" and key != PROGRESSES_LATER and later[0] >= progression_day):
        return None
    return ImagedPatient(
        place=place,
        baseline_day=baseline_scan_day(course, place),
        first_day=int(course.population.ct_day[place]),
        second_day=later[0],
    )
