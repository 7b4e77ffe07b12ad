r"""A smooth line through points: least squares on a natural cubic spline, with the band of its mean.

With knots :math:`k_1 < \dots < k_m` at even quantiles of *x* the columns are 1, *x* and

.. math::

    d_j(x) - d_{m-1}(x), \qquad d_j(x) = \frac{(x - k_j)_+^3 - (x - k_m)_+^3}{k_m - k_j}, \qquad j = 1, \dots, m - 2

which is cubic between the knots and straight beyond the outer ones. The band is the fit ± 1.96 standard errors, with
the residual variance.

References
----------
Hastie T, Tibshirani R, Friedman J. The Elements of Statistical Learning. 2nd ed. Springer 2009, section 5.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.normal import two_sided_z

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Smooth:
    """A fitted line with its band, at evenly spaced places."""

    x: NDArray[np.float64]
    fit: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def fit_smooth(
    x: NDArray[np.float64], y: NDArray[np.float64], *, degrees_of_freedom: int = 4, confidence: float = 0.95
) -> Smooth | None:
    """Fit a natural cubic spline with so many degrees of freedom beside the constant.

    Returns
    -------
    Smooth or None
        None where there are too few different points for it.
    """
    different = np.unique(x)
    if len(different) < degrees_of_freedom + 2 or len(x) < degrees_of_freedom + 3:
        return None
    knots = np.quantile(different, np.linspace(0, 1, degrees_of_freedom + 1))
    at = np.linspace(x.min(), x.max(), POINTS)
    columns, ground = _columns(x, knots), _columns(at, knots)
    scale = np.abs(columns).max(axis=0)
    columns, ground = columns / scale, ground / scale
    inverse = np.linalg.pinv(columns.T @ columns)
    coefficients = inverse @ columns.T @ y
    residual = y - columns @ coefficients
    variance = float(residual @ residual) / (len(x) - columns.shape[1])
    fit = ground @ coefficients
    error = np.sqrt(np.maximum(variance * np.einsum("ij,jk,ik->i", ground, inverse, ground), 0))
    width = two_sided_z(confidence) * error
    return Smooth(x=at, fit=fit, lower=fit - width, upper=fit + width)


def _columns(x: NDArray[np.float64], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    last = knots[-1]

    def step(place: int) -> NDArray[np.float64]:
        lifted = np.maximum(x - knots[place], 0) ** 3 - np.maximum(x - last, 0) ** 3
        return np.asarray(lifted / (last - knots[place]))

    bends = [step(place) - step(len(knots) - 2) for place in range(len(knots) - 2)]
    return np.column_stack([np.ones_like(x), x, *bends])
