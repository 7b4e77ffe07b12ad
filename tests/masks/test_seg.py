"""Segmentations are laid on the slices they were drawn on, or refused."""

import zlib

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from recist.dicom.seg import read_segmentation
from recist.errors import GeometryError

KINDS = highdicom.seg.SegmentationTypeValues
SHAPE = (6, 20, 24)


@pytest.mark.parametrize("kind", [KINDS.BINARY, KINDS.FRACTIONAL, KINDS.LABELMAP])
def test_every_voxel_of_a_segment_lies_on_its_slice(bench, kind) -> None:
    path = bench.write_seg(bench.make_slices(), kind=kind)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


@pytest.mark.parametrize(
    ("kind", "transfer_syntax"),
    [(KINDS.FRACTIONAL, RLELossless), (KINDS.LABELMAP, RLELossless), (KINDS.LABELMAP, JPEGLSLossless)],
)
def test_compressed_segmentations_hold_the_same_voxels(bench, kind, transfer_syntax) -> None:
    slices = bench.make_slices()
    path = bench.write_seg(slices, kind=kind, transfer_syntax_uid=transfer_syntax)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_a_deflated_file_holds_the_same_voxels(bench) -> None:
    path = bench.write_seg(bench.make_slices())
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_frames_deflated_one_by_one_hold_the_same_voxels(bench) -> None:
    def deflate(dataset: pydicom.Dataset) -> None:
        packer = [zlib.compressobj(wbits=-15) for _ in dataset.pixel_array]
        frames = [p.compress(f.tobytes()) + p.flush() for p, f in zip(packer, dataset.pixel_array, strict=True)]
        padded = [frame + b"\0" * (len(frame) % 2) for frame in frames]
        dataset.PixelData = encapsulate(padded)
        dataset["PixelData"].is_undefined_length = True
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless  # a UID of the same length, changed below

    path = bench.write_seg(bench.make_slices(), kind=KINDS.LABELMAP)
    raw = bench.edit(path, deflate).read_bytes()
    path.write_bytes(raw.replace(b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.8.1\0"))
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_a_label_map_of_16_bits_tells_segments_above_255(bench) -> None:
    def renumber(dataset: pydicom.Dataset) -> None:
        dataset.PixelData = (dataset.pixel_array.astype(np.uint16) * 300).tobytes()
        dataset.BitsAllocated = dataset.BitsStored = 16
        dataset.HighBit = 15
        for segment in dataset.SegmentSequence:
            segment.SegmentNumber = segment.SegmentNumber * 300

    path = bench.write_seg(bench.make_slices(), kind=KINDS.LABELMAP)
    found = list(read_segmentation(bench.edit(path, renumber), bench.series()))
    assert [(segment.number, segment.label) for segment in found] == [(300, "T1"), (600, "T2")]
    np.testing.assert_array_equal(bench.whole(found[1]), bench.two_lesions[..., 1] == 1)


def test_frames_of_a_number_of_pixels_that_fills_no_byte_are_unpacked(bench) -> None:
    """20 × 24 pixels fill bytes; 19 × 23 = 437 do not, so frames begin within a byte (PS3.5 8.1.1)."""

    def crop(dataset: pydicom.Dataset) -> None:
        planes = dataset.pixel_array[:, :19, :23]
        dataset.Rows, dataset.Columns = 19, 23
        bits = np.packbits(planes.ravel(), bitorder="little").tobytes()
        dataset.PixelData = bits + b"\0" * (len(bits) % 2)

    path = bench.edit(bench.write_seg(bench.make_slices()), crop)
    found = list(read_segmentation(path, bench.series()))
    for k, segment in enumerate(found):
        np.testing.assert_array_equal(bench.whole(segment), bench.two_lesions[..., k] == 1)


def test_the_same_voxels_are_found_as_by_highdicom(bench) -> None:
    masks = (np.random.default_rng(5).random((*SHAPE, 3)) < 0.2).astype(np.uint8)
    path = bench.write_seg(bench.make_slices(), masks)
    theirs = highdicom.seg.segread(path)
    for segment in read_segmentation(path, bench.series()):
        volume = theirs.get_volume(segment_numbers=[segment.number], combine_segments=True)
        array = volume.array if volume.affine[2, 0] > 0 else volume.array[::-1]
        np.testing.assert_array_equal(bench.whole(segment), array > 0)


def test_names_and_codes_of_a_segment_are_kept(bench) -> None:
    path = bench.write_seg(bench.make_slices())
    first = next(read_segmentation(path, bench.series()))
    assert (first.tracking_id, first.tracking_uid, first.site) == ("lesion 1", "1.2.3.1", "liver")
    assert (first.category, first.finding) == ("morphologically abnormal structure", "lesion")


@pytest.mark.parametrize(
    ("value", "scheme", "meaning", "site"),
    [
        ("T-28000", "SRT", "Pulmo", "lung"),
        ("59441001", "SCT", "Nodus lymphaticus", "lymph node"),
        ("12345", "99OURS", "Left Big Toe", "left big toe"),
    ],
)
def test_a_site_is_known_by_its_old_and_new_code_and_else_by_its_words(bench, value, scheme, meaning, site) -> None:
    def code(dataset: pydicom.Dataset) -> None:
        region = dataset.SegmentSequence[0].AnatomicRegionSequence[0]
        region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = value, scheme, meaning

    path = bench.edit(bench.write_seg(bench.make_slices()), code)
    assert next(read_segmentation(path, bench.series())).site == site


def test_the_side_of_a_paired_organ_is_told(bench) -> None:
    def code(dataset: pydicom.Dataset) -> None:
        region = dataset.SegmentSequence[0].AnatomicRegionSequence[0]
        region.CodeValue, region.CodeMeaning = "64033007", "Kidney"
        left = bench.item(CodeValue="7771000", CodingSchemeDesignator="SCT", CodeMeaning="Left")
        region.AnatomicRegionModifierSequence = [left]

    path = bench.edit(bench.write_seg(bench.make_slices()), code)
    assert next(read_segmentation(path, bench.series())).site == "left kidney"


def test_an_organ_drawn_whole_is_said_to_be_no_lesion(bench) -> None:
    def code(dataset: pydicom.Dataset) -> None:
        dataset.SegmentSequence[0].SegmentedPropertyCategoryCodeSequence[0].CodeValue = "123037004"

    path = bench.edit(bench.write_seg(bench.make_slices()), code)
    organ, lesion = read_segmentation(path, bench.series())
    assert "not a lesion" in organ.notes[0]
    assert lesion.notes == ()


def test_overlapping_segments_are_kept_apart(bench) -> None:
    masks = np.zeros((*SHAPE, 2), dtype=np.uint8)
    masks[2, 2:10, 2:10, 0] = 1
    masks[2, 6:14, 6:14, 1] = 1
    path = bench.write_seg(bench.make_slices(), masks)
    found = read_segmentation(path, bench.series())
    assert [int(segment.mask.sum()) for segment in found] == [64, 64]


@pytest.mark.parametrize(("threshold", "n_inside"), [(0.25, 3), (0.5, 2), (0.75, 1), (0.1, 4)])
def test_a_pixel_is_inside_from_the_threshold_on(bench, threshold, n_inside) -> None:
    masks = np.zeros((*SHAPE, 1))
    masks[2, 5, 5:9, 0] = 0.2, 0.25, 0.5, 0.9
    path = bench.write_seg(bench.make_slices(), masks, KINDS.FRACTIONAL)
    (found,) = read_segmentation(path, bench.series(), threshold=threshold)
    assert int(found.mask.sum()) == n_inside
    assert f"from a probability of {threshold:g} on" in found.notes[0]


def test_occupancy_is_told_from_probability(bench) -> None:
    occupancy = highdicom.seg.SegmentationFractionalTypeValues.OCCUPANCY
    slices = bench.make_slices()
    path = bench.write_seg(slices, kind=KINDS.FRACTIONAL, fractional_type=occupancy)
    assert "occupancy" in next(read_segmentation(path, bench.series())).notes[0]


def test_a_mask_on_slices_that_are_not_in_the_series_is_said_to_be_cut_short(bench) -> None:
    path = bench.write_seg(bench.make_slices())
    (bench.folder / "ct" / "1.dcm").unlink()
    found = read_segmentation(path, bench.series())
    assert [segment.frames_elsewhere for segment in found] == [1, 0]


def test_frames_are_placed_by_position_where_they_name_no_image(bench) -> None:
    def forget(dataset: pydicom.Dataset) -> None:
        for frame in dataset.PerFrameFunctionalGroupsSequence:
            del frame.DerivationImageSequence

    path = bench.edit(bench.write_seg(bench.make_slices()), forget)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_frames_are_placed_by_their_image_where_they_have_no_position(bench) -> None:
    def forget(dataset: pydicom.Dataset) -> None:
        for frame in dataset.PerFrameFunctionalGroupsSequence:
            del frame.PlanePositionSequence

    path = bench.edit(bench.write_seg(bench.make_slices()), forget)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_frames_of_an_enhanced_ct_are_told_apart_by_number(bench) -> None:
    path = bench.write_seg(bench.make_enhanced())
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_a_mask_over_slices_that_lean_is_laid_slice_by_slice(bench) -> None:
    path = bench.write_seg(bench.make_slices("ct", tilt_mm=0.7))
    series = bench.series()
    assert not series.can_make_volume
    bench.require_as_drawn(read_segmentation(path, series))


@pytest.mark.parametrize(
    ("orientation", "first", "turn"),
    [
        ((-1, 0, 0, 0, 1, 0), (23 * 0.6, 0, 0), lambda mask: mask[:, ::-1]),
        ((1, 0, 0, 0, -1, 0), (0, 19 * 0.8, 0), lambda mask: mask[::-1]),
        ((-1, 0, 0, 0, -1, 0), (23 * 0.6, 19 * 0.8, 0), lambda mask: mask[::-1, ::-1]),
        ((0, 1, 0, 1, 0, 0), (0, 0, 0), lambda mask: mask.T),
        ((0, -1, 0, 1, 0, 0), (0, 19 * 0.8, 0), lambda mask: mask.T[:, ::-1]),
    ],
    ids=["columns reversed", "rows reversed", "both reversed", "transposed", "turned"],
)
def test_turned_and_mirrored_frames_are_turned_back(bench, orientation, first, turn) -> None:
    def rewrite(dataset: pydicom.Dataset) -> None:
        planes = np.stack([turn(plane) for plane in dataset.pixel_array])
        dataset.Rows, dataset.Columns = planes.shape[1:]
        dataset.PixelData = np.packbits(planes.ravel(), bitorder="little").tobytes()
        shared = dataset.SharedFunctionalGroupsSequence[0]
        shared.PlaneOrientationSequence[0].ImageOrientationPatient = list(orientation)
        if planes.shape[1] == SHAPE[2]:
            shared.PixelMeasuresSequence[0].PixelSpacing = [0.6, 0.8]
        for frame in dataset.PerFrameFunctionalGroupsSequence:
            place = frame.PlanePositionSequence[0]
            place.ImagePositionPatient = [float(a) + b for a, b in zip(place.ImagePositionPatient, first, strict=True)]

    path = bench.edit(bench.write_seg(bench.make_slices()), rewrite)
    bench.require_as_drawn(read_segmentation(path, bench.series()))


def test_every_second_slice_drawn_is_told(bench) -> None:
    masks = np.zeros((*SHAPE, 2), dtype=np.uint8)
    masks[1::2, 5:9, 5:9, 0] = 1
    masks[1:4, 12:14, 5:9, 1] = 1
    path = bench.write_seg(bench.make_slices(), masks)
    found = read_segmentation(path, bench.series())
    assert [segment.every_nth_slice for segment in found] == [2, 1]


def test_pixels_of_a_segment_the_file_does_not_describe_are_not_lost(bench) -> None:
    def forget(dataset: pydicom.Dataset) -> None:
        dataset.SegmentSequence = [it for it in dataset.SegmentSequence if it.SegmentNumber != 2]

    path = bench.edit(bench.write_seg(bench.make_slices(), kind=KINDS.LABELMAP), forget)
    found = list(read_segmentation(path, bench.series()))
    assert [(segment.number, segment.label) for segment in found] == [(1, "T1"), (2, "")]
    assert "does not describe it" in found[1].notes[0]


def test_a_mask_of_another_frame_of_reference_is_refused(bench) -> None:
    slices = bench.make_slices()
    bench.make_slices("later")
    path = bench.write_seg(slices)
    with pytest.raises(GeometryError, match="FrameOfReferenceUID"):
        read_segmentation(path, bench.series("later"))


def test_a_mask_that_nothing_ties_to_the_series_is_refused(bench) -> None:
    def forget(dataset: pydicom.Dataset) -> None:
        del dataset.FrameOfReferenceUID

    slices = bench.make_slices()
    bench.make_slices("later")
    path = bench.edit(bench.write_seg(slices), forget)
    assert len(list(read_segmentation(path, bench.series()))) == 2
    with pytest.raises(GeometryError, match="names no image of the series"):
        read_segmentation(path, bench.series("later"))


def test_a_frame_that_lies_elsewhere_than_the_image_it_names_is_refused(bench) -> None:
    def move(dataset: pydicom.Dataset) -> None:
        dataset.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient[2] += 2.5

    path = bench.edit(bench.write_seg(bench.make_slices()), move)
    with pytest.raises(GeometryError, match=r"2\.50 mm from the image it names"):
        read_segmentation(path, bench.series())


def test_a_mask_on_images_of_another_series_on_the_same_pixels_says_so(bench) -> None:
    slices = bench.make_slices("ct", frame_of_reference="one scan")
    bench.make_slices("other kernel", frame_of_reference="one scan")
    path = bench.write_seg(slices)
    first = next(read_segmentation(path, bench.series("other kernel")))
    np.testing.assert_array_equal(bench.whole(first), bench.two_lesions[..., 0] == 1)
    assert "images that are not in the series" in first.notes[0]


GRID = r"20 × 24 pixels of 0\.8 × 0\.6 mm is not that of the series, 20 × 24 of 0\.7 × 0\.7 mm; resample it first"


def test_a_mask_on_another_grid_is_refused_with_both_grids(bench) -> None:
    path = bench.write_seg(bench.make_slices("ct", frame_of_reference="one scan"))
    bench.make_slices("other", spacing=(0.7, 0.7), frame_of_reference="one scan")
    with pytest.raises(GeometryError, match=GRID):
        read_segmentation(path, bench.series("other"))


def test_a_mask_shifted_by_part_of_a_pixel_is_refused(bench) -> None:
    path = bench.write_seg(bench.make_slices("ct", frame_of_reference="one scan"))
    bench.make_slices("other", first=(-9.8, -20, 100), frame_of_reference="one scan")
    with pytest.raises(GeometryError, match="shifted against that of the series by part of a pixel"):
        read_segmentation(path, bench.series("other"))


def test_a_mask_on_slices_in_another_direction_is_refused(bench) -> None:
    path = bench.write_seg(bench.make_slices("ct", frame_of_reference="one scan"))
    bench.make_slices("coronal", orientation=(1, 0, 0, 0, 0, -1), frame_of_reference="one scan")
    with pytest.raises(GeometryError, match="another direction"):
        read_segmentation(path, bench.series("coronal"))


def test_a_mask_on_a_coarser_grid_is_carried_over_only_when_asked_and_says_so(bench) -> None:
    """Pixels of twice the size, the first centre half a fine pixel further: a coarse voxel is 2 × 2 × 1 fine ones."""
    coarse = bench.make_slices("pet", spacing=(1.6, 1.2), first=(-9.7, -19.6, 100), frame_of_reference="one scan")
    bench.make_slices("ct", frame_of_reference="one scan")
    masks = np.zeros((*SHAPE, 1), dtype=np.uint8)
    masks[1:4, 2:5, 3:9, 0] = 1
    path = bench.write_seg(coarse, masks)
    series = bench.series("ct")
    with pytest.raises(GeometryError, match="resample it first"):
        read_segmentation(path, series)
    (found,) = read_segmentation(path, series, resample=True)
    expected = np.zeros(SHAPE, dtype=bool)
    expected[1:4, 4:10, 6:18] = True
    np.testing.assert_array_equal(bench.whole(found), expected)
    assert found.frames_elsewhere == 0
    assert "resampled, the nearest voxel each, from a grid of 20 × 24 pixels of 1.6 × 1.2 mm" in found.notes[-1]


def test_what_lies_beyond_the_series_after_resampling_is_counted(bench) -> None:
    coarse = bench.make_slices("pet", spacing=(1.6, 1.2), first=(-9.7, -19.6, 100), frame_of_reference="one scan")
    bench.make_slices("ct", frame_of_reference="one scan", n_slices=3)
    masks = np.zeros((*SHAPE, 1), dtype=np.uint8)
    masks[1:5, 2:5, 3:9, 0] = 1
    (found,) = read_segmentation(bench.write_seg(coarse, masks), bench.series("ct"), resample=True)
    assert found.frames_elsewhere == 2
