"""Pixel, report and patient coordinates of one plane, by hand arithmetic."""

import numpy as np
import pytest

from recist.dicom.plane import Plane, pixel_from_scoord, scoord_from_pixel


@pytest.fixture
def oblique():
    # rows run along (0.8, 0.6, 0), columns along (0, 0, -1); 3.5 mm between rows, 2.5 mm between columns
    return Plane(
        position_lps=np.array([10.0, 20.0, 30.0]),
        orientation=np.array([0.8, 0.6, 0.0, 0.0, 0.0, -1.0]),
        pixel_spacing_mm=(3.5, 2.5),
    )


def test_the_first_pixel_centre_is_the_image_position(oblique):
    assert oblique.to_lps((0, 0)) == pytest.approx([10, 20, 30])


def test_a_step_of_the_row_index_goes_down_the_column_by_the_first_spacing(oblique):
    assert oblique.to_lps((2, 0)) == pytest.approx([10, 20, 30 - 2 * 3.5])


def test_a_step_of_the_column_index_goes_along_the_row_by_the_second_spacing(oblique):
    assert oblique.to_lps((0, 2)) == pytest.approx([10 + 2 * 2.5 * 0.8, 20 + 2 * 2.5 * 0.6, 30])


def test_patient_coordinates_lead_back_to_the_pixel(oblique):
    pixels = np.array([[0.0, 0.0], [3.25, 17.5], [511.0, 511.0]])
    assert oblique.to_pixel(oblique.to_lps(pixels)) == pytest.approx(pixels, abs=1e-9)


def test_a_point_off_the_plane_is_projected_and_its_distance_known(oblique):
    # the normal is row x column = (-0.6, 0.8, 0)
    point = oblique.to_lps((4, 5)) + 7 * np.array([-0.6, 0.8, 0.0])
    assert oblique.to_pixel(point) == pytest.approx([4, 5], abs=1e-9)
    assert oblique.distance_mm(point) == pytest.approx(7)


def test_a_report_counts_from_the_corner_and_names_the_column_first():
    assert scoord_from_pixel((0, 0)) == pytest.approx([0.5, 0.5])
    assert scoord_from_pixel((10, 200)) == pytest.approx([200.5, 10.5])


def test_report_coordinates_lead_back_to_the_pixel():
    pixels = np.array([[0.0, 0.0], [3.25, 17.5]])
    assert pixel_from_scoord(scoord_from_pixel(pixels)) == pytest.approx(pixels)
