"""Sentences on how long a response lasted and on progression-free survival: days, end, and the rule of the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recist.criteria.censoring import CENSORING_ROWS, Situation
from recist.response.explain.best import new_therapy_of, start_of
from recist.response.explain.quantities import counted, listed
from recist.response.explain.sentence import Sentence, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.explain.evidence import Evidence


class _Endpoint(NamedTuple):
    """An endpoint by the beginning of the names of its columns."""

    columns: str
    name: str
    topic: Topic


PROGRESSIONS = ("PD", "iUPD", "iCPD")
PROGRESSION_FREE = _Endpoint("pfs", "Progression-free survival", Topic.PROGRESSION_FREE)
RESPONSE_DURATION = _Endpoint("duration_of_response", "Duration of response", Topic.RESPONSE_DURATION)


def explain_endpoints(evidence: Evidence) -> Iterator[Sentence]:
    """Say how long the response lasted, and progression-free survival, each with the rule that ended it."""
    first = evidence.best.get("first_response_date", "")
    if first:
        which = f"opened by {evidence.options.responders} responses"
        yield from _explain(evidence, RESPONSE_DURATION, f"from the first response on {first}", which)
    elif any(visit.cell("overall_response") in ("CR", "PR") for visit in evidence.visits):
        text = f"No response opens a duration of response (option responders = {evidence.options.responders})."
        yield Sentence(topic=Topic.RESPONSE_DURATION, text=text)
    start, what = start_of(evidence)
    yield from _explain(evidence, PROGRESSION_FREE, f"from {what} {start}", "")


def _explain(evidence: Evidence, endpoint: _Endpoint, since: str, which: str) -> Iterator[Sentence]:
    days, event = (evidence.best.get(f"{endpoint.columns}_{name}", "") for name in ("days", "event"))
    if not days:
        return
    end = evidence.best.get(f"{endpoint.columns}_date", "")
    until = f" to {end}" if end else ""
    how = "ends with an event" if event.casefold() == "true" else "is censored"
    more = f", {which}" if which else ""
    yield Sentence(
        topic=endpoint.topic,
        text=f"{endpoint.name}: {counted(int(days), 'day')} {since}{until}, both days counted{more}; it {how}.",
    )
    reason = evidence.best.get(f"{endpoint.columns}_reason", "")
    row = next((row for row in CENSORING_ROWS if str(row.situation) == reason), None)
    if row is not None:
        rule = row.fda if evidence.options.censoring == "fda" else row.ema
        text = (
            f"Its reason is {reason.replace('_', ' ')} ({row.says}); by the {str(evidence.options.censoring).upper()} "
            f"rules the end is: {rule.date}; {rule.outcome}."
        )
        yield Sentence(topic=endpoint.topic, text=text, citation=row.citation)
        yield from _explain_new_therapy(evidence, endpoint, reason)
    elif reason:
        yield Sentence(topic=endpoint.topic, text=f"Its reason is {reason.replace('_', ' ')}.")


def _explain_new_therapy(evidence: Evidence, endpoint: _Endpoint, reason: str) -> Iterator[Sentence]:
    """Name the day on which another therapy censors, and the progressions after it that are not used."""
    therapy = new_therapy_of(evidence)
    if reason != Situation.NEW_THERAPY or not therapy:
        return
    text = f"The new therapy began on {therapy}."
    later = [
        visit.name
        for visit in evidence.visits
        if not visit.excluded and visit.date >= therapy and visit.cell("overall_response") in PROGRESSIONS
    ]
    if later:
        text += f" Later progression is not used: {listed(later)}."
    yield Sentence(topic=endpoint.topic, text=text)
