"""Loading a CT series: ours beside pydicom, gdcm, SimpleITK and highdicom, in five transfer syntaxes.

The series is made here: slices of noise about a body, in files named in no order. Every reader gives the same volume in
HU, sorted by position; where one differs, that is said. The readers take turns, and the fastest of several rounds
counts, so that a busy machine disturbs all of them alike.

    python benchmarks/dicom_load.py --slices 100 --rounds 5
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pydicom
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

import recist

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Volume = NDArray[np.int16] | NDArray[np.float32]

SIZE = 512
SPACING_MM = 1.5
INTERCEPT = -1024
SYNTAXES = {
    "raw": "1.2.840.10008.1.2.1",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg lossless": "1.2.840.10008.1.2.4.70",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg 2000": "1.2.840.10008.1.2.4.90",
}
GOALS = {"raw": 5, "rle": 3, "jpeg lossless": 2, "jpeg-ls": 2, "jpeg 2000": 1.2}


# --- the series ------------------------------------------------------------------------------------------------------


def make_slice(number: int, random: np.random.Generator) -> NDArray[np.uint16]:
    """Draw a body in air with lungs and a spine, in the smooth noise of a soft kernel."""
    rows, columns = np.mgrid[:SIZE, :SIZE]

    def ellipse(row: float, column: float, height: float, width: float) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = ((rows - row) / height) ** 2 + ((columns - column) / width) ** 2 < 1
        return inside

    hu = np.full((SIZE, SIZE), -1000.0)
    hu[ellipse(260, 256, 150, 210)] = 40
    for column in (165, 345):
        hu[ellipse(245, column, 60 + number % 30, 65)] = -850
    hu[ellipse(355, 256, 22, 22)] = 400
    noise = random.normal(0, 1, (SIZE + 1, SIZE + 1))
    hu += 12 * (noise[1:, 1:] + noise[:-1, 1:] + noise[1:, :-1] + noise[:-1, :-1]) / 2
    return (np.clip(hu, -1024, 3071).round() - INTERCEPT).astype(np.uint16)


def make_dataset(number: int, stored: NDArray[np.uint16], uids: tuple[str, str, str]) -> pydicom.Dataset:
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = uids
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = "20240102"
    dataset.Modality, dataset.PatientID, dataset.PatientName = "CT", "bench", "Bench"
    dataset.PatientBirthDate = dataset.PatientSex = dataset.StudyTime = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = dataset.Manufacturer = dataset.PositionReferenceIndicator = ""
    dataset.SeriesNumber, dataset.InstanceNumber = 3, number + 1
    dataset.SliceThickness, dataset.KVP, dataset.ConvolutionKernel = SPACING_MM, 120, "B40f"
    dataset.ImagePositionPatient = [-200, -200, number * SPACING_MM]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [0.78125, 0.78125]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = SIZE
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, INTERCEPT, "HU"
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"
    return dataset


def make_series(folder: Path, n_slices: int) -> None:
    """Write the same series once in each transfer syntax."""
    random = np.random.default_rng(1)
    order = random.permutation(n_slices)
    uids = (generate_uid(), generate_uid(), generate_uid())
    for name in SYNTAXES:
        (folder / name).mkdir()
    for number in range(n_slices):
        file = f"{order[number]:05d}.dcm"
        dataset = make_dataset(number, make_slice(number, random), uids)
        dataset.save_as(folder / "raw" / file, enforce_file_format=True)
        for name in ("rle", "jpeg-ls", "jpeg 2000"):
            packed = pydicom.dcmread(folder / "raw" / file)
            packed.compress(SYNTAXES[name], generate_instance_uid=False)
            packed.save_as(folder / name / file)
        write_lossless_jpeg(folder / "raw" / file, folder / "jpeg lossless" / file)


def write_lossless_jpeg(source: Path, target: Path) -> None:
    import gdcm

    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()


# --- the readers -----------------------------------------------------------------------------------------------------


def load_ours(folder: Path) -> Volume:
    series = recist.read_series(folder)
    assert series.can_make_volume
    return series.hu


def load_pydicom(folder: Path) -> Volume:
    datasets = sorted((pydicom.dcmread(path) for path in folder.iterdir()), key=height_of)
    return np.stack([to_hu(each.pixel_array, each) for each in datasets])


def height_of(dataset: pydicom.Dataset) -> float:
    return float(dataset.ImagePositionPatient[2])


def to_hu(stored: NDArray[np.uint16], dataset: pydicom.Dataset) -> NDArray[np.float32]:
    hu: NDArray[np.float32] = stored.astype(np.float32)
    hu *= np.float32(dataset.RescaleSlope)
    hu += np.float32(dataset.RescaleIntercept)
    return hu


def load_pydicom_into_place(folder: Path) -> Volume:
    """Headers first, then the pixels of each file into a volume that is already there."""
    tags = ["ImagePositionPatient", "RescaleSlope", "RescaleIntercept"]
    found = [(path, pydicom.dcmread(path, stop_before_pixels=True, specific_tags=tags)) for path in folder.iterdir()]
    found.sort(key=lambda each: height_of(each[1]))
    volume = np.empty((len(found), SIZE, SIZE), np.float32)
    for place, (path, dataset) in enumerate(found):
        volume[place] = to_hu(pydicom.pixels.pixel_array(path), dataset)
    return volume


def read_one(path: Path) -> tuple[float, NDArray[np.float32]]:
    dataset = pydicom.dcmread(path)
    return height_of(dataset), to_hu(dataset.pixel_array, dataset)


def load_pydicom_in_processes(pool: ProcessPoolExecutor) -> Callable[[Path], Volume]:
    def load(folder: Path) -> Volume:
        found = sorted(pool.map(read_one, folder.iterdir(), chunksize=8), key=lambda each: each[0])
        return np.stack([hu for _, hu in found])

    return load


def load_gdcm(folder: Path) -> Volume:
    import gdcm

    found = []
    for path in folder.iterdir():
        reader = gdcm.ImageReader()
        reader.SetFileName(str(path))
        assert reader.Read()
        image = reader.GetImage()
        stored = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), np.uint16)
        found.append((image.GetOrigin(2), stored.reshape(SIZE, SIZE)))
    found.sort(key=lambda each: each[0])
    return np.stack([stored for _, stored in found]).astype(np.float32) + INTERCEPT


def load_simpleitk(folder: Path) -> Volume:
    import SimpleITK as sitk

    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    reader.SetOutputPixelType(sitk.sitkFloat32)
    return sitk.GetArrayFromImage(reader.Execute())


def load_highdicom(folder: Path) -> Volume:
    import highdicom

    datasets = [pydicom.dcmread(path) for path in folder.iterdir()]
    hu: Volume = highdicom.get_volume_from_series(datasets, dtype=np.float32).array
    return hu[::-1]  # its first axis runs down


# --- the comparison --------------------------------------------------------------------------------------------------


def time_in_turn(readers: dict[str, Callable[[Path], Volume]], folder: Path, rounds: int) -> dict[str, float]:
    """Give the fewest milliseconds of each reader; the order turns from round to round."""
    names = list(readers)
    best = dict.fromkeys(names, float("inf"))
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.perf_counter()
            readers[name](folder)
            best[name] = min(best[name], 1000 * (time.perf_counter() - start))
    return best


def report(name: str, best: dict[str, float]) -> None:
    peers = {reader: ms for reader, ms in best.items() if reader not in ("ours", "pydicom, 2 processes")}
    ratio = min(peers.values()) / best["ours"]
    print(f"\n{name}: {ratio:.1f} times the best single-process peer (goal {GOALS[name]:g})")
    for reader, ms in sorted(best.items(), key=lambda each: each[1]):
        print(f"  {reader:24} {ms:8.0f} ms  {ms / best['ours']:6.1f} ×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slices", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--syntax", choices=list(SYNTAXES), nargs="*", default=list(SYNTAXES))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as place, ProcessPoolExecutor(2) as pool:
        folder = Path(place)
        make_series(folder, options.slices)
        readers: dict[str, Callable[[Path], Volume]] = {
            "ours": load_ours,
            "pydicom": load_pydicom,
            "pydicom, headers first": load_pydicom_into_place,
            "pydicom, 2 processes": load_pydicom_in_processes(pool),
            "gdcm": load_gdcm,
            "SimpleITK": load_simpleitk,
            "highdicom": load_highdicom,
        }
        print(f"{options.slices} slices of {SIZE} × {SIZE}, {os.cpu_count()} processors, best of {options.rounds}")
        for name in options.syntax:
            truth = load_pydicom(folder / name)
            for reader, load in readers.items():
                if not np.array_equal(load(folder / name), truth):
                    print(f"  {reader} differs")
            report(name, time_in_turn(readers, folder / name, options.rounds))


if __name__ == "__main__":
    main()
