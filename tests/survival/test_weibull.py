"""A Weibull model refuses bounds that make no sense, and reads as a result line."""

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival.weibull import weibull

NONE = float("nan")


def test_exponential_times_give_their_mean_as_the_scale_and_its_log_two_as_the_median():
    # of exact times at the quantiles of a Weibull distribution with shape 2 and scale 10
    chances = (np.arange(1, 2000) - 0.5) / 2000
    times = 10 * (-np.log(1 - chances)) ** 0.5
    fit = weibull(times, times)
    assert fit.shape == pytest.approx(2, rel=0.01)
    assert fit.quantile(0.5) == pytest.approx(10 * np.log(2) ** 0.5, rel=0.01)
    assert (fit.n, fit.n_exact, fit.n_interval, fit.n_right_censored) == (1999, 1999, 0, 0)


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        ([-1.0, 2.0], [3.0, 4.0], "at least 0"),
        ([5.0, 2.0], [3.0, 4.0], "above their upper bounds"),
        ([0.0, 2.0], [NONE, 4.0], "no bound at all"),
        ([1.0, 2.0], [NONE, NONE], "No event was seen"),
        ([0.0, 2.0], [0.0, 4.0], "upper bounds above 0"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(lower, upper, said):
    with pytest.raises(UsageError, match=said):
        weibull(lower, upper)


def test_a_covariate_that_tells_nothing_of_its_own_is_refused():
    lower, upper = [1.0, 2.0, 3.0, 4.0], [2.0, 3.0, NONE, 4.0]
    with pytest.raises(UsageError, match="constant"):
        weibull(lower, upper, pd.DataFrame({"age": [50.0, 50.0, 50.0, 50.0]}))


def test_it_reads_as_a_result_line_and_counts_how_times_are_known():
    frame = pd.DataFrame({"arm": ["a", "b"] * 6})
    lower = [1, 2, 3, 3, 4, 2, 5, 6, 2, 3, 1, 8]
    upper = [2, 4, 3, 7, NONE, 5, 6, NONE, 4, 9, 3, 9]
    fit = weibull(lower, upper, frame)
    assert str(fit).startswith("arm[b]: time ratio ")
    assert "n = 12 (1 exact, 9 between bounds, 2 right-censored)" in str(fit)
    assert "<table>" in fit._repr_html_()
