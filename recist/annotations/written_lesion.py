"""A row of ``measurements`` as it goes into a report: which axes, on which image, and what is said besides."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from recist.annotations.finding import NO_AXIS, Axis
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recist.annotations.finding import Point
    from recist.annotations.images import Picture

TOLERANCE_MM = 0.5
MEASURED = ("", "measured")
WITHOUT_SIZE = ("absent", "not_evaluable", "not_done")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLesion:
    """One lesion of one report.

    Attributes
    ----------
    row : int
        Line of the table.
    picture : Picture or None
        The image its axes lie on.
    """

    row: int
    subject: str
    reader: str
    timepoint: str
    day: str
    lesion: str
    role: str
    site: str
    is_nodal: bool
    state: str
    tracking_uid: str
    study_uid: str
    sop_instance_uid: str
    frame: int | None
    long_axis: Axis
    short_axis: Axis
    comment: str
    picture: Picture | None = field(default=None, repr=False)

    @property
    def has_both_lines(self) -> bool:
        """Whether both axes have ends, as a viewer needs them to draw the lesion anew."""
        return self.picture is not None and all(
            axis.is_given and axis.ends_px for axis in (self.long_axis, self.short_axis)
        )

    @property
    def visit(self) -> tuple[str, str, str]:
        """Subject, reader and time point."""
        return self.subject, self.reader, self.timepoint or self.day

    def problem(self, file: str, code: str, message: str, *, found: str = "", is_error: bool = True) -> Problem:
        """Report a fault of the row."""
        severity = Severity.ERROR if is_error else Severity.WARNING
        return Problem(
            file=file, row=self.row, subject=self.subject, code=code, severity=severity, found=found, message=message
        )


def lesion_of_row(record: Mapping[str, object], row: int) -> WrittenLesion:
    """Take a lesion out of a row of the checked table; its tracking UID is empty where the row gives none."""

    def text(name: str) -> str:
        value = record.get(name)
        return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124  # NaN is not itself

    state = text("state")
    is_nodal = record.get("nodal") is True or str(record.get("nodal")) == "True"
    long_axis, short_axis = (NO_AXIS, NO_AXIS) if state in WITHOUT_SIZE else _axes(record, is_nodal=is_nodal)
    frame = _number(record, "frame")
    return WrittenLesion(
        row=row,
        subject=text("subject"),
        reader=text("reader"),
        timepoint=text("timepoint"),
        day=text("date")[:10],
        lesion=text("lesion"),
        role=text("role"),
        site=text("site"),
        is_nodal=is_nodal,
        state="" if state in MEASURED else state,
        tracking_uid=text("tracking_uid"),
        study_uid=text("study_uid"),
        sop_instance_uid=text("sop_instance_uid"),
        frame=None if math.isnan(frame) else int(frame),
        long_axis=long_axis,
        short_axis=short_axis,
        comment=text("reason"),
    )


def _axes(record: Mapping[str, object], *, is_nodal: bool) -> tuple[Axis, Axis]:
    """Give both axes; a scored diameter without axes is the axis that counts for the lesion."""
    long_axis = Axis(length_mm=_number(record, "long_axis_mm"), ends_px=_ends(record, "12"))
    short_axis = Axis(length_mm=_number(record, "short_axis_mm"), ends_px=_ends(record, "34"))
    diameter = Axis(length_mm=_number(record, "diameter_mm"))
    if diameter.is_given and not long_axis.is_given and not short_axis.is_given:
        return (long_axis, diameter) if is_nodal else (diameter, short_axis)
    return long_axis, short_axis


def _ends(record: Mapping[str, object], names: str) -> tuple[Point, Point] | None:
    numbers = [_number(record, f"{letter}{name}") for name in names for letter in "yx"]
    if any(map(math.isnan, numbers)):
        return None
    return (numbers[0], numbers[1]), (numbers[2], numbers[3])


def _number(record: Mapping[str, object], name: str) -> float:
    try:
        return float(str(record.get(name)))
    except ValueError:
        return math.nan


def check_lengths(lesion: WrittenLesion, record: Mapping[str, object], file: str) -> list[Problem]:
    """Find what the report says otherwise than the table: lines of another length, another scored diameter."""
    problems = []
    if lesion.picture is not None and lesion.picture.pixel_spacing_mm:
        between_rows, between_columns = lesion.picture.pixel_spacing_mm
        for name, axis in (("long", lesion.long_axis), ("short", lesion.short_axis)):
            if not (axis.is_given and axis.ends_px):
                continue
            (r1, c1), (r2, c2) = axis.ends_px
            drawn = math.hypot((r2 - r1) * between_rows, (c2 - c1) * between_columns)
            if abs(drawn - axis.length_mm) > TOLERANCE_MM:
                message = f"the {name} axis is {axis.length_mm:.2f} mm long, the line between its ends {drawn:.2f} mm"
                problems.append(lesion.problem(file, "length_differs_from_drawing", message, is_error=False))
    diameter = _number(record, "diameter_mm")
    counted = lesion.short_axis if lesion.is_nodal else lesion.long_axis
    if not math.isnan(diameter) and counted.is_given and abs(counted.length_mm - diameter) > TOLERANCE_MM:
        message = "the scored diameter differs from the axis that counts; the report holds the axes only"
        found = f"{diameter:.2f} mm scored, {counted.length_mm:.2f} mm"
        problems.append(lesion.problem(file, "diameter_not_written", message, found=found, is_error=False))
    return problems


def on_picture(lesion: WrittenLesion, picture: Picture | None) -> WrittenLesion:
    """Put a lesion on its image; without one it has no ends."""
    if picture is not None:
        return replace(lesion, picture=picture, study_uid=picture.study_uid)
    axes = {name: replace(axis, ends_px=None) for name, axis in _named(lesion)}
    return replace(lesion, picture=None, **axes)  # type: ignore[arg-type]  # both are axes


def _named(lesion: WrittenLesion) -> tuple[tuple[str, Axis], tuple[str, Axis]]:
    return ("long_axis", lesion.long_axis), ("short_axis", lesion.short_axis)
