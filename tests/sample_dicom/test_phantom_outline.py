"""The formula of a lesion's outline against brute force: every pair of points, every chord, every small cube."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from sample_dicom.lesion_outline import LesionOutline
from sample_dicom.plan import LesionShape, read_plan

SIZES = sorted({(row.shape, row.long_axis_mm, row.short_axis_mm) for row in read_plan() if row.is_present})
EXTREMES = [SIZES[0], *(size for size in SIZES if size[0] is LesionShape.IRREGULAR)]


def make_outline(shape, long_mm, short_mm):
    return LesionOutline(long_axis_mm=long_mm, short_axis_mm=short_mm, angle_deg=0.0, shape=shape)


@pytest.mark.parametrize(("shape", "long_mm", "short_mm"), SIZES)
def test_no_two_points_of_the_central_slice_lie_farther_apart_than_the_planned_long_axis(shape, long_mm, short_mm):
    points = make_outline(shape, long_mm, short_mm).outline(720)
    assert pdist(points).max() == pytest.approx(long_mm, abs=0.01)


@pytest.mark.parametrize(("shape", "long_mm", "short_mm"), SIZES)
def test_no_chord_across_the_long_axis_is_longer_than_the_planned_short_axis(shape, long_mm, short_mm):
    lesion = make_outline(shape, long_mm, short_mm)
    u, v = np.meshgrid(np.linspace(-long_mm / 2, long_mm / 2, 121), np.arange(-0.7 * short_mm, 0.7 * short_mm, 0.005))
    inside = lesion.fill(u, v, 0.0) <= 1
    chords = inside.sum(axis=0) * 0.005
    assert chords.max() == pytest.approx(short_mm, abs=0.01)


@pytest.mark.parametrize(("shape", "long_mm", "short_mm"), SIZES)
def test_both_axes_end_on_the_outline_and_cross_at_the_centre(shape, long_mm, short_mm):
    lesion = make_outline(shape, long_mm, short_mm)
    u = np.array([long_mm / 2, -long_mm / 2, 0.0, 0.0])
    v = np.array([0.0, 0.0, short_mm / 2, -short_mm / 2])
    np.testing.assert_allclose(lesion.fill(u, v, 0.0), 1.0, atol=1e-9)


@pytest.mark.parametrize(("shape", "long_mm", "short_mm"), EXTREMES)
def test_the_volume_is_that_of_the_small_cubes_inside(shape, long_mm, short_mm):
    lesion = make_outline(shape, long_mm, short_mm)
    side = long_mm / 120
    along = np.arange(-long_mm / 2 + side / 2, long_mm / 2, side)
    u, v, w = np.meshgrid(along, along, along, indexing="ij", sparse=True)
    volume = np.count_nonzero(lesion.fill(u, v, w) <= 1) * side**3
    assert lesion.volume_mm3() == pytest.approx(volume, rel=0.003)


@pytest.mark.parametrize(("shape", "long_mm", "short_mm"), EXTREMES)
def test_other_slices_show_a_smaller_diameter_than_the_central_one(shape, long_mm, short_mm):
    lesion = make_outline(shape, long_mm, short_mm)
    u, v = np.meshgrid(np.arange(-long_mm / 2, long_mm / 2, 0.25), np.arange(-short_mm, short_mm, 0.25))
    for away in (0.1, 0.2, 0.4, 0.6, 0.8, 0.95):
        inside = lesion.fill(u, v, away * lesion.half_axes_mm[2]) <= 1
        # a slice is point-symmetric: its longest diameter is twice the farthest point
        assert 2 * np.hypot(u, v)[inside].max() < long_mm


def test_an_ellipsoid_of_60_by_40_mm_has_the_volume_of_its_three_half_axes():
    lesion = make_outline(LesionShape.ELLIPSOID, 60.0, 40.0)
    assert lesion.volume_mm3() == pytest.approx(4 / 3 * np.pi * 30 * 20 * 17.2)
