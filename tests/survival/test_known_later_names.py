"""Columns of a study's own that tell the future under names of their own: refused, or said to be taken on trust."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival import (
    compare_survival,
    cox,
    first_response,
    load_cohort,
    overall_survival,
    progression_free_survival,
    switches_on,
)
from survival.known_later import require_known_at_start
from survival.options import make_options

FOLDER = Path(__file__).parent / "reference_headline"
FUTURE = (
    "responder",
    "vital_status",
    "retreated",
    "progressed",
    "died_in_hospital",
    "subsequent_therapy",
    "confirmed_pr",
    "Best_Response",
    "time_to_progression",
    "cycles",
    "followup_months",
    "recurrence",
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own") / "cohort"
    shutil.copytree(FOLDER, folder)
    frame = pd.read_csv(folder / "cohort.csv")
    sides = np.where(np.arange(len(frame)) % 2 == 0, "yes", "no")
    frame.assign(**dict.fromkeys((*FUTURE, "smoker"), sides)).to_csv(folder / "cohort.csv", index=False)
    return load_cohort(folder)


@pytest.mark.parametrize("column", FUTURE)
def test_a_question_by_a_column_named_after_the_future_is_refused(cohort, column):
    time = overall_survival(cohort)
    with pytest.raises(UsageError, match="known only after the index date"):
        compare_survival(time, cohort[column] == "yes")
    with pytest.raises(UsageError, match="known only after the index date"):
        cox(time, [column])
    with pytest.raises(UsageError, match="known only after the index date"):
        cox(time, ["age"], strata=column)


@pytest.mark.parametrize("column", FUTURE)
@pytest.mark.parametrize("role", ["groups", "covariates", "univariable_only", "strata"])
def test_a_report_by_a_column_named_after_the_future_is_refused(role, column):
    with pytest.raises(UsageError, match="immortal time"):
        require_known_at_start(make_options({role: [column]}))


def test_the_future_does_not_come_in_under_the_name_of_a_baseline_column():
    options = make_options({"covariates": ["age_years", "sex"], "columns": {"sex": "best_response"}})
    with pytest.raises(UsageError, match=r"covariates: sex \(from best_response\) is known only after"):
        require_known_at_start(options)


def test_a_column_that_the_study_vouches_for_is_taken():
    require_known_at_start(make_options({"groups": ["relapse_before"], "known_at_start": ["relapse_before"]}))


def test_a_column_of_which_nothing_tells_the_day_is_said_to_be_taken_on_trust(cohort):
    time = overall_survival(cohort)
    said = "Taken as known on the index date, as nothing tells the day of it: smoker."
    assert said in str(compare_survival(time, cohort.smoker == "yes"))
    assert said in cox(time, ["smoker", "age"]).messages
    assert said in cox(time, ["age"], strata="smoker").messages
    both = compare_survival(time, (cohort.smoker == "yes") & (cohort.age_years >= 50))
    assert both.notes == (said,)
    assert not compare_survival(time, cohort.age_years >= 60).notes


def test_progression_does_not_come_into_its_own_split_beside_another_response(cohort):
    time = progression_free_survival(cohort)
    imaging, symptoms = first_response(cohort, "imaging"), first_response(cohort, "symptoms")
    for asked in (symptoms.improved & imaging.disease_control, imaging.disease_control | symptoms.improved):
        with pytest.raises(UsageError, match="progression on imaging is itself the event"):
            compare_survival(time, asked, entry="own_followup")


@pytest.mark.parametrize("column", ["os_days", "pfs_days", "relief_days"])
def test_the_length_of_follow_up_is_no_day_on_which_something_switches_on(cohort, column):
    with pytest.raises(UsageError, match="no day on which something begins"):
        switches_on(cohort[column])
