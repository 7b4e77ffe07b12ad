"""Radiology reports of patients whose images were read too: the same scans, told by somebody else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_dicom.cohort_model.scan_categories import scan_categories
from sample_dicom.cohort_model.seeds import Stream, open_stream

N_SUBJECTS = 25
DISAGREEING_SHARE = 0.15
_OTHERWISE = {"CR": ("PR",), "PR": ("SD",), "SD": ("PR", "PD"), "PD": ("SD",)}
"""What a report says where it does not follow the images: the category beside."""


def make_reports_of_images(measurements: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make rows of `report_responses` for 25 of the image patients, one for each scan after baseline.

    In 15 % of the first follow-ups, and in 15 % of the later scans, the report is one category away from the images.
    A scan that is not evaluable on the images is reported as the one before it.

    Parameters
    ----------
    measurements : pandas.DataFrame
        See :func:`sample_dicom.cohort_model.measurements.make_measurements`.
    seed : int
    """
    rng = open_stream(Stream.IMAGE_REPORTS, seed)
    chosen = np.sort(rng.choice(measurements["subject"].unique(), N_SUBJECTS, replace=False))
    rows = [row for subject in chosen for row in _follow_images(measurements[measurements["subject"] == subject])]
    reports = pd.DataFrame(rows, columns=["subject", "date", "timepoint", "overall_response"])
    is_first = reports["timepoint"] == "followup-1"
    for part in (reports.index[is_first], reports.index[~is_first]):
        for row in rng.choice(part, round(DISAGREEING_SHARE * len(part)), replace=False):
            said = str(reports.loc[row, "overall_response"])
            reports.loc[row, "overall_response"] = str(rng.choice(_OTHERWISE[said]))
    return reports.assign(source="report")


def _follow_images(rows: pd.DataFrame) -> list[tuple[str, pd.Timestamp, str, str]]:
    labels = rows.drop_duplicates("date").set_index("date")["timepoint"]
    visits = []
    last = ""
    for date, category in scan_categories(rows):
        last = last if category == "NE" else category
        visits.append((str(rows["subject"].iloc[0]), date, str(labels[date]), last))
    return visits
