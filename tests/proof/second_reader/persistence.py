"""A partial response that is kept through small changes (EORTC: 100, 70, 70, 80, 80 stays PR)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .best import RESPONSES, Read, is_confirmed
from .branches import note

if TYPE_CHECKING:
    import datetime

    from .target import TargetVisit
    from .timepoints import Timepoint


def keep_partial_response(
    points: list[Timepoint], visits: list[TargetVisit], options: dict[str, object], treated_from: datetime.date
) -> list[TargetVisit]:
    """Keep a PR of the target lesions until they progress, where asked for."""
    choice = options["pr_persistence"]
    if choice == "none":
        return visits
    reads: list[Read] = []  # since the last PD
    kept = []
    for point, visit in zip(points, visits, strict=True):
        word = visit.response
        if point.last > treated_from:
            reads.append(Read(word=word, date=point.last))
        if word == "PD":
            note("persistence: ended by PD")
            reads = []
        elif word == "SD" and is_held(reads, options):
            note("persistence: SD stays PR")
            word = "PR"
        elif word == "SD":
            note("persistence: SD before PR is confirmed")
        kept.append(replace(visit, response=word))
    return kept


def is_held(reads: list[Read], options: dict[str, object]) -> bool:
    """Tell whether there was a response, a confirmed one where that is asked for."""
    if options["pr_persistence"] == "after_pr":
        return any(read.word in RESPONSES for read in reads)
    on_target = {**options, "missed_visits": "ignore"}
    return any(
        read.word in RESPONSES and is_confirmed(number, reads, read.date, on_target, "PR")
        for number, read in enumerate(reads)
    )
