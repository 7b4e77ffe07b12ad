"""Contours of RT structure sets are drawn into the pixels of the slices they lie in, or told."""

import numpy as np
import pydicom
import pytest
from matplotlib.path import Path as MplPath
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RTStructureSetStorage, generate_uid

from recist.dicom.polygon import fill_polygons
from recist.dicom.rtstruct import read_structures
from recist.errors import DicomError, GeometryError
from recist.lesions import lesions_of_mask

ROWS_MM, COLUMNS_MM = 0.8, 0.6


def corners(row, column, n_rows, n_columns):
    """A rectangle around whole pixels, as (row, column) of its corners."""
    top, left = row - 0.5, column - 0.5
    bottom, right = top + n_rows, left + n_columns
    return np.array([(top, left), (top, right), (bottom, right), (bottom, left)])


@pytest.fixture
def write_rt(bench):
    """Write a structure set; each region is (name, [(slice or None, (row, column) corners, changes)])."""

    def write(slices, *regions, frame=None, shift_mm=0.0):
        dataset = pydicom.Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = RTStructureSetStorage
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
        frame = slices[0].FrameOfReferenceUID if frame is None else frame
        dataset.StructureSetROISequence, dataset.ROIContourSequence = [], []
        for number, (name, contours) in enumerate(regions, start=1):
            listed = bench.item(ROINumber=number, ROIName=name, ReferencedFrameOfReferenceUID=frame)
            dataset.StructureSetROISequence.append(listed)
            drawn = [_contour(bench, slices[k], ring, shift_mm, more) for k, ring, more in contours]
            dataset.ROIContourSequence.append(bench.item(ReferencedROINumber=number, ContourSequence=drawn))
        path = bench.folder / "rt.dcm"
        dataset.save_as(path, enforce_file_format=True)
        return path

    return write


def _contour(bench, image, ring, shift_mm, more):
    row_step = np.array(image.ImageOrientationPatient[3:], dtype=float) * ROWS_MM
    column_step = np.array(image.ImageOrientationPatient[:3], dtype=float) * COLUMNS_MM
    normal = np.cross(column_step, row_step) / (ROWS_MM * COLUMNS_MM)
    first = np.array(image.ImagePositionPatient, dtype=float) + normal * shift_mm
    points = first + ring[:, :1] * row_step + ring[:, 1:] * column_step
    made = bench.item(
        ContourGeometricType="CLOSED_PLANAR",
        NumberOfContourPoints=len(ring),
        ContourData=[f"{value:.4f}" for value in points.ravel()],
        ContourImageSequence=[bench.item(ReferencedSOPInstanceUID=image.SOPInstanceUID)],
    )
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


BOX = corners(4, 5, 6, 9)


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"tilt_mm": 0.7},
        {"orientation": (-1, 0, 0, 0, 1, 0)},
        {"orientation": (0.8, 0.6, 0, 0, 0, -1)},
        {"orientation": (0.96, 0, 0.28, 0, 1, 0)},
    ],
    ids=["axial", "tilted", "mirrored", "turned coronal", "oblique"],
)
def test_a_contour_around_whole_pixels_holds_just_these(bench, write_rt, made) -> None:
    slices = bench.make_slices(**made)
    path = write_rt(slices, ("T1", [(k, BOX, {}) for k in (1, 2)]))
    (found,) = read_structures(path, bench.series())
    expected = np.zeros((6, 20, 24), dtype=bool)
    ascending = bench.series().sop_instance_uids
    expected[[ascending.index(slices[k].SOPInstanceUID) for k in (1, 2)], 4:10, 5:14] = True
    np.testing.assert_array_equal(bench.whole(found), expected)
    assert (found.label, found.fault, found.frames_elsewhere) == ("T1", "", 0)


def test_the_same_pixels_are_inside_as_for_matplotlib() -> None:
    random = np.random.default_rng(7)
    centres = np.argwhere(np.ones((40, 50)))
    for n_points in (3, 5, 8, 40, 200):
        angles = np.sort(random.uniform(0, 2 * np.pi, n_points))
        radius = random.uniform(4, 22, n_points)
        ring = np.stack((20 + radius * np.sin(angles), 24 + radius * np.cos(angles)), axis=1)
        theirs = MplPath(np.vstack((ring, ring[:1])), closed=True).contains_points(centres).reshape(40, 50)
        nearest = np.abs(_distances(centres, ring)).reshape(40, 50)
        differ = theirs != fill_polygons([ring], (40, 50))
        assert nearest[differ].max(initial=0) < 0.02


def _distances(points, ring):
    """Distance of each point from the nearest side."""
    ends = np.roll(ring, -1, axis=0)
    along = ends - ring
    share = ((points[:, None] - ring) * along).sum(axis=2) / (along**2).sum(axis=1)
    nearest = ring + np.clip(share, 0, 1)[..., None] * along
    return np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1)


def test_a_contour_through_pixel_centres_holds_them() -> None:
    ring = np.array([(2, 3), (2, 9), (7, 9), (7, 3)], dtype=float)
    for noise in (0, 0.004, -0.004):
        inside = fill_polygons([ring + noise], (12, 12))
        assert inside[2:8, 3:10].all()
        assert inside.sum() == 6 * 7


def test_an_inner_contour_is_a_hole_and_one_within_it_an_island(bench, write_rt) -> None:
    rings = [corners(2, 2, 12, 12), corners(4, 4, 8, 8), corners(7, 7, 2, 2)]
    path = write_rt(bench.make_slices(), ("T1", [(2, ring, {}) for ring in rings]))
    (found,) = read_structures(path, bench.series())
    assert int(found.mask.sum()) == 144 - 64 + 4
    assert found.notes == ()


def test_a_keyhole_is_a_hole(bench, write_rt) -> None:
    outer, inner = corners(2, 2, 12, 12), corners(5, 5, 6, 6)
    ring = np.vstack((outer, outer[:1], inner[:1], inner[::-1]))
    path = write_rt(bench.make_slices(), ("T1", [(2, ring, {})]))
    (found,) = read_structures(path, bench.series())
    assert int(found.mask.sum()) == 144 - 36


def test_a_contour_drawn_twice_does_not_vanish_and_crossing_ones_are_told(bench, write_rt) -> None:
    twice = ("twice", [(2, BOX, {}), (2, BOX[[2, 3, 0, 1]], {})])
    crossing = ("crossing", [(2, corners(2, 2, 6, 6), {}), (2, corners(5, 5, 6, 6), {})])
    first, second = read_structures(write_rt(bench.make_slices(), twice, crossing), bench.series())
    assert int(first.mask.sum()) == 54
    assert "drawn twice" in first.notes[0]
    assert int(second.mask.sum()) == 36 + 36 - 2 * 9
    assert "cross others" in second.notes[0]


def test_contours_on_slices_that_are_not_there_are_counted_and_not_measured(bench, write_rt) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(k, BOX, {}) for k in (1, 2, 3)]))
    (bench.folder / "ct" / "3.dcm").unlink()
    series = bench.series()
    (found,) = read_structures(path, series)
    assert found.frames_elsewhere == 1
    (lesion,) = lesions_of_mask(path, series, "quarter")
    assert lesion.axes is None
    assert "1 of its slices is not in the series" in lesion.reason


@pytest.mark.parametrize(("shift_mm", "elsewhere"), [(0.0, 0), (0.45, 0), (0.55, 1), (1.25, 1)])
def test_a_contour_belongs_to_a_slice_up_to_half_a_millimetre_from_it(bench, write_rt, shift_mm, elsewhere) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(2, BOX, {"ContourImageSequence": []})]), shift_mm=shift_mm)
    (found,) = read_structures(path, bench.series())
    assert found.frames_elsewhere == elsewhere
    assert found.mask.any() == (not elsewhere)


def test_a_contour_that_lies_elsewhere_than_the_image_it_names_is_not_measured(bench, write_rt) -> None:
    slices = bench.make_slices()
    wrong = {"ContourImageSequence": [bench.item(ReferencedSOPInstanceUID=slices[4].SOPInstanceUID)]}
    (found,) = read_structures(write_rt(slices, ("T1", [(2, BOX, wrong)])), bench.series())
    assert "5.00 mm from the image it names" in found.fault


def test_points_and_open_lines_have_no_area_and_say_so(bench, write_rt) -> None:
    point = [(2, np.array([(5.0, 5.0)]), {"ContourGeometricType": "POINT"})]
    mixed = [(2, BOX, {}), (2, BOX, {"ContourGeometricType": "OPEN_PLANAR"})]
    path = write_rt(bench.make_slices(), ("iso", point), ("T1", mixed), ("empty", []))
    iso, lesion, empty = read_structures(path, bench.series())
    assert "no area" in iso.fault
    assert "left out" in lesion.notes[0]
    assert int(lesion.mask.sum()) == 54
    assert empty.fault == "it has no contours"


def test_a_contour_that_reaches_over_the_image_is_cut_short(bench, write_rt) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(2, corners(-3, 5, 6, 9), {})]))
    (found,) = read_structures(path, bench.series())
    assert found.frames_elsewhere == 1


def test_contours_in_every_second_slice_give_axes_and_no_volume(bench, write_rt) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(k, BOX, {}) for k in (0, 2, 4)]))
    (lesion,) = lesions_of_mask(path, bench.series(), "centre")
    assert lesion.axes is not None
    assert lesion.axes.long_axis_mm == pytest.approx(np.hypot(5 * ROWS_MM, 8 * COLUMNS_MM))
    assert np.isnan(lesion.axes.volume_mm3)


def test_a_made_up_frame_of_reference_counts_less_than_the_images_named(bench, write_rt) -> None:
    slices = bench.make_slices()
    named = write_rt(slices, ("T1", [(2, BOX, {})]), frame="1.2.3")
    (found,) = read_structures(named, bench.series())
    assert "FrameOfReferenceUID is not that of the series" in found.notes[0]
    unnamed = write_rt(slices, ("T1", [(2, BOX, {"ContourImageSequence": []})]), frame="1.2.3")
    with pytest.raises(GeometryError, match="FrameOfReferenceUID"):
        read_structures(unnamed, bench.series())


def test_contours_that_nothing_ties_to_the_series_are_refused(bench, write_rt) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(2, BOX, {"ContourImageSequence": []})]), frame="")
    with pytest.raises(GeometryError, match="names no image of the series"):
        read_structures(path, bench.series())


@pytest.mark.parametrize("data", ["1\\2", "1\\x\\3", "1\\2\\1e300"])
def test_coordinates_that_are_no_places_are_refused(bench, write_rt, data) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(2, BOX, {})]))
    dataset = pydicom.dcmread(path)
    contour = dataset.ROIContourSequence[0].ContourSequence[0]
    contour[0x30060050] = pydicom.DataElement(0x30060050, "LO", data.split("\\"), validation_mode=0)
    dataset.save_as(path)
    path.write_bytes(path.read_bytes().replace(b"\x06\x30\x50\x00LO", b"\x06\x30\x50\x00DS"))
    with pytest.raises(DicomError, match=r"rt\.dcm: a contour has coordinates"):
        read_structures(path, bench.series())


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.8, 0.9, 0.97, 0.99])
def test_a_truncated_structure_set_is_refused(bench, write_rt, share) -> None:
    path = write_rt(bench.make_slices(), ("T1", [(2, BOX, {})]))
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(DicomError, match=r"rt\.dcm"):
        list(read_structures(path, bench.series()))


def test_dicom_masks_are_told_apart_by_their_class_not_by_their_name(bench, write_rt) -> None:
    slices = bench.make_slices()
    structures = write_rt(slices, ("gtv", [(2, BOX, {})])).rename(bench.folder / "segmentation.dcm")
    segmentation = bench.write_seg(slices).rename(bench.folder / "rtstruct.dcm")
    series = bench.series()
    assert [lesion.names[0] for lesion in lesions_of_mask(structures, series, "quarter")] == ["gtv"]
    assert [lesion.names[0] for lesion in lesions_of_mask(segmentation, series, "quarter")] == ["T1", "T2"]
    with pytest.raises(DicomError, match="CT Image, not a DICOM segmentation"):
        lesions_of_mask(bench.folder / "ct" / "0.dcm", series, "quarter")
    with pytest.raises(DicomError, match="name the series"):
        lesions_of_mask(structures, None, "quarter")
