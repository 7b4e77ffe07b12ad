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
from survival.cox_design import Design, derive_design
from survival.cox_likelihood import RiskSets, Ties, derive_risk_sets
from survival.cox_newton import Maximum, find_estimable, maximise, solve
from survival.cox_residuals import compute_sandwich, compute_score_residuals
from survival.cox_result import CoxFit, derive_term_table, derive_test_table
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
    >>> round(fit.table["hazard_ratio"][0], 3)
    5.163
    """
    method = Ties(ties)
    given = require_times(time, event, start=start)
    weight = _require_weights(weights, len(given.stop))
    layers = require_groups(strata, len(given.stop), name="strata")
    design = derive_design(covariates, len(given.stop))
    times = given.where(design.complete)
    if not times.event.any():
        raise UsageError("A Cox model needs at least one event; none of the rows used has one.")
    sets = derive_risk_sets(times, layers.codes[design.complete], weight[design.complete], method)
    members = None if cluster is None else require_groups(cluster, len(given.stop), name="cluster")
    return _fit(sets, design, None if members is None else members.codes[design.complete], method, confidence)


def _fit(sets: RiskSets, design: Design, cluster: NDArray[np.int64] | None, ties: Ties, confidence: float) -> CoxFit:
    """Scale, drop what cannot be estimated, maximise, and describe."""
    scale = design.columns.std(axis=0)
    scale[scale == 0] = 1.0
    scaled = (design.columns - design.columns.mean(axis=0)) / scale
    kept = find_estimable(sets, scaled)
    if not kept.any():
        raise UsageError("No covariate varies among the rows at risk together; there is nothing to estimate.")
    columns, scale = np.ascontiguousarray(scaled[:, kept]), scale[kept]
    terms = tuple(term for term, keep in zip(design.terms, kept, strict=True) if keep)
    dropped = tuple(term for term, keep in zip(design.terms, kept, strict=True) if not keep)
    found = maximise(sets, columns)
    monotone = tuple(term for term, away in zip(terms, found.running_away, strict=True) if away)
    inverse = solve(found.likelihood.information, np.eye(len(terms)))
    residuals = None if cluster is None else compute_score_residuals(sets, columns, found.likelihood)
    robust = (
        inverse if cluster is None or residuals is None else compute_sandwich(residuals, sets.weight, cluster, inverse)
    )
    unscale = np.outer(1 / scale, 1 / scale)
    n_events = len(sets.event_rows)
    return CoxFit(
        table=derive_term_table(terms, found.coefficients / scale, robust * unscale, confidence),
        log_likelihood=found.likelihood.log_likelihood,
        null_log_likelihood=found.null.log_likelihood,
        tests=_test(found, robust),
        concordance=compute_pairs(sets, _predict(design.columns[:, kept], found.coefficients / scale)).concordance,
        n=len(sets.first),
        n_events=n_events,
        covariance=robust * unscale,
        model_covariance=inverse * unscale,
        messages=(*design.messages, *_warn(dropped, monotone, n_events, len(terms))),
        dropped=dropped,
        monotone=monotone,
        covariates=tuple(name for name, keep in zip(design.covariates, kept, strict=True) if keep),
        ties=str(ties),
        confidence=confidence,
        _sets=sets,
        _columns=columns * scale,
        _likelihood=found.likelihood,
    )


def _require_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Take the weights, or 1 for each row."""
    if weights is None:
        return np.ones(n)
    values = numbers(weights, "weights")
    require_same_length({"time": np.empty(n), "weights": values})
    if not (np.isfinite(values) & (values > 0)).all():
        raise UsageError("Weights must be positive numbers; leave out the rows that should not count.")
    return values


def _predict(columns: NDArray[np.float64], coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the predictor term by term, so that equal rows get exactly equal predictors."""
    predictor = np.zeros(len(columns))
    for column, coefficient in zip(columns.T, coefficients, strict=True):
        predictor = predictor + column * coefficient
    return predictor


def _test(found: Maximum, covariance: NDArray[np.float64]) -> pd.DataFrame:
    """Test all coefficients at once, three ways."""
    ratio = 2 * (found.likelihood.log_likelihood - found.null.log_likelihood)
    wald = float(found.coefficients @ solve(covariance, found.coefficients))
    score = float(found.null.score @ solve(found.null.information, found.null.score))
    return derive_test_table(ratio, wald, score, len(found.coefficients))


def _warn(dropped: tuple[str, ...], monotone: tuple[str, ...], n_events: int, n_terms: int) -> tuple[str, ...]:
    """Say what a reader of the table must know."""
    messages = []
    if dropped:
        messages.append(f"Dropped, constant or determined by the other columns: {', '.join(dropped)}.")
    if monotone:
        messages.append(
            f"No finite estimate for {', '.join(monotone)}: the events separate its levels completely (monotone "
            "likelihood). The figures of the table for it mean nothing; use Firth's correction or merge levels."
        )
    if n_events < EVENTS_PER_PARAMETER * n_terms:
        messages.append(
            f"{n_events} events for {n_terms} parameters: fewer than {EVENTS_PER_PARAMETER} events per parameter."
        )
    return tuple(messages)
