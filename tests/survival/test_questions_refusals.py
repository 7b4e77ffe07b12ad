"""What would look into the future is refused, in a sentence that says why, with the calls to write instead."""

from pathlib import Path

import pandas as pd
import pytest

from recist.errors import MissingInput, UsageError
from survival import (
    bias_demonstration,
    compare_survival,
    cox,
    first_response,
    load_cohort,
    overall_survival,
    progression_free_survival,
    switches_on,
)

FOLDER = Path(__file__).parent / "reference_headline"


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(FOLDER)


@pytest.fixture(scope="module")
def asked(cohort):
    """Give what an example in a message may use."""
    responses = {name: first_response(cohort, name) for name in ("imaging", "biochemical", "symptoms")}
    return {
        "cohort": cohort,
        "os": overall_survival(cohort),
        "pfs": progression_free_survival(cohort),
        "imaging": responses["imaging"],
        "biochem": responses["biochemical"],
        "symptoms": responses["symptoms"],
    }


LATER = (
    "imaging.disease_control",
    "imaging.progressed",
    "biochem.responded",
    "symptoms.improved",
    "cohort.n_treatments >= 2",
    "cohort.second_treatment_days <= 300",
    "cohort.imaging_response == 'PD'",
    "cohort.relief_days > 365",
    "(imaging.disease_control) & (symptoms.improved)",
    "~imaging.disease_control",
)
CALLS = {
    name: globals()[name] for name in ("compare_survival", "cox", "first_response", "overall_survival", "switches_on")
}


@pytest.mark.parametrize("condition", LATER)
def test_survival_from_the_index_date_is_not_compared_by_what_was_known_only_later(asked, condition):
    with pytest.raises(UsageError, match="known only after the index date") as caught:
        compare_survival(asked["os"], eval(condition, dict(asked)))  # noqa: S307 -- the conditions above
    assert "immortal time" in str(caught.value)
    assert "as_published=True" in str(caught.value)


@pytest.mark.parametrize("condition", LATER)
def test_every_remedy_that_a_refusal_names_can_be_written_just_so(asked, condition):
    with pytest.raises(UsageError) as caught:
        compare_survival(asked["os"], eval(condition, dict(asked)))  # noqa: S307 -- the conditions above
    calls = [line.partition("#")[0].strip() for line in str(caught.value).splitlines() if line.startswith("    ")]
    assert len(calls) >= 2
    for call in calls:
        found = eval(call, {**CALLS, **asked})  # noqa: S307 -- the remedy, as a reader would paste it
        assert found.is_biased == ("as_published" in call)


def test_a_series_of_which_nobody_said_when_it_was_known_is_refused(asked, cohort):
    marker = pd.Series(["high", "low"] * 105 + ["low"], name="marker")
    with pytest.raises(UsageError, match="nothing says from which day it was known") as caught:
        compare_survival(asked["os"], marker)
    # stating that it was known comes last among what to write
    assert 'known="at_index"' in str(caught.value).splitlines()[-1]


def test_a_series_of_which_the_caller_states_that_it_was_known_says_so_in_the_result(asked):
    marker = pd.Series(["high", "low"] * 105 + ["low"], name="marker")
    said = "marker == 'high' is known at the index date: as stated by the caller."
    for landmark in (None, 4):
        found = compare_survival(asked["os"], marker, known="at_index", landmark_months=landmark, bootstrap=100)
        assert said in str(found).splitlines()
        assert "as stated by the caller" in found._repr_html_()


@pytest.mark.parametrize("known", [None, "at_index"])
@pytest.mark.parametrize(
    "column", ["os_days", "os_event", "n_treatments", "second_treatment_days", "imaging_response", "imaging_days"]
)
def test_a_series_cut_out_of_the_cohort_is_refused_when_the_cohort_knows_it_to_be_later(asked, cohort, column, known):
    values = cohort.frame[column]
    sides = values.isin(["CR", "PR", "SD"]) if column == "imaging_response" else values >= 2
    with pytest.raises(UsageError, match="stating otherwise does not make it so") as caught:
        compare_survival(asked["os"], sides, known=known)
    assert 'known="at_index"' not in str(caught.value)
    assert f"cohort.{column}" in str(caught.value)


def test_a_series_cut_out_of_the_cohort_is_sent_back_to_the_cohort(asked, cohort):
    with pytest.raises(UsageError, match=r"compare_survival\(os, cohort\.sex == '[FM]'\)") as caught:
        compare_survival(asked["os"], cohort.frame["sex"].sort_values().sort_index())
    assert 'known="at_index"' not in str(caught.value)


def test_a_series_known_on_the_index_date_is_compared_by_subject(asked, cohort):
    sex = pd.Series(cohort.frame["sex"].to_numpy(), index=cohort.frame["subject"], name="sex")
    by_series = compare_survival(asked["os"], sex.sample(frac=1, random_state=1), known="at_index", bootstrap=100)
    assert by_series.numbers == pytest.approx(
        compare_survival(asked["os"], cohort.sex, bootstrap=100).numbers, nan_ok=True
    )


def test_a_series_of_other_subjects_is_refused(asked):
    with pytest.raises(UsageError, match="in the order of the cohort with 211 rows"):
        compare_survival(asked["os"], pd.Series([0, 1, 0]), known="at_index")


def test_stating_that_a_later_fact_was_known_does_not_make_it_so(asked, cohort):
    with pytest.raises(UsageError, match="stating otherwise does not make it so"):
        compare_survival(asked["os"], cohort.n_treatments >= 2, known="at_index")


def test_what_is_known_on_the_index_date_needs_no_form(asked, cohort):
    assert not compare_survival(asked["os"], cohort.age >= 60, bootstrap=100).is_biased
    with pytest.raises(UsageError, match="nothing is biased"):
        compare_survival(asked["os"], cohort.age >= 60, as_published=True)


@pytest.mark.parametrize("form", [{}, {"as_published": True}, {"entry": "own_followup"}, {"landmark_months": 4}])
def test_progression_is_not_compared_by_progression(asked, form):
    with pytest.raises(UsageError, match="its own outcome"):
        compare_survival(asked["pfs"], asked["imaging"].disease_control, **form)
    with pytest.raises(UsageError, match="its own outcome"):
        cox(asked["pfs"], [asked["imaging"].progressed])


@pytest.mark.parametrize("covariate", ["n_treatments", "imaging_response", "second_treatment_days", "pfs_days"])
def test_a_covariate_known_only_later_is_refused_with_its_remedy(asked, covariate):
    with pytest.raises(UsageError, match="immortal time"):
        cox(asked["os"], ["age", covariate])


def test_a_count_that_is_known_only_later_becomes_a_switch_in_a_model(asked, cohort):
    with pytest.raises(UsageError, match=r"cox\(os, \[switches_on\(cohort.n_treatments >= 2\)\]\)"):
        cox(asked["os"], [cohort.n_treatments >= 2])


def test_the_number_of_treatments_has_no_own_follow_up(asked, cohort):
    with pytest.raises(UsageError, match="switches_on"):
        compare_survival(asked["os"], cohort.n_treatments >= 2, entry="own_followup")


def test_a_response_is_no_switch(asked):
    with pytest.raises(UsageError, match="landmark"):
        switches_on(asked["imaging"].responded)
    with pytest.raises(UsageError, match="needs a date or a day"):
        switches_on(asked["cohort"].age)


def test_only_what_comes_about_later_can_demonstrate_the_bias(asked, cohort):
    with pytest.raises(UsageError, match="comes about on a known day"):
        bias_demonstration(asked["os"], cohort.age >= 60)


def test_one_form_is_asked_at_a_time(asked):
    control = asked["imaging"].disease_control
    with pytest.raises(UsageError, match="one form"):
        compare_survival(asked["os"], control, landmark_months=4, as_published=True)
    with pytest.raises(UsageError, match="not both"):
        compare_survival(asked["os"], control, landmark_months=4, landmark_days=122)
    with pytest.raises(UsageError, match="own_followup"):
        compare_survival(asked["os"], control, entry="first_scan")
    with pytest.raises(UsageError, match="above 0"):
        compare_survival(asked["os"], control, landmark_days=0)


def test_conventions_of_progression_that_the_folder_cannot_tell_are_not_ignored(cohort):
    with pytest.raises(UsageError, match='new_therapy = "censor"') as caught:
        progression_free_survival(cohort, missed_scans="censor", new_therapy="censor")
    assert 'load_cohort("study.toml")' in str(caught.value)
    with pytest.raises(UsageError, match="there is only 'event' and 'censor'"):
        progression_free_survival(cohort, missed_scans="ignore")


def test_a_later_window_that_would_need_other_assessments_is_refused(cohort):
    with pytest.raises(UsageError, match="may have a later one"):
        first_response(cohort, "imaging", window_days=(90, 183))


def test_names_that_are_not_there_are_told_with_those_that_are(cohort):
    with pytest.raises(UsageError, match="'imaging', 'biochemical' or 'symptoms'"):
        first_response(cohort, "molecular")
    with pytest.raises(UsageError, match="there is only 'first_treatment' and 'diagnosis'"):
        overall_survival(cohort, index="randomisation")
    with pytest.raises(UsageError, match="diagnosis_date"):
        overall_survival(cohort, index="diagnosis")
    with pytest.raises(UsageError, match="the values are F, M"):
        cohort.sex == "male"  # noqa: B015 -- asking is refused already
    with pytest.raises(AttributeError, match="no column 'grade'"):
        _ = cohort.grade
    with pytest.raises(UsageError, match=r"ask \.improved"):
        _ = first_response(cohort, "symptoms").disease_control
    with pytest.raises(MissingInput, match="no such cohort folder"):
        load_cohort("nowhere")


def test_conditions_are_joined_with_signs_that_keep_subjects_apart(cohort):
    with pytest.raises(UsageError, match="join conditions with &"):
        _ = (cohort.age >= 60) and (cohort.sex == "F")


def test_a_quantity_of_many_values_is_not_two_sides(asked, cohort):
    with pytest.raises(UsageError, match=r"compared between two sides: cohort\.age_years >="):
        compare_survival(asked["os"], cohort.age)


def test_quantities_of_two_cohorts_do_not_meet(asked):
    other = load_cohort(Path(__file__).parent / "reference_questions" / "cirrhosis")
    with pytest.raises(UsageError, match="different cohorts"):
        compare_survival(asked["os"], other.age >= 60)
