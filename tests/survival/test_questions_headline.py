"""The questions give R's headline figures of the made-up cohort, by the same functions as the report."""

from pathlib import Path

import pandas as pd
import pytest

from survival import (
    bias_demonstration,
    compare_survival,
    cox,
    first_response,
    load_cohort,
    overall_survival,
    progression_free_survival,
    relief_duration,
    switches_on,
)

HERE = Path(__file__).parent
DOMAINS = {"imaging": "disease_control", "biochemical": "disease_control", "symptomatic": "improved"}


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(HERE / "reference_headline")


@pytest.fixture(scope="module")
def survival_time(cohort):
    return overall_survival(cohort)


@pytest.fixture(scope="module")
def published():
    table = pd.read_csv(HERE / "reference_headline" / "reference.csv")
    return dict(zip(zip(table["row"], table["column"], strict=True), table["value"], strict=True))


@pytest.fixture(scope="module")
def by_r():
    table = pd.read_csv(HERE / "reference_questions" / "values.csv").query("study == 'headline'")
    return dict(zip(table["quantity"], table["value"], strict=True))


@pytest.fixture(params=DOMAINS)
def contrast(cohort, request):
    return request.param, getattr(first_response(cohort, request.param), DOMAINS[request.param])


def test_the_median_is_that_of_r_with_its_interval(survival_time, published):
    median = survival_time.median
    names = ("value", "lower", "upper")
    assert [getattr(median, name) for name in names] == pytest.approx(
        [published["median_os", f"from_index_{name}"] for name in names]
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_response_rate_leaves_out_who_has_no_response(cohort, published, domain):
    found = first_response(cohort, domain).rate
    expected = [published[f"{domain}_rate", f"from_index_{name}"] / 100 for name in ("value", "lower", "upper")]
    assert [found.value, found.lower, found.upper] == pytest.approx(expected)


def test_the_landmark_is_that_of_r(survival_time, contrast, published):
    domain, condition = contrast
    found = compare_survival(survival_time, condition, landmark_months=4, bootstrap=100)
    assert found.difference.value == pytest.approx(published[domain, "landmark_value"])
    assert found.p_value == pytest.approx(published[domain, "landmark_log_rank_p_value"], rel=1e-9)
    assert list(found.n) == [published[domain, "landmark_n_good"], published[domain, "landmark_n_bad"]]


def test_own_entry_is_that_of_r(survival_time, contrast, published):
    domain, condition = contrast
    found = compare_survival(survival_time, condition, entry="own_followup", bootstrap=100)
    ratio = found.hazard_ratio
    expected = [published[domain, f"own_entry_hazard_ratio{part}"] for part in ("", "_lower", "_upper", "_p_value")]
    assert [ratio.value, ratio.lower, ratio.upper, found.p_value] == pytest.approx(expected, rel=1e-6)


def test_as_published_is_that_of_r_and_says_what_is_wrong_with_it(survival_time, contrast, published):
    domain, condition = contrast
    found = compare_survival(survival_time, condition, as_published=True, bootstrap=100)
    assert found.difference.value == pytest.approx(published[domain, "from_index_value"])
    assert list(found.n) == [published[domain, "from_index_n_good"], published[domain, "from_index_n_bad"]]
    first, *beside = str(found).splitlines()
    assert "as published: contains immortal time" in first
    assert [("landmark 4 months" in line, "own follow-up" in line) for line in beside] == [(True, False), (False, True)]


def test_two_or_more_treatments_gain_two_years_by_immortal_time_alone(cohort, survival_time, published):
    found = bias_demonstration(survival_time, cohort.n_treatments >= 2, bootstrap=100)
    assert found.difference.value == pytest.approx(published["multiple_treatments", "from_index_value"])
    landmarks = [each.difference.value for each in found.landmarks]
    days = (183, 274, 365)
    assert landmarks == pytest.approx([published["multiple_treatments", f"landmark_{day}_value"] for day in days])
    ratio = found.hazard_ratio
    names = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")
    assert [ratio.value, ratio.lower, ratio.upper] == pytest.approx(
        [published["multiple_treatments", f"own_entry_{name}"] for name in names], rel=1e-6
    )


def test_a_switch_is_tested_by_mantel_and_byar(cohort, survival_time, by_r):
    found = compare_survival(survival_time, switches_on(cohort.second_treatment_date))
    # the score test of R's Cox model on the rows differs from the hypergeometric variance only where days tie
    assert found.p_value == pytest.approx(by_r["mantel_byar_by_score"], abs=1e-3)


def test_a_switch_is_the_same_from_the_date_and_from_the_number(cohort, survival_time):
    by_date = compare_survival(survival_time, switches_on(cohort.second_treatment_days))
    by_number = compare_survival(survival_time, switches_on(cohort.n_treatments >= 2))
    assert by_date.hazard_ratio == by_number.hazard_ratio


def test_responses_of_two_domains_enter_when_both_were_known(cohort, survival_time, by_r):
    imaging, symptoms = first_response(cohort, "imaging"), first_response(cohort, "symptoms")
    fit = cox(survival_time, [imaging.progressed, symptoms.unimproved, "age"])
    check(fit, by_r, "responses", {"imaging": 0, "symptoms": 1, "age": 2})
    assert fit.n == by_r["responses_n"]


def test_a_switch_stands_beside_responses_with_delayed_entry(cohort, survival_time, by_r):
    imaging, symptoms = first_response(cohort, "imaging"), first_response(cohort, "symptoms")
    again = switches_on(cohort.second_treatment_date)
    fit = cox(survival_time, [imaging.progressed, symptoms.unimproved, "age", again])
    check(fit, by_r, "switched", {"imaging": 0, "symptoms": 1, "age": 2, "again": 3})


def check(fit, by_r, model, places):
    for name, place in places.items():
        row = fit.table.iloc[place]
        expected = [by_r[f"{model}_{name}_{part}"] for part in ("hazard_ratio", "lower", "upper", "p_value")]
        assert row[["hazard_ratio", "lower", "upper", "p_value"]].tolist() == pytest.approx(expected, rel=1e-6)


def test_strata_are_columns_by_name(survival_time, by_r):
    fit = cox(survival_time, ["age"], strata="sex")
    assert fit.table["hazard_ratio"][0] == pytest.approx(by_r["strata_sex"], rel=1e-6)


def test_progression_is_split_by_response_among_those_not_progressed_at_the_landmark(cohort, by_r):
    imaging = first_response(cohort, "imaging")
    found = compare_survival(progression_free_survival(cohort), imaging.responded, landmark_months=4, bootstrap=100)
    expected = [by_r[f"pfs_landmark_{part}"] for part in ("hazard_ratio", "lower", "upper")]
    ratio = found.hazard_ratio
    assert [ratio.value, ratio.lower, ratio.upper] == pytest.approx(expected, rel=1e-6)
    assert sum(found.n) == by_r["pfs_landmark_n"]


def test_relief_ends_by_recurrence_or_death(cohort, published):
    found = relief_duration(cohort)
    assert found.median.value == pytest.approx(published["relief_duration", "from_index_value"])
    assert found.median_death_censored.value > found.median.value
