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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where Newton's method ended, in scaled coefficients.

    Attributes
    ----------
    likelihood, null : Likelihood
        At the maximum and at 0.
    running_away : numpy.ndarray
        True for coefficients that grow without bound while the likelihood has settled (monotone likelihood).
    """

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
    null = here = compute_likelihood(sets, columns, np.zeros(columns.shape[1]))
    step = np.zeros(columns.shape[1])
    for _ in range(MAX_STEPS):
        step = solve(here.information, here.score)
        gain = float(step @ here.score)
        here = _take(sets, columns, here, step)
        if gain < DECREMENT:
            break
    return Maximum(likelihood=here, null=null, running_away=np.abs(step) > STILL_MOVING)


def _take(sets: RiskSets, columns: NDArray[np.float64], here: Likelihood, step: NDArray[np.float64]) -> Likelihood:
    """Take the step, or the first of its halves that does not lose likelihood."""
    slack = 1e-12 * (1 + abs(here.log_likelihood))
    for halving in range(MAX_HALVINGS):
        with np.errstate(all="ignore"):
            there = compute_likelihood(sets, columns, here.coefficients + step / 2**halving)
        if there.log_likelihood >= here.log_likelihood - slack:
            return there
    return here


def solve(matrix: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve a symmetric system; a singular one in the least-squares sense."""
    try:
        return np.asarray(np.linalg.solve(matrix, vector))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, vector, rcond=None)[0])
