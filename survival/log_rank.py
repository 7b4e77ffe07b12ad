r"""The log-rank test: whether k groups share one survival curve.

At each event time of a stratum the events expected in group *j* are :math:`d\,n_j/n`; the sums of observed minus
expected, :math:`U`, have the hypergeometric covariance

.. math::

    V_{jl} = \sum d\,\frac{n - d}{n - 1}\,\frac{n_j}{n}\left(\delta_{jl} - \frac{n_l}{n}\right)

and :math:`U' V^{-} U` is chi-squared with k - 1 degrees of freedom. Strata add their U and V. With scores
:math:`w = 0, 1, 2, …` in the order of the groups, or others, Tarone's trend statistic is :math:`(w'U)^2 / w'Vw` on one
degree. With ``rho`` each term is weighted by the pooled Kaplan-Meier survival of the stratum just before it, to that
power: 1 gives Peto and Peto's test, which looks at early differences.

With late entry (``start``) a row is at risk when ``start < t <= time``. For rows that change group see
:mod:`survival.mantel_byar`.

lifelines has the plain test only, so this is the project's own; :mod:`survival.second_opinion` compares the two.

References
----------
Mantel N. Cancer Chemother Rep 1966;50:163-170. Peto R, Peto J. J R Stat Soc A 1972;135:185-207.
Tarone RE. Biometrika 1975;62:679-682.
Harrington DP, Fleming TR. Biometrika 1982;69:553-566.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.normal import chi_squared_p_value
from survival.risk_table import count_at_risk
from survival.score_test import compute_any_difference, compute_trend
from survival.times import Groups, Times, require_sample
from survival.words.phrases import first_line, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogRank:
    """Result of a log-rank test.

    Attributes
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
    p_value : float
    table : pandas.DataFrame
        ``group, n, observed, expected``, summed over strata; observed and expected are weighted with ``rho``.
    trend : bool
        Whether the statistic is the one for trend.
    rho : float
        Power of the survival that weights each event time.
    stratified : bool
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    table: pd.DataFrame
    trend: bool
    rho: float = 0.0
    stratified: bool = False

    @property
    def name(self) -> str:
        """Name the test: log-rank, Peto-Peto or weighted; stratified; for trend."""
        test = {0.0: "log-rank test", 1.0: "Peto-Peto test"}.get(
            self.rho, f"weighted log-rank test (rho = {self.rho:g})"
        )
        return f"{'stratified ' if self.stratified else ''}{test}{' for trend' if self.trend else ''}"

    __repr__ = first_line

    def __str__(self) -> str:
        """Give the test as a result line."""
        name = self.name[:1].upper() + self.name[1:]
        if self.degrees_of_freedom == 0:
            return f"{name}: not possible, at no event time are two groups at risk together"
        return f"{name}: χ² = {self.statistic:.2f} on {self.degrees_of_freedom} df, {p_phrase(self.p_value)}"

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Observed and expected events")


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    trend: bool = False,
    start: ArrayLike | None = None,
    rho: float = 0.0,
    scores: Sequence[float] | None = None,
) -> LogRank:
    """Compare the survival of two or more groups.

    Parameters
    ----------
    time, event : array-like
        Time of event or censoring, and 1 for the event, shape (n,). Censored at an event's time is at risk for it.
    group : array-like
        Group of each row, shape (n,).
    strata : array-like, optional
        Stratum of each row, shape (n,); groups are compared within strata.
    trend : bool
        Test for an ordered trend over the groups (one degree of freedom).
    start : array-like, optional
        Time of entry of each row (delayed entry), shape (n,).
    rho : float
        0 for log-rank, 1 for Peto-Peto.
    scores : sequence of float, optional
        With ``trend``, a score for each group in their order; 0, 1, 2, … by default.

    Returns
    -------
    LogRank

    Raises
    ------
    DataError
        If times are wrong or fewer than two groups occur.
    UsageError
        If the scores do not fit the groups.

    Examples
    --------
    >>> from survival.log_rank import log_rank
    >>> print(log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], list("aaabbb")))
    Log-rank test: χ² = 5.05 on 1 df, p = 0.025
    """
    times, groups, layers = require_sample(time, event, start=start, group=group, strata=strata, fewest_groups=2)
    order = _read_scores(scores, groups, trend=trend)
    return compare_curves(times, groups, layers, rho=rho, scores=order)


def compare_curves(
    times: Times, groups: Groups, layers: Groups, *, rho: float = 0.0, scores: NDArray[np.float64] | None = None
) -> LogRank:
    """Compare checked rows, over all groups or for a trend over scores."""
    observed, expected, covariance = (
        sum(parts) for parts in zip(*(_stratum(times, groups, rows, rho) for rows in layers.places()), strict=True)
    )
    counts = np.bincount(groups.codes, minlength=len(groups.labels))
    excess = np.asarray(observed - expected)
    statistic, freedom = (
        compute_any_difference(excess, covariance) if scores is None else compute_trend(excess, covariance, scores)
    )
    return LogRank(
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=chi_squared_p_value(statistic, freedom),
        table=pd.DataFrame({"group": list(groups.labels), "n": counts, "observed": observed, "expected": expected}),
        trend=scores is not None,
        rho=float(rho),
        stratified=len(layers.labels) > 1,
    )


def _read_scores(scores: Sequence[float] | None, groups: Groups, *, trend: bool) -> NDArray[np.float64] | None:
    """Give the scores of a trend; None where no trend is asked for."""
    if not trend:
        if scores is not None:
            raise UsageError("scores belong to a test for trend; give trend=True with them.")
        return None
    order = np.arange(len(groups.labels), dtype=np.float64) if scores is None else np.asarray(scores, dtype=np.float64)
    if order.shape != (len(groups.labels),) or not np.isfinite(order).all() or np.ptp(order) == 0:
        listed = ", ".join(map(str, groups.labels))
        raise UsageError(f"scores must be one number a group ({listed}), not all the same.")
    return order


def _stratum(
    times: Times, groups: Groups, rows: NDArray[np.intp], rho: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sum observed, expected and covariance over the event times of one stratum."""
    k = len(groups.labels)
    mine = times.where(rows)
    codes = groups.codes[rows]
    when = np.unique(mine.stop[mine.event])
    at_risk, deaths = np.zeros((len(when), k)), np.zeros((len(when), k))
    for code in range(k):
        member = mine.where(codes == code)
        at_risk[:, code] = count_at_risk(member, when)
        deaths[:, code] = np.bincount(np.searchsorted(when, member.stop[member.event]), minlength=len(when))
    n, d = at_risk.sum(axis=1), deaths.sum(axis=1)
    weight = np.concatenate([[1.0], np.cumprod(1 - d / n)])[:-1] ** rho
    share = at_risk / n[:, None]
    factor = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    covariance = np.diag(factor @ share) - (share * factor[:, None]).T @ share
    return weight @ deaths, (weight * d) @ share, covariance
