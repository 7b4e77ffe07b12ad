"""The measurement groups of TID 1500 reports, whoever wrote them, as findings.

Read: reports of highdicom, dcmqi and web viewers on cornerstone, with the codes of SNOMED RT or CT, in mm or cm.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations import codes
from recist.annotations.codes import AxisKind, Code
from recist.annotations.content import MOST_ITEMS, Item, Report
from recist.annotations.finding import NO_AXIS, Axis, Finding
from recist.annotations.labels import label_of_identifier
from recist.annotations.quantities import parse_length_mm, parse_volume_mm3
from recist.annotations.report_dates import date_of_report
from recist.annotations.sites import site_of
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.annotations.finding import Point

OWN_PROGRAM = "recist-toolkit"
ENDS_2D, ENDS_3D = 4, 6  # numbers of a line of two points
CORNER_TO_CENTRE = 0.5  # a pixel's centre in SCOORD, whose origin is the corner of the first pixel (PS3.3 C.18.6)


def findings_of_report(report: Report, file: str) -> tuple[list[Finding], list[Problem]]:
    """Take a report apart.

    Returns
    -------
    findings : list of Finding
        One for each tracking UID; groups that share one are one lesion.
    problems : list of Problem
    """
    fault = _why_not(report)
    if fault or report.root is None:
        return [], [Problem(code="not_a_measurement_report", file=file, message=fault)]
    problems = []
    if report.is_cut:
        message = f"the report has more than {MOST_ITEMS} items, or is nested too deeply; the rest was not read"
        problems.append(Problem(code="report_cut", file=file, message=message))
    groups = [item for item in report.root.walk() if item.key == codes.GROUP]
    if not groups:
        message = "the report has no measurement groups; there is nothing to import"
        problems.append(Problem(code="nothing_measured", file=file, severity=Severity.WARNING, message=message))
    about = _about(report, file)
    found: list[Finding] = []
    for number, group in enumerate(groups, start=1):
        finding, faults = _finding(group, replace(about, row=number if len(groups) > 1 else None))
        problems += faults
        found += [] if finding is None else [finding]
    return found, problems


def _why_not(report: Report) -> str:
    if report.root is None:
        return "this is no structured report; name files of measurements only"
    if report.root.key not in codes.REPORT_TITLES and not any(item.key == codes.GROUP for item in report.root.walk()):
        return "this report is not an imaging measurement report (TID 1500); it holds no measurement groups"
    return ""


def _about(report: Report, file: str) -> Finding:
    """Gather what the whole report says."""
    assert report.root is not None
    date, source = date_of_report(report)
    observers = [item.text for item in report.root.named(codes.OBSERVER)]
    return Finding(
        file=file,
        program=_program(report),
        patient_id=report.patient_id,
        observer=next((name for name in observers if name.strip("^ ") and "unknown" not in name.casefold()), ""),
        date=date,
        date_source=source,
        study_uid=report.study_uid,
        report_uid=report.sop_instance_uid,
        written=f"{report.content_date}{report.content_time}",
    )


def _program(report: Report) -> str:
    """Name what wrote the report; viewers on cornerstone are known by their tracking identifiers alone."""
    assert report.root is not None
    texts = (item.text for item in report.root.walk() if item.key == codes.TRACKING_IDENTIFIER)
    is_cornerstone = any("cornerstone" in text.casefold() for text in texts)
    if is_cornerstone and not report.program.startswith(OWN_PROGRAM):
        return "cornerstone"
    return "dcmqi" if "dcmqi" in report.program.casefold() else report.program or "DICOM SR"


def _finding(group: Item, about: Finding) -> tuple[Finding | None, list[Problem]]:
    finding = _named(group, about)
    if finding.role == codes.NOT_A_LESION:
        message = "the reader marked this as no lesion, so it was left out"
        return None, [finding.warning("not_a_lesion", message, found=finding.label)]
    finding, problems = _with_axes(group, finding)
    if not (finding.long_axis.is_given or finding.short_axis.is_given or finding.state):
        if not _needs_geometry(finding) and not problems:
            problems = [_without_axis(group, finding)]
        if not _needs_geometry(finding):
            return None, problems
    if not finding.state:
        finding = replace(finding, state="measured")
    return finding, problems


def _needs_geometry(finding: Finding) -> bool:
    """Whether a line is drawn whose length is not understood, so that the images may still tell it."""
    return any(axis.stated and axis.ends_px for axis in (finding.long_axis, finding.short_axis))


def _without_axis(group: Item, finding: Finding) -> Problem:
    held = [item.name.meaning or item.name.value for item in group.children if item.value_type == "NUM" and item.name]
    message = "the group measures no long or short axis and states nothing of the lesion, so it was left out"
    found = ", ".join(dict.fromkeys(held))[:200] or "no measurement"
    return finding.warning("no_axis", message, found=found, expected="long axis, short axis")


def _named(group: Item, about: Finding) -> Finding:
    """Read what the group says of the lesion besides its size."""
    identifier = _text(group, codes.TRACKING_IDENTIFIER)
    places = [item for item in group.children if item.key in codes.FINDING_SITES and item.code]
    texts = (*_values(group, codes.FINDING), *(item.code for item in places if item.code))
    free_text = next((code.meaning for code in texts if code.value in codes.FREE_TEXT_VALUES), "")
    role = next((codes.ROLES[c.key] for c in _values(group, codes.BASELINE_CATEGORY) if c.key in codes.ROLES), "")
    own_role, own_state = (_own(group, name) for name in (codes.OWN_ROLE, codes.OWN_STATE))
    return replace(
        about,
        label=label_of_identifier(identifier) or _text(group, codes.COMMENT) or free_text,
        tracking_uid=_text(group, codes.TRACKING_UID),
        site=next(filter(None, map(_site, places)), ""),
        role=role or own_role,
        state=own_state,
        timepoint=_timepoint(group),
    )


def _site(place: Item) -> str:
    """Name a finding site with its side; a label in the clothes of a site is none."""
    if place.code is None or place.code.value in codes.FREE_TEXT_VALUES:
        return ""
    sides = [item.code for item in place.named(*codes.LATERALITIES) if item.code]
    return site_of(place.code, sides[0] if sides else None)


def _timepoint(group: Item) -> str:
    keys = (codes.PROTOCOL_TIME_POINT, codes.TIME_POINT, codes.SUBJECT_TIME_POINT)
    named = next(filter(None, (_text(group, key) for key in keys)), "")
    types = _values(group, codes.TIME_POINT_TYPE)
    is_baseline = any(code.key in codes.BASELINES for code in types) or named.casefold() == "baseline"
    return "baseline" if is_baseline else named


def _text(group: Item, key: tuple[str, str]) -> str:
    return next((item.text.strip() for item in group.named(key) if item.text.strip()), "")


def _values(group: Item, key: tuple[str, str]) -> list[Code]:
    return [item.code for item in group.named(key) if item.code]


def _own(group: Item, name: Code) -> str:
    return next((code.value for code in _values(group, name.key) if code.scheme == codes.OWN_SCHEME), "")


def _with_axes(group: Item, finding: Finding) -> tuple[Finding, list[Problem]]:
    """Read the lengths of a group and where they were drawn."""
    problems: list[Problem] = []
    for item in (child for child in group.children if child.value_type == "NUM"):
        if item.key in codes.VOLUMES and item.code:
            finding = replace(finding, volume_mm3=parse_volume_mm3(item.number, item.code.value))
        kind = codes.AXES.get(item.key)
        if kind is None:
            continue
        axis = _on_image(_axis(item), group)
        if not axis.is_given and not (axis.stated and axis.ends_px):
            problems.append(_not_understood(finding, item, axis))
            continue
        taken = finding.short_axis if kind is AxisKind.SHORT else finding.long_axis
        if taken is not NO_AXIS and kind is not AxisKind.LENGTH:
            message = "the group states this axis twice; the first one is used"
            problems.append(finding.warning("repeated_axis", message, field=f"{kind} axis"))
        elif taken is NO_AXIS:
            finding = _put(finding, kind, axis)
    return finding, problems


def _put(finding: Finding, kind: AxisKind, axis: Axis) -> Finding:
    if kind is AxisKind.SHORT:
        return replace(finding, short_axis=axis)
    return replace(finding, long_axis=axis, is_single_line=kind is AxisKind.LENGTH)


def _not_understood(finding: Finding, item: Item, axis: Axis) -> Problem:
    assert item.name is not None
    return finding.problem(
        "no_length",
        "the axis has no length that can be understood, so it was not imported",
        field=item.name.meaning or item.name.value,
        found=axis.stated or "no value",
        expected="a number above 0 in mm or cm",
    )


def _axis(item: Item) -> Axis:
    """Read a NUM and the line below it."""
    unit = item.code.value if item.code else ""
    length = parse_length_mm(item.number, unit)
    stated = "" if math.isnan(item.number) else f"{item.number:g} {unit}".strip()
    image = next((below for below in item.walk() if below.value_type == "IMAGE" and below.uid), Item())
    axis = Axis(length_mm=length, stated=stated, sop_instance_uid=image.uid, frame=image.frame)
    for line in (below for below in item.walk() if below.key not in codes.NOT_THE_LINE):
        if line.value_type == "SCOORD" and len(line.numbers) == ENDS_2D:
            (x1, y1), (x2, y2) = _centres(line.numbers)
            return replace(axis, ends_px=((y1, x1), (y2, x2)))
        if line.value_type == "SCOORD3D" and len(line.numbers) == ENDS_3D:
            x1, y1, z1, x2, y2, z2 = line.numbers
            return replace(axis, ends_lps=((x1, y1, z1), (x2, y2, z2)))
    return axis


def _on_image(axis: Axis, group: Item) -> Axis:
    """Take the image of the group's region for an axis that names none."""
    if axis.sop_instance_uid:
        return axis
    regions = [item for item in group.children if item.value_type == "SCOORD"]
    images = {(each.uid, each.frame) for region in regions for each in region.walk() if each.uid}
    if len(images) != 1:
        return axis
    uid, frame = images.pop()
    return replace(axis, sop_instance_uid=uid, frame=frame)


def _centres(numbers: tuple[float, ...]) -> Iterator[Point]:
    for column, row in zip(numbers[::2], numbers[1::2], strict=True):
        yield column - CORNER_TO_CENTRE, row - CORNER_TO_CENTRE
