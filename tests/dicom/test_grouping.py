"""Which images form one stack: time phases, stacks of a multi-frame image, frames of reference, spacings."""

import pytest
from pydicom import Dataset

from recist.dicom.geometry import GeometryClass as Class
from recist.dicom.index import index_folder
from recist.dicom.series import read_series
from recist.errors import GeometryError

AXIAL = (1, 0, 0, 0, 1, 0)
CORONAL = (1, 0, 0, 0, 0, -1)


def heights(*values):
    return [(0.0, 0.0, value) for value in values]


def item(**elements):
    found = Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def classes_of(folder):
    return sorted((entry.classes, entry.n_slices) for entry in index_folder(folder).series)


@pytest.mark.parametrize(
    "phases",
    [
        ({"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}),
        ({"TemporalPositionIdentifier": 1}, {"TemporalPositionIdentifier": 2}),
        ({"AcquisitionTime": "101500"}, {"AcquisitionTime": "101545"}),
        ({"AcquisitionDateTime": "20200303101500"}, {"AcquisitionDateTime": "20200303101545"}),
    ],
)
def test_time_phases_at_the_same_positions_are_a_volume_each(tmp_path, write_stack, phases):
    for number, phase in enumerate(phases):
        write_stack(tmp_path / f"{number}", heights(0, 5, 10), **phase)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 3)] * 2


def test_time_phases_that_nothing_tells_apart_are_refused_as_a_volume(tmp_path, write_stack):
    for number in range(2):
        write_stack(tmp_path / f"{number}", heights(0, 5, 10))
    assert classes_of(tmp_path) == [((Class.DUPLICATE_POSITIONS,), 6)]
    with pytest.raises(GeometryError, match="several images lie at the same position"):
        read_series(tmp_path).require_volume()


def test_a_time_for_every_slice_does_not_tear_a_stack_with_one_repeat_apart(tmp_path, write_ct):
    for number, height in enumerate((0, 5, 5, 10)):
        place = [0, 0, height]
        write_ct(tmp_path / f"{number}.dcm", ImagePositionPatient=place, AcquisitionTime=f"10150{number}")
    assert classes_of(tmp_path) == [((Class.DUPLICATE_POSITIONS,), 4)]


def test_slices_of_another_frame_of_reference_are_a_stack_of_their_own(tmp_path, write_stack):
    write_stack(tmp_path / "one", heights(0, 5, 10))
    write_stack(tmp_path / "two", heights(15, 20), FrameOfReferenceUID="1.2.9")
    assert classes_of(tmp_path) == [((Class.REGULAR,), 2), ((Class.REGULAR,), 3)]


def test_a_series_without_frame_of_reference_is_still_a_volume(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10), FrameOfReferenceUID=None)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 3)]


def test_one_slice_of_another_pixel_spacing_leaves_a_gap(tmp_path, write_ct):
    for number, height in enumerate((0, 5, 10, 15)):
        spacing = [0.6, 0.6] if number == 1 else [0.5, 0.5]
        write_ct(tmp_path / f"{number}.dcm", ImagePositionPatient=[0, 0, height], PixelSpacing=spacing)
    assert classes_of(tmp_path) == [((Class.NONUNIFORM, Class.MISSING_SLICES), 3), ((Class.SINGLE,), 1)]


@pytest.mark.parametrize(
    "spacing", [{"PixelSpacing": None, "ImagerPixelSpacing": [0.5, 0.5]}, {"PixelSpacing": [-0.5, 0.5]}]
)
def test_the_spacing_at_the_detector_and_a_negative_one_are_no_millimetres(tmp_path, write_stack, spacing):
    write_stack(tmp_path, heights(0, 5, 10), **spacing)
    with pytest.raises(GeometryError, match="no pixel spacing"):
        read_series(tmp_path).require_in_plane()


def test_a_curved_reformat_gives_no_millimetres(tmp_path, write_stack):
    write_stack(tmp_path, heights(0, 5, 10), VolumetricProperties="DISTORTED")
    series = read_series(tmp_path)
    assert not series.can_measure_in_plane
    assert "the images are curved or distorted reformats, on which no length in mm is true" in series.notes


def groups(position, orientation, spacing=(0.5, 0.5), **content):
    return item(
        PlanePositionSequence=[item(ImagePositionPatient=list(position))],
        PlaneOrientationSequence=[item(ImageOrientationPatient=list(orientation))],
        PixelMeasuresSequence=[item(PixelSpacing=list(spacing), SliceThickness=4)],
        PixelValueTransformationSequence=[item(RescaleSlope=1, RescaleIntercept=-1024)],
        FrameContentSequence=[item(**content)],
    )


def write_frames(write_enhanced, folder, frames):
    n_frames = len(frames)
    write_enhanced(folder / "e.dcm", range(n_frames), ((1, 0),) * n_frames, PerFrameFunctionalGroupsSequence=frames)


def test_frames_of_two_orientations_without_stacks_are_mixed(tmp_path, write_enhanced):
    frames = [groups((0, 0, z), AXIAL) for z in (0, 4)] + [groups((0, y, 0), CORONAL) for y in (0, 4)]
    write_frames(write_enhanced, tmp_path, frames)
    assert classes_of(tmp_path) == [((Class.MIXED_ORIENTATION,), 4)]


def test_the_stacks_of_a_multi_frame_image_are_volumes_of_their_own(tmp_path, write_enhanced):
    frames = [groups((0, 0, z), AXIAL, StackID="1") for z in (0, 4, 8)]
    frames += [groups((0, y, 0), CORONAL, StackID="2") for y in (0, 4)]
    write_frames(write_enhanced, tmp_path, frames)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 2), ((Class.REGULAR,), 3)]


def test_frames_of_two_pixel_spacings_are_stacks_of_their_own(tmp_path, write_enhanced):
    frames = [groups((0, 0, z), AXIAL) for z in (0, 4, 8)]
    frames += [groups((0, 0, z), AXIAL, spacing=(0.9, 0.9)) for z in (0, 4)]
    write_frames(write_enhanced, tmp_path, frames)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 2), ((Class.REGULAR,), 3)]


@pytest.mark.parametrize("keyword", ["TemporalPositionIndex", "FrameAcquisitionNumber"])
def test_the_time_phases_of_a_multi_frame_image_are_a_volume_each(tmp_path, write_enhanced, keyword):
    frames = [groups((0, 0, z), AXIAL, **{keyword: phase}) for phase in (1, 2) for z in (0, 4, 8)]
    write_frames(write_enhanced, tmp_path, frames)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 3)] * 2


def test_two_files_of_one_name_in_two_folders_are_two_slices(tmp_path, write_ct):
    write_ct(tmp_path / "a" / "1.dcm", ImagePositionPatient=[0, 0, 0])
    write_ct(tmp_path / "b" / "1.dcm", ImagePositionPatient=[0, 0, 5], RescaleIntercept=0)
    series = read_series([tmp_path / "a" / "1.dcm", tmp_path / "b" / "1.dcm", tmp_path / "b" / "1.dcm"])
    assert series.hu[:, 0, 0].tolist() == [-1024, 0]


@pytest.mark.parametrize("edge", [0.70305, 0.70315, 0.78125])
def test_noise_in_the_last_digits_of_pixel_spacing_does_not_tear_a_series_apart(tmp_path, write_ct, edge):
    noise = (0.0, 2e-8, -2e-8, 3e-6, -3e-6, 0.0)
    for number, more in enumerate(noise):
        place, spacing = [0, 0, 5 * number], [f"{edge + more:.10f}", f"{edge - more:.10f}"]
        write_ct(tmp_path / f"{number}.dcm", ImagePositionPatient=place, PixelSpacing=spacing)
    assert classes_of(tmp_path) == [((Class.REGULAR,), 6)]


def test_spacings_that_grow_by_little_from_slice_to_slice_are_not_taken_for_one(tmp_path, write_ct):
    for number in range(20):
        spacing = [f"{0.5 + 0.00008 * number:.6f}"] * 2
        write_ct(tmp_path / f"{number}.dcm", ImagePositionPatient=[0, 0, 5 * number], PixelSpacing=spacing)
    assert max(entry.n_slices for entry in index_folder(tmp_path).series) == 2  # 0.00016 mm is more than the limit
