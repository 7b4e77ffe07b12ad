"""The columns that settings name: what the cohort does not have is refused, never passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.problems import Problem
from survival.covariates import meaning_of
from survival.known_later import is_later
from survival.options import SECTION, ReportOptions
from survival.settings.checks import say_nearest

if TYPE_CHECKING:
    from survival.reporting.study import Study

COLUMN_SETTINGS = ("covariates", "univariable_only", "groups", "strata", "known_at_start")
NO_BASELINE = ("_days", "_event", "_date", "_reason", "_source")


def check_named_columns(study: Study) -> list[Problem]:
    """List every name of the settings that the cohort does not have.

    A setting left at its default is no wish: the default names the columns that `recist link` writes, and those a
    cohort lacks are left out of the report with a sentence.
    """
    problems = []
    for setting in COLUMN_SETTINGS:
        if _is_chosen(study, setting):
            absent = [name for name in getattr(study.options, setting) if name not in study.frame]
            valid = baseline_columns(study)
            expected = "one of " + ", ".join(valid) if valid else "no column fits"
            problems += [
                _problem(setting, name, f"the cohort has no such column{say_nearest(name, valid)}", expected)
                for name in absent
            ]
    problems += _entry_problems(study)
    allowed = tuple(domain.key for domain in study.domains) + study.groups
    if _is_chosen(study, "split") and study.options.split not in allowed:
        message = "the baseline table can be split by a response domain or a group that the cohort has"
        expected = "one of " + ", ".join(allowed) if allowed else "a cohort with a response or a group column"
        problems.append(_problem("split", study.options.split, message, expected))
    return problems


def _entry_problems(study: Study) -> list[Problem]:
    """List the columns of the tables inside the settings that the cohort does not have."""
    options = study.options
    named = [("[covariate]", entry.column) for entry in options.covariate]
    named += [
        ("[comparison]", name) for entry in options.comparison for name in (entry.column, entry.known_days) if name
    ]
    valid = [str(name) for name in study.frame]
    return [
        _problem(
            setting, name, f"the cohort has no such column{say_nearest(name, valid)}", "one of " + ", ".join(valid)
        )
        for setting, name in named
        if name not in valid
    ]


def _is_chosen(study: Study, setting: str) -> bool:
    return bool(getattr(study.options, setting) != getattr(ReportOptions(), setting))


def _problem(setting: str, name: str, message: str, expected: str) -> Problem:
    return Problem(
        field=f"[{SECTION}] {setting}", code="unknown_column", message=message, found=name, expected=expected
    )


def baseline_columns(study: Study) -> tuple[str, ...]:
    """Name the columns of the cohort that can be known at the index date."""
    return tuple(
        str(name)
        for name in study.frame
        if name != "subject" and not is_later(str(name), study.options) and not str(name).endswith(NO_BASELINE)
    )


def say_absent_columns(study: Study) -> tuple[str, ...]:
    """Say which columns of the settings are not there, or cannot be used."""
    wanted = dict.fromkeys((*study.options.covariates, *study.options.univariable_only))
    used = {covariate.column for covariate in (*study.covariates, *study.further_covariates)}
    unused = [name for name in wanted if name not in used and not is_later(name, study.options)]
    sentences = []
    if unused and used:
        labels = ", ".join(f"{meaning_of(name).label} ({name})" for name in unused)
        sentences.append(f"Baseline covariates without a column or without any value: {labels}.")
    sentences += [
        f"Survival by {name}: the column has fewer than two groups."
        for name in study.options.groups
        if name in study.frame and name not in study.groups and not is_later(name, study.options)
    ]
    return tuple(sentences)
