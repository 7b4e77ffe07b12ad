"""The imaging plan: which lesion has which size at which visit."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = Path(__file__).parent / "cohort" / "imaging_plan.csv"
TIMEPOINTS = ("baseline", "followup-1", "followup-2")
INVENTED_FIRST_DATE = datetime.date(2015, 3, 2)
INVENTED_INTERVAL = datetime.timedelta(days=84)


class LesionShape(StrEnum):
    """How a lesion of the phantom looks."""

    ELLIPSOID = "ellipsoid"
    IRREGULAR = "irregular"
    NECROTIC = "necrotic"
    SPICULATED = "spiculated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLesion:
    """One lesion at one visit, as the plan wants it.

    Parameters
    ----------
    key : str
        The imaged patient, A to F; chooses anatomy and scanner.
    subject : str
        The study pseudonym; it becomes the PatientID.
    long_axis_mm, short_axis_mm : float
        Exact axes on the central slice; zero where the lesion is absent.
    """

    key: str
    subject: str
    timepoint: str
    date: datetime.date
    lesion: str
    role: str
    site: str
    nodal: bool
    state: str
    shape: LesionShape
    long_axis_mm: float
    short_axis_mm: float

    @property
    def is_present(self) -> bool:
        """Whether there is anything to draw."""
        return self.state == "measured"


def read_plan(path: Path = PLAN) -> tuple[PlannedLesion, ...]:
    """Read the plan; a plan without subjects or dates gets the key and invented dates."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(_parse_row(row) for row in csv.DictReader(stream))


def _parse_row(row: dict[str, str]) -> PlannedLesion:
    return PlannedLesion(
        key=row["key"],
        subject=row["subject"] or row["key"],
        timepoint=row["timepoint"],
        date=datetime.date.fromisoformat(row["date"]) if row["date"] else _invent_date(row["timepoint"]),
        lesion=row["lesion"],
        role=row["role"],
        site=row["site"],
        nodal=row["nodal"] == "true",
        state=row["state"],
        shape=LesionShape(row["shape"]),
        long_axis_mm=float(row["long_axis_mm"] or 0),
        short_axis_mm=float(row["short_axis_mm"] or 0),
    )


def _invent_date(timepoint: str) -> datetime.date:
    return INVENTED_FIRST_DATE + TIMEPOINTS.index(timepoint) * INVENTED_INTERVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything the plan says about one patient at one time point."""

    key: str
    subject: str
    timepoint: str
    date: datetime.date
    lesions: tuple[PlannedLesion, ...]


def derive_visits(plan: Sequence[PlannedLesion]) -> tuple[Visit, ...]:
    """Gather the plan's rows into visits, in the order of the plan."""
    visits: dict[tuple[str, str], Visit] = {}
    for row in plan:
        visit = visits.setdefault(
            (row.subject, row.timepoint),
            Visit(key=row.key, subject=row.subject, timepoint=row.timepoint, date=row.date, lesions=()),
        )
        visits[row.subject, row.timepoint] = replace(visit, lesions=(*visit.lesions, row))
    return tuple(visits.values())
