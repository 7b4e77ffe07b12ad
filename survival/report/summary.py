"""The box at the top: who, how many, the medians, the rates, and the answer in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from survival.comparison_words import say_difference, say_hazard
from survival.curves import Sample, curve_numbers, estimate_curves, say_median
from survival.endpoints import OVERALL_SURVIVAL, PROGRESSION_FREE_SURVIVAL, derive_endpoint
from survival.follow_up import follow_up
from survival.report.relief_time import relief_record
from survival.report.response_rates import response_rate
from survival.results import Fact
from survival.wording import DAYS_PER_MONTH, say_interval, say_months, say_p_equals, say_percent

if TYPE_CHECKING:
    from survival.domains import DomainComparisons
    from survival.endpoints import Endpoint
    from survival.report.study import Study

LEVEL = 0.05


def summary_facts(study: Study) -> tuple[Fact, ...]:
    """Give the figures of the summary."""
    data = derive_endpoint(study.frame, OVERALL_SURVIVAL)
    seen = follow_up(data.days, data.event, confidence=study.options.confidence).table.iloc[0]
    followed = say_months(float(seen["median"]) / DAYS_PER_MONTH)
    facts = [
        Fact(
            label="Patients",
            value=str(study.n),
            detail=f"{int(data.event.sum())} deaths; median follow-up {followed}" + _unit(followed),
        ),
        *(_median_fact(study, end) for end in (OVERALL_SURVIVAL, PROGRESSION_FREE_SURVIVAL) if study.has(end)),
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
    return _fact(f"Median {endpoint.name.lower()}", record, study)


def _fact(label: str, record: dict[str, Any], study: Study) -> Fact:
    value = say_months(record["median_months"])
    limits = say_median(record).partition("(")[2].rstrip(")")
    return Fact(
        label=label,
        value=value + _unit(value),
        detail=f"{study.percent} {limits}; n = {record['n']}, {record['events']} events",
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
                detail=f"{share.count} of {share.n}; {study.percent} {limits}",
            )
        )
    return facts


def summary_answer(study: Study) -> tuple[str, ...]:
    """Answer in sentences whether response went with survival, and what a second treatment did."""
    sentences = [_domain_sentence(found, study) for found in study.comparisons.values()]
    return tuple(sentence for sentence in (*sentences, _retreatment_sentence(study)) if sentence)


def _domain_sentence(found: DomainComparisons, study: Study) -> str:
    if not found.at_landmark.is_possible:
        return ""
    numbers, own = found.at_landmark.numbers, found.own_entry.numbers
    direction = "longer" if numbers["hazard_ratio"] > 1 else "shorter"
    is_clear = numbers["log_rank_p_value"] < LEVEL
    verb = f"went with {direction} survival" if is_clear else "did not clearly go with survival"
    domain = found.domain
    medians = " against ".join(_say_side_median(numbers, side) for side in ("good", "bad"))
    return (
        f"{domain.name} response {verb}: from the landmark at day {study.options.landmark_days}, median survival was "
        f"{medians} ({domain.good_name[:1].lower()}{domain.good_name[1:]} against "
        f"{domain.bad_name[:1].lower()}{domain.bad_name[1:]}), difference "
        f"{_one_line(say_difference(numbers))} months, log-rank {say_p_equals(numbers['log_rank_p_value'])}; "
        f"hazard ratio with own-date entry {say_hazard(own)}."
    )


def _say_side_median(numbers: dict[str, Any], side: str) -> str:
    text = say_months(numbers[f"{side}_median_months"])
    return text + _unit(text)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _retreatment_sentence(study: Study) -> str:
    found = study.retreatment
    if found is None or not found.naive.is_possible or found.start_stop is None:
        return ""
    naive, fair = found.naive.numbers, found.start_stop
    is_clear = fair["hazard_ratio_p_value"] < LEVEL
    rest = "an effect remains" if is_clear else "no effect can be seen"
    return (
        f"Two or more treatments: the naive comparison shows {_one_line(say_difference(naive))} months "
        f"({say_p_equals(naive['log_rank_p_value'])}), which contains the time patients had to live to be treated "
        f"again. With that time counted as what it is, {rest}: hazard ratio {say_hazard(fair)}, "
        f"{say_p_equals(fair['hazard_ratio_p_value'])}."
    )
