"""What to look at before believing a report: old contacts, small sides, assessments out of their window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import RecistError
from recist.problems import Problem, Severity
from survival.endpoints import derive_endpoint
from survival.reporting.last_contacts import check_last_contacts
from survival.wording import lower_first, say_counted

if TYPE_CHECKING:
    from survival.reporting.study import Study


def check_study(study: Study) -> tuple[Problem, ...]:
    """List what does not stop a report but weakens it, as warnings."""
    return (
        *check_last_contacts(study),
        *_small_groups(study),
        *_small_sides(study),
        *_outside_window(study),
        *_models(study),
    )


def _small_groups(study: Study) -> list[Problem]:
    """Flag a small cohort, and small groups known at the index date, by the primary endpoint."""
    data = derive_endpoint(study.frame, study.primary)
    parts = [("the cohort", len(data.days), int(data.event.sum()))]
    for column in study.groups:
        labels = data.rows[column].astype(str).replace("nan", "").to_numpy(dtype=object)
        parts += [
            (f"{column} {name}", int((labels == name).sum()), int(data.event[labels == name].sum()))
            for name in sorted(set(labels) - {""})
        ]
    message = "few patients or events: read the estimates with caution"
    return [_small(study, field, n, events, message) for field, n, events in parts if _is_small(study, n, events)]


def _is_small(study: Study, n: int, events: int) -> bool:
    return n < study.options.minimum_group or events < study.options.minimum_events


def _small(study: Study, field: str, n: int, events: int, message: str) -> Problem:
    options = study.options
    return Problem(
        code="small_group",
        severity=Severity.WARNING,
        field=field,
        message=message,
        found=f"{say_counted(n, 'patient')}, {say_counted(events, 'event')}",
        expected=(
            f"at least {say_counted(options.minimum_group, 'patient')} and "
            f"{say_counted(options.minimum_events, 'event')}"
        ),
    )


def _models(study: Study) -> list[Problem]:
    """Repeat what the Cox models say of their columns and events."""
    return [
        Problem(code="model", severity=Severity.WARNING, field=plan.title, message=message)
        for plan, fitted in study.models
        if not isinstance(fitted, RecistError)
        for message in fitted.together.messages
        if "left out for missing" not in message
    ]


def _small_sides(study: Study) -> list[Problem]:
    problems = []
    for found in study.comparisons.values():
        for side, name in (("good", found.domain.good_name), ("bad", found.domain.bad_name)):
            n, events = (found.at_landmark.numbers[f"{side}_{count}"] for count in ("n", "events"))
            if _is_small(study, n, events):
                message = "few patients or events at the landmark: read the estimates with caution"
                field = f"{lower_first(found.domain.name)} response, {name}"
                problems.append(_small(study, field, n, events, message))
    return problems


def _outside_window(study: Study) -> list[Problem]:
    first, last = study.options.window_days
    problems = []
    for domain in study.dated_domains:
        evaluable = study.frame[study.frame[domain.response_column].isin(domain.evaluable)]
        outside = int((~evaluable[domain.days_column].between(first, last)).sum())
        if outside:
            problems.append(
                Problem(
                    code="outside_window",
                    severity=Severity.WARNING,
                    field=domain.days_column,
                    message="responses assessed outside the window of the first follow-up",
                    found=f"{outside} of {len(evaluable)}",
                    expected=f"day {first} to {last}",
                )
            )
    return problems
