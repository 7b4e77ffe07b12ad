"""Sentences on the options that are not at their default: what each changed for this subject, by scoring again."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from recist.response.explain.option_rules import write_option
from recist.response.explain.quantities import listed
from recist.response.explain.rescoring import rescore
from recist.response.explain.sentence import Sentence, Topic
from recist.response.options import options_table, parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence, Row, Tables
    from recist.response.explain.rescoring import Rescored

ON_READING = ("tp_window_days", "partial_dates")  # they act before the table of lesions is made
VISIT_COLUMNS = {
    "overall_response": "the overall response",
    "target_response": "the target response",
    "non_target_response": "the non-target response",
    "new_lesion": "the new lesion",
    "date": "the date",
    "nadir_mm": "the nadir in mm",
    "sum_mm": "the sum in mm",
}
BEST_COLUMNS = {
    "best_response": "the best response",
    "best_response_date": "its date",
    "confirmed_best_response": "the confirmed best response",
    "confirmed_best_response_date": "the date of that",
    "progression_date": "the date of progression",
    "duration_of_response_days": "the duration of response in days",
    "pfs_days": "progression-free survival in days",
    "pfs_event": "whether that ended with an event",
}


def changed_options(evidence: Evidence) -> dict[str, tuple[object, object]]:
    """Name the options that are not at their default, each with its value and the default."""
    in_force, default = options_table(evidence.options), options_table(parse_options({}, evidence.criteria))
    return {name: (value, default[name]) for name, value in in_force.items() if value != default[name]}


def explain_options(evidence: Evidence, tables: Tables) -> Iterator[Sentence]:
    """Say for each option that is not at its default what would be otherwise with the default."""
    as_scored = rescore(evidence, tables, evidence.options)
    yield from _check_agreement(evidence, as_scored)
    changed = changed_options(evidence)
    default = parse_options({}, evidence.criteria)
    known = {field.name for field in fields(evidence.options)}
    without_effect = []
    for name in (name for name in changed if name in known):
        if name in ON_READING or as_scored is None:
            continue
        value = write_option(changed[name][0])
        other = rescore(evidence, tables, replace(evidence.options, **{name: getattr(default, name)}))
        said = ["the data would be refused"] if other is None else list(_differences(as_scored, other))
        if not said:
            without_effect.append(f"{name} = {value}")
            continue
        text = (
            f"Option {name} = {value} (default {write_option(changed[name][1])}). With the default {'; '.join(said)}."
        )
        yield Sentence(topic=Topic.OPTIONS, text=text)
    if without_effect:
        text = f"Not at the default, but without effect on this subject: {listed(sorted(without_effect))}."
        yield Sentence(topic=Topic.OPTIONS, text=text)
    on_reading = [f"{name} = {write_option(changed[name][0])}" for name in ON_READING if name in changed]
    if on_reading:
        text = f"Not at the default, and at work before the lesions were listed, so not compared: {listed(on_reading)}."
        yield Sentence(topic=Topic.OPTIONS, text=text)


def _check_agreement(evidence: Evidence, again: Rescored | None) -> Iterator[Sentence]:
    """Warn where scoring the lesions again does not give the responses of the tables."""
    advice = "the files do not belong together, or another version wrote them; score again"
    if again is None:
        yield Sentence(topic=Topic.OPTIONS, text=f"The lesions cannot be scored again: {advice}.")
        return
    differs = [
        visit.timepoint
        for visit in evidence.visits
        if again.responses.get(visit.timepoint, {}).get("overall_response") != visit.cell("overall_response")
    ]
    if again.best.get("best_response") != evidence.best.get("best_response"):
        differs.append("best response")
    if differs:
        text = f"Scoring the lesions again gives another answer for {listed(differs)}: {advice}."
        yield Sentence(topic=Topic.OPTIONS, text=text)


def _differences(here: Rescored, other: Rescored) -> Iterator[str]:
    for timepoint, row in here.responses.items():
        otherwise = other.responses.get(timepoint)
        if otherwise is None:
            yield f"there would be no visit {timepoint}"
            continue
        said = list(_changed_cells(row, otherwise, VISIT_COLUMNS))
        if said:
            yield f"at {timepoint} {' and '.join(said)}"
    yield from _changed_cells(here.best, other.best, BEST_COLUMNS)


def _changed_cells(here: Row, other: Row, columns: dict[str, str]) -> Iterator[str]:
    for column, name in columns.items():
        is_value, would_be = here.get(column, ""), other.get(column, "")
        if is_value != would_be:
            yield f"{name} would be {would_be or 'none'} instead of {is_value or 'none'}"
