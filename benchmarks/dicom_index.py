"""The index of a folder of DICOM headers beside pydicom's: processor time a file, measured in turns.

``python benchmarks/dicom_index.py [--files 20000] [--rounds 3] [--folder DIR]``

Without ``--folder`` the files are made here: series of 200 slices with a header as a scanner writes it (four sequences,
private blocks of random bytes) and pixel data as a hole in the file. `index` is everything that ``recist index
--headers-only`` does: listing, reading, grouping, classifying, a verdict with a sentence for every file.
"""

import argparse
import os
import struct
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from recist.dicom.index import index_folder
from recist.dicom.parse import TAGS

SLICES_OF_A_SERIES = 200
PIXEL_BYTES = 2 * 512 * 512


def item(**elements: object) -> pydicom.Dataset:
    found = pydicom.Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def header(series: str, number: int, random: np.random.Generator) -> pydicom.Dataset:
    """Give the header of one slice."""
    image = item(
        SpecificCharacterSet="ISO_IR 100",
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"],
        SOPClassUID=CTImageStorage,
        SOPInstanceUID=f"{series}.{number + 1}",
        **dict.fromkeys(("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"), "20240102"),
        **dict.fromkeys(("StudyTime", "SeriesTime"), "101112.000000"),
        **dict.fromkeys(("AcquisitionTime", "ContentTime"), f"1012{number % 60:02d}.000000"),
        Modality="CT",
        Manufacturer="Bench",
        StudyDescription="Chest abdomen",
        SeriesDescription="Thorax 1.0 Br40",
        PatientID=series[-8:],
        PatientBirthDate="19500101",
        SliceThickness="1.5",
        KVP="120",
        ReconstructionDiameter="400",
        ConvolutionKernel=["Br40d", "3"],
        PatientPosition="HFS",
        StudyInstanceUID=f"{series}.0",
        SeriesInstanceUID=series,
        SeriesNumber=3,
        AcquisitionNumber=1,
        InstanceNumber=SLICES_OF_A_SERIES - number,
        ImagePositionPatient=["-200", "-200", f"{-800 + 1.5 * number:.4f}"],
        ImageOrientationPatient=["1", "0", "0", "0", "1", "0"],
        FrameOfReferenceUID=f"{series}.9",
        SliceLocation=f"{-800 + 1.5 * number:.4f}",
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        Rows=512,
        Columns=512,
        PixelSpacing=["0.78125", "0.78125"],
        BitsAllocated=16,
        BitsStored=16,
        HighBit=15,
        PixelRepresentation=1,
        RescaleIntercept="-1024",
        RescaleSlope="1",
        RescaleType="HU",
    )
    for keyword, count in (("ReferencedStudySequence", 1), ("SourceImageSequence", 3), ("ReferencedImageSequence", 2)):
        uids = [f"{series}.{keyword.count('e')}.{number}.{k}" for k in range(count)]
        items = [item(ReferencedSOPClassUID=CTImageStorage, ReferencedSOPInstanceUID=uid) for uid in uids]
        setattr(image, keyword, items)
    block = image.private_block(0x29, "BENCH HEADER", create=True)
    block.add_new(0x10, "OB", random.bytes(1200))
    block.add_new(0x20, "OB", random.bytes(900))
    return image


def make_files(folder: Path, n_files: int) -> None:
    """Write the files; the pixel data are a hole."""
    random = np.random.default_rng(1)
    for number in range(n_files):
        if number % SLICES_OF_A_SERIES == 0:
            series = generate_uid(prefix="1.2.826.0.1.3680043.8.498.", entropy_srcs=[str(number)])[:52]
            place = folder / f"P{number // SLICES_OF_A_SERIES:05d}"
            place.mkdir()
        image = header(series, number % SLICES_OF_A_SERIES, random)
        image.file_meta = pydicom.dataset.FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.file_meta.MediaStorageSOPClassUID = CTImageStorage
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        written = BytesIO()
        image.save_as(written, enforce_file_format=True)
        written.write(struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, PIXEL_BYTES))
        with (place / f"IM{number:05d}").open("wb") as file:
            file.write(written.getvalue())
            file.truncate(len(written.getvalue()) + PIXEL_BYTES)


def all_files(folder: Path) -> list[str]:
    return [f"{root}/{name}" for root, _, names in os.walk(folder) for name in names]


def read_beginnings(folder: Path) -> None:
    """Open every file and read 8 KiB: no index can be faster on one core."""
    for location in all_files(folder):
        handle = os.open(location, os.O_RDONLY)
        os.read(handle, 8192)
        os.close(handle)


def read_by_pydicom(folder: Path) -> None:
    for location in all_files(folder):
        pydicom.dcmread(location, stop_before_pixels=True, specific_tags=TAGS)


def read_values_by_pydicom(folder: Path) -> None:
    for location in all_files(folder):
        dataset = pydicom.dcmread(location, stop_before_pixels=True, specific_tags=TAGS)
        for tag in TAGS:
            dataset.get(tag)


METHODS: dict[str, Callable[[Path], object]] = {
    "index (recist)": lambda folder: index_folder(folder, with_pixels=False),
    "open and read 8 KiB": read_beginnings,
    "pydicom, specific_tags": read_by_pydicom,
    "pydicom, specific_tags, values": read_values_by_pydicom,
}


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Give the processor seconds of every method in every round, measured in turns."""
    METHODS["index (recist)"](folder)
    took: dict[str, list[float]] = {name: [] for name in METHODS}
    for _ in range(rounds):
        for name, method in METHODS.items():
            start = time.process_time()
            method(folder)
            took[name].append(time.process_time() - start)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        if chosen.folder is None:
            make_files(folder, chosen.files)
        n_files = len(all_files(folder))
        took = measure(folder, chosen.rounds)
    ours = took["index (recist)"]
    print(f"{n_files} files; processor time, µs a file, least and median of {chosen.rounds} rounds in turns")
    for name, seconds in took.items():
        told = "".join(
            f"{of(seconds) / n_files * 1e6:9.1f}{of(seconds) / of(ours):8.1f} x" for of in (np.min, np.median)
        )
        print(f"{name:34}{told}")


if __name__ == "__main__":
    main()
