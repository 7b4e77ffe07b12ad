"""Newton's method for the partial likelihood, with step halving, on centred and scaled covariates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.cox_likelihood import Likelihood, RiskSets, compute_likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 60
MAX_HALVINGS = 30
DECREMENT = 1e-10
"""Stop when the quadratic gain of a step is below this; the step itself then leaves an error of about its square."""
STILL_MOVING = 0.01
"""A coefficient (per standard deviation) that moves this far in the last step is running away to infinity."""
ALIASED = 1e-9
"""A column of which less than this share of its information is its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where Newton's method ended, in scaled coefficients.

    Attributes
    ----------
    coefficients : numpy.ndarray
        Per standard deviation, shape (n_terms,).
    likelihood, null : Likelihood
        At the maximum and at 0.
    running_away : numpy.ndarray
        True for coefficients that grow without bound while the likelihood has settled (monotone likelihood).
    """

    coefficients: NDArray[np.float64]
    likelihood: Likelihood
    null: Likelihood
    running_away: NDArray[np.bool_]


def maximise(sets: RiskSets, columns: NDArray[np.float64]) -> Maximum:
    """Find the maximum of the partial likelihood.

    Parameters
    ----------
    sets : RiskSets
    columns : numpy.ndarray
        Centred and scaled, none aliased, shape (n, n_terms).
    """
    coefficients = np.zeros(columns.shape[1])
    null = here = compute_likelihood(sets, columns, coefficients)
    step = np.zeros_like(coefficients)
    for _ in range(MAX_STEPS):
        step = solve(here.information, here.score)
        gain = float(step @ here.score)
        coefficients, here = _take(sets, columns, coefficients, here, step)
        if gain < DECREMENT:
            break
    return Maximum(coefficients=coefficients, likelihood=here, null=null, running_away=np.abs(step) > STILL_MOVING)


def _take(
    sets: RiskSets,
    columns: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    here: Likelihood,
    step: NDArray[np.float64],
) -> tuple[NDArray[np.float64], Likelihood]:
    """Take the step, or the first of its halves that does not lose likelihood."""
    slack = 1e-12 * (1 + abs(here.log_likelihood))
    for halving in range(MAX_HALVINGS):
        tried = coefficients + step / 2**halving
        with np.errstate(all="ignore"):
            there = compute_likelihood(sets, columns, tried)
        if there.log_likelihood >= here.log_likelihood - slack:
            return tried, there
    return coefficients, here


def solve(matrix: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve a symmetric system; a singular one in the least-squares sense."""
    try:
        return np.asarray(np.linalg.solve(matrix, vector))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, vector, rcond=None)[0])


def find_estimable(sets: RiskSets, columns: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Find the columns that tell something which those before them do not.

    A column is aliased when, within the risk sets, it is constant or a linear function of earlier columns: its pivot in
    the Cholesky factor of the information at 0 vanishes.
    """
    information = compute_likelihood(sets, columns, np.zeros(columns.shape[1])).information
    kept: list[int] = []
    for column in range(len(information)):
        own = information[column, column]
        if kept:
            shared = information[np.ix_(kept, [column])][:, 0]
            own = own - shared @ solve(information[np.ix_(kept, kept)], shared)
        if own > ALIASED * max(information[column, column], np.finfo(np.float64).tiny) and own > ALIASED:
            kept.append(column)
    estimable = np.zeros(len(information), dtype=bool)
    estimable[kept] = True
    return estimable
