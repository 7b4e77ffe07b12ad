"""The Cox models of a report, fitted once for every section that speaks of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.errors import RecistError
from survival.endpoints import derive_endpoint
from survival.models import derive_strata, fit_model, plan_baseline, plan_response

if TYPE_CHECKING:
    from survival.models import FittedModel, ModelPlan
    from survival.reporting.study import Study


def plan_models(study: Study) -> list[ModelPlan]:
    """Plan the model of the baseline, one of each dated response, and one of all responses together."""
    plans = []
    if study.covariates:
        plans.append(plan_baseline(study.covariates, study.n))
    plans += [plan_response(study.frame, (domain,), study.covariates) for domain in study.dated_domains]
    if len(study.dated_domains) > 1:
        plans.append(plan_response(study.frame, study.dated_domains, ()))
    return plans


def fit_plans(study: Study) -> tuple[tuple[ModelPlan, FittedModel | RecistError], ...]:
    """Fit every plan; a model that cannot be fitted gives the fault that says why."""
    data = derive_endpoint(study.frame, study.primary)
    found: list[tuple[ModelPlan, FittedModel | RecistError]] = []
    strata = derive_strata(study.frame, study.strata)
    for plan in plan_models(study):
        try:
            found.append(
                (
                    plan,
                    fit_model(replace(plan, strata=strata), data.days, data.event, confidence=study.options.confidence),
                )
            )
        except RecistError as fault:
            found.append((plan, fault))
    return tuple(found)
