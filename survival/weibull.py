r"""Weibull's model of accelerated time, for times known exactly, up to a bound, or between two visits.

.. math:: S(t \mid x) = \exp\left\{-\left(t\,e^{-(\beta_0 + x'\beta)}\right)^{1/\sigma}\right\}

:math:`e^{\beta}` is how many times longer it takes (time ratio); Weibull's is the one model of accelerated time that
also has proportional hazards, with hazard ratio :math:`e^{-\beta/\sigma}`. Coefficients and :math:`\log\sigma` are
those of R's ``survreg``.

lifelines maximises the likelihood; covariates are centred and scaled, and times divided by their mean, before it does.

References
----------
Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. 2nd ed. Wiley 2002, sections 2.2 and 3.6.
Odell PM, Anderson KM, D'Agostino RB. Maximum likelihood estimation for interval-censored data using a Weibull-based
accelerated failure time model. Biometrics 1992;48:951-959.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.alignment import require_same_index
from survival.normal import normal_p_value, two_sided_z
from survival.partial_likelihood.design import derive_design
from survival.times import numbers, require_same_length
from survival.words.phrases import first_line, interval_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from survival.partial_likelihood.design import Design

LOWER, UPPER, EXACT = "lower bound of the time", "upper bound of the time", "exactly known"
TIGHT = {"ftol": 1e-16, "maxiter": 1000}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weibull:
    r"""A fitted Weibull model.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a term: ``term, coefficient, standard_error, time_ratio, lower, upper, z, p_value, hazard_ratio``;
        ``lower`` and ``upper`` are of the time ratio. Empty without covariates.
    intercept, intercept_error : float
        Log of the time by which 63 % have had the event, all covariates at 0 or their first level.
    log_scale, log_scale_error : float
        :math:`\log\sigma`; the shape is :math:`e^{-\log\sigma}`, above 1 where the hazard rises.
    covariance : numpy.ndarray
        Of intercept, coefficients and log scale, shape (n_terms + 2, n_terms + 2).
    log_likelihood : float
    n, n_exact, n_interval, n_right_censored : int
        Rows used, and how they are known; from 0 up to a bound counts as an interval.
    messages : tuple of str
    confidence : float
    """

    table: pd.DataFrame
    intercept: float
    intercept_error: float
    log_scale: float
    log_scale_error: float
    covariance: NDArray[np.float64]
    log_likelihood: float
    n: int
    n_exact: int
    n_interval: int
    n_right_censored: int
    messages: tuple[str, ...]
    confidence: float

    @property
    def shape(self) -> float:
        """Above 1 where the hazard rises with time, below 1 where it falls."""
        return float(np.exp(-self.log_scale))

    def quantile(self, probability: float = 0.5, columns: ArrayLike | None = None) -> float:
        """Give the time by which the share ``probability`` has had the event.

        Parameters
        ----------
        probability : float
            Between 0 and 1; 0.5 for the median.
        columns : array-like, optional
            Value of each term, shape (n_terms,); by default all 0, the reference.
        """
        effect = 0.0 if columns is None else float(np.asarray(columns, dtype=np.float64) @ self.table["coefficient"])
        return float(np.exp(self.intercept + effect) * (-np.log(1 - probability)) ** np.exp(self.log_scale))

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a term, then shape and rows."""
        terms = [
            f"{row['term']}: time ratio "
            + interval_phrase(row["time_ratio"], row["lower"], row["upper"], confidence=self.confidence)
            + f", {p_phrase(row['p_value'])}; HR {row['hazard_ratio']:.2f}"
            for row in self.table.to_dict("records")
        ]
        known = f"{self.n_exact} exact, {self.n_interval} between bounds, {self.n_right_censored} right-censored"
        model = f"Weibull, shape {self.shape:.2f}, n = {self.n} ({known})"
        return "\n".join([*terms, model, *self.messages])

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Time ratios", messages=self.messages)


def weibull(
    lower: ArrayLike,
    upper: ArrayLike,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Weibull:
    """Fit a Weibull model to times known exactly or between bounds.

    Parameters
    ----------
    lower : array-like
        Last time without the event, ≥ 0, in one unit, shape (n,); NaN or 0 where there is none (left-censored).
    upper : array-like
        First time with the event, above 0, shape (n,); NaN or infinite where it has not been seen (right-censored).
        Equal to ``lower`` where the time is known.
    covariates : pandas.DataFrame, pandas.Series or array-like, optional
        As in :func:`survival.cox`; rows with a missing one are left out, with a message.
    confidence : float

    Returns
    -------
    Weibull

    Raises
    ------
    UsageError
        If bounds make no sense, no event was seen, or a covariate tells nothing of its own.
    """
    require_same_index({"lower": lower, "upper": upper, "covariates": covariates})
    low, high = _require_bounds(lower, upper)
    design = None if covariates is None else derive_design(covariates, len(low))
    if design is not None:
        low, high = low[design.complete], high[design.complete]
    if not np.isfinite(high).any():
        raise UsageError("No event was seen; a Weibull model needs some.")
    columns = np.empty((len(low), 0)) if design is None else design.columns
    _require_full_rank(columns)
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    unit = float(np.where(np.isfinite(high), high, low).mean())
    values, covariance, log_likelihood = _maximise(low / unit, high / unit, (columns - centre) / spread)
    back = _turn_back(centre, spread)
    values, covariance = back @ values, back @ covariance @ back.T
    values[0] += np.log(unit)
    exact = low == high
    return _describe(
        values,
        covariance,
        design,
        confidence=confidence,
        log_likelihood=log_likelihood - int(exact.sum()) * float(np.log(unit)),
        counts=(len(low), int(exact.sum()), int(np.isinf(high).sum())),
    )


def _require_bounds(lower: ArrayLike, upper: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take the bounds: 0 for no lower one, infinity for no upper one."""
    low, high = numbers(lower, "lower"), numbers(upper, "upper")
    require_same_length({"lower": low, "upper": high})
    low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    if (low < 0).any() or np.isinf(low).any() or (high <= 0).any():
        raise UsageError("Lower bounds must be at least 0 and finite, upper bounds above 0.")
    if (low > high).any():
        raise UsageError(f"{int((low > high).sum())} lower bounds lie above their upper bounds.")
    known = (low > 0) | np.isfinite(high)
    if not known.all():
        raise UsageError(f"{int((~known).sum())} rows have no bound at all; leave them out.")
    return low, high


def _require_full_rank(columns: NDArray[np.float64]) -> None:
    """Refuse columns that are constant or determined by each other."""
    with_one = np.column_stack([np.ones(len(columns)), columns])
    spread = np.where(columns.std(axis=0) > 0, columns.std(axis=0), 1.0)
    with_one[:, 1:] = (columns - columns.mean(axis=0)) / spread
    if np.linalg.matrix_rank(with_one) < with_one.shape[1]:
        raise UsageError("A covariate is constant or determined by the others; leave it out.")


def _maximise(
    low: NDArray[np.float64], high: NDArray[np.float64], columns: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Let lifelines maximise: intercept, coefficients and log scale, their covariance, and the log-likelihood."""
    from lifelines import WeibullAFTFitter

    names = [f"x{place}" for place in range(columns.shape[1])]
    frame = pd.DataFrame(columns, columns=names)
    frame = frame.assign(**{LOWER: low, UPPER: high, EXACT: low == high})
    fitter = WeibullAFTFitter(penalizer=0.0)
    fitter.fit_interval_censoring(frame, LOWER, UPPER, event_col=EXACT, fit_options=TIGHT)
    order = [("lambda_", "Intercept"), *(("lambda_", name) for name in names), ("rho_", "Intercept")]
    values = fitter.params_.loc[order].to_numpy(dtype=np.float64)
    covariance = fitter.variance_matrix_.loc[order, order].to_numpy(dtype=np.float64)
    sign = np.append(np.ones(len(order) - 1), -1.0)
    return values * sign, covariance * np.outer(sign, sign), float(fitter.log_likelihood_)


def _turn_back(centre: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the matrix from the coefficients of scaled covariates to those in their own units."""
    size = len(centre) + 2
    back = np.eye(size)
    back[0, 1:-1] = -centre / spread
    back[range(1, size - 1), range(1, size - 1)] = 1 / spread
    return back


def _describe(
    values: NDArray[np.float64],
    covariance: NDArray[np.float64],
    design: Design | None,
    *,
    confidence: float,
    log_likelihood: float,
    counts: tuple[int, int, int],
) -> Weibull:
    """Lay the estimates out."""
    error = np.sqrt(np.diag(covariance))
    coefficient, own = values[1:-1], error[1:-1]
    width = two_sided_z(confidence) * own
    n, n_exact, n_right = counts
    table = pd.DataFrame(
        {
            "term": [] if design is None else list(design.terms),
            "coefficient": coefficient,
            "standard_error": own,
            "time_ratio": np.exp(coefficient),
            "lower": np.exp(coefficient - width),
            "upper": np.exp(coefficient + width),
            "z": coefficient / own,
            "p_value": [normal_p_value(value) for value in coefficient / own],
            "hazard_ratio": np.exp(-coefficient / np.exp(values[-1])),
        }
    )
    return Weibull(
        table=table,
        intercept=float(values[0]),
        intercept_error=float(error[0]),
        log_scale=float(values[-1]),
        log_scale_error=float(error[-1]),
        covariance=covariance,
        log_likelihood=log_likelihood,
        n=n,
        n_exact=n_exact,
        n_interval=n - n_exact - n_right,
        n_right_censored=n_right,
        messages=() if design is None else design.messages,
        confidence=confidence,
    )
