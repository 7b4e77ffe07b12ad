"""What is expected of one reader's course: the answer to each visit, best responses and times to events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .best import Dates, Found, Read, is_confirmed, may_start
from .branches import note
from .endpoints import FollowUp, Time, last_adequate, progression_free, response_duration, time_to_progression

if TYPE_CHECKING:
    import datetime
    from fractions import Fraction

RESPONSES = {"CR", "PR", "iCR", "iPR"}


@dataclass(frozen=True, kw_only=True)
class VisitAnswer:
    """What is expected of one visit."""

    label: str
    date: datetime.date
    baseline_sum: Fraction | None
    sum: Fraction | None
    complete: bool | None
    nadir: Fraction | None
    target: str
    non_target: str
    new: str
    overall: str
    as_read: str
    after_progression: bool
    excluded: str
    more: dict[str, object] = field(default_factory=dict)  # what only some criteria have


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is expected of one reader and subject."""

    visits: tuple[VisitAnswer, ...]
    best: Found
    confirmed: Found
    first_response: datetime.date | None
    progression: datetime.date | None
    last_adequate: datetime.date | None
    duration: Time
    pfs: Time
    ttp: Time
    parallel: Answer | None = None  # by RECIST 1.1, beside iRECIST
    progression_confirmed: datetime.date | None = None


def first_response(
    usable: list[Read], best: Found, confirmed: Found, start: datetime.date, options: dict[str, object]
) -> datetime.date | None:
    """Give the date of the first response, a confirmed one where asked for."""
    confirmed_only = options["responders"] == "confirmed"
    if (confirmed if confirmed_only else best)[0] not in RESPONSES:
        return None
    return min(
        read.date
        for number, read in enumerate(usable)
        if read.word in RESPONSES
        and (
            not confirmed_only
            or any(
                may_start(read.word, word, options) and is_confirmed(number, usable, start, options, word)
                for word in ("CR", "PR")
            )
        )
    )


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the answer of a course is made of."""

    reads: list[Read]
    usable: list[Read]
    progression: datetime.date | None
    dates: Dates
    start: datetime.date
    has_baseline: bool
    options: dict[str, object]


def answer_of(
    visits: tuple[VisitAnswer, ...], course: Course, best: Found, confirmed: Found, parallel: Answer | None = None
) -> Answer:
    """Give the best responses and the times to events."""
    if not course.usable:
        note("patient: no visit counts")
    end = course.progression
    until = [
        read for read in course.reads if end is None or read.date < end or (read.date == end and read.word == "PD")
    ]
    followed = FollowUp(
        reads=until,
        progression=course.progression,
        dates=course.dates,
        start=course.start,
        has_baseline=course.has_baseline,
        options=course.options,
    )
    first = first_response(course.usable, best, confirmed, course.start, course.options)
    return Answer(
        visits=visits,
        best=best,
        confirmed=confirmed,
        first_response=first,
        progression=course.progression,
        last_adequate=last_adequate(until, course.options),
        duration=response_duration(followed, first),
        pfs=progression_free(followed),
        ttp=time_to_progression(followed),
        parallel=parallel,
    )
