"""Residuals of a Cox model: score residuals for the cluster sandwich, Schoenfeld residuals for proportional hazards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.cox_likelihood import Likelihood, RiskSets, compute_cumulative_hazard

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_score_residuals(
    sets: RiskSets, columns: NDArray[np.float64], likelihood: Likelihood
) -> NDArray[np.float64]:
    r"""Split the score into the contributions of the rows, for weight 1.

    .. math:: \delta_i (x_i - \bar x(t_i)) - r_i \int (x_i - \bar x(t))\, d\Lambda(t)

    Returns
    -------
    numpy.ndarray
        Shape (n, n_terms); times the weights, the rows add up to the score.

    References
    ----------
    Therneau TM, Grambsch PM, Fleming TR. Biometrika 1990;77:147-160.
    """
    hazard, mean = likelihood.hazard, likelihood.mean
    spent = compute_cumulative_hazard(sets, hazard)
    spent_mean = compute_cumulative_hazard(sets, hazard[:, None] * mean)
    residuals = -likelihood.risk[:, None] * (columns * spent[:, None] - spent_mean)
    residuals[sets.event_rows] += compute_schoenfeld(sets, columns, likelihood)
    return residuals


def compute_schoenfeld(sets: RiskSets, columns: NDArray[np.float64], likelihood: Likelihood) -> NDArray[np.float64]:
    """Compute each event's covariates minus their mean over the tied steps, shape (n_events, n_terms)."""
    moment = sets.event_moment
    tied = np.bincount(moment)[moment]
    return np.asarray(columns[sets.event_rows] - sets.sum_ties(likelihood.mean)[moment] / tied[:, None])


def compute_sandwich(
    residuals: NDArray[np.float64],
    weight: NDArray[np.float64],
    cluster: NDArray[np.int64],
    covariance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute the covariance that is right when the rows of one cluster depend on each other.

    References
    ----------
    Lin DY, Wei LJ. J Am Stat Assoc 1989;84:1074-1078.
    """
    influence = (residuals * weight[:, None]) @ covariance
    summed = np.zeros((int(cluster.max()) + 1, influence.shape[1]))
    np.add.at(summed, cluster, influence)
    return np.asarray(summed.T @ summed)
