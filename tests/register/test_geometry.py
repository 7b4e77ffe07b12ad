"""However a scan is stored, the same place is found; pixels and millimetres agree."""

import numpy as np
import pytest

from recist.errors import GeometryError
from recist.register import register, same_table_place

FEET_FIRST = np.array([[0, 0, -1.0], [0, -1, 0], [1, 0, 0]])
OBLIQUE = np.array([[0, np.sin(0.2), np.cos(0.2)], [0, np.cos(0.2), -np.sin(0.2)], [1, 0, 0]])
LEANING = np.array([[0, 0, 1.0], [0, np.cos(0.2), np.sin(0.2)], [1, 0, 0]])


def located(baseline, followup, places):
    return register(baseline.hu, baseline.affine, followup.hu, followup.affine).locate(places)


@pytest.mark.parametrize("axes", [FEET_FIRST, OBLIQUE, LEANING], ids=["feet", "oblique", "leaning"])
def test_the_orientation_of_the_stored_slices_does_not_matter(trunk, baseline, scanner, places, axes):
    shift = np.array([8.0, 4.0, -12.0])
    followup = scanner(axes=axes, seed=1).scan(trunk, lambda points: points - shift)
    predictions = located(baseline, followup, places)
    errors = np.linalg.norm([prediction.point_lps for prediction in predictions] - places - shift, axis=1)
    assert np.median(errors) < 1.5
    assert np.quantile(errors, 0.9) < 4.0
    for prediction in predictions:
        back = followup.affine @ (*prediction.point_px, 1.0)
        np.testing.assert_allclose(back[:3], prediction.point_lps, atol=1e-6)


def test_slices_stored_in_reverse_order_give_the_same_places(baseline, same, places):
    reverse = np.diag([-1.0, 1, 1, 1])
    reverse[0, 3] = len(baseline.hu) - 1
    other = register(baseline.hu, baseline.affine, baseline.hu[::-1], baseline.affine @ reverse).locate(places)
    for one, two in zip(same.locate(places), other, strict=True):
        np.testing.assert_allclose(one.point_lps, two.point_lps, atol=0.3)


def test_the_scans_are_left_as_they_are_and_whole_numbers_or_not_makes_no_difference(baseline, same, places):
    before, fractions = baseline.hu.copy(), baseline.hu.astype(np.float32)
    registration = register(fractions, baseline.affine, baseline.hu, baseline.affine)
    np.testing.assert_array_equal(baseline.hu, before)
    np.testing.assert_array_equal(fractions, before)
    assert registration.locate(places) == same.locate(places)


def test_voxels_that_are_no_number_count_as_air(baseline, places):
    holes = baseline.hu.astype(np.float32)
    holes[:, :4] = np.nan
    predictions = register(holes, baseline.affine, baseline.hu, baseline.affine).locate(places)
    errors = np.linalg.norm([prediction.point_lps for prediction in predictions] - places, axis=1)
    assert errors.max() < 2.0


@pytest.mark.parametrize("n_threads", [1, 3])
def test_each_point_is_found_alone_and_always_the_same_with_any_number_of_threads(
    baseline, same, places, n_threads, monkeypatch
):
    together = same.locate(places)
    monkeypatch.setattr("recist.register.threads.count_threads", lambda: n_threads)
    registration = register(baseline.hu, baseline.affine, baseline.hu, baseline.affine)
    assert registration.locate(places[::-1]) == together[::-1]
    assert registration.locate(places[3:4]) == together[3:4]


def test_progress_is_told_to_the_end(baseline):
    told = []
    empty = np.full_like(baseline.hu, -1000)
    register(
        baseline.hu, baseline.affine, empty, baseline.affine, progress=lambda done, total: told.append(done / total)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("affine", [np.full((4, 4), np.nan), np.zeros((4, 4)), np.eye(3)])
def test_a_scan_without_a_place_in_the_patient_is_refused(baseline, affine):
    with pytest.raises(GeometryError, match="follow-up"):
        register(baseline.hu, baseline.affine, baseline.hu, affine)


def test_a_single_slice_is_refused(baseline):
    with pytest.raises(GeometryError, match="no volume"):
        register(baseline.hu[:1], baseline.affine, baseline.hu, baseline.affine)


def test_without_a_volume_only_the_same_place_on_the_table_is_named_and_never_sure():
    positions = [(-100.0, -90.0, level) for level in (10.0, 15.0, 25.0)]
    (place,) = same_table_place([(-80.0, -60.0, 16.0)], positions, (1, 0, 0, 0, 1, 0), (2.0, 0.5))
    assert place.point_px == (1.0, 15.0, 40.0)
    assert place.point_lps == (-80.0, -60.0, 15.0)
    assert not place.is_sure
    assert "table" in place.reason
    with pytest.raises(GeometryError):
        same_table_place([(0, 0, 0)], [(np.nan, 0, 0)], (1, 0, 0, 0, 1, 0), (1.0, 1.0))
