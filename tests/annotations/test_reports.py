"""Structured reports of other programs become rows; what is not understood is told and spoils nothing else."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
from pydicom import Sequence
from pydicom.sr.codedict import codes as codes_of_pydicom

from recist.annotations import read_annotations


def rows(found) -> dict[str, dict]:
    return {row["lesion"]: row for row in found.measurements.to_dict("records")}


def told(found) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "no_role"]


def test_a_report_of_the_web_viewer_gives_both_axes_names_and_end_points(files: Path) -> None:
    found = read_annotations(files / "cornerstone_bidirectional.dcm")
    lesions = rows(found)
    assert found.source_program == "cornerstone"
    assert set(lesions) == {"T01", "N01"}
    assert (lesions["T01"]["long_axis_mm"], lesions["T01"]["short_axis_mm"]) == (20, 16)
    assert (lesions["N01"]["long_axis_mm"], lesions["N01"]["short_axis_mm"]) == (12, 7.2)
    # drawn from pixel (column 10, row 10) to (35, 10); the file counts from the pixel's corner, half a pixel more
    ends = [lesions["T01"][name] for name in ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")]
    assert ends == pytest.approx([10, 10, 35, 10, 20, 5, 20, 25], abs=1e-4)
    assert lesions["T01"]["site"] == "liver"
    assert lesions["T01"]["sop_instance_uid"] == "2.25.1011"
    assert told(found) == []


def test_one_drawn_line_is_a_long_axis_without_a_short_one(files: Path) -> None:
    lesion = rows(read_annotations(files / "cornerstone_length.dcm"))["T02"]
    assert lesion["long_axis_mm"] == 20
    assert math.isnan(lesion["short_axis_mm"])


def test_a_report_of_dcmqi_gives_centimetres_as_millimetres_and_the_day_of_its_image_library(files: Path) -> None:
    found = read_annotations(files / "dcmqi_tid1500.dcm")
    lesion = rows(found)["T01"]
    assert found.source_program == "dcmqi"
    assert (lesion["long_axis_mm"], lesion["short_axis_mm"], lesion["volume_mm3"]) == (20.5, 10.5, 1500)
    assert (lesion["date"], lesion["date_source"]) == (pd.Timestamp("2024-01-10"), "image library")
    assert lesion["observer"] == "Reader1"
    assert lesion["reader"] == ""


def test_observers_become_readers_when_that_is_asked_for(files: Path) -> None:
    found = read_annotations(files / "dcmqi_tid1500.dcm", by_observer=True)
    assert found.measurements["reader"].tolist() == ["Reader1"]


@pytest.mark.parametrize(
    ("identifier", "lesion"),
    [
        ("Cornerstone3DTools@^0.1.0:Bidirectional:T01", "T01"),
        ("cornerstoneTools@^4.0.0:Bidirectional", "L1"),
        ("Cornerstone3DTools@^0.1.0:Bidirectional", "L1"),
        ("T01", "T01"),
    ],
)
def test_the_lesion_is_named_by_what_follows_the_tool(reports, codes, identifier: str, lesion: str) -> None:
    path = reports.write("a.dcm", reports.group(identifier, "2.25.5", reports.number(codes["long"], "20")))
    assert set(rows(read_annotations(path))) == {lesion}


def test_old_codes_and_centimetres_are_understood(reports, codes) -> None:
    group = reports.group(
        "T01",
        "2.25.5",
        reports.coded(codes["old_site"], ("T-C4360", "SRT", "Mediastinal lymph node")),
        reports.number(codes["old_long"], "2.0", "cm"),
        reports.number(codes["old_short"], "15.5", "mm"),
    )
    lesion = rows(read_annotations(reports.write("a.dcm", group)))["T01"]
    assert (lesion["long_axis_mm"], lesion["short_axis_mm"]) == (20, 15.5)
    assert (lesion["site"], lesion["nodal"]) == ("mediastinal lymph node", True)


def test_the_floating_point_value_is_read_before_the_shortened_decimal_one(reports, codes) -> None:
    number = reports.number(codes["long"], "59.549", FloatingPointValue=59.54946160001)
    lesion = rows(read_annotations(reports.write("a.dcm", reports.group("T01", "2.25.5", number))))["T01"]
    assert lesion["long_axis_mm"] == 59.54946160001


def test_an_axis_without_a_value_is_told_and_its_neighbours_are_imported(reports, codes) -> None:
    path = reports.write(
        "a.dcm",
        reports.group("T01", "2.25.5", reports.number(codes["long"], None), reports.number(codes["short"], "9")),
        reports.group("T02", "2.25.6", reports.number(codes["long"], "")),
        reports.group("T03", "2.25.7", reports.number(codes["long"], "30")),
    )
    found = read_annotations(path)
    lesions = rows(found)
    assert set(lesions) == {"T01", "T03"}
    assert math.isnan(lesions["T01"]["long_axis_mm"])
    assert lesions["T01"]["short_axis_mm"] == 9
    faults = [(problem.row, problem.field, problem.code) for problem in found.problems if problem.code == "no_length"]
    assert faults == [(1, "Long Axis", "no_length"), (2, "Long Axis", "no_length")]


@pytest.mark.parametrize(("value", "unit"), [("20", "kg"), ("-20", "mm"), ("0", "mm"), ("20000", "mm"), ("20", "")])
def test_a_length_that_cannot_be_one_is_refused(reports, codes, value: str, unit: str) -> None:
    path = reports.write("a.dcm", reports.group("T01", "2.25.5", reports.number(codes["long"], value, unit)))
    found = read_annotations(path)
    assert len(found.measurements) == 0
    assert told(found) == ["no_length"]


def test_a_label_in_a_code_that_is_too_long_for_a_code_is_read(reports, codes) -> None:
    finding = reports.coded(("121071", "DCM", "Finding"), ("CORNERSTONEFREETEXT", "CORNERSTONEJS", "left lung 1"))
    group = reports.group("Cornerstone3DTools@^0.1.0:Bidirectional", "2.25.5", finding)
    group.ContentSequence.append(reports.number(codes["long"], "20"))
    assert set(rows(read_annotations(reports.write("a.dcm", group)))) == {"left lung 1"}


def test_the_baseline_category_gives_the_role_and_without_one_there_is_none(reports, codes) -> None:
    path = reports.write(
        "a.dcm",
        *(
            reports.group(
                name,
                f"2.25.5{number}",
                *([reports.coded(codes["category"], codes[name])] if name in codes else []),
                reports.number(codes["long"], "20"),
            )
            for number, name in enumerate(("target", "non_target", "unknown"))
        ),
    )
    found = read_annotations(path)
    lesions = rows(found)
    assert {name: row["role"] for name, row in lesions.items()} == {
        "target": "target",
        "non_target": "non_target",
        "unknown": "",
    }
    assert [(p.field, p.found) for p in found.problems if p.code == "no_role"] == [("role", "1 of 3 lesions without")]


def test_groups_of_one_report_with_the_same_tracking_uid_are_one_lesion(reports, codes) -> None:
    path = reports.write(
        "a.dcm",
        reports.group("T01", "2.25.5", reports.number(codes["long"], "20")),
        reports.group("T01", "2.25.5", reports.number(codes["short"], "9")),
    )
    found = read_annotations(path)
    assert found.measurements[["long_axis_mm", "short_axis_mm"]].to_numpy().tolist() == [[20, 9]]
    assert told(found) == []


def test_groups_of_one_report_that_disagree_are_told(reports, codes) -> None:
    path = reports.write(
        "a.dcm",
        reports.group("T01", "2.25.5", reports.number(codes["long"], "20")),
        reports.group("T01", "2.25.5", reports.number(codes["long"], "25")),
    )
    found = read_annotations(path)
    (problem,) = [each for each in found.problems if each.code == "groups_disagree"]
    assert "25.00 mm" in problem.found
    assert "20.00 mm" in problem.expected


def test_a_report_of_something_else_is_refused_with_a_sentence(reports) -> None:
    title = reports.code("126000-X", "DCM", "Radiation Dose Report")
    path = reports.write("a.dcm", ConceptNameCodeSequence=title)
    found = read_annotations(path)
    assert told(found) == ["not_a_measurement_report"]


def test_a_group_that_measures_no_axis_is_told_with_what_it_holds(reports) -> None:
    suv = reports.number(("126401", "DCM", "SUVbw"), "7.1", "g/ml")
    found = read_annotations(reports.write("a.dcm", reports.group("primary tumor", "2.25.5", suv)))
    (problem,) = [each for each in found.problems if each.code == "no_axis"]
    assert problem.found == "SUVbw"


def test_without_a_study_date_the_day_of_the_report_is_taken_and_told(reports, codes) -> None:
    path = reports.write("a.dcm", reports.group("T01", "2.25.5", reports.number(codes["long"], "20")), StudyDate="")
    found = read_annotations(path)
    assert found.measurements["date"].tolist() == [pd.Timestamp("2024-06-01")]
    assert found.measurements["date_source"].tolist() == ["content date"]
    assert "date_of_report" in told(found)


def test_an_empty_tree_and_a_group_without_children_do_no_harm(reports, codes) -> None:
    path = reports.write("a.dcm", reports.item("CONTAINER", ("125007", "DCM", "Measurement Group")))
    empty = reports.write("b.dcm", ContentSequence=Sequence())
    found = read_annotations([path, empty])
    assert len(found.measurements) == 0
    assert set(told(found)) == {"no_axis", "nothing_measured"}


def test_names_of_patients_stand_in_no_message(reports, codes) -> None:
    path = reports.write("a.dcm", reports.group("T01", "2.25.5", reports.number(codes["long"], None)))
    found = read_annotations(path)
    assert not any("Planted" in str(problem) or "P-01" in str(problem) for problem in found.problems)


def test_a_region_of_highdicom_names_the_image_of_axes_that_have_no_line(tmp_path, write_images) -> None:
    from highdicom import sr

    image = pydicom.dcmread(write_images((1,)) / "v1" / "1.dcm")
    region = sr.ImageRegion(
        graphic_type=sr.GraphicTypeValues.POLYLINE,
        graphic_data=np.array([[10, 10], [30, 10], [30, 30], [10, 10]], float),
        source_image=sr.SourceImageForRegion.from_source_image(image),
    )
    mm = codes_of_pydicom.UCUM.Millimeter
    group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid="2.25.5", identifier="T01"),
        referenced_region=region,
        finding_type=codes_of_pydicom.SCT.Lesion,
        finding_sites=[sr.FindingSite(anatomic_location=codes_of_pydicom.SCT.Lung)],
        measurements=[sr.Measurement(name=codes_of_pydicom.SCT.LongAxis, value=16.0, unit=mm)],
    )
    person = sr.PersonObserverIdentifyingAttributes(name="Reader^One")
    observer = sr.ObserverContext(codes_of_pydicom.DCM.Person, person)
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=codes_of_pydicom.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[group],
    )
    report = sr.Comprehensive3DSR([image], content, "2.25.7", 1, "2.25.8", 1, manufacturer="nobody")
    report.save_as(tmp_path / "planar.dcm")
    found = read_annotations(tmp_path / "planar.dcm")
    (lesion,) = found.measurements.to_dict("records")
    assert (lesion["long_axis_mm"], lesion["site"], lesion["sop_instance_uid"]) == (16, "lung", "2.25.1011")
    assert lesion["observer"] == "Reader^One"
    assert told(found) == []


def test_lines_in_the_patients_own_millimetres_are_brought_to_pixels(reports, codes, write_images) -> None:
    number = reports.number(codes["long"], "20", points=(0, 0, 0, 0))
    line = number.ContentSequence[0]
    line.ValueType = "SCOORD3D"
    line.GraphicData = [-92.0, -115.0, 5.0, -72.0, -115.0, 5.0]
    path = reports.write("a.dcm", reports.group("T01", "2.25.5", number))
    found = read_annotations(path, images=write_images((1,)))
    (lesion,) = found.measurements.to_dict("records")
    assert [lesion[name] for name in ("x1", "y1", "x2", "y2")] == pytest.approx([10, 10, 35, 10])
    assert told(found) == []


def test_sites_have_their_side_and_icd_and_radlex_codes_are_understood(reports, codes) -> None:
    lung = reports.coded(codes["site"], ("39607008", "SCT", "Lung"))
    lung.ContentSequence = Sequence([reports.coded(("272741003", "SCT", "Laterality"), ("7771000", "SCT", "Left"))])
    sites = {
        "T01": lung,
        "T02": reports.coded(codes["site"], ("C77.3", "ICDO3", "Axilla, lymph nodes")),
        "T03": reports.coded(codes["site"], ("RID58", "RadLex", "liver")),
        "T04": reports.coded(codes["site"], ("1", "99X", "Great toe (body structure)")),
    }
    groups = [
        reports.group(name, f"2.25.5{number}", site, reports.number(codes["long"], "20"))
        for number, (name, site) in enumerate(sites.items())
    ]
    lesions = rows(read_annotations(reports.write("a.dcm", *groups)))
    assert {name: row["site"] for name, row in lesions.items()} == {
        "T01": "left lung",
        "T02": "axillary lymph node",
        "T03": "liver",
        "T04": "great toe",
    }
    assert [lesions[name]["nodal"] for name in ("T01", "T02", "T03")] == [False, True, False]
    assert pd.isna(lesions["T04"]["nodal"])
