"""A folder's index: every file has a verdict and a reason, every series a class."""

import json

import numpy as np
import pytest

from recist.dicom.index import Verdict, index_folder
from recist.dicom.series import read_series
from recist.errors import DicomError, GeometryError

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def heights(*values):
    return [(0.0, 0.0, value) for value in values]


def verdict_of(index, path):
    (entry,) = [entry for entry in index.files if entry.path == path]
    return entry.verdict, entry.reason


def test_a_regular_series_is_described_in_full(tmp_path, write_stack):
    write_stack(tmp_path / "ct", heights(0, 3.27, 6.54), PixelSpacing=[0.7, 0.9], SliceThickness=3.75)
    (series,) = index_folder(tmp_path).to_json()["series"]
    assert series["class"] == ["regular"]
    assert series["n_slices"] == 3
    assert (series["rows"], series["columns"]) == (4, 5)
    assert series["spacing_mm"] == [3.27, 0.7, 0.9]
    assert series["slice_thickness_mm"] == 3.75
    assert (series["hu_min"], series["hu_max"], series["hu_mean"]) == (-1024, -1022, -1023)
    assert series["date"] == "2020-03-03"
    assert series["modality"] == "CT"
    assert series["lossy"] is False


def test_the_spacing_between_slices_is_null_where_it_is_not_one_number(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10, 20))
    (series,) = index_folder(tmp_path).to_json()["series"]
    assert series["class"] == ["nonuniform", "missing_slices"]
    assert series["spacing_mm"] == [None, 0.5, 0.5]
    assert series["missing_slices"] == 1


def test_the_range_is_that_of_the_stored_values_and_stands_beside_that_of_the_measured_ones(tmp_path, write_ct):
    stored = np.array([[-2000, 0, 1024, 1064, 1124]] * 4, dtype=np.int16)
    write_ct(tmp_path / "a.dcm", stored, PixelPaddingValue=-2000)
    (series,) = index_folder(tmp_path).to_json()["series"]
    assert (series["hu_min"], series["hu_max"]) == (-3024, 100)
    assert (series["measured_hu_min"], series["measured_hu_max"]) == (-1024, 100)
    assert series["n_padding_pixels"] == 4


def test_an_image_that_is_all_padding_has_no_measured_range(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", np.full((4, 5), -2000, np.int16), PixelPaddingValue=-2000)
    (series,) = index_folder(tmp_path).to_json()["series"]
    assert series["hu_min"] == -3024
    assert series["measured_hu_min"] is None


def test_every_file_has_one_entry_with_a_sentence(tmp_path, write_ct):
    write_ct(tmp_path / "ct.dcm")
    write_ct(tmp_path / "page.dcm", SOPClassUID=SECONDARY_CAPTURE, SeriesInstanceUID="1.2.3")
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "empty.dcm").write_bytes(b"")
    index = index_folder(tmp_path)
    assert [entry.path for entry in index.files] == ["ct.dcm", "empty.dcm", "notes.txt", "page.dcm"]
    assert verdict_of(index, "ct.dcm") == (Verdict.ACCEPTED, "A CT image.")
    assert verdict_of(index, "empty.dcm") == (Verdict.REJECTED, "It is empty.")
    assert verdict_of(index, "notes.txt") == (Verdict.IGNORED, "It is not a DICOM file.")
    assert verdict_of(index, "page.dcm") == (Verdict.IGNORED, "Not a CT image: Secondary Capture Image.")
    assert len(index.series) == 1


def test_a_secondary_capture_filed_under_modality_ct_is_no_ct(tmp_path, write_ct):
    write_ct(tmp_path / "dose.dcm", SOPClassUID=SECONDARY_CAPTURE, Modality="CT")
    assert index_folder(tmp_path).series == ()


def test_a_ct_of_another_modality_name_is_one(tmp_path, write_ct):
    write_ct(tmp_path / "pet-ct.dcm", Modality="PT")
    assert len(index_folder(tmp_path).series) == 1


def test_an_identical_copy_is_ignored_and_another_version_rejected(tmp_path, write_ct):
    uid = write_ct(tmp_path / "a.dcm").SOPInstanceUID
    (tmp_path / "b.dcm").write_bytes((tmp_path / "a.dcm").read_bytes())
    write_ct(tmp_path / "c.dcm", np.full((4, 5), 7, np.int16), SOPInstanceUID=uid)
    index = index_folder(tmp_path)
    assert verdict_of(index, "a.dcm")[0] is Verdict.ACCEPTED
    assert verdict_of(index, "b.dcm") == (Verdict.IGNORED, "An identical copy of a.dcm.")
    verdict, reason = verdict_of(index, "c.dcm")
    assert verdict is Verdict.REJECTED
    assert "a.dcm, which was kept" in reason
    assert "different" in reason
    assert index.series[0].n_slices == 1


def test_of_two_versions_the_one_without_loss_is_kept(tmp_path, write_ct):
    uid = write_ct(tmp_path / "a.dcm", LossyImageCompression="01").SOPInstanceUID
    write_ct(tmp_path / "b.dcm", SOPInstanceUID=uid)
    index = index_folder(tmp_path)
    assert verdict_of(index, "a.dcm")[0] is Verdict.REJECTED
    assert verdict_of(index, "b.dcm")[0] is Verdict.ACCEPTED


def test_equal_instance_numbers_are_no_duplicates(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10), InstanceNumber=1)
    assert index_folder(tmp_path).series[0].classes == ("regular",)


def test_what_cannot_be_decoded_is_rejected_only_when_pixels_are_read(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10))
    path = tmp_path / "002.dcm"
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"))
    assert verdict_of(index_folder(tmp_path), "002.dcm")[0] is Verdict.REJECTED
    headers = index_folder(tmp_path, with_pixels=False)
    assert verdict_of(headers, "002.dcm")[0] is Verdict.ACCEPTED
    assert headers.series[0].range_hu is None


def test_an_image_of_an_enhanced_ct_counts_its_frames_as_slices(tmp_path, write_enhanced):
    write_enhanced(tmp_path / "e.dcm", (0, 10, 20), ((1, -1024),) * 3)
    index = index_folder(tmp_path)
    assert index.series[0].n_slices == 3
    assert index.series[0].classes == ("regular",)
    assert (index.series[0].range_hu.lowest, index.series[0].range_hu.highest) == (-1024, -824)
    assert verdict_of(index, "e.dcm") == (Verdict.ACCEPTED, "A CT image of 3 frames.")


def test_frames_that_are_not_described_reject_an_enhanced_ct(tmp_path, write_enhanced):
    write_enhanced(tmp_path / "e.dcm", (0, 10), ((1, -1024),) * 2, PerFrameFunctionalGroupsSequence=[])
    assert verdict_of(index_folder(tmp_path), "e.dcm") == (
        Verdict.REJECTED,
        "NumberOfFrames is 2, but 0 frames are described.",
    )


def test_a_series_with_a_localizer_inside_is_two_entries(tmp_path, write_ct, write_stack):
    write_stack(tmp_path / "axial", heights(0, 5, 10))
    write_ct(tmp_path / "scout.dcm", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    index = index_folder(tmp_path)
    assert {entry.series[-2:]: entry.classes for entry in index.series} == {"/1": ("regular",), "/2": ("localizer",)}


def test_the_index_is_json(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5))
    index = index_folder(tmp_path).to_json()
    assert json.loads(json.dumps(index)) == index


def test_progress_reaches_its_total(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5))
    seen = []
    index_folder(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done / total for done, total in seen] == sorted(done / total for done, total in seen)


def test_what_is_no_folder_is_one_sentence(tmp_path):
    with pytest.raises(DicomError, match=r"^There is no folder .*missing\.$"):
        index_folder(tmp_path / "missing")
    (tmp_path / "file").write_text("")
    with pytest.raises(DicomError, match=r"file is a file; name the folder"):
        index_folder(tmp_path / "file")


def test_an_empty_folder_is_an_empty_index(tmp_path):
    index = index_folder(tmp_path)
    assert (index.files, index.series) == ((), ())


def test_a_series_with_an_image_that_cannot_be_read_is_not_called_regular(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10, 15, 20))
    for path in sorted(tmp_path.iterdir())[1::2]:  # the second and the fourth slice: those left are evenly spaced
        path.write_bytes(path.read_bytes()[:-4])
    (series,) = index_folder(tmp_path).to_json()["series"]
    assert series["class"] == ["missing_slices"]
    assert series["missing_slices"] == 2
    assert series["spacing_mm"][0] is None
    volume = read_series(tmp_path)
    assert not volume.can_make_volume
    assert volume.can_measure_in_plane
    with pytest.raises(GeometryError, match=r"slices are missing \(2\)"):
        volume.require_volume()


def test_the_json_names_the_files_of_a_series_in_the_order_of_the_slices(tmp_path, write_stack):
    write_stack(tmp_path / "patient" / "ct", heights(10, 5, 0))
    index = index_folder(tmp_path)
    (series,) = index.to_json()["series"]
    assert series["files"] == ["patient/ct/002.dcm", "patient/ct/001.dcm", "patient/ct/000.dcm"]
    assert index.place(index.series[0]) == "patient/ct"
