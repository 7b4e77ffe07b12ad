"""The edges of tests and comparisons of groups: what is refused, what is printed, what a table holds.

Values of R 4.2.2, survival 3.5-3: ``survfit(Surv(1:5, factor(c(1, 2, 0, 1, 0), 0:2)) ~ 1, conf.type = "log")``; the
rest by hand.
"""

import re

import pytest

from recist.errors import DataError, UsageError
from survival.cumulative_incidence import cumulative_incidence
from survival.log_rank import log_rank
from survival.median_difference import median_difference
from survival.restricted_mean import restricted_mean

TWENTIES = {"time": range(1, 41), "event": [1] * 40, "group": ["a"] * 20 + ["b"] * 20}


def test_a_difference_of_medians_is_printed_to_a_tenth_with_its_interval():
    # medians 10.5 and 30.5
    line = str(median_difference(**TWENTIES, replicates=50))
    assert re.fullmatch(
        r"b minus a: difference of medians 20\.0 \(95 % CI \d+\.\d to \d+\.\d\); 0\.0 % of 50 bootstrap samples "
        "without a median",
        line,
    )


def test_one_bootstrap_sample_is_the_least():
    assert median_difference(**TWENTIES, replicates=1).replicates == 1
    for replicates in (0, -1):
        with pytest.raises(UsageError, match="must be at least 1"):
            median_difference(**TWENTIES, replicates=replicates)


def test_competing_incidences_are_printed_as_they_are_at_the_last_time():
    found = cumulative_incidence([1, 2, 3, 4, 5], [1, 2, 0, 1, 0])
    assert str(found).splitlines() == [
        "all, cause 1: incidence at 5 0.500 (95 % CI 0.184 to 1.000)",
        "all, cause 2: incidence at 5 0.200 (95 % CI 0.035 to 1.000)",
    ]
    assert found.table["at_risk"].tolist() == [5, 4, 3, 2, 1] * 2
    assert found.table["events"].tolist() == [1, 0, 0, 1, 0, 0, 1, 0, 0, 0]


def test_a_mean_beyond_the_follow_up_of_a_group_is_refused_unless_all_its_members_died():
    time, event, group = [1, 2, 3, 9], [1, 0, 1, 1], list("aabb")
    with pytest.raises(UsageError, match=r"tau 5 lies beyond the follow-up of group a \(2\)"):
        restricted_mean(time, event, group, tau=5)
    # all of a died by 2: (1 + 2) / 2 up to any horizon; b: (3 + 5) / 2
    means = restricted_mean(time, [1] * 4, group, tau=5).table["restricted_mean"]
    assert means.tolist() == pytest.approx([1.5, 4.0])


def test_means_without_any_event_differ_by_nought_and_have_no_p_value():
    found = restricted_mean([6, 7, 8, 9], [0] * 4, list("aabb"), tau=5).differences.iloc[0]
    assert (found["difference"], found["lower"], found["upper"], found["ratio"]) == (0, 0, 0, 1)
    assert str(found["p_value"]) == str(found["ratio_p_value"]) == "nan"


def test_restricted_means_are_printed_to_a_tenth():
    # a: 2 until the first death, then half until 4; b: 3 until the first death, then half until 5
    line = str(restricted_mean([2, 4, 3, 5], [1] * 4, list("aabb"), tau=5)).splitlines()
    assert line[0].startswith("a: mean time up to 5 3.0 (95 % CI ")
    assert line[1].startswith("b: mean time up to 5 4.0 (95 % CI ")
    assert line[2].startswith("b minus a: 1.0 (95 % CI ")


def test_five_faulty_rows_are_all_named_and_of_six_one_is_only_counted():
    for wrong, words in ((5, "5 of 8 rows: 1, 2, 3, 4, 5."), (6, "6 of 8 rows: 1, 2, 3, 4, 5 and 1 more.")):
        with pytest.raises(DataError, match=re.escape(words)):
            restricted_mean([-1] * wrong + [1] * (8 - wrong), [1] * 8, tau=1)


def test_a_trend_over_groups_that_never_meet_is_not_possible():
    test = log_rank([1, 2, 5, 6], [1] * 4, list("aabb"), start=[0, 0, 3, 3], trend=True)
    assert (test.degrees_of_freedom, str(test.statistic), str(test.p_value)) == (0, "nan", "nan")
    assert str(test) == "Log-rank test for trend: not possible, at no event time are two groups at risk together"
