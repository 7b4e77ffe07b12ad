"""Sentences on the best response of a series: the search, the visits in it, and confirmation."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from recist.response.best import BEST_ROWS
from recist.response.choices import SameDay, Start
from recist.response.confirmation import CONFIRMATION_ROWS
from recist.response.explain.immune_best import explain_immune_best
from recist.response.explain.quantities import counted, listed
from recist.response.explain.rescoring import rescore
from recist.response.explain.sentence import Sentence, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recist.criteria.immune_table import ImmuneBestRow
    from recist.response.best_rows import BestRow
    from recist.response.explain.evidence import Evidence, Tables, Visit

RESPONSES = ("CR", "PR", "iCR", "iPR")


class Confirmation(NamedTuple):
    """What confirms a response, in the words of the criteria in force."""

    response: str
    confirmed_by: tuple[str, ...]
    passes_sd: str
    citation: str


def search_rows(evidence: Evidence) -> tuple[BestRow | ImmuneBestRow, ...]:
    """Give the steps of the search for the best response."""
    return BEST_ROWS if evidence.criteria.immune is None else evidence.criteria.immune.best


def confirmation_rows(evidence: Evidence) -> list[Confirmation]:
    """Give what confirms a response; iRECIST has the same rule for its own responses."""
    letter = "" if evidence.criteria.immune is None else "i"
    return [
        Confirmation(
            response=f"{letter}{row.response}",
            confirmed_by=tuple(f"{letter}{word}" for word in sorted(row.confirmed_by)),
            passes_sd=f"{letter}SD" if row.as_sd else "",
            citation=row.citation,
        )
        for row in CONFIRMATION_ROWS
    ]


def start_of(evidence: Evidence) -> tuple[str, str]:
    """Give the day that days are counted from, and what it is."""
    given = evidence.dates.get("start_date", "")
    if given and evidence.options.start is Start.START_DATE:
        return given, "the start of treatment"
    return evidence.baseline.date, "the baseline scan"


def days_between(earlier: str, later: str) -> int:
    """Count the days from one ISO date to another."""
    return (datetime.date.fromisoformat(later) - datetime.date.fromisoformat(earlier)).days


def searched_visits(evidence: Evidence) -> list[Visit]:
    """List the visits that the search may use: those that count, up to progression, before new therapy."""
    return [
        visit
        for visit in evidence.visits
        if not visit.excluded and not visit.is_after_progression and not is_after_new_therapy(evidence, visit)
    ]


def new_therapy_of(evidence: Evidence) -> str:
    """Give the date of the new therapy, empty where there is none; one no later than the start is a prior one."""
    given = evidence.dates.get("new_therapy_date", "")
    zero = evidence.dates.get("start_date", "") or evidence.baseline.date
    return given if given > zero else ""


def is_after_new_therapy(evidence: Evidence, visit: Visit) -> bool:
    """Say whether a visit is too late for the best response, because another therapy had begun."""
    therapy = new_therapy_of(evidence)
    is_same_day_before = evidence.options.new_therapy_same_day is SameDay.BEFORE
    return bool(therapy) and (visit.date > therapy or (visit.date == therapy and not is_same_day_before))


def explain_best(evidence: Evidence, tables: Tables) -> Iterator[Sentence]:
    """Say which visits were searched, in which order, and what was found, without and with confirmation."""
    visits, (start, what) = searched_visits(evidence), start_of(evidence)
    if not evidence.is_assessed:
        yield _best("This reader has no assessment of the subject.")
    elif not visits:
        yield _best("No visit counts for best response.")
    else:
        said = [
            f"{one.timepoint} {one.cell('overall_response')} (day {days_between(start, one.date)})" for one in visits
        ]
        yield _best(f"Visits that count, with days after {what} {start}: {'; '.join(said)}.")
    therapy = new_therapy_of(evidence)
    if therapy and len(visits) < sum(not one.excluded and not one.is_after_progression for one in evidence.visits):
        yield _best(f"Visits after the new therapy of {therapy} count for no best response.")
    yield from explain_immune_best(evidence)
    yield _best(_search_order(evidence))
    yield from _found(evidence, "best_response", Topic.BEST, visits)
    yield from _explain_confirmation(evidence, tables, visits)


def _search_order(evidence: Evidence) -> str:
    least = evidence.options.min_sd_days - evidence.options.min_sd_tolerance_days
    steps = [
        f"{row.best} at day {least} or later" if row.needs_minimum_time else str(row.best)
        for row in search_rows(evidence)
    ]
    return f"The first of these that is found is the best response: {', '.join(steps)}."


def _found(evidence: Evidence, column: str, topic: Topic, visits: Sequence[Visit]) -> Iterator[Sentence]:
    """Say what the search found, where, and which visits came too early."""
    found, date = evidence.best.get(column, ""), evidence.best.get(f"{column}_date", "")
    start, _ = start_of(evidence)
    at = next((visit for visit in visits if visit.date == date), evidence.visit_on(date))
    where = f", from {at.name}" if at is not None else f", from {date}" if date else ""
    name = "Confirmed best response" if topic is Topic.CONFIRMED else "Best response"
    yield Sentence(topic=topic, text=f"{name}: {found}{where}.")
    row = next((row for row in search_rows(evidence) if str(row.best) == found), None)
    if row is None:
        return
    least = evidence.options.min_sd_days - evidence.options.min_sd_tolerance_days
    allowing = [visit for visit in visits if visit.cell("overall_response") in row.found_by]
    late = [visit for visit in allowing if days_between(start, visit.date) >= least]
    if row.needs_minimum_time and late:
        day = days_between(start, late[0].date)
        text = (
            f"{late[0].timepoint} is {late[0].cell('overall_response')} on day {day}; at least day {least} is needed."
        )
        yield Sentence(topic=topic, text=text)
    yield from _too_early(evidence, found, visits, topic)


def _too_early(evidence: Evidence, found: str, visits: Sequence[Visit], topic: Topic) -> Iterator[Sentence]:
    """Say which responses came before the minimum time, where the search went on past them."""
    start, least = start_of(evidence)[0], evidence.options.min_sd_days - evidence.options.min_sd_tolerance_days
    for row in search_rows(evidence):
        if str(row.best) == found:
            return
        early = [
            f"{visit.timepoint} (day {days_between(start, visit.date)})"
            for visit in visits
            if row.needs_minimum_time and visit.cell("overall_response") in row.found_by
        ]
        if early:
            text = f"No {row.best}: {listed(early)} before day {least}."
            yield Sentence(topic=topic, text=text)


def _explain_confirmation(evidence: Evidence, tables: Tables, visits: Sequence[Visit]) -> Iterator[Sentence]:
    found = evidence.best.get("confirmed_best_response", "")
    yield from _found(evidence, "confirmed_best_response", Topic.CONFIRMED, visits)
    words = [visit.cell("overall_response") for visit in visits]
    for row in confirmation_rows(evidence):
        if row.response not in words:
            continue
        yield Sentence(topic=Topic.CONFIRMED, text=_rule(evidence, row), citation=row.citation)
        first = visits[words.index(row.response)]
        if row.response == found:
            at = next((visit for visit in visits if visit.date == evidence.best["confirmed_best_response_date"]), first)
            confirming = find_confirming_visit(evidence, tables, at, visits)
            if confirming is not None:
                days = days_between(at.date, confirming.date)
                text = f"The {found} of {at.name} is confirmed by the {confirming.cell('overall_response')} of "
                yield Sentence(topic=Topic.CONFIRMED, text=f"{text}{confirming.name}, {counted(days, 'day')} later.")
            return
        yield Sentence(topic=Topic.CONFIRMED, text=_unconfirmed(row, first, visits))


def _rule(evidence: Evidence, row: Confirmation) -> str:
    options = evidence.options
    by = listed(row.confirmed_by, last="or")
    between = f"at most {counted(options.max_ne_number, 'NE')} between" if isinstance(options.max_ne, int) else ""
    between = between.replace("NEs", "NE") or "any number of NE between"
    if row.passes_sd:
        between += f" and at most {options.accept_sd} {row.passes_sd}"
    return f"{_a(row.response)} is confirmed by {by} at least {options.confirmation_days} days later, with {between}."


def _a(word: str) -> str:
    return f"An {word}" if word.startswith("i") else f"A {word}"


def _unconfirmed(row: Confirmation, first: Visit, visits: Sequence[Visit]) -> str:
    later = [
        f"{one.timepoint} {one.cell('overall_response')} ({counted(days_between(first.date, one.date), 'day')} later)"
        for one in visits
        if one.date > first.date
    ]
    came = f"after it came {listed(later)}" if later else "no visit that counts came after it"
    return f"No {row.response} was confirmed. The first was at {first.name}; {came}."


def find_confirming_visit(evidence: Evidence, tables: Tables, at: Visit, visits: Sequence[Visit]) -> Visit | None:
    """Find the visit with which a response became a confirmed one, by scoring up to each later visit in turn."""
    known = [evidence.baseline.timepoint, *(visit.timepoint for visit in evidence.before(at)), at.timepoint]
    for visit in evidence.after(at):
        known.append(visit.timepoint)
        if visit not in visits:
            continue
        so_far = rescore(evidence, tables, evidence.options, known)
        is_there = so_far is not None and all(
            so_far.best.get(column) == evidence.best.get(column)
            for column in ("confirmed_best_response", "confirmed_best_response_date")
        )
        if is_there:
            return visit if visit.cell("overall_response") in RESPONSES else None
    return None


def _best(text: str) -> Sentence:
    return Sentence(topic=Topic.BEST, text=text)
