"""The files: valid DICOM, and the geometry that other programs read from them."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
import SimpleITK
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist

from sample_dicom import SEED, committed_slices
from sample_dicom.ct_files import make_ct
from sample_dicom.plan import derive_visits, read_plan
from sample_dicom.protocols import PROTOCOLS, Coding
from sample_dicom.scene import derive_scene, draw_slice
from sample_dicom.series import write_visit
from sample_dicom.stack import make_stack

VISITS = {(visit.key, visit.timepoint): visit for visit in derive_visits(read_plan())}
# The validator exists for Debian only, where set-up installs it; a continuous build must have it and never skips.


def keep_lesion(key, timepoint, lesion):
    visit = VISITS[key, timepoint]
    return replace(visit, lesions=tuple(one for one in visit.lesions if one.lesion == lesion))


def ct_files(folder):
    return sorted(folder.glob("dicom/*/*/ct/*"))


def read_stack(folder):
    """Return the series' data sets, ordered along the normal of the slices."""
    series = [pydicom.dcmread(path) for path in ct_files(folder)]
    cosines = np.array(series[0].ImageOrientationPatient, float)
    normal = np.cross(cosines[:3], cosines[3:])
    return sorted(series, key=lambda one: np.dot(normal, np.array(one.ImagePositionPatient, float)))


def read_masks(segmentation):
    """Return the pixels and the referenced image of each frame, by segment label."""
    labels = {item.SegmentNumber: item.SegmentLabel for item in segmentation.SegmentSequence}
    shared = segmentation.SharedFunctionalGroupsSequence[0]
    frames = segmentation.pixel_array.reshape(-1, segmentation.Rows, segmentation.Columns)
    masks = {label: {} for label in labels.values()}
    for pixels, groups in zip(frames, segmentation.PerFrameFunctionalGroupsSequence, strict=True):
        named = groups if "SegmentIdentificationSequence" in groups else shared
        label = labels[named.SegmentIdentificationSequence[0].ReferencedSegmentNumber]
        source = groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        position = groups.PlanePositionSequence[0].ImagePositionPatient
        masks[label][source] = (pixels.astype(bool), np.array(position, float))
    return masks


@pytest.fixture(scope="module")
def tilted(tmp_path_factory):
    """A few slices of the tilted series around its new lesion."""
    folder = tmp_path_factory.mktemp("tilted")
    protocol = replace(PROTOCOLS["E", "followup-1"], range_mm=(50.0, 74.0))
    write_visit(folder, keep_lesion("E", "followup-1", "N1"), SEED, lambda: None, protocol)
    return folder


@pytest.fixture(scope="module")
def fine(tmp_path_factory):
    """The node of the patient scanned with fine pixels."""
    folder = tmp_path_factory.mktemp("fine")
    protocol = replace(PROTOCOLS["A", "followup-1"], range_mm=(-128.0, -110.0))
    _, truth = write_visit(folder, keep_lesion("A", "followup-1", "T3"), SEED, lambda: None, protocol)
    return folder, truth[0]


def test_every_file_is_valid_dicom(tilted, fine):
    assert shutil.which("dciodvfy"), "dciodvfy is missing; install Debian's package dicom3tools, as tools/setup does"
    files = [path for folder in (tilted, fine[0], committed_slices()) for path in folder.glob("dicom/*/*/**/*")]
    for path in filter(Path.is_file, files):
        checked = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert "Error" not in checked.stderr


@pytest.mark.parametrize(("key", "coding"), [("B", Coding.JPEG_LS), ("F", Coding.RLE), ("C", Coding.RAW)])
def test_stored_pixels_give_back_the_drawn_hu_and_pad_outside_the_round_field(key, coding):
    timepoint = next(point for (who, point), protocol in PROTOCOLS.items() if (who, protocol.coding) == (key, coding))
    scene = derive_scene(VISITS[key, timepoint], SEED)
    hu = draw_slice(scene, 5)
    dataset = make_ct(scene, 5, hu)
    read_hu = dataset.pixel_array.astype(int) * int(dataset.RescaleSlope) + int(dataset.RescaleIntercept)
    padded = dataset.pixel_array == dataset.get("PixelPaddingValue", -99999)
    np.testing.assert_array_equal(read_hu[~padded], hu[~padded])
    assert padded[0, 0] == (key == "B")
    assert not padded[40:150, 40:150].any()


def test_the_tilted_series_is_sheared_by_the_tangent_of_its_tilt(tilted):
    series = read_stack(tilted)
    positions = np.array([one.ImagePositionPatient for one in series], float)
    cosines = np.array(series[0].ImageOrientationPatient, float)
    normal = np.cross(cosines[:3], cosines[3:])
    step = np.diff(positions, axis=0)[0]
    drift = step - normal * (normal @ step)
    assert float(series[0].GantryDetectorTilt) == 12
    assert np.linalg.norm(drift) / (normal @ step) == pytest.approx(np.tan(np.radians(12)), abs=1e-6)
    assert normal @ step == pytest.approx(3.0, abs=1e-6)


def test_each_frame_of_the_tilted_segmentation_lies_on_the_plane_of_its_image(tilted):
    positions = {one.SOPInstanceUID: np.array(one.ImagePositionPatient, float) for one in read_stack(tilted)}
    segmentation = pydicom.dcmread(next(tilted.glob("dicom/*/*/*.seg.dcm")))
    frames = read_masks(segmentation)["N1"]
    assert len(frames) >= 3
    for source, (_, position) in frames.items():
        np.testing.assert_allclose(position, positions[source], atol=1e-6)


def test_a_lesion_of_the_tilted_series_has_its_true_volume(tilted):
    # 15 × 12 × 10.32 mm ellipsoid: 4/3·π·7.5·6·5.16 mm³
    segmentation = pydicom.dcmread(next(tilted.glob("dicom/*/*/*.seg.dcm")))
    n_pixels = sum(mask.sum() for mask, _ in read_masks(segmentation)["N1"].values())
    assert n_pixels * 1.5625**2 * 3.0 == pytest.approx(4 / 3 * np.pi * 7.5 * 6 * 5.16, rel=0.06)


def test_the_longest_diameter_of_the_mask_falls_short_of_the_truth_by_less_than_a_pixel(fine):
    folder, truth = fine
    segmentation = pydicom.dcmread(next(folder.glob("dicom/*/*/*.seg.dcm")))
    mask, _ = read_masks(segmentation)["T3"][truth["sop_instance_uid"]]
    points = np.argwhere(mask) * 0.703125
    longest = pdist(points[ConvexHull(points).vertices]).max()
    assert 18.0 - 0.703125 < longest <= 18.0


def test_the_true_axes_have_the_planned_length_in_millimetres(fine):
    _, truth = fine
    ends = {name: float(truth[name]) for name in ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")}
    long_axis = np.hypot(ends["x2"] - ends["x1"], ends["y2"] - ends["y1"]) * 0.703125
    short_axis = np.hypot(ends["x4"] - ends["x3"], ends["y4"] - ends["y3"]) * 0.703125
    assert (long_axis, short_axis) == pytest.approx((18.0, 12.0), abs=0.001)


def test_simpleitk_finds_the_spacing_and_the_lesion_where_the_truth_says(fine):
    folder, truth = fine
    reader = SimpleITK.ImageSeriesReader()
    names = reader.GetGDCMSeriesFileNames(str(ct_files(folder)[0].parent))
    reader.SetFileNames(names)
    volume = reader.Execute()
    assert volume.GetSpacing() == pytest.approx((0.703125, 0.703125, 1.25), abs=1e-5)
    centre = [float(truth[f"centre_{axis}_lps"]) for axis in "xyz"]
    column, row, level = volume.TransformPhysicalPointToContinuousIndex(centre)
    assert level == pytest.approx(int(truth["slice_index"]), abs=0.001)
    assert column == pytest.approx((float(truth["x1"]) + float(truth["x2"])) / 2, abs=0.001)
    node = SimpleITK.GetArrayFromImage(volume)[round(level), round(row) - 3 : round(row) + 4, round(column) - 3 :][
        :, :7
    ]
    assert node.mean() == pytest.approx(84, abs=20)
    assert SimpleITK.GetArrayFromImage(volume).max() <= 3071


def test_instances_are_numbered_from_the_head_down_except_where_reversed():
    for (key, timepoint), upwards in ((("A", "baseline"), False), (("D", "baseline"), True)):
        scene = derive_scene(VISITS[key, timepoint], SEED)
        blank = np.zeros((scene.grid.rows, scene.grid.columns), np.int16)
        low, high = make_ct(scene, 0, blank), make_ct(scene, 1, blank)
        assert (int(high.InstanceNumber) > int(low.InstanceNumber)) == upwards


def test_the_committed_slices_are_what_the_generator_draws(tmp_path):
    made = make_stack(tmp_path)
    kept = committed_slices()
    assert [path.relative_to(made) for path in ct_files(made)] == [path.relative_to(kept) for path in ct_files(kept)]
    for new, old in zip(ct_files(made), ct_files(kept), strict=True):
        drawn, stored = pydicom.dcmread(new), pydicom.dcmread(old)
        # processors round the last bit of a sine differently
        assert np.abs(drawn.pixel_array.astype(int) - stored.pixel_array).max() <= 1
        del drawn.PixelData, stored.PixelData
        assert drawn == stored
    for table in ("manifest.csv", "truth.csv"):
        pd.testing.assert_frame_equal(pd.read_csv(made / table), pd.read_csv(kept / table))
    for new, old in zip(
        sorted(made.glob("dicom/*/*/*.seg.dcm")), sorted(kept.glob("dicom/*/*/*.seg.dcm")), strict=True
    ):
        np.testing.assert_array_equal(pydicom.dcmread(new).pixel_array, pydicom.dcmread(old).pixel_array)


def test_the_committed_slices_are_small():
    assert sum(path.stat().st_size for path in committed_slices().rglob("*") if path.is_file()) < 2_000_000
