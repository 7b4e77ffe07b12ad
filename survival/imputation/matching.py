"""Numbers by predictive mean matching: a missing value is taken from one of the patients predicted nearest to it.

A linear model is fitted to those observed, its parameters are drawn from their posterior distribution, and each missing
value is copied from one of the five observed patients whose prediction (with the estimate) is nearest to the patient's
own (with the draw). Imputed values are therefore values that occur, whatever their distribution.

References
----------
Little RJA. J Bus Econ Stat 1988;6:287-296. Morris TP, White IR, Royston P. BMC Med Res Methodol 2014;14:75.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DONORS = 5
RIDGE = 1e-5
"""Added to the information of each coefficient, as a share of it, so that aliased predictors do no harm."""


def draw_numbers(
    values: NDArray[np.float64],
    known: NDArray[np.float64],
    asked: NDArray[np.float64],
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw values for the rows asked.

    Parameters
    ----------
    values : numpy.ndarray
        Observed, shape (n_known,).
    known, asked : numpy.ndarray
        Predictors with a column of ones, shape (n_known, n_predictors) and (n_asked, n_predictors).
    generator : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        Shape (n_asked,).
    """
    estimate, drawn = draw_linear(values, known, generator)
    distance = np.abs((asked @ drawn)[:, None] - (known @ estimate)[None, :])
    donors = min(DONORS, len(values))
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    chosen = generator.integers(donors, size=len(asked))
    return np.asarray(values[nearest[np.arange(len(asked)), chosen]])


def draw_linear(
    values: NDArray[np.float64], predictors: NDArray[np.float64], generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimate a linear model, and draw its coefficients from their posterior with a flat prior."""
    information = predictors.T @ predictors
    information[np.diag_indices_from(information)] *= 1 + RIDGE
    information[np.diag_indices_from(information)] += RIDGE
    estimate = np.linalg.solve(information, predictors.T @ values)
    residuals = values - predictors @ estimate
    freedom = max(len(values) - predictors.shape[1], 1)
    deviation = np.sqrt(residuals @ residuals / generator.chisquare(freedom))
    root = np.linalg.cholesky(information)
    noise = np.linalg.solve(root.T, generator.standard_normal(len(estimate)))
    return np.asarray(estimate), np.asarray(estimate + deviation * noise)
