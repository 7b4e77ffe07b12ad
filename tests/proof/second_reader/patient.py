"""One reader's whole course of one patient, from the rows to the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .answers import Answer, Course, VisitAnswer, answer_of
from .best import (
    Dates,
    Read,
    before_new_therapy,
    best_response,
    confirmed_best_response,
    eligible,
    new_therapy_that_counts,
    why_excluded,
)
from .branches import note
from .findings import complete_date, read_finding
from .immune_patient import immune_answer
from .limits import CRITERIA_DEFAULTS, DEFAULTS
from .new_lesions import ORDER, date_back, see_new_lesions, worst_kinds
from .non_target import non_target_response, word_of
from .overall import Visit, find_returns, overall_responses, response_date
from .persistence import keep_partial_response
from .target import follow_targets
from .timepoints import Timepoint, timepoints_of

if TYPE_CHECKING:
    import datetime
    from fractions import Fraction

Row = dict[str, str]
NODES_ARE_LESIONS = {"recist-1.0", "choi", "modified-choi"}  # Therasse 2000, Choi 2007: one longest diameter for all


def read_dates(subject: Row | None, options: dict[str, object]) -> Dates:
    """Read the dates of a subject."""
    given = {
        name: complete_date(subject[f"{name}_date"], options) if subject and subject.get(f"{name}_date") else None
        for name in ("start", "new_therapy", "death", "last_contact", "cutoff", "clinical_progression")
    }
    return Dates(**given)


def points_of(
    rows: list[Row], options: dict[str, object], start: datetime.date | None, criteria: str
) -> list[Timepoint]:
    """Read the rows; what a lesion is was settled when it was first seen."""
    nodal: dict[str, bool] = {}
    for row in sorted(rows, key=lambda row: complete_date(row["date"], options)):
        nodal.setdefault(row["lesion"], criteria not in NODES_ARE_LESIONS and row.get("nodal") == "true")
    findings = []
    for row in rows:
        members = [row["lesion"], *(name for name in row.get("covers", "").split(";") if name)]
        nodes = {nodal.get(name, nodal[row["lesion"]]) for name in members}
        short = nodes == {True} or (len(nodes) > 1 and options["merged_mixed"] == "short")
        if len(nodes) > 1:
            note("mass: nodes merged with other lesions")
        findings.append(read_finding(row, nodal[row["lesion"]], options, by_short_axis=short, criteria=criteria))
    return timepoints_of(findings, int(str(options["tp_window_days"])), start)


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One reader's visits of one patient, judged part by part."""

    points: list[Timepoint]
    visits: list[Visit]
    baseline: Fraction | None
    dates: Dates
    options: dict[str, object]

    @property
    def treated_from(self) -> datetime.date:
        """Give the start of treatment, else the baseline scan."""
        return self.dates.start or self.points[0].last

    @property
    def start(self) -> datetime.date:
        """Give the day from which days are counted."""
        return self.treated_from if self.options["start"] == "start_date" else self.points[0].last

    @property
    def has_baseline(self) -> bool:
        """Tell whether the baseline could be assessed."""
        return self.baseline is not None or not self.points[0].of_role("target")


def is_silent(day: datetime.date, dates: Dates, treated_from: datetime.date, options: dict[str, object]) -> bool:
    """Tell whether a visit comes after death, cut-off or new therapy: it contradicts nothing."""
    therapy = new_therapy_that_counts(dates, treated_from)
    return (dates.end is not None and day > dates.end) or not before_new_therapy(day, therapy, options)


def draft_visits(
    points: list[Timepoint], criteria: str, options: dict[str, object], dates: Dates, treated_from: datetime.date
) -> tuple[Fraction | None, list[Visit]]:
    """Judge the components of each follow-up, as they were read."""
    baseline, nodes, targets = follow_targets(points, criteria, options, treated_from)
    targets = keep_partial_response(points[1:], targets, options, treated_from)
    at_baseline = {row.lesion: row.state for row in points[0].of_role("non_target")}
    names = [name for name, state in at_baseline.items() if state != "absent"]
    markers = {row.lesion for row in points[0].of_role("marker") if row.state == "abnormal"}
    seen = see_new_lesions(points, options)
    visits = [
        Visit(
            point=point,
            target=target,
            non_target=non_target_response(point, points[0], names, markers, options),
            nt_present=any(
                word_of(row, options) in {"present", "unequivocal_pd"} for row in point.of_role("non_target")
            ),
            new_as_read=before,
            new_final=before,
            new_lesions=frozenset(name for name, kind in kinds.items() if kind == "unequivocal"),
            kinds_as_read=kinds,
            kinds=kinds,
            nodes=nodes,
            anatomical_nodes=frozenset(row.lesion for row in points[0].of_role("target") if row.is_node),
            too_early=point.last <= treated_from,
            too_late=is_silent(point.last, dates, treated_from, options),
        )
        for point, target, before, kinds in zip(points[1:], targets, worst_kinds(seen), seen, strict=True)
    ]
    return baseline, visits


def with_proofs(visits: list[Visit], dates: Dates) -> list[Visit]:
    """Date new lesions back that a later visit proves."""
    counts = [
        {row.lesion for row in visit.point.of_role("new") if dates.end is None or row.date <= dates.end}
        for visit in visits
    ]
    final = date_back([visit.kinds_as_read for visit in visits], counts)
    return [
        replace(
            visit,
            new_final=max(kinds.values(), key=ORDER.index, default="no"),
            new_lesions=frozenset(name for name, kind in kinds.items() if kind == "unequivocal"),
            kinds=kinds,
        )
        for visit, kinds in zip(visits, final, strict=True)
    ]


def read_patient(rows: list[Row], subject: Row | None, criteria: str, chosen: dict[str, object]) -> Answer:
    """Give everything expected of the rows of one reader and subject."""
    options = {**DEFAULTS, **CRITERIA_DEFAULTS.get(criteria, {}), **chosen}
    dates = read_dates(subject, options)
    points = points_of(rows, options, dates.start, criteria)
    baseline, drafts = draft_visits(points, criteria, options, dates, dates.start or points[0].last)
    visits = with_proofs(drafts, dates)
    patient = Patient(points=points, visits=visits, baseline=baseline, dates=dates, options=options)
    answer = plain_answer(patient)
    return immune_answer(patient, answer) if criteria == "irecist" else answer


def plain_answer(patient: Patient) -> Answer:
    """Give the answer where a progression needs no confirmation."""
    visits, options, dates = patient.visits, patient.options, patient.dates
    as_read = overall_responses(visits, options, final=False)
    words = overall_responses(visits, options, final=True)
    returns = find_returns(visits, options, final=True)
    days = [response_date(*each, options) for each in zip(visits, words, returns, strict=True)]
    excluded = [why_excluded(day, dates, patient.treated_from) for day in days]
    reads = [Read(word=word, date=day) for word, day, why in zip(words, days, excluded, strict=True) if not why]
    progression = min((read.date for read in reads if read.word == "PD"), default=None)
    answers = tuple(
        VisitAnswer(
            label=visit.point.label,
            date=day,
            baseline_sum=patient.baseline,
            sum=visit.target.sum.size,
            complete=visit.target.sum.complete if visit.nodes else None,
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
    usable = eligible(reads, progression, new_therapy_that_counts(dates, patient.start), options)
    course = Course(
        reads=reads,
        usable=usable,
        progression=progression,
        dates=dates,
        start=patient.start,
        has_baseline=patient.has_baseline,
        options=options,
    )
    best = best_response(usable, patient.start, options)
    return answer_of(answers, course, best, confirmed_best_response(usable, patient.start, options))
