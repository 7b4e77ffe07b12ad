r"""Survival of new people under a Cox model, with intervals.

.. math::

    \operatorname{var} \Lambda(t \mid x) = e^{2x\beta} \left[\sum_{steps \le t} \frac{\bar w}{(S_0 - f_l D_0)^2}
    + q(t)' V q(t)\right], \qquad q(t) = \int_0^t (x - \bar x(u))\, d\Lambda_0(u)

as R's ``survfit(coxph, newdata)``. Before the first event of the stratum survival is 1; after its last time of exit it
is not known, and NaN.

References
----------
Tsiatis AA. Ann Stat 1981;9:93-108. Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000, ch. 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.bands import Interval, confidence_band, require_confidence, require_interval
from survival.baseline import BaselineCurve, derive_curves
from survival.partial_likelihood.design import expand_people
from survival.sums import add_terms, turn_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from survival.partial_likelihood.result import CoxFit


def predict_survival(
    fit: CoxFit,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    times: ArrayLike,
    *,
    strata: ArrayLike | None = None,
) -> pd.DataFrame:
    """Predict the survival of each person at each time.

    Parameters
    ----------
    fit : CoxFit
    covariates : pandas.DataFrame, pandas.Series or array-like
        One row a person, laid out as those of the model; other columns are ignored. A person with a missing covariate
        gets NaN.
    times : array-like
        Shape (n_times,).
    strata : array-like, optional
        Stratum of each person; needed when the model has strata.

    Returns
    -------
    pandas.DataFrame
        One row a person (with the index of ``covariates``), one column a time.

    Raises
    ------
    UsageError
        If a covariate or the strata are missing, or a level or stratum is not one of the model.

    Examples
    --------
    >>> from survival.cox import cox
    >>> fit = cox([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], [1, 0, 1, 0, 1, 0])
    >>> predict_survival(fit, [0, 1], [10]).round(2)[10].tolist()
    [0.79, 0.55]
    """
    ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
    survival, _ = _predict(fit, covariates, ticks, strata)
    return pd.DataFrame(survival, index=_index(covariates), columns=np.atleast_1d(np.asarray(times)))


def predict_intervals(
    fit: CoxFit,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    times: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log",
) -> pd.DataFrame:
    """Predict the survival of each person at each time, with pointwise intervals.

    Parameters
    ----------
    fit, covariates, times, strata
        As in :func:`predict_survival`.
    confidence : float
    interval : str
        ``"log"`` (as R does by default), ``"log-log"`` or ``"plain"``.

    Returns
    -------
    pandas.DataFrame
        ``person, time, survival, standard_error, lower, upper``, one row a person and time; ``standard_error`` is that
        of survival.
    """
    scale, sure = require_interval(interval), require_confidence(confidence)
    ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
    survival, error = (values.ravel() for values in _predict(fit, covariates, ticks, strata))
    lower, upper = confidence_band(survival, error, sure, Interval(scale))
    index = _index(covariates)
    people = np.asarray(index)
    return pd.DataFrame(
        {
            "person": np.repeat(people, len(ticks)),
            "time": np.tile(ticks, len(people)),
            "survival": survival,
            "standard_error": error * survival,
            "lower": lower,
            "upper": upper,
        }
    )


def _index(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike) -> pd.Index[Any]:
    """Name the people as the table does."""
    if isinstance(covariates, pd.DataFrame | pd.Series):
        return covariates.index
    return pd.RangeIndex(len(np.asarray(covariates)))


def _predict(
    fit: CoxFit,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    times: NDArray[np.float64],
    strata: ArrayLike | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute survival and the standard error of its logarithm, shape (n_people, n_times) each."""
    model = fit.model
    people = expand_people(model.layout, covariates)[list(model.terms)].to_numpy()
    columns = (people - model.centre) / model.scale
    codes = _require_strata(fit, strata, len(columns))
    covariance = fit.covariance * np.outer(model.scale, model.scale)
    risk = np.exp(add_terms(columns, fit.likelihood.coefficients))
    hazard, variance = np.empty((2, len(columns), len(times)))
    for code, curve in enumerate(derive_curves(model, fit.likelihood)):
        mine = codes == code
        hazard[mine], variance[mine] = _accumulate(curve, columns[mine], times, covariance)
    hazard *= risk[:, None]
    return np.exp(-hazard), np.sqrt(variance) * risk[:, None]


def _accumulate(
    curve: BaselineCurve, columns: NDArray[np.float64], times: NDArray[np.float64], covariance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the baseline hazard, and its variance for each person, shape (n_people, n_times) each."""
    place = curve.place(times)
    hazard = np.where(times <= curve.exits[-1], curve.hazard[place], np.nan)
    variance = np.empty((len(columns), len(times)))
    for tick, at in enumerate(place):
        away = columns * curve.hazard[at] - curve.drift[at]
        variance[:, tick] = curve.variance[at] + (turn_rows(away, covariance) * away).sum(axis=1)
    return np.broadcast_to(hazard, variance.shape), variance


def _require_strata(fit: CoxFit, strata: ArrayLike | None, n: int) -> NDArray[np.int64]:
    """Find the stratum of each person."""
    labels = fit.model.strata.labels
    if strata is None:
        if len(labels) > 1:
            raise UsageError("The model has strata; give the stratum of each person.")
        return np.zeros(n, dtype=np.int64)
    given = pd.Series(strata).reset_index(drop=True)
    if len(given) != n:
        raise UsageError(f"The strata have {len(given)} rows, the covariates {n}.")
    strange = sorted({str(label) for label in given if label not in labels})
    if strange:
        known = ", ".join(map(str, labels))
        raise UsageError(f"The model has no stratum {', '.join(strange)}; it knows {known}.")
    return np.array([labels.index(label) for label in given], dtype=np.int64)
