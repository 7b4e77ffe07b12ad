"""The sample cohort gives back the categories it was made with."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import sample_dicom
from linkage import Linked, link, read_study, read_study_tables

FOLDER = Path(sample_dicom.__file__).parent / "cohort"


@pytest.fixture(scope="module")
def sample() -> Linked:
    study = read_study(FOLDER / "study.toml")
    here = {name: path for name, path in study.tables.items() if path.parent == FOLDER}
    tables, problems = read_study_tables(here)
    truth = pd.read_csv(FOLDER / "truth.csv").set_index("subject")
    with_images = tables.names[tables.report_responses["subject"]].map(truth["imaging_source"]) == "image"
    tables = replace(tables, report_responses=tables.report_responses[~with_images])  # no images are scored here
    return link(tables, study.rules, cutoff_date=study.cutoff_date, problems=problems)


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "truth.csv").set_index("subject")


def test_the_rates_are_those_of_the_published_abstract(sample) -> None:
    counts = sample.flow[sample.flow["kind"] == "split"].set_index(["domain", "label"])["n"]
    responses = counts["biochemical"].to_dict()
    assert counts["biochemical"].sum() == 61
    assert (responses["CR"] + responses["PR"], responses["SD"], responses["PD"]) == (21, 29, 11)  # of 61
    assert (counts["symptomatic"]["improved"], counts["symptomatic"].sum()) == (142, 200)  # 71 %
    assert counts["imaging"]["report"] == 49


def test_every_category_is_the_one_the_subject_was_made_with(sample, truth) -> None:
    cohort = sample.cohort.set_index("subject")
    evaluable = cohort[cohort["biochemical_reason"] == "evaluable first follow-up"]
    made = truth.loc[evaluable.index, "biochemical_category"]
    # the cohort was made with three kinds of marker response: CR is within PR
    assert (evaluable["biochemical_response"].replace("CR", "PR") == made.replace("CR", "PR")).all()
    reported = cohort[cohort["imaging_source"] == "report"]
    made = truth.loc[reported.index, "imaging_category"]
    assert (reported["imaging_response"].replace("CR", "PR") == made.replace("CR", "PR")).all()
    improved = cohort["symptomatic_response"] == "improved"
    assert (truth.loc[cohort.index[improved], "symptomatic_category"] == "improved").all()


def test_no_time_is_lost(sample, truth) -> None:
    dead = sample.cohort[sample.cohort["os_event"] == 1].set_index("subject")
    assert (dead["os_days"] == truth.loc[dead.index, "death_day"]).all()
    assert (sample.cohort["second_treatment_days"].notna().sum()) == truth["second_treatment_day"].notna().sum()
