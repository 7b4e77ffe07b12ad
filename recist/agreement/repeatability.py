r"""The repeatability coefficient: what two measurements of the same size stay within, 95 times in 100.

With the difference d of the two measurements of each of n sizes, the standard deviation within is
:math:`s_w = \sqrt{\sum d^2 / 2n}` and the coefficient :math:`1.96 \sqrt{2} s_w`. A constant difference between readers
counts, as it does when one of them measures today and the other tomorrow; between readers it is also called the
reproducibility coefficient.

References
----------
Bland JM, Altman DG. Stat Methods Med Res 1999;8:135-160. Raunig DL, et al. Stat Methods Med Res 2015;24:27-67.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.agreement.jackknife import jackknife_error
from recist.agreement.kappa import Z_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL = 0.975
LEAST_PAIRS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """The coefficient in the unit of the values with its 95 % interval; NaN where it is not defined."""

    n: int
    n_subjects: int
    coefficient: float
    lower: float
    upper: float


def compute_repeatability(
    first: NDArray[np.float64], second: NDArray[np.float64], subject: NDArray[np.object_]
) -> Repeatability:
    """Compute the repeatability coefficient of pairs of measurements.

    Parameters
    ----------
    first, second : numpy.ndarray
        The same sizes twice; shape (n,).
    subject : numpy.ndarray
        Subject of each pair; where subjects have several, the interval is found by leaving out one subject at a time.

    Examples
    --------
    >>> import numpy as np
    >>> names = np.array(["A", "B"], dtype=object)
    >>> found = compute_repeatability(np.array([10.0, 20.0]), np.array([12.0, 18.0]), names)
    >>> round(found.coefficient, 2)
    3.92
    """
    difference = second - first
    n, n_subjects = len(difference), len(np.unique(subject))
    coefficient, lower, upper = np.nan, np.nan, np.nan
    if n >= LEAST_PAIRS:
        coefficient = _coefficient(difference)
        lower, upper = _interval(difference, subject) if n_subjects < n else _chi_squared_interval(coefficient, n)
    return Repeatability(n=n, n_subjects=n_subjects, coefficient=coefficient, lower=lower, upper=upper)


def _coefficient(difference: NDArray[np.float64]) -> float:
    return float(Z_95 * np.sqrt((difference**2).mean()))


def _chi_squared_interval(coefficient: float, n: int) -> tuple[float, float]:
    from scipy.stats import chi2

    lower, upper = (coefficient * np.sqrt(n / chi2.ppf(tail, n)) for tail in (TAIL, 1 - TAIL))
    return float(lower), float(upper)


def _interval(difference: NDArray[np.float64], subject: NDArray[np.object_]) -> tuple[float, float]:
    """Leave out one subject at a time, on the scale of the logarithm."""
    from scipy.stats import t as t_distribution

    n_subjects, coefficient = len(np.unique(subject)), _coefficient(difference)
    if n_subjects < LEAST_PAIRS or coefficient == 0:
        return np.nan, np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        error = jackknife_error(lambda use: np.log(np.array([_coefficient(difference[use])])), subject)[0]
    width = np.exp(t_distribution.ppf(TAIL, n_subjects - 1) * error)
    return float(coefficient / width), float(coefficient * width)
