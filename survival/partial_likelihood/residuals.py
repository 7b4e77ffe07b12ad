r"""Residuals of a Cox model: who lived longer or shorter than expected, and who moves which coefficient.

=============  =====================================================================================================
martingale     events minus expected events of the row
deviance       martingale, made symmetric
score          contribution to the slope of the likelihood, for the cluster sandwich
dfbeta         about how much the coefficient falls without the row: score times the variance
dfbetas        the same in standard errors
schoenfeld     an event's covariates minus their mean in its risk set, for proportional hazards
=============  =====================================================================================================

References
----------
Therneau TM, Grambsch PM, Fleming TR. Biometrika 1990;77:147-160. Schoenfeld D. Biometrika 1982;69:239-241.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.partial_likelihood.likelihood import Likelihood, RiskSets, compute_cumulative_hazard, take_rows
from survival.sums import cross_products, turn_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.model import CoxModel


class Residual(StrEnum):
    """Kinds of residual."""

    MARTINGALE = "martingale"
    DEVIANCE = "deviance"
    SCORE = "score"
    DFBETA = "dfbeta"
    DFBETAS = "dfbetas"
    SCHOENFELD = "schoenfeld"


def require_residual(kind: str) -> Residual:
    """Read the name of a kind of residual.

    Raises
    ------
    UsageError
        If there is no such kind.
    """
    if kind not in set(Residual):
        raise UsageError(f"residual {kind!r} is not known; choose one of {', '.join(Residual)}.")
    return Residual(kind)


def derive_residuals(
    model: CoxModel, likelihood: Likelihood, covariance: NDArray[np.float64], kind: Residual
) -> pd.DataFrame:
    """Compute one kind of residual, in the units of the covariates.

    Parameters
    ----------
    model : CoxModel
    likelihood : Likelihood
        At the estimate.
    covariance : numpy.ndarray
        Of the unscaled coefficients, model-based.
    kind : Residual
    """
    if kind in {Residual.MARTINGALE, Residual.DEVIANCE}:
        martingale = compute_martingale(model, likelihood)
        values = martingale if kind is Residual.MARTINGALE else _compute_deviance(model.times.event, martingale)
        return pd.DataFrame({str(kind): values}, index=model.rows)
    if kind is Residual.SCHOENFELD:
        sets = model.sets
        labels = np.array(model.strata.labels, dtype=object)[model.strata.codes[sets.event_rows]]
        where = {"stratum": labels, "time": sets.moment_time[sets.event_moment]}
        values = compute_schoenfeld(sets, model.columns, likelihood) * model.scale
        frame = pd.DataFrame(values, columns=list(model.terms), index=model.rows[sets.event_rows])
        return pd.concat([pd.DataFrame(where, index=frame.index), frame], axis=1)
    score = compute_score_residuals(model.sets, model.columns, likelihood) * model.scale
    values = score if kind is Residual.SCORE else turn_rows(score, covariance)
    values = values / np.sqrt(np.diag(covariance)) if kind is Residual.DFBETAS else values
    return pd.DataFrame(values, columns=list(model.terms), index=model.rows)


def compute_martingale(model: CoxModel, likelihood: Likelihood) -> NDArray[np.float64]:
    """Compute events minus expected events of each row, shape (n,)."""
    return np.asarray(model.times.event - likelihood.risk * compute_cumulative_hazard(model.sets, likelihood.hazard))


def _compute_deviance(event: NDArray[np.bool_], martingale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make martingale residuals symmetric."""
    surprise = np.zeros(len(event))
    surprise[event] = np.log(1 - martingale[event])
    return np.asarray(np.sign(martingale) * np.sqrt(np.maximum(-2 * (martingale + surprise), 0)))


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
    mean = take_rows(sets.sum_ties(likelihood.mean), moment) / tied[:, None]
    return np.asarray(take_rows(columns, sets.event_rows) - mean)


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
    influence = turn_rows(residuals * weight[:, None], covariance)
    summed = np.zeros((int(cluster.max()) + 1, influence.shape[1]))
    np.add.at(summed, cluster, influence)
    return cross_products(summed, summed)
