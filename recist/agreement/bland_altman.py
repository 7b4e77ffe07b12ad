"""Bland and Altman's limits of agreement between two readers.

The bias is the mean difference, second reader less first; 95 % of differences lie between the limits, bias ± 1.96
standard deviations. Where subjects have several values the standard deviation adds the spread between subjects and
the spread within them.

References
----------
Bland JM, Altman DG. Lancet 1986;1:307-310; Stat Methods Med Res 1999;8:135-160; with repeats: J Biopharm Stat
2007;17:571-582.
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
class LimitsOfAgreement:
    """Bias and limits in the unit of the values, each with its 95 % interval."""

    n: int
    n_subjects: int
    bias: float
    bias_lower: float
    bias_upper: float
    standard_deviation: float
    lower_limit: float
    lower_limit_lower: float
    lower_limit_upper: float
    upper_limit: float
    upper_limit_lower: float
    upper_limit_upper: float


def compute_limits(
    first: NDArray[np.float64], second: NDArray[np.float64], subject: NDArray[np.object_]
) -> LimitsOfAgreement:
    """Compute bias and limits of agreement.

    Parameters
    ----------
    first, second : numpy.ndarray
        The same sizes by either reader; shape (n,).
    subject : numpy.ndarray
        Subject of each pair; shape (n,).
    """
    difference = second - first

    def statistic(use: NDArray[np.bool_]) -> NDArray[np.float64]:
        bias, spread = difference[use].mean(), _spread(difference[use], subject[use])
        return np.array([bias, bias - Z_95 * spread, bias + Z_95 * spread])

    n, n_subjects = len(difference), len(np.unique(subject))
    if n < LEAST_PAIRS:
        middle = np.full(3, np.nan) if not n else np.array([difference[0], np.nan, np.nan])
        spread, half_width = np.nan, np.full(3, np.nan)
    else:
        middle, spread = statistic(np.ones(n, dtype=bool)), _spread(difference, subject)
        half_width = _half_width(spread, n) if n_subjects == n else _t(n_subjects) * jackknife_error(statistic, subject)
    low, high = middle - half_width, middle + half_width
    return LimitsOfAgreement(
        n=n,
        n_subjects=n_subjects,
        bias=float(middle[0]),
        bias_lower=float(low[0]),
        bias_upper=float(high[0]),
        standard_deviation=float(spread),
        lower_limit=float(middle[1]),
        lower_limit_lower=float(low[1]),
        lower_limit_upper=float(high[1]),
        upper_limit=float(middle[2]),
        upper_limit_lower=float(low[2]),
        upper_limit_upper=float(high[2]),
    )


def _t(n: int) -> float:
    from scipy.stats import t as t_distribution

    return float(t_distribution.ppf(TAIL, n - 1))


def _half_width(spread: float, n: int) -> NDArray[np.float64]:
    """Give half the interval of the bias and of either limit (Bland and Altman 1999, section 2)."""
    of_limit = spread * np.sqrt(1 / n + Z_95**2 / (2 * (n - 1)))
    return _t(n) * np.array([spread / np.sqrt(n), of_limit, of_limit])


def _spread(difference: NDArray[np.float64], subject: NDArray[np.object_]) -> float:
    """Give the standard deviation of one difference: between subjects and within them (Bland and Altman 2007)."""
    names, place = np.unique(subject, return_inverse=True)
    n, m = len(difference), len(names)
    if n < LEAST_PAIRS:
        return np.nan
    if m in {n, 1}:
        return float(difference.std(ddof=1))
    counts = np.bincount(place)
    means = np.bincount(place, weights=difference) / counts
    within = ((difference - means[place]) ** 2).sum() / (n - m)
    between = (counts * (means - difference.mean()) ** 2).sum() / (m - 1)
    repeats = (n**2 - (counts**2).sum()) / ((m - 1) * n)
    return float(np.sqrt(within + max((between - within) / repeats, 0)))
