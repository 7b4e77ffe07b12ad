"""The sample study runs from its own file: scored with both readers, linked by the first."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from recist.cli.run_settings import read_run_settings
from recist.cli.run_steps import link_step, score_step
from sample_dicom import cohort_folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the sample study, without the six patients that `recist demo` measures from DICOM."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(cohort_folder(), folder / "tables")
    (folder / "measured").mkdir()
    shutil.copy(cohort_folder() / "measurements.csv", folder / "measured" / "measurements.csv")
    settings = read_run_settings(folder / "tables" / "study.toml")
    score_step(settings, folder)
    link_step(settings, folder)
    return folder


def test_the_first_reader_gives_the_responses_of_the_cohort(out: Path) -> None:
    cohort = pd.read_csv(out / "cohort" / "cohort.csv").set_index("subject")
    assert cohort["imaging_source"].value_counts().to_dict() == {"none": 92, "image": 70, "report": 49}
    truth = pd.read_csv(cohort_folder() / "truth.csv").set_index("subject")
    seen = cohort[cohort["imaging_source"] != "none"]
    assert (seen["imaging_response"] == truth.loc[seen.index, "imaging_category"]).all()


def test_the_second_reader_and_the_reports_of_imaged_patients_are_kept_for_agreement_only(out: Path) -> None:
    reads = pd.read_csv(out / "cohort" / "reads.csv")
    assert not reads.loc[reads["reader"] == "reader-2", "used"].any()
    assert reads.loc[reads["reader"] == "reader-1", "used"].all()
    imaged = reads.loc[reads["source"] == "image", "subject"]
    assert reads.loc[reads["reader"] == "reader-2", "subject"].nunique() == 40
    reports_of_imaged = reads[(reads["source"] == "report") & reads["subject"].isin(imaged)]
    assert reports_of_imaged["subject"].nunique() == 25
    assert not reports_of_imaged["used"].any()


def test_nothing_in_the_sample_study_is_a_fault(out: Path) -> None:
    assert pd.read_csv(out / "cohort" / "problems.csv").empty
