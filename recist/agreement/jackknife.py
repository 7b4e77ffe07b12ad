"""Standard errors that know that time points of one subject are not independent: leave out one subject at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LEAST_SUBJECTS = 3


def jackknife_error(
    statistic: Callable[[NDArray[np.bool_]], NDArray[np.float64]], subject: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Compute the standard error of a statistic by leaving out each subject in turn.

    Parameters
    ----------
    statistic : callable
        Takes which entries to use, shape (n,), and gives the statistic, shape (k,).
    subject : numpy.ndarray
        The subject of each entry; shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (k,); NaN with fewer than three subjects, or where the statistic is not defined without one of them.

    Notes
    -----
    Efron B, Tibshirani RJ. An Introduction to the Bootstrap. 1993, chapter 11: the delete-one estimate over m
    clusters, ``sqrt((m - 1) / m * sum((s_i - mean(s))**2))``.
    """
    names, place = np.unique(subject, return_inverse=True)
    if len(names) < LEAST_SUBJECTS:
        return np.full_like(statistic(np.ones(len(subject), dtype=bool)), np.nan)
    without = np.array([statistic(place != number) for number in range(len(names))])
    spread: NDArray[np.float64] = np.sqrt((len(names) - 1) * without.var(axis=0))
    return spread
