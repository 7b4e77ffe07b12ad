"""Cohorts as tables: one from any seed, and the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.course import draw_course
from sample_dicom.cohort_model.gaps import leave_gaps_in_reports, leave_gaps_in_scans, make_labs_without_follow_up
from sample_dicom.cohort_model.image_reports import make_reports_of_images
from sample_dicom.cohort_model.imaging_plan import choose_imaged_patients, make_imaging_plan
from sample_dicom.cohort_model.labs import make_labs
from sample_dicom.cohort_model.measurements import make_measurements
from sample_dicom.cohort_model.people import make_patients, make_subjects, make_treatments
from sample_dicom.cohort_model.scans import make_report_responses
from sample_dicom.cohort_model.second_read import make_second_read
from sample_dicom.cohort_model.seeds import SHIPPED, Seeds
from sample_dicom.cohort_model.symptoms import make_symptoms
from sample_dicom.cohort_model.truth import make_truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sample_dicom.cohort_model.course import Course
    from sample_dicom.cohort_model.imaging_plan import ImagedPatient

Tables = dict[str, pd.DataFrame]


def make_cohort(
    seed: int, *, lesions: bool = True, log_hazard_ratios: Mapping[str, float] = model.LOG_HAZARD_RATIOS
) -> Tables:
    """Make a fresh cohort from the same model.

    Parameters
    ----------
    seed : int
        Any whole number from 0 up; the same seed gives the same tables.
    lesions : bool
        Make `measurements` too; without them a cohort takes a third of the time.
    log_hazard_ratios : mapping of str to float
        The truth, by the names of `parameters.LOG_HAZARD_RATIOS`; zeros make a cohort in which nothing matters.

    Returns
    -------
    dict of pandas.DataFrame
        `subjects`, `patients`, `treatments`, `symptoms`, `labs`, `report_responses`, `measurements` (all image
        patients; no DICOM is planned for a fresh cohort) and `truth`. Dates are datetime64, numbers are numbers.
    """
    course = draw_course(Seeds.from_one(seed), log_hazard_ratios)
    tables = _make_people_tables(course, {})
    if lesions:
        tables["measurements"] = make_measurements(course)
    return tables


def make_shipped_cohort(seeds: Seeds = SHIPPED) -> Tables:
    """Make the tables of the shipped cohort.

    Six image patients have DICOM instead of rows in `measurements`. Besides what a fresh cohort has, there are the
    `second_read` of 40 image patients, reports of 25 of them, and gaps as in any chart; no figure rests on these.
    """
    course = draw_course(seeds)
    chosen = choose_imaged_patients(course)
    tables = _make_people_tables(course, chosen)
    seed = course.seeds.detail
    measurements = make_measurements(course, without={patient.place for patient in chosen.values()})
    tables["measurements"] = leave_gaps_in_scans(measurements, seed)
    tables["second_read"] = make_second_read(tables["measurements"], seed)
    reports = [
        leave_gaps_in_reports(tables["report_responses"], seed),
        make_reports_of_images(tables["measurements"], seed),
    ]
    tables["report_responses"] = _in_order(reports)
    tables["labs"] = _in_order([tables["labs"], make_labs_without_follow_up(course)])
    tables["imaging_plan"] = make_imaging_plan(course, chosen)
    return tables


def _in_order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts).sort_values("subject", kind="stable").reset_index(drop=True)


def _make_people_tables(course: Course, chosen: dict[str, ImagedPatient]) -> Tables:
    return {
        "subjects": make_subjects(course),
        "patients": make_patients(course),
        "treatments": make_treatments(course),
        "symptoms": make_symptoms(course),
        "labs": make_labs(course),
        "report_responses": make_report_responses(course),
        "truth": make_truth(course, chosen),
    }
