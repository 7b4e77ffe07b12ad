"""Which Cox models a report fits, and on whom: every model states its patients, events and what was left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.covariates import Term
from survival.cox import cox
from survival.model_columns import group_columns, model_columns, model_terms
from survival.proportional_hazards import proportional_hazards
from survival.responses import derive_contrast
from survival.words.wording import say_counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from survival.covariates import Covariate
    from survival.partial_likelihood.result import CoxFit
    from survival.responses import Domain

FEWEST_EVENTS_PER_PARAMETER = 2
"""With fewer no model is fitted; below ten the estimator says so."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelPlan:
    """A model before it is fitted.

    Attributes
    ----------
    key, title : str
    columns : pandas.DataFrame
        One column a covariate, one row a subject, missing where not known.
    terms : tuple of Term
    start_days : ndarray of shape (n_subjects,)
        Day from which each subject is under observation; NaN where it never is.
    strata : ndarray of shape (n_subjects,) or None
        Stratum of each subject, with a baseline hazard of its own; empty where not known.
    """

    key: str
    title: str
    columns: pd.DataFrame
    terms: tuple[Term, ...]
    start_days: NDArray[np.float64]
    strata: NDArray[np.object_] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedModel:
    """A model with its estimates, and each of its covariates alone on the same patients.

    Attributes
    ----------
    plan : ModelPlan
    together : CoxFit
    alone : dict of str to CoxFit
        By covariate.
    n_eligible : int
        Under observation after their start; those with a missing covariate are not in `together`.
    assumption : pandas.DataFrame
        The test of proportional hazards: ``term, statistic, degrees_of_freedom, p_value``.
    """

    plan: ModelPlan
    together: CoxFit
    alone: dict[str, CoxFit]
    n_eligible: int
    assumption: pd.DataFrame

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the estimator says of the model, its terms by the names of the report; not who is missing."""
        messages = (text for text in self.together.messages if "left out for missing" not in text)
        return tuple(name_terms(text, self.plan.terms) for text in messages)


def name_terms(text: str, terms: Sequence[Term]) -> str:
    """Put the labels of terms in the place of their names in a message.

    Examples
    --------
    >>> sex = Term(name="sex[M]", covariate="sex", label="Sex: Male", reference="Female")
    >>> name_terms("sex[M]: too few events; dropped: sex (constant); sexes", [sex])
    'Sex: Male: too few events; dropped: Sex (constant); sexes'
    """
    labels = {term.covariate: term.label.split(":")[0].split(",")[0] for term in terms}
    labels |= {term.name: term.label for term in terms}
    names = "|".join(re.escape(name) for name in sorted(labels, key=len, reverse=True))
    return re.sub(rf"(?<![\w\[])({names})(?![\w\[\]])", lambda found: labels[found[1]], text) if names else text


def _terms(covariates: Sequence[Covariate], rows: NDArray[np.bool_]) -> tuple[Term, ...]:
    return tuple(term for covariate in covariates for term in model_terms(covariate, rows))


def derive_strata(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.object_] | None:
    """Name the stratum of each subject from some columns; empty where one of them is not known, None without any."""
    if not columns:
        return None
    texts = [frame[name].astype(str).replace("nan", "") for name in columns]
    joined = pd.concat(texts, axis=1).agg(", ".join, axis=1)
    is_known = np.logical_and.reduce([text.ne("").to_numpy() for text in texts])
    return np.where(is_known, joined, "").astype(object)


def plan_baseline(covariates: Sequence[Covariate], n: int) -> ModelPlan:
    """Plan the model of what is known at the index date, observed from there."""
    columns = pd.concat([model_columns(covariate) for covariate in covariates], axis=1)
    return ModelPlan(
        key="baseline",
        title="Baseline, from the index date",
        columns=columns,
        terms=_terms(covariates, columns.notna().all(axis=1).to_numpy()),
        start_days=np.zeros(n),
    )


def plan_response(frame: pd.DataFrame, domains: Sequence[Domain], covariates: Sequence[Covariate]) -> ModelPlan:
    """Plan a model of responses, each patient observed from the own day on which all of them were known.

    Delayed entry keeps every patient with a known response and gives nobody credit for the time before it.
    """
    bad = pd.DataFrame({domain.key: derive_contrast(frame, domain) for domain in domains})
    days = pd.concat([frame[domain.days_column] for domain in domains], axis=1)
    start = days.max(axis=1, skipna=False).to_numpy(dtype="float64")
    start = np.where(bad.isna().any(axis=1), np.nan, start)
    columns = pd.concat([bad, *(model_columns(covariate) for covariate in covariates)], axis=1)
    complete = columns.notna().all(axis=1).to_numpy() & ~np.isnan(start)
    own = tuple(Term(name=d.key, covariate=d.key, label=d.bad_term, reference=d.good_name) for d in domains)
    several = len(domains) > 1
    name = domains[0].name
    return ModelPlan(
        key="_and_".join(domain.key for domain in domains),
        title="All responses, from the day all were known"
        if several
        else f"{name} response, from the day it was known",
        columns=columns,
        terms=(*own, *_terms(covariates, complete)),
        start_days=start,
    )


def fit_model(
    plan: ModelPlan, days: NDArray[np.float64], event: NDArray[np.int64], *, confidence: float
) -> FittedModel:
    """Fit a model, and each covariate alone on the patients of the whole model (complete cases).

    Raises
    ------
    UsageError
        If nobody is left, nobody has an event, or no covariate varies.
    """
    eligible = days > np.nan_to_num(plan.start_days, nan=np.inf)
    complete = eligible & plan.columns.notna().all(axis=1).to_numpy()
    if plan.strata is not None:
        complete &= plan.strata != ""
    n_events, n_complete = int(event[complete].sum()), int(complete.sum())
    if n_events < FEWEST_EVENTS_PER_PARAMETER * len(plan.terms):
        raise UsageError(
            f"{say_counted(n_events, 'event')} for {say_counted(len(plan.terms), 'parameter')}: too few for a model "
            f"(at least {FEWEST_EVENTS_PER_PARAMETER} per parameter; complete: {say_counted(n_complete, 'patient')})."
        )
    time, status, start = days[complete], event[complete], plan.start_days[complete]
    columns = plan.columns[complete].reset_index(drop=True)
    strata = None if plan.strata is None else plan.strata[complete]
    together = cox(time, status, columns, start=start, strata=strata, confidence=confidence)
    alone = {}
    for name, own in group_columns(columns, plan.terms).items():
        if columns[own].ne(columns[own].iloc[0]).any(axis=None):
            alone[name] = cox(time, status, columns[own], start=start, strata=strata, confidence=confidence)
    return FittedModel(
        plan=plan,
        together=together,
        alone=alone,
        n_eligible=int(eligible.sum()),
        assumption=proportional_hazards(together),
    )


def fit_alone(
    covariate: Covariate,
    days: NDArray[np.float64],
    event: NDArray[np.int64],
    *,
    confidence: float,
    strata: NDArray[np.object_] | None = None,
) -> tuple[CoxFit, tuple[Term, ...]]:
    """Fit one covariate by itself on everybody who has it, from the index date."""
    known = ~covariate.is_missing & (days > 0) & (True if strata is None else strata != "")
    of = None if strata is None else strata[known]
    columns = model_columns(covariate)[known].reset_index(drop=True)
    return cox(days[known], event[known], columns, strata=of, confidence=confidence), model_terms(covariate, known)
