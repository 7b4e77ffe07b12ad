r"""Firth's correction: a Cox model whose estimates stay finite when a covariate separates the events.

Maximises :math:`\ell(\beta) + \tfrac12 \log\det I(\beta)`. Intervals are profile intervals and p values penalised
likelihood-ratio tests, because Wald's are far off where the correction is needed.

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

MAX_STEPS = 200
CONVERGED = 1e-9
SPAN = 1e-3
"""Width of the five-point difference for the slope of the penalty, in standard deviations of the covariate."""
FARTHEST = 50.0
"""A profile limit farther from the estimate than this (in standard deviations of the covariate) counts as infinite."""


def fit_firth(model: CoxModel, confidence: float) -> tuple[pd.DataFrame, Likelihood]:
    """Estimate all terms with Firth's correction.

    Returns
    -------
    table : pandas.DataFrame
        As of :class:`survival.cox_result.CoxFit`; ``lower, upper`` from the profile, ``p_value`` from the penalised
        likelihood ratio, ``z`` its signed root.
    likelihood : Likelihood
        At the estimate.
    """
    sets, columns = model.sets, model.columns
    every = np.ones(len(model.terms), dtype=bool)
    best = maximise_penalised(sets, columns, every, np.zeros(len(model.terms)))
    coefficients, top = best.coefficients / model.scale, penalise(best)
    covariance = model.unscale(solve(best.information, np.eye(len(model.terms))))
    drop = two_sided_z(confidence) ** 2 / 2
    limits = np.array([profile_interval(model, best, term, drop) for term in range(len(model.terms))])
    ratios = [2 * (top - profile(model, best, term, -value)) for term, value in enumerate(best.coefficients)]
    z = np.sign(coefficients) * np.sqrt(np.maximum(ratios, 0))
    table = derive_term_table(model.terms, coefficients, covariance, confidence).assign(
        lower=np.exp(limits[:, 0] / model.scale),
        upper=np.exp(limits[:, 1] / model.scale),
        z=z,
        p_value=[normal_p_value(value) for value in z],
    )
    return table, best


def maximise_penalised(
    sets: RiskSets, columns: NDArray[np.float64], free: NDArray[np.bool_], begin: NDArray[np.float64]
) -> Likelihood:
    """Maximise over the free coefficients, the others staying where they begin."""
    here = compute_likelihood(sets, columns, begin)
    for _ in range(MAX_STEPS):
        slope = (here.score + _penalty_slope(sets, columns, here.coefficients))[free]
        step = np.zeros(len(begin))
        step[free] = solve(here.information[np.ix_(free, free)], slope)
        there = _take(sets, columns, here, step)
        moved = np.abs(there.coefficients - here.coefficients).max(initial=0.0)
        here = there
        if moved < CONVERGED:
            break
    return here


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


def _penalty_slope(
    sets: RiskSets, columns: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Differentiate half the log determinant of the information, by five-point differences."""
    slope = np.empty_like(coefficients)
    for term in range(len(coefficients)):
        values = []
        for shift in (-2, -1, 1, 2):
            moved = coefficients.copy()
            moved[term] += shift * SPAN
            values.append(np.linalg.slogdet(compute_likelihood(sets, columns, moved).information)[1] / 2)
        slope[term] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * SPAN)
    return slope


def _take(sets: RiskSets, columns: NDArray[np.float64], here: Likelihood, step: NDArray[np.float64]) -> Likelihood:
    """Take the step, or the first of its halves that does not lose penalised likelihood."""
    before = penalise(here)
    for halving in range(MAX_HALVINGS):
        there = compute_likelihood(sets, columns, here.coefficients + step / 2**halving)
        if penalise(there) >= before - 1e-12 * (1 + abs(before)):
            return there
    return here
