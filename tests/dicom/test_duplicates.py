"""Two files that carry one SOPInstanceUID: where they lie apart, their series is not whole."""

import numpy as np
import pytest

from recist.dicom.geometry import GeometryClass
from recist.dicom.index import Verdict, index_folder
from recist.dicom.series import read_series
from recist.errors import GeometryError

HEIGHTS = tuple((0.0, 0.0, 5.0 * number) for number in range(5))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"ImagePositionPatient": [0, 0, 20]},
        {"ImagePositionPatient": [0, 3, 10]},
        {"ImagePositionPatient": None},
        {"ImageOrientationPatient": [1, 0, 0, 0, 0, -1]},
        {"PixelSpacing": [0.6, 0.6]},
        {"FrameOfReferenceUID": "1.2.99"},
    ],
)
def test_a_second_image_at_another_place_under_one_identifier_leaves_no_volume(
    tmp_path, write_ct, write_stack, elsewhere
):
    uid = write_stack(tmp_path, HEIGHTS[:4])[2].SOPInstanceUID
    write_ct(tmp_path / "later.dcm", SOPInstanceUID=uid, **{"ImagePositionPatient": [0, 0, 10], **elsewhere})
    index = index_folder(tmp_path)
    (entry,) = index.series
    assert entry.classes == (GeometryClass.MISSING_SLICES,)
    assert (entry.n_slices, entry.missing_slices, entry.slice_spacing_mm) == (4, 1, None)
    assert [file.path for file in index.files if file.verdict is Verdict.REJECTED] == ["later.dcm"]
    series = read_series(tmp_path)
    assert series.classes == entry.classes
    for notes in (entry.notes, series.notes):
        assert any("at another place has the SOPInstanceUID" in note for note in notes)
    assert series.can_measure_in_plane
    with pytest.raises(GeometryError, match="slices are missing"):
        series.require_volume()


def test_a_second_version_at_the_same_place_leaves_the_volume_whole(tmp_path, write_ct, write_stack):
    uid = write_stack(tmp_path, HEIGHTS)[2].SOPInstanceUID
    place = [0, 0, 10.0002]  # as another program rounds it
    write_ct(tmp_path / "later.dcm", np.ones((4, 5), np.int16), SOPInstanceUID=uid, ImagePositionPatient=place)
    (entry,) = index_folder(tmp_path).series
    assert entry.classes == read_series(tmp_path).classes == (GeometryClass.REGULAR,)
    assert entry.notes == ()


def test_two_series_that_share_an_identifier_at_different_places_are_both_flagged(tmp_path, write_ct, write_stack):
    uid = write_stack(tmp_path / "one", HEIGHTS)[4].SOPInstanceUID
    write_stack(tmp_path / "two", HEIGHTS[:4], SeriesInstanceUID="1.2.7")
    write_ct(tmp_path / "two" / "5.dcm", SeriesInstanceUID="1.2.7", SOPInstanceUID=uid)
    write_stack(tmp_path / "three", HEIGHTS, SeriesInstanceUID="1.2.8")
    index = index_folder(tmp_path)
    flagged = {entry.series: GeometryClass.MISSING_SLICES in entry.classes for entry in index.series}
    assert list(flagged.values()) == [True, False, True]
    for key, is_flagged in flagged.items():
        series = read_series(tmp_path, series_uid=key)
        assert series.can_make_volume is not is_flagged


def test_the_frames_of_two_multi_frame_images_of_one_identifier_are_compared_too(tmp_path, write_enhanced):
    uid = write_enhanced(tmp_path / "a.dcm", (0, 5, 10), ((1, 0),) * 3).SOPInstanceUID
    write_enhanced(tmp_path / "b.dcm", (0, 5, 11), ((1, 0),) * 3, SOPInstanceUID=uid)
    assert index_folder(tmp_path).series[0].classes == (GeometryClass.MISSING_SLICES,)
