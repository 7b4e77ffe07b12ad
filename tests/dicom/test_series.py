"""One series in Hounsfield units: values, order, geometry, and what is refused."""

import datetime
import math

import numpy as np
import pytest

from recist.dicom.geometry import GeometryClass
from recist.dicom.series import read_series
from recist.errors import DicomError, GeometryError, UsageError


def heights(*values):
    return [(0.0, 0.0, value) for value in values]


def test_a_regular_series_is_a_volume_in_hounsfield_units(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 2.5, 5), PixelSpacing=[0.7, 0.9], SliceThickness=3)
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.REGULAR,)
    assert series.hu.dtype == np.int16
    assert series.hu.shape == (3, 4, 5)
    assert [int(slice_[0, 0]) for slice_ in series.hu] == [-1024, -1023, -1022]
    assert series.spacing_mm == pytest.approx((2.5, 0.7, 0.9))
    assert series.pixel_spacing_mm == (0.7, 0.9)


def test_slices_stored_from_head_to_foot_ascend_along_the_normal(tmp_path, write_stack):
    written = write_stack(tmp_path, heights(5, 2.5, 0))
    series = read_series(tmp_path)
    assert series.positions_lps[:, 2].tolist() == [0, 2.5, 5]
    assert series.hu[:, 0, 0].tolist() == [-1022, -1023, -1024]
    assert series.sop_instance_uids == tuple(str(each.SOPInstanceUID) for each in reversed(written))
    assert series.slice_index(written[0].SOPInstanceUID) == 2


def test_the_affine_leads_from_slice_row_column_to_the_patient_and_back(tmp_path, write_stack):
    write_stack(tmp_path, [(10.0, 20.0, 30.0 + 2.5 * index) for index in range(3)], PixelSpacing=[0.7, 0.9])
    affine = read_series(tmp_path).affine
    # slice 2, row 1, column 3: z + 2 x 2.5, y + 0.7 (down a column), x + 3 x 0.9 (along a row)
    assert affine @ (2, 1, 3, 1) == pytest.approx([12.7, 20.7, 35, 1])
    assert np.linalg.inv(affine) @ (12.7, 20.7, 35, 1) == pytest.approx([2, 1, 3, 1])


def test_the_plane_of_a_slice_gives_the_same_place_as_the_affine(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 2.5, 5), PixelSpacing=[0.7, 0.9])
    series = read_series(tmp_path)
    assert series.plane(1).to_lps((2, 3)) == pytest.approx((series.affine @ (1, 2, 3, 1))[:3])


@pytest.mark.parametrize("degrees", [2, 15])
def test_a_tilted_series_keeps_its_lengths_within_a_slice_and_refuses_a_volume(tmp_path, write_stack, degrees):
    turn = math.radians(degrees)
    direction = [1, 0, 0, 0, round(math.cos(turn), 8), round(-math.sin(turn), 8)]
    write_stack(tmp_path, heights(0, 5, 10, 15), ImageOrientationPatient=direction)
    series = read_series(tmp_path)
    assert series.can_measure_in_plane
    assert series.require_in_plane() == (0.5, 0.5)
    assert not series.can_make_volume
    for ask in (lambda: series.spacing_mm, lambda: series.affine, series.require_volume):
        with pytest.raises(GeometryError, match=r"tilted.*lengths within one slice remain valid\.$"):
            ask()


def test_missing_slices_are_counted_in_the_refusal(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10, 25))
    series = read_series(tmp_path)
    assert series.slice_spacing_mm is None
    with pytest.raises(GeometryError, match=r"slices are missing \(2\)"):
        series.require_volume()


def test_without_pixel_spacing_no_millimetre_is_given(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10), PixelSpacing=None)
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.NO_PIXEL_SPACING,)
    with pytest.raises(GeometryError, match="no pixel spacing"):
        series.require_in_plane()


def test_a_localizer_gives_no_millimetre(tmp_path, write_ct):
    write_ct(tmp_path / "scout.dcm", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    with pytest.raises(GeometryError, match="localizer"):
        read_series(tmp_path).require_in_plane()


def test_without_positions_lengths_stay_true_and_the_place_is_refused(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5), ImagePositionPatient=None)
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.NO_GEOMETRY,)
    assert series.can_measure_in_plane
    with pytest.raises(GeometryError, match="do not say where they lie"):
        series.plane(0)


def test_slices_of_two_orientations_keep_their_own_planes(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", ImagePositionPatient=[0, 0, 0])
    write_ct(tmp_path / "b.dcm", ImagePositionPatient=[0, 0, 9], ImageOrientationPatient=[1, 0, 0, 0, 0, -1])
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.MIXED_ORIENTATION,)
    assert series.plane(0).to_lps((2, 0)) == pytest.approx([0, 1, 0])
    assert series.plane(1).to_lps((2, 0)) == pytest.approx([0, 0, 8])


def test_every_slice_is_rescaled_by_its_own_slope_and_intercept(tmp_path, write_ct):
    stored = np.full((4, 5), 100, dtype=np.int16)
    write_ct(tmp_path / "a.dcm", stored, ImagePositionPatient=[0, 0, 0], RescaleSlope=1, RescaleIntercept=-1024)
    write_ct(tmp_path / "b.dcm", stored, ImagePositionPatient=[0, 0, 5], RescaleSlope=2, RescaleIntercept=0)
    series = read_series(tmp_path)
    assert series.hu[:, 0, 0].tolist() == [-924, 200]
    assert series.hu.dtype == np.int16


def test_a_broken_slope_in_one_slice_makes_the_volume_float(tmp_path, write_ct):
    stored = np.full((4, 5), 100, dtype=np.int16)
    write_ct(tmp_path / "a.dcm", stored, ImagePositionPatient=[0, 0, 0])
    write_ct(tmp_path / "b.dcm", stored, ImagePositionPatient=[0, 0, 5], RescaleSlope=0.25, RescaleIntercept=-0.5)
    series = read_series(tmp_path)
    assert series.hu.dtype == np.float32
    assert series.hu[:, 0, 0].tolist() == [-924, 24.5]


def test_values_beyond_16_bits_make_the_volume_float(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", np.full((4, 5), 65000, dtype=np.uint16), RescaleIntercept=0)
    series = read_series(tmp_path)
    assert series.hu.dtype == np.float32
    assert series.hu.max() == 65000


def test_unsigned_values_above_32767_stay_exact_when_the_rescale_brings_them_back(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", np.full((4, 5), 33000, dtype=np.uint16), RescaleIntercept=-32768)
    series = read_series(tmp_path)
    assert series.hu.dtype == np.int16
    assert series.hu.max() == 232


def test_without_rescale_the_stored_values_are_kept_and_it_is_said(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", RescaleSlope=None, RescaleIntercept=None)
    series = read_series(tmp_path)
    assert series.hu.max() == 19
    assert any("no rescale" in note for note in series.notes)


def test_padding_is_marked_and_its_values_kept(tmp_path, write_ct):
    stored = np.array([[-2000, 0, 40, -2000, 7]] * 4, dtype=np.int16)
    write_ct(tmp_path / "a.dcm", stored, PixelPaddingValue=-2000)
    series = read_series(tmp_path)
    assert series.padding is not None
    assert series.padding[0, 0].tolist() == [True, False, False, True, False]
    assert series.hu[0, 0].tolist() == [-3024, -1024, -984, -3024, -1017]


def test_a_padding_range_includes_both_limits(tmp_path, write_ct):
    stored = np.array([[10, 11, 15, 20, 21]] * 4, dtype=np.int16)
    write_ct(tmp_path / "a.dcm", stored, PixelPaddingValue=20, PixelPaddingRangeLimit=11)
    series = read_series(tmp_path)
    assert series.padding is not None
    assert series.padding[0, 0].tolist() == [False, True, True, True, False]


def test_without_padded_pixels_there_is_no_mask(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", PixelPaddingValue=-2000)
    assert read_series(tmp_path).padding is None


def test_inverted_display_does_not_invert_the_values(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", PhotometricInterpretation="MONOCHROME1")
    assert read_series(tmp_path).hu[0, 0].tolist() == [-1024, -1023, -1022, -1021, -1020]


def test_an_enhanced_ct_takes_place_and_rescale_from_its_functional_groups(tmp_path, write_enhanced):
    written = write_enhanced(tmp_path / "e.dcm", (20, 10, 0), ((1, -1024), (1, -1024), (2, -1000)))
    series = read_series(tmp_path / "e.dcm")
    assert series.classes == (GeometryClass.REGULAR,)
    assert series.spacing_mm == pytest.approx((10, 0.5, 0.75))
    assert series.slice_thickness_mm == 4
    # frame 3 (stored 200) lies lowest: 200 x 2 - 1000; frame 2: 100 - 1024; frame 1: 0 - 1024
    assert series.hu[:, 0, 0].tolist() == [-600, -924, -1024]
    assert series.frame_numbers == (3, 2, 1)
    assert series.slice_index(written.SOPInstanceUID, frame=3) == 0
    with pytest.raises(DicomError, match="3 frames"):
        series.slice_index(written.SOPInstanceUID)


def test_the_effective_thickness_is_the_larger_of_thickness_and_spacing(tmp_path, write_stack):
    write_stack(tmp_path / "thick", heights(0, 2, 4), SliceThickness=5)
    write_stack(tmp_path / "gap", heights(0, 8, 16), SliceThickness=5)
    write_stack(tmp_path / "missing", heights(0, 8, 16, 32), SliceThickness=5)
    write_stack(tmp_path / "unknown", heights(0), SliceThickness=None)
    assert read_series(tmp_path / "thick").effective_thickness_mm == 5
    assert read_series(tmp_path / "gap").effective_thickness_mm == 8
    assert read_series(tmp_path / "missing").effective_thickness_mm == 8
    assert read_series(tmp_path / "unknown").effective_thickness_mm is None


def test_the_acquisition_date_comes_before_series_and_study_date(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    write_ct(tmp_path / "b.dcm", AcquisitionDate=None)
    write_ct(tmp_path / "c.dcm", AcquisitionDate="not one", SeriesDate="")
    write_ct(tmp_path / "d.dcm", AcquisitionDate="19001231")
    dates = [read_series(tmp_path / name).date for name in ("a.dcm", "b.dcm", "c.dcm", "d.dcm")]
    assert dates == [datetime.date(2020, 3, day) for day in (3, 2, 1)] + [datetime.date(1900, 12, 31)]


def test_two_series_in_a_folder_are_listed_and_one_can_be_named(tmp_path, write_stack):
    write_stack(tmp_path / "one", heights(0, 5))
    write_stack(tmp_path / "two", heights(0, 5, 10), SeriesInstanceUID="1.2.3.4")
    with pytest.raises(UsageError, match=r"2 series(.|\n)*1\.2\.3\.4  regular, 3"):
        read_series(tmp_path)
    assert len(read_series(tmp_path, series_uid="1.2.3.4").hu) == 3
    with pytest.raises(UsageError, match=r"no CT series 1\.2\.9"):
        read_series(tmp_path, series_uid="1.2.9")


def test_a_localizer_beside_one_series_does_not_ask_for_a_choice(tmp_path, write_ct, write_stack):
    write_stack(tmp_path / "axial", heights(0, 5, 10))
    write_ct(tmp_path / "scout.dcm", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    assert read_series(tmp_path).classes == (GeometryClass.REGULAR,)


def test_two_matrices_in_one_series_are_two_stacks_with_keys(tmp_path, write_ct, write_stack):
    write_stack(tmp_path / "axial", heights(0, 5, 10))
    uid = str(write_ct(tmp_path / "page.dcm", np.zeros((8, 8), np.int16)).SeriesInstanceUID)
    with pytest.raises(UsageError, match=f"{uid}/1  regular, 3"):
        read_series(tmp_path)
    assert read_series(tmp_path, series_uid=f"{uid}/1").hu.shape == (3, 4, 5)
    assert read_series(tmp_path, series_uid=f"{uid}/2").hu.shape == (1, 8, 8)


def test_two_phases_of_one_series_are_parted_by_acquisition_number(tmp_path, write_stack):
    write_stack(tmp_path / "arterial", heights(0, 5, 10), AcquisitionNumber=1)
    uid = str(write_stack(tmp_path / "venous", heights(0, 5, 10), AcquisitionNumber=2)[0].SeriesInstanceUID)
    assert read_series(tmp_path, series_uid=f"{uid}/2").classes == (GeometryClass.REGULAR,)


def test_files_may_be_named_one_by_one(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10))
    assert len(read_series([tmp_path / "000.dcm", tmp_path / "001.dcm"]).hu) == 2
    assert len(read_series(str(tmp_path / "001.dcm")).hu) == 1


def test_an_identical_copy_counts_once_and_silently(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10))
    (tmp_path / "copy.dcm").write_bytes((tmp_path / "001.dcm").read_bytes())
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.REGULAR,)
    assert series.notes == ()


def test_another_version_of_an_image_is_left_out_and_told(tmp_path, write_ct, write_stack):
    uid = write_stack(tmp_path, heights(0, 5, 10))[1].SOPInstanceUID
    write_ct(tmp_path / "later.dcm", SOPInstanceUID=uid, ImagePositionPatient=[0, 0, 5])
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.REGULAR,)
    assert any("later.dcm" in note and "001.dcm" in note for note in series.notes)


def test_an_image_that_cannot_be_decoded_is_left_out_told_and_missed(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10, 15))
    broken = (tmp_path / "001.dcm").read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
    (tmp_path / "001.dcm").write_bytes(broken)
    series = read_series(tmp_path)
    assert series.classes == (GeometryClass.NONUNIFORM, GeometryClass.MISSING_SLICES)
    assert series.hu[:, 0, 0].tolist() == [-1024, -1022, -1021]
    assert any("001.dcm" in note for note in series.notes)


def test_a_folder_without_ct_is_an_error_that_lists_what_was_refused(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", Rows=None)
    with pytest.raises(DicomError, match="a CT image without Rows"):
        read_series(tmp_path)
    with pytest.raises(DicomError, match="no file or folder"):
        read_series(tmp_path / "missing")
