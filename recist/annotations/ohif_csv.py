"""The table of tracked measurements that the OHIF viewer exports as CSV.

Its columns vary by version: ``Length (mm)`` and ``Width (mm)`` before 3.5, ``Length``, ``Width`` and ``Unit`` since;
each kind of tool adds its own. It holds neither dates nor tracking UIDs; the points are in the patient, LPS mm.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations.finding import NO_AXIS, Axis, Finding
from recist.annotations.quantities import parse_length_mm, parse_number
from recist.annotations.text_files import cut_rows

if TYPE_CHECKING:
    from recist.annotations.finding import Point3
    from recist.annotations.text_files import Record
    from recist.problems import Problem

PROGRAM = "OHIF CSV"
MARKS = {"AnnotationType", "SOPInstanceUID"}
BIDIRECTIONAL, LENGTH = "bidirectional", "length"
NUMBERS_OF_A_POINT = 3


def findings_of_ohif_csv(text: str, file: str) -> tuple[list[Finding], list[Problem]]:
    """Read the rows; each that is no bidirectional or length measurement is told and left out."""
    records, problems = cut_rows(text, file)
    findings = []
    for record in records:
        finding, faults = _finding(record, file)
        problems += faults
        findings += [] if finding is None else [finding]
    return findings, problems


def _finding(record: Record, file: str) -> tuple[Finding | None, list[Problem]]:
    tool = record.get("AnnotationType").rpartition(":")[2].strip().casefold()
    about = Finding(
        file=file,
        row=record.row,
        program=PROGRAM,
        patient_id=record.get("Patient ID"),
        label=record.get("Label"),
        study_uid=record.get("StudyInstanceUID"),
        series_uid=record.get("SeriesInstanceUID"),
        state="measured",
    )
    if tool not in (BIDIRECTIONAL, LENGTH):
        message = "only bidirectional and length measurements are diameters; this row was left out"
        return None, [about.warning("other_tool", message, field="AnnotationType", found=tool)]
    points, problems = _points(record, about)
    long_axis, faults = _axis(record, about, ("Length (mm)", "Length"), points[:2])
    problems += faults
    short_axis = NO_AXIS
    if tool == BIDIRECTIONAL:
        short_axis, faults = _axis(record, about, ("Width (mm)", "Width"), points[2:4])
        problems += faults
    if not (long_axis.is_given or short_axis.is_given or long_axis.stated or short_axis.stated):
        return None, problems
    return replace(about, long_axis=long_axis, short_axis=short_axis, is_single_line=tool == LENGTH), problems


def _axis(record: Record, about: Finding, names: tuple[str, str], ends: list[Point3]) -> tuple[Axis, list[Problem]]:
    """Read a length; its unit stands in the column's name, or in the column ``Unit``."""
    with_unit, without = names
    stated = record.get(*names)
    unit = "mm" if record.get(with_unit) else record.get("Unit")
    length = parse_length_mm(stated, unit)
    ends_lps = (ends[0], ends[1]) if len(ends) == 2 else None  # noqa: PLR2004  # a line has two ends
    sop_uid = record.get("SOPInstanceUID")
    if not math.isnan(length):
        return Axis(length_mm=length, ends_lps=ends_lps, sop_instance_uid=sop_uid, stated=stated), []
    if ends_lps and not math.isnan(parse_number(stated)):
        return Axis(ends_lps=ends_lps, sop_instance_uid=sop_uid, stated=f"{stated} {unit}".strip()), []
    found, expected = f"{stated} {unit}".strip() or "nothing", "a number above 0 with decimal point, in mm"
    message = "the length cannot be understood, so it was not imported"
    return NO_AXIS, [about.problem("no_length", message, field=without, found=found, expected=expected)]


def _points(record: Record, about: Finding) -> tuple[list[Point3], list[Problem]]:
    """Read ``x y z;x y z``: the ends of the long axis, then of the short one."""
    text = record.get("points")
    points: list[Point3] = []
    for part in filter(None, text.split(";")):
        numbers = [parse_number(number) for number in part.split()]
        if len(numbers) != NUMBERS_OF_A_POINT or any(map(math.isnan, numbers)):
            message = "the end points cannot be understood; the lengths were taken without them"
            return [], [about.warning("no_points", message, field="points", expected="x y z;x y z;…")]
        points.append((numbers[0], numbers[1], numbers[2]))
    return points, []
