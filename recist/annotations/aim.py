"""Annotations in AIM 4 (Annotation and Image Markup), JSON or XML, as ePAD writes them with its RECIST templates.

Source: Channin DS, Mongkolwat P, Kleper V, Rubin DL. The Annotation and Image Mark-up project. Radiology 2009;253:590.
Coordinates are (x, y) from the corner of the first pixel, as in a DICOM report.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations import codes
from recist.annotations.aim_tree import every, text_at, walk
from recist.annotations.codes import AxisKind, Code
from recist.annotations.finding import NO_AXIS, Axis, DateSource, Finding
from recist.annotations.quantities import parse_length_mm, parse_number
from recist.annotations.report_dates import parse_dicom_day
from recist.annotations.report_groups import CORNER_TO_CENTRE
from recist.annotations.sites import site_of
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.annotations.aim_tree import Tree
    from recist.annotations.finding import Point

PROGRAM = "AIM"
COLLECTION = "ImageAnnotationCollection"
OWN_SCHEME = "99EPAD"
NAME_END = "~"  # older ePAD kept more behind it
ENDS = 2

# What calculations are called where their code is not one of `codes.AXES`.
WORDS: dict[str, AxisKind] = {
    "longaxis": AxisKind.LONG,
    "shortaxis": AxisKind.SHORT,
    "length": AxisKind.LENGTH,
    "linelength": AxisKind.LENGTH,
}


def findings_of_aim(tree: Tree, file: str) -> tuple[list[Finding], list[Problem]]:
    """Read every annotation of a file."""
    collections = every(tree, COLLECTION)
    if not collections:
        message = f"the file holds no {COLLECTION}, so it is not AIM 4"
        return [], [Problem(code="not_aim", file=file, message=message)]
    found: list[Finding] = []
    problems: list[Problem] = []
    pairs = [(each, one) for each in collections for one in every(each, "imageAnnotations", "ImageAnnotation")]
    if not pairs:
        message = f"the {COLLECTION} of the file holds no annotations; there is nothing to import"
        problems.append(Problem(code="nothing_measured", file=file, severity=Severity.WARNING, message=message))
    for number, (collection, annotation) in enumerate(pairs, start=1):
        about = _about(collection, annotation, file, number if len(pairs) > 1 else None)
        finding, faults = _finding(annotation, about)
        problems += faults
        found += [] if finding is None else [finding]
    return found, problems


def _about(collection: Tree, annotation: Tree, file: str, row: int | None) -> Finding:
    study = next(iter(every(annotation, "imageReferenceEntityCollection", "ImageReferenceEntity", "imageStudy")), {})
    day = parse_dicom_day(text_at(study, "startDate", "value"))
    coded = list(_codes(annotation))
    roles = [codes.ROLES[code.key] for code in coded if code.key in codes.ROLES]
    is_absent = any(code.key in codes.ABSENT for code in coded)
    is_own = any(code.scheme == OWN_SCHEME for code in coded)
    return Finding(
        file=file,
        row=row,
        program="ePAD" if is_own else PROGRAM,
        patient_id=text_at(collection, "person", "id", "value"),
        observer=text_at(collection, "user", "loginName", "value"),
        timepoint=_timepoint(annotation, coded),
        date=day,
        date_source=DateSource.NONE if day is None else DateSource.STUDY_DATE,
        label=text_at(annotation, "name", "value").partition(NAME_END)[0].strip(),
        role=roles[0] if roles else "",
        site=_site(annotation),
        state="absent" if is_absent else "",
        study_uid=text_at(study, "instanceUid", "root") or text_at(collection, "studyInstanceUid", "root"),
        series_uid=text_at(study, "imageSeries", "instanceUid", "root"),
        tracking_uid=text_at(annotation, "trackingUniqueIdentifier", "root"),
        written=text_at(annotation, "dateTime", "value") or text_at(collection, "dateTime", "value"),
        report_uid=text_at(collection, "uniqueIdentifier", "root"),
    )


def _codes(annotation: Tree) -> Iterator[Code]:
    for node in walk(annotation):
        if isinstance(node, dict) and "code" in node:
            scheme = text_at(node, "codeSystemName") or text_at(node, "codeSystem")
            meaning = text_at(node, "iso:displayName", "value") or text_at(node, "codeSystem")
            yield Code(value=text_at(node, "code"), scheme=scheme, meaning=meaning)


def _timepoint(annotation: Tree, coded: list[Code]) -> str:
    """Name the time point by ePAD's number of the follow-up, 0 being the baseline."""
    for node in walk(annotation):
        codes_here = [code.key for each in every(node, "typeCode") for code in _codes(each)]
        if isinstance(node, dict) and codes.FOLLOW_UP_NUMBER in codes_here:
            path = ("characteristicQuantificationCollection", "CharacteristicQuantification", "value", "value")
            number = text_at(node, *path)
            if number.isdigit():
                return "baseline" if int(number) == 0 else f"followup-{int(number)}"
    return "baseline" if any(code.key in codes.BASELINES for code in coded) else ""


def _site(annotation: Tree) -> str:
    entities = every(annotation, "imagingPhysicalEntityCollection", "ImagingPhysicalEntity", "typeCode")
    places = [code for entity in entities for code in _codes(entity) if code.scheme != OWN_SCHEME]
    return site_of(places[0]) if places else ""


def _finding(annotation: Tree, finding: Finding) -> tuple[Finding | None, list[Problem]]:
    if finding.role == codes.NOT_A_LESION:
        message = "the reader marked this as no lesion of the disease, so it was left out"
        return None, [finding.warning("not_a_lesion", message, found=finding.label)]
    lines = _lines(annotation)
    problems: list[Problem] = []
    for calculation in every(annotation, "calculationEntityCollection", "CalculationEntity"):
        kind = _kind(calculation)
        if kind is None:
            continue
        axis = _axis(calculation, _line_of(calculation, annotation, lines))
        if axis.is_given or (axis.stated and axis.ends_px):
            finding = _put(finding, kind, axis)
        else:
            problems.append(_not_understood(finding, kind, axis))
    if finding.long_axis is NO_AXIS and finding.short_axis is NO_AXIS and not finding.state:
        if not problems:
            message = "the annotation has no length, long axis or short axis, so it was left out"
            problems.append(finding.warning("no_axis", message, found=finding.label))
        return None, problems
    return replace(finding, state=finding.state or "measured"), problems


def _put(finding: Finding, kind: AxisKind, axis: Axis) -> Finding:
    if kind is AxisKind.SHORT:
        return replace(finding, short_axis=axis)
    if kind is AxisKind.LENGTH and finding.long_axis is not NO_AXIS:
        return finding
    return replace(finding, long_axis=axis, is_single_line=kind is AxisKind.LENGTH)


def _not_understood(finding: Finding, kind: AxisKind, axis: Axis) -> Problem:
    message = "the length cannot be understood, so it was not imported"
    return finding.problem("no_length", message, field=kind, found=axis.stated, expected="a number above 0 in mm or cm")


def _kind(calculation: Tree) -> AxisKind | None:
    for code in (code for each in every(calculation, "typeCode") for code in _codes(each)):
        if code.key in codes.AXES:
            return codes.AXES[code.key]
    return WORDS.get(text_at(calculation, "description", "value").replace(" ", "").casefold())


def _axis(calculation: Tree, line: Axis) -> Axis:
    result = next(iter(every(calculation, "calculationResultCollection", "CalculationResult")), {})
    path = ("calculationDataCollection", "CalculationData", "value", "value")
    number = text_at(result, "value", "value") or text_at(result, *path) or text_at(result, "value")
    unit = text_at(result, "unitOfMeasure", "value")
    stated = f"{number} {unit}".strip() if not math.isnan(parse_number(number)) else ""
    return replace(line, length_mm=parse_length_mm(number, unit), stated=stated)


def _lines(annotation: Tree) -> dict[str, Axis]:
    """Gather the lines drawn, by the identifier of their markup; shapes with more points are none."""
    lines: dict[str, Axis] = {}
    for markup in every(annotation, "markupEntityCollection", "MarkupEntity"):
        points = every(markup, "twoDimensionSpatialCoordinateCollection", "TwoDimensionSpatialCoordinate")
        ends = [_centre(point) for point in sorted(points, key=_order)]
        if len(ends) != ENDS or any(math.isnan(number) for end in ends for number in end):
            continue
        frame = text_at(markup, "referencedFrameNumber", "value")
        image = text_at(markup, "imageReferenceUid", "root")
        axis = Axis(ends_px=(ends[0], ends[1]), sop_instance_uid=image, frame=int(frame) if frame.isdigit() else None)
        lines[text_at(markup, "uniqueIdentifier", "root")] = axis
    return lines


def _order(point: Tree) -> float:
    number = parse_number(text_at(point, "coordinateIndex", "value"))
    return 0.0 if math.isnan(number) else number


def _centre(point: Tree) -> Point:
    x, y = (parse_number(text_at(point, name, "value")) for name in ("x", "y"))
    return y - CORNER_TO_CENTRE, x - CORNER_TO_CENTRE


def _line_of(calculation: Tree, annotation: Tree, lines: dict[str, Axis]) -> Axis:
    """Find the line a calculation refers to; the only line where the file says of none."""
    uid = text_at(calculation, "uniqueIdentifier", "root")
    statements = every(annotation, "imageAnnotationStatementCollection", "ImageAnnotationStatement")
    for statement in statements:
        markup = text_at(statement, "objectUniqueIdentifier", "root")
        if text_at(statement, "subjectUniqueIdentifier", "root") == uid and markup in lines:
            return lines[markup]
    if len(lines) == 1:
        return next(iter(lines.values()))
    images = {text_at(image, "root") for image in _images(annotation)}
    return Axis(sop_instance_uid=images.pop()) if len(images) == 1 else NO_AXIS


def _images(annotation: Tree) -> list[Tree]:
    reference = ("imageReferenceEntityCollection", "ImageReferenceEntity", "imageStudy", "imageSeries")
    return every(annotation, *reference, "imageCollection", "Image", "sopInstanceUid")
