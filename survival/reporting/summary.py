"""The figures at the top: who, how many, the medians, the rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from survival.curves import Sample, curve_numbers, estimate_curves, say_median
from survival.endpoints import OVERALL_SURVIVAL, derive_endpoint
from survival.follow_up import follow_up
from survival.reporting.relief_time import relief_record
from survival.reporting.response_rates import response_rate
from survival.results import Fact
from survival.words.wording import DAYS_PER_MONTH, say_counted, say_interval, say_months, say_percent

if TYPE_CHECKING:
    from survival.endpoints import Endpoint
    from survival.reporting.study import Study


def summary_facts(study: Study) -> tuple[Fact, ...]:
    """Give the figures of the summary."""
    data = derive_endpoint(study.frame, study.primary)
    seen = follow_up(data.days, data.event, confidence=study.options.confidence).table.iloc[0]
    followed = say_months(float(seen["median"]) / DAYS_PER_MONTH)
    what = "death" if study.primary == OVERALL_SURVIVAL else "event"
    facts = [
        Fact(
            label="Patients",
            value=str(study.n),
            detail=f"{say_counted(int(data.event.sum()), what)}; median follow-up {followed}" + _unit(followed),
        ),
        *(_median_fact(study, end) for end in study.endpoints if study.has(end)),
        *_rate_facts(study),
    ]
    if (relief := relief_record(study)) is not None:
        facts.append(_fact("Median relief of symptoms", relief, study))
    return tuple(facts)


def _unit(text: str) -> str:
    return "" if text.startswith("not") else " months"


def _median_fact(study: Study, endpoint: Endpoint) -> Fact:
    data = derive_endpoint(study.frame, endpoint)
    sample = Sample(days=data.days, event=data.event)
    record = curve_numbers(sample, estimate_curves(sample, study.options.confidence), (12,))[0]
    return _fact(f"Median {endpoint.lower_name}", record, study)


def _fact(label: str, record: dict[str, Any], study: Study) -> Fact:
    value = say_months(record["median_months"])
    limits = say_median(record).partition("(")[2].rstrip(")")
    interval = f"{study.percent} {limits}; " if limits else ""
    if limits.startswith("limits"):
        interval = f"{study.percent}: {limits}; "
    return Fact(
        label=label,
        value=value + _unit(value),
        detail=f"{interval}n = {record['n']}, {say_counted(record['events'], 'event')}",
    )


def _rate_facts(study: Study) -> list[Fact]:
    facts = []
    for domain in study.domains:
        share = response_rate(study.frame, domain, domain.responders, study.options.confidence)
        limits = say_interval(f"{100 * share.lower:.1f}", f"{100 * share.upper:.1f}")
        facts.append(
            Fact(
                label=f"{domain.name} response",
                value=say_percent(share.rate, decimals=1),
                detail=f"{domain.responder_name}: {share.count} of {share.n}; {study.percent} {limits}",
            )
        )
    return facts
