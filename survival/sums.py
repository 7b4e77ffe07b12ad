"""Sums of products that come out the same on any number of threads.

A linear-algebra library splits long sums between threads, so their last digits depend on how many there are. These
sums are taken in one fixed order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def weigh_rows(weight: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum rows, each times its weight, shape (n, k) to (k,)."""
    return np.asarray(np.einsum("i,ij->j", weight, values))


def weigh_numbers(weight: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Sum numbers, each times its weight."""
    return float((weight * values).sum())


def cross_products(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the rows the products of each column of one with each of the other, (n, j) and (n, k) to (j, k)."""
    return np.asarray(np.einsum("ij,ik->jk", left, right))


def turn_rows(values: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply each row by a small matrix, (n, j) and (j, k) to (n, k)."""
    return np.asfortranarray(np.einsum("ij,jk->ik", values, matrix))


def add_terms(columns: NDArray[np.float64], coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the linear predictor up term by term, so that equal rows get exactly equal predictors, shape (n,)."""
    predictor = np.zeros(len(columns))
    for column, coefficient in zip(columns.T, coefficients, strict=True):
        predictor += column * coefficient
    return predictor
