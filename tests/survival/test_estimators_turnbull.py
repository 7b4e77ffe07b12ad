"""Turnbull's curve of interval-censored times: against R on the breast cosmesis rows, Kaplan-Meier, and by hand.

Cosmetic deterioration after radiotherapy alone, in months (Beadle GF et al. Cancer 1984;54:2911-2918; Finkelstein DM,
Wolfe RA. Biometrics 1985;41:933-945): the 46 rows are those of treatment 1 of ``bcdeter`` in R's KMsurv. The masses are
those of Turnbull's self-consistent iteration written out in R 4.2 and run until no mass moved by 1e-14; R's own
``survfit`` of these rows (survival 3.5-3, ``type = "interval2"``), which stops earlier, comes within 4e-4 of them.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError, UsageError
from survival.kaplan_meier import kaplan_meier
from survival.turnbull import turnbull

NAN = float("nan")
VETERAN = pd.read_csv(Path(__file__).parent / "reference" / "data" / "veteran.csv")
SEEN = [(0, 7), (0, 8), (0, 5), (4, 11), (5, 12), (5, 11), (6, 10), (7, 16), (7, 14), (11, 15), (11, 18), (17, 25)]
SEEN += [(17, 25), (19, 35), (18, 26), (25, 37), (26, 40), (27, 34), (36, 44), (36, 48), (37, 44)]
WITHOUT = [15, 17, 18, 22, 24, 24, 32, 33, 34, 36, 36, 37, 37, 37, 38, 40, 45, 46, 46, 46, 46, 46, 46, 46, 46]
LOWER = [low for low, _ in SEEN] + WITHOUT
UPPER = [high for _, high in SEEN] + [NAN] * len(WITHOUT)


def test_masses_of_the_breast_cosmesis_trial_are_those_of_self_consistency_in_r():
    table = turnbull(LOWER, UPPER).table
    assert len(LOWER) == 46
    bounds = list(zip(table["left"], table["right"], strict=True))
    assert bounds == [(4, 5), (6, 7), (7, 8), (11, 12), (24, 25), (33, 34), (38, 40), (46, 48)]
    in_r = [0.046347, 0.033363, 0.088667, 0.070753, 0.092646, 0.081786, 0.120880, 0.465558]
    assert table["mass"].round(6).tolist() == in_r
    assert turnbull(LOWER, UPPER).log_likelihood == pytest.approx(-58.060021954, abs=1e-8)


def test_the_curve_of_the_breast_cosmesis_trial_is_that_of_survfit_up_to_where_it_stops():
    table = turnbull(LOWER, UPPER).table
    # summary of survfit(Surv(lower, upper, type = "interval2") ~ 1) just after each interval of mass
    survfit = [0.953662, 0.920269, 0.831623, 0.760877, 0.668229, 0.586417, 0.465858, 0.0]
    np.testing.assert_allclose(table["survival"], survfit, atol=4e-4)
    np.testing.assert_allclose(table["survival"], 1 - np.cumsum(table["mass"]), atol=1e-12)


def test_the_maximum_is_proven():
    curve = turnbull(LOWER, UPPER)
    assert curve.largest_excess <= 1e-10
    assert (curve.n, curve.n_exact, curve.n_right_censored) == (46, 0, 25)


def test_no_other_masses_reach_the_likelihood():
    curve = turnbull(LOWER, UPPER)
    low, high = np.array(LOWER), np.nan_to_num(UPPER, nan=np.inf)
    covers = (curve.table["left"].to_numpy() >= low[:, None]) & (curve.table["right"].to_numpy() <= high[:, None])
    mass = curve.table["mass"].to_numpy()
    assert np.log(covers @ mass).sum() == pytest.approx(curve.log_likelihood)
    random = np.random.default_rng(2)
    for _ in range(200):
        other = mass * np.exp(0.05 * random.standard_normal(len(mass)))
        assert np.log(covers @ (other / other.sum())).sum() <= curve.log_likelihood


def test_exact_and_right_censored_times_give_the_kaplan_meier_curve():
    upper = np.where(VETERAN["event"] == 1, VETERAN["time"], np.nan)
    ours = turnbull(VETERAN["time"], upper)
    theirs = kaplan_meier(VETERAN["time"], VETERAN["event"])
    steps = theirs.table[theirs.table["events"] > 0]
    np.testing.assert_allclose(ours.table["right"], steps["time"])
    np.testing.assert_allclose(ours.table["survival"], steps["survival"], atol=1e-9)
    for probability in (0.25, 0.5, 0.75):
        assert ours.quantiles(probability)["value"][0] == theirs.quantiles(probability)["value"][0]


def test_three_people_by_hand():
    # (0, 2], (1, 3] and later than 2: all mass in (1, 2] and (2, 3], L = s · 1 · (1 - s) is largest at one half
    curve = turnbull([0, 1, 2], [2, 3, NAN])
    assert curve.table[["left", "right", "mass"]].to_numpy().tolist() == [
        [1, 2, pytest.approx(0.5, abs=1e-9)],
        [2, 3, pytest.approx(0.5, abs=1e-9)],
    ]


def test_the_median_is_an_interval_with_its_middle():
    row = turnbull([0, 0, 5], [4, 4, 9]).quantiles(0.5).iloc[0]
    assert row.tolist() == [0.5, 2.0, 0.0, 4.0]


def test_a_curve_that_rests_on_the_level_gives_the_middle_between_two_intervals():
    row = turnbull([2, 6], [4, 8]).quantiles(0.5).iloc[0]
    assert row.tolist() == [0.5, 5.0, 2.0, 8.0]


def test_a_median_beyond_the_last_visit_is_not_reached():
    curve = turnbull([1, 3, 3], [2, NAN, NAN])
    row = curve.quantiles(0.5).iloc[0]
    assert np.isnan(row["value"])
    assert row["left"] == 3
    assert "median not reached" in str(curve)


def test_inside_an_interval_survival_is_known_between_two_bounds_only():
    table = turnbull([0, 0, 5], [4, 4, 9]).at([0, 2, 4, 5, 6])
    assert table["largest"].tolist() == pytest.approx([1, 1, 1 / 3, 1 / 3, 1 / 3])
    assert table["smallest"].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])


def test_censored_on_the_day_of_an_event_was_at_risk_for_it():
    assert turnbull([3, 3], [3, NAN]).table["mass"].tolist() == pytest.approx([0.5, 0.5])


def test_bounds_that_cannot_be_are_named_at_once():
    with pytest.raises(DataError) as caught:
        turnbull([5, -1, 2], [3, 4, -2])
    assert {problem.code for problem in caught.value.problems} == {"bounds_crossed", "lower_invalid", "upper_invalid"}


def test_without_any_event_there_is_no_curve():
    with pytest.raises(UsageError, match="No event"):
        turnbull([5, 6], [NAN, NAN])
