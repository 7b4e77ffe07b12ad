"""Cox regression asked in a sentence, or of arrays: one name, one kind of result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, overload

from recist.errors import UsageError
from survival.cox import cox as fit_cox
from survival.questions.sentence_model import lay_out_model
from survival.questions.survival_time import SurvivalTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from survival.partial_likelihood.result import CoxFit
    from survival.questions.condition import Condition
    from survival.questions.quantity import Quantity
    from survival.questions.sentence_model import SentenceModel


@overload
def cox(
    time: SurvivalTime,
    event: Sequence[Condition | Quantity | str],
    *,
    strata: str | Sequence[str] | None = None,
    ties: str = "efron",
    ridge: float | None = None,
) -> CoxFit: ...


@overload
def cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    *,
    start: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    ties: str = "efron",
    ridge: float | None = None,
    confidence: float = 0.95,
) -> CoxFit: ...


def cox(
    time: Any,
    event: Any,
    covariates: Any = None,
    *,
    start: ArrayLike | None = None,
    strata: Any = None,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    ties: str = "efron",
    ridge: float | None = None,
    confidence: float = 0.95,
) -> CoxFit:
    """Fit a Cox model.

    Asked in a sentence, ``cox(os, [imaging.progressed, "age", switches_on(cohort.second_treatment_date)])``: a response
    makes patients enter on the day on which all responses of the model were known (delayed entry), a switch counts from
    its day on (start-stop rows), and what was known only afterwards is refused. Asked of arrays, it is
    :func:`survival.cox.cox`.

    Parameters
    ----------
    time : SurvivalTime or array-like
        What :func:`overall_survival` gives; or time of event or censoring, shape (n,).
    event : sequence of terms, or array-like
        After a survival time, the covariates: conditions, switches, and columns by name (``"age"``). After an array, 1
        for the event, shape (n,).
    covariates : pandas.DataFrame, pandas.Series or array-like
        Of arrays only, shape (n, n_covariates).
    start, cluster, weights : array-like, optional
        Of arrays only.
    strata : str, sequence of str, or array-like, optional
        Columns by name; or the stratum of each row.
    ties : str
        ``"efron"`` or ``"breslow"``.
    ridge : float, optional
        Ridge penalty, see :func:`survival.cox.cox`.
    confidence : float
        Of arrays only; a survival time has its own.

    Returns
    -------
    CoxFit
        Its ``n`` counts patients where it was asked in a sentence, rows where it was asked of arrays.

    Raises
    ------
    UsageError
        If a covariate was known only afterwards; if there is no event or nothing to estimate.
    DataError
        If times, events or weights are wrong.
    """
    if not isinstance(time, SurvivalTime):
        if covariates is None:
            raise UsageError("Of arrays, give time, event and covariates; of a cohort, overall_survival(cohort) first.")
        return fit_cox(
            time,
            event,
            covariates,
            start=start,
            strata=strata,
            cluster=cluster,
            weights=weights,
            ties=ties,
            ridge=ridge,
            confidence=confidence,
        )
    given = {"covariates": covariates, "start": start, "cluster": cluster, "weights": weights}
    wrong = ", ".join(name for name, value in given.items() if value is not None)
    if wrong:
        raise UsageError(f"{wrong}: of a survival time, cox takes the list of covariates, strata, ties and ridge.")
    layers = (strata,) if isinstance(strata, str) else tuple(strata or ())
    return _fit_sentence(lay_out_model(time, event, layers), ties, ridge, time.confidence)


def _fit_sentence(model: SentenceModel, ties: str, ridge: float | None, confidence: float) -> CoxFit:
    fit = fit_cox(
        model.stop_days,
        model.event,
        model.columns,
        start=model.start_days,
        strata=model.strata,
        ties=ties,
        ridge=ridge,
        confidence=confidence,
    )
    return replace(fit, n=model.n_patients, messages=(*model.messages, *fit.messages))
