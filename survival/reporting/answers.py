"""The answer at the top in sentences: what went with survival, and how far the data carry that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from survival.endpoints import OVERALL_SURVIVAL
from survival.results import ResultTable
from survival.settings.canonical import primary_endpoint
from survival.words.comparison import FIRTH_NOTE, say_gain, say_hazard, say_hazard_p
from survival.words.wording import NOT_REACHED, lower_first, say_counted, say_months, say_p_equals, say_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survival.domains import DomainComparisons
    from survival.endpoints import Endpoint
    from survival.reporting.study import Study
    from survival.results import Section


AGAINST = "Hazard ratios against "
LATER_FORMS = {
    "from_index": "as published (contains immortal time, no evidence of an effect)",
    "landmark": "from the landmark",
    "own_entry": "with own-date entry",
    "start_stop": "in start-stop rows",
}
"""How the summary calls the forms of a comparison by something known only later."""
ASSOCIATION = (
    "What this can say: whether response and survival go together. Patients whose disease responds may be those who "
    "would have lived longer anyway; no figure here is an effect of treatment."
)


def summary_answer(study: Study) -> tuple[str, ...]:
    """Answer in sentences whether response went with survival, and what a second treatment did.

    Returns
    -------
    tuple of str
        Each begins with its claim, which ends at the first colon.
    """
    sentences = [_domain_sentence(found, study) for found in study.comparisons.values()]
    said = tuple(sentence for sentence in (*sentences, _retreatment_sentence(study)) if sentence)
    return (*said, ASSOCIATION) if any(sentences) else said


def group_answers(sections: Iterable[Section], primary: Endpoint = OVERALL_SURVIVAL) -> tuple[str, ...]:
    """Repeat how the primary endpoint differed between groups known at the index date."""
    tables = [
        item
        for section in sections
        for item in section.items
        if isinstance(item, ResultTable) and item.name.startswith(f"{primary.key}_by_")
    ]
    return tuple(f"{table.title}: {' '.join(note for note in table.notes if note != FIRTH_NOTE)}" for table in tables)


def later_answers(sections: Iterable[Section], primary: Endpoint = OVERALL_SURVIVAL) -> tuple[str, ...]:
    """Say what came of comparing by something known only later, and that the form as published is no evidence."""
    tables = [
        item
        for section in sections
        for item in section.items
        if isinstance(item, ResultTable) and item.name.startswith("known_later_")
    ]
    return tuple(sentence for table in tables if (sentence := _say_later(table, primary)))


def _say_later(table: ResultTable, primary: Endpoint) -> str:
    said = []
    for row in table.numbers.to_dict("records"):
        record = {str(name): value for name, value in row.items()}
        if np.isnan(record.get("hazard_ratio", np.nan)):
            continue
        group = f"{record['group']} " if isinstance(record.get("group"), str) else ""
        said.append(f"{LATER_FORMS[str(record['form'])]}, {group}{say_hazard(record)}")
    if not said:
        return ""
    return (
        f"{table.title}, which is known only later: hazard ratio of {primary.hazard_of}{_against(table)}: "
        f"{'; '.join(said)}."
    )


def _against(table: ResultTable) -> str:
    note = next((note for note in table.notes if note.startswith(AGAINST)), "")
    return f" against {note.removeprefix(AGAINST).partition('.')[0]}" if note else ""


def _domain_sentence(found: DomainComparisons, study: Study) -> str:
    if not found.at_landmark.is_possible:
        return ""
    numbers, domain = found.at_landmark.numbers, found.domain
    medians = " against ".join(_say_side_median(numbers, side) for side in ("good", "bad"))
    sides = " against ".join(lower_first(name) for name in (domain.good_name, domain.bad_name))
    return (
        f"{domain.contrast_name} {_say_claim(numbers, study)}: from the landmark at day "
        f"{study.options.landmark_days}, median {_noun(study)} was {medians} ({sides}), {say_gain(numbers)}, "
        f"{_say_log_rank(numbers)}; {_say_own_hazard(found, study)}."
    )


def _say_log_rank(numbers: dict[str, Any]) -> str:
    if np.isnan(numbers["log_rank_p_value"]):
        return "no log-rank test without events"
    return f"log-rank {say_p_equals(numbers['log_rank_p_value'])}"


def _noun(study: Study) -> str:
    return primary_endpoint(study.options).noun


def _say_claim(numbers: dict[str, Any], study: Study) -> str:
    """Claim only what the test and the interval of the difference agree on; where they do not, say so."""
    noun = _noun(study)
    fewest = min(numbers["good_events"], numbers["bad_events"])
    if fewest < study.options.minimum_events:
        return f"cannot be judged, with {say_counted(fewest, 'event')} on one side"
    is_clear = numbers["log_rank_p_value"] < 1 - study.options.confidence
    lower, upper = numbers["difference_lower_months"], numbers["difference_upper_months"]
    if not is_clear:
        if lower > 0 or upper < 0:
            return f"did not clearly go with {noun} by the log-rank test, though by the difference of medians it did"
        return f"did not clearly go with {noun}"
    claim = f"went with {'longer' if numbers['hazard_ratio'] > 1 else 'shorter'} {noun}"
    if np.isnan(lower):
        return f"{claim} by the log-rank test (the difference of medians has no interval)"
    if lower <= 0 <= upper:
        return f"{claim} by the log-rank test, but the interval of the difference of medians includes 0"
    return claim


def _say_side_median(numbers: dict[str, Any], side: str) -> str:
    text = say_months(numbers[f"{side}_median_months"])
    return text if text == NOT_REACHED else f"{text} months"


def _say_own_hazard(found: DomainComparisons, study: Study) -> str:
    """Say whose hazard is compared with whose: a ratio above 1 is harm to the first named."""
    own, domain = found.own_entry.numbers, found.domain
    if np.isnan(own["hazard_ratio"]):
        return "no hazard ratio can be given with own-date entry"
    event = primary_endpoint(study.options).hazard_of
    plain = ", unstratified" if study.options.strata else ""
    return (
        f"hazard ratio of {event}, {lower_first(domain.bad_name)} against {lower_first(domain.good_name)}, with "
        f"own-date entry{plain}, {say_hazard(own)}, {say_hazard_p(own)}"
    )


def _retreatment_sentence(study: Study) -> str:
    found = study.retreatment
    if found is None or not found.naive.is_possible or found.start_stop is None:
        return ""
    naive = found.naive.numbers
    return (
        "Two or more treatments: the naive comparison, which contains the time patients had to live to be treated "
        f"again, shows {say_gain(naive)}, {_say_log_rank(naive)}. With that time counted "
        f"as what it is, {_say_fair(found.start_stop, study)}."
    )


def _say_fair(fair: dict[str, Any], study: Study) -> str:
    """Say what is left of an effect by the interval of its hazard ratio; nothing where hardly anybody died."""
    after = fair["events_after_second_treatment"]
    event = primary_endpoint(study.options).hazard_of
    estimate = f"hazard ratio of {event} after against before {say_hazard(fair)}, {say_hazard_p(fair)}"
    if min(after, fair["events"] - after) < study.options.minimum_events:
        return (
            f"nothing can be said: {say_counted(fair['n_after_second_treatment'], 'patient')} treated again with "
            f"{say_counted(after, 'death')} afterwards, {say_counted(fair['events'] - after, 'death')} in the time "
            f"before or without it ({estimate})"
        )
    lower, upper = fair["hazard_ratio_lower"], fair["hazard_ratio_upper"]
    if lower <= 1 <= upper:
        return (
            f"the data are compatible with a hazard ratio from {say_ratio(lower)} to {say_ratio(upper)}, no effect "
            f"among them ({estimate})"
        )
    return f"an effect remains ({estimate})"
