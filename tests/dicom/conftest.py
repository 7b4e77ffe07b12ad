"""Tiny CT files, made here; every value in them is invented."""

from __future__ import annotations

import struct
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom import DataElement, Dataset, FileMetaDataset
from pydicom.config import IGNORE
from pydicom.datadict import dictionary_VR
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

if TYPE_CHECKING:
    from pathlib import Path

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
AXIAL = (1, 0, 0, 0, 1, 0)
SERIES = "1.2.826.0.1.3680043.8.498.1"
FRAME_OF_REFERENCE = "1.2.826.0.1.3680043.8.498.2"


def _meta(dataset: Dataset, transfer_syntax: str) -> None:
    dataset.preamble = bytes(128)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.FileMetaInformationGroupLength = 0  # counted when it is written
    dataset.file_meta.TransferSyntaxUID = transfer_syntax
    dataset.file_meta.MediaStorageSOPClassUID = CT
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()


def _base(stored: np.ndarray) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyDate = "20200301"
    dataset.SeriesDate = "20200302"
    dataset.AcquisitionDate = "20200303"
    dataset.Modality = "CT"
    dataset.SeriesDescription = "Thorax"
    dataset.PatientName = "Planted^Name"
    dataset.PatientID = "PLANTED-ID"
    dataset.PatientBirthDate = "19450607"
    dataset.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.3"
    dataset.SeriesInstanceUID = SERIES
    dataset.FrameOfReferenceUID = FRAME_OF_REFERENCE
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape[-2:]
    dataset.BitsAllocated = dataset.BitsStored = stored.dtype.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(stored.dtype.kind == "i")
    dataset.PixelData = stored.tobytes()
    return dataset


def _change(dataset: Dataset, changes: dict[str, Any]) -> None:
    """Set elements by keyword, standard or not; None removes."""
    for keyword, value in changes.items():
        if value is None:
            dataset.pop(keyword, None)
        else:
            dataset[keyword] = _element(keyword, value)


def _element(keyword: str, value: Any) -> DataElement:
    """Make an element; text that is none of its type goes in as LO, which `_save` mends."""
    tag, vr = Tag(keyword), dictionary_VR(keyword)
    try:
        return DataElement(tag, vr, value, validation_mode=IGNORE)
    except ValueError:
        return DataElement(tag, "LO", value)


def _save(dataset: Dataset, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(action="ignore"):  # the oddities are meant
        dataset.save_as(path, little_endian=True, implicit_vr=False)
    raw = path.read_bytes()
    for element in dataset:
        tag = struct.pack("<HH", element.tag.group, element.tag.element)
        vr = dictionary_VR(element.tag)
        if element.VR == "LO" != vr:
            raw = raw.replace(tag + b"LO", tag + vr.encode())
    path.write_bytes(raw)


@pytest.fixture
def write_ct():
    """Write one classic CT image of 4 rows × 5 columns; keywords change or, with None, remove elements."""

    def write(
        path: Path, stored: np.ndarray | None = None, transfer_syntax: str = ExplicitVRLittleEndian, **changes: Any
    ) -> Dataset:
        values = np.arange(20, dtype=np.int16).reshape(4, 5) if stored is None else stored
        dataset = _base(values)
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        dataset.ImagePositionPatient = [0, 0, 0]
        dataset.ImageOrientationPatient = list(AXIAL)
        dataset.PixelSpacing = [0.5, 0.5]
        dataset.SliceThickness = 3
        dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
        dataset.RescaleType = "HU"
        _change(dataset, changes)
        _meta(dataset, transfer_syntax)
        _save(dataset, path)
        return dataset

    return write


@pytest.fixture
def write_stack(write_ct):
    """Write one image for each position (mm); slice number i holds the stored value i everywhere."""

    def write(folder: Path, positions, **changes: Any) -> list[Dataset]:
        return [
            write_ct(
                folder / f"{number:03d}.dcm",
                np.full((4, 5), number, dtype=np.int16),
                **{"ImagePositionPatient": list(position), "InstanceNumber": number, **changes},
            )
            for number, position in enumerate(positions)
        ]

    return write


def _item(**elements: Any) -> Dataset:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


@pytest.fixture
def write_enhanced():
    """Write an Enhanced CT: place and rescale only in the functional groups, frame i of stored value 100 × i."""

    def write(path: Path, heights, rescales, **changes: Any) -> Dataset:
        stored = np.stack([np.full((4, 5), 100 * number, dtype=np.uint16) for number in range(len(heights))])
        dataset = _base(stored)
        dataset.SOPClassUID = ENHANCED_CT
        dataset.NumberOfFrames = len(heights)
        shared = _item(
            PixelMeasuresSequence=[_item(PixelSpacing=[0.5, 0.75], SliceThickness=4)],
            PlaneOrientationSequence=[_item(ImageOrientationPatient=list(AXIAL))],
        )
        dataset.SharedFunctionalGroupsSequence = [shared]
        dataset.PerFrameFunctionalGroupsSequence = [
            _item(
                PlanePositionSequence=[_item(ImagePositionPatient=[0, 0, height])],
                PixelValueTransformationSequence=[_item(RescaleSlope=slope, RescaleIntercept=intercept)],
            )
            for height, (slope, intercept) in zip(heights, rescales, strict=True)
        ]
        _change(dataset, changes)
        _meta(dataset, ExplicitVRLittleEndian)
        _save(dataset, path)
        return dataset

    return write
