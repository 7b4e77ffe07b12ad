"""The edges of curves: bands at their bounds, shares that are none, and tables that are counted once.

Values of R 4.2.2, survival 3.5-3: ``survfit(Surv(1:10, c(1, 0, 0, 0, 0, 0, 0, 0, 1, 1)) ~ 1, conf.type = "plain")``.
"""

import pytest

from recist.errors import UsageError
from survival.kaplan_meier import kaplan_meier
from survival.median_difference import median_difference
from survival.rubin import pool

TIME, EVENT = range(1, 11), [1, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_a_plain_band_never_promises_more_than_all_or_less_than_nobody():
    table = kaplan_meier(TIME, EVENT, interval="plain").table
    assert table["lower"].tolist()[:9] == pytest.approx([0.714061490308632] * 8 + [0.0], abs=1e-12)
    assert table["upper"].tolist()[:9] == [1.0] * 9


def test_once_all_have_died_no_scale_gives_a_band():
    for interval in ("plain", "log", "log-log"):
        last = kaplan_meier(TIME, EVENT, interval=interval).table.iloc[-1]
        assert (last["survival"], str(last["lower"]), str(last["upper"])) == (0, "nan", "nan")


@pytest.mark.parametrize("share", [-0.5, 0, 1, 1.5, 95])
def test_a_confidence_of_none_or_all_and_one_in_percent_are_refused(share):
    for call in (
        lambda: kaplan_meier(TIME, EVENT, confidence=share),
        lambda: pool([[0.5], [0.7]], [[[0.04]], [[0.05]]], confidence=share),
    ):
        with pytest.raises(UsageError, match=r"must lie between 0 and 1, such as 0\.95"):
            call()


@pytest.mark.parametrize("share", [-0.5, 0, 1, 1.5, 50])
def test_a_quantile_of_nobody_or_of_all_is_refused(share):
    with pytest.raises(UsageError, match=r"between 0 and 1, such as 0\.5 for the median"):
        kaplan_meier(TIME, EVENT).quantiles(share)
    with pytest.raises(UsageError, match="between 0 and 1"):
        median_difference([1, 2, 3, 4], [1] * 4, list("aabb"), probability=share)


def test_every_row_of_a_table_of_two_groups_has_a_number_of_its_own():
    table = kaplan_meier([1, 2, 1, 3], [1, 0, 1, 1], group=list("aabb")).table
    assert table.index.tolist() == [0, 1, 2, 3]
    assert table["group"].tolist() == list("aabb")
