"""What napari is given to draw."""

from dataclasses import replace

import numpy as np
import pytest

from viewer.layers import PADDING_HU, display_hu, image_options, layer_scale
from viewer.places import edge_letters
from viewer.windows import WINDOW_PRESETS


def test_a_regular_series_is_drawn_in_its_true_scale_in_millimetres(read_item):
    series, _ = read_item()
    options = image_options(series, WINDOW_PRESETS[0])
    assert options["scale"] == (5.0, 0.7, 0.9)
    assert options["units"] == "mm"
    assert options["contrast_limits"] == (-160, 240)
    assert options["metadata"]["series"] is series
    assert "P01" not in options["name"]


def test_a_tilted_series_keeps_its_true_scale_in_plane(read_item):
    assert layer_scale(read_item("tilted")[0])[1:] == (0.7, 0.9)


def test_a_series_without_pixel_spacing_is_drawn_in_pixels(read_item):
    options = image_options(read_item("no spacing")[0], WINDOW_PRESETS[0])
    assert options["units"] == "pixel"
    assert options["scale"][1:] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("soft tissue", (-160, 240)),
        ("lung", (-1350, 150)),
        ("liver", (15, 165)),
        ("bone", (-770, 1730)),
        ("brain", (0, 80)),
    ],
)
def test_window_presets_show_their_width_around_their_centre(name, limits):
    preset = next(one for one in WINDOW_PRESETS if one.name == name)
    assert preset.limits_hu == limits


def test_padding_is_black_in_every_window_and_never_tissue(read_item):
    series, _ = read_item()
    padding = np.zeros(series.hu.shape, dtype=bool)
    padding[:, 0] = True
    shown = display_hu(replace(series, padding=padding))
    assert (shown[:, 0] == PADDING_HU).all()
    assert (shown[:, 1:] == series.hu[:, 1:]).all()
    assert min(preset.limits_hu[0] for preset in WINDOW_PRESETS) > PADDING_HU


@pytest.mark.parametrize(
    ("orientation", "letters"),
    [
        ([1, 0, 0, 0, 1, 0], ("R", "L", "A", "P")),  # supine, axial: the patient's right is on the reader's left
        ([-1, 0, 0, 0, -1, 0], ("L", "R", "P", "A")),  # prone
        ([1, 0, 0, 0, 0, -1], ("R", "L", "S", "I")),  # coronal
        ([0, 1, 0, 0, 0, -1], ("A", "P", "S", "I")),  # sagittal
        ([np.nan] * 6, ("", "", "", "")),
    ],
)
def test_the_letters_name_the_sides_of_the_patient(orientation, letters):
    assert edge_letters(np.array(orientation, dtype=float)) == letters
