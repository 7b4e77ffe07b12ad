"""Label images are measured where it is certain how they lie, alone or on their series."""

import gzip
import struct

import numpy as np
import pytest
import SimpleITK as sitk

from recist.errors import DicomError, GeometryError
from recist.lesions import lesions_of_mask

ENDINGS = ("nii", "nii.gz", "nrrd", "mha")


def make_image(labels, *, first=(-10.0, -20.0, 100.0), step_mm=2.5):
    image = sitk.GetImageFromArray(labels)
    image.SetSpacing((0.6, 0.8, step_mm))
    image.SetOrigin(first)
    return image


@pytest.fixture
def labels():
    made = np.zeros((6, 20, 24), dtype=np.uint8)
    made[1:4, 3:9, 4:12] = 1
    made[4, 12:14, 15:20] = 7
    return made


@pytest.fixture
def write(tmp_path):
    def save(image, name="mask.nii.gz"):
        sitk.WriteImage(image, str(tmp_path / name))
        return tmp_path / name

    return save


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_label_is_measured_with_the_spacing_of_its_file(write, labels, ending) -> None:
    first, second = lesions_of_mask(write(make_image(labels), f"mask.{ending}"), None, "centre")
    assert (first.names, second.names) == (("1",), ("7",))
    assert first.axes.long_axis_mm == pytest.approx(np.hypot(5 * 0.8, 7 * 0.6))
    assert first.axes.volume_mm3 == pytest.approx(3 * 6 * 8 * 0.6 * 0.8 * 2.5)
    assert (second.axes.slice_index, second.thickness_mm) == (4, pytest.approx(2.5))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "turn",
    [
        lambda image: image,
        lambda image: sitk.Flip(image, (True, False, False)),
        lambda image: sitk.Flip(image, (False, True, True)),
        lambda image: sitk.PermuteAxes(image, (2, 0, 1)),
        lambda image: sitk.DICOMOrient(image, "RAS"),
        lambda image: image[2:22, 1:18, 0:5],
    ],
    ids=["as it is", "mirrored", "reversed", "permuted", "RAS", "cut"],
)
def test_a_label_image_is_laid_on_the_slices_of_its_series_however_it_is_stored(
    bench, write, labels, turn, ending
) -> None:
    bench.make_slices()
    series = bench.series()
    path = write(turn(make_image(labels)), f"mask.{ending}")
    first, second = lesions_of_mask(path, series, "centre")
    assert first.axes.long_axis_mm == pytest.approx(np.hypot(5 * 0.8, 7 * 0.6))
    assert second.axes.slice_index == 4
    rows = {row for row, _ in second.axes.long_axis_px}
    columns = {column for _, column in second.axes.long_axis_px}
    assert (rows, columns) == ({12, 13}, {15, 19})


def test_a_label_image_on_another_grid_is_refused_or_carried_over_when_asked(bench, write, labels) -> None:
    bench.make_slices()
    path = write(make_image(labels, first=(-9.8, -20.0, 100.0)))
    with pytest.raises(GeometryError, match="shifted against that of the series"):
        lesions_of_mask(path, bench.series(), "centre")
    first = next(iter(lesions_of_mask(path, bench.series(), "centre", resample=True)))
    assert first.axes is not None
    assert "resampled" in first.notes[-1]


def test_a_label_on_slices_that_the_series_does_not_have_is_not_measured(bench, write, labels) -> None:
    bench.make_slices(n_slices=3)
    first, second = lesions_of_mask(write(make_image(labels)), bench.series(), "centre")
    assert first.axes is None
    assert "1 of its slices is not in the series" in first.reason
    assert second.axes is None


def test_segments_of_slicer_have_names_sites_and_may_overlap(tmp_path) -> None:
    layers = np.zeros((4, 10, 12, 2), dtype=np.uint8)
    layers[1, 2:6, 2:9, 0] = 1
    layers[1, 4:8, 4:9, 1] = 2
    region = "TerminologyEntry:any list~SCT^49755003^Lesion~SCT^4147007^Mass~^^~any~SCT^10200004^Liver~^^|"
    fields = [
        *("Segment0_ID:=Segment_1", "Segment0_Name:=T1", "Segment0_LabelValue:=1", "Segment0_Layer:=0"),
        *("Segment1_ID:=Segment_2", "Segment1_Name:=T2", "Segment1_LabelValue:=2", "Segment1_Layer:=1"),
        f"Segment0_Tags:={region}",
    ]
    head = (
        "NRRD0004\ntype: unsigned char\ndimension: 4\nspace: left-posterior-superior\nsizes: 2 12 10 4\n"
        "space directions: none (0.6,0,0) (0,0.8,0) (0,0,2.5)\nkinds: list domain domain domain\nencoding: raw\n"
        "space origin: (0,0,0)\n" + "\n".join(fields) + "\n\n"
    )
    path = tmp_path / "lesions.seg.nrrd"
    path.write_bytes(head.encode() + layers.tobytes())
    first, second = lesions_of_mask(path, None, "centre")
    assert (first.names, first.site) == (("T1", "Segment_1", "1"), "liver")
    assert (second.names, second.site) == (("T2", "Segment_2", "2"), "")
    assert (first.axes.n_voxels, second.axes.n_voxels) == (28, 20)


def change_nifti(path, offset, form, *values):
    raw = bytearray(gzip.decompress(path.read_bytes()))
    struct.pack_into(form, raw, offset, *values)
    path.write_bytes(gzip.compress(bytes(raw)))
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((252, "<2h", 0, 0), "does not say how its slices lie"),
        ((268, "<f", 50.0), "qform and its sform lie up to"),
        ((123, "<B", 1), "not the millimetre"),
        ((108, "<f", 1e9), "beyond all measure"),
        ((42, "<3h", 32000, 32000, 32000), "more than 536870912"),
        ((0, "<i", 540), "no NIfTI-1 file"),
    ],
)
def test_a_nifti_file_whose_place_or_size_is_not_certain_is_refused(write, labels, change, words) -> None:
    path = change_nifti(write(make_image(labels)), *change)
    with pytest.raises(DicomError, match=words) as fault:
        lesions_of_mask(path, None, "centre")
    assert str(fault.value).startswith("mask.nii.gz: ")


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.full((3, 4, 5), 0.5, dtype=np.float32), "not whole numbers"),
        (np.full((3, 4, 5), -1000, dtype=np.int16), "negative numbers"),
        (np.full((3, 4, 5), 70000, dtype=np.int32), "up to 70000"),
    ],
)
def test_images_that_hold_no_labels_are_refused(write, array, words) -> None:
    with pytest.raises(DicomError, match=words):
        lesions_of_mask(write(make_image(array)), None, "centre")


AXES = "space: left-posterior-superior\nsizes: 5 4 3\nspace directions: (1,0,0) (0,1,0) (0,0,2)\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("sizes: 5 4 3\nspacings: 1 1 1", "does not say how its slices lie"),
        (AXES.replace("(0,0,2)", "(0,0.4,2)").strip(), "right angles"),
        (AXES + 'space units: "cm" "cm" "cm"', "not the millimetre"),
        (AXES + "data file: ../secret.raw", "other folders"),
    ],
)
def test_an_nrrd_file_whose_place_is_not_certain_is_refused(tmp_path, lines, words) -> None:
    path = tmp_path / "mask.nrrd"
    path.write_bytes(f"NRRD0004\ntype: uint8\ndimension: 3\n{lines}\nencoding: raw\n\n".encode() + bytes(60))
    with pytest.raises(DicomError, match=words):
        lesions_of_mask(path, None, "centre")


def test_slices_that_are_not_axial_are_refused_without_a_series(write, labels) -> None:
    path = write(sitk.PermuteAxes(make_image(labels), (2, 0, 1)))
    with pytest.raises(GeometryError, match="not axial"):
        lesions_of_mask(path, None, "centre")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_label_image_that_is_cut_short_is_refused(write, labels, ending, share) -> None:
    path = write(make_image(labels), f"mask.{ending}")
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(DicomError, match=rf"mask\.{ending}"):
        list(lesions_of_mask(path, None, "centre"))


def test_a_packed_label_image_with_fewer_voxels_than_announced_is_refused(write, labels) -> None:
    path = write(make_image(labels))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:2000]))
    with pytest.raises(DicomError, match="fewer voxels than it announces"):
        lesions_of_mask(path, None, "centre")
