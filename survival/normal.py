"""The normal and chi-squared distributions, from scipy, in the three words that the estimators need."""

from __future__ import annotations


def two_sided_z(confidence: float) -> float:
    """Give the normal quantile of a two-sided interval, 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))


def normal_p_value(z: float) -> float:
    """Give the two-sided p of a standard normal statistic."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def chi_squared_p_value(statistic: float, degrees_of_freedom: float) -> float:
    """Give the upper tail of chi-squared; NaN without degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees_of_freedom, statistic)) if degrees_of_freedom > 0 else float("nan")
