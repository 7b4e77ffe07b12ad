"""A Cox model made ready: risk sets, and covariates centred, scaled and freed of columns that tell nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError
from survival.cox_likelihood import RiskSets, Ties, compute_likelihood, derive_risk_sets
from survival.cox_newton import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.cox_design import Design
    from survival.times import Times

ALIASED = 1e-9
"""A column of which less than this share of its information is its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxModel:
    """The rows and columns that a Cox model is fitted to.

    Attributes
    ----------
    times : Times
        Of the complete rows.
    sets : RiskSets
    columns : numpy.ndarray
        Covariates minus ``centre``, divided by ``scale``, shape (n, n_terms).
    centre, scale : numpy.ndarray
        Mean and standard deviation of each column, shape (n_terms,).
    terms, covariates : tuple of str
        Name of each column, and the covariate it comes from.
    dropped : tuple of str
        Terms left out because they are constant or determined by those before them.
    """

    times: Times
    sets: RiskSets
    columns: NDArray[np.float64]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    terms: tuple[str, ...]
    covariates: tuple[str, ...]
    dropped: tuple[str, ...]

    def unscale(self, covariance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn a covariance of scaled coefficients into one in the units of the covariates."""
        return np.asarray(covariance / np.outer(self.scale, self.scale))

    def predict(self, coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the predictor up term by term, so that equal rows get exactly equal predictors, shape (n,)."""
        predictor = np.zeros(len(self.columns))
        for column, coefficient in zip(self.columns.T, coefficients, strict=True):
            predictor = predictor + column * coefficient
        return predictor


def derive_model(
    times: Times, design: Design, strata: NDArray[np.int64], weight: NDArray[np.float64], ties: Ties
) -> CoxModel:
    """Scale the covariates and drop what cannot be estimated.

    Raises
    ------
    UsageError
        If there is no event or nothing to estimate.
    """
    if not times.event.any():
        raise UsageError("A Cox model needs at least one event; none of the rows used has one.")
    sets = derive_risk_sets(times, strata, weight, ties)
    centre, spread = design.columns.mean(axis=0), design.columns.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    scaled = (design.columns - centre) / scale
    kept = find_estimable(sets, scaled)
    if not kept.any():
        raise UsageError("No covariate varies among the rows at risk together; there is nothing to estimate.")
    return CoxModel(
        times=times,
        sets=sets,
        columns=np.ascontiguousarray(scaled[:, kept]),
        centre=centre[kept],
        scale=scale[kept],
        terms=_pick(design.terms, kept),
        covariates=_pick(design.covariates, kept),
        dropped=_pick(design.terms, ~kept),
    )


def _pick(names: tuple[str, ...], kept: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(names, kept, strict=True) if keep)


def find_estimable(sets: RiskSets, columns: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Find the columns that tell something which those before them do not.

    A column is aliased when, within the risk sets, it is constant or a linear function of earlier columns: its pivot in
    the Cholesky factor of the information at 0 vanishes. ``columns`` have standard deviation 1 or 0.
    """
    information = compute_likelihood(sets, columns, np.zeros(columns.shape[1])).information
    kept: list[int] = []
    for column in range(len(information)):
        own = information[column, column]
        if kept:
            shared = information[np.ix_(kept, [column])][:, 0]
            own = own - shared @ solve(information[np.ix_(kept, kept)], shared)
        if own > ALIASED * max(information[column, column], 1.0):
            kept.append(column)
    estimable = np.zeros(len(information), dtype=bool)
    estimable[kept] = True
    return estimable
