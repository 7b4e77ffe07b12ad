"""One reader's course under iRECIST, beside the same course under RECIST 1.1."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .answers import Answer, Course, answer_of
from .best import Read, new_therapy_that_counts, why_excluded
from .irecist import Immune, follow_immune
from .irecist_best import PROGRESSED, find_progression, immune_best, in_plain_words, usable_reads
from .irecist_memory import ImmuneCourse
from .irecist_new import new_targets

if TYPE_CHECKING:
    from .patient import Patient


def as_read_option(options: dict[str, object]) -> object:
    """Recode nothing as it was read."""
    return "as_is" if options["post_cr"] == "recode_pr" else options["post_cr"]


def follow(patient: Patient, plain: Answer, *, final: bool) -> list[Immune]:
    """Walk through the visits, as they were read or as they are in the end."""
    seen = [visit.kinds_as_read for visit in patient.visits]
    kinds = [visit.kinds for visit in patient.visits] if final else seen
    targets = new_targets(patient.points[1:], seen, patient.options)
    visits = patient.visits
    if not final:
        visits = [
            replace(
                visit,
                new_final=visit.new_as_read,
                new_lesions=frozenset(name for name, kind in visit.kinds_as_read.items() if kind == "unequivocal"),
            )
            for visit in visits
        ]
    days = [visit.date for visit in plain.visits]
    options = patient.options if final else {**patient.options, "post_cr": as_read_option(patient.options)}
    return follow_immune(visits, days, kinds, ImmuneCourse(options=options, targets=targets))


def immune_answer(patient: Patient, plain: Answer) -> Answer:
    """Give the answer of iRECIST, with that of RECIST 1.1 in parallel."""
    options, dates = patient.options, patient.dates
    found, as_read = follow(patient, plain, final=True), follow(patient, plain, final=False)
    excluded = [why_excluded(one.date, dates, patient.treated_from) for one in found]
    reads = [Read(word=one.word, date=one.date) for one, why in zip(found, excluded, strict=True) if not why]
    therapy = new_therapy_that_counts(dates, patient.start)
    progression = find_progression(reads, therapy, options)
    visits = tuple(
        replace(
            visit,
            date=one.date,
            overall=one.word,
            as_read=before.word,
            after_progression=progression.confirmed is not None and one.date > progression.confirmed,
            excluded="|".join(why),
            more={
                "iupd_date": one.iupd_date,
                "change_from_iupd_mm": one.change,
                "new_lesion_sum_mm": one.new_sum,
                "overall_response_recist_1_1": visit.overall,
                "overall_response_as_read_recist_1_1": visit.as_read,
                "after_progression_recist_1_1": visit.after_progression,
            },
        )
        for visit, one, before, why in zip(plain.visits, found, as_read, excluded, strict=True)
    )
    usable = usable_reads(reads, progression, therapy, options)
    course = Course(
        reads=[
            replace(read, word="PD") if read.word in PROGRESSED and read.date == progression.date else read
            for read in reads
        ],
        usable=in_plain_words(usable),
        progression=progression.date,
        dates=dates,
        start=patient.start,
        has_baseline=patient.has_baseline,
        options=options,
    )
    best, confirmed = immune_best(usable, patient.start, options)
    return replace(
        answer_of(visits, course, best, confirmed, parallel=plain), progression_confirmed=progression.confirmed
    )
