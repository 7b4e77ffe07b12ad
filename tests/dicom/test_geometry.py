"""Classes of series by hand arithmetic on positions; angles and steps are chosen so that sine and cosine are known."""

import math

import numpy as np
import pytest

from recist.dicom.geometry import GeometryClass as Class
from recist.dicom.geometry import derive_geometry

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def geometry_of(positions, orientation=AXIAL, **settings):
    orientations = np.tile(np.array(orientation, dtype=float), (len(positions), 1))
    return derive_geometry(np.array(positions, dtype=float), orientations, **settings)


def heights(*values):
    return [(0.0, 0.0, value) for value in values]


def tilted(degrees, step_mm, n_slices):
    """Give slices whose planes are turned about x by `degrees`, while the table still moves along z."""
    turn = math.radians(degrees)
    positions = [(0.0, 0.0, step_mm * index) for index in range(n_slices)]
    return positions, (1.0, 0.0, 0.0, 0.0, math.cos(turn), -math.sin(turn))


def test_equal_steps_make_a_regular_stack_with_the_spacing_of_the_positions():
    found = geometry_of(heights(0, 3.27, 6.54, 9.81))
    assert found.classes == (Class.REGULAR,)
    assert found.slice_spacing_mm == pytest.approx(3.27, abs=1e-12)


def test_slices_in_falling_order_are_sorted_along_the_normal():
    found = geometry_of(heights(10, 5, 0))
    assert found.classes == (Class.REGULAR,)
    assert found.order == (2, 1, 0)


def test_the_normal_of_a_flipped_column_direction_points_down():
    # row x column = x cross -y = -z, so the highest slice comes first
    assert geometry_of(heights(0, 5, 10), (1, 0, 0, 0, -1, 0)).order == (2, 1, 0)


@pytest.mark.parametrize("degrees", [2, 2.5, -2.5, 15, 18.5])
def test_a_gantry_tilt_is_found_from_positions_and_its_normal_spacing_given(degrees):
    found = geometry_of(*tilted(degrees, 2.5, 6))
    assert found.classes == (Class.TILTED,)
    assert found.slice_spacing_mm == pytest.approx(2.5 * math.cos(math.radians(degrees)), abs=1e-9)
    assert found.drift_mm == pytest.approx(2.5 * math.sin(math.radians(abs(degrees))), abs=1e-9)
    assert found.tilt_degrees == pytest.approx(abs(degrees), abs=1e-9)


def test_a_one_degree_tilt_of_half_millimetre_slices_is_found_though_each_step_drifts_by_less_than_0_01_mm():
    positions, orientation = tilted(1, 0.5, 200)
    assert 0.5 * math.sin(math.radians(1)) < 0.01
    assert geometry_of(positions, orientation).classes == (Class.TILTED,)


def test_a_tilt_with_uneven_steps_is_both():
    turn = math.radians(15)
    orientation = (1.0, 0.0, 0.0, 0.0, math.cos(turn), -math.sin(turn))
    found = geometry_of(heights(0, 4.0, 5.08, 12.08), orientation)
    assert found.classes == (Class.TILTED, Class.NONUNIFORM)
    assert found.slice_spacing_mm is None


def test_a_gap_of_two_steps_is_one_missing_slice():
    found = geometry_of(heights(0, 5, 10, 20, 25))
    assert found.classes == (Class.NONUNIFORM, Class.MISSING_SLICES)
    assert found.missing_slices == 1
    assert found.slice_spacing_mm is None
    assert found.step_mm == 5


def test_a_missing_slice_among_three_is_found():
    # steps 5 and 10: the median, 7.5, is the step of neither
    assert geometry_of(heights(0, 5, 15)).missing_slices == 1


def test_two_gaps_of_one_and_two_slices_are_three_missing_slices():
    assert geometry_of(heights(0, 5, 10, 20, 25, 40)).missing_slices == 3


def test_steps_that_are_no_multiples_are_nonuniform_without_a_count():
    found = geometry_of(heights(0, 5, 10, 17, 22))
    assert found.classes == (Class.NONUNIFORM,)
    assert found.missing_slices == 0


def test_one_extra_slice_between_two_does_not_make_all_others_missing():
    assert geometry_of(heights(0, 5, 7.5, 10, 15, 20, 25)).classes == (Class.NONUNIFORM,)


def test_steps_within_one_percent_are_the_rounding_of_a_header():
    assert geometry_of(heights(0, 5.0, 10.03, 15.0)).classes == (Class.NONUNIFORM,)
    assert geometry_of(heights(0, 5.0, 10.02, 15.02)).classes == (Class.REGULAR,)


def test_a_slice_moved_sideways_is_no_tilt_and_no_regular_stack():
    found = geometry_of([(0, 0, 0), (0, 0, 5), (3, 0, 10), (0, 0, 15), (0, 0, 20)])
    assert found.classes == (Class.NONUNIFORM,)


def test_slices_at_one_position_are_duplicates_and_nothing_else():
    found = geometry_of(heights(61.5, 61.5, 61.5))
    assert found.classes == (Class.DUPLICATE_POSITIONS,)
    assert found.slice_spacing_mm is None


def test_one_repeated_slice_in_a_regular_stack_is_not_regular():
    found = geometry_of(heights(0, 5, 5, 10))
    assert found.classes == (Class.DUPLICATE_POSITIONS,)
    assert found.step_mm == 5


def test_a_repeated_slice_does_not_hide_a_missing_one():
    found = geometry_of(heights(0, 5, 5, 10, 20))
    assert set(found.classes) == {Class.DUPLICATE_POSITIONS, Class.NONUNIFORM, Class.MISSING_SLICES}


def test_two_orientations_are_mixed():
    orientations = np.array([AXIAL, AXIAL, (1, 0, 0, 0, 0, -1)], dtype=float)
    found = derive_geometry(np.array(heights(0, 5, 10)), orientations)
    assert found.classes == (Class.MIXED_ORIENTATION,)


def test_cosines_that_differ_by_float_noise_are_one_orientation():
    noisy = np.array([AXIAL, (1, 1e-6, 0, -1e-6, 1, 0), (1, 0, 5e-5, 0, 1, 0)], dtype=float)
    assert derive_geometry(np.array(heights(0, 5, 10)), noisy).classes == (Class.REGULAR,)


@pytest.mark.parametrize("orientation", [(math.nan,) * 6, (0, 0, 0, 0, 0, 0)])
def test_directions_that_are_left_out_leave_no_geometry(orientation):
    assert geometry_of(heights(0, 5), orientation).classes == (Class.NO_GEOMETRY,)


@pytest.mark.parametrize("orientation", [(1, 0, 0, 1, 0, 0), (1, 0, 0, 0, 2, 0), (1, 0.01, 0, 0, 1, 0)])
def test_directions_that_contradict_themselves_are_no_plane(orientation):
    assert geometry_of(heights(0, 5), orientation).classes == (Class.IMPOSSIBLE_ORIENTATION, Class.NO_GEOMETRY)


def test_cosines_rounded_to_three_decimals_are_a_plane():
    # 18.5 degrees: cosine 0.948, sine 0.317, length 0.9996
    assert geometry_of(heights(0, 5), (1, 0, 0, 0, 0.948, -0.317)).classes == (Class.TILTED,)


def test_a_position_beyond_any_table_is_none():
    assert geometry_of(heights(0, 5, 1e300)).classes == (Class.NO_GEOMETRY,)


def test_a_gantry_that_drifts_to_one_side_and_back_is_no_straight_stack():
    # 0.008 mm a step, under the limit of a step, and back: 0.32 mm aside in the middle, none over the whole
    sideways = [0.008 * min(index, 80 - index) for index in range(81)]
    positions = [(aside, 0.0, 1.25 * index) for index, aside in enumerate(sideways)]
    assert geometry_of(positions).classes == (Class.NONUNIFORM,)


def test_steps_that_grow_by_less_than_one_percent_bend_a_long_stack():
    # 400 steps of 0.9955 to 1.0045 mm: the middle lies 0.45 mm beside its place in an even stack
    steps = np.linspace(0.9955, 1.0045, 400)
    assert geometry_of(heights(*np.cumsum(steps))).classes == (Class.NONUNIFORM,)


def test_one_slice_without_a_position_leaves_no_geometry():
    assert geometry_of([(0, 0, 0), (math.nan,) * 3]).classes == (Class.NO_GEOMETRY,)


def test_a_single_slice_is_single():
    assert geometry_of(heights(7)).classes == (Class.SINGLE,)


def test_localizers_have_no_spacing_however_they_lie():
    found = geometry_of(heights(0, 5, 10), is_localizer=True)
    assert found.classes == (Class.LOCALIZER,)
    assert found.slice_spacing_mm is None


def test_without_pixel_spacing_nothing_is_regular():
    assert geometry_of(heights(0, 5, 10), has_pixel_spacing=False).classes == (Class.NO_PIXEL_SPACING,)
    assert geometry_of(heights(0, 5, 15), has_pixel_spacing=False).classes == (
        Class.NO_PIXEL_SPACING,
        Class.NONUNIFORM,
        Class.MISSING_SLICES,
    )


def test_an_oblique_stack_is_regular_along_its_own_normal():
    # row (0.8, 0.6, 0), column (0, 0, -1): normal = row x column = (-0.6, 0.8, 0)
    positions = [(-0.6 * 4 * index, 0.8 * 4 * index, 0.0) for index in (0, 1, 2)]
    found = geometry_of(positions, (0.8, 0.6, 0, 0, 0, -1))
    assert found.classes == (Class.REGULAR,)
    assert found.slice_spacing_mm == pytest.approx(4, abs=1e-12)
