"""What a reader should look at before believing a report: small sides, and assessments outside their window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.problems import Problem, Severity
from survival.wording import say_counted

if TYPE_CHECKING:
    from survival.reporting.study import Study


def check_study(study: Study) -> tuple[Problem, ...]:
    """List what does not stop a report but weakens it, as warnings."""
    return (*_small_sides(study), *_outside_window(study))


def _small_sides(study: Study) -> list[Problem]:
    options = study.options
    problems = []
    for found in study.comparisons.values():
        for side, name in (("good", found.domain.good_name), ("bad", found.domain.bad_name)):
            n, events = (found.at_landmark.numbers[f"{side}_{count}"] for count in ("n", "events"))
            if n < options.minimum_group or events < options.minimum_events:
                problems.append(
                    Problem(
                        code="small_group",
                        severity=Severity.WARNING,
                        field=f"{found.domain.name.lower()} response, {name}",
                        message="few patients or events at the landmark: read the estimates with caution",
                        found=f"{say_counted(n, 'patient')}, {say_counted(events, 'event')}",
                        expected=(
                            f"at least {say_counted(options.minimum_group, 'patient')} and "
                            f"{say_counted(options.minimum_events, 'event')}"
                        ),
                    )
                )
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
