"""Small examples that can be worked out by hand, and figures printed in textbooks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survival.concordance import compute_pairs
from survival.cox import cox
from survival.kaplan_meier import kaplan_meier
from survival.landmark import landmark
from survival.log_rank import log_rank
from survival.median_difference import bootstrap_quantiles, median_difference
from survival.partial_likelihood.likelihood import derive_risk_sets
from survival.restricted_mean import longest_common_follow_up, restricted_mean
from survival.risk_table import risk_table
from survival.times import Times, require_times

# Remission of acute leukaemia in weeks, 6-mercaptopurine against placebo: Freireich EJ et al. Blood 1963;21:699-716,
# as tabulated in Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, and in Collett D.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
TREATED_RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = TREATED + PLACEBO
RELAPSE = TREATED_RELAPSE + [1] * 21
ARM = ["6-MP"] * 21 + ["placebo"] * 21


def test_remission_on_6_mp_falls_as_in_the_textbook_table():
    table = kaplan_meier(TREATED, TREATED_RELAPSE).table
    drops = table[table["events"] > 0]
    assert drops["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert drops["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert drops["survival"].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    errors = drops["survival"] * np.sqrt(drops["variance_log"])
    assert errors.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]


def test_median_remission_is_23_weeks_on_6_mp_and_8_on_placebo():
    medians = kaplan_meier(WEEKS, RELAPSE, group=ARM).quantiles().set_index("group")["value"]
    assert medians.to_dict() == {"6-MP": 23, "placebo": 8}


def test_log_rank_statistic_of_the_6_mp_trial_is_16_79():
    assert round(log_rank(WEEKS, RELAPSE, ARM).statistic, 2) == 16.79


@pytest.mark.parametrize(("ties", "coefficient"), [("breslow", 1.509), ("efron", 1.572)])
def test_log_hazard_ratio_of_placebo_is_the_textbook_one(ties, coefficient):
    fit = cox(WEEKS, RELAPSE, pd.DataFrame({"arm": ARM}), ties=ties)
    assert fit.table["term"].tolist() == ["arm[placebo]"]
    assert round(fit.table["coefficient"][0], 3) == coefficient


def test_three_deaths_without_ties_give_the_hazard_ratio_worked_out_by_hand():
    # L = u / (2u + 1) · 1 / (u + 1), largest at u² = 1/2
    fit = cox([1, 2, 3], [1, 1, 1], [1, 0, 1])
    assert fit.table["hazard_ratio"][0] == pytest.approx(np.sqrt(0.5), rel=1e-9)


@pytest.mark.parametrize(("ties", "ratio"), [("efron", np.sqrt(6)), ("breslow", 2.0)])
def test_two_tied_deaths_give_the_hazard_ratio_worked_out_by_hand(ties, ratio):
    # Efron: L = u / ((u + 2) (u + 3) / 2), largest at u² = 6; Breslow: L = u / (u + 2)², largest at u = 2
    fit = cox([1, 1, 2], [1, 1, 0], [1, 0, 0], ties=ties)
    assert fit.table["hazard_ratio"][0] == pytest.approx(ratio, rel=1e-9)


def test_who_enters_after_a_death_is_not_in_its_risk_set():
    # as the three deaths above, with one more row that is never at risk together with a death
    fit = cox([1, 2, 3, 2.5], [1, 1, 1, 0], [1, 0, 1, 0], start=[0, 0, 0, 2.25])
    assert fit.table["hazard_ratio"][0] == pytest.approx(np.sqrt(0.5), rel=1e-9)


def test_splitting_the_follow_up_of_each_person_changes_nothing():
    age = np.linspace(40, 80, 42)
    whole = cox(WEEKS, RELAPSE, pd.DataFrame({"arm": ARM, "age": age}))
    weeks, relapse = np.array(WEEKS), np.array(RELAPSE)
    cut = weeks > 7
    split = cox(
        np.concatenate([np.minimum(weeks, 7), weeks[cut]]),
        np.concatenate([np.where(cut, 0, relapse), relapse[cut]]),
        pd.DataFrame({"arm": [*ARM, *np.array(ARM)[cut]], "age": [*age, *age[cut]]}),
        start=np.concatenate([np.zeros(42), np.full(cut.sum(), 7)]),
    )
    np.testing.assert_allclose(split.table["coefficient"], whole.table["coefficient"], rtol=1e-9)
    np.testing.assert_allclose(split.table["standard_error"], whole.table["standard_error"], rtol=1e-9)
    assert split.log_likelihood == pytest.approx(whole.log_likelihood)


def test_a_transplant_counted_from_its_day_does_not_prolong_life_in_the_stanford_series():
    # data of Crowley J, Hu M. J Am Stat Assoc 1977;72:27-36; R's coxph gives 0.1271
    heart = pd.read_csv(Path(__file__).parent / "reference" / "data" / "heart.csv")
    fit = cox(heart["stop"], heart["event"], heart["transplant"], start=heart["start"])
    assert round(fit.table["coefficient"][0], 3) == 0.127


def test_separated_deaths_are_estimated_with_firths_correction_and_said_so():
    # one death with x = 1, one survivor with x = 0: log L + ½ log I is largest at u / (1 + u) = 3/4
    fit = cox([1, 2], [1, 0], [1, 0])
    assert fit.monotone == ("x1",)
    assert fit.method == "firth"
    assert fit.table["hazard_ratio"][0] == pytest.approx(3, rel=1e-6)
    assert any("separate" in message for message in fit.messages)


def test_profile_limits_of_firths_correction_lie_where_the_likelihood_has_fallen_by_half_a_chi_squared():
    def penalised(log_ratio):
        return 1.5 * log_ratio - 2 * np.log1p(np.exp(log_ratio))

    row = cox([1, 2], [1, 0], [1, 0]).table.iloc[0]
    for limit in (row["lower"], row["upper"]):
        assert 2 * (penalised(np.log(3)) - penalised(np.log(limit))) == pytest.approx(3.841459, abs=1e-5)
    assert row["z"] ** 2 == pytest.approx(2 * (penalised(np.log(3)) - penalised(0)), abs=1e-6)


def test_a_constant_and_an_aliased_column_are_dropped_with_a_message():
    frame = pd.DataFrame({"arm": ARM, "functional": True, "again": [label == "placebo" for label in ARM]})
    fit = cox(WEEKS, RELAPSE, frame)
    assert fit.table["term"].tolist() == ["arm[placebo]"]
    assert any("functional" in message and "again" in message for message in fit.messages)


def test_rows_without_a_covariate_are_left_out_and_counted():
    age = [np.nan, np.nan, *range(40, 80)]
    fit = cox(WEEKS, RELAPSE, pd.DataFrame({"arm": ARM, "age": age}))
    assert fit.n == 40
    assert any("2 of 42 rows left out" in message and "age 2" in message for message in fit.messages)


def test_fewer_than_ten_events_per_parameter_are_flagged():
    few = cox(TREATED, TREATED_RELAPSE, np.arange(21) % 5)
    assert any("fewer than 10 events per parameter" in message for message in few.messages)
    assert not cox(WEEKS, RELAPSE, pd.DataFrame({"arm": ARM})).messages


@pytest.mark.parametrize("seed", range(4))
def test_concordance_counts_every_pair_once(seed):
    random = np.random.default_rng(seed)
    n = 60
    entry = np.where(random.random(n) < 0.5, 0, random.integers(1, 6, n)).astype(float)
    times = require_times(entry + random.integers(1, 8, n), random.random(n) < 0.6, start=entry)
    strata, weight, score = random.integers(0, 3, n), random.random(n) + 0.1, random.integers(0, 5, n).astype(float)
    concordant = discordant = tied = 0.0
    for i in np.flatnonzero(times.event):
        for j in range(n):
            later = times.stop[j] > times.stop[i] or (times.stop[j] == times.stop[i] and not times.event[j])
            if later and times.start[j] < times.stop[i] and strata[i] == strata[j]:
                pair = weight[i] * weight[j]
                concordant += pair * (score[i] > score[j])
                discordant += pair * (score[i] < score[j])
                tied += pair * (score[i] == score[j])
    pairs = compute_pairs(derive_risk_sets(times, strata, weight), score)
    np.testing.assert_allclose([pairs.concordant, pairs.discordant, pairs.tied], [concordant, discordant, tied])


def test_at_every_tick_at_risk_events_and_censored_add_up_to_those_entered():
    ticks = [0, 6, 7, 23, 40]
    table = risk_table(TREATED, TREATED_RELAPSE, ticks)
    assert table["at_risk"].tolist() == [21, 21, 17, 6, 0]
    assert (table["at_risk"] + table["events"] + table["censored"] == table["entered"]).all()
    late = risk_table(TREATED, TREATED_RELAPSE, ticks, start=[5] * 21)
    assert late["at_risk"].tolist() == [0, 21, 17, 6, 0]


def test_survival_is_one_at_the_start_and_nothing_beyond_the_last_time():
    at = kaplan_meier(TREATED, TREATED_RELAPSE).at([0, 35, 36])["survival"]
    assert at[0] == 1
    assert at[1] == pytest.approx(0.4482, abs=1e-4)
    assert np.isnan(at[2])


def test_restricted_mean_is_the_area_under_the_steps():
    # S = 1 to 2, 2/3 to 4, 1/3 to 5: 2 + 4/3 + 1/3
    result = restricted_mean([2, 4, 6], [1, 1, 0], tau=5)
    assert result.table["restricted_mean"][0] == pytest.approx(2 + 4 / 3 + 1 / 3)


def test_the_horizon_is_the_shorter_of_the_longest_follow_ups_in_whole_years():
    assert longest_common_follow_up([400, 1200, 800, 3000], ["a", "a", "b", "b"], step=365.25) == pytest.approx(1095.75)


@pytest.mark.parametrize("values", [[3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1]])
def test_bootstrap_medians_without_censoring_are_the_medians_of_the_samples(values):
    stop = np.array(values, dtype=float)
    times = Times(start=np.full(len(stop), -np.inf), stop=stop, event=np.ones(len(stop), dtype=bool))
    ours = bootstrap_quantiles(times, 0.5, 300, np.random.default_rng(7))
    draws = np.random.default_rng(7).multinomial(len(stop), np.full(len(stop), 1 / len(stop)), size=300)
    np.testing.assert_allclose(ours, [np.median(np.repeat(stop, draw)) for draw in draws])


def test_bootstrap_medians_with_late_entry_leave_out_those_not_yet_entered():
    stop, start = np.array([1.0, 2, 3, 4, 5, 6]), np.array([0.0, 0, 0, 0, 3.5, 3.5])
    times = require_times(stop, np.ones(6), start=start)
    ours = bootstrap_quantiles(times, 0.5, 200, np.random.default_rng(3))
    draws = np.random.default_rng(3).multinomial(6, np.full(6, 1 / 6), size=200)
    for found, draw in zip(ours, draws, strict=True):
        rows = np.repeat(np.arange(6), draw)
        theirs = kaplan_meier(stop[rows], np.ones(6), start=start[rows]).quantiles()["value"][0]
        np.testing.assert_allclose(found, theirs)


def test_the_same_seed_gives_the_same_interval_around_the_difference_of_medians():
    first, second = (median_difference(WEEKS, [1] * 42, ARM, reference="placebo", seed=5).table for _ in range(2))
    assert first["difference"][0] == 16 - 8
    assert first[["lower", "upper"]].equals(second[["lower", "upper"]])
    assert (first["lower"] <= first["difference"]).all()


def test_no_interval_is_given_when_a_tenth_of_the_samples_does_not_reach_the_median():
    row = median_difference(WEEKS, RELAPSE, ARM, reference="placebo").table.iloc[0]
    assert row["share_not_reached"] > 0.1  # the curve of 6-MP ends at 0.448
    assert np.isnan(row["lower"])
    assert np.isnan(row["upper"])


def test_the_landmark_keeps_those_alive_and_assessed_and_restarts_their_clock():
    cohort = pd.DataFrame({"os_days": [100, 122, 123, 400, 500], "imaging_days": [90, 90, 90, 130, np.nan]})
    seen = landmark(cohort, 122, known_days="imaging_days")
    assert seen.table["os_days"].tolist() == [1]
    assert (seen.n_given, seen.n_ended, seen.n_unknown) == (5, 2, 2)


def test_printed_results_are_lines_of_a_paper():
    assert str(log_rank(WEEKS, RELAPSE, ARM)) == "Log-rank test: χ² = 16.79 on 1 df, p < 0.001"
    assert "6-MP: n = 21, events = 9, median 23.0 (95 % CI 13.0 to not reached)" in str(
        kaplan_meier(WEEKS, RELAPSE, group=ARM)
    )
    assert "arm[placebo]: HR 4.82 (95 % CI 2.15 to 10.81), p < 0.001" in str(
        cox(WEEKS, RELAPSE, pd.DataFrame({"arm": ARM}))
    )
