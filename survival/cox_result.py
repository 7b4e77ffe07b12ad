"""What a Cox model hands out: hazard ratios, tests, concordance, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.normal import chi_squared_p_value, normal_p_value, two_sided_z
from survival.phrases import interval_phrase, p_phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.cox_likelihood import Likelihood
    from survival.cox_model import CoxModel

TERM_COLUMNS = ("term", "coefficient", "standard_error", "hazard_ratio", "lower", "upper", "z", "p_value")


class Method(StrEnum):
    """What was maximised."""

    PARTIAL_LIKELIHOOD = "partial likelihood"
    FIRTH = "firth"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxFit:
    """A fitted Cox model.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a term: ``term, coefficient, standard_error, hazard_ratio, lower, upper, z, p_value``. The interval is
        Wald's, of the hazard ratio; standard errors are robust when clusters were given.
    log_likelihood, null_log_likelihood : float
        Partial log-likelihood at the estimate and at 0.
    tests : pandas.DataFrame
        ``test, statistic, degrees_of_freedom, p_value`` for ``likelihood_ratio`` (penalised with Firth's correction),
        ``wald`` (robust when clusters were given) and ``score``.
    concordance, concordance_error : float
        Harrell's C and its standard error (rows taken as independent).
    n, n_events : int
        Rows and events used.
    covariance : numpy.ndarray
        Of the coefficients, shape (n_terms, n_terms); robust when clusters were given.
    model_covariance : numpy.ndarray
        Inverse information.
    messages : tuple of str
        Columns dropped, rows left out, too few events, infinite coefficients.
    monotone : tuple of str
        Terms whose likelihood has no maximum (separation).
    method : Method
        How the coefficients were estimated: partial likelihood, or Firth's correction when a term separates the events.
    ties : str
    confidence : float
    model : CoxModel
        Rows and scaled columns, for residuals and tests.
    likelihood : Likelihood
        At the estimate, in scaled coefficients.
    """

    table: pd.DataFrame
    log_likelihood: float
    null_log_likelihood: float
    tests: pd.DataFrame
    concordance: float
    concordance_error: float
    n: int
    n_events: int
    covariance: NDArray[np.float64]
    model_covariance: NDArray[np.float64]
    messages: tuple[str, ...]
    monotone: tuple[str, ...]
    method: Method
    ties: str
    confidence: float
    model: CoxModel
    likelihood: Likelihood

    def __str__(self) -> str:
        """Give one line a term, then the model's own figures and messages."""
        rows = self.table.to_dict("records")
        terms = [
            f"{row['term']}: HR "
            + interval_phrase(
                row["hazard_ratio"], row["lower"], row["upper"], confidence=self.confidence, missing="unbounded"
            )
            + f", {p_phrase(row['p_value'])}"
            for row in rows
        ]
        ratio = self.tests.iloc[0]
        model = (
            f"n = {self.n}, events = {self.n_events}, C = {self.concordance:.3f}; likelihood ratio "
            f"χ² = {ratio['statistic']:.2f} on {ratio['degrees_of_freedom']} df, {p_phrase(ratio['p_value'])}"
        )
        return "\n".join([*terms, model, *self.messages])


def derive_term_table(
    terms: tuple[str, ...], coefficients: NDArray[np.float64], covariance: NDArray[np.float64], confidence: float
) -> pd.DataFrame:
    """Lay out hazard ratios with Wald intervals and tests."""
    error = np.sqrt(np.diag(covariance))
    z, width = coefficients / error, two_sided_z(confidence) * error
    values = (
        coefficients,
        error,
        np.exp(coefficients),
        np.exp(coefficients - width),
        np.exp(coefficients + width),
        z,
        np.array([normal_p_value(value) for value in z]),
    )
    return pd.DataFrame(dict(zip(TERM_COLUMNS, (list(terms), *values), strict=True)))


def derive_test_table(likelihood_ratio: float, wald: float, score: float, freedom: int) -> pd.DataFrame:
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
