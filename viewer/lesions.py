"""Lesions, what was found of them at each time point, and a reader's whole reading: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole, LesionState

if TYPE_CHECKING:
    import datetime as dt

    from viewer.caliper import Caliper


ID_PREFIX = {LesionRole.TARGET: "T", LesionRole.NON_TARGET: "NT", LesionRole.NEW: "N", LesionRole.MARKER: "M"}
ROLE_NAMES = {
    LesionRole.TARGET: "target",
    LesionRole.NON_TARGET: "non-target",
    LesionRole.NEW: "new lesion",
    LesionRole.MARKER: "tumour marker",
}
DRAWN_STATE = {
    LesionRole.TARGET: LesionState.MEASURED,
    LesionRole.NON_TARGET: LesionState.PRESENT,
    LesionRole.NEW: LesionState.MEASURED,  # size and kind decide, until the reader says how sure it is
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One lesion of a subject, the same at every time point."""

    id: str
    role: LesionRole
    site: str = ""
    nodal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a reader found of a lesion at one time point.

    Attributes
    ----------
    lesion, timepoint : str
    date : datetime.date or None
    state : LesionState
    caliper : Caliper or None
        The axes as drawn, float64 pixels of the image `sop_instance_uid`; None when nothing is drawn.
    long_axis_mm, short_axis_mm, diameter_mm : float or None
        What was measured; `diameter_mm` only where a table gives a diameter without axes.
    slice_thickness_mm : float or None
        The larger of thickness and spacing.
    slice_index : int or None
        Position of the image in its series, for display; the image itself is named by its SOP instance UID.
    extra : tuple of (str, str)
        Columns of a reopened table that the viewer does not know; they are written back untouched.
    """

    lesion: str
    timepoint: str
    state: LesionState
    date: dt.date | None = None
    caliper: Caliper | None = None
    long_axis_mm: float | None = None
    short_axis_mm: float | None = None
    diameter_mm: float | None = None
    slice_thickness_mm: float | None = None
    series_uid: str = ""
    sop_instance_uid: str = ""
    slice_index: int | None = None
    part: str = ""
    covers: str = ""
    source: str = "image"
    reason: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All lesions and findings of one reader on one subject."""

    subject: str = ""
    reader: str = "reader-1"
    lesions: tuple[Lesion, ...] = ()
    findings: tuple[Finding, ...] = ()

    def lesion(self, lesion_id: str) -> Lesion | None:
        """Give the lesion of that id, if there is one."""
        return next((lesion for lesion in self.lesions if lesion.id == lesion_id), None)

    def finding(self, lesion_id: str, timepoint: str) -> Finding | None:
        """Give what was found of a lesion at a time point, if anything; of a split lesion the first part."""
        return next(iter(self.parts(lesion_id, timepoint)), None)

    def parts(self, lesion_id: str, timepoint: str) -> tuple[Finding, ...]:
        """Give every row of a lesion at a time point: more than one when it has split."""
        return tuple(found for found in self.findings if (found.lesion, found.timepoint) == (lesion_id, timepoint))


def with_lesion(reading: Reading, lesion: Lesion) -> Reading:
    """Add a lesion, or give the lesion of that id a new role, site or counted axis."""
    known = [lesion if old.id == lesion.id else old for old in reading.lesions]
    if lesion not in known:
        known.append(lesion)
    return replace(reading, lesions=tuple(sorted(known, key=lambda one: lesion_order(one.id, one.role))))


def with_finding(reading: Reading, finding: Finding) -> Reading:
    """Set what was found of a lesion at a time point, in place of what was there."""
    kept = [old for old in reading.findings if _key(old) != _key(finding)]
    return replace(reading, findings=(*kept, finding))


def without_finding(reading: Reading, lesion_id: str, timepoint: str) -> Reading:
    """Take back what was found at a time point; a lesion with no finding left goes too."""
    kept = tuple(old for old in reading.findings if (old.lesion, old.timepoint) != (lesion_id, timepoint))
    seen = {found.lesion for found in kept}
    lesions = tuple(one for one in reading.lesions if one.id != lesion_id or one.id in seen)
    return replace(reading, findings=kept, lesions=lesions)


def next_free_id(reading: Reading, role: LesionRole) -> str:
    """Propose the next lesion id of a role: T1, T2 …, NT1 …, N1 …."""
    taken = {lesion.id for lesion in reading.lesions}
    number = 1
    while f"{ID_PREFIX[role]}{number}" in taken:
        number += 1
    return f"{ID_PREFIX[role]}{number}"


def lesion_order(lesion_id: str, role: LesionRole) -> tuple[int, int, str]:
    """Order lesions as a reader lists them: targets, non-targets, new; T2 before T10."""
    digits = "".join(filter(str.isdigit, lesion_id))
    return list(LesionRole).index(role), int(digits or 0), lesion_id


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.lesion, finding.timepoint, finding.part
