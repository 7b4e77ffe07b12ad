"""What a reader of a Cox model must know beside its table: dropped columns, separation, few events, doubtful tests.

References
----------
Peduzzi P et al. J Clin Epidemiol 1995;48:1503-1510 (events per parameter).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.partial_likelihood.model import find_nearly_aliased
from survival.partial_likelihood.profile import find_disagreements
from survival.words.phrases import interval_phrase, p_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from survival.partial_likelihood.result import CoxFit

EVENTS_PER_PARAMETER = 10
"""Fewer events per parameter than this make a model unstable (Peduzzi 1995)."""
SINGULAR = 1e-10
"""Share of the largest eigenvalue below which the correlations of the coefficients leave a direction without any
variance."""


def derive_messages(fit: CoxFit, *, converged: bool) -> tuple[str, ...]:
    """Say what to beware of."""
    return (
        *_say_unsettled(converged=converged),
        *_say_dropped(fit),
        *_say_separated(fit),
        *_say_ridge(fit),
        *_say_few_clusters(fit),
        *_say_few_events(fit),
        *_say_disagreements(fit),
    )


def _say_unsettled(*, converged: bool) -> Iterator[str]:
    if not converged:
        yield "The likelihood did not settle at a maximum; do not use these estimates."


def _say_dropped(fit: CoxFit) -> Iterator[str]:
    """Name the columns left out and those that nearly were."""
    if fit.model.dropped:
        listed = ", ".join(f"{term} ({why})" for term, why in fit.model.dropped.items())
        yield f"Dropped, constant or determined by the other columns: {listed}."
    near = find_nearly_aliased(fit.model.terms, fit.objective.curvature(fit.likelihood))
    if near:
        yield (
            f"Nearly determined by the other columns: {', '.join(near)}. Their separate hazard ratios mean little; "
            "leave one out."
        )


def _say_separated(fit: CoxFit) -> Iterator[str]:
    if fit.monotone:
        clusters = " Clusters do not widen these intervals." if fit.robust else ""
        yield (
            f"The events separate the levels of {', '.join(fit.monotone)} completely, so the partial likelihood has no "
            "maximum: estimated with Firth's correction; profile intervals for these, penalised likelihood-ratio test."
            f"{clusters}"
        )


def has_full_rank(covariance: NDArray[np.float64]) -> bool:
    """Tell whether every combination of the coefficients has a variance."""
    error = np.sqrt(np.diag(covariance))
    if not (np.isfinite(error).all() and (error > 0).all()):
        return False
    values = np.linalg.eigvalsh(covariance / np.outer(error, error))
    return bool(values[0] > SINGULAR * values[-1])


def _say_few_clusters(fit: CoxFit) -> Iterator[str]:
    if fit.robust and not has_full_rank(fit.covariance):
        yield (
            "Too few clusters vary for so many terms: the robust covariance is singular. There is no Wald test of all "
            "terms, and the robust standard errors cannot be trusted."
        )


def _say_ridge(fit: CoxFit) -> Iterator[str]:
    if fit.ridge is not None:
        yield (
            f"Ridge with θ = {fit.ridge:g}: hazard ratios are drawn towards 1, so that their intervals do not cover as "
            "unpenalised ones do."
        )


def _say_few_events(fit: CoxFit) -> Iterator[str]:
    n_terms = len(fit.model.terms)
    if fit.n_events < EVENTS_PER_PARAMETER * n_terms:
        parameters = "1 parameter" if n_terms == 1 else f"{n_terms} parameters"
        events = "1 event" if fit.n_events == 1 else f"{fit.n_events} events"
        yield f"{events} for {parameters}: fewer than {EVENTS_PER_PARAMETER} events per parameter."


def _say_disagreements(fit: CoxFit) -> Iterator[str]:
    """Give the profile interval of the terms of which Wald's and the likelihood-ratio test disagree."""
    if fit.monotone or fit.robust or fit.ridge is not None:
        return
    wald = fit.table["p_value"].to_numpy()
    for term, p_value in find_disagreements(fit.objective, fit.likelihood, wald, fit.confidence):
        row = fit.table.iloc[term]
        phrase = interval_phrase(
            row["hazard_ratio"], *fit.hazard_limits(fit.profile(term)), confidence=fit.confidence, missing="unbounded"
        )
        yield (
            f"{row['term']}: Wald's test ({p_phrase(row['p_value'])}) and the likelihood-ratio test "
            f"({p_phrase(p_value)}) disagree; by the profile likelihood HR {phrase}."
        )
