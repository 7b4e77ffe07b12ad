"""Reports written: valid for other programs, drawn anew by viewers, and read back the same."""

import subprocess
from pathlib import Path

import highdicom
import pandas as pd
import pydicom
import pytest
from pydicom import Dataset

from recist.annotations import read_annotations, write_sr

HEADER = "subject,reader,timepoint,date,lesion,role,site,nodal,state,long_axis_mm,short_axis_mm,sop_instance_uid,"
HEADER += "x1,y1,x2,y2,x3,y3,x4,y4\n"
# 25 columns of 0.8 mm are 20 mm, 20 rows of 0.5 mm 10 mm
TABLE = f"""{HEADER}P-01,R1,baseline,2024-01-10,T01,target,liver,false,measured,20,10,2.25.1011,10,10,35,10,20,5,20,25
P-01,R1,baseline,2024-01-10,N01,target,mediastinal lymph node,true,measured,25,16,2.25.1012,10,10,10,60,20,30,40,30
P-01,R1,baseline,2024-01-10,NT1,non_target,bone,false,present,,,,,,,,,,,
P-01,R1,week 8,2024-03-05,T01,target,liver,false,measured,12,10,2.25.1021,10,10,25,10,20,5,20,25
P-01,R1,week 8,2024-03-05,N01,target,mediastinal lymph node,true,measured,12,9,,,,,,,,,
P-01,R1,week 8,2024-03-05,NT1,non_target,bone,false,absent,,,,,,,,,,,
P-01,R1,week 8,2024-03-05,X1,new,left lung,false,unequivocal,12,8,2.25.1022,10,10,25,10,20,5,20,21
"""


def table_of(text: str) -> pd.DataFrame:
    lines = [line.split(",") for line in text.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


@pytest.fixture
def written(tmp_path: Path, write_images) -> Path:
    found = write_sr(table_of(TABLE), tmp_path / "sr", images=write_images())
    assert found.problems == ()
    assert (len(found.names), found.n_lesions) == (2, 7)
    return tmp_path / "sr"


def trees(folder: Path) -> list[Dataset]:
    return [pydicom.dcmread(path) for path in sorted(folder.glob("*.dcm"))]


def named(item: Dataset, meaning: str) -> list[Dataset]:
    return [each for each in item.ContentSequence if each.ConceptNameCodeSequence[0].CodeMeaning == meaning]


def groups(report: Dataset) -> dict[str, Dataset]:
    found = named(named(report, "Imaging Measurements")[0], "Measurement Group")
    return {named(group, "Comment")[0].TextValue: group for group in found}


def test_the_validators_of_dicom3tools_and_dcmtk_find_no_error(written: Path, run_tool) -> None:
    for path in written.glob("*.dcm"):
        checked = subprocess.run(
            [run_tool("dciodvfy", "dicom3tools"), path], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr
        assert "Error" not in checked.stderr
        dumped = subprocess.run([run_tool("dsrdump", "dcmtk"), path], capture_output=True, text=True, check=False)
        assert dumped.returncode == 0, dumped.stderr
        assert "error" not in dumped.stderr.lower()


def test_what_viewers_on_cornerstone_ask_for_is_there(written: Path) -> None:
    for report in trees(written):
        assert report.ConceptNameCodeSequence[0].CodeValue == "126000"
        assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
        assert named(named(report, "Image Library")[0], "Image Library Group")
        for group in groups(report).values():
            numbers = [item for item in group.ContentSequence if item.ValueType == "NUM"]
            meanings = [item.ConceptNameCodeSequence[0].CodeMeaning for item in numbers]
            assert meanings in ([], ["Long Axis", "Short Axis"])
            assert all("ContentSequence" in item for item in numbers)
            identifier = named(group, "Tracking Identifier")[0].TextValue
            lines = [item.ContentSequence[0] for item in numbers]
            is_drawn = bool(lines) and all(line.ValueType == "SCOORD" for line in lines)
            assert identifier.startswith("Cornerstone3DTools@^0.1.0:Bidirectional:") == is_drawn
            for line in lines if is_drawn else []:
                assert (line.GraphicType, line.RelationshipType, len(line.GraphicData)) == (
                    "POLYLINE",
                    "INFERRED FROM",
                    4,
                )
                assert line.ContentSequence[0].RelationshipType == "SELECTED FROM"


def test_end_points_are_counted_from_the_corner_of_the_first_pixel(written: Path) -> None:
    baseline = groups(trees(written)[0])
    line = named(baseline["T01"], "Long Axis")[0].ContentSequence[0]
    assert list(line.GraphicData) == [10.5, 10.5, 35.5, 10.5]


def uids_of(report: Dataset) -> dict[str, str]:
    """Give the tracking UID of each lesion of a report."""
    return {name: named(group, "Tracking Unique Identifier")[0].UID for name, group in groups(report).items()}


def test_a_lesion_has_one_tracking_uid_for_life_and_no_other_has_it(written: Path) -> None:
    first, second = map(uids_of, trees(written))
    assert first == {name: second[name] for name in first}
    assert len(set(second.values())) == 4


def test_a_tracking_uid_that_any_row_gives_is_that_of_the_lesion_in_all_reports_and_a_key_changes_the_others(
    tmp_path, write_images, monkeypatch
) -> None:
    """T01 is named at baseline only, N01 at the follow-up only, where it has no image."""
    images, table = write_images(), table_of(TABLE)
    given = table.assign(tracking_uid=["2.25.42", "", "", "", "2.25.43", "", ""])
    found = []
    for key in ("", "secret"):
        monkeypatch.setenv("RECIST_UID_KEY", key)
        assert write_sr(given, tmp_path / f"sr{key}", images=images).problems == ()
        found.append([uids_of(report) for report in trees(tmp_path / f"sr{key}")])
    for of_key in found:
        assert [(report["T01"], report["N01"]) for report in of_key] == [("2.25.42", "2.25.43")] * 2
    assert found[0][0]["NT1"] != found[1][0]["NT1"]


def test_two_tracking_uids_of_one_lesion_are_told_and_the_earliest_is_used_in_all_reports(
    tmp_path, write_images
) -> None:
    given = table_of(TABLE).assign(tracking_uid=["2.25.42", "", "", "2.25.77", "", "", ""])
    found = write_sr(given, tmp_path / "sr", images=write_images())
    (problem,) = found.problems
    assert (problem.code, problem.row, problem.severity) == ("two_tracking_uids", 5, "warning")
    assert [uids_of(report)["T01"] for report in trees(tmp_path / "sr")] == ["2.25.42"] * 2


def test_one_tracking_uid_given_to_two_lesions_is_an_error(tmp_path, write_images) -> None:
    given = table_of(TABLE).assign(tracking_uid=["2.25.42", "2.25.42", *[""] * 5])
    found = write_sr(given, tmp_path / "sr", images=write_images())
    assert [(problem.code, problem.row) for problem in found.problems] == [("shared_tracking_uid", 3)]
    assert {problem.severity for problem in found.problems} == {"error"}


def test_highdicom_reads_the_groups_back(written: Path) -> None:
    report = highdicom.sr.srread(sorted(written.glob("*.dcm"))[0])
    first = next(
        group for group in report.content.get_image_measurement_groups() if group.tracking_identifier.endswith("T01")
    )
    sizes = {measurement.name.meaning: measurement.value for measurement in first.get_measurements()}
    assert sizes == {"Long Axis": 20, "Short Axis": 10}
    assert first.method.value == "126081"
    assert first.finding_sites[0].value.value == "10200004"


def test_what_is_written_is_read_back_the_same(written: Path, write_images) -> None:
    found = read_annotations(written, images=write_images(folder="again"))
    assert found.problems == ()
    assert found.source_program == "recist-toolkit"
    columns = HEADER.strip().replace(",reader", "").split(",")
    before = table_of(TABLE).drop(columns="reader").sort_values(["timepoint", "lesion"])
    after = found.measurements.sort_values(["timepoint", "lesion"])
    for column in columns:
        numbers = pd.to_numeric(before[column], errors="coerce")
        if numbers.notna().any():
            assert after[column].tolist() == pytest.approx(numbers.tolist(), nan_ok=True), column
    texts = ["subject", "timepoint", "lesion", "role", "site", "state"]
    assert after[texts].to_numpy().tolist() == before[texts].to_numpy().tolist()
    assert after["nodal"].tolist() == [value == "true" for value in before["nodal"]]
    assert after["observer"].unique().tolist() == ["R1"]


def test_the_same_table_gives_the_same_uids_and_a_corrected_one_a_new_report(tmp_path, write_images) -> None:
    images = write_images()
    for name, text in (("a", TABLE), ("b", TABLE), ("c", TABLE.replace("measured,20,10", "measured,20.2,10"))):
        write_sr(table_of(text), tmp_path / name, images=images)
    uids = [[report.SOPInstanceUID for report in trees(tmp_path / name)] for name in "abc"]
    assert uids[0] == uids[1]
    assert uids[2][0] not in uids[0]
    assert uids[2][1] == uids[0][1]
    series = [[report.SeriesInstanceUID for report in trees(tmp_path / name)] for name in "ac"]
    assert series[0] == series[1]


def test_a_lesion_whose_image_is_not_there_is_told_and_the_others_are_written(tmp_path, write_images) -> None:
    text = TABLE.replace("2.25.1012", "2.25.9")
    found = write_sr(table_of(text), tmp_path / "sr", images=write_images())
    assert [(problem.code, problem.row, problem.found) for problem in found.problems] == [("not_written", 3, "N01")]
    assert found.n_lesions == 6


def test_a_visit_without_any_image_is_told(tmp_path, write_images) -> None:
    found = write_sr(table_of(TABLE), tmp_path / "sr", images=write_images((1,)))
    assert {problem.row for problem in found.problems} == {5, 6, 7, 8}
    assert len(found.names) == 1


def test_an_axis_of_another_length_than_its_line_is_told(tmp_path, write_images) -> None:
    text = TABLE.replace("measured,20,10", "measured,21,10")
    found = write_sr(table_of(text), tmp_path / "sr", images=write_images())
    (problem,) = found.problems
    assert (problem.code, problem.row, problem.severity) == ("length_differs_from_drawing", 2, "warning")


def test_a_trial_without_sponsor_in_the_images_does_not_spoil_the_report(tmp_path, write_images, run_tool) -> None:
    images = write_images(ClinicalTrialSponsorName="", ClinicalTrialProtocolID="P", ClinicalTrialSubjectID="1")
    write_sr(table_of(TABLE), tmp_path / "sr", images=images)
    for path in (tmp_path / "sr").glob("*.dcm"):
        checked = subprocess.run(
            [run_tool("dciodvfy", "dicom3tools"), path], capture_output=True, text=True, check=False
        )
        assert "Error" not in checked.stderr


def test_the_day_of_the_images_goes_with_the_report_where_it_is_not_that_of_the_study(tmp_path, write_images) -> None:
    write_sr(table_of(TABLE), tmp_path / "sr", images=write_images((1,), AcquisitionDate="20240112"))
    found = read_annotations(tmp_path / "sr")
    assert found.measurements["date"].unique().tolist() == [pd.Timestamp("2024-01-12")]
    assert found.measurements["date_source"].unique().tolist() == ["image library"]


def test_hostile_subjects_make_no_path_outside_the_folder(tmp_path, write_images) -> None:
    text = TABLE.replace("P-01,", "../../x,")
    found = write_sr(table_of(text), tmp_path / "sr", images=write_images())
    assert len(list((tmp_path / "sr").glob("*.dcm"))) == len(found.names) == 2


def test_images_without_what_a_report_copies_from_them_still_give_one(tmp_path, write_images, run_tool) -> None:
    images = write_images(StudyTime=None, StudyID=None, AccessionNumber=None, ReferringPhysicianName=None)
    found = write_sr(table_of(TABLE), tmp_path / "sr", images=images)
    assert found.problems == ()
    for path in (tmp_path / "sr").glob("*.dcm"):
        checked = subprocess.run(
            [run_tool("dciodvfy", "dicom3tools"), path], capture_output=True, text=True, check=False
        )
        assert "Error" not in checked.stderr
