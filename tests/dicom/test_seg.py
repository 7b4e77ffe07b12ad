"""Segmentations are laid on the slices they were drawn on, or refused."""

from pathlib import Path

import highdicom
import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from recist.dicom.seg import read_segmentation
from recist.dicom.series import read_series
from recist.errors import DicomError

N_SLICES, N_ROWS, N_COLUMNS = 6, 20, 24
KINDS = highdicom.seg.SegmentationTypeValues


def make_slices(folder: Path, *, spacing: tuple[float, float] = (0.8, 0.6)) -> list[pydicom.Dataset]:
    """Write a small CT series; slices 2.5 mm apart, numbered from the top down."""
    folder.mkdir(parents=True)
    study, series, frame = (generate_uid(entropy_srcs=[str(folder.name), name]) for name in ("study", "series", "for"))
    slices = []
    for k in range(N_SLICES):
        image = pydicom.Dataset()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid(entropy_srcs=[str(folder.name), str(k)])
        image.file_meta.MediaStorageSOPClassUID = CTImageStorage
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.PatientID, image.PatientName, image.Modality = "S001", "Nobody^", "CT"
        image.PatientBirthDate = image.PatientSex = image.StudyID = image.AccessionNumber = ""
        image.StudyDate = image.SeriesDate = "20200203"
        image.StudyTime, image.SeriesNumber, image.InstanceNumber = "120000", 1, N_SLICES - k
        image.ImagePositionPatient = [-10.0, -20.0, 100.0 + 2.5 * k]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = list(spacing), 2.5
        image.Rows, image.Columns, image.SamplesPerPixel = N_ROWS, N_COLUMNS, 1
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation, image.PhotometricInterpretation = 15, 1, "MONOCHROME2"
        image.RescaleSlope, image.RescaleIntercept = 1, 0
        image.PixelData = np.full((N_ROWS, N_COLUMNS), 40, dtype=np.int16).tobytes()
        image.save_as(folder / f"{k}.dcm", enforce_file_format=True)
        slices.append(image)
    return slices


def write_mask(
    path: Path, slices: list[pydicom.Dataset], masks: npt.NDArray[np.uint8], kind: KINDS = KINDS.BINARY
) -> Path:
    """Write a segmentation with highdicom; `masks` is (slices, rows, columns, segments)."""
    described = [
        highdicom.seg.SegmentDescription(
            segment_number=number,
            segment_label=f"T{number}",
            segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
            segmented_property_type=codes.SCT.Lesion,
            algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
            tracking_id=f"lesion {number}",
            tracking_uid=f"1.2.3.{number}",
            anatomic_regions=[codes.SCT.Liver],
        )
        for number in range(1, masks.shape[3] + 1)
    ]
    highdicom.seg.Segmentation(
        source_images=slices,
        pixel_array=masks.copy(),
        segmentation_type=kind,
        segment_descriptions=described,
        series_instance_uid=generate_uid(),
        series_number=2,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="none",
        manufacturer_model_name="none",
        software_versions="1",
        device_serial_number="0",
        max_fractional_value=200,
    ).save_as(path)
    return path


def two_lesions() -> npt.NDArray[np.uint8]:
    masks = np.zeros((N_SLICES, N_ROWS, N_COLUMNS, 2), dtype=np.uint8)
    masks[1:4, 3:9, 4:12, 0] = 1
    masks[4, 12:14, 15:20, 1] = 1
    return masks


@pytest.mark.parametrize("kind", [KINDS.BINARY, KINDS.FRACTIONAL, KINDS.LABELMAP])
def test_every_voxel_of_a_segment_lies_on_its_slice(tmp_path: Path, kind: KINDS) -> None:
    slices = make_slices(tmp_path / "ct")
    masks = two_lesions()
    path = write_mask(tmp_path / "seg.dcm", slices, masks, kind)
    series = read_series(tmp_path / "ct")
    found = read_segmentation(path, series)
    assert [segment.label for segment in found] == ["T1", "T2"]
    for k, segment in enumerate(found):
        whole = np.zeros((N_SLICES, N_ROWS, N_COLUMNS), dtype=bool)
        z, r, c = segment.offset
        n_z, n_r, n_c = segment.mask.shape
        whole[z : z + n_z, r : r + n_r, c : c + n_c] = segment.mask
        np.testing.assert_array_equal(whole, masks[..., k] == 1)
        assert segment.frames_elsewhere == 0


def test_names_and_site_of_a_segment_are_kept(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    first = read_segmentation(write_mask(tmp_path / "s.dcm", slices, two_lesions()), read_series(tmp_path / "ct"))[0]
    assert (first.tracking_id, first.tracking_uid, first.site) == ("lesion 1", "1.2.3.1", "liver")


def test_overlapping_segments_are_kept_apart(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    masks = np.zeros((N_SLICES, N_ROWS, N_COLUMNS, 2), dtype=np.uint8)
    masks[2, 2:10, 2:10, 0] = 1
    masks[2, 6:14, 6:14, 1] = 1
    found = read_segmentation(write_mask(tmp_path / "seg.dcm", slices, masks), read_series(tmp_path / "ct"))
    assert [int(segment.mask.sum()) for segment in found] == [64, 64]


def test_a_mask_on_slices_that_are_not_in_the_series_is_said_to_be_cut_short(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    path = write_mask(tmp_path / "seg.dcm", slices, two_lesions())
    (tmp_path / "ct" / "1.dcm").unlink()
    found = read_segmentation(path, read_series(tmp_path / "ct"))
    assert [segment.frames_elsewhere for segment in found] == [1, 0]


def test_a_mask_on_another_grid_is_refused_with_both_grids(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    make_slices(tmp_path / "other", spacing=(0.7, 0.7))
    path = write_mask(tmp_path / "seg.dcm", slices, two_lesions())
    with pytest.raises(DicomError, match=r"20 × 24 pixels of 0\.8 × 0\.6 mm is not that of the series"):
        read_segmentation(path, read_series(tmp_path / "other"))


def test_a_mask_of_another_frame_of_reference_is_refused(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    make_slices(tmp_path / "later")
    path = write_mask(tmp_path / "seg.dcm", slices, two_lesions())
    with pytest.raises(DicomError, match="FrameOfReferenceUID"):
        read_segmentation(path, read_series(tmp_path / "later"))


def test_a_file_that_is_no_segmentation_is_refused(tmp_path: Path) -> None:
    make_slices(tmp_path / "ct")
    with pytest.raises(DicomError, match="not a DICOM segmentation"):
        read_segmentation(tmp_path / "ct" / "0.dcm", read_series(tmp_path / "ct"))


def test_a_truncated_segmentation_is_refused_without_a_crash(tmp_path: Path) -> None:
    slices = make_slices(tmp_path / "ct")
    path = write_mask(tmp_path / "seg.dcm", slices, two_lesions())
    whole = path.read_bytes()
    series = read_series(tmp_path / "ct")
    for share in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(DicomError, match=r"seg\.dcm"):
            read_segmentation(path, series)
