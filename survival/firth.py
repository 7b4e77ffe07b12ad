r"""Firth's correction: a Cox model whose estimates stay finite when a covariate separates the events.

Maximises :math:`\ell(\beta) + \tfrac12 \log\det I(\beta)`. The terms that separate the events
get profile intervals and penalised likelihood-ratio tests, because Wald's are far off there.

References
----------
Firth D. Biometrika 1993;80:27-38. Heinze G, Schemper M. Biometrics 2001;57:114-119.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.cox_likelihood import Likelihood, RiskSets, compute_likelihood
from survival.cox_newton import MAX_HALVINGS, solve
from survival.cox_result import derive_term_table
from survival.normal import normal_p_value, two_sided_z

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survival.cox_model import CoxModel

MAX_STEPS = 50
CONVERGED = 1e-9
SPAN = 1e-4
"""Step for the differences of the slope, in standard deviations of the covariate."""
FARTHEST = 50.0
"""A profile limit farther from the estimate than this (in standard deviations of the covariate) counts as infinite."""


def fit_firth(model: CoxModel, separated: NDArray[np.bool_], confidence: float) -> tuple[pd.DataFrame, Likelihood]:
    """Estimate all terms with Firth's correction.

    Parameters
    ----------
    model : CoxModel
    separated : numpy.ndarray
        Terms that have no finite estimate otherwise, bool, shape (n_terms,).
    confidence : float

    Returns
    -------
    table : pandas.DataFrame
        As of :class:`survival.cox_result.CoxFit`; for separated terms ``lower, upper`` are from the profile,
        ``p_value`` from the penalised likelihood ratio and ``z`` is its signed root; for the others they are Wald's.
    likelihood : Likelihood
        At the estimate.
    """
    sets, columns = model.sets, model.columns
    every = np.ones(len(model.terms), dtype=bool)
    best = maximise_penalised(sets, columns, every, np.zeros(len(model.terms)))
    coefficients, top = best.coefficients / model.scale, penalise(best)
    covariance = model.unscale(solve(best.information, np.eye(len(model.terms))))
    drop = two_sided_z(confidence) ** 2 / 2
    table = derive_term_table(model.terms, coefficients, covariance, confidence)
    for term in np.flatnonzero(separated).tolist():
        low, high = profile_interval(model, best, term, drop)
        ratio = 2 * (top - profile(model, best, term, -best.coefficients[term]))
        z = float(np.sign(coefficients[term]) * np.sqrt(max(ratio, 0.0)))
        limits = np.exp(np.array([low, high]) / model.scale[term])
        table.loc[term, ["lower", "upper", "z", "p_value"]] = [*limits, z, normal_p_value(z)]
    return table, best


def maximise_penalised(
    sets: RiskSets, columns: NDArray[np.float64], free: NDArray[np.bool_], begin: NDArray[np.float64]
) -> Likelihood:
    """Maximise over the free coefficients, the others staying where they begin."""
    here = compute_likelihood(sets, columns, begin)
    for _ in range(MAX_STEPS):
        step = np.zeros(len(begin))
        step[free] = solve(_curvature(sets, columns, here, free), _slope(sets, columns, here)[free])
        there = _take(sets, columns, here, step)
        moved = np.abs(there.coefficients - here.coefficients).max(initial=0.0)
        here = there
        if moved < CONVERGED:
            break
    return here


def _slope(sets: RiskSets, columns: NDArray[np.float64], likelihood: Likelihood) -> NDArray[np.float64]:
    """Differentiate the penalised log-likelihood."""
    return likelihood.score + compute_penalty_slope(sets, columns, likelihood)


def _curvature(
    sets: RiskSets, columns: NDArray[np.float64], here: Likelihood, free: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Compute minus the second derivative of the penalised log-likelihood, by differences of its slope.

    Where that is not positive definite, far from the maximum, the information takes its place.
    """
    places = np.flatnonzero(free)
    curvature = np.empty((len(places), len(places)))
    for row, term in enumerate(places):
        shift = np.zeros(len(free))
        shift[term] = SPAN
        ahead, behind = (compute_likelihood(sets, columns, here.coefficients + way * shift) for way in (1, -1))
        change = _slope(sets, columns, behind) - _slope(sets, columns, ahead)
        curvature[row] = change[places] / (2 * SPAN)
    curvature = (curvature + curvature.T) / 2
    if len(places) and np.linalg.eigvalsh(curvature)[0] > 0:
        return curvature
    return here.information[np.ix_(places, places)]


def profile_interval(model: CoxModel, best: Likelihood, term: int, drop: float) -> tuple[float, float]:
    """Find where the profile of one coefficient has fallen by ``drop`` below its maximum, on either side.

    Returns
    -------
    tuple of float
        Scaled coefficients; infinite where the profile stays above.
    """
    from scipy.optimize import brentq

    floor = penalise(best) - drop

    def excess(offset: float) -> float:
        return floor - profile(model, best, term, offset)

    limits = []
    for side in (-1.0, 1.0):
        reach = 1.0
        while reach < FARTHEST and excess(side * reach) < 0:
            reach *= 2
        limits.append(brentq(excess, 0.0, side * reach, xtol=1e-8) if reach < FARTHEST else side * np.inf)
    estimate = float(best.coefficients[term])
    return estimate + limits[0], estimate + limits[1]


def profile(model: CoxModel, best: Likelihood, term: int, offset: float) -> float:
    """Maximise over the other coefficients with one moved by ``offset`` from its estimate."""
    begin = best.coefficients.copy()
    begin[term] += offset
    free = np.arange(len(begin)) != term
    return penalise(maximise_penalised(model.sets, model.columns, free, begin))


def penalise(likelihood: Likelihood) -> float:
    """Add half the log determinant of the information; minus infinity where that does not exist."""
    sign, log_determinant = np.linalg.slogdet(likelihood.information)
    return float(likelihood.log_likelihood + log_determinant / 2) if sign > 0 else -np.inf


def compute_penalty_slope(sets: RiskSets, columns: NDArray[np.float64], likelihood: Likelihood) -> NDArray[np.float64]:
    r"""Differentiate half the log determinant of the information.

    The derivative of the information is the sum of the steps' third central moments, so with :math:`A = I^{-1}`

    .. math::

        \tfrac12 \sum_{steps} \bar w\, E\left[(x - \bar x)' A (x - \bar x)\,(x - \bar x)\right]

    Returns
    -------
    numpy.ndarray
        Shape (n_terms,).
    """
    n_terms, mean = columns.shape[1], likelihood.mean
    inverse = solve(likelihood.information, np.eye(n_terms))
    square = np.einsum("ij,jk,ik->i", columns, inverse, columns)
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    stacked = np.column_stack([square, square[:, None] * columns, products])
    moments = _step_means(sets, sets.weight * likelihood.risk, stacked, likelihood.hazard)
    squares, cubes = moments[:, :1], moments[:, 1 : n_terms + 1]
    second = moments[:, n_terms + 1 :].reshape(-1, n_terms, n_terms)
    turned = mean @ inverse
    length = np.einsum("ij,ij->i", turned, mean)[:, None]
    third = cubes - mean * squares - 2 * (np.einsum("ijk,ik->ij", second, turned) - length * mean)
    return np.asarray(sets.step_weight @ third / 2)


def _step_means(
    sets: RiskSets, weighted: NDArray[np.float64], values: NDArray[np.float64], hazard: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Average values, shape (n, m), over the risk set of each step, shape (n_events, m)."""
    rows, moment = sets.event_rows, sets.event_moment
    contributions = weighted[:, None] * values
    sums = sets.sum_at_risk(contributions)[moment]
    sums -= sets.fraction[:, None] * sets.sum_ties(contributions[rows])[moment]
    return np.asarray(sums * (hazard / sets.step_weight)[:, None])


def _take(sets: RiskSets, columns: NDArray[np.float64], here: Likelihood, step: NDArray[np.float64]) -> Likelihood:
    """Take the step, or the first of its halves that does not lose penalised likelihood."""
    before = penalise(here)
    for halving in range(MAX_HALVINGS):
        there = compute_likelihood(sets, columns, here.coefficients + step / 2**halving)
        if penalise(there) >= before - 1e-12 * (1 + abs(before)):
            return there
    return here
