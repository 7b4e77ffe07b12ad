"""A partial response that is kept through small changes (EORTC: 100, 70, 70, 80, 80 stays PR)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .branches import note

if TYPE_CHECKING:
    from .target import TargetVisit
    from .timepoints import Timepoint


def keep_partial_response(
    points: list[Timepoint], visits: list[TargetVisit], options: dict[str, object]
) -> list[TargetVisit]:
    """Keep a PR of the target lesions until they progress, where asked for."""
    choice = options["pr_persistence"]
    if choice == "none":
        return visits
    days = int(str(options["confirmation_days"])) if choice == "after_confirmed_pr" else 0
    first = None
    holds = False
    kept = []
    for point, visit in zip(points, visits, strict=True):
        word = visit.response
        if word in {"PR", "CR"}:
            first = first or point.last
            if (point.last - first).days >= days:
                note("persistence: PR is held")
                holds = True
        elif word == "PD":
            note("persistence: ended by PD")
            holds, first = False, None
        elif word == "SD" and holds:
            note("persistence: SD stays PR")
            word = "PR"
        elif word == "SD":
            note("persistence: SD before PR is confirmed")
            first = None
        kept.append(replace(visit, response=word))
    return kept
