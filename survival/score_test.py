r"""The chi-squared test of sums of observed minus expected: of any difference between groups, or of a trend over them.

.. math:: U' V^{-} U, \qquad (w'U)^2 / w'Vw

The sums of all groups add up to 0, so *V* has at most k - 1 free directions; groups that are never at risk together
with others take away further ones. Its rank is the degrees of freedom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_EIGENVALUE = 1e-9
"""Share of the largest eigenvalue of the scaled covariance below which a direction counts as not free."""


def compute_any_difference(excess: NDArray[np.float64], covariance: NDArray[np.float64]) -> tuple[float, int]:
    """Test all free differences.

    Parameters
    ----------
    excess : numpy.ndarray
        Observed minus expected of each group, shape (k,).
    covariance : numpy.ndarray
        Shape (k, k).

    Returns
    -------
    statistic : float
        NaN when nothing is free.
    degrees_of_freedom : int
    """
    informative = np.flatnonzero(np.diag(covariance) > 0)
    if informative.size == 0:
        return float("nan"), 0
    scale = np.sqrt(np.diag(covariance)[informative])
    values, vectors = np.linalg.eigh(covariance[np.ix_(informative, informative)] / np.outer(scale, scale))
    free = values > SMALLEST_EIGENVALUE * values.max()
    along = vectors[:, free].T @ (excess[informative] / scale)
    return float((along**2 / values[free]).sum()), int(free.sum())


def compute_trend(
    excess: NDArray[np.float64], covariance: NDArray[np.float64], scores: NDArray[np.float64]
) -> tuple[float, int]:
    """Test the linear trend over scores of the groups, on one degree of freedom."""
    centred = scores - scores.mean()
    variance = float(centred @ covariance @ centred)
    smallest = SMALLEST_EIGENVALUE * float((centred**2) @ np.diag(covariance))
    return (float((centred @ excess) ** 2 / variance), 1) if variance > smallest else (float("nan"), 0)
