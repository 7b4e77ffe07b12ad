r"""Firth's correction: a Cox model whose estimates stay finite when a covariate separates the events.

Maximises :math:`\ell(\beta) + \tfrac12 \log\det I(\beta)`. The terms that separate the events
get profile intervals and penalised likelihood-ratio tests, because Wald's are far off there.

References
----------
Firth D. Biometrika 1993;80:27-38. Heinze G, Schemper M. Biometrics 2001;57:114-119.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.normal import normal_p_value
from survival.partial_likelihood.likelihood import Likelihood, RiskSets, sum_over_steps
from survival.partial_likelihood.newton import maximise, solve
from survival.partial_likelihood.objective import Objective
from survival.partial_likelihood.profile import Profile
from survival.partial_likelihood.tables import derive_term_table, to_ratios
from survival.sums import turn_rows, weigh_rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survival.partial_likelihood.model import CoxModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirthObjective(Objective):
    """Partial log-likelihood plus half the log determinant of the information; steps are Fisher's scoring."""

    def value(self, likelihood: Likelihood) -> float:
        """Give the penalised log-likelihood; minus infinity where the information is singular."""
        return penalise(likelihood)

    def slope(self, likelihood: Likelihood) -> NDArray[np.float64]:
        """Differentiate the penalised log-likelihood."""
        return likelihood.score + compute_penalty_slope(self.sets, self.columns, likelihood)

    def curvature(self, likelihood: Likelihood) -> NDArray[np.float64]:
        """Give the information, in place of the second derivative."""
        return likelihood.information


def derive_firth(model: CoxModel) -> FirthObjective:
    """Turn a model into what Firth maximises."""
    return FirthObjective(sets=model.sets, columns=model.columns, shrinkage=np.zeros(len(model.terms)))


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
        As of :class:`survival.partial_likelihood.result.CoxFit`; for separated terms ``lower, upper`` are from the
        profile, ``p_value`` from the penalised likelihood ratio and ``z`` is its signed root; for the others they are
        Wald's.
    likelihood : Likelihood
        At the estimate.
    """
    objective = derive_firth(model)
    best = maximise(objective, np.zeros(len(model.terms)), exact=False).likelihood
    coefficients = best.coefficients / model.scale
    covariance = model.unscale(solve(best.information, np.eye(len(model.terms))))
    table = derive_term_table(model.terms, coefficients, covariance, confidence)
    for term in np.flatnonzero(separated).tolist():
        profile = Profile(objective=objective, best=best, term=term, exact=False)
        z = float(np.sign(coefficients[term]) * np.sqrt(profile.ratio()))
        limits = to_ratios(np.array(profile.limits(confidence)) / model.scale[term])
        table.loc[term, ["lower", "upper", "z", "p_value"]] = [*limits, z, normal_p_value(z)]
    return table, best


def penalise(likelihood: Likelihood) -> float:
    """Add half the log determinant of the information; minus infinity where that does not exist."""
    if not np.isfinite(likelihood.information).all():
        return -np.inf
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
    square = (columns * turn_rows(columns, inverse)).sum(axis=1)
    products = (columns.T[:, None, :] * columns.T[None, :, :]).reshape(n_terms**2, -1)
    stacked = np.vstack([square, square * columns.T, products]).T
    moments = _step_means(sets, sets.weight * likelihood.risk, stacked, likelihood.hazard)
    squares, cubes = moments[:, :1], moments[:, 1 : n_terms + 1]
    second = moments[:, n_terms + 1 :].reshape(-1, n_terms, n_terms)
    turned = turn_rows(mean, inverse)
    length = (turned * mean).sum(axis=1)[:, None]
    third = cubes - mean * squares - 2 * (np.einsum("ijk,ik->ij", second, turned) - length * mean)
    return weigh_rows(sets.step_weight, third) / 2


def _step_means(
    sets: RiskSets, weighted: NDArray[np.float64], values: NDArray[np.float64], hazard: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Average values, shape (n, m), over the risk set of each step, shape (n_events, m)."""
    return sum_over_steps(sets, weighted[:, None] * values) * (hazard / sets.step_weight)[:, None]
