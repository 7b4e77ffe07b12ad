"""Small CT series and the masks drawn on them, written by highdicom and pydicom; every value is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian, generate_uid

from recist.dicom.series import read_series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg import Segment

N_SLICES, N_ROWS, N_COLUMNS = 6, 20, 24
AXIAL = (1, 0, 0, 0, 1, 0)
FIRST = np.array([-10.0, -20.0, 100.0])
KINDS = highdicom.seg.SegmentationTypeValues


def _image(name: str, k: int, frame_of_reference: str) -> pydicom.Dataset:
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid(entropy_srcs=[name, str(k)])
    image.StudyInstanceUID, image.SeriesInstanceUID = (generate_uid(entropy_srcs=[name, it]) for it in ("study", "s"))
    image.FrameOfReferenceUID = generate_uid(entropy_srcs=["frame", frame_of_reference])
    image.PatientID, image.PatientName, image.Modality = "S001", "Nobody^", "CT"
    image.PatientBirthDate = image.PatientSex = image.StudyID = image.AccessionNumber = ""
    image.StudyDate = image.SeriesDate = "20200203"
    image.StudyTime, image.SeriesNumber, image.InstanceNumber = "120000", 1, N_SLICES - k
    image.Rows, image.Columns, image.SamplesPerPixel = N_ROWS, N_COLUMNS, 1
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation, image.PhotometricInterpretation = 15, 1, "MONOCHROME2"
    return image


class Bench:
    """Where a test makes its series and masks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.two_lesions = np.zeros((N_SLICES, N_ROWS, N_COLUMNS, 2), dtype=np.uint8)
        self.two_lesions[1:4, 3:9, 4:12, 0] = 1
        self.two_lesions[4, 12:14, 15:20, 1] = 1

    def make_slices(
        self,
        name: str = "ct",
        *,
        spacing: tuple[float, float] = (0.8, 0.6),
        step_mm: float = 2.5,
        tilt_mm: float = 0.0,
        orientation: tuple[float, ...] = AXIAL,
        first: Any = FIRST,
        frame_of_reference: str = "",
        n_slices: int = N_SLICES,
    ) -> list[pydicom.Dataset]:
        """Write a small CT series; slices ascend in the list and are numbered from the top down."""
        (self.folder / name).mkdir(parents=True)
        normal = np.cross(orientation[:3], orientation[3:])
        slices = []
        for k in range(n_slices):
            image = _image(name, k, frame_of_reference or name)
            image.file_meta.MediaStorageSOPClassUID = CTImageStorage
            image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
            place = np.asarray(first) + k * step_mm * normal + k * tilt_mm * np.array(orientation[3:])
            image.ImagePositionPatient = [round(float(value), 6) for value in place]
            image.ImageOrientationPatient = [float(value) for value in orientation]
            image.PixelSpacing, image.SliceThickness = list(spacing), step_mm
            image.RescaleSlope, image.RescaleIntercept = 1, 0
            image.PixelData = np.full((N_ROWS, N_COLUMNS), 40, dtype=np.int16).tobytes()
            image.save_as(self.folder / name / f"{k}.dcm", enforce_file_format=True)
            slices.append(image)
        return slices

    def make_enhanced(self, name: str = "ct") -> list[pydicom.Dataset]:
        """Write one Enhanced CT of six frames on the grid of `make_slices`."""
        image = _image(name, 0, name)
        image.SOPClassUID = EnhancedCTImageStorage
        image.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.NumberOfFrames = N_SLICES
        image.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
        image.SharedFunctionalGroupsSequence = [
            item(
                PixelMeasuresSequence=[item(PixelSpacing=[0.8, 0.6], SliceThickness=2.5)],
                PlaneOrientationSequence=[item(ImageOrientationPatient=list(AXIAL))],
                PixelValueTransformationSequence=[item(RescaleSlope=1, RescaleIntercept=0, RescaleType="HU")],
            )
        ]
        image.PerFrameFunctionalGroupsSequence = [
            item(PlanePositionSequence=[item(ImagePositionPatient=[*FIRST[:2], FIRST[2] + 2.5 * k])])
            for k in range(N_SLICES)
        ]
        image.PixelData = np.full((N_SLICES, N_ROWS, N_COLUMNS), 40, dtype=np.int16).tobytes()
        (self.folder / name).mkdir(parents=True)
        image.save_as(self.folder / name / "all.dcm", enforce_file_format=True)
        return [image]

    def series(self, name: str = "ct") -> CTSeries:
        """Read a series that was made here."""
        return read_series(self.folder / name)

    def write_seg(
        self,
        slices: list[pydicom.Dataset],
        masks: np.ndarray | None = None,
        kind: KINDS = KINDS.BINARY,
        **options: Any,
    ) -> Path:
        """Write a segmentation with highdicom; `masks` is (slices, rows, columns, segments)."""
        drawn = self.two_lesions if masks is None else masks
        path = self.folder / "seg.dcm"
        highdicom.seg.Segmentation(
            source_images=slices,
            pixel_array=drawn.copy(),
            segmentation_type=kind,
            segment_descriptions=[_describe(number) for number in range(1, drawn.shape[3] + 1)],
            series_instance_uid=generate_uid(),
            series_number=2,
            sop_instance_uid=generate_uid(),
            instance_number=1,
            manufacturer="none",
            manufacturer_model_name="none",
            software_versions="1",
            device_serial_number="0",
            **{"max_fractional_value": 200, **options},
        ).save_as(path)
        return path

    @staticmethod
    def edit(path: Path, work: Callable[[pydicom.Dataset], None]) -> Path:
        """Change a file in place."""
        dataset = pydicom.dcmread(path)
        work(dataset)
        dataset.save_as(path)
        return path

    @staticmethod
    def whole(segment: Segment, shape: tuple[int, ...] = (N_SLICES, N_ROWS, N_COLUMNS)) -> np.ndarray:
        """Lay a segment, cut to its box, into the volume it came from."""
        volume = np.zeros(shape, dtype=bool)
        box = tuple(slice(o, o + n) for o, n in zip(segment.offset, segment.mask.shape, strict=True))
        volume[box] = segment.mask
        return volume

    def require_as_drawn(self, found: Iterable[Segment], masks: np.ndarray | None = None) -> None:
        """Compare segments with the voxels that were drawn."""
        drawn = self.two_lesions if masks is None else masks
        segments = list(found)
        assert len(segments) == drawn.shape[3]
        for k, segment in enumerate(segments):
            np.testing.assert_array_equal(self.whole(segment), drawn[..., k] == 1)
            assert (segment.frames_elsewhere, segment.fault) == (0, "")

    @staticmethod
    def item(**elements: Any) -> pydicom.Dataset:
        """Make a dataset of elements by keyword."""
        return item(**elements)


def item(**elements: Any) -> pydicom.Dataset:
    made = pydicom.Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def _describe(number: int) -> highdicom.seg.SegmentDescription:
    return highdicom.seg.SegmentDescription(
        segment_number=number,
        segment_label=f"T{number}",
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Lesion,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        tracking_id=f"lesion {number}",
        tracking_uid=f"1.2.3.{number}",
        anatomic_regions=[codes.SCT.Liver],
    )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A folder and what is needed to make series and masks in it."""
    return Bench(tmp_path)
