"""The content of a report as highdicom builds it, in the form that viewers on cornerstone draw anew (TID 1500).

What those viewers ask beyond PS3.16: the meanings ``Long Axis`` and ``Short Axis`` in these letters; a tracking
identifier that begins with the name of the tool; no other number in the group, and a line of two points as the first
thing below each number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.annotations import codes
from recist.annotations.report_library import build_library
from recist.annotations.sites import codes_of_site
from recist.dicom.plane import scoord_from_pixel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from highdicom.sr import (
        CodedConcept,
        Measurement,
        MeasurementReport,
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        TimePointContext,
    )

    from recist.annotations.codes import Code
    from recist.annotations.finding import Axis
    from recist.annotations.images import Picture
    from recist.annotations.written_lesion import WrittenLesion

DRAWN_ANEW = "Cornerstone3DTools@^0.1.0:Bidirectional"
DEVICE_NAME = "recist-toolkit"
LONGEST_TEXT = 64

LONG_AXIS = codes.Code(value="103339001", scheme="SCT", meaning="Long Axis")
SHORT_AXIS = codes.Code(value="103340004", scheme="SCT", meaning="Short Axis")
ABNORMAL = codes.Code(value="49755003", scheme="SCT", meaning="Morphologically abnormal structure")
LESION = codes.Code(value="52988006", scheme="SCT", meaning="Lesion")
LYMPHADENOPATHY = codes.Code(value="30746006", scheme="SCT", meaning="Lymphadenopathy")
RECIST_1_1 = codes.Code(value="126081", scheme="DCM", meaning="RECIST 1.1")
CT = codes.Code(value="25045-6", scheme="LN", meaning="CT unspecified body region")
BASELINE = codes.Code(value="C1442488", scheme="UMLS", meaning="Baseline")
MM = codes.Code(value="mm", scheme="UCUM", meaning="mm")
CATEGORY = codes.Code(value="112016", scheme="DCM", meaning="Baseline Category")
COMMENT = codes.Code(value="121106", scheme="DCM", meaning="Comment")
CATEGORIES = {
    "target": codes.Code(value="112074", scheme="DCM", meaning="Target Lesion at Baseline"),
    "non_target": codes.Code(value="112075", scheme="DCM", meaning="Non-Target Lesion at Baseline"),
}


def build_report(lesions: Sequence[WrittenLesion], pictures: Sequence[Picture], device_uid: str) -> MeasurementReport:
    """Build the tree of a report: one measurement group for each lesion."""
    from highdicom import sr

    person = sr.ObserverContext(
        observer_type=_coded(codes.Code(value="121006", scheme="DCM", meaning="Person")),
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(
            name=f"{lesions[0].reader or 'reader-1'}^"
        ),
    )
    device = sr.ObserverContext(
        observer_type=_coded(codes.Code(value="121007", scheme="DCM", meaning="Device")),
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(uid=device_uid, name=DEVICE_NAME),
    )
    report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=person, observer_device_context=device),
        procedure_reported=_coded(CT),
        imaging_measurements=[_group(lesion) for lesion in lesions],
        title=_coded(codes.Code(value="126000", scheme="DCM", meaning="Imaging Measurement Report")),
    )
    content = report[0].ContentSequence
    content.insert(len(content) - 1, build_library(pictures))
    return report


def _coded(code: Code) -> CodedConcept:
    from highdicom.sr import CodedConcept

    return CodedConcept(value=code.value, scheme_designator=code.scheme, meaning=code.meaning)


def _group(lesion: WrittenLesion) -> MeasurementsAndQualitativeEvaluations:
    from highdicom import sr

    identifier = f"{DRAWN_ANEW}:{lesion.lesion}" if lesion.has_both_lines else lesion.lesion
    site, side = codes_of_site(lesion.site, is_nodal=lesion.is_nodal)
    group = sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=lesion.tracking_uid, identifier=identifier),
        time_point_context=_time_point(lesion),
        finding_category=_coded(ABNORMAL),
        finding_type=_coded(LYMPHADENOPATHY if lesion.is_nodal else LESION),
        method=_coded(RECIST_1_1),
        finding_sites=None
        if site is None
        else [sr.FindingSite(anatomic_location=_coded(site), laterality=None if side is None else _coded(side))],
        measurements=[
            _measurement(lesion, axis, name)
            for axis, name in ((lesion.long_axis, LONG_AXIS), (lesion.short_axis, SHORT_AXIS))
            if axis.is_given
        ],
        qualitative_evaluations=_evaluations(lesion),
    )
    group[0].ContentSequence.append(
        sr.TextContentItem(
            name=_coded(COMMENT), value=lesion.lesion, relationship_type=sr.RelationshipTypeValues.CONTAINS
        )
    )
    return group


def _time_point(lesion: WrittenLesion) -> TimePointContext:
    """Name the time point; nothing in it is a number, for that would hide the axes from viewers."""
    from highdicom.sr import TimePointContext

    name = lesion.timepoint or lesion.day
    is_baseline = name.casefold() == "baseline"
    return TimePointContext(
        time_point=name,
        time_point_type=_coded(BASELINE) if is_baseline else None,
        protocol_time_point_identifier=name,
    )


def _measurement(lesion: WrittenLesion, axis: Axis, name: Code) -> Measurement:
    """Write a length with the line it is of; without a line it carries the method, so that nothing is left bare."""
    from highdicom import sr

    coordinates = None
    if axis.ends_px and lesion.picture is not None:
        coordinates = [
            sr.CoordinatesForMeasurement(
                graphic_type=sr.GraphicTypeValues.POLYLINE,
                graphic_data=np.asarray(scoord_from_pixel(axis.ends_px), dtype=np.float64),
                source_image=sr.SourceImageForRegion(
                    referenced_sop_class_uid=lesion.picture.sop_class_uid,
                    referenced_sop_instance_uid=lesion.sop_instance_uid,
                    referenced_frame_numbers=None if lesion.frame is None else [lesion.frame],
                ),
            )
        ]
    return sr.Measurement(
        name=_coded(name),
        value=axis.length_mm,
        unit=_coded(MM),
        method=None if coordinates else _coded(RECIST_1_1),
        referenced_coordinates=coordinates,
    )


def _evaluations(lesion: WrittenLesion) -> list[QualitativeEvaluation] | None:
    from highdicom.sr import QualitativeEvaluation

    pairs = []
    if lesion.role in CATEGORIES:
        pairs.append((CATEGORY, CATEGORIES[lesion.role]))
    elif lesion.role:
        pairs.append((codes.OWN_ROLE, _own(lesion.role)))
    if lesion.state:
        pairs.append((codes.OWN_STATE, _own(lesion.state)))
    return [QualitativeEvaluation(name=_coded(name), value=_coded(value)) for name, value in pairs] or None


def _own(word: str) -> Code:
    meaning = word.replace("_", " ").capitalize()
    return codes.Code(value=word, scheme=codes.OWN_SCHEME, meaning=meaning)
