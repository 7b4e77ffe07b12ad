"""The model behind the cohort: its population, fresh cohorts, and the small estimates of the seed search.

Expected population values: an uncensored prototype of 500,000 patients written independently of this package.
"""

from __future__ import annotations

from dataclasses import replace

import lifelines
import numpy as np
import pandas as pd
import pytest
from lifelines.statistics import logrank_test

from sample_dicom.cohort_model import make_cohort
from sample_dicom.cohort_model.estimates import km_median_days, log_rank_p, switch_log_hazard_ratio
from sample_dicom.cohort_model.population import draw_population
from sample_dicom.cohort_model.responses import draw_responses
from sample_dicom.cohort_model.survival import NEVER, draw_recurrence, draw_second_treatment, draw_survival

DAYS_PER_MONTH = 30.4375
TRUE_LOG_HAZARD_RATIOS = {
    "symptoms": np.log(2.1),
    "labs": np.log(3.1),
    "imaging": np.log(3.3),
    "functional": -0.5,
    "pulmonary": 0.3,
    "age_10_years": 0.12,
}


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    """Half a million patients followed until death."""
    rng = np.random.default_rng(20180911)
    people = draw_population(rng, 500_000)
    responses = draw_responses(rng, people)
    survival = draw_survival(rng, people, responses)
    forever = replace(survival, last_day=survival.death_day, is_death=np.ones(500_000, dtype=bool))
    everyone_asked = replace(responses, has_symptoms=~people.dies_early)
    recurrence = draw_recurrence(rng, people, everyone_asked, forever)
    return pd.DataFrame(
        {
            "months": survival.death_day / DAYS_PER_MONTH,
            "seen": ~people.dies_early,
            "functional": people.is_functional,
            "improved": responses.symptoms == 0,
            "labs_controlled": responses.labs < 3,
            "imaging_controlled": responses.imaging < 3,
            "treated_again": draw_second_treatment(rng, people, forever) < NEVER,
            "relief_months": (np.minimum(recurrence, survival.death_day) - people.follow_up_day) / DAYS_PER_MONTH,
        }
    )


def gain_months(rows: pd.DataFrame, good: str) -> float:
    return float(rows.loc[rows[good], "months"].median() - rows.loc[~rows[good], "months"].median())


def test_median_survival_in_the_population_is_29_months(population: pd.DataFrame) -> None:
    assert population["months"].median() == pytest.approx(28.9, abs=0.3)


def test_about_three_percent_die_before_the_first_follow_up(population: pd.DataFrame) -> None:
    assert 1 - population["seen"].mean() == pytest.approx(0.03, abs=0.002)


def test_gains_in_the_population_are_those_the_model_was_calibrated_to(population: pd.DataFrame) -> None:
    seen = population[population["seen"]]
    assert gain_months(seen, "improved") == pytest.approx(30.1, abs=0.5)
    assert gain_months(seen[seen["functional"]], "labs_controlled") == pytest.approx(39.9, abs=0.8)
    assert gain_months(seen, "imaging_controlled") == pytest.approx(31.9, abs=0.5)


def test_relief_in_the_population_lasts_12_months(population: pd.DataFrame) -> None:
    improved = population[population["seen"] & population["improved"]]
    assert improved["relief_months"].median() == pytest.approx(12.2, abs=0.3)


def test_a_second_treatment_that_does_nothing_seems_to_give_two_years_in_the_population(
    population: pd.DataFrame,
) -> None:
    assert gain_months(population, "treated_again") == pytest.approx(23.5, abs=0.8)


def test_rates_in_the_population_are_the_quotas(population: pd.DataFrame) -> None:
    assert population["improved"].mean() == pytest.approx(142 / 200, abs=0.004)
    assert 1 - population["labs_controlled"].mean() == pytest.approx(11 / 61, abs=0.004)
    assert 1 - population["imaging_controlled"].mean() == pytest.approx(25 / 125, abs=0.004)


def cox_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of those seen at the first follow-up, with time counted from it and the latent categories."""
    table = tables["subjects"].merge(tables["patients"], on="subject").merge(tables["truth"], on="subject")
    table = table[table["is_seen_at_follow_up"]]
    days = (table["last_contact_date"] - table["start_date"]).dt.days - table["follow_up_day"]
    return pd.DataFrame(
        {
            "days": days,
            "event": table["death_date"].notna(),
            "symptoms": table["symptomatic_category"] != "improved",
            "labs": table["biochemical_category"] == "PD",
            "imaging": table["imaging_category"] == "PD",
            "functional": table["functional"],
            "pulmonary": table["primary_site"] == "pulmonary",
            "age_10_years": table["age_years"] / 10,
        }
    ).astype(float)


def test_confidence_intervals_from_fresh_cohorts_cover_the_six_true_log_hazard_ratios() -> None:
    truth = pd.Series(TRUE_LOG_HAZARD_RATIOS)
    covered = []
    for seed in range(100):
        fit = lifelines.CoxPHFitter().fit(cox_rows(make_cohort(seed, lesions=False)), "days", "event")
        limits = fit.confidence_intervals_.loc[truth.index]
        covered.append((limits.iloc[:, 0] <= truth) & (truth <= limits.iloc[:, 1]))
    share = pd.concat(covered, axis=1).mean(axis=1)
    assert (share >= 0.88).all()
    assert 0.92 <= share.mean() <= 0.98


def test_fresh_cohorts_from_one_seed_are_equal_and_from_two_seeds_differ() -> None:
    one, again, other = make_cohort(5), make_cohort(5), make_cohort(6)
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, again[name])
    assert not one["subjects"].equals(other["subjects"])


@pytest.mark.parametrize("seed", range(5))
def test_a_fresh_cohort_has_the_evaluable_patients_of_the_abstract(seed: int) -> None:
    truth = make_cohort(seed)["truth"]
    n_seen = int(truth["is_seen_at_follow_up"].sum())
    assert truth["has_symptoms"].sum() == min(200, n_seen)
    assert truth["has_labs"].sum() == 61
    assert truth["imaging_source"].value_counts().to_dict() == {"none": 86, "image": 76, "report": 49}
    on_record = truth[truth["imaging_source"] != "none"]
    assert on_record["imaging_category"].value_counts().to_dict() == {"SD": 75, "PD": 25, "PR": 22, "CR": 3}


def test_the_median_is_the_midpoint_where_the_curve_rests_at_one_half() -> None:
    # Values printed by R survival 3.5-3, survfit(Surv(time, event) ~ 1).
    assert km_median_days(np.array([1, 2, 3, 4]), np.ones(4, dtype=bool)) == 2.5
    assert km_median_days(np.array([1, 2, 2, 4]), np.ones(4, dtype=bool)) == 2.0
    assert km_median_days(np.array([1, 2, 3, 4]), np.array([True, True, False, False])) == 2.0
    assert np.isnan(km_median_days(np.array([1, 2, 3, 4]), np.array([True, False, False, False])))


def test_the_fast_log_rank_test_equals_lifelines() -> None:
    rng = np.random.default_rng(3)
    days, event, group = rng.integers(1, 60, 120), rng.random(120) < 0.7, rng.random(120) < 0.4
    expected = logrank_test(days[group], days[~group], event[group], event[~group]).p_value
    assert log_rank_p(days, event, group) == pytest.approx(expected, rel=1e-9)


def test_the_fast_start_stop_hazard_ratio_equals_lifelines_where_there_are_no_ties() -> None:
    rng = np.random.default_rng(4)
    days = rng.permutation(np.arange(10, 410, 4))
    event = rng.random(100) < 0.8
    switch = np.where(rng.random(100) < 0.5, rng.integers(1, 200, 100) * 2 + 1, NEVER)
    rows = [
        (place, 0, min(days[place], switch[place]), event[place] and switch[place] >= days[place], 0)
        for place in range(100)
    ]
    rows += [
        (place, switch[place], days[place], event[place], 1) for place in range(100) if switch[place] < days[place]
    ]
    table = pd.DataFrame(rows, columns=["id", "start", "stop", "event", "switched"]).astype(float)
    fit = lifelines.CoxTimeVaryingFitter().fit(
        table, id_col="id", event_col="event", start_col="start", stop_col="stop"
    )
    assert switch_log_hazard_ratio(days, event, switch) == pytest.approx(fit.params_["switched"], abs=1e-5)
