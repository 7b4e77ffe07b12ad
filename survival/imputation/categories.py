"""Categories by Bayesian logistic models: binary, unordered (multinomial) and ordered (continuation ratios).

Coefficients are drawn from the normal approximation of their posterior, then categories from the chances they give.
Observed rows are joined by pseudo-observations, two a predictor and category, half a standard deviation either side of
the mean, that together weigh as much as the model has parameters a category. They keep estimates finite where a
predictor separates the categories, and hardly matter elsewhere.

References
----------
White IR, Daniel R, Royston P. Avoiding bias due to perfect prediction in multiple imputation of incomplete categorical
variables. Comput Stat Data Anal 2010;54:2267-2275. Fienberg SE. The Analysis of Cross-Classified Categorical Data. MIT
Press 1980 (continuation ratios).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 50
CONVERGED = 1e-8
RIDGE = 1e-6
LONGEST_STEP = 5.0
"""Largest change of a coefficient in one step."""
HALF = 0.5


def draw_categories(
    codes: NDArray[np.int64],
    known: NDArray[np.float64],
    asked: NDArray[np.float64],
    generator: np.random.Generator,
    *,
    n_levels: int,
) -> NDArray[np.float64]:
    """Draw a category for each row asked; with two levels the model is the logistic one.

    Parameters
    ----------
    codes : numpy.ndarray
        Observed categories 0, 1, …, shape (n_known,).
    known, asked : numpy.ndarray
        Predictors with a column of ones first, shape (n_known, n_predictors) and (n_asked, n_predictors).
    generator : numpy.random.Generator
    n_levels : int

    Returns
    -------
    numpy.ndarray
        Codes, shape (n_asked,).
    """
    if n_levels == 1:
        return np.zeros(len(asked))
    rows, labels, weight = augment(known, codes, n_levels)
    coefficients, information = fit_multinomial(rows, labels, weight, n_levels)
    root = np.linalg.cholesky(information)
    noise = np.linalg.solve(root.T, generator.standard_normal(len(information)))
    drawn = coefficients + noise.reshape(coefficients.shape)
    chances = compute_chances(asked, drawn)
    return np.asarray((chances.cumsum(axis=1) < generator.random(len(asked))[:, None]).sum(axis=1), dtype=np.float64)


def draw_ordered(
    codes: NDArray[np.int64],
    known: NDArray[np.float64],
    asked: NDArray[np.float64],
    generator: np.random.Generator,
    *,
    n_levels: int,
) -> NDArray[np.float64]:
    """Draw an ordered category: whether it lies beyond the first, then beyond the second, each by a logistic model."""
    drawn = np.zeros(len(asked))
    going = np.full(len(asked), True)
    for level in range(n_levels - 1):
        at_least = codes >= level
        further = (codes[at_least] > level).astype(np.int64)
        goes_on = draw_categories(further, known[at_least], asked, generator, n_levels=2) > 0
        going &= goes_on
        drawn += going
    return drawn


def augment(
    known: NDArray[np.float64], codes: NDArray[np.int64], n_levels: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Add the pseudo-observations: rows, their categories and weights."""
    n_predictors = known.shape[1]
    mean, spread = known.mean(axis=0), known.std(axis=0)
    shifts = np.concatenate([np.diag(spread), -np.diag(spread)]) * HALF
    varying = np.abs(shifts).sum(axis=1) > 0
    pseudo = np.repeat(mean + shifts[varying], n_levels, axis=0)
    labels = np.tile(np.arange(n_levels), int(varying.sum()))
    share = n_predictors / max(len(pseudo), 1)
    weight = np.concatenate([np.ones(len(known)), np.full(len(pseudo), share)])
    return np.concatenate([known, pseudo]), np.concatenate([codes, labels]), weight


def compute_chances(rows: NDArray[np.float64], coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chance of each category, shape (n, n_levels); the first is the reference."""
    linear = np.column_stack([np.zeros(len(rows)), rows @ coefficients.T])
    odds = np.exp(linear - linear.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_multinomial(
    rows: NDArray[np.float64], codes: NDArray[np.int64], weight: NDArray[np.float64], n_levels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Maximise the weighted multinomial likelihood by Newton's method, with a trace of a ridge.

    Returns
    -------
    coefficients : numpy.ndarray
        Of each category but the first, shape (n_levels - 1, n_predictors).
    information : numpy.ndarray
        Shape (k, k) with k the number of coefficients.
    """
    shape = (n_levels - 1, rows.shape[1])
    coefficients = np.zeros(shape)
    observed = np.asarray(codes[:, None] == np.arange(1, n_levels), dtype=np.float64)
    information = np.eye(coefficients.size)
    for _ in range(MAX_STEPS):
        chances = compute_chances(rows, coefficients)[:, 1:]
        slope = ((observed - chances) * weight[:, None]).T @ rows - RIDGE * coefficients
        information = _information(rows, chances, weight)
        step = np.linalg.solve(information, slope.ravel())
        step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), CONVERGED))
        coefficients = coefficients + step.reshape(shape)
        if np.abs(step).max() < CONVERGED:
            break
    return coefficients, information


def _information(
    rows: NDArray[np.float64], chances: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the information of all categories' coefficients together."""
    n_free, n_predictors = chances.shape[1], rows.shape[1]
    blocks = np.empty((n_free, n_predictors, n_free, n_predictors))
    for first in range(n_free):
        for second in range(n_free):
            own = chances[:, first] if first == second else 0.0
            covariance = weight * (own - chances[:, first] * chances[:, second])
            blocks[first, :, second, :] = (rows * covariance[:, None]).T @ rows
    information = blocks.reshape(n_free * n_predictors, -1)
    return np.asarray(information + RIDGE * np.eye(len(information)))
