"""The true course of every patient in a cohort, drawn from its seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.population import Population, draw_population
from sample_dicom.cohort_model.responses import Responses, draw_responses
from sample_dicom.cohort_model.seeds import Seeds, Stream, open_stream
from sample_dicom.cohort_model.survival import (
    Survival,
    draw_progression,
    draw_recurrence,
    draw_second_treatment,
    draw_survival,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MainCourse:
    """What the main seed fixes: patients, responses and survival."""

    population: Population
    responses: Responses
    survival: Survival


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """The whole course; the days have shape (n_subjects,) and count from the first treatment.

    `second_treatment_day` and `recurrence_day` are `survival.NEVER` where nothing was observed;
    `progression_day` is the truth, observed or not.
    """

    seeds: Seeds
    population: Population
    responses: Responses
    survival: Survival
    second_treatment_day: NDArray[np.int64]
    recurrence_day: NDArray[np.int64]
    progression_day: NDArray[np.int64]

    @property
    def subjects(self) -> tuple[str, ...]:
        """Pseudonyms, in the order of the first treatment."""
        return tuple(f"S{place:03d}" for place in range(1, self.population.site.size + 1))


def draw_main_course(seed: int, beta: Mapping[str, float] = model.LOG_HAZARD_RATIOS) -> MainCourse:
    """Draw patients, responses and survival from the main seed, with `beta` as the true log hazard ratios."""
    rng = open_stream(Stream.MAIN, seed)
    population = draw_population(rng)
    responses = draw_responses(rng, population)
    survival = draw_survival(rng, population, responses, beta)
    return MainCourse(population=population, responses=responses, survival=survival)


def draw_course(seeds: Seeds, beta: Mapping[str, float] = model.LOG_HAZARD_RATIOS) -> Course:
    """Draw the whole course of a cohort, with `beta` as the true log hazard ratios."""
    main = draw_main_course(seeds.main, beta)
    population, responses, survival = main.population, main.responses, main.survival
    return Course(
        seeds=seeds,
        population=population,
        responses=responses,
        survival=survival,
        second_treatment_day=draw_second_treatment(
            open_stream(Stream.RETREATMENT, seeds.retreatment), population, survival
        ),
        recurrence_day=draw_recurrence(open_stream(Stream.RELIEF, seeds.relief), population, responses, survival),
        progression_day=draw_progression(
            open_stream(Stream.PROGRESSION, seeds.detail), population, responses, survival
        ),
    )
