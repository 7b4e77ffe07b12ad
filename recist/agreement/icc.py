r"""Intraclass correlation of sizes measured by two or more readers.

The model is two-way random, absolute agreement, single measurement: ICC(2,1) of Shrout and Fleiss, ICC(A,1) of McGraw
and Wong: any reader could have been any other, and a constant difference between readers counts against agreement.
With mean squares of rows (R), columns (C) and error (E), n rows and k readers,

.. math:: ICC = \frac{MS_R - MS_E}{MS_R + (k - 1) MS_E + k (MS_C - MS_E) / n}

Consistency, ICC(3,1) of Shrout and Fleiss, ICC(C,1) of McGraw and Wong, is the same without the columns: of these
readers only, and blind to a constant difference between them.

References
----------
Shrout PE, Fleiss JL. Psychol Bull 1979;86:420-428. McGraw KO, Wong SP. Psychol Methods 1996;1:30-46 (interval).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.agreement.jackknife import jackknife_error
from recist.agreement.kappa import Z_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL = 0.975
LEAST_ROWS = 2


class MeanSquares(NamedTuple):
    """Mean squares of a two-way table without repeats, and its shape."""

    rows: float
    columns: float
    error: float
    n_rows: int
    n_columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ICC:
    """Intraclass correlation with its 95 % interval; NaN where it is not defined."""

    n: int
    n_subjects: int
    icc: float
    lower: float
    upper: float


def compute_icc(values: NDArray[np.float64], subject: NDArray[np.object_] | None = None) -> ICC:
    """Compute the agreement of readers on a size.

    Parameters
    ----------
    values : numpy.ndarray
        One row a lesion or sum, one column a reader, none missing; shape (n, k).
    subject : numpy.ndarray, optional
        Subject of each row; where subjects have several, the interval is found by leaving out one subject at a time.
    """
    n_subjects = len(values) if subject is None else len(np.unique(subject))
    squares = mean_squares(values)
    icc = _icc(squares)
    if subject is None or n_subjects == len(values):
        lower, upper = _interval(squares, icc)
    else:
        error = float(jackknife_error(lambda use: np.array([_icc(mean_squares(values[use]))]), subject)[0])
        lower, upper = max(icc - Z_95 * error, -1.0), min(icc + Z_95 * error, 1.0)
    return ICC(n=len(values), n_subjects=n_subjects, icc=icc, lower=lower, upper=upper)


def compute_consistency(values: NDArray[np.float64], subject: NDArray[np.object_] | None = None) -> ICC:
    """Compute the consistency of readers on a size, ICC(3,1); parameters as in :func:`compute_icc`."""
    n_subjects = len(values) if subject is None else len(np.unique(subject))
    squares = mean_squares(values)
    icc = _consistency(squares)
    if subject is None or n_subjects == len(values):
        lower, upper = _interval_of_consistency(squares, icc)
    else:
        error = float(jackknife_error(lambda use: np.array([_consistency(mean_squares(values[use]))]), subject)[0])
        lower, upper = max(icc - Z_95 * error, -1.0), min(icc + Z_95 * error, 1.0)
    return ICC(n=len(values), n_subjects=n_subjects, icc=icc, lower=lower, upper=upper)


def _consistency(squares: MeanSquares) -> float:
    whole = squares.rows + (squares.n_columns - 1) * squares.error
    return (squares.rows - squares.error) / whole if whole > 0 else np.nan


def _interval_of_consistency(squares: MeanSquares, icc: float) -> tuple[float, float]:
    """Give the interval of Shrout and Fleiss from the F distribution."""
    from scipy.stats import f as f_distribution

    if not np.isfinite(icc) or squares.error <= 0:
        return icc, icc
    n, k = squares.n_rows, squares.n_columns
    ratio, of_rows, of_error = squares.rows / squares.error, n - 1, (n - 1) * (k - 1)
    low = ratio / f_distribution.ppf(TAIL, of_rows, of_error)
    high = ratio * f_distribution.ppf(TAIL, of_error, of_rows)
    return float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))


def mean_squares(values: NDArray[np.float64]) -> MeanSquares:
    """Split the variation of a table into rows, columns and error."""
    n, k = values.shape
    if n < LEAST_ROWS:
        return MeanSquares(np.nan, np.nan, np.nan, n, k)
    of_rows, of_columns, middle = values.mean(axis=1), values.mean(axis=0), values.mean()
    error = values - of_rows[:, None] - of_columns[None, :] + middle
    return MeanSquares(
        rows=float(k * ((of_rows - middle) ** 2).sum() / (n - 1)),
        columns=float(n * ((of_columns - middle) ** 2).sum() / (k - 1)),
        error=float((error**2).sum() / ((n - 1) * (k - 1))),
        n_rows=n,
        n_columns=k,
    )


def _icc(squares: MeanSquares) -> float:
    rows, columns, error, n, k = squares
    whole = rows + (k - 1) * error + k * (columns - error) / n
    return (rows - error) / whole if whole > 0 else np.nan


def _interval(squares: MeanSquares, icc: float) -> tuple[float, float]:
    """Give McGraw and Wong's interval of ICC(A,1)."""
    from scipy.stats import f as f_distribution

    rows, columns, error, n, k = squares
    if not np.isfinite(icc):
        return np.nan, np.nan
    if error <= 0 and columns <= 0:
        return icc, icc  # the readers agree to the last digit
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    freedom = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    above = f_distribution.ppf(TAIL, n - 1, freedom)
    below = f_distribution.ppf(TAIL, freedom, n - 1)
    rest = k * columns + (k * n - k - n) * error
    lower = n * (rows - above * error) / (above * rest + n * rows)
    upper = n * (below * rows - error) / (rest + n * below * rows)
    return float(lower), float(upper)
