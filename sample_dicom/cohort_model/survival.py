"""When each patient dies, is lost, is treated again, and when relief ends or the tumour progresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.population import days_from_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sample_dicom.cohort_model.population import Population
    from sample_dicom.cohort_model.responses import Responses

NEVER = np.iinfo(np.int64).max // 4
"""A day that never comes."""
_PROGRESSION_SHARE_OF_HAZARD = 0.5
_PROGRESSION_CENTRE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survival:
    """The end of each patient's course; arrays over (n_subjects,), days from the first treatment.

    Attributes
    ----------
    linear_predictor : NDArray
        Log hazard ratio of death after the first follow-up.
    death_day : NDArray
        True day of death, also where it was not observed.
    last_day : NDArray
        Day of death, of the loss or of the data cutoff, whichever is first.
    is_death : NDArray of bool
        The last day is the day of death.
    """

    linear_predictor: NDArray[np.float64]
    death_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    is_death: NDArray[np.bool_]


def draw_survival(
    rng: np.random.Generator,
    population: Population,
    responses: Responses,
    beta: Mapping[str, float] = model.LOG_HAZARD_RATIOS,
) -> Survival:
    """Draw the residual survival after the first follow-up and end each course at death, loss or cutoff.

    `beta` holds the true log hazard ratios, by the names of `parameters.LOG_HAZARD_RATIOS`.
    """
    linear_predictor = (
        beta["symptom_nonresponse"] * (responses.symptoms > 0)
        + beta["biochemical_progression"] * (responses.labs == model.PROGRESSED)
        + beta["imaging_progression"] * (responses.imaging == model.PROGRESSED)
        + beta["functional"] * population.is_functional
        + beta["pulmonary"] * (population.site == model.PULMONARY)
        + beta["age_per_10_years"] * (population.age_years - model.AGE_MEAN_YEARS) / 10
    )
    months = rng.standard_exponential(population.site.size) * model.RESIDUAL_MEAN_MONTHS / np.exp(linear_predictor)
    late_death_day = population.follow_up_day + days_from_months(months)
    death_day = np.where(population.dies_early, population.early_death_day, late_death_day)
    observed_until = np.minimum(population.loss_day, population.cutoff_day)
    return Survival(
        linear_predictor=linear_predictor,
        death_day=death_day,
        last_day=np.minimum(death_day, observed_until),
        is_death=death_day <= observed_until,
    )


def draw_second_treatment(rng: np.random.Generator, population: Population, survival: Survival) -> NDArray[np.int64]:
    """Draw the day of the second treatment: half are willing, and whoever lives long enough gets it.

    Returns
    -------
    NDArray of shape (n_subjects,)
        `NEVER` where there is none; else after the first follow-up and before the last day.
    """
    n_subjects = population.site.size
    is_willing = rng.random(n_subjects) < model.WILLING_SHARE
    wait = rng.standard_exponential(n_subjects) * model.RETREATMENT_MEAN_WAIT_MONTHS
    day = days_from_months(model.RETREATMENT_EARLIEST_MONTHS + wait)
    day = np.maximum(day, population.follow_up_day + 1)
    return np.where(is_willing & (day < survival.last_day), day, NEVER)


def draw_recurrence(
    rng: np.random.Generator, population: Population, responses: Responses, survival: Survival
) -> NDArray[np.int64]:
    """Draw the day on which symptoms recur in those who improved; `NEVER` where it was not observed."""
    months = rng.standard_exponential(population.site.size) * model.RELIEF_MEAN_MONTHS
    day = population.follow_up_day + days_from_months(months)
    improved = responses.has_symptoms & (responses.symptoms == 0)
    return np.where(improved & (day < survival.last_day), day, NEVER)


def draw_progression(
    rng: np.random.Generator, population: Population, responses: Responses, survival: Survival
) -> NDArray[np.int64]:
    """Draw the true day of progression on CT: the first CT where that shows PD, later for the others."""
    scale = np.exp(_PROGRESSION_SHARE_OF_HAZARD * (survival.linear_predictor - _PROGRESSION_CENTRE))
    months = rng.standard_exponential(population.site.size) * model.PROGRESSION_MEAN_MONTHS / scale
    is_progressed = responses.imaging == model.PROGRESSED
    return np.where(is_progressed, population.ct_day, population.ct_day + days_from_months(months))
