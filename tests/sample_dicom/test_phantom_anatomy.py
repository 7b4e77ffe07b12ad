"""Whether the lesions lie where the plan says, and whether tissues have the HU of a portal venous CT."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from sample_dicom import SEED
from sample_dicom.lesions import SITES, draw_mask, find_slices
from sample_dicom.plan import derive_visits, read_plan
from sample_dicom.scene import derive_scene, draw_slice
from sample_dicom.stack import PROTOCOL, derive_stack_visits
from sample_dicom.texture import make_noise

VISITS = {(visit.key, visit.timepoint): visit for visit in derive_visits(read_plan())}
# the visit at which each patient's lesions are largest
LARGEST = [("A", "baseline"), ("B", "followup-2"), ("C", "followup-2"), ("D", "baseline"), ("E", "followup-1"),
           ("E", "followup-2"), ("F", "baseline")]  # fmt: skip


@lru_cache
def find_scene(key, timepoint):
    return derive_scene(VISITS[key, timepoint], SEED)


def strip(scene):
    """Return the scene without lesions and noise."""
    return replace(scene, lesions=(), protocol=replace(scene.protocol, noise_hu=0.0))


@pytest.mark.parametrize(("key", "timepoint"), LARGEST)
def test_every_lesion_lies_wholly_in_its_organ(key, timepoint):
    scene = find_scene(key, timepoint)
    bare = strip(scene)
    for lesion in scene.lesions:
        slices = find_slices(lesion, scene.grid)
        assert slices[0] > 0
        assert slices[-1] < scene.grid.n_slices - 1
        for index in {slices[0], lesion.slice_index, slices[-1]}:
            around = binary_dilation(draw_mask(lesion, scene.grid, index))
            tissue = draw_slice(bare, index)[around]
            low, high = {"liver": (90, 175), "lung": (-945, -700), "lymph node": (-125, -80)}[lesion.planned.site]
            # vessels run through lungs and fat, so a few pixels may be brighter than the tissue
            assert tissue.min() > low
            assert np.percentile(tissue, 85) < high


@pytest.mark.parametrize(("key", "timepoint"), sorted(VISITS))
def test_lesions_do_not_touch_one_another(key, timepoint):
    scene = find_scene(key, timepoint)
    for number, one in enumerate(scene.lesions):
        for other in scene.lesions[:number]:
            apart = float(np.linalg.norm(one.centre_lps - other.centre_lps))
            assert apart > one.outline.reach_mm() + other.outline.reach_mm() + 5


def test_a_lesion_stays_at_its_anatomical_place_while_the_patient_lies_elsewhere():
    for (key, lesion), (place, _) in SITES.items():
        for timepoint in ("baseline", "followup-1", "followup-2"):
            scene = find_scene(key, timepoint)
            found = [placed for placed in scene.lesions if placed.planned.lesion == lesion]
            for placed in found:
                x, y, z = scene.pose.to_atlas(*placed.centre_lps[:, np.newaxis].astype(np.float32))
                # the centre is moved onto the nearest slice plane
                assert np.hypot(x[0] - place[0], y[0] - place[1]) < 0.5
                assert abs(z[0] - place[2]) <= scene.grid.table_step_mm / 2 / scene.pose.scale + 0.01


def test_the_centre_of_a_lesion_lies_on_a_slice_plane():
    for key, timepoint in VISITS:
        scene = find_scene(key, timepoint)
        for lesion in scene.lesions:
            index, row, column = scene.grid.to_pixel(lesion.centre_lps)
            assert index == pytest.approx(lesion.slice_index, abs=1e-9)
            np.testing.assert_allclose(scene.grid.to_lps(lesion.slice_index, row, column), lesion.centre_lps)


def test_tissues_have_the_hu_of_a_portal_venous_ct():
    scene = derive_scene(derive_stack_visits()[0], SEED, PROTOCOL)
    hu = draw_slice(replace(scene, lesions=()), 2)

    def mean_around(x, y):
        middle = scene.pose.to_lps(np.array([[x, y, -63.0]]))[0]
        row, column = scene.grid.to_pixel(middle)[1:].round().astype(int)
        return hu[row - 1 : row + 2, column - 1 : column + 2].mean()

    assert mean_around(-80, -18) == pytest.approx(110, abs=12)  # liver
    assert mean_around(10, 26) == pytest.approx(152, abs=15)  # aorta
    assert mean_around(96, 44) == pytest.approx(124, abs=12)  # spleen
    assert mean_around(31, 79) == pytest.approx(58, abs=15)  # back muscle
    assert hu[:6].mean() == pytest.approx(-1000, abs=3)  # air
    assert np.percentile(hu[hu > 250], 50) > 300  # bone


def test_noise_of_fine_pixels_is_correlated_as_a_soft_kernel_makes_it():
    grid = find_scene("A", "followup-2").grid
    noise = make_noise(np.random.default_rng(1), grid, sharpness=0.36)
    neighbours = np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1]
    assert noise.std() == pytest.approx(1, abs=0.02)
    assert 0.3 < neighbours < 0.8


def test_noise_is_strongest_in_the_middle_of_the_body():
    scene = derive_scene(derive_stack_visits()[0], SEED, PROTOCOL)
    clean = draw_slice(replace(scene, protocol=replace(PROTOCOL, noise_hu=0.0)), 2)
    noise = draw_slice(scene, 2).astype(float) - clean
    assert noise[78:130, 78:130].std() == pytest.approx(PROTOCOL.noise_hu, rel=0.1)
    assert noise[:26, :26].std() < 0.7 * PROTOCOL.noise_hu
