"""The time at which a survival curve comes down to a level, with R's rule for a curve that rests on the level.

If the curve has a flat stretch exactly at the level, the answer is the middle of that stretch (from the event that
brought it there to the next event, or to the last time of follow-up). Confidence limits are the times at which the
pointwise band first comes down to the same level; with late entry a band can rise again, which changes nothing.

References
----------
Brookmeyer R, Crowley J. A confidence interval for the median survival time. Biometrics 1982;38:29-41.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
"""Distance from the level that counts as lying on it: a product of fractions is rarely exact."""


def compute_quantile(times: NDArray[np.float64], curve: NDArray[np.float64], level: float) -> float:
    """Find when a falling step curve comes down to ``level``.

    Parameters
    ----------
    times : numpy.ndarray
        Increasing times of the steps, shape (n,).
    curve : numpy.ndarray
        Value from each time on, shape (n,); NaN where there is none, which never counts as having come down.
    level : float
        Height of the horizontal line, e.g. 0.5 for the median.

    Returns
    -------
    float
        The time, in the unit of ``times``; NaN when the curve stays above the level.

    Examples
    --------
    >>> times = np.array([1.0, 2.0, 4.0])
    >>> compute_quantile(times, np.array([0.8, 0.5, 0.2]), 0.5), compute_quantile(times, np.array([0.8, 0.4, 0.2]), 0.5)
    (3.0, 2.0)
    """
    known = ~np.isnan(curve)
    if not known.any():
        return float("nan")
    known_times, heights = times[known], curve[known]
    reached = np.flatnonzero(heights <= level + TOLERANCE)
    if reached.size == 0:
        return float("nan")
    first = int(reached[0])
    if heights[first] < level - TOLERANCE:
        return float(known_times[first])
    below = np.flatnonzero(heights < level - TOLERANCE)
    end = known_times[below[0]] if below.size else known_times[-1]
    return float((known_times[first] + end) / 2)


def require_probability(probability: float) -> float:
    """Give the probability if it lies between 0 and 1.

    Raises
    ------
    UsageError
        If it does not.
    """
    if not isinstance(probability, int | float | np.number):
        raise UsageError("probability is one number between 0 and 1; call again for another.")
    if not 0 < probability < 1:
        raise UsageError(f"probability {probability:g} must lie between 0 and 1, such as 0.5 for the median.")
    return probability
