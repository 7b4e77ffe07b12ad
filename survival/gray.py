r"""Gray's test: whether k groups share one cumulative incidence of an event that others compete with.

It is to cumulative incidence what the log-rank test is to survival. With :math:`Y_j` at risk in group *j*, :math:`S_j`
its survival from all events together and :math:`F_j` its incidence of the event, people who had a competing event stay
in the risk set in the share in which they would have been observed:

.. math::

    R_j(t) = Y_j(t)\,\frac{1 - F_j(t-)}{S_j(t-)}, \qquad
    z_j = \sum_t \{1 - F_0(t-)\}^{\rho} \left( d_j - \frac{R_j}{R}\,d \right)

:math:`F_0` is the incidence of all groups pooled, :math:`F_0(t) = \sum d / T` with :math:`T = \sum_j T_j` and
:math:`T_j = Y_j(t) / S_j(t-)`. Under the null hypothesis each incidence is a sum of martingale increments, so the
covariance of *z* sums, over groups *j* and event times *u*,

.. math::

    \left( \varphi_{kj} - \frac{1 - F_0 - S_j}{S_j} H_{kj} \right)
    \left( \varphi_{lj} - \frac{1 - F_0 - S_j}{S_j} H_{lj} \right) \frac{S_{j-}}{Y_j T}\,d, \qquad
    H_{kj} H_{lj} \left( \frac{1 - F_0}{S_j} \right)^2 \frac{S_{j-}^2}{Y_j^2}\,d_j^{\text{other}}

with :math:`\varphi_{kj} = (1 - F_0)_-^\rho\,(\delta_{kj} - T_k / T)\,T_j` and :math:`H_{kj}(u)` the sum of
:math:`\varphi_{kj}\,d / (T (1 - F_{0-}))` over the event's times after *u*. Tied events are corrected as draws without
replacement. Strata add their sums. The statistic is that of R's ``cmprsk::cuminc``.

References
----------
Gray RJ. A class of k-sample tests for comparing the cumulative incidence of a competing risk. Ann Stat
1988;16:1141-1154.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.event_codes import require_coded_sample
from survival.normal import chi_squared_p_value
from survival.risk_table import count_at_risk
from survival.score_test import compute_any_difference
from survival.words.phrases import first_line, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from survival.times import Times


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GrayTest:
    """Result of Gray's test for each event.

    Attributes
    ----------
    table : pandas.DataFrame
        ``event_code, statistic, degrees_of_freedom, p_value``, one row an event.
    rho : float
    stratified : bool
    """

    table: pd.DataFrame
    rho: float
    stratified: bool

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line an event."""
        name = "Stratified Gray's test" if self.stratified else "Gray's test"
        return "\n".join(
            f"{name}, event {row['event_code']}: χ² = {row['statistic']:.2f} on {row['degrees_of_freedom']} df, "
            + p_phrase(row["p_value"])
            for row in self.table.to_dict("records")
        )

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Gray's test of cumulative incidence")


def gray_test(
    time: ArrayLike, event_code: ArrayLike, group: ArrayLike, *, strata: ArrayLike | None = None, rho: float = 0
) -> GrayTest:
    """Compare the cumulative incidence of each event between groups.

    Parameters
    ----------
    time : array-like
        Time of the first event or of censoring, in one unit, shape (n,). Events come before censorings of one time.
        Late entry is not provided for: the test has no settled form with it.
    event_code : array-like
        0 for censored, 1, 2, … for the events, shape (n,).
    group : array-like
        Group of each row, shape (n,).
    strata : array-like, optional
        Stratum of each row, shape (n,); groups are compared within strata.
    rho : float
        Power of one minus the pooled incidence that weights each time: 0 weights all alike, 1 the early ones more.

    Returns
    -------
    GrayTest

    Raises
    ------
    DataError
        If times or codes are wrong, or fewer than two groups occur.

    Examples
    --------
    >>> from survival.gray import gray_test
    >>> time = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    >>> print(gray_test(time, [1, 1, 2, 1, 0, 2, 1, 2, 0, 1], list("aaaaabbbbb")))
    Gray's test, event 1: χ² = 3.71 on 1 df, p = 0.054
    Gray's test, event 2: χ² = 0.96 on 1 df, p = 0.328
    """
    times, codes, groups, layers = require_coded_sample(time, event_code, group=group, strata=strata, fewest_groups=2)
    rows = []
    for code in np.unique(codes[codes > 0]).astype(int).tolist():
        parts = [
            _stratum(times.where(mine), codes[mine] == code, groups.codes[mine], len(groups.labels), rho)
            for _, mine in layers
        ]
        excess, covariance = (np.sum(part, axis=0) for part in zip(*parts, strict=True))
        statistic, freedom = compute_any_difference(excess, covariance)
        rows.append((code, statistic, freedom, chi_squared_p_value(statistic, freedom)))
    table = pd.DataFrame(rows, columns=["event_code", "statistic", "degrees_of_freedom", "p_value"])
    return GrayTest(table=table, rho=float(rho), stratified=len(layers.labels) > 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counts:
    """What happens at each event time: arrays of shape (n_times, n_groups), pooled ones of shape (n_times,)."""

    own: NDArray[np.float64]
    other: NDArray[np.float64]
    at_risk: NDArray[np.float64]
    survival_before: NDArray[np.float64]
    survival: NDArray[np.float64]
    free_before: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Null:
    """The pooled estimates at each event time: T by group and in all, weight, weighted hazard, one minus incidence."""

    scaled: NDArray[np.float64]
    total: NDArray[np.float64]
    weight: NDArray[np.float64]
    hazard: NDArray[np.float64]
    free: NDArray[np.float64]


def _stratum(
    times: Times, has_event: NDArray[np.bool_], codes: NDArray[np.int64], k: int, rho: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum observed minus expected and its covariance over one stratum."""
    counts = _count(times, has_event, codes, k)
    events = counts.own.sum(axis=1)
    scaled = _divide(counts.at_risk, counts.survival_before)
    total = scaled.sum(axis=1)
    steps = _divide(events, total)
    pooled = 1 - np.cumsum(steps)
    pooled_before = pooled + steps
    weight = pooled_before**rho
    risk = scaled * counts.free_before
    share = _divide(risk, risk.sum(axis=1)[:, None])
    excess = weight @ (counts.own - share * events[:, None])
    hazard = weight * _divide(steps, pooled_before)
    null = _Null(scaled=scaled, total=total, weight=weight, hazard=hazard, free=pooled)
    return excess, _covariance(counts, null)


def _count(times: Times, has_event: NDArray[np.bool_], codes: NDArray[np.int64], k: int) -> _Counts:
    """Count events and rows at risk at each event time, and estimate each group's survival and incidence."""
    when = np.unique(times.stop[times.event])
    own, other, at_risk = (np.zeros((len(when), k)) for _ in range(3))
    for code in range(k):
        mine = codes == code
        for column, rows in ((own, mine & has_event), (other, mine & times.event & ~has_event)):
            column[:, code] = np.bincount(np.searchsorted(when, times.stop[rows]), minlength=len(when))
        at_risk[:, code] = count_at_risk(times.where(mine), when)
    survival: NDArray[np.float64] = np.cumprod(1 - _divide(own + other, at_risk), axis=0, dtype=np.float64)
    before = np.vstack([np.ones((1, k)), survival])[:-1]
    incidence = np.cumsum(before * _divide(own, at_risk), axis=0)
    free = 1 - np.vstack([np.zeros((1, k)), incidence])[:-1]
    return _Counts(own=own, other=other, at_risk=at_risk, survival_before=before, survival=survival, free_before=free)


def _covariance(counts: _Counts, null: _Null) -> NDArray[np.float64]:
    """Sum the covariance of the scores, group by group of the rows that carry the randomness."""
    scaled, total = null.scaled, null.total
    k = scaled.shape[1]
    covariance = np.zeros((k, k))
    share = _divide(scaled, total[:, None])
    events = counts.own.sum(axis=1)
    for j in range(k):
        contrast = (np.eye(k)[j] - share) * scaled[:, [j]]
        later = contrast * null.hazard[:, None]
        remaining = later.sum(axis=0) - np.cumsum(later, axis=0)
        direct = contrast * null.weight[:, None]
        ratio = _divide(null.free, counts.survival[:, j])
        own = direct - np.where(counts.survival[:, j] > 0, ratio - 1, -1.0)[:, None] * remaining
        own_ties = _tie_factor(events, scaled_total=total * counts.survival_before[:, j])
        own_size = own_ties * _divide(events * counts.survival_before[:, j], total * counts.at_risk[:, j])
        other_ties = _tie_factor(counts.other[:, j], scaled_total=counts.at_risk[:, j])
        step = _divide(counts.survival_before[:, j], counts.at_risk[:, j])
        other_size = other_ties * counts.other[:, j] * step**2 * ratio**2
        covariance += own.T @ (own * own_size[:, None]) + remaining.T @ (remaining * other_size[:, None])
    return covariance


def _tie_factor(events: NDArray[np.float64], *, scaled_total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct for tied events as draws without replacement from so many."""
    return np.where(events > 1, 1 - _divide(events - 1, scaled_total - 1), 1.0)


def _divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, giving 0 where nobody is left."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.zeros(shape), where=np.broadcast_to(np.abs(whole) > 0, shape))
