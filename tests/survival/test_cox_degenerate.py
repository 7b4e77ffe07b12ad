"""What a Cox model does with columns that tell nothing, hardly anything or too much, and on more threads."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from survival.cause_specific import cause_specific_cox
from survival.cox import cox
from survival.proportional_hazards import proportional_hazards

DATA = Path(__file__).parent / "reference" / "data"
VETERAN = pd.read_csv(DATA / "veteran.csv")
HEART = pd.read_csv(DATA / "heart.csv")


def test_a_year_in_days_is_dropped_beside_the_year_and_the_message_says_by_what_it_is_determined():
    frame = VETERAN[["age", "karno"]].assign(age_days=VETERAN["age"] * 365.25)
    fit = cox(VETERAN["time"], VETERAN["event"], frame)
    assert fit.table["term"].tolist() == ["age", "karno"]
    assert any("age_days (determined by age)" in message for message in fit.messages)


def test_interval_columns_that_add_up_with_a_category_are_dropped_and_named():
    cell = pd.get_dummies(VETERAN["celltype"]).astype(float)
    fit = cox(VETERAN["time"], VETERAN["event"], cell)
    # R: coef of the last of four indicators is NA
    assert fit.table["term"].tolist() == ["adeno", "large", "smallcell"]
    assert any("squamous (determined by adeno and large and smallcell)" in message for message in fit.messages)


def test_a_column_constant_within_every_stratum_is_dropped():
    fit = cox(
        VETERAN["time"],
        VETERAN["event"],
        VETERAN[["karno"]].assign(arm=VETERAN["trt"]),
        strata=VETERAN["trt"],
    )
    assert fit.table["term"].tolist() == ["karno"]
    assert any("arm (constant)" in message for message in fit.messages)


def test_two_nearly_equal_columns_are_kept_and_said_to_be_nearly_determined():
    rng = np.random.default_rng(0)
    frame = VETERAN[["karno"]].assign(again=VETERAN["karno"] + rng.normal(scale=0.5, size=len(VETERAN)))
    fit = cox(VETERAN["time"], VETERAN["event"], frame)
    assert len(fit.table) == 2
    assert any(message.startswith("Nearly determined by the other columns: karno, again") for message in fit.messages)


def test_a_covariate_measured_in_other_units_gives_the_same_test():
    small, large = (
        cox(VETERAN["time"], VETERAN["event"], VETERAN[["karno", "age"]] * unit).table for unit in (1e-6, 1e6)
    )
    np.testing.assert_allclose(small["z"], large["z"], rtol=1e-9)


def test_infinite_covariates_are_refused():
    with pytest.raises(UsageError, match="x1 holds infinite values"):
        cox([1, 2, 3], [1, 1, 1], [1.0, np.inf, 2.0])


@pytest.mark.parametrize("options", [{"ties": "exact"}, {"confidence": 95}])
def test_an_option_that_is_not_known_is_refused(options):
    with pytest.raises(UsageError, match=r"such as 0\.95|choose one of efron, breslow"):
        cox([1, 2, 3], [1, 1, 1], [1, 0, 1], **options)


def test_separation_is_found_within_strata():
    # nobody with x = 1 dies in either stratum
    time, event = [1, 2, 3, 4, 5, 6, 7, 8], [1, 0, 1, 0, 1, 0, 1, 0]
    fit = cox(time, event, [0, 1, 0, 1, 0, 1, 0, 1], strata=list("AABBABAB"))
    assert fit.monotone == ("x1",)
    assert fit.table["lower"][0] == pytest.approx(0, abs=0.05)
    assert fit.table["upper"][0] < 10


def test_a_stratum_of_very_low_risks_beside_one_of_very_high_risks_keeps_its_digits():
    # two strata that share nothing but the coefficient, once with one far along the covariate; strata have their own
    # baseline, so adding a constant to the covariate of one of them changes nothing
    time, event = VETERAN["time"], VETERAN["event"]
    far = VETERAN["karno"] + 2000 * (VETERAN["trt"] == 1)
    near, away = (cox(time, event, karno, strata=VETERAN["trt"]) for karno in (VETERAN["karno"], far))
    assert away.table["coefficient"][0] == pytest.approx(near.table["coefficient"][0], rel=1e-9)
    assert away.log_likelihood == pytest.approx(near.log_likelihood, rel=1e-12)


def test_separation_is_found_on_start_stop_rows():
    # deaths only before the transplant
    before = HEART["transplant"] == 0
    event = HEART["event"].where(before, 0)
    fit = cox(HEART["stop"], event, HEART[["age", "transplant"]], start=HEART["start"])
    assert fit.monotone == ("transplant",)
    assert fit.method == "firth"
    assert np.isfinite(fit.table[["coefficient", "upper"]]).all(axis=None)


def test_a_marker_that_orders_a_few_deaths_perfectly_is_found_to_separate_them():
    # of ten and more different values it is taken for the outcome itself: test_columns_as_given
    fit = cox(range(1, 10), [1] * 9, [-float(day) for day in range(1, 10)])
    assert fit.monotone == ("x1",)
    assert np.isfinite(fit.table[["coefficient", "lower", "p_value"]]).all(axis=None)
    assert 0 < fit.table["lower"][0] < fit.table["hazard_ratio"][0]
    assert fit.concordance == 1


def test_separation_of_a_handful_among_ten_thousand_is_found():
    rng = np.random.default_rng(2)
    time, rare = rng.exponential(size=10_000), np.zeros(10_000)
    rare[:4] = 1
    fit = cox(time, rare == 0, rare)
    assert fit.monotone == ("x1",)
    assert fit.table["upper"][0] < 10


def test_a_strong_effect_without_separation_stays_with_the_partial_likelihood():
    x = [1] * 9 + [0] + [1] + [0] * 9
    fit = cox(range(1, 21), [1] * 20, x)
    assert fit.monotone == ()
    assert fit.method == "partial likelihood"


def test_each_competing_event_has_a_model_in_which_the_other_ends_observation():
    mgus = pd.read_csv(DATA / "mgus2.csv")
    fits = cause_specific_cox(mgus["time"], mgus["code"], mgus["sex"])
    assert list(fits) == [1, 2]
    # R: coxph(Surv(time, code == 1) ~ sex) and code == 2; R 4.2.2, survival 3.5-3
    assert fits[1].table["coefficient"][0] == pytest.approx(-0.05938363729, rel=1e-8)
    assert fits[2].table["coefficient"][0] == pytest.approx(0.2279963285, rel=1e-8)


@pytest.mark.parametrize("codes", [[0, 1.5, 1], [0, -1, 1], [0, np.nan, 1]])
def test_codes_that_are_no_events_are_refused(codes):
    with pytest.raises((UsageError, DataError), match="event_code"):
        cause_specific_cox([1, 2, 3], codes, [1, 0, 1])


PROGRAM = """
import numpy as np
from survival.cox import cox
from survival.proportional_hazards import proportional_hazards
rng = np.random.default_rng(1)
x = rng.normal(size=(30000, 8))
fit = cox(rng.exponential(size=30000), rng.random(30000) < 0.7, x, cluster=np.arange(30000) // 2)
print(fit.table.to_numpy()[:, 1:].astype(float).tobytes().hex(), fit.log_likelihood.hex())
"""


def test_every_digit_is_the_same_on_one_thread_and_on_two():
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | dict.fromkeys(names, threads),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(printed) == 1


def test_a_fit_shows_itself_as_a_line_of_a_paper_and_as_a_table():
    fit = cox(HEART["stop"], HEART["event"], HEART[["transplant"]], start=HEART["start"])
    assert str(fit).splitlines()[0] == "transplant: HR 1.14 (95 % CI 0.63 to 2.05), p = 0.673"
    page = fit._repr_html_()
    assert '<th scope="col">hazard ratio</th>' in page
    assert page.count("transplant: HR 1.14") == 1


def test_the_test_of_proportional_hazards_says_nothing_when_all_deaths_fall_on_one_day():
    table = proportional_hazards(cox([5, 5, 7, 8], [1, 1, 0, 0], [3, 1, 2, 2.5]))
    assert table["statistic"].isna().all()
    assert table["p_value"].isna().all()


@pytest.mark.parametrize("transform", ["log", "square"])
def test_a_transform_that_does_not_exist_is_refused(transform):
    fit = cox([0, 5, 7, 8], [1, 1, 0, 1], [3, 1, 2, 2.5])
    with pytest.raises(UsageError, match="choose"):
        proportional_hazards(fit, transform)


def test_a_residual_that_is_not_known_is_refused():
    with pytest.raises(UsageError, match="choose one of martingale, deviance"):
        cox([1, 5, 7, 8], [1, 1, 0, 1], [3, 1, 2, 2.5]).residuals("pearson")


def test_with_clusters_the_result_line_gives_the_robust_wald_test_of_r():
    # R: Likelihood ratio test = 6.51, p = 0.09 (takes rows as independent); Wald test = 7.26 on 3 df; C se = 0.032
    frame = pd.read_csv(DATA / "bladder.csv")
    fit = cox(
        frame["stop"],
        frame["event"],
        frame[["rx", "number", "size"]],
        start=frame["start"],
        strata=frame["enum"],
        cluster=frame["id"],
    )
    assert "C = 0.616; robust Wald test χ² = 7.26 on 3 df, p = 0.064" in str(fit)
    assert round(fit.concordance_error, 3) == 0.032


def test_fewer_clusters_than_terms_give_no_wald_test_and_a_warning():
    # the sum of the scores over all clusters is 0, so two clusters leave a covariance of rank 1
    clusters = VETERAN["prior"]
    fit = cox(VETERAN["time"], VETERAN["event"], VETERAN[["age", "karno", "trt"]], cluster=clusters)
    tests = fit.tests.set_index("test")
    assert clusters.nunique() == 2
    assert np.isnan(tests["statistic"]["wald"])
    assert "robust Wald test not possible" in str(fit)
    assert any("robust standard errors cannot be trusted" in message for message in fit.messages)


def test_a_model_whose_likelihood_has_no_maximum_has_no_test_of_proportional_hazards():
    # at Firth's estimate the partial likelihood has a slope, which the test would take for a drift with p near 0
    fit = cox([1, 2, 3, 4, 5, 6, 7, 8], [1, 0, 1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1, 0, 1], strata=list("AABBABAB"))
    assert fit.monotone == ("x1",)
    assert proportional_hazards(fit)["p_value"].isna().all()
