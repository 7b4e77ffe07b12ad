"""Numbers as a paper prints them: p to three decimals, hazard ratios to two, "not reached" spelled out."""

from __future__ import annotations

import math

SMALLEST_P = 0.001


def p_phrase(p_value: float) -> str:
    """Give ``p = 0.023`` or ``p < 0.001``.

    Examples
    --------
    >>> p_phrase(0.0226), p_phrase(1e-8)
    ('p = 0.023', 'p < 0.001')
    """
    if math.isnan(p_value):
        return "p not available"
    return f"p < {SMALLEST_P}" if p_value < SMALLEST_P else f"p = {p_value:.3f}"


def first_line(result: object) -> str:
    """Say a result in one line, for lists and debuggers; ``print`` gives all of it."""
    return str(result).partition("\n")[0]


def number_phrase(value: float, decimals: int = 2, *, missing: str = "not reached") -> str:
    """Give a number with fixed decimals, or say that it was not reached."""
    return missing if math.isnan(value) else f"{value:.{decimals}f}"


def interval_phrase(
    value: float,
    lower: float,
    upper: float,
    *,
    confidence: float = 0.95,
    decimals: int = 2,
    missing: str = "not reached",
) -> str:
    """Give ``12.3 (95 % CI 8.1 to 20.0)``.

    Examples
    --------
    >>> interval_phrase(12.34, 8.1, float("nan"), decimals=1)
    '12.3 (95 % CI 8.1 to not reached)'
    """
    low, high = (number_phrase(limit, decimals, missing=missing) for limit in (lower, upper))
    return f"{number_phrase(value, decimals, missing=missing)} ({100 * confidence:g} % CI {low} to {high})"
