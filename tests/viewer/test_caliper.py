"""The geometry of the axes; expected values by hand."""

import math

import pytest

from viewer.caliper import (
    Handle,
    angle_between_deg,
    long_axis_mm,
    move_end,
    nearest_handle,
    propose_caliper,
    short_axis_mm,
)

SQUARE, NARROW = (1.0, 1.0), (0.5, 2.0)


def test_a_line_of_three_by_four_millimetres_is_five_millimetres_long():
    caliper = propose_caliper((0.0, 0.0), (6.0, 2.0), NARROW)  # 6 rows of 0.5 mm, 2 columns of 2 mm
    assert long_axis_mm(caliper, NARROW) == pytest.approx(5.0, abs=1e-12)


def test_the_proposed_short_axis_is_two_thirds_of_the_long_one_through_its_middle():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    assert short_axis_mm(caliper, SQUARE) == pytest.approx(20.0)
    assert sorted([caliper.short_start, caliper.short_end]) == [(0.0, 15.0), (20.0, 15.0)]


@pytest.mark.parametrize("end", [(40.0, 0.0), (0.0, 10.0), (13.0, -7.0), (-20.0, 3.0)])
def test_the_axes_are_perpendicular_in_millimetres_also_on_narrow_pixels(end):
    caliper = propose_caliper((0.0, 0.0), end, NARROW)
    assert angle_between_deg(caliper, NARROW) == pytest.approx(90.0, abs=1e-4)
    if all(end):
        assert angle_between_deg(caliper, SQUARE) < 89


@pytest.mark.parametrize("handle", list(Handle))
def test_dragging_any_end_keeps_the_axes_perpendicular(handle):
    caliper = propose_caliper((10.0, 10.0), (50.0, 22.0), NARROW)
    moved = move_end(caliper, handle, (33.0, 9.0), NARROW)
    assert angle_between_deg(moved, NARROW) == pytest.approx(90.0, abs=1e-4)


def test_dragging_one_end_of_the_short_axis_moves_only_that_side():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    up = min((Handle.SHORT_START, Handle.SHORT_END), key=lambda handle: caliper.end(handle)[0])
    moved = move_end(caliper, up, (4.0, 15.0), SQUARE)
    assert moved.end(up) == pytest.approx((4.0, 15.0))
    assert short_axis_mm(moved, SQUARE) == pytest.approx(16.0)


def test_dragging_the_short_axis_sideways_slides_its_other_end_along():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    moved = move_end(caliper, Handle.SHORT_START, (caliper.short_start[0], 20.0), SQUARE)
    assert moved.short_end == pytest.approx((caliper.short_end[0], 20.0))


def test_the_short_axis_cannot_leave_the_long_one():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    moved = move_end(caliper, Handle.SHORT_START, (0.0, 99.0), SQUARE)
    assert moved.short_start[1] == pytest.approx(30.0)


def test_the_short_axis_always_crosses_the_long_one():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    up = min((Handle.SHORT_START, Handle.SHORT_END), key=lambda handle: caliper.end(handle)[0])
    moved = move_end(caliper, up, (14.0, 15.0), SQUARE)  # across the long axis
    assert moved.end(up) == pytest.approx((10.0, 15.0))


def test_turning_the_long_axis_keeps_the_length_of_the_short_one():
    caliper = propose_caliper((10.0, 0.0), (10.0, 30.0), SQUARE)
    moved = move_end(caliper, Handle.LONG_END, (40.0, 0.0), SQUARE)
    assert short_axis_mm(moved, SQUARE) == pytest.approx(20.0)
    assert long_axis_mm(moved, SQUARE) == pytest.approx(30.0)


def test_an_end_is_held_only_within_reach():
    caliper = propose_caliper((0.0, 0.0), (0.0, 10.0), NARROW)
    assert nearest_handle(caliper, (2.0, 10.0), NARROW, reach_mm=1.0) is Handle.LONG_END
    assert nearest_handle(caliper, (0.0, 10.6), NARROW, reach_mm=1.0) is None  # 0.6 columns are 1.2 mm


def test_a_line_without_length_has_a_short_axis_without_length():
    caliper = propose_caliper((3.0, 3.0), (3.0, 3.0), SQUARE)
    assert short_axis_mm(caliper, SQUARE) == 0
    assert not math.isnan(move_end(caliper, Handle.SHORT_END, (5.0, 5.0), SQUARE).short_end[0])
