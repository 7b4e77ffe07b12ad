"""A Cox model made ready: risk sets, and covariates centred, scaled and freed of columns that tell nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError
from survival.partial_likelihood.likelihood import RiskSets, Ties, compute_likelihood, derive_risk_sets
from survival.partial_likelihood.newton import solve
from survival.sums import add_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.design import Design, Layout
    from survival.times import Groups, Times

ALIASED = 1e-9
"""A column of which less than this share of its information is its own."""
VISIBLE = 1e-6
"""A column counts as a source of an aliased one with a coefficient (per standard deviation) above this."""
INFLATED = 100.0
"""Variance inflation factor above which a term is said to be nearly determined by the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxModel:
    """The rows and columns that a Cox model is fitted to.

    Attributes
    ----------
    times : Times
        Of the complete rows.
    rows : numpy.ndarray
        Their places among the rows given, shape (n,).
    strata : Groups
        Stratum of each complete row.
    sets : RiskSets
    columns : numpy.ndarray
        Covariates minus ``centre``, divided by ``scale``, shape (n, n_terms).
    centre, scale : numpy.ndarray
        Mean and standard deviation of each column, shape (n_terms,).
    terms, covariates : tuple of str
        Name of each column, and the covariate it comes from.
    layout : tuple of Layout
        How covariates become columns, dropped ones included.
    dropped : dict of str to str
        Terms left out because they are constant or determined by those before them, and which it is.
    """

    times: Times
    rows: NDArray[np.int64]
    strata: Groups
    sets: RiskSets
    columns: NDArray[np.float64]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    terms: tuple[str, ...]
    covariates: tuple[str, ...]
    layout: tuple[Layout, ...]
    dropped: dict[str, str]

    def unscale(self, covariance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn a covariance of scaled coefficients into one in the units of the covariates."""
        return np.asarray(covariance / np.outer(self.scale, self.scale))

    def predict(self, coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute the linear predictor of each row, shape (n,)."""
        return add_terms(self.columns, coefficients)


def derive_model(
    times: Times, design: Design, strata: Groups, weight: NDArray[np.float64], ties: Ties, *, ridge: bool = False
) -> CoxModel:
    """Scale the covariates and drop what cannot be estimated; a ridge can estimate aliased columns, not constant ones.

    Raises
    ------
    UsageError
        If there is no event or nothing to estimate.
    """
    if not times.event.any():
        raise UsageError("A Cox model needs at least one event; none of the rows used has one.")
    sets = derive_risk_sets(times, strata.codes, weight, ties)
    centre, spread = design.columns.mean(axis=0), design.columns.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    scaled = (design.columns - centre) / scale
    dropped = find_aliased(sets, scaled, design.terms, constant_only=ridge)
    kept = np.array([term not in dropped for term in design.terms], dtype=bool)
    if not kept.any():
        raise UsageError("No covariate varies among the rows at risk together; there is nothing to estimate.")
    return CoxModel(
        times=times,
        rows=np.flatnonzero(design.complete),
        strata=strata,
        sets=sets,
        columns=np.asfortranarray(scaled[:, kept]),
        centre=centre[kept],
        scale=scale[kept],
        terms=_pick(design.terms, kept),
        covariates=_pick(design.covariates, kept),
        layout=design.layout,
        dropped=dropped,
    )


def _pick(names: tuple[str, ...], kept: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(names, kept, strict=True) if keep)


def find_aliased(
    sets: RiskSets, columns: NDArray[np.float64], terms: tuple[str, ...], *, constant_only: bool = False
) -> dict[str, str]:
    """Find the terms that tell nothing which those before them do not, and say why.

    A column is aliased when, within the risk sets, it is constant or a linear function of earlier columns: its pivot in
    the Cholesky factor of the information at 0 vanishes. ``columns`` have standard deviation 1 or 0.
    """
    information = compute_likelihood(sets, columns, np.zeros(columns.shape[1])).information
    kept: list[int] = []
    dropped: dict[str, str] = {}
    for column, term in enumerate(terms):
        own, by = information[column, column], np.empty(0)
        if own <= ALIASED:
            dropped[term] = "constant"
            continue
        if kept and not constant_only:
            by = solve(information[np.ix_(kept, kept)], information[kept, column])
        if own - information[kept, column][: len(by)] @ by > ALIASED * max(own, 1.0):
            kept.append(column)
        else:
            sources = [terms[place] for place, share in zip(kept, by, strict=True) if abs(share) > VISIBLE]
            dropped[term] = f"determined by {' and '.join(sources)}"
    return dropped


def find_nearly_aliased(terms: tuple[str, ...], information: NDArray[np.float64]) -> tuple[str, ...]:
    """Find the terms of whose information the other terms share all but a hundredth (variance inflated over 100)."""
    inflation = np.diag(information) * np.diag(solve(information, np.eye(len(information))))
    return tuple(term for term, factor in zip(terms, inflation, strict=True) if factor > INFLATED)
