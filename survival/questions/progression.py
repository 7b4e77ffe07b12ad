"""Progression-free survival, with the conventions of censoring that were linked with, or are linked again for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.endpoints import PROGRESSION_FREE_SURVIVAL
from survival.questions.progression_reads import retake_progression
from survival.questions.survival_time import FIRST_TREATMENT, take_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survival.questions.study_cohort import StudyCohort
    from survival.questions.survival_time import SurvivalTime

CHOICES = {"missed_scans": ("event", "censor"), "new_therapy": ("ignore", "censor")}


def progression_free_survival(
    cohort: StudyCohort,
    *,
    missed_scans: str | None = None,
    new_therapy: str | None = None,
    index: str = FIRST_TREATMENT,
    cutoff: str | None = None,
    confidence: float = 0.95,
) -> SurvivalTime:
    """Take progression-free survival: to progression or death, else to the last adequate assessment.

    Parameters
    ----------
    cohort : StudyCohort
    missed_scans : str, optional
        What progression or death after two missed scans is: ``"event"`` or ``"censor"`` (at the last adequate
        assessment before the gap). As linked when not given.
    new_therapy : str, optional
        What a new anticancer therapy does: ``"ignore"`` or ``"censor"``. As linked when not given.
    index, cutoff, confidence
        As for :func:`overall_survival`.

    Raises
    ------
    UsageError
        If the cohort was linked otherwise and its reads do not tell what the question needs; a study file
        (``load_cohort("study.toml")``) is linked again instead.
    """
    asked = {"missed_scans": missed_scans, "new_therapy": new_therapy}
    changes = {name: value for name, value in asked.items() if value is not None}
    for name, value in changes.items():
        if value not in CHOICES[name]:
            raise UsageError(f"{name}={value!r}: there is only {' and '.join(repr(each) for each in CHOICES[name])}.")
    answering = _require_linked(cohort, changes)
    return take_time(answering, PROGRESSION_FREE_SURVIVAL, index=index, cutoff=cutoff, confidence=confidence)


def _require_linked(cohort: StudyCohort, changes: dict[str, str]) -> StudyCohort:
    """Find the cohort that answers: this one, or the study linked again."""
    rules = cohort.rules or {}
    other = {name: value for name, value in changes.items() if rules.get(name) != value}
    if not other:
        return cohort
    if cohort.study_file is not None:
        from survival.questions.linking import link_study

        return link_study(cohort.study_file, {**_settings(rules), **changes})
    retaken = retake_progression(cohort, other)
    if retaken is None:
        raise UsageError(_remedy(rules, other))
    return retaken


def _settings(rules: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in rules.items() if name in CHOICES}


def _remedy(rules: Mapping[str, object], other: dict[str, str]) -> str:
    was = "; ".join(f"{name} is {rules.get(name, 'not told')!r} in it" for name in other)
    asked = ", ".join(f'{name}="{value}"' for name, value in other.items())
    lines = "\n".join(f'    {name} = "{value}"' for name, value in other.items())
    return (
        f"progression_free_survival({asked}): the cohort folder holds progression-free survival as it was linked "
        f"({was}), and not the assessments and therapies to take it otherwise.\nEither load the study file, which is "
        'linked again for the question:\n    load_cohort("study.toml")\nor set under [rules] of the study file and run '
        f"`recist link`:\n{lines}"
    )
