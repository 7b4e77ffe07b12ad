"""One reader's whole course of one patient, from the rows to the answers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .best import (
    Dates,
    Found,
    Read,
    best_response,
    confirmed_best_response,
    eligible,
    is_confirmed,
    may_start,
    new_therapy_that_counts,
    why_excluded,
)
from .branches import note
from .endpoints import FollowUp, Time, last_adequate, progression_free, response_duration, time_to_progression
from .findings import read_finding
from .limits import CRITERIA_DEFAULTS, DEFAULTS, LIMITS
from .new_lesions import ORDER, follow_new_lesions
from .non_target import non_target_response, word_of
from .overall import Visit, find_returns, overall_responses, response_date
from .persistence import keep_partial_response
from .target import follow_targets
from .timepoints import Timepoint, timepoints_of

if TYPE_CHECKING:
    from fractions import Fraction

Row = dict[str, str]
NODES_ARE_LESIONS = {"recist-1.0", "choi", "modified-choi"}  # Therasse 2000, Choi 2007: one longest diameter for all


@dataclass(frozen=True, kw_only=True)
class VisitAnswer:
    """What is expected of one visit."""

    label: str
    date: datetime.date
    baseline_sum: Fraction | None
    sum: Fraction | None
    complete: bool
    nadir: Fraction | None
    target: str
    non_target: str
    new: str
    overall: str
    as_read: str
    after_progression: bool
    excluded: str


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


def read_dates(subject: Row | None) -> Dates:
    """Read the dates of a subject."""
    given = {
        name: datetime.date.fromisoformat(subject[f"{name}_date"]) if subject and subject.get(f"{name}_date") else None
        for name in ("start", "new_therapy", "death", "last_contact", "cutoff", "clinical_progression")
    }
    return Dates(**given)


def points_of(
    rows: list[Row], options: dict[str, object], start: datetime.date | None, criteria: str
) -> list[Timepoint]:
    """Read the rows; what a lesion is was settled when it was first seen."""
    nodal: dict[str, bool] = {}
    for row in sorted(rows, key=lambda row: row["date"]):
        nodal.setdefault(row["lesion"], criteria not in NODES_ARE_LESIONS and row.get("nodal") == "true")
    findings = []
    for row in rows:
        members = [row["lesion"], *(name for name in row.get("covers", "").split(";") if name)]
        nodes = {nodal.get(name, nodal[row["lesion"]]) for name in members}
        short = nodes == {True} or (len(nodes) > 1 and options["merged_mixed"] == "short")
        if len(nodes) > 1:
            note("mass: nodes merged with other lesions")
        findings.append(read_finding(row, nodal[row["lesion"]], options, by_short_axis=short))
    return timepoints_of(findings, int(str(options["tp_window_days"])), start)


def visits_of(
    points: list[Timepoint], criteria: str, options: dict[str, object]
) -> tuple[Fraction | None, list[Visit]]:
    """Judge the components of each follow-up."""
    baseline, nodes, targets = follow_targets(points, LIMITS[criteria], options)
    targets = keep_partial_response(points[1:], targets, options)
    names = list(dict.fromkeys(row.lesion for row in points[0].of_role("non_target")))
    markers = {row.lesion for row in points[0].of_role("marker") if row.state == "abnormal"}
    as_read, final = follow_new_lesions(points, options)
    visits = [
        Visit(
            point=point,
            target=target,
            non_target=non_target_response(point, points[0], names, markers, options),
            nt_present=any(word_of(row, options) == "present" for row in point.of_role("non_target")),
            new_as_read=before,
            new_final=max(after.values(), key=ORDER.index, default="no"),
            new_lesions=frozenset(name for name, kind in after.items() if kind == "unequivocal"),
            nodes=nodes,
        )
        for point, target, before, after in zip(points[1:], targets, as_read, final, strict=True)
    ]
    return baseline, visits


def read_patient(rows: list[Row], subject: Row | None, criteria: str, chosen: dict[str, object]) -> Answer:
    """Give everything expected of the rows of one reader and subject."""
    options = {**DEFAULTS, **CRITERIA_DEFAULTS.get(criteria, {}), **chosen}
    dates = read_dates(subject)
    points = points_of(rows, options, dates.start, criteria)
    baseline, visits = visits_of(points, criteria, options)
    as_read = overall_responses(visits, options, final=False)
    words = overall_responses(visits, options, final=True)
    returns = find_returns(visits, options, final=True)
    days = [response_date(*each, options) for each in zip(visits, words, returns, strict=True)]
    treated_from = dates.start or points[0].last
    start = treated_from if options["start"] == "start_date" else points[0].last
    excluded = [why_excluded(day, dates, treated_from) for day in days]
    reads = [Read(word=word, date=day) for word, day, why in zip(words, days, excluded, strict=True) if not why]
    progression = min((read.date for read in reads if read.word == "PD"), default=None)
    answers = tuple(
        VisitAnswer(
            label=visit.point.label,
            date=day,
            baseline_sum=baseline,
            sum=visit.target.sum.size,
            complete=visit.target.sum.complete,
            nadir=visit.target.nadir,
            target=visit.target.response,
            non_target=visit.non_target,
            new=visit.new_as_read,
            overall=word,
            as_read=read,
            after_progression=progression is not None and day > progression,
            excluded="|".join(why),
        )
        for visit, day, word, read, why in zip(visits, days, words, as_read, excluded, strict=True)
    )
    has_baseline = baseline is not None or not points[0].of_role("target")
    return answer_of(
        answers,
        reads,
        progression=progression,
        dates=dates,
        start=start,
        options=options,
        has_baseline=has_baseline,
    )


def answer_of(
    visits: tuple[VisitAnswer, ...],
    reads: list[Read],
    *,
    progression: datetime.date | None,
    dates: Dates,
    start: datetime.date,
    options: dict[str, object],
    has_baseline: bool,
) -> Answer:
    """Give the best responses and the times to events."""
    usable = eligible(reads, progression, new_therapy_that_counts(dates, start), options)
    best = best_response(usable, start, options)
    confirmed = confirmed_best_response(usable, start, options)
    opening = confirmed if options["responders"] == "confirmed" else best
    first = None
    if opening[0] in {"CR", "PR"}:
        confirmed_only = options["responders"] == "confirmed"
        first = min(
            read.date
            for number, read in enumerate(usable)
            if read.word in {"CR", "PR"}
            and (
                not confirmed_only
                or any(
                    may_start(read.word, word, options) and is_confirmed(number, usable, start, options, word)
                    for word in ("CR", "PR")
                )
            )
        )
    if not usable:
        note("patient: no visit counts")
    until = [read for read in reads if progression is None or read.date <= progression]
    course = FollowUp(
        reads=until, progression=progression, dates=dates, start=start, has_baseline=has_baseline, options=options
    )
    return Answer(
        visits=visits,
        best=best,
        confirmed=confirmed,
        first_response=first,
        progression=progression,
        last_adequate=last_adequate(until),
        duration=response_duration(course, first),
        pfs=progression_free(course),
        ttp=time_to_progression(course),
    )
