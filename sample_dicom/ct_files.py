"""Writing a drawn series as CT Image Storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from sample_dicom.protocols import Coding
from sample_dicom.scene import draw_slice
from sample_dicom.uids import derive_uid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from sample_dicom.scene import Scene

TRANSFER_SYNTAX = {
    Coding.RAW: ExplicitVRLittleEndian,
    Coding.RLE: RLELossless,
    Coding.JPEG_LS: JPEGLSLossless,
}
IMPLEMENTATION = ("uid of the implementation", "RECIST_TOOLKIT")
FIRST_SECOND = 9 * 3600 + 1200
SECONDS_PER_SLICE = 0.25


def write_series(scene: Scene, folder: Path, on_slice: Callable[[], None]) -> tuple[Dataset, ...]:
    """Draw and write every slice of a series into a folder.

    Parameters
    ----------
    on_slice : callable
        Called after each slice.

    Returns
    -------
    tuple of pydicom.Dataset
        One header a slice, without pixels, in the order of the slices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    headers = []
    for slice_index in range(scene.grid.n_slices):
        dataset = make_ct(scene, slice_index, draw_slice(scene, slice_index))
        name = scene.protocol.maker.file_name.format(number=int(dataset.InstanceNumber))
        dataset.save_as(folder / name, enforce_file_format=True)
        del dataset.PixelData
        headers.append(dataset)
        on_slice()
    return tuple(headers)


def derive_sop_uid(scene: Scene, slice_index: int) -> str:
    """Return the SOPInstanceUID of a slice."""
    return derive_uid(scene.seed, scene.visit.subject, scene.visit.timepoint, "ct", slice_index)


def make_ct(scene: Scene, slice_index: int, hu: NDArray[np.int16]) -> Dataset:
    """Make one CT image with its pixels, (rows, columns) HU."""
    dataset = Dataset()
    for attributes in (
        describe_patient(scene),
        _describe_study(scene),
        _describe_series(scene),
        _describe_scanner(scene),
        _describe_plane(scene, slice_index),
    ):
        for keyword, value in attributes.items():
            setattr(dataset, keyword, value)
    _add_contrast(dataset)
    _add_pixels(dataset, scene, hu)
    dataset.file_meta = _make_meta(dataset.SOPInstanceUID)
    if scene.protocol.coding is not Coding.RAW:
        _compress(dataset, scene)
    return dataset


def describe_patient(scene: Scene) -> dict[str, Any]:
    """Return the patient's attributes: a pseudonym, and that there never was an identity."""
    return {
        "PatientName": f"Phantom^{scene.visit.subject}",
        "PatientID": scene.visit.subject,
        "PatientBirthDate": "",
        "PatientSex": "",
        "PatientIdentityRemoved": "YES",
        "DeidentificationMethod": "Computed phantom: no person was scanned",
    }


def _describe_study(scene: Scene) -> dict[str, Any]:
    visit = scene.visit
    return {
        "StudyInstanceUID": derive_uid(scene.seed, visit.subject, visit.timepoint, "study"),
        "StudyDate": visit.date.strftime("%Y%m%d"),
        "StudyTime": "090000",
        "StudyID": visit.timepoint,
        "StudyDescription": f"CT CHEST ABDOMEN {visit.timepoint.upper()}",
        "AccessionNumber": "",
        "ReferringPhysicianName": "",
    }


def _describe_series(scene: Scene) -> dict[str, Any]:
    visit, protocol = scene.visit, scene.protocol
    return {
        "Modality": "CT",
        "SeriesInstanceUID": derive_uid(scene.seed, visit.subject, visit.timepoint, "series"),
        "SeriesNumber": 3,
        "SeriesDate": visit.date.strftime("%Y%m%d"),
        "SeriesTime": "091500",
        "SeriesDescription": f"PORTAL VENOUS {protocol.thickness_mm:g} MM {protocol.maker.kernel}",
        "ProtocolName": "CHEST ABDOMEN PORTAL VENOUS",
        "BodyPartExamined": "CHESTABDOMEN",
        "PatientPosition": "HFS",
        "FrameOfReferenceUID": derive_uid(scene.seed, visit.subject, visit.timepoint, "frame of reference"),
        "PositionReferenceIndicator": "",
    }


def _describe_scanner(scene: Scene) -> dict[str, Any]:
    protocol = scene.protocol
    return {
        "Manufacturer": protocol.maker.name,
        "ManufacturerModelName": protocol.maker.model,
        "SoftwareVersions": "phantom 1",
        "ConvolutionKernel": protocol.maker.kernel,
        "KVP": "120",
        "XRayTubeCurrent": 220,
        "ExposureTime": 500,
        "GantryDetectorTilt": _decimal(protocol.tilt_deg),
        "SliceThickness": _decimal(protocol.thickness_mm),
        "DataCollectionDiameter": "500",
        "ReconstructionDiameter": _decimal(scene.grid.columns * scene.grid.column_spacing_mm),
        "RotationDirection": "CW",
        "TableHeight": "150",
        "ScanOptions": "HELICAL" if protocol.tilt_deg == 0 else "AXIAL",
    }


def _describe_plane(scene: Scene, slice_index: int) -> dict[str, Any]:
    grid, protocol, visit = scene.grid, scene.protocol, scene.visit
    position = grid.position_lps(slice_index)
    from_head = grid.n_slices - slice_index
    number = slice_index + 1 if protocol.is_reversed else from_head
    day, time = visit.date.strftime("%Y%m%d"), _clock(FIRST_SECOND + from_head * SECONDS_PER_SLICE)
    return {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": derive_sop_uid(scene, slice_index),
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "InstanceNumber": number,
        "AcquisitionNumber": 1,
        "AcquisitionDate": day,
        "AcquisitionTime": time,
        "ContentDate": day,
        "ContentTime": time,
        "ImagePositionPatient": [_decimal(number) for number in position],
        "ImageOrientationPatient": [_decimal(c) for c in (*grid.row_cosines, *grid.column_cosines)],
        "SliceLocation": _decimal(float(position @ grid.normal)),
        "PixelSpacing": [_decimal(grid.row_spacing_mm), _decimal(grid.column_spacing_mm)],
        "WindowCenter": ["40", "-600"],
        "WindowWidth": ["400", "1500"],
        "BurnedInAnnotation": "NO",
    }


def _add_contrast(dataset: Dataset) -> None:
    dataset.ContrastBolusAgent = "Iodinated contrast 300"
    dataset.ContrastBolusRoute = "IV"
    dataset.ContrastBolusVolume = "100"
    dataset.ContrastBolusStartTime = "091350"


def _add_pixels(dataset: Dataset, scene: Scene, hu: NDArray[np.int16]) -> None:
    maker = scene.protocol.maker
    stored = hu.astype(np.int32) - maker.rescale_intercept
    is_signed = maker.rescale_intercept == 0
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = hu.shape
    dataset.BitsAllocated = 16
    dataset.BitsStored, dataset.HighBit = (16, 15) if is_signed else (12, 11)
    dataset.PixelRepresentation = int(is_signed)
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = str(maker.rescale_intercept), "1", "HU"
    if maker.padding_value is not None:
        stored[~_round_field(*hu.shape)] = maker.padding_value
        dataset.add_new("PixelPaddingValue", "SS", maker.padding_value)
    dataset.PixelData = stored.astype("<i2" if is_signed else "<u2").tobytes()


def _round_field(rows: int, columns: int) -> NDArray[np.bool_]:
    """Return the pixels within the circle that the scanner reconstructs."""
    down = (np.arange(rows)[:, np.newaxis] - (rows - 1) / 2) / (rows / 2)
    across = (np.arange(columns)[np.newaxis, :] - (columns - 1) / 2) / (columns / 2)
    return np.asarray(down**2 + across**2 <= 1)


def _make_meta(sop_uid: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = UID(sop_uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(derive_uid(0, IMPLEMENTATION[0]))
    meta.ImplementationVersionName = IMPLEMENTATION[1]
    return meta


def _compress(dataset: Dataset, scene: Scene) -> None:
    dataset.compress(TRANSFER_SYNTAX[scene.protocol.coding], generate_instance_uid=False)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}{whole // 60 % 60:02d}{whole % 60:02d}.{round((seconds - whole) * 100):02d}"


def _decimal(number: float) -> str:
    """Write a decimal string of at most 16 characters, exact to a hundred-millionth."""
    return f"{float(number):.8f}".rstrip("0").rstrip(".")
