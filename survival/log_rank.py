r"""The log-rank test: whether k groups share one survival curve.

At each event time of a stratum the events expected in group *j* are :math:`d\,n_j/n`; the sums of observed minus
expected, :math:`U`, have the hypergeometric covariance

.. math::

    V_{jl} = \sum d\,\frac{n - d}{n - 1}\,\frac{n_j}{n}\left(\delta_{jl} - \frac{n_l}{n}\right)

and :math:`U' V^{-} U` is chi-squared with k - 1 degrees of freedom. Strata add their U and V. With scores
:math:`w = 0, 1, 2, …` in the order of the groups, Tarone's trend statistic is :math:`(w'U)^2 / w'Vw` on one degree.
With ``rho = 1`` each term is weighted by the pooled survival just before it (Peto-Peto).

With late entry or rows that change group (``start``), it is the Mantel-Byar test.

lifelines has the plain test only, so this is the project's own; :mod:`survival.second_opinion` compares the two.

References
----------
Mantel N. Cancer Chemother Rep 1966;50:163-170. Peto R, Peto J. J R Stat Soc A 1972;135:185-207.
Tarone RE. Biometrika 1975;62:679-682. Mantel N, Byar DP. J Am Stat Assoc 1974;69:81-86.
Harrington DP, Fleming TR. Biometrika 1982;69:553-566.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.normal import chi_squared_p_value
from survival.phrases import p_phrase
from survival.times import Groups, Times, require_groups, require_times

if TYPE_CHECKING:
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
        ``group, n, observed, expected``, summed over strata.
    trend : bool
        Whether the statistic is the one for trend.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    table: pd.DataFrame
    trend: bool

    def __str__(self) -> str:
        """Give the test as a result line."""
        name = "Log-rank test for trend" if self.trend else "Log-rank test"
        return f"{name}: χ² = {self.statistic:.2f} on {self.degrees_of_freedom} df, {p_phrase(self.p_value)}"


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    trend: bool = False,
    start: ArrayLike | None = None,
    rho: float = 0.0,
) -> LogRank:
    """Compare the survival of two or more groups.

    Parameters
    ----------
    time, event : array-like
        Time of event or censoring, and 1 for the event, shape (n,).
    group : array-like
        Group of each row, shape (n,).
    strata : array-like, optional
        Stratum of each row; groups are compared within strata.
    trend : bool
        Test for an ordered trend over the groups in their order (one degree of freedom).
    start : array-like, optional
        Time of entry of each row; makes it the Mantel-Byar test.
    rho : float
        0 for log-rank, 1 for Peto-Peto.

    Returns
    -------
    LogRank

    Raises
    ------
    DataError
        If times are wrong or fewer than two groups occur.
    """
    times = require_times(time, event, start=start)
    groups = require_groups(group, len(times.stop), at_least=2)
    layers = require_groups(strata, len(times.stop), name="strata")
    observed, expected, covariance = (
        sum(parts) for parts in zip(*(_stratum(times, groups, rows, rho) for _, rows in layers), strict=True)
    )
    counts = np.bincount(groups.codes, minlength=len(groups.labels))
    table = pd.DataFrame({"group": list(groups.labels), "n": counts, "observed": observed, "expected": expected})
    excess = np.asarray(observed - expected)
    statistic, freedom = _trend(excess, covariance) if trend else _any_difference(excess, covariance)
    return LogRank(
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=chi_squared_p_value(statistic, freedom),
        table=table,
        trend=trend,
    )


def _stratum(
    times: Times, groups: Groups, rows: NDArray[np.bool_], rho: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sum observed, expected and covariance over the event times of one stratum."""
    stop, start, event, codes = times.stop[rows], times.start[rows], times.event[rows], groups.codes[rows]
    k = len(groups.labels)
    when = np.unique(stop[event])
    at_risk = np.zeros((len(when), k))
    deaths = np.zeros((len(when), k))
    for code in range(k):
        mine = codes == code
        at_risk[:, code] = np.searchsorted(np.sort(start[mine]), when, side="left") - np.searchsorted(
            np.sort(stop[mine]), when, side="left"
        )
        deaths[:, code] = np.bincount(np.searchsorted(when, stop[mine & event]), minlength=len(when))
    n, d = at_risk.sum(axis=1), deaths.sum(axis=1)
    weight = np.concatenate([[1.0], np.cumprod(1 - d / n)])[:-1] ** rho
    share = at_risk / n[:, None]
    factor = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    covariance = np.diag(factor @ share) - (share * factor[:, None]).T @ share
    return weight @ deaths, (weight * d) @ share, covariance


def _any_difference(excess: NDArray[np.float64], covariance: NDArray[np.float64]) -> tuple[float, int]:
    """Test k - 1 free differences; groups never at risk with others take no part."""
    informative = np.flatnonzero(np.diag(covariance) > 0)[1:]
    if informative.size == 0:
        return float("nan"), 0
    part = covariance[np.ix_(informative, informative)]
    statistic = float(excess[informative] @ np.linalg.lstsq(part, excess[informative], rcond=None)[0])
    return statistic, len(informative)


def _trend(excess: NDArray[np.float64], covariance: NDArray[np.float64]) -> tuple[float, int]:
    """Test the linear trend over the order of the groups."""
    scores = np.arange(len(excess), dtype=np.float64)
    variance = float(scores @ covariance @ scores)
    return (float((scores @ excess) ** 2 / variance), 1) if variance > 0 else (float("nan"), 0)
