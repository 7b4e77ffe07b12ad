"""Lengths beside the lines as drawn on the images, and what else the images know better."""

import pandas as pd
import pytest

from recist.annotations import read_annotations

# Pixels are 0.5 mm from row to row and 0.8 mm from column to column: 25 columns are 20 mm, 20 rows are 10 mm.
ACROSS, DOWN = (10.5, 10.5, 35.5, 10.5), (20.5, 5.5, 20.5, 25.5)


@pytest.fixture
def drawn(reports, codes):
    """Write a report of one lesion drawn 20 mm × 10 mm, its lengths stated as given."""

    def write(long: str = "20", short: str = "10", unit: str = "mm", **more):
        axes = (
            reports.number(codes["long"], long, unit, points=ACROSS, **more),
            reports.number(codes["short"], short, unit, points=DOWN, **more),
        )
        return reports.write("a.dcm", reports.group("T01", "2.25.5", *axes))

    return write


def told(found) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "no_role"]


def test_lengths_that_are_as_drawn_pass_without_a_word(drawn, write_images) -> None:
    found = read_annotations(drawn(), images=write_images((1,)))
    assert told(found) == []
    (row,) = found.measurements.to_dict("records")
    assert (row["series_uid"], row["geometry"], row["slice_thickness_mm"]) == ("2.25.21", "regular", 5)
    assert (row["nominal_thickness_mm"], row["slice_spacing_mm"], row["lossy"]) == (5, 5, False)
    assert (row["x1"], row["y1"], row["x2"], row["y2"]) == (10, 10, 35, 10)


def test_half_a_millimetre_is_allowed_and_more_is_told_with_both_lengths(drawn, write_images) -> None:
    found = read_annotations(drawn("20.4", "10.6"), images=write_images((1,)))
    (problem,) = [each for each in found.problems if each.code == "length_differs_from_drawing"]
    assert (problem.field, problem.found, problem.expected) == ("short axis", "10.60 mm stated", "10.00 mm drawn")
    assert problem.severity == "warning"
    assert found.measurements["short_axis_mm"].tolist() == [10.6]


def test_the_day_of_the_images_is_taken_before_that_of_the_report(drawn, write_images) -> None:
    images = write_images((1,), AcquisitionDate="20240111")
    (row,) = read_annotations(drawn(), images=images).measurements.to_dict("records")
    assert (row["date"], row["date_source"]) == (pd.Timestamp("2024-01-11"), "images")


def test_a_length_on_images_without_pixel_spacing_is_refused(drawn, write_images) -> None:
    found = read_annotations(drawn(), images=write_images((1,), PixelSpacing=None))
    assert len(found.measurements) == 0
    (problem,) = [each for each in found.problems if each.code == "no_true_millimetre"]
    assert "no pixel spacing" in problem.message


def test_a_length_in_pixels_is_measured_on_its_image_and_refused_without(drawn, write_images) -> None:
    path = drawn("25", "20", "{pixels}")
    assert len(read_annotations(path).measurements) == 0
    found = read_annotations(path, images=write_images((1,)))
    assert found.measurements[["long_axis_mm", "short_axis_mm"]].to_numpy().tolist() == [[20, 10]]
    assert told(found) == ["measured_as_drawn", "measured_as_drawn"]


def test_an_image_that_is_not_there_leaves_the_length_unchecked_and_that_is_told(drawn, write_images) -> None:
    found = read_annotations(drawn(image="2.25.999"), images=write_images((1,)))
    assert told(found) == ["image_not_there"]
    assert found.measurements["long_axis_mm"].tolist() == [20]


def test_axes_that_were_mixed_up_are_told(drawn) -> None:
    assert told(read_annotations(drawn("10", "20"))) == ["axes_mixed_up"]
