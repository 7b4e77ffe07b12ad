"""Ridge, profile likelihood and Firth's correction agree with R and with firthmodels.

Ridge and profile: reference_cox/make_reference.R with ``ridge(scale = FALSE)`` and ``uniroot`` over an offset. Firth:
R's coxphf is not at hand, so FirthCoxPH of the Python package firthmodels 0.8.2 (numpy 2.4.6, scipy 1.17.1; gtol and
xtol 1e-12), which handles ties by Breslow; run on 2026-11-22, values copied here.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival.cox import cox

HERE = Path(__file__).parent
DATA = HERE / "reference" / "data"
VALUES = pd.read_csv(HERE / "reference_cox" / "values.csv", dtype={"case": str, "item": str, "name": str})
VETERAN = pd.read_csv(DATA / "veteran.csv")
HEART = pd.read_csv(DATA / "heart.csv")
PBC = pd.read_csv(DATA / "pbc.csv")


def expected(case, item):
    return VALUES.loc[(VALUES["case"] == case) & (VALUES["item"] == item), "value"].astype(float).to_numpy()


def ridge_of(case):
    if case == "pbc ridge":
        return cox(PBC["time"], PBC["event"], PBC[["age", "edema", "bili", "albumin"]], ridge=5)
    return cox(HEART["stop"], HEART["event"], HEART[["age", "surgery", "transplant"]], start=HEART["start"], ridge=2)


@pytest.mark.parametrize("case", ["pbc ridge", "heart ridge"])
def test_a_ridge_draws_coefficients_in_as_r_does_without_scaling(case):
    fit = ridge_of(case)
    np.testing.assert_allclose(fit.table["coefficient"], expected(case, "coefficient"), rtol=1e-6)
    np.testing.assert_allclose(fit.table["standard_error"], expected(case, "standard_error"), rtol=1e-6)
    np.testing.assert_allclose(
        [fit.null_log_likelihood, fit.log_likelihood], expected(case, "log_likelihood"), rtol=1e-9
    )
    tests = fit.tests.set_index("test")
    assert tests.loc["likelihood_ratio", "degrees_of_freedom"] == pytest.approx(expected(case, "df")[0], rel=1e-6)
    assert tests.loc["wald", "statistic"] == pytest.approx(expected(case, "wald")[0], rel=1e-6)
    assert np.isnan(tests.loc["score", "statistic"])
    assert any(message.startswith("Ridge with θ") for message in fit.messages)


def test_a_ridge_needs_no_firth_where_events_are_separated():
    fit = cox([1, 2], [1, 0], [1, 0], ridge=1)
    # the slope 1 / (1 + e^b) of log(e^b / (1 + e^b)) equals the penalty's, b
    assert fit.method == "ridge"
    assert 1 / (1 + fit.table["hazard_ratio"][0]) == pytest.approx(fit.table["coefficient"][0], rel=1e-6)


def test_a_ridge_shares_the_effect_between_two_copies_of_a_covariate():
    twice = pd.DataFrame({"karno": VETERAN["karno"], "again": VETERAN["karno"]})
    fit = cox(VETERAN["time"], VETERAN["event"], twice, ridge=10)
    first, second = fit.table["coefficient"]
    assert first == pytest.approx(second, rel=1e-9)


@pytest.mark.parametrize("ridge", [-1, np.nan, np.inf])
def test_a_ridge_that_is_no_penalty_is_refused(ridge):
    with pytest.raises(UsageError, match="ridge"):
        cox([1, 2], [1, 0], [1, 0], ridge=ridge)


def test_robust_errors_of_a_ridge_are_refused():
    with pytest.raises(UsageError, match="give cluster or ridge"):
        cox([1, 2], [1, 0], [1, 0], ridge=1, cluster=[1, 2])


@pytest.mark.parametrize(
    ("case", "frame", "time", "terms", "start"),
    [
        ("profile veteran", VETERAN, "months", ["karno", "age", "prior"], None),
        ("profile heart", HEART, "stop", ["age", "surgery", "transplant"], HEART["start"]),
    ],
)
def test_profile_intervals_lie_where_r_finds_the_likelihood_to_have_fallen(case, frame, time, terms, start):
    profile = cox(frame[time], frame["event"], frame[terms], start=start).profile_intervals()
    np.testing.assert_allclose(np.log(profile["lower"]), expected(case, "lower"), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(np.log(profile["upper"]), expected(case, "upper"), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(profile["statistic"], expected(case, "ratio"), rtol=1e-6, atol=1e-8)


def test_wald_and_likelihood_ratio_on_two_sides_of_5_per_cent_are_told_with_the_profile_interval():
    # R 4.2.2, survival 3.5-3, coxph: Wald p = 0.09079743, likelihood ratio p = 0.03674156
    event = [0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0]
    fit = cox(range(1, 15), event, [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1])
    assert fit.table["p_value"][0] == pytest.approx(0.09079743, rel=1e-6)
    assert fit.profile_intervals()["p_value"][0] == pytest.approx(0.03674156, rel=1e-6)
    message = next(message for message in fit.messages if "disagree" in message)
    assert "p = 0.091" in message
    assert "p = 0.037" in message
    assert "by the profile likelihood HR" in message


def test_firths_estimates_profile_limits_and_tests_equal_those_of_firthmodels():
    frame = pd.DataFrame({"free": VETERAN["event"] == 0, "karno": VETERAN["karno"], "age": VETERAN["age"]})
    fit = cox(VETERAN["time"], VETERAN["event"], frame, ties="breslow")
    assert fit.monotone == ("free",)
    np.testing.assert_allclose(
        fit.table["coefficient"], [-2.9467600121317683, -0.03409818940776171, -0.0055205780313481835], rtol=1e-8
    )
    np.testing.assert_allclose(
        fit.table["standard_error"], [1.4260648647283973, 0.005242133729436174, 0.008959794470035606], rtol=1e-8
    )
    profile = fit.profile_intervals()
    lower = [-7.783176419502061, -0.04438003795474605, -0.02268906409912007]
    upper = [-1.0201616631003223, -0.023838449340251124, 0.012400150282568951]
    np.testing.assert_allclose(np.log(profile["lower"]), lower, rtol=1e-6)
    np.testing.assert_allclose(np.log(profile["upper"]), upper, rtol=1e-6)
    assert profile["p_value"][0] == pytest.approx(0.00016294311192494463, rel=1e-5)
    assert profile["p_value"][2] == pytest.approx(0.5394829181374937, rel=1e-7)
    assert np.log(fit.table["lower"][0]) == pytest.approx(lower[0], rel=1e-6)
    assert fit.table["p_value"][0] == pytest.approx(0.00016294311192494463, rel=1e-5)


def penalised(beta, rows, strata):
    """Firth's likelihood by the definition, step by step; rows are (start, stop, event, covariates)."""
    total, information = 0.0, np.zeros((len(beta), len(beta)))
    for stratum in sorted(set(strata)):
        mine = [row for row, own in zip(rows, strata, strict=True) if own == stratum]
        for time in sorted({stop for _, stop, event, _ in mine if event}):
            at_risk = [x for start, stop, _, x in mine if start < time <= stop]
            dead = [x for _, stop, event, x in mine if event and stop == time]
            for step in range(len(dead)):
                weights = [np.exp(x @ beta) for x in at_risk] + [-step / len(dead) * np.exp(x @ beta) for x in dead]
                people = np.array([*at_risk, *dead])
                shares = np.array(weights) / sum(weights)
                mean = shares @ people
                total += dead[step] @ beta - np.log(sum(weights))
                information += (people * shares[:, None]).T @ people - np.outer(mean, mean)
    return total + np.linalg.slogdet(information)[1] / 2


def test_firths_estimate_with_ties_strata_and_start_stop_rows_is_the_top_of_the_penalised_likelihood():
    rng = np.random.default_rng(5)
    stop = rng.integers(3, 9, 40).astype(float)
    start = np.minimum(rng.integers(0, 4, 40), stop - 1).astype(float)
    event, strata = rng.random(40) < 0.6, rng.integers(0, 2, 40)
    x = np.column_stack([(rng.random(40) < 0.3) & ~event, rng.normal(size=40).round(2)]).astype(float)
    fit = cox(stop, event, x, start=start, strata=strata)
    assert fit.monotone == ("x1",)
    rows = list(zip(start, stop, event, x, strict=True))
    best = fit.table["coefficient"].to_numpy()
    top = penalised(best, rows, strata)
    for shift in product((-1e-3, 0, 1e-3), repeat=2):
        assert penalised(best + np.array(shift), rows, strata) <= top + 1e-12
    slope = [
        (penalised(best + step, rows, strata) - penalised(best - step, rows, strata)) / 2e-4
        for step in np.eye(2) * 1e-4
    ]
    np.testing.assert_allclose(slope, 0, atol=1e-6)
