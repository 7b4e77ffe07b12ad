r"""Difference of two independent shares with Newcombe's interval.

Each share has its Wilson limits l and u; with d = p1 - p2,

.. math:: d - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}, \quad d + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}

References
----------
Newcombe RG. Stat Med 1998;17:873-890 (method 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
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
    difference = first.rate - second.rate
    below = sqrt((first.rate - first.wilson_lower) ** 2 + (second.wilson_upper - second.rate) ** 2)
    above = sqrt((first.wilson_upper - first.rate) ** 2 + (second.rate - second.wilson_lower) ** 2)
    return RateDifference(
        difference=difference,
        lower=difference - below,
        upper=difference + above,
        p_value=fisher_p_value(first.count, first.n, second.count, second.n),
    )


def fisher_p_value(count: int, n: int, other_count: int, other_n: int) -> float:
    """Compute Fisher's exact p of two shares, two-sided: of all tables with these margins, those no likelier.

    Counted in whole numbers, so that equally likely tables are equal.

    Examples
    --------
    >>> round(fisher_p_value(3, 4, 1, 4), 6)
    0.485714
    """
    both = count + other_count
    ways = {k: comb(n, k) * comb(other_n, both - k) for k in range(max(0, both - other_n), min(n, both) + 1)}
    return sum(way for way in ways.values() if way <= ways[count]) / comb(n + other_n, both)
