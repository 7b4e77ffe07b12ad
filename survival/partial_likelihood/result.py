"""What a Cox model hands out: hazard ratios, tests, concordance, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.baseline import compute_baseline
from survival.normal import chi_squared_p_value
from survival.partial_likelihood.profile import Profile
from survival.partial_likelihood.residuals import derive_residuals, require_residual
from survival.partial_likelihood.tables import to_ratios
from survival.words.phrases import first_line, interval_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import Likelihood
    from survival.partial_likelihood.model import CoxModel
    from survival.partial_likelihood.objective import Objective


class Method(StrEnum):
    """What was maximised."""

    PARTIAL_LIKELIHOOD = "partial likelihood"
    FIRTH = "firth"
    RIDGE = "ridge"


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
        ``wald`` (robust when clusters were given, none where their covariance is singular) and ``score`` (none with a
        ridge). Likelihood-ratio and score test take rows as independent.
    concordance, concordance_error : float
        Harrell's C and its standard error (by clusters when they were given).
    n, n_events : int
        Rows and events used.
    covariance : numpy.ndarray
        Of the coefficients, shape (n_terms, n_terms); robust when clusters were given.
    model_covariance : numpy.ndarray
        Inverse information (penalised with a ridge).
    messages : tuple of str
        Rows left out, columns dropped, infinite coefficients, too few events, tests that disagree.
    monotone : tuple of str
        Terms whose likelihood has no maximum (separation).
    method : Method
        How the coefficients were estimated: partial likelihood, or Firth's correction when a term separates the events,
        or a ridge.
    ties : str
    ridge : float or None
        Its θ.
    robust : bool
        Whether clusters were given.
    confidence : float
    model : CoxModel
        Rows and scaled columns, for residuals and tests.
    objective : Objective
        What was maximised.
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
    ridge: float | None
    robust: bool
    confidence: float
    model: CoxModel
    objective: Objective
    likelihood: Likelihood

    def baseline(self) -> pd.DataFrame:
        """Compute the cumulative hazard of somebody with every covariate at 0 or its first level.

        Returns
        -------
        pandas.DataFrame
            ``stratum, time, cumulative_hazard, survival``: one row a stratum and time of exit; see
            :mod:`survival.baseline`.
        """
        return compute_baseline(self.model, self.likelihood)

    def residuals(self, kind: str = "martingale") -> pd.DataFrame:
        """Compute residuals.

        Parameters
        ----------
        kind : str
            ``"martingale"``, ``"deviance"``, ``"score"``, ``"dfbeta"``, ``"dfbetas"`` or ``"schoenfeld"``.

        Returns
        -------
        pandas.DataFrame
            One row for each row of the model (its place among the rows given as index), or for ``"schoenfeld"`` each
            event; see :mod:`survival.partial_likelihood.residuals`.
        """
        return derive_residuals(self.model, self.likelihood, self.model_covariance, require_residual(kind))

    def profile_intervals(self, confidence: float | None = None) -> pd.DataFrame:
        """Compute profile-likelihood intervals and likelihood-ratio tests of all terms.

        Returns
        -------
        pandas.DataFrame
            ``term, hazard_ratio, lower, upper, statistic, p_value``; limits are 0 or infinite where the likelihood
            stays too high. Clusters do not enter. See :mod:`survival.partial_likelihood.profile`.
        """
        rows = []
        for term, (name, ratio) in enumerate(zip(self.table["term"], self.table["hazard_ratio"], strict=True)):
            profile = self.profile(term)
            lower, upper = self.hazard_limits(profile, confidence)
            statistic = profile.ratio()
            p_value = chi_squared_p_value(statistic, 1)
            rows.append((name, ratio, lower, upper, statistic, p_value))
        return pd.DataFrame(rows, columns=["term", "hazard_ratio", "lower", "upper", "statistic", "p_value"])

    def profile(self, term: int) -> Profile:
        """Take the likelihood along one term, counted from 0."""
        exact = self.method is not Method.FIRTH
        return Profile(objective=self.objective, best=self.likelihood, term=term, exact=exact)

    def hazard_limits(self, profile: Profile, confidence: float | None = None) -> tuple[float, float]:
        """Find the profile limits of one hazard ratio."""
        scale = self.model.scale[profile.term]
        limits = np.array(profile.limits(self.confidence if confidence is None else confidence))
        lower, upper = to_ratios(limits / scale).tolist()
        return lower, upper

    __repr__ = first_line

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
        model = f"n = {self.n}, events = {self.n_events}, C = {self.concordance:.3f}; {self._test_phrase()}"
        return "\n".join([*terms, model, *self._say_references(), *self.messages])

    def _say_references(self) -> tuple[str, ...]:
        """Say which level of each category the others are compared with."""
        levels = [f"{one.name} {one.levels[0]}" for one in self.model.layout if len(one.levels) > 1]
        return (f"Compared with: {', '.join(levels)}.",) if levels else ()

    def _test_phrase(self) -> str:
        """Say the test of all terms: by likelihood ratio, or the robust one of Wald, which clusters do not mislead."""
        by_clusters = self.robust and self.method is not Method.FIRTH
        name, row = ("robust Wald test", "wald") if by_clusters else ("likelihood ratio", "likelihood_ratio")
        test = self.tests.set_index("test").loc[row]
        statistic, p_value = float(test["statistic"]), float(test["p_value"])
        if np.isnan(statistic):
            return f"{name} not possible"
        return f"{name} χ² = {statistic:.2f} on {test['degrees_of_freedom']:.3g} df, {p_phrase(p_value)}"

    def _repr_html_(self) -> str:
        """Show the result lines and the table of terms in a notebook."""
        sentence = str(self).removesuffix("\n".join(("", *self.messages)))
        caption = f"Hazard ratios, {100 * self.confidence:g} % CI ({self.method}, ties by {self.ties})"
        return result_html(sentence, self.table, caption=caption, messages=self.messages)
