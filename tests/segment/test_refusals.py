"""Where there is no lesion, or none that can be told, the answer is a reason."""

import math
from typing import Any

import numpy as np
import pytest

from recist.segment import from_axis, from_click


def test_a_line_in_even_tissue_is_refused(draw: Any) -> None:
    nothing = draw(60, 60)
    found = from_axis(nothing.hu, nothing.spacing_mm, nothing.long_axis)
    assert not found.is_sure
    assert found.reason


def test_a_click_in_even_tissue_is_refused(draw: Any) -> None:
    nothing = draw(60, 60, noise_hu=15)
    found = from_click(nothing.hu, nothing.spacing_mm, nothing.centre_px)
    assert not found.is_sure
    assert found.reason.endswith(".")


def tube(inside: float) -> Any:
    def paint(scene: Any, apart: Any) -> None:
        scene[np.hypot(apart[1], apart[2]) < 9] = inside

    return paint


@pytest.mark.parametrize(("value", "around"), [(180, 50), (45, -100), (160, -100)])
def test_a_click_in_the_aorta_is_refused_because_it_goes_on(draw: Any, value: int, around: int) -> None:
    vessel = draw(value, around, paint=tube(value), half_mm=(3, 3, 3))
    found = from_click(vessel.hu, vessel.spacing_mm, vessel.centre_px)
    assert not found.is_sure, found.signs


@pytest.mark.parametrize(("value", "words"), [(-1000, "air"), (-900, "air"), (700, "bone")])
def test_a_click_in_air_or_on_bone_says_so(draw: Any, value: int, words: str) -> None:
    place = draw(value, 50, noise_hu=5)
    found = from_click(place.hu, place.spacing_mm, place.centre_px)
    assert not found.is_sure
    assert words in found.reason


def test_a_click_in_the_wall_of_a_bowel_is_refused(draw: Any) -> None:
    def bowel(scene: Any, apart: Any) -> None:
        from_lumen = np.hypot(apart[1] + 12, apart[2])
        scene[from_lumen < 14] = 60
        scene[from_lumen < 10] = -900

    wall = draw(60, -100, paint=bowel, half_mm=(0.5, 0.5, 0.5))
    assert not from_click(wall.hu, wall.spacing_mm, wall.centre_px).is_sure


@pytest.mark.parametrize("missing", [math.nan, -2000.0, -3024.0])
def test_where_there_is_no_value_there_is_no_lesion(draw: Any, missing: float) -> None:
    lesion = draw()
    lesion.hu[:, :, 20:32] = missing
    clicked = from_click(lesion.hu, lesion.spacing_mm, lesion.centre_px)
    drawn = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert "no value" in clicked.reason
    assert not clicked.is_sure
    assert not drawn.is_sure


def test_a_volume_without_any_value_is_refused() -> None:
    empty = np.full((9, 30, 30), np.nan, dtype=np.float32)
    found = from_axis(empty, (1, 1, 1), ((4, 15, 8), (4, 15, 22)))
    assert not found.is_sure
    assert not found.mask.any()


@pytest.mark.parametrize("centre_px", [(2.0, 23.5, 25.5), (20.0, 5.0, 25.5)])
def test_a_lesion_cut_by_the_end_of_the_image_is_not_sure(draw: Any, centre_px: Any) -> None:
    lesion = draw(centre_px=centre_px)
    found = from_axis(lesion.hu, lesion.spacing_mm, lesion.long_axis)
    assert not found.is_sure
    assert "end of the image" in found.reason


def test_a_click_at_the_edge_of_the_image_is_refused(draw: Any) -> None:
    lesion = draw()
    assert not from_click(lesion.hu, lesion.spacing_mm, (20, 1, 20)).is_sure


def test_a_line_far_longer_than_the_lesion_is_not_sure(draw: Any) -> None:
    lesion = draw(half_mm=(5, 5, 6), size=(61, 70, 70))
    k, r, c = lesion.centre_px
    assert not from_axis(lesion.hu, lesion.spacing_mm, ((k, r, c - 20), (k, r, c + 20))).is_sure


def test_a_line_of_two_pixels_is_too_short(draw: Any) -> None:
    lesion = draw()
    found = from_axis(lesion.hu, lesion.spacing_mm, ((20, 20, 20), (20, 20, 22)))
    assert "too short" in found.reason


@pytest.mark.parametrize(
    ("shape", "spacing", "seed"),
    [
        ((30, 30), (1, 1, 1), (1, 1, 1)),
        ((9, 30, 30), (1, 0, 1), (4, 15, 15)),
        ((9, 30, 30), (-1, 1, 1), (4, 15, 15)),
        ((9, 30, 30), (1, 1, math.nan), (4, 15, 15)),
        ((9, 30, 30), (1, 1, 1), (9, 15, 15)),
        ((9, 30, 30), (1, 1, 1), (4, math.nan, 15)),
    ],
)
def test_arguments_that_make_no_sense_are_errors(shape: Any, spacing: Any, seed: Any) -> None:
    with pytest.raises(ValueError, match=r"image|spacing"):
        from_click(np.zeros(shape), spacing, seed)


def test_an_unknown_kind_and_an_image_of_text_are_errors() -> None:
    with pytest.raises(ValueError, match="brain"):
        from_click(np.zeros((9, 30, 30)), (1, 1, 1), (4, 15, 15), kind="brain")
    with pytest.raises(ValueError, match="numbers"):
        from_click(np.full((9, 30, 30), "a"), (1, 1, 1), (4, 15, 15))
