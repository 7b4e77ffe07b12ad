"""What one reader wrote down about one lesion on one scan."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction

from .branches import note

TOO_SMALL_MM = Fraction(5)  # Eisenhauer 2009, 4.3.2
HUNDREDTH = Fraction(1, 100)
STEPS = {"none": HUNDREDTH, "0.1": Fraction(1, 10), "1": Fraction(1)}
HALF = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row; `size` is None where there is no value, which is never zero."""

    timepoint: str
    date: datetime.date
    lesion: str
    part: str
    role: str
    nodal: bool
    state: str
    size: Fraction | None
    given: bool
    covers: tuple[str, ...]
    treated: bool
    mean_hu: Fraction | None = None
    site: str = ""
    symptoms: bool = False
    thickness: Fraction | None = None
    unrounded: Fraction | None = None
    is_node: bool = False  # by its anatomy, whatever the criteria make of nodes


def round_half_up(value: Fraction, step: Fraction) -> Fraction:
    """Round to a multiple of the step, halves up."""
    return math.floor(value / step + HALF) * step


def complete_date(text: str, options: dict[str, object]) -> datetime.date:
    """Read a date; one without day, or without month and day, is the first or the last day it can be."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    if day:
        return datetime.date(year, month, day)
    if options["partial_dates"] == "first":
        note("date: incomplete, the first day")
        return datetime.date(year, month or 1, 1)
    note("date: incomplete, the last day")
    after = datetime.date(year + (month in {0, 12}), month % 12 + 1 if month else 1, 1)
    return after - datetime.timedelta(days=1)


def is_true(text: str) -> bool:
    """Read a yes or no cell."""
    return text == "true"


def scored_diameter(row: dict[str, str], *, by_short_axis: bool, step: Fraction, enhancing: bool) -> Fraction | None:
    """Take the diameter that counts, rounded once."""
    text = row.get("diameter_mm", "")
    if enhancing and row.get("enhancing_mm", ""):
        note("size: of the enhancing part")
        text = row["enhancing_mm"]
    if not text:
        text = row.get("short_axis_mm" if by_short_axis else "long_axis_mm", "")
    return round_half_up(Fraction(text), step) if text else None


def target_size(state: str, diameter: Fraction | None) -> Fraction | None:
    """Give the size of a target lesion (Eisenhauer 2009, 4.3.2): missing is never zero."""
    if state == "measured" or (not state and diameter is not None):
        note("size: measured")
        return diameter
    if state == "absent":
        note("size: absent is 0")
        return Fraction(0)
    if state == "too_small":
        if diameter is not None:
            note("size: too small but measured")
            return diameter
        note("size: too small is 5")
        return TOO_SMALL_MM
    note("size: no value")
    return None


def read_finding(
    row: dict[str, str], nodal: bool, options: dict[str, object], *, by_short_axis: bool, criteria: str
) -> Finding:
    """Read one row of the measurements."""
    viable = criteria == "mrecist" and row["role"] == "target" and not nodal
    step = STEPS[str(options["measurement_rounding"])]
    diameter = scored_diameter(row, by_short_axis=by_short_axis, step=step, enhancing=viable)
    state = row.get("state", "")
    size = target_size(state, diameter) if row["role"] == "target" else diameter
    hu = row.get("mean_hu", "")
    return Finding(
        timepoint=row["timepoint"],
        date=complete_date(row["date"], options),
        lesion=row["lesion"],
        part=row.get("part", ""),
        role=row["role"],
        nodal=nodal,
        state=state,
        size=size,
        given=diameter is not None,
        covers=tuple(name for name in row.get("covers", "").split(";") if name),
        treated=bool(row.get("treated", "")),
        mean_hu=Fraction(hu) if hu else None,
        site=row.get("site", ""),
        is_node=is_true(row.get("nodal", "")),
        unrounded=scored_diameter(row, by_short_axis=by_short_axis, step=HUNDREDTH, enhancing=viable),
        thickness=Fraction(row["slice_thickness_mm"]) if row.get("slice_thickness_mm") else None,
        symptoms=is_true(row.get("new_symptoms", "")),
    )
