r"""The Cox partial likelihood in counting-process form: log-likelihood, score and information.

A row *i* of stratum *s* is at risk at an event time *t* of its stratum when ``start < t <= stop``. With
:math:`r_i = w_i e^{x_i\beta}`, the *d* tied events of one time are taken in *d* steps; step *l* has the denominator

.. math:: S_0 - f_l D_0, \qquad f_l = l / d \text{ (Efron)}, \quad f_l = 0 \text{ (Breslow)}

with :math:`S_0` the sum of *r* over the risk set and :math:`D_0` over the tied events; each step counts with the mean
weight of the tied events. Every event time of every stratum is one *moment*, numbered so that a stratum's moments are
contiguous; a row is at risk over a range ``first..last`` of moments, which makes all risk-set sums differences of
cumulative sums, and the information a single matrix product:

.. math:: I = X' \operatorname{diag}(r_i \Lambda_i) X - \sum_{steps} \bar w\, \bar x_l \bar x_l'

where :math:`\Lambda_i` adds up the steps' hazards over the range of row *i*, an event's own steps counting
:math:`1 - f_l`.

References
----------
Cox DR. J R Stat Soc B 1972;34:187-220. Efron B. J Am Stat Assoc 1977;72:557-565. Breslow NE. Biometrics 1974;30:89-99.
Andersen PK, Gill RD. Ann Stat 1982;10:1100-1120. Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from survival.sums import add_terms, cross_products, weigh_numbers, weigh_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.times import Times


class Ties(StrEnum):
    """How events of one time share a risk set."""

    EFRON = "efron"
    BRESLOW = "breslow"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskSets:
    """Who is at risk at which moment; rows are in the order given.

    Attributes
    ----------
    first, last : numpy.ndarray
        Range of moments over which each row is at risk, int64, shape (n,); ``last = first - 1`` when never.
    event_rows : numpy.ndarray
        Rows that end in an event, ordered by moment, shape (n_events,).
    event_moment : numpy.ndarray
        Moment of each of ``event_rows``; also the moment of each step.
    opening : numpy.ndarray
        Position in ``event_rows`` of each moment's first event, shape (n_moments,).
    moment_time : numpy.ndarray
        Time of each moment, shape (n_moments,).
    fraction : numpy.ndarray
        :math:`f_l` of each step, shape (n_events,).
    stratum : numpy.ndarray
        Code of each row's stratum, shape (n,).
    weight : numpy.ndarray
        Weight of each row, shape (n,).
    step_weight : numpy.ndarray
        Mean weight of the tied events, for each step, shape (n_events,).
    by_last, by_first : numpy.ndarray
        Rows by falling ``last`` and, of the rows that enter late, by falling ``first``.
    n_last, n_first : numpy.ndarray
        How many of them have ``last >= k`` and ``first > k``, shape (n_moments,).
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    event_rows: NDArray[np.int64]
    event_moment: NDArray[np.int64]
    opening: NDArray[np.int64]
    moment_time: NDArray[np.float64]
    fraction: NDArray[np.float64]
    stratum: NDArray[np.int64]
    weight: NDArray[np.float64]
    step_weight: NDArray[np.float64]
    by_last: NDArray[np.int64]
    by_first: NDArray[np.int64]
    n_last: NDArray[np.int64]
    n_first: NDArray[np.int64]

    def sum_at_risk(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum rows' values, shape (n, …), over the risk set of each moment, shape (n_moments, …)."""
        sums = _leading_sums(values, self.by_last, self.n_last)
        if self.by_first.size:
            sums -= _leading_sums(values, self.by_first, self.n_first)
        return sums

    def highest(self, predictor: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the highest predictor in each row's stratum, shape (n,)."""
        tops = np.full(int(self.stratum.max()) + 1, -np.inf)
        np.maximum.at(tops, self.stratum, predictor)
        return np.asarray(tops[self.stratum])

    def sum_over_range(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum moments' values, shape (n_moments, …), over each row's time at risk, shape (n, …)."""
        running = _running_sums(values)
        return np.asarray((running.take(self.last + 1, axis=-1) - running.take(self.first, axis=-1)).T)

    def sum_ties(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum values of ``event_rows`` (or steps), shape (n_events, …), by moment."""
        return np.asarray(np.add.reduceat(values.T, self.opening, axis=-1).T)


def _leading_sums(
    values: NDArray[np.float64], order: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum the first ``counts`` values in the given order."""
    return np.asarray(_running_sums(values.T.take(order, axis=-1).T).take(counts, axis=-1).T)


def _running_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add rows up from 0, shape (n,) to (n + 1,) and (n, k) to (k, n + 1): each column lies together in memory."""
    running = np.zeros((*values.shape[1:], len(values) + 1))
    np.cumsum(values.T, axis=-1, out=running[..., 1:])
    return running


def derive_risk_sets(
    times: Times, strata: NDArray[np.int64], weight: NDArray[np.float64], ties: Ties = Ties.EFRON
) -> RiskSets:
    """Give every moment a number and find each row's range of them.

    Parameters
    ----------
    times : Times
        With at least one event.
    strata : numpy.ndarray
        Code of each row's stratum, shape (n,).
    weight : numpy.ndarray
        Positive weight of each row, shape (n,).
    """
    clock = np.unique(times.stop[times.event])
    base = strata * len(clock)
    at_exit = base + np.searchsorted(clock, times.stop, side="right") - 1
    after_entry = base + np.searchsorted(clock, times.start, side="right")
    moments = np.unique(at_exit[times.event])
    first = np.searchsorted(moments, after_entry, side="left")
    last = np.maximum(np.searchsorted(moments, at_exit, side="right") - 1, first - 1)
    rows = np.flatnonzero(times.event)
    rows = rows[np.argsort(last[rows], kind="stable")]
    opening = np.searchsorted(last[rows], np.arange(len(moments)))
    tied = np.diff(np.append(opening, len(rows)))
    place = np.arange(len(rows)) - np.repeat(opening, tied)
    fraction = place / np.repeat(tied, tied) if ties is Ties.EFRON else np.zeros(len(rows))
    present = np.flatnonzero(last >= first)
    by_last = present[np.argsort(-last[present], kind="stable")]
    late = present[first[present] > 0]
    by_first = late[np.argsort(-first[late], kind="stable")]
    numbers = np.arange(len(moments))
    return RiskSets(
        first=first,
        last=last,
        event_rows=rows,
        event_moment=last[rows],
        opening=opening,
        moment_time=clock[moments % len(clock)],
        fraction=fraction,
        stratum=strata,
        weight=weight,
        step_weight=np.repeat(np.add.reduceat(weight[rows], opening) / tied, tied),
        by_last=by_last,
        by_first=by_first,
        n_last=np.searchsorted(-last[by_last], -numbers, side="right"),
        n_first=np.searchsorted(-first[by_first], -numbers, side="left"),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likelihood:
    r"""The partial likelihood at one coefficient vector.

    Attributes
    ----------
    coefficients : numpy.ndarray
        Shape (n_terms,).
    log_likelihood : float
    score : numpy.ndarray
        Shape (n_terms,).
    information : numpy.ndarray
        Shape (n_terms, n_terms).
    risk : numpy.ndarray
        :math:`e^{x\beta}` up to one factor a stratum, which keeps small risks exact, without weights, shape (n,).
    hazard : numpy.ndarray
        Hazard of each step, in units of 1/``risk``, shape (n_events,).
    mean : numpy.ndarray
        Mean covariates of each step, shape (n_events, n_terms).
    """

    coefficients: NDArray[np.float64]
    log_likelihood: float
    score: NDArray[np.float64]
    information: NDArray[np.float64]
    risk: NDArray[np.float64]
    hazard: NDArray[np.float64]
    mean: NDArray[np.float64]


def compute_likelihood(sets: RiskSets, columns: NDArray[np.float64], coefficients: NDArray[np.float64]) -> Likelihood:
    """Evaluate log-likelihood, score and information.

    Parameters
    ----------
    sets : RiskSets
    columns : numpy.ndarray
        Covariates, centred for the sake of precision, shape (n, n_terms).
    coefficients : numpy.ndarray
        Shape (n_terms,).
    """
    predictor = add_terms(columns, coefficients)
    predictor = predictor - sets.highest(predictor)
    risk = np.exp(predictor)
    weighted = sets.weight * risk
    rows = sets.event_rows
    stacked = np.vstack([weighted, columns.T * weighted]).T
    sums = sum_over_steps(sets, stacked)
    denominator = sums[:, 0]
    mean = sums[:, 1:] / denominator[:, None]
    hazard = sets.step_weight / denominator
    spent = weighted * compute_cumulative_hazard(sets, hazard)
    gained = weigh_numbers(sets.weight[rows], predictor[rows])
    return Likelihood(
        coefficients=coefficients,
        log_likelihood=gained - weigh_numbers(sets.step_weight, np.log(denominator)),
        score=weigh_rows(sets.weight[rows], take_rows(columns, rows)) - weigh_rows(sets.step_weight, mean),
        information=_sum_covariances(columns, spent, mean, sets.step_weight),
        risk=risk,
        hazard=hazard,
        mean=mean,
    )


def sum_over_steps(sets: RiskSets, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum rows' values, shape (n, k), over the risk set of each step, tied events counting less, (n_events, k)."""
    moment = sets.event_moment
    tied = sets.sum_ties(take_rows(values, sets.event_rows))
    sums = take_rows(sets.sum_at_risk(values), moment)
    sums -= sets.fraction[:, None] * take_rows(tied, moment)
    return sums


def take_rows(values: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Pick rows, each column staying together in memory."""
    return values.T.take(rows, axis=-1).T


def weigh_information(
    sets: RiskSets, columns: NDArray[np.float64], likelihood: Likelihood, factor: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum the covariance matrices of the steps, each times ``factor``, shape (n_events,)."""
    spent = sets.weight * likelihood.risk * compute_cumulative_hazard(sets, likelihood.hazard * factor)
    return _sum_covariances(columns, spent, likelihood.mean, sets.step_weight * factor)


def _sum_covariances(
    columns: NDArray[np.float64],
    spent: NDArray[np.float64],
    mean: NDArray[np.float64],
    step_weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute the information from what each row has spent and each step's mean."""
    return cross_products(columns * spent[:, None], columns) - cross_products(step_weight[:, None] * mean, mean)


def compute_cumulative_hazard(sets: RiskSets, hazard: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the steps' values, shape (n_events, …), over each row's time at risk, an event's own steps by 1 - f."""
    spent = sets.sum_over_range(sets.sum_ties(hazard))
    fraction = sets.fraction.reshape(-1, *[1] * (hazard.ndim - 1))
    own = sets.sum_ties(hazard * fraction)[sets.event_moment]
    spent[sets.event_rows] -= own
    return spent
