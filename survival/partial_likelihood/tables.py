"""The two tables of a Cox model: its terms, and the tests of all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.normal import chi_squared_p_value, normal_p_value, two_sided_z

if TYPE_CHECKING:
    from numpy.typing import NDArray

TERM_COLUMNS = ("term", "coefficient", "standard_error", "hazard_ratio", "lower", "upper", "z", "p_value")


def derive_term_table(
    terms: tuple[str, ...], coefficients: NDArray[np.float64], covariance: NDArray[np.float64], confidence: float
) -> pd.DataFrame:
    """Lay out hazard ratios with Wald intervals and tests."""
    error = np.sqrt(np.diag(covariance))
    z, width = coefficients / error, two_sided_z(confidence) * error
    values = (
        coefficients,
        error,
        to_ratios(coefficients),
        to_ratios(coefficients - width),
        to_ratios(coefficients + width),
        z,
        np.array([normal_p_value(value) for value in z]),
    )
    return pd.DataFrame(dict(zip(TERM_COLUMNS, (list(terms), *values), strict=True)))


def to_ratios(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log hazard ratios into hazard ratios; infinite where no number is large enough."""
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(coefficients))


def derive_test_table(likelihood_ratio: float, wald: float, score: float, freedom: float) -> pd.DataFrame:
    """Lay out the three tests of the whole model."""
    rows = (("likelihood_ratio", likelihood_ratio), ("wald", wald), ("score", score))
    return pd.DataFrame(
        {
            "test": [name for name, _ in rows],
            "statistic": [statistic for _, statistic in rows],
            "degrees_of_freedom": freedom,
            "p_value": [chi_squared_p_value(statistic, freedom) for _, statistic in rows],
        }
    )
