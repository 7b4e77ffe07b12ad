"""The cohort as files: the CSV tables, `truth.json` and the study's configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recist.outputs import whole_folder
from sample_dicom.cohort_model.cohort import make_shipped_cohort
from sample_dicom.cohort_model.parameters import CUTOFF_DATE
from sample_dicom.cohort_model.summary import summarise_truth

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

STUDY_TOML = f"""\
# The sample cohort: 211 synthetic patients. Paths are relative to this file.

[study]
name = "Sample cohort (synthetic)"
cutoff_date = {CUTOFF_DATE.isoformat()}

[tables]
measurements = ["../measured/measurements.csv", "second_read.csv"] # scored by `recist run`
subjects = "subjects.csv"
patients = "patients.csv"
treatments = "treatments.csv"
symptoms = "symptoms.csv"
labs = "labs.csv"
report_responses = "report_responses.csv"
responses = "../responses/responses.csv" # used by `recist link`
best_responses = "../responses/best_responses.csv"

[response]
unread_subjects = "left_out" # the second reader read 40 patients only

[rules]
readers = ["reader-1", "reader-2"] # the second reader is there for the agreement

[survival]
study = "Sample cohort (synthetic)"
statement = "Every patient is synthetic: computed to resemble a published study, and evidence of nothing."
published = "kane-2018" # the study the cohort is calibrated to; its figures stand beside the recomputed ones
"""


def write_cohort(folder: Path) -> None:
    """Write the shipped cohort into a folder: the same bytes every time."""
    tables = make_shipped_cohort()
    with whole_folder(folder) as staging:
        for name, table in tables.items():
            write_csv(table, staging / f"{name}.csv")
        truth = json.dumps(summarise_truth(tables), indent=2, ensure_ascii=False)
        (staging / "truth.json").write_text(truth + "\n", encoding="utf-8", newline="\n")
        (staging / "study.toml").write_text(STUDY_TOML, encoding="utf-8", newline="\n")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table with ISO dates, `true` and `false`, and nothing where a value is not given."""
    flags = table.select_dtypes("bool").columns
    as_text = table.assign(**{name: table[name].map({True: "true", False: "false"}) for name in flags})
    as_text.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n")
