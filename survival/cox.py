"""Cox regression: hazard ratios from fixed covariates, late entry, start-stop rows, strata, weights and clusters.

One engine for all of them (:mod:`survival.partial_likelihood.likelihood`), maximised by Newton's method
(:mod:`survival.partial_likelihood.newton`). lifelines' own Cox models are the second opinion
(:mod:`survival.second_opinion`): on start-stop rows they take tens of times longer, and they give no concordance there.

References
----------
Cox DR. J R Stat Soc B 1972;34:187-220. Andersen PK, Gill RD. Ann Stat 1982;10:1100-1120.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.errors import UsageError
from survival.alignment import require_same_index
from survival.bands import require_confidence
from survival.concordance import compute_pairs
from survival.outcome_columns import require_no_outcome
from survival.partial_likelihood.design import derive_design
from survival.partial_likelihood.firth import derive_firth, fit_firth
from survival.partial_likelihood.likelihood import Likelihood, Ties
from survival.partial_likelihood.messages import derive_messages, has_full_rank
from survival.partial_likelihood.model import CoxModel, derive_model
from survival.partial_likelihood.newton import STILL_MOVING, Maximum, maximise, solve
from survival.partial_likelihood.objective import Objective
from survival.partial_likelihood.residuals import compute_sandwich, compute_score_residuals
from survival.partial_likelihood.result import CoxFit, Method
from survival.partial_likelihood.tables import derive_term_table, derive_test_table
from survival.times import Groups, numbers, require_groups, require_same_length, require_times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


def cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    *,
    start: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    ties: str = "efron",
    ridge: float | None = None,
    confidence: float = 0.95,
) -> CoxFit:
    """Fit a Cox model.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, or the end of a start-stop row, shape (n,).
    event : array-like
        1 or True for the event, shape (n,).
    covariates : pandas.DataFrame, pandas.Series or array-like
        Shape (n, n_covariates). Text and categoricals are expanded against their first level as ``imaging[PD]``; rows
        with a missing covariate are left out, with a message.
    start : array-like, optional
        Time of entry, or the beginning of a start-stop row, shape (n,).
    strata : array-like, optional
        Stratum of each row; each has its own baseline hazard.
    cluster : array-like, optional
        Cluster of each row, e.g. the patient; makes the standard errors robust.
    weights : array-like, optional
        Positive case weights.
    ties : str
        ``"efron"`` or ``"breslow"``.
    ridge : float, optional
        Penalty θ: every coefficient, in the units of its covariate, is drawn to 0 by θ/2 times its square, as by R's
        ``ridge(theta = θ, scale = FALSE)``. Give covariates comparable units first.
    confidence : float
        Confidence of the intervals.

    Returns
    -------
    CoxFit

    Raises
    ------
    DataError
        If times, events or weights are wrong.
    UsageError
        If there is no event, no covariate that can be estimated, one that is the outcome itself, or an option is not
        known.

    Examples
    --------
    >>> from survival.cox import cox
    >>> fit = cox([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], [1, 0, 1, 0, 1, 0])
    >>> round(float(fit.table["hazard_ratio"][0]), 3)
    2.562
    """
    method, theta = _require_ties(ties), _require_ridge(ridge, cluster)
    sure = require_confidence(confidence)
    rows = {"time": time, "event": event, "covariates": covariates, "start": start}
    require_same_index(rows | {"strata": strata, "cluster": cluster, "weights": weights})
    given = require_times(time, event, start=start)
    weight = _require_weights(weights, len(given.stop))
    layers = require_groups(strata, len(given.stop), name="strata")
    members = None if cluster is None else require_groups(cluster, len(given.stop), name="cluster")
    design = derive_design(covariates, len(given.stop))
    kept = design.complete
    used = Groups(codes=layers.codes[kept], labels=layers.labels)
    model = derive_model(given.where(kept), design, used, weight[kept], method, ridge=theta > 0)
    if not theta:
        require_no_outcome(model)
    codes = None if members is None else members.codes[kept]
    return _fit(model, codes, design.messages, ties=method, ridge=theta, confidence=sure)


def _fit(
    model: CoxModel,
    cluster: NDArray[np.int64] | None,
    messages: tuple[str, ...],
    *,
    ties: Ties,
    ridge: float,
    confidence: float,
) -> CoxFit:
    """Maximise and describe."""
    objective = Objective(sets=model.sets, columns=model.columns, shrinkage=ridge / model.scale**2)
    null = objective.evaluate(np.zeros(len(model.terms)))
    found = maximise(objective, null.coefficients)
    separated = _find_running_away(model, found)
    monotone = tuple(term for term, away in zip(model.terms, separated, strict=True) if away)
    likelihood, method = found.likelihood, Method.RIDGE if ridge > 0 else Method.PARTIAL_LIKELIHOOD
    if monotone:
        objective, method = derive_firth(model), Method.FIRTH
        table, likelihood = fit_firth(model, separated, confidence)
    inverse = solve(objective.curvature(likelihood), np.eye(len(model.terms)))
    covariance = inverse if cluster is None else _sandwich(model, likelihood, cluster, inverse)
    if not monotone:
        coefficients = likelihood.coefficients / model.scale
        table = derive_term_table(model.terms, coefficients, model.unscale(covariance), confidence)
    pairs = compute_pairs(model.sets, model.predict(likelihood.coefficients), cluster)
    fit = CoxFit(
        table=table,
        log_likelihood=likelihood.log_likelihood,
        null_log_likelihood=null.log_likelihood,
        tests=_test(objective, likelihood, null, covariance, method),
        concordance=pairs.concordance,
        concordance_error=pairs.standard_error,
        n=len(model.times.stop),
        n_events=len(model.sets.event_rows),
        covariance=model.unscale(covariance),
        model_covariance=model.unscale(inverse),
        messages=messages,
        monotone=monotone,
        method=method,
        ties=str(ties),
        ridge=ridge or None,
        robust=cluster is not None,
        confidence=confidence,
        model=model,
        objective=objective,
        likelihood=likelihood,
    )
    return replace(fit, messages=(*messages, *derive_messages(fit, converged=found.converged or bool(monotone))))


def _find_running_away(model: CoxModel, found: Maximum) -> NDArray[np.bool_]:
    """Find the terms that grow without bound, while the likelihood settles or risks vanish (monotone likelihood)."""
    return np.asarray(np.abs(found.next_step) * np.ptp(model.columns, axis=0) > STILL_MOVING)


def _sandwich(
    model: CoxModel, likelihood: Likelihood, cluster: NDArray[np.int64], inverse: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the robust covariance of the scaled coefficients."""
    residuals = compute_score_residuals(model.sets, model.columns, likelihood)
    return compute_sandwich(residuals, model.sets.weight, cluster, inverse)


def _require_ties(ties: str) -> Ties:
    """Read the name of a way to handle ties."""
    if ties not in set(Ties):
        raise UsageError(f"ties {ties!r} is not known; choose one of {', '.join(Ties)}.")
    return Ties(ties)


def _require_ridge(ridge: float | None, cluster: ArrayLike | None) -> float:
    """Take the penalty, or 0 for none."""
    if ridge is None:
        return 0.0
    if not (np.isfinite(ridge) and ridge >= 0):
        raise UsageError(f"ridge {ridge:g} must be a number of 0 or more.")
    if ridge > 0 and cluster is not None:
        raise UsageError("Robust standard errors of a ridge are not offered; give cluster or ridge, not both.")
    return float(ridge)


def _require_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Take the weights, or 1 for each row."""
    if weights is None:
        return np.ones(n)
    values = numbers(weights, "weights")
    require_same_length({"time": np.empty(n), "weights": values})
    if not (np.isfinite(values) & (values > 0)).all():
        raise UsageError("Weights must be positive numbers; leave out the rows that should not count.")
    return values


def _test(
    objective: Objective, likelihood: Likelihood, null: Likelihood, covariance: NDArray[np.float64], method: Method
) -> pd.DataFrame:
    """Test all coefficients at once, three ways; a ridge has no score test, and fewer degrees of freedom.

    Wald's test needs a covariance of full rank, which few clusters do not give.
    """
    coefficients = likelihood.coefficients
    wald = float(coefficients @ solve(covariance, coefficients)) if has_full_rank(covariance) else np.nan
    if method is Method.RIDGE:
        freedom = float(np.trace(covariance @ likelihood.information))
        return derive_test_table(2 * (likelihood.log_likelihood - null.log_likelihood), wald, np.nan, freedom)
    score = float(null.score @ solve(null.information, null.score))
    ratio = 2 * (objective.value(likelihood) - objective.value(null))
    return derive_test_table(ratio, wald, score, len(coefficients))
