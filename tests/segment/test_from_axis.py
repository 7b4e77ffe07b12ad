"""From a drawn long axis: the truth by formula, whatever the array is made of."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from recist.measure import axes_from_mask
from recist.segment import LesionKind, Segmentation, from_axis

SPACINGS = ((1.0, 0.8, 0.8), (2.5, 0.7, 0.7), (1.25, 0.6, 0.9))


@pytest.mark.parametrize("spacing_mm", SPACINGS, ids=str)
def test_volume_and_long_axis_of_an_ellipsoid_are_those_of_the_formula(draw: Any, spacing_mm: Any) -> None:
    lesion = draw(spacing_mm=spacing_mm)
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    axes = axes_from_mask(found.full_mask(lesion.hu.shape), spacing_mm)
    assert found.is_sure, found.reason
    assert axes.volume_mm3 == pytest.approx(lesion.volume_mm3, rel=0.08)
    assert axes.long_axis_mm == pytest.approx(2 * lesion.half_mm[2], abs=1.5 * max(spacing_mm[1:]))


@pytest.mark.parametrize(
    ("inside", "outside", "kind"),
    [(60, 110, LesionKind.SOFT_TISSUE), (150, 100, LesionKind.SOFT_TISSUE), (30, -850, "lung"), (60, -100, "node")],
)
def test_a_lesion_is_found_in_liver_lung_and_fat(draw: Any, dice: Any, inside: int, outside: int, kind: str) -> None:
    lesion = draw(inside, outside)
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert found.is_sure, found.reason
    assert dice(found.full_mask(lesion.hu.shape), lesion.truth) > 0.95
    assert found.kind == kind


def test_the_dark_core_of_a_necrotic_lesion_belongs_to_it(draw: Any, dice: Any) -> None:
    lesion = draw(105, 55)
    apart = np.stack(np.meshgrid(*(np.arange(n) - (n - 1) / 2 for n in lesion.hu.shape), indexing="ij"))
    core = sum((a / (0.6 * h)) ** 2 for a, h in zip(apart, lesion.half_mm, strict=True)) <= 1
    lesion.hu[core] -= 85
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert dice(found.full_mask(lesion.hu.shape), lesion.truth) > 0.93


def test_a_nodule_on_the_chest_wall_does_not_take_the_wall_with_it(draw: Any) -> None:
    def wall(scene: Any, apart: Any) -> None:
        scene[apart[1] > 7] = 40

    lesion = draw(40, -850, paint=wall)
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    full = found.full_mask(lesion.hu.shape)
    rows = np.arange(lesion.hu.shape[1]) - lesion.centre_px[1]
    in_the_wall = full[:, rows > 9].sum()
    assert in_the_wall < 0.02 * full.sum()


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, np.float64])
def test_the_type_of_the_numbers_does_not_matter(draw: Any, dtype: Any) -> None:
    lesion = draw()
    whole = np.rint(lesion.hu)
    expected = from_axis(whole.astype(np.float32), lesion.spacing_mm, lesion.long_axis)
    found = from_axis(whole.astype(dtype), lesion.spacing_mm, lesion.long_axis)
    assert np.array_equal(found.mask, expected.mask)
    assert found.confidence == expected.confidence


def test_the_image_is_not_changed_and_the_answer_is_the_same_again(draw: Any) -> None:
    lesion = draw()
    before = lesion.hu.copy()
    first, second = (from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis) for _ in range(2))
    assert np.array_equal(lesion.hu, before)
    assert np.array_equal(first.mask, second.mask)
    assert first.offset == second.offset


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_mirrored_image_gives_the_mirrored_lesion(draw: Any, dice: Any, axis: int) -> None:
    lesion = draw()
    full = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis).full_mask(lesion.hu.shape)
    last = lesion.hu.shape[axis] - 1
    ends = [list(end) for end in lesion.long_axis]
    for end in ends:
        end[axis] = last - end[axis]
    mirrored = from_axis(np.flip(lesion.hu, axis), lesion.spacing_mm, (ends[0], ends[1]))
    assert dice(np.flip(mirrored.full_mask(lesion.hu.shape), axis), full) > 0.97


def test_rows_and_columns_may_change_places(draw: Any, dice: Any) -> None:
    lesion = draw(spacing_mm=(2.0, 0.7, 0.9))
    full = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis).full_mask(lesion.hu.shape)
    ends = [(k, c, r) for k, r, c in lesion.long_axis]
    turned = from_axis(lesion.hu.transpose(0, 2, 1), (2.0, 0.9, 0.7), (ends[0], ends[1]))
    back = turned.full_mask(lesion.hu.transpose(0, 2, 1).shape).transpose(0, 2, 1)
    assert dice(back, full) > 0.97


def test_an_offset_of_all_values_changes_nothing_but_the_kind(draw: Any) -> None:
    lesion = draw()
    whole = np.rint(lesion.hu)
    one = from_axis(whole, lesion.spacing_mm, lesion.long_axis)
    other = from_axis(whole + 64, lesion.spacing_mm, lesion.long_axis)
    assert np.mean(one.mask != other.mask) < 0.002


def test_what_lies_far_away_changes_nothing(draw: Any) -> None:
    lesion = draw(size=(61, 70, 70), half_mm=(7.0, 6.0, 9.0))
    one = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    cut = (slice(10, 51), slice(12, 58), slice(11, 59))
    ends = [tuple(p - s.start for p, s in zip(end, cut, strict=True)) for end in lesion.long_axis]
    other = from_axis(lesion.hu[cut], lesion.spacing_mm, (ends[0], ends[1]))
    assert np.array_equal(one.full_mask(lesion.hu.shape)[cut], other.full_mask(lesion.hu[cut].shape))


def test_slices_that_make_no_volume_are_looked_at_one_by_one(draw: Any, dice: Any) -> None:
    lesion = draw()
    k = round(lesion.centre_px[0])
    found = from_axis(lesion.hu, (math.nan, 1.0, 1.0), lesion.long_axis)
    full = found.full_mask(lesion.hu.shape)
    assert found.is_sure, found.reason
    assert np.flatnonzero(full.any(axis=(1, 2))).tolist() == [k]
    assert dice(full[k], lesion.truth[k]) > 0.95


def sizes(found: Segmentation, steps: int) -> list[Segmentation]:
    masks = [found]
    for _ in range(steps):
        masks = [masks[0].shrink(), *masks, masks[-1].grow()]
    return masks


@pytest.mark.parametrize("inside", [60, 95])
def test_every_larger_mask_holds_the_smaller_ones_in_one_piece(draw: Any, inside: int) -> None:
    from scipy import ndimage

    lesion = draw(inside, 110)
    masks = sizes(from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis), 6)
    for small, large in pairwise(masks):
        assert not (small.mask & ~large.mask).any()
    assert all(ndimage.label(found.mask)[1] == 1 for found in masks)
    assert masks[0].mask.sum() < masks[6].mask.sum() < masks[-1].mask.sum()


def test_growing_is_undone_by_shrinking(draw: Any) -> None:
    lesion = draw()
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert np.array_equal(found.grow().grow().shrink().shrink().mask, found.mask)
    assert np.array_equal(found.shrink().grow().mask, found.mask)
    grown = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis, size=2)
    assert np.array_equal(grown.mask, found.grow().grow().mask)


def test_the_wall_runs_on_behind_a_nodule_where_it_is_seen_on_both_sides(draw: Any, dice: Any) -> None:
    def wall(scene: Any, apart: Any) -> None:
        scene[apart[1] > 5] = 40

    lesion = draw(40, -850, paint=wall)
    rows = np.arange(lesion.hu.shape[1]) - lesion.centre_px[1]
    truth = lesion.truth & (rows <= 5)[None, :, None]
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert dice(found.full_mask(lesion.hu.shape), truth) > 0.95
    assert found.signs is not None
    assert found.signs.wall_share > 0.05
