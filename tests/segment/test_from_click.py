"""From one click: what the drawn axis gives, or a refusal."""

import math
from typing import Any

import numpy as np
import pytest

from recist.segment import from_axis, from_click


@pytest.mark.parametrize(("inside", "outside"), [(60, 110), (150, 100), (30, -850), (60, -100)])
@pytest.mark.parametrize("aside", [(0, 0, 0), (1, 2, -4), (-2, -2, 3)], ids=str)
def test_a_click_finds_what_the_drawn_axis_finds(draw: Any, dice: Any, inside: int, outside: int, aside: Any) -> None:
    lesion = draw(inside, outside)
    seed = tuple(c + a for c, a in zip(lesion.centre_px, aside, strict=True))
    clicked = from_click(lesion.hu, lesion.spacing_mm, seed).full_mask(lesion.hu.shape)
    drawn = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis).full_mask(lesion.hu.shape)
    assert dice(clicked, lesion.truth) > dice(drawn, lesion.truth) - 0.03


def test_a_click_works_on_a_single_slice(draw: Any, dice: Any) -> None:
    lesion = draw(30, -850)
    k = round(lesion.centre_px[0])
    found = from_click(lesion.hu, (math.nan, 1, 1), lesion.centre_px)
    assert dice(found.full_mask(lesion.hu.shape)[k], lesion.truth[k]) > 0.95


def test_a_lesion_of_another_kind_than_asked_for_is_not_sure(draw: Any) -> None:
    lesion = draw(60, 110)
    found = from_click(lesion.hu, lesion.spacing_mm, lesion.centre_px, kind="lung")
    assert not found.is_sure
    assert found.reason


def test_a_size_asked_for_is_that_of_growing(draw: Any) -> None:
    lesion = draw(30, -850)
    found = from_click(lesion.hu, lesion.spacing_mm, lesion.centre_px)
    larger = from_click(lesion.hu, lesion.spacing_mm, lesion.centre_px, size=1)
    assert np.array_equal(found.grow().mask, larger.mask)


@pytest.mark.parametrize(("rim", "core", "around"), [(105, 20, 55), (-530, 40, -850)], ids=["necrotic", "part-solid"])
def test_a_click_into_a_core_with_a_rim_is_never_sure(draw: Any, rim: int, core: int, around: int) -> None:
    lesion = draw(rim, around)
    apart = np.stack(np.meshgrid(*(np.arange(n) - (n - 1) / 2 for n in lesion.hu.shape), indexing="ij"))
    inner = sum((a / (0.6 * h)) ** 2 for a, h in zip(apart, lesion.half_mm, strict=True)) <= 1
    lesion.hu[inner] += core - rim
    found = from_click(lesion.hu, lesion.spacing_mm, lesion.centre_px)
    full = found.full_mask(lesion.hu.shape)
    holds_the_whole = full.sum() > 0.85 * lesion.truth.sum()
    assert holds_the_whole or not found.is_sure
