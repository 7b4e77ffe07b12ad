"""Search for the seeds of the shipped cohort: `python -m sample_dicom.cohort_model.search`.

Three stages: main seeds whose overall survival and three gains hit the abstract; for each of them, seeds of the second
treatment whose naive gain hits it while the start-stop hazard ratio stays near its true value 1; seeds of the relief.
The best of every stage goes on. The result is a demonstration by construction, and says so in `truth.json`.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.course import MainCourse, draw_main_course
from sample_dicom.cohort_model.estimates import km_median_days, log_rank_p, switch_log_hazard_ratio
from sample_dicom.cohort_model.seeds import Stream, open_stream
from sample_dicom.cohort_model.survival import NEVER, draw_recurrence, draw_second_treatment
from sample_dicom.cohort_model.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A seed and its distance from the abstract: the largest miss in units of the tolerance, below 1 for a hit."""

    seed: int
    distance: float
    found: tuple[float, ...]


def gain_months(main: MainCourse, is_good: NDArray[np.bool_], on_record: NDArray[np.bool_]) -> tuple[float, float]:
    """Give the difference of the medians, good minus bad, and the p-value of the log-rank test."""
    days, event = main.survival.last_day[on_record], main.survival.is_death[on_record]
    good = is_good[on_record]
    gain = km_median_days(days[good], event[good]) - km_median_days(days[~good], event[~good])
    return gain / model.DAYS_PER_MONTH, log_rank_p(days, event, good)


def miss(name: str, months: float, p_value: float = 0.0) -> float:
    """Give how far a figure is from its target, in units of its tolerance; infinite where p is too large."""
    target = TARGETS[name]
    if math.isnan(months) or p_value >= target.p_below:
        return math.inf
    return abs(months - target.months) / target.tolerance_months


def try_main(seed: int) -> Candidate | None:
    """Draw the main course of a seed and keep it if overall survival and the three gains hit."""
    main = draw_main_course(seed)
    n_unseen = int(np.count_nonzero(~main.population.is_seen))
    if not _UNSEEN_RANGE[0] <= n_unseen <= _UNSEEN_RANGE[1]:
        return None
    found = [km_median_days(main.survival.last_day, main.survival.is_death) / model.DAYS_PER_MONTH]
    worst = miss("overall_survival", found[0])
    responses = main.responses
    for name, is_good, on_record in (
        ("imaging", responses.imaging < model.PROGRESSED, responses.has_imaging),
        ("symptomatic", responses.symptoms == 0, responses.has_symptoms),
        ("biochemical", responses.labs < model.PROGRESSED, responses.has_labs),
    ):
        if worst >= 1:
            return None
        gain, p_value = gain_months(main, is_good, on_record)
        found.append(gain)
        worst = max(worst, miss(name, gain, p_value))
    return Candidate(seed=seed, distance=worst, found=tuple(found)) if worst < 1 else None


def try_retreatment(main: MainCourse, seed: int) -> Candidate | None:
    """Draw the second treatments of a seed and keep them if the naive gain hits and the truth stays near 1."""
    day = draw_second_treatment(open_stream(Stream.RETREATMENT, seed), main.population, main.survival)
    gain, p_value = gain_months(main, day < NEVER, np.ones(day.size, dtype=np.bool_))
    log_ratio = switch_log_hazard_ratio(main.survival.last_day, main.survival.is_death, day)
    distance = max(miss("multiple_treatments", gain, p_value), abs(log_ratio) / _LARGEST_LOG_RATIO)
    return Candidate(seed=seed, distance=distance, found=(gain, math.exp(log_ratio))) if distance < 1 else None


def try_relief(main: MainCourse, seed: int) -> Candidate | None:
    """Draw the recurrences of a seed and keep them if the median relief, death ending it, hits."""
    day = draw_recurrence(open_stream(Stream.RELIEF, seed), main.population, main.responses, main.survival)
    improved = main.responses.has_symptoms & (main.responses.symptoms == 0)
    last = np.minimum(day, main.survival.last_day) - main.population.follow_up_day
    ended = main.survival.is_death | (day < NEVER)
    months = km_median_days(last[improved], ended[improved]) / model.DAYS_PER_MONTH
    distance = miss("relief", months)
    return Candidate(seed=seed, distance=distance, found=(months,)) if distance < 1 else None


def search_main(first: int, n_seeds: int) -> Iterator[Candidate]:
    """Yield every main seed that hits."""
    for seed in range(first, first + n_seeds):
        candidate = try_main(seed)
        if candidate is not None:
            yield candidate


def search_rest(main_seed: int, n_seeds: int) -> tuple[Candidate | None, Candidate | None]:
    """Give the best seeds of the second treatment and of the relief for one main seed."""
    main = draw_main_course(main_seed)
    retreatment = [hit for seed in range(n_seeds) if (hit := try_retreatment(main, seed)) is not None]
    relief = [hit for seed in range(n_seeds) if (hit := try_relief(main, seed)) is not None]
    nearest = [min(hits, key=lambda hit: hit.distance, default=None) for hits in (retreatment, relief)]
    return nearest[0], nearest[1]


def main() -> None:
    """Search and print what was found."""
    parser = argparse.ArgumentParser(description="Search for the seeds of the shipped cohort.")
    parser.add_argument("--first", type=int, default=0, help="first main seed")
    parser.add_argument("--main-seeds", type=int, default=400_000)
    parser.add_argument("--sub-seeds", type=int, default=1_500)
    chosen = parser.parse_args()
    for candidate in search_main(chosen.first, chosen.main_seeds):
        _show("main", candidate)
        for name, hit in zip(("retreatment", "relief"), search_rest(candidate.seed, chosen.sub_seeds), strict=True):
            if hit is not None:
                _show(f"  {name}", hit)


def _show(name: str, hit: Candidate) -> None:
    figures = ", ".join(f"{figure:.2f}" for figure in hit.found)
    print(f"{name} seed {hit.seed}: distance {hit.distance:.2f}, {figures}", flush=True)  # noqa: T201 - a script


_UNSEEN_RANGE = (5, 9)
_LARGEST_LOG_RATIO = math.log(1.15)

if __name__ == "__main__":
    main()
