"""What to look at before believing a report: old contacts, small sides, assessments out of their window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import RecistError
from recist.problems import Problem, Severity
from survival.endpoints import derive_endpoint
from survival.reporting.last_contacts import check_last_contacts
from survival.words.wording import lower_first, say_counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survival.reporting.study import Study
    from survival.results import ResultFigure, ResultTable, Section

CALIBRATION = "calibration"
LATEST_IMPLAUSIBLE_DAY = 7


def check_study(study: Study, sections: Sequence[Section] = ()) -> tuple[Problem, ...]:
    """List what does not stop a report but weakens it, as warnings."""
    return (
        *check_last_contacts(study),
        *_small_groups(study),
        *_small_sides(study),
        *_outside_window(study),
        *_implausibly_early(study),
        *_as_published(study, sections),
        *_models(study),
        *_predicts_badly(sections),
    )


def _warning(code: str, field: str, message: str, found: str = "", expected: str = "") -> Problem:
    return Problem(code=code, severity=Severity.WARNING, field=field, message=message, found=found, expected=expected)


def _implausibly_early(study: Study) -> list[Problem]:
    """Flag responses all dated within the first days: nothing can have responded by then."""
    dated = [
        (domain.days_column, study.frame.loc[study.frame[domain.response_column].isin(domain.evaluable)])
        for domain in study.dated_domains
    ]
    dated += [
        (entry.known_days, study.frame)
        for entry in study.options.comparison
        if entry.known_days and entry.known_days in study.frame
    ]
    problems = []
    for column, rows in dated:
        days = pd.to_numeric(rows[column].replace("", np.nan), errors="coerce").dropna()
        if len(days) and days.max() <= LATEST_IMPLAUSIBLE_DAY:
            message = (
                "all of these days lie within the first week, when no response can be seen: with such days neither the "
                "landmark nor own-date entry removes immortal time; give the day of the assessment"
            )
            low, high = int(days.min()), int(days.max())
            found = f"day {low}" if low == high else f"day {low} to {high}"
            problems.append(_warning("implausible_day", column, message, f"{found} in all {len(days)}"))
    return problems


def _as_published(study: Study, sections: Sequence[Section]) -> list[Problem]:
    """Repeat that comparisons with immortal time stand in the report."""
    if not study.options.as_published:
        return []
    names = [item.title for section in sections for item in section.items if _is_as_published(item)]
    message = (
        "comparisons as published, from the index date by something known only later, stand in this report because "
        "they were asked for: they contain immortal time and are no evidence of an effect"
    )
    return [_warning("as_published", "as_published", message, "; ".join(names))]


def _is_as_published(item: ResultTable | ResultFigure) -> bool:
    return item.name.startswith("known_later_") or item.name.endswith("_as_published")


def _predicts_badly(sections: Sequence[Section]) -> list[Problem]:
    """Repeat the cautions on the baseline model that stand in its section."""
    said = [sentence for section in sections if section.key == CALIBRATION for sentence in section.paragraphs]
    return [_warning("predicts_badly", "Baseline model", sentence) for sentence in said]


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
        for message in fitted.remarks
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
