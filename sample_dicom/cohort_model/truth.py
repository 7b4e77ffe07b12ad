"""The `truth` table: what nobody could know in a real cohort, subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.imaging_plan import ONLY_NEW_LESION
from sample_dicom.cohort_model.measurements import is_only_new_lesion
from sample_dicom.cohort_model.survival import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sample_dicom.cohort_model.course import Course
    from sample_dicom.cohort_model.imaging_plan import ImagedPatient


def make_truth(course: Course, chosen: Mapping[str, ImagedPatient]) -> pd.DataFrame:
    """Make the `truth` table.

    Categories are given for everybody, also where they are not on record (`has_…` false); days count from the first
    treatment; `death_day` is the true one, observed or not; `progression_day` only where there is imaging.
    """
    population, responses, survival = course.population, course.responses, course.survival
    has_imaging = responses.has_imaging
    return pd.DataFrame(
        {
            "subject": course.subjects,
            "is_seen_at_follow_up": population.is_seen,
            "follow_up_day": population.follow_up_day,
            "ct_day": _days_or_nothing(population.ct_day, has_imaging),
            "symptomatic_category": [model.SYMPTOMS.categories[one] for one in responses.symptoms],
            "biochemical_category": [model.LABS.categories[one] for one in responses.labs],
            "imaging_category": [model.IMAGING.categories[one] for one in responses.imaging],
            "has_symptoms": responses.has_symptoms,
            "has_labs": responses.has_labs,
            "imaging_source": [source.value for source in responses.imaging_source],
            "symptomatic_latent": np.round(responses.latent[:, 0], 4),
            "biochemical_latent": np.round(responses.latent[:, 1], 4),
            "imaging_latent": np.round(responses.latent[:, 2], 4),
            "linear_predictor": np.round(survival.linear_predictor, 4),
            "death_day": survival.death_day,
            "second_treatment_day": _days_or_nothing(course.second_treatment_day),
            "recurrence_day": _days_or_nothing(course.recurrence_day),
            "progression_day": _days_or_nothing(course.progression_day, has_imaging),
            "only_new_lesion": _only_new_lesion(course, chosen),
            "dicom_key": _dicom_keys(len(course.subjects), chosen),
        }
    )


def _days_or_nothing(day: NDArray[np.int64], on_record: NDArray[np.bool_] | None = None) -> pd.Series[int]:
    is_given = day < NEVER if on_record is None else on_record
    return pd.Series(day).where(is_given).astype("Int64")


def _only_new_lesion(course: Course, chosen: Mapping[str, ImagedPatient]) -> list[bool]:
    planned = {patient.place: key for key, patient in chosen.items()}
    return [
        planned[place] == ONLY_NEW_LESION if place in planned else bool(image) and is_only_new_lesion(course, place)
        for place, image in enumerate(course.responses.is_image)
    ]


def _dicom_keys(n_subjects: int, chosen: Mapping[str, ImagedPatient]) -> list[str]:
    planned = {patient.place: key for key, patient in chosen.items()}
    return [planned.get(place, "") for place in range(n_subjects)]
