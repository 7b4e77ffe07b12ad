"""Pointwise bands around a curve of shares, symmetric on a chosen scale.

References
----------
Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. Wiley 1980 (log-log scale).
Borgan Ø, Liestøl K. Scand J Stat 1990;17:35-41.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError
from survival.normal import two_sided_z

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Interval(StrEnum):
    """The scale on which the pointwise band is symmetric."""

    LOG_LOG = "log-log"
    LOG = "log"
    PLAIN = "plain"


def require_interval(interval: str) -> Interval:
    """Read the name of a scale.

    Raises
    ------
    UsageError
        If there is no such scale.
    """
    if interval not in set(Interval):
        raise UsageError(f"interval {interval!r} is not known; choose one of {', '.join(Interval)}.")
    return Interval(interval)


def require_confidence(confidence: float) -> float:
    """Give the confidence if it lies between 0 and 1 (0.95, not 95)."""
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence:g} must lie between 0 and 1, such as 0.95.")
    return confidence


def confidence_band(
    share: NDArray[np.float64], relative_error: NDArray[np.float64], confidence: float, interval: Interval
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the pointwise band, kept within 0 and 1.

    Parameters
    ----------
    share : numpy.ndarray
        The curve, between 0 and 1, shape (n,).
    relative_error : numpy.ndarray
        Standard error divided by the share, which is that of its logarithm, shape (n,).
    confidence : float
    interval : Interval

    Returns
    -------
    lower, upper : numpy.ndarray
        NaN where the share is 0; on the log-log scale also where it is 1.
    """
    z = two_sided_z(confidence)
    curve = np.where(share > 0, share, np.nan)
    width = z * relative_error
    if interval is Interval.PLAIN:
        return np.clip(curve - width * curve, 0, 1), np.clip(curve + width * curve, 0, 1)
    if interval is Interval.LOG:
        return curve * np.exp(-width), np.minimum(curve * np.exp(width), 1)
    started = np.where(curve < 1, curve, np.nan)
    scaled = width / np.log(started)
    return started ** np.exp(-scaled), started ** np.exp(scaled)
