"""Newton's method with step halving, for whatever a Cox model maximises, on centred and scaled covariates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import Likelihood
    from survival.partial_likelihood.objective import Objective

MAX_STEPS = 100
MAX_HALVINGS = 30
DECREMENT = 1e-10
"""Stop when the quadratic gain of a step is below this; the step itself then leaves an error of about its square."""
SETTLED = 1e-9
"""Without exact second derivatives: stop when no coefficient moves farther than this."""
SMALLEST_TURN = 1e-3
"""A step over which the slope changed by less than this share of what the curvature foretold does not improve it."""
STILL_MOVING = 0.01
"""A term whose log hazard ratio, over the range of its covariate, moves this far in a step after the likelihood has
settled is running away to infinity: a step to a finite maximum would be about the square of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where Newton's method ended.

    Attributes
    ----------
    likelihood : Likelihood
    next_step : numpy.ndarray
        The step that it would have taken then, shape (n_terms,).
    converged : bool
    """

    likelihood: Likelihood
    next_step: NDArray[np.float64]
    converged: bool


def maximise(
    objective: Objective, begin: NDArray[np.float64], free: NDArray[np.bool_] | None = None, *, exact: bool = True
) -> Maximum:
    """Find the maximum over the free coefficients, the others staying where they begin.

    Parameters
    ----------
    objective : Objective
    begin : numpy.ndarray
        Scaled coefficients, shape (n_terms,).
    free : numpy.ndarray, optional
        bool, shape (n_terms,); all by default.
    exact : bool
        Whether the objective's curvature is its second derivative, so that the last step is quadratic; otherwise it is
        improved from step to step (Broyden-Fletcher-Goldfarb-Shanno).
    """
    moving = np.ones(len(begin), dtype=bool) if free is None else free
    here = objective.evaluate(begin)
    slope, curvature = objective.slope(here), objective.curvature(here)
    step = _derive_step(curvature, slope, moving)
    for _ in range(MAX_STEPS):
        there = _take_step(objective, here, step)
        if not np.isfinite(there.information).all():  # so far out that the risks of some have vanished
            break
        slope_there = objective.slope(there)
        bent = objective.curvature(there) if exact else _bend(curvature, there, here, slope - slope_there)
        settled = float(step @ slope) < DECREMENT and (exact or np.abs(step).max(initial=0.0) < SETTLED)
        here, slope, curvature = there, slope_there, bent
        step = _derive_step(curvature, slope, moving)
        if settled:
            return Maximum(likelihood=here, next_step=step, converged=True)
    return Maximum(likelihood=here, next_step=step, converged=False)


def _derive_step(
    curvature: NDArray[np.float64], slope: NDArray[np.float64], free: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Derive Newton's step of the free coefficients."""
    step = np.zeros(len(free))
    step[free] = solve(curvature[np.ix_(free, free)], slope[free])
    return step


def _bend(
    curvature: NDArray[np.float64], there: Likelihood, here: Likelihood, change: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Improve a curvature by how much the slope changed over a step."""
    moved = there.coefficients - here.coefficients
    carried, turned = float(moved @ change), curvature @ moved
    if carried <= SMALLEST_TURN * float(moved @ turned):
        return curvature
    return np.asarray(curvature + np.outer(change, change) / carried - np.outer(turned, turned) / float(moved @ turned))


def _take_step(objective: Objective, here: Likelihood, step: NDArray[np.float64]) -> Likelihood:
    """Take the step, or the first of its halves that does not lose."""
    before = objective.value(here)
    slack = 1e-12 * (1 + abs(before))
    for halving in range(MAX_HALVINGS):
        with np.errstate(all="ignore"):
            there = objective.evaluate(here.coefficients + step / 2**halving)
            if objective.value(there) >= before - slack:
                return there
    return here


def solve(matrix: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve a symmetric system; a singular one in the least-squares sense."""
    try:
        return np.asarray(np.linalg.solve(matrix, vector))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, vector, rcond=None)[0])
