"""Whole label volumes: runs, pieces and 3-D extent, against numpy and scipy."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage
from scipy.spatial.distance import pdist

from recist.measure import axes_from_labels, axes_from_mask
from recist.measure.runs import find_runs

SPACING = (2.5, 0.7, 0.9)


def scattered_labels(seed: int, dtype: str, n_columns: int) -> npt.NDArray[np.integer]:
    rng = np.random.default_rng(seed)
    inside = ndimage.gaussian_filter(rng.normal(size=(6, 23, n_columns)), 1) > 0.05
    labels: npt.NDArray[np.integer] = (inside * rng.integers(1, 5, (6, 23, 1))).astype(dtype)
    return labels


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", ">i2", "u4", "i4", "u8", "i8"])
@pytest.mark.parametrize("n_columns", [1, 8, 31])
def test_runs_drawn_again_give_the_volume_back(dtype: str, n_columns: int) -> None:
    labels = scattered_labels(3, dtype, n_columns)
    runs = find_runs(labels)
    drawn = np.zeros(labels.shape, int)
    for k, label in enumerate(runs.labels):
        for at, row, first, end in runs.places[runs.bounds[k] : runs.bounds[k + 1]]:
            assert not drawn[at, row, first:end].any()
            drawn[at, row, first:end] = label
    assert (drawn == labels).all()
    assert runs.labels.tolist() == sorted(set(labels[labels != 0].tolist()))


def test_a_volume_in_columns_or_with_gaps_between_its_slices_is_measured_the_same() -> None:
    labels = scattered_labels(4, "u2", 31)
    expected = axes_from_labels(labels, SPACING)
    for copy in (np.asfortranarray(labels), np.repeat(labels, 2, axis=0)[::2]):
        assert axes_from_labels(copy, SPACING).equals(expected)


def test_a_label_may_be_any_number_that_fits_its_type() -> None:
    labels = np.zeros((1, 4, 9), np.uint64)
    labels[0, 1:3, 2:6] = 2**40
    table = axes_from_labels(labels, (1, 1, 1), convention="centre")
    assert table["label"].tolist() == [2**40]
    assert table["long_axis_mm"][0] == pytest.approx(math.hypot(1, 3))


@pytest.mark.parametrize("seed", range(12))
def test_pieces_are_counted_as_scipy_counts_them(seed: int) -> None:
    mask = np.random.default_rng(seed).random((5, 14, 17)) < 0.06 * (1 + seed % 4)
    _, expected = ndimage.label(mask, np.ones((3, 3, 3)))
    assert axes_from_mask(mask, SPACING).n_pieces == expected


@pytest.mark.parametrize("seed", range(12))
def test_between_centres_the_diameter_in_3d_is_the_longest_distance_of_any_two_voxels(seed: int) -> None:
    mask = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(7, 14, 17)), 1) > 0.2
    expected = pdist(np.argwhere(mask) * SPACING).max()
    assert axes_from_mask(mask, SPACING, convention="centre").diameter_3d_mm == pytest.approx(expected, abs=1e-9)


def test_on_one_slice_the_diameter_in_3d_is_the_long_axis_and_without_a_volume_there_is_none() -> None:
    mask = np.ones((1, 4, 7))
    assert axes_from_mask(mask, SPACING).diameter_3d_mm == axes_from_mask(mask, SPACING).long_axis_mm
    assert math.isnan(axes_from_mask(np.ones((3, 4, 7)), (math.nan, 1, 1)).diameter_3d_mm)


def test_a_sphere_on_thick_slices_keeps_its_diameter_in_3d() -> None:
    """A 20 mm sphere on 5 mm slices of 0.8 mm pixels; a voxel's own thickness must not be added."""
    at, row, column = np.mgrid[:9, :41, :41].astype(float)
    inside = ((at - 4.2) * 5) ** 2 + ((row - 20) * 0.8) ** 2 + ((column - 20.4) * 0.8) ** 2 <= 10**2
    assert axes_from_mask(inside, (5, 0.8, 0.8)).diameter_3d_mm == pytest.approx(20, abs=0.8)


@pytest.mark.parametrize("seed", range(8))
def test_a_lesion_measures_the_same_mirrored_turned_and_moved(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = ndimage.gaussian_filter(rng.normal(size=(4, 18, 18)), 1.5) > 0.05
    expected = axes_from_mask(mask, (3, 0.8, 0.8))
    for other in (mask[:, ::-1], mask[:, :, ::-1], mask.transpose(0, 2, 1), np.pad(mask, ((1, 0), (5, 2), (3, 9)))):
        found = axes_from_mask(other, (3, 0.8, 0.8))
        assert found.long_axis_mm == pytest.approx(expected.long_axis_mm)
        assert found.short_axis_mm == pytest.approx(expected.short_axis_mm, abs=1e-6)
        assert found.min_feret_mm == pytest.approx(expected.min_feret_mm)
        assert found.diameter_3d_mm == pytest.approx(expected.diameter_3d_mm)


def test_of_equally_long_lines_on_a_slice_the_one_with_the_longest_short_axis_is_the_long_axis() -> None:
    # a square of 7 × 7 pixels has two diagonals; a notch near one corner shortens what is perpendicular to one of them
    mask = np.ones((1, 7, 7))
    mask[0, 1, 0] = mask[0, 0, 1] = mask[0, 1, 1] = 0
    for other in (mask, mask[:, ::-1], mask[:, :, ::-1], mask[:, ::-1, ::-1]):
        found = axes_from_mask(other, (1, 1, 1), convention="centre")
        assert found.long_axis_mm == pytest.approx(math.hypot(6, 6))
        assert found.short_axis_mm == pytest.approx(math.hypot(6, 6), abs=0.01)


def test_two_pieces_on_one_slice_are_measured_from_end_to_end_and_counted() -> None:
    mask = np.zeros((1, 5, 30))
    mask[0, 2, 3:8] = mask[0, 2, 20:27] = 1
    found = axes_from_mask(mask, (1, 1, 1), convention="centre")
    assert (found.n_pieces, found.long_axis_mm) == (2, 23)


def test_a_mask_that_is_not_a_number_somewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        axes_from_mask(np.array([[[1.0, math.nan]]]), (1, 1, 1))
