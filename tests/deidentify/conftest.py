"""A patient with identifiers in every corner: two CT slices, a segmentation of them and a report."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ComprehensiveSRStorage, CTImageStorage, ExplicitVRLittleEndian

from recist.deidentify import StudyKey

CANARY = "KANARIENVOGEL"


@pytest.fixture
def key() -> StudyKey:
    return StudyKey(secret=bytes(range(32)))


def canaries() -> Dataset:
    """Plant a canary in one attribute of every kind of text, and the same once more in a sequence and a private tag."""
    item = Dataset()
    item.ReferringPhysicianName = f"{CANARY}^Doctor"
    item.InstitutionName = f"{CANARY} hospital"
    item.ImageComments = f"seen by {CANARY}"
    item.StationName = CANARY
    item.StudyDescription = f"CT chest of {CANARY}"
    item.add_new(0x00181030, "LO", f"{CANARY} thin chest")
    item.add_new(0x00400254, "LO", CANARY)  # performed procedure step description
    item.add_new(0x00184000, "LT", CANARY)  # acquisition comments, retired
    item.add_new(0x00081080, "LO", CANARY)  # admitting diagnoses
    item.add_new(0x00189005, "SH", CANARY)  # pulse sequence name: no table names it
    item.add_new(0x0008010B, "UR", f"x-{CANARY}:1")
    item.private_block(0x0019, "MAKER 1", create=True).add_new(0x01, "LO", CANARY)
    item.add_new(0x60004000, "LT", CANARY)
    return item


@pytest.fixture
def make_ct() -> Callable[..., Dataset]:
    def make(patient: str = "MRN4711", day: str = "20240131", number: int = 1) -> Dataset:
        image = canaries()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.file_meta.SourceApplicationEntityTitle = CANARY
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"1.2.3.{patient[3:]}.{day}.{number}"
        image.file_meta.MediaStorageSOPClassUID = CTImageStorage
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.StudyInstanceUID, image.SeriesInstanceUID = f"1.2.3.{patient[3:]}.{day}", f"1.2.3.{patient[3:]}.{day}.0"
        image.FrameOfReferenceUID = f"1.2.3.{patient[3:]}.9"
        image.PatientID, image.PatientName, image.PatientBirthDate = patient, "Vogelsang^Kunigunde", "19410203"
        image.PatientAge, image.PatientSex, image.PatientWeight = "093Y", "F", "61"
        image.StudyDate = image.AcquisitionDate = day
        image.AcquisitionDateTime, image.AcquisitionTime = f"{day}233000.5", "233000.5"
        image.Modality, image.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.ManufacturerModelName = "Vogelsang CT"  # a model called like the patient
        image.ConvolutionKernel, image.SliceThickness = "B30f", "2.5"
        image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, 2.5 * number], [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.InstanceNumber = ["0.7", "0.7"], number
        image.Rows = image.Columns = 4
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation = 15, 1
        image.RescaleSlope, image.RescaleIntercept = 1, -1024
        image.PixelData = np.arange(16, dtype="<i2").tobytes()
        image.SourceImageSequence = [canaries()]
        image.SourceImageSequence[0].ReferencedSOPClassUID = CTImageStorage
        image.SourceImageSequence[0].ReferencedSOPInstanceUID = f"1.2.3.{patient[3:]}.{day}.{number + 1}"
        return image

    return make


@pytest.fixture
def make_report(make_ct: Callable[..., Dataset]) -> Callable[..., Dataset]:
    def local_code() -> Dataset:
        code = Dataset()
        code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = CANARY, CANARY, CANARY
        return code

    def item(relation: str, kind: str, code: tuple[str, str, str], **values: object) -> Dataset:
        made = Dataset()
        made.RelationshipType, made.ValueType = relation, kind
        name = Dataset()
        name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = code
        made.ConceptNameCodeSequence = [name]
        for keyword, value in values.items():
            setattr(made, keyword, value)
        return made

    def make(day: str = "20240131") -> Dataset:
        image = make_ct(day=day)
        report = canaries()
        report.file_meta = image.file_meta
        for keyword in ("PatientID", "PatientName", "StudyInstanceUID", "StudyDate"):
            setattr(report, keyword, image[keyword].value)
        report.SOPClassUID, report.SOPInstanceUID = ComprehensiveSRStorage, f"1.2.3.77.{day}"
        report.SeriesInstanceUID, report.Modality, report.VerificationFlag = "1.2.3.78", "SR", "VERIFIED"
        report.ValueType, report.ContinuityOfContent, report.CompletionFlag = "CONTAINER", "SEPARATE", "COMPLETE"
        title = Dataset()
        title.CodeValue, title.CodingSchemeDesignator = "126000", "DCM"
        title.CodeMeaning = "Imaging Measurement Report"
        report.ConceptNameCodeSequence = [title]
        number = Dataset()
        number.NumericValue = "31.5"
        unit = Dataset()
        unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "mm", "UCUM", "millimeter"
        number.MeasurementUnitsCodeSequence = [unit]
        tool = "Cornerstone3DTools@^0.1.0:Bidirectional"
        report.ContentSequence = [
            item("CONTAINS", "PNAME", ("121008", "DCM", "Person Observer Name"), PersonName=f"{CANARY}^Reader"),
            item("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"), TextValue=f"{tool}:T01"),
            item("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"), TextValue=f"{tool}:{CANARY}"),
            item("HAS OBS CONTEXT", "UIDREF", ("112040", "DCM", "Tracking Unique Identifier"), UID="1.2.3.5.1"),
            item("CONTAINS", "NUM", ("103339001", "SCT", "Long Axis"), MeasuredValueSequence=[number]),
            item("CONTAINS", "TEXT", ("121106", "DCM", "Comment"), TextValue=f"as told to {CANARY}"),
            item("CONTAINS", "DATE", ("111060", "DCM", "Study Date"), Date=day),
            item("CONTAINS", "CODE", ("99X1", "99LOCAL", CANARY), ConceptCodeSequence=[local_code()]),
        ]
        return report

    return make


@pytest.fixture
def save(tmp_path: Path) -> Callable[[Dataset, str], Path]:
    def write(dataset: Dataset, name: str) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def read_all() -> Callable[[Path], list[Dataset]]:
    def read(folder: Path) -> list[Dataset]:
        return [dcmread(path) for path in sorted(folder.rglob("*.dcm"))]

    return read
