r"""Difference of two independent shares with Newcombe's interval.

Each share has its Wilson limits l and u; with d = p1 - p2,

.. math:: d - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}, \quad d + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}

References
----------
Newcombe RG. Stat Med 1998;17:873-890 (method 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survival.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDifference:
    """First share less the second, between -1 and 1; p by Fisher's exact test, NaN where a side has nobody."""

    difference: float
    lower: float
    upper: float
    p_value: float


def rate_difference(first: Rate, second: Rate) -> RateDifference:
    """Compare two shares.

    Examples
    --------
    >>> from survival.rates import rate
    >>> found = rate_difference(rate(56, 70), rate(48, 80))
    >>> f"{found.difference:.4f} {found.lower:.4f} {found.upper:.4f}"
    '0.2000 0.0524 0.3339'
    """
    if not (first.n and second.n):
        return RateDifference(difference=float("nan"), lower=float("nan"), upper=float("nan"), p_value=float("nan"))
    from scipy.stats import fisher_exact

    difference = first.rate - second.rate
    below = sqrt((first.rate - first.wilson_lower) ** 2 + (second.wilson_upper - second.rate) ** 2)
    above = sqrt((first.wilson_upper - first.rate) ** 2 + (second.rate - second.wilson_lower) ** 2)
    table = [[first.count, first.n - first.count], [second.count, second.n - second.count]]
    return RateDifference(
        difference=difference,
        lower=difference - below,
        upper=difference + above,
        p_value=float(fisher_exact(table).pvalue),
    )
