"""Small images and reports of other programs, made here; every value in them is invented."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import DataElement, Dataset, FileMetaDataset, Sequence
from pydicom.config import IGNORE
from pydicom.uid import ExplicitVRLittleEndian

CT = "1.2.840.10008.5.1.4.1.1.2"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
DAYS = {1: "20240110", 2: "20240305"}
FILES = Path(__file__).parent / "files"


def _save(dataset: Dataset, path: Path) -> Path:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


def _patient(dataset: Dataset, visit: int) -> None:
    dataset.PatientName, dataset.PatientID = "Planted^Name", "P-01"
    dataset.PatientBirthDate, dataset.PatientSex = "19450607", "F"
    dataset.StudyInstanceUID, dataset.StudyID = f"2.25.1{visit}", "1"
    dataset.StudyDate, dataset.StudyTime = DAYS[visit], "101500"
    dataset.AccessionNumber = dataset.ReferringPhysicianName = ""


@pytest.fixture
def files() -> Path:
    """The folder of reports that other programs wrote."""
    return FILES


@pytest.fixture
def write_images(tmp_path: Path):
    """Write visits of three CT slices: study 2.25.1<visit>, images 2.25.10<visit><slice>, pixels of 0.5 mm × 0.8 mm."""

    def write(visits=(1, 2), folder: str = "ct", **changes: Any) -> Path:
        for visit in visits:
            for number in range(3):
                dataset = Dataset()
                dataset.SOPClassUID, dataset.SOPInstanceUID = CT, f"2.25.10{visit}{number}"
                _patient(dataset, visit)
                dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = f"2.25.2{visit}", f"2.25.3{visit}"
                dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = DAYS[visit]
                dataset.SeriesTime = dataset.ContentTime = "101600"
                dataset.SeriesNumber, dataset.InstanceNumber, dataset.AcquisitionNumber = 2, number + 1, 1
                dataset.Modality, dataset.Manufacturer, dataset.KVP = "CT", "nobody", 120
                dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
                dataset.ImagePositionPatient = [-100, -120, 5.0 * number]
                dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
                dataset.PixelSpacing, dataset.SliceThickness = [0.5, 0.8], 5
                dataset.PositionReferenceIndicator = ""
                dataset.Rows = dataset.Columns = 64
                dataset.BitsAllocated = dataset.BitsStored = 16
                dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 15, 1, 1
                dataset.PhotometricInterpretation = "MONOCHROME2"
                dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
                dataset.PixelData = np.zeros((64, 64), np.int16).tobytes()
                for keyword, value in changes.items():
                    if value is None:
                        del dataset[keyword]
                    else:
                        setattr(dataset, keyword, value)
                _save(dataset, tmp_path / folder / f"v{visit}" / f"{number}.dcm")
        return tmp_path / folder

    return write


class Reports:
    """Builds structured reports item by item, as a foreign program might write them, sound or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def code(value: str, scheme: str, meaning: str) -> Sequence:
        item = Dataset()
        item.add(DataElement("CodeValue", "SH", value, validation_mode=IGNORE))  # some write more than 16 letters
        item.CodingSchemeDesignator, item.CodeMeaning = scheme, meaning
        return Sequence([item])

    def item(self, kind: str, name: tuple[str, str, str], relation: str = "CONTAINS", **values: Any) -> Dataset:
        item = Dataset()
        item.ValueType, item.RelationshipType = kind, relation
        item.ConceptNameCodeSequence = self.code(*name)
        for keyword, value in values.items():
            setattr(item, keyword, value)
        return item

    def text(self, name: tuple[str, str, str], value: str) -> Dataset:
        return self.item("TEXT", name, "HAS OBS CONTEXT", TextValue=value)

    def coded(self, name: tuple[str, str, str], value: tuple[str, str, str]) -> Dataset:
        return self.item("CODE", name, ConceptCodeSequence=self.code(*value))

    def number(
        self, name: tuple[str, str, str], value: str | None, unit: str = "mm", *, points=None, image="2.25.1011", **more
    ) -> Dataset:
        """Make a NUM; `value` None leaves out its measured value, `points` count from the corner of the pixel."""
        item = self.item("NUM", name)
        if value is not None:
            measured = Dataset()
            measured.NumericValue = value
            measured.MeasurementUnitsCodeSequence = self.code(unit, "UCUM", unit)
            for keyword, other in more.items():
                setattr(measured, keyword, other)
            item.MeasuredValueSequence = Sequence([measured])
        if points is not None:
            reference = Dataset()
            reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CT, image
            source = self.item("IMAGE", ("260753009", "SCT", "Source"), "SELECTED FROM")
            source.ReferencedSOPSequence = Sequence([reference])
            line = self.item("SCOORD", ("121322", "DCM", "Source"), "INFERRED FROM", GraphicType="POLYLINE")
            line.GraphicData = list(points)
            line.ContentSequence = Sequence([source])
            item.ContentSequence = Sequence([line])
        return item

    def group(self, identifier: str, uid: str, *items: Dataset) -> Dataset:
        group = self.item("CONTAINER", ("125007", "DCM", "Measurement Group"))
        tracking = self.item("UIDREF", ("112040", "DCM", "Tracking Unique Identifier"), "HAS OBS CONTEXT", UID=uid)
        head = [self.text(("112039", "DCM", "Tracking Identifier"), identifier)] if identifier else []
        group.ContentSequence = Sequence([*head, *([tracking] if uid else []), *items])
        return group

    def write(self, name: str, *groups: Dataset, visit: int = 1, uid: str = "", **changes: Any) -> Path:
        dataset = Dataset()
        dataset.SOPClassUID, dataset.SOPInstanceUID = COMPREHENSIVE_SR, uid or f"2.25.9{zlib.crc32(name.encode())}"
        _patient(dataset, visit)
        dataset.SeriesInstanceUID, dataset.Modality = "2.25.4", "SR"
        dataset.ContentDate, dataset.ContentTime = "20240601", "120000"
        dataset.Manufacturer = "Somebody"
        dataset.ValueType = "CONTAINER"
        dataset.ConceptNameCodeSequence = self.code("126000", "DCM", "Imaging Measurement Report")
        measurements = self.item("CONTAINER", ("126010", "DCM", "Imaging Measurements"))
        measurements.ContentSequence = Sequence(groups)
        dataset.ContentSequence = Sequence([measurements])
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        return _save(dataset, self.folder / name)


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    return Reports(tmp_path / "reports")


@pytest.fixture
def codes():
    """The codes of the axes, new and old, and of role and site."""
    return {
        "long": ("103339001", "SCT", "Long Axis"),
        "short": ("103340004", "SCT", "Short Axis"),
        "old_long": ("G-A185", "SRT", "Long Axis"),
        "old_short": ("G-A186", "SRT", "Short Axis"),
        "category": ("112016", "DCM", "Baseline Category"),
        "target": ("112074", "DCM", "Target Lesion at Baseline"),
        "non_target": ("112075", "DCM", "Non-Target Lesion at Baseline"),
        "site": ("363698007", "SCT", "Finding Site"),
        "old_site": ("G-C0E3", "SRT", "Finding Site"),
        "time_point": ("C2348792", "UMLS", "Time Point"),
    }


@pytest.fixture
def run_tool():
    """Name a validator that Debian's packages dicom3tools and dcmtk bring; a test that needs one fails without it."""

    def find(name: str, package: str) -> str:
        path = shutil.which(name)
        assert path, f"{name} is not installed; run tools/setup, or install Debian's package {package}"
        return path

    return find
