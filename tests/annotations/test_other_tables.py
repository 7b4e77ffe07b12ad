"""Tables of OHIF and of DeepLesion."""

import math

import pandas as pd
import pytest

from recist.annotations import read_annotations

OLD = "Patient ID,Patient Name,StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,Label,AnnotationType,"
OLD += "Length (mm),Width (mm),FrameOfReferenceUID,points\n"
NEW = OLD.replace("Length (mm),Width (mm),", "Length,Width,Unit,")
# 25 columns of 0.8 mm across, 20 rows of 0.5 mm down, on the second slice
POINTS = "-92 -115 5;-72 -115 5;-84 -117.5 5;-84 -107.5 5"
UIDS = "P-01,Planted^Name,2.25.11,2.25.21,2.25.1011"
DEEP = (
    "File_name,Patient_index,Study_index,Series_ID,Key_slice_index,Measurement_coordinates,Bounding_boxes,"
    "Lesion_diameters_Pixel_,Normalized_lesion_location,Coarse_lesion_type,Possibly_noisy,Slice_range,Spacing_mm_px_,"
    "Image_size,DICOM_windows,Patient_gender,Patient_age,Train_Val_Test\n"
)


def read(tmp_path, text: str, name: str = "table.csv", **more):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_annotations(path, **more)


def told(found) -> list[str]:
    return [problem.code for problem in found.problems if problem.code not in ("no_role", "no_date")]


@pytest.mark.parametrize(
    "text",
    [
        f"{OLD}{UIDS},T01,Cornerstone:Bidirectional,20,10,2.25.31,{POINTS}\n",
        f"{NEW}{UIDS},T01,Cornerstone:Bidirectional,20,10,mm,2.25.31,{POINTS}\n",
        f"{NEW}{UIDS},T01,Cornerstone3D:Bidirectional,2,1,cm,2.25.31,{POINTS}\n",
    ],
)
def test_the_columns_of_every_version_of_the_viewer_are_understood(tmp_path, write_images, text: str) -> None:
    found = read(tmp_path, text, images=write_images((1,)))
    (row,) = found.measurements.to_dict("records")
    assert found.source_program == "OHIF CSV"
    assert (row["lesion"], row["long_axis_mm"], row["short_axis_mm"]) == ("T01", 20, 10)
    assert str(row["date"])[:10] == "2024-01-10"
    ends = [row[name] for name in ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")]
    assert ends == pytest.approx([10, 10, 35, 10, 20, 5, 20, 25])
    assert told(found) == []


def test_without_images_the_date_is_missing_and_that_is_told(tmp_path) -> None:
    found = read(tmp_path, f"{OLD}{UIDS},T01,Cornerstone:Bidirectional,20,10,2.25.31,{POINTS}\n")
    assert found.measurements["date"].isna().tolist() == [True]
    assert "no_date" in [problem.code for problem in found.problems]


def test_a_length_that_differs_from_its_points_is_told_without_images_too(tmp_path) -> None:
    found = read(tmp_path, f"{OLD}{UIDS},T01,Cornerstone:Bidirectional,22,10,2.25.31,{POINTS}\n")
    (problem,) = [each for each in found.problems if each.code == "length_differs_from_drawing"]
    assert (problem.row, problem.found, problem.expected) == (2, "22.00 mm stated", "20.00 mm drawn")


def test_other_tools_and_rows_with_a_comma_in_the_label_are_told_and_the_rest_imported(tmp_path) -> None:
    text = OLD + "".join(
        f"{UIDS},{rest}\n"
        for rest in (
            f"T01,Cornerstone:Bidirectional,20,10,2.25.31,{POINTS}",
            "a, b,Cornerstone:Bidirectional,20,10,2.25.31,",
            "T03,Cornerstone:EllipticalROI,,,2.25.31,",
            "T04,Cornerstone:Length,15,,2.25.31,-92 -115 5;-77 -115 5",
        )
    )
    found = read(tmp_path, text)
    assert found.measurements["lesion"].tolist() == ["T01", "T04"]
    assert {(problem.code, problem.row) for problem in found.problems if problem.row} == {
        ("wrong_number_of_cells", 3),
        ("other_tool", 4),
    }


@pytest.mark.parametrize(
    ("length", "unit"), [("12.5.0", "mm"), ("20", "parsec"), ("nan", "mm"), ("", "mm"), ("1e9", "mm")]
)
def test_a_number_that_is_none_and_a_unit_that_is_none_are_refused(tmp_path, length: str, unit: str) -> None:
    found = read(tmp_path, f"{NEW}{UIDS},T01,Cornerstone:Length,{length},,{unit},2.25.31,\n")
    assert len(found.measurements) == 0
    assert told(found) == ["no_length"]


def test_decimal_commas_are_refused_and_never_guessed(tmp_path) -> None:
    found = read(tmp_path, f'{OLD}{UIDS},T01,Cornerstone:Bidirectional,"20,5","10,2",2.25.31,\n')
    assert told(found) == ["no_length", "no_length"]
    table = f"{OLD}{UIDS},T01,Cornerstone:Bidirectional,20,10,2.25.31,\n".replace(",", ";")
    assert told(read(tmp_path, table)) == ["wrong_separator"]


def test_diameters_of_deep_lesion_are_pixels_times_spacing_and_pixels_count_from_one(tmp_path) -> None:
    row = 'a_01_01_109.png,1,2,1,109,"11, 11, 41, 51, 30, 20, 24, 28","1, 1, 60, 60","50, 10","0.4, 0.3, 0.4",'
    row += '4,0,"103, 115","0.8, 0.8, 5","512, 512","-175, 275",F,62,1\n'
    found = read(tmp_path, DEEP + row)
    (lesion,) = found.measurements.to_dict("records")
    assert found.source_program == "DeepLesion"
    assert (lesion["long_axis_mm"], lesion["short_axis_mm"]) == (40, 8)  # 50 px and 10 px of 0.8 mm
    assert (lesion["site"], lesion["nodal"], lesion["role"]) == ("liver", False, "")
    assert (lesion["subject"], lesion["timepoint"]) == ("1", "study-02")
    assert [lesion[name] for name in ("x1", "y1", "x2", "y2")] == [10, 10, 40, 50]
    assert told(found) == []


def test_a_coarse_type_that_may_be_a_node_leaves_nodal_open(tmp_path) -> None:
    row = 'a.png,1,2,1,109,"11, 11, 41, 51, 30, 20, 24, 28",,"50, 10",,3,1,,"0.8, 0.8, 5",,,,,\n'
    (lesion,) = read(tmp_path, DEEP + row).measurements.to_dict("records")
    assert lesion["site"] == "mediastinum"
    assert pd.isna(lesion["nodal"])
    assert "noisy" in lesion["reason"]


@pytest.mark.parametrize(
    ("diameters", "spacing", "field"),
    [
        ("50", "0.8, 0.8, 5", "Lesion_diameters_Pixel_"),
        ("50, 10", "0, 0, 5", "Spacing_mm_px_"),
        ("50, 10", "0.8, 0.5, 5", "Spacing_mm_px_"),
        ("50, x", "0.8, 0.8, 5", "Lesion_diameters_Pixel_"),
    ],
)
def test_a_row_of_deep_lesion_without_sound_numbers_is_refused(tmp_path, diameters, spacing, field) -> None:
    row = f'a.png,1,2,1,109,"11, 11, 41, 51, 30, 20, 24, 28",,"{diameters}",,3,0,,"{spacing}",,,,,\n'
    found = read(tmp_path, DEEP + row)
    assert len(found.measurements) == 0
    assert [(problem.row, problem.field) for problem in found.problems if problem.code == "no_numbers"] == [(2, field)]


def test_a_diameter_that_differs_from_its_end_points_is_told(tmp_path) -> None:
    row = 'a.png,1,2,1,109,"11, 11, 41, 51, 30, 20, 24, 28",,"55, 10",,3,0,,"0.8, 0.8, 5",,,,,\n'
    found = read(tmp_path, DEEP + row)
    assert told(found) == ["length_differs_from_drawing"]
    assert math.isclose(found.measurements["long_axis_mm"][0], 44)  # 55 px of 0.8 mm
