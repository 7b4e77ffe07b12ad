"""Times equal but for rounding, as months and years come out of divisions; numbers from R survival 3.5-3."""

import numpy as np
import pytest

from recist.errors import DataError
from survival.cox import cox
from survival.equal_times import merge_equal_times
from survival.kaplan_meier import kaplan_meier

TIME = [0.1 + 0.2, 0.3, 0.3, 1, 2, 3]
EVENT = [1, 1, 0, 1, 0, 1]


def test_two_deaths_at_one_time_are_a_tie_whatever_their_last_digit():
    # survfit(Surv(c(0.1 + 0.2, 0.3, 0.3, 1, 2, 3), c(1, 1, 0, 1, 0, 1)) ~ 1): 6 at risk, 2 events, 0.667; then 0.444, 0
    table = kaplan_meier(TIME, EVENT).table
    deaths = table[table["events"] > 0]
    assert deaths["time"].tolist() == [0.3, 1.0, 3.0]
    assert deaths["at_risk"].tolist() == [6, 3, 1]
    assert deaths["events"].tolist() == [2, 1, 1]
    assert deaths["survival"].tolist() == pytest.approx([2 / 3, 4 / 9, 0])


def test_a_cox_model_takes_them_for_ties_too():
    # coxph(Surv(time, event) ~ c(0, 1, 1, 0, 1, 0)); told apart by their last digit it would be -0.1285
    assert cox(TIME, EVENT, [0, 1, 1, 0, 1, 0]).table["coefficient"][0] == pytest.approx(-0.481211824488, rel=1e-6)


def test_times_further_apart_than_rounding_stay_apart():
    times = np.array([1.0, 1.000001, 2.5])
    assert merge_equal_times(times)[0].tolist() == times.tolist()


def test_whole_days_and_missing_or_endless_times_are_left_alone():
    whole = np.array([3.0, np.nan, np.inf, 10.0])
    assert merge_equal_times(whole)[0] is whole
    mixed = merge_equal_times(np.array([0.1 + 0.2, np.nan, np.inf, 0.3]))[0]
    assert mixed[[0, 3]].tolist() == [0.3, 0.3]
    assert np.isnan(mixed[1])
    assert np.isinf(mixed[2])


def test_a_row_whose_entry_equals_its_exit_but_for_rounding_has_no_time_at_risk():
    with pytest.raises(DataError):
        kaplan_meier([0.1 + 0.2, 1.0], [1, 1], start=[0.3, 0.0])
