"""Cox regression: hazard ratios from fixed covariates, late entry, start-stop rows, strata, weights and clusters.

One engine for all of them (:mod:`survival.cox_likelihood`), maximised by Newton's method (:mod:`survival.cox_newton`).
lifelines' own Cox models are the second opinion (:mod:`survival.second_opinion`): on start-stop rows they take tens of
times longer, and they give no concordance there.

References
----------
Cox DR. J R Stat Soc B 1972;34:187-220. Andersen PK, Gill RD. Ann Stat 1982;10:1100-1120.
Peduzzi P et al. J Clin Epidemiol 1995;48:1503-1510 (events per parameter).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recist.errors import UsageError
from survival.concordance import compute_pairs
from survival.cox_design import derive_design
from survival.cox_likelihood import Likelihood, Ties
from survival.cox_model import CoxModel, derive_model
from survival.cox_newton import maximise, solve
from survival.cox_residuals import compute_sandwich, compute_score_residuals
from survival.cox_result import CoxFit, Method, derive_term_table, derive_test_table
from survival.firth import fit_firth, penalise
from survival.times import numbers, require_groups, require_same_length, require_times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

EVENTS_PER_PARAMETER = 10
"""Fewer events per parameter than this make a model unstable (Peduzzi 1995)."""


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
        If there is no event, or no covariate that can be estimated.

    Examples
    --------
    >>> from survival import cox
    >>> fit = cox([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], [1, 0, 1, 0, 1, 0])
    >>> round(float(fit.table["hazard_ratio"][0]), 3)
    2.562
    """
    method = Ties(ties)
    given = require_times(time, event, start=start)
    weight = _require_weights(weights, len(given.stop))
    layers = require_groups(strata, len(given.stop), name="strata")
    design = derive_design(covariates, len(given.stop))
    kept = design.complete
    model = derive_model(given.where(kept), design, layers.codes[kept], weight[kept], method)
    members = None if cluster is None else require_groups(cluster, len(given.stop), name="cluster").codes[kept]
    return _fit(model, members, design.messages, ties=method, confidence=confidence)


def _fit(
    model: CoxModel, cluster: NDArray[np.int64] | None, messages: tuple[str, ...], *, ties: Ties, confidence: float
) -> CoxFit:
    """Maximise and describe."""
    found = maximise(model.sets, model.columns)
    monotone = tuple(term for term, away in zip(model.terms, found.running_away, strict=True) if away)
    ratio = 2 * (found.likelihood.log_likelihood - found.null.log_likelihood)
    likelihood = found.likelihood
    if monotone:
        table, likelihood = fit_firth(model, found.running_away, confidence)
        ratio = 2 * (penalise(likelihood) - penalise(found.null))
    coefficients = likelihood.coefficients
    pairs = compute_pairs(model.sets, model.predict(coefficients))
    inverse = solve(likelihood.information, np.eye(len(model.terms)))
    covariance = inverse if cluster is None else _sandwich(model, likelihood, cluster, inverse)
    if not monotone:
        table = derive_term_table(model.terms, coefficients / model.scale, model.unscale(covariance), confidence)
    return CoxFit(
        table=table,
        log_likelihood=likelihood.log_likelihood,
        null_log_likelihood=found.null.log_likelihood,
        tests=_test(likelihood, found.null, covariance, ratio),
        concordance=pairs.concordance,
        concordance_error=pairs.standard_error,
        n=len(model.times.stop),
        n_events=len(model.sets.event_rows),
        covariance=model.unscale(covariance),
        model_covariance=model.unscale(inverse),
        messages=(*messages, *_warn(model, monotone)),
        monotone=monotone,
        method=Method.FIRTH if monotone else Method.PARTIAL_LIKELIHOOD,
        ties=str(ties),
        confidence=confidence,
        model=model,
        likelihood=likelihood,
    )


def _sandwich(
    model: CoxModel, likelihood: Likelihood, cluster: NDArray[np.int64], inverse: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the robust covariance of the scaled coefficients."""
    residuals = compute_score_residuals(model.sets, model.columns, likelihood)
    return compute_sandwich(residuals, model.sets.weight, cluster, inverse)


def _require_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Take the weights, or 1 for each row."""
    if weights is None:
        return np.ones(n)
    values = numbers(weights, "weights")
    require_same_length({"time": np.empty(n), "weights": values})
    if not (np.isfinite(values) & (values > 0)).all():
        raise UsageError("Weights must be positive numbers; leave out the rows that should not count.")
    return values


def _test(likelihood: Likelihood, null: Likelihood, covariance: NDArray[np.float64], ratio: float) -> pd.DataFrame:
    """Test all coefficients at once, three ways."""
    coefficients = likelihood.coefficients
    wald = float(coefficients @ solve(covariance, coefficients))
    score = float(null.score @ solve(null.information, null.score))
    return derive_test_table(ratio, wald, score, len(coefficients))


def _warn(model: CoxModel, monotone: tuple[str, ...]) -> tuple[str, ...]:
    """Say what a reader of the table must know."""
    messages = []
    if model.dropped:
        messages.append(f"Dropped, constant or determined by the other columns: {', '.join(model.dropped)}.")
    if monotone:
        messages.append(
            f"The events separate the levels of {', '.join(monotone)} completely, so the partial likelihood has no "
            "maximum: estimated with Firth's correction; profile intervals for these, penalised likelihood-ratio test. "
            "Clusters do not widen these intervals."
        )
    n_events, n_terms = len(model.sets.event_rows), len(model.terms)
    if n_events < EVENTS_PER_PARAMETER * n_terms:
        parameters = "1 parameter" if n_terms == 1 else f"{n_terms} parameters"
        messages.append(f"{n_events} events for {parameters}: fewer than {EVENTS_PER_PARAMETER} events per parameter.")
    return tuple(messages)
