"""Differences between groups: restricted means, survival at fixed times, medians; tests with options.

Values of R 4.2.2, survival 3.5-3: ``survdiff(..., rho)``, ``coxph(..., ties = "exact")$score`` (the hypergeometric
log-rank test of a score or of rows with late entry), ``summary(survfit(...), rmean, times)``, ``p.adjust``.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from recist.errors import DataError, UsageError
from survival.log_rank import log_rank
from survival.median_difference import median_difference
from survival.pairwise import correct_benjamini_hochberg, correct_holm, pairwise_log_rank
from survival.restricted_mean import restricted_mean
from survival.survival_difference import survival_difference

DATA = Path(__file__).parent / "reference" / "data"
VETERAN = pd.read_csv(DATA / "veteran.csv")
LUNG = pd.read_csv(DATA / "lung.csv").dropna(subset=["ph"])
MGUS = pd.read_csv(DATA / "mgus.csv").dropna(subset=["hgb"])
Z = 1.959963984540054


def test_a_weight_between_log_rank_and_peto_equals_that_of_r():
    test = log_rank(VETERAN["time"], VETERAN["event"], VETERAN["celltype"], rho=0.5)
    assert test.statistic == pytest.approx(22.7102266855854, rel=1e-9)


def test_petos_test_in_strata_equals_that_of_r():
    test = log_rank(VETERAN["months"], VETERAN["event"], VETERAN["celltype"], strata=VETERAN["trt"], rho=1)
    assert test.statistic == pytest.approx(19.787263550077, rel=1e-9)
    assert test.name == "stratified Peto-Peto test"


def test_a_trend_over_chosen_scores_equals_that_of_r():
    test = log_rank(LUNG["time"], LUNG["event"], LUNG["ph"], trend=True, scores=[0, 1, 4, 9])
    assert test.statistic == pytest.approx(20.4597154924238, rel=1e-9)
    shifted = log_rank(LUNG["time"], LUNG["event"], LUNG["ph"], trend=True, scores=[10, 12, 18, 28])
    assert shifted.statistic == pytest.approx(20.4597154924238, rel=1e-9)


def test_a_trend_within_strata_equals_that_of_r():
    test = log_rank(LUNG["time"], LUNG["event"], LUNG["ph"], strata=LUNG["sex"], trend=True)
    assert test.statistic == pytest.approx(18.5515379886806, rel=1e-9)


def test_three_groups_with_late_entry_equal_those_of_r():
    group = pd.cut(MGUS["hgb"], [0, 12, 14, 99], labels=False)
    test = log_rank(MGUS["stop"], MGUS["event"], group, start=MGUS["start"])
    assert test.statistic == pytest.approx(12.4121090403039, rel=1e-9)
    assert test.degrees_of_freedom == 2


@pytest.mark.parametrize("scores", [[1, 2], [1, 1, 1, 1], [1, 2, 3, np.nan]])
def test_scores_that_fit_no_trend_are_refused(scores):
    with pytest.raises(UsageError, match="one number a group"):
        log_rank(LUNG["time"], LUNG["event"], LUNG["ph"], trend=True, scores=scores)
    with pytest.raises(UsageError, match="trend=True"):
        log_rank(LUNG["time"], LUNG["event"], LUNG["ph"], scores=[0, 1, 2, 3])


def test_groups_that_never_meet_cannot_be_told_apart_and_it_says_so():
    # the second group enters after the first has left
    test = log_rank([1, 2, 8, 9], [1, 1, 1, 1], list("aabb"), start=[0, 0, 5, 5])
    assert test.degrees_of_freedom == 0
    assert "not possible" in str(test)


def test_groups_that_meet_in_pairs_only_have_fewer_degrees_of_freedom():
    # a meets b in the first stratum, c meets d in the second: 4 groups, 2 free differences
    time, group = [1, 2, 3, 4, 1, 2, 3, 4], list("ababcdcd")
    test = log_rank(time, [1] * 8, group, strata=[1] * 4 + [2] * 4)
    assert test.degrees_of_freedom == 2
    parts = [log_rank(time[:4], [1] * 4, group[:4]), log_rank(time[4:], [1] * 4, group[4:])]
    assert test.statistic == pytest.approx(sum(part.statistic for part in parts))


def test_every_pair_of_cell_types_with_both_corrections_equals_that_of_r():
    table = pairwise_log_rank(VETERAN["time"], VETERAN["event"], VETERAN["celltype"])
    assert table["first"].tolist() == ["adeno"] * 3 + ["large"] * 2 + ["smallcell"]
    plain = [2.62831687847632e-05, 0.755651328687122, 5.19180149283946e-04]
    plain += [2.20456751896179e-03, 0.364422837484103, 6.68921225041472e-04]
    holm = [1.57699012708579e-04, 0.755651328687122, 2.59590074641973e-03]
    holm += [6.61370255688536e-03, 0.728845674968207, 2.67568490016589e-03]
    bh = [1.57699012708579e-04, 0.755651328687122, 1.33784245008295e-03]
    bh += [3.30685127844268e-03, 0.437307404980924, 1.33784245008295e-03]
    np.testing.assert_allclose(table["p_value"], plain, rtol=1e-8)
    np.testing.assert_allclose(table["holm_p_value"], holm, rtol=1e-8)
    np.testing.assert_allclose(table["bh_p_value"], bh, rtol=1e-8)


def test_a_pair_that_cannot_be_compared_does_not_count_among_the_comparisons():
    # R: p.adjust(c(0.01, NA, 0.04), "holm") = 0.02 NA 0.04; "BH" = 0.02 NA 0.04
    p_values = np.array([0.01, np.nan, 0.04])
    np.testing.assert_allclose(correct_holm(p_values), [0.02, np.nan, 0.04])
    np.testing.assert_allclose(correct_benjamini_hochberg(p_values), [0.02, np.nan, 0.04])


def test_the_difference_and_the_ratio_of_restricted_means_follow_from_rs_means_and_errors():
    result = restricted_mean(VETERAN["time"], VETERAN["event"], VETERAN["trt"], tau=365)
    (one, error_one), (two, error_two) = (118.971541579343, 13.020378321428), (112.4041331932772, 14.8747662066403)
    np.testing.assert_allclose(result.table["restricted_mean"], [one, two], rtol=1e-12)
    np.testing.assert_allclose(result.table["standard_error"], [error_one, error_two], rtol=1e-12)
    row = result.differences.iloc[0]
    spread = np.hypot(error_one, error_two)
    assert row["difference"] == pytest.approx(two - one)
    assert (row["lower"], row["upper"]) == pytest.approx((two - one - Z * spread, two - one + Z * spread))
    log_spread = np.hypot(error_one / one, error_two / two)
    assert row["ratio_lower"] == pytest.approx(two / one * np.exp(-Z * log_spread))
    assert row["ratio_upper"] == pytest.approx(two / one * np.exp(Z * log_spread))


def test_the_horizon_is_the_shorter_follow_up_in_whole_years():
    days, group = [400, 900, 1500, 800, 700, 1100], list("aaabbb")
    event = [1, 0, 0, 1, 0, 0]
    assert restricted_mean(days, event, group).tau == 1095.75
    assert restricted_mean(days, event, group, year=None).tau == 1100
    assert restricted_mean([d / 30.4375 for d in days], event, group, year=12).tau == 36
    assert restricted_mean([4, 9, 15, 8, 7, 11], event, group).tau == 11


def test_another_group_can_be_the_reference():
    first = restricted_mean(VETERAN["time"], VETERAN["event"], VETERAN["trt"], tau=365).differences.iloc[0]
    second = restricted_mean(VETERAN["time"], VETERAN["event"], VETERAN["trt"], tau=365, reference=2).differences.iloc[
        0
    ]
    assert (second["group"], second["reference"]) == (1, 2)
    assert second["difference"] == pytest.approx(-first["difference"])
    assert second["ratio"] == pytest.approx(1 / first["ratio"])


@pytest.mark.parametrize("tau", [0, -1, np.inf])
def test_a_horizon_that_is_no_time_is_refused(tau):
    with pytest.raises(UsageError, match="tau"):
        restricted_mean([1, 2], [1, 1], tau=tau)


def test_survival_at_three_and_six_months_differs_by_rs_survival_and_errors():
    result = survival_difference(VETERAN["time"], VETERAN["event"], VETERAN["trt"], at=[90, 180])
    one, two = np.array([0.546746234725774, 0.212426789236581]), np.array([0.380168067226890, 0.232852941176470])
    spread = np.hypot([0.0602840709903379, 0.0514227636346147], [0.0591290241463507, 0.0528795382385205])
    np.testing.assert_allclose(result.table["difference"], two - one, rtol=1e-9)
    np.testing.assert_allclose(result.table["lower"], two - one - Z * spread, rtol=1e-9)
    np.testing.assert_allclose(result.table["upper"], two - one + Z * spread, rtol=1e-9)


def test_survival_at_one_time_is_tested_on_the_log_log_scale():
    # (log(-log S2) - log(-log S1)) / sqrt(V1 / log(S1)^2 + V2 / log(S2)^2), by hand from R's survival and errors
    survival, error = (
        np.array([0.546746234725774, 0.380168067226890]),
        np.array([0.0602840709903379, 0.0591290241463507]),
    )
    z = np.diff(np.log(-np.log(survival)))[0] / np.sqrt(((error / survival / np.log(survival)) ** 2).sum())
    p_value = survival_difference(VETERAN["time"], VETERAN["event"], VETERAN["trt"], at=90).table["p_value"][0]
    assert z == pytest.approx(1.94, abs=0.005)
    assert p_value == pytest.approx(2 * norm.sf(z), rel=1e-9)


def test_beyond_the_follow_up_of_a_group_there_is_no_difference():
    result = survival_difference([5, 9, 5, 20], [1, 0, 1, 0], list("aabb"), at=[6, 15])
    assert result.table["difference"].isna().tolist() == [False, True]
    assert "not estimable" in str(result).splitlines()[1]


def test_who_all_died_have_a_survival_of_nought_also_later():
    row = survival_difference([5, 9, 5, 20], [1, 1, 1, 0], list("aabb"), at=15).table.iloc[0]
    assert (row["reference_survival"], row["difference"]) == (0, 0.5)
    assert np.isnan(row["p_value"])


def test_a_median_not_reached_in_the_data_has_no_interval():
    # every other sample of b reaches a median by chance, the data do not
    time = list(range(1, 21)) + list(range(1, 21))
    event = [1] * 20 + [1] * 9 + [0] * 11
    result = median_difference(time, event, ["a"] * 20 + ["b"] * 20)
    row = result.table.iloc[0]
    assert np.isnan([row["difference"], row["lower"], row["upper"]]).all()
    assert row["share_not_reached"] > 0.1
    assert "not estimable (95 % CI not estimable to not estimable)" in str(result)


def test_the_same_seed_gives_the_same_interval_and_the_order_of_rows_of_a_group_does_not_matter_to_the_median():
    first, second = (
        median_difference(VETERAN["time"], VETERAN["event"], VETERAN["trt"], seed=7).table for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, second)
    # R: quantile(survfit(Surv(time, event) ~ trt, veteran), 0.5) = 103.0 and 52.5
    assert first.loc[0, ["median", "reference_median", "difference"]].tolist() == [52.5, 103.0, -50.5]


def test_the_bootstrap_interval_is_that_of_another_programs_bootstrap():
    # R: boot(veteran, difference of quantile(survfit(Surv(time, event) ~ trt), 0.5), R = 4000, strata = trt), boot 1.3;
    # percentiles -74.0 and 19.0; with 20,000 samples here the limits vary by about a day
    row = median_difference(VETERAN["time"], VETERAN["event"], VETERAN["trt"], replicates=20_000).table.iloc[0]
    assert row["lower"] == pytest.approx(-74.0, abs=3)
    assert row["upper"] == pytest.approx(19.0, abs=3)
    assert row["share_not_reached"] == 0


def test_a_thousand_strata_of_pairs_add_up_to_mcnemars_count():
    # with one event in each stratum of two, one in either group, the first to fail decides: (b - c)^2 / (b + c)
    random = np.random.default_rng(5)
    treated_first = random.random(1000) < 0.55
    time = np.where(np.column_stack([treated_first, ~treated_first]), 1, 2).ravel()
    test = log_rank(time, time == 1, np.tile([1, 0], 1000), strata=np.repeat(np.arange(1000), 2))
    b = treated_first.sum()
    assert test.statistic == pytest.approx((b - (1000 - b)) ** 2 / 1000)


def test_all_faults_of_times_and_groups_are_named_at_once():
    with pytest.raises(DataError) as caught:
        median_difference([1, -2, 3], [1, 0, 5], ["a", "a", None])
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"time_negative", "event_code", "group_missing", "too_few_groups"}
