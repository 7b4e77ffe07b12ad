"""Index thousands of mutated DICOM files: each must get a verdict and a reason, within bounded time and memory.

``python benchmarks/fuzz_dicom.py [--files 20000] [--seed 1] [--keep DIR]``

A batch of 20 files is indexed with its pixels. It fails by any exception or warning, a file without a verdict, a reason
that cannot be printed, more than `MOST_SECONDS` of processor time, or more than `MOST_MIB` of memory beyond the start.
With ``--keep`` the files of a failed batch are kept.
"""

import argparse
import resource
import shutil
import struct
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from recist.dicom.index import index_folder

BATCH = 20
MOST_SECONDS = 2.0
MOST_MIB = 300.0
SIDE = 48
ENHANCED = "1.2.840.10008.5.1.4.1.1.2.1"
TYPES = b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()

Random = np.random.Generator


def item(**elements: object) -> Dataset:
    found = Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def image(number: int, n_frames: int = 1) -> Dataset:
    """Give slice `number` of a small series, or an Enhanced CT of several frames."""
    values = (np.arange(n_frames * SIDE * SIDE) % 997 + number).astype(np.int16)
    return item(
        SpecificCharacterSet="ISO_IR 100",
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"],
        SOPClassUID=CTImageStorage,
        SOPInstanceUID=f"1.2.3.{number}",
        StudyDate="20240102",
        AcquisitionDate="20240102",
        AcquisitionTime="101112.5",
        Modality="CT",
        SeriesDescription="Liver portal venous",
        ReferencedStudySequence=[item(ReferencedSOPClassUID="1.2.3", ReferencedSOPInstanceUID="1.2.4")],
        SourceImageSequence=[item(ReferencedSOPInstanceUID=f"1.2.5.{number}")],
        PatientID="fuzz",
        ContrastBolusAgentSequence=[item(CodeValue="1", CodeMeaning="Iohexol")],
        SliceThickness="2.5",
        ConvolutionKernel=["Br40", "3"],
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="1.2.3.9",
        AcquisitionNumber=1,
        InstanceNumber=number,
        ImagePositionPatient=[-100, -100.5, 2.5 * number],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        FrameOfReferenceUID="1.2.3.8",
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        Rows=SIDE,
        Columns=SIDE,
        PixelSpacing=[0.7, 0.7],
        BitsAllocated=16,
        BitsStored=16,
        HighBit=15,
        PixelRepresentation=1,
        PixelPaddingValue=-2000,
        RescaleIntercept="-1024",
        RescaleSlope="1",
        RescaleType="HU",
        PixelData=values.tobytes(),
    )


def enhanced() -> Dataset:
    """Give an Enhanced CT of three frames."""
    found = image(1, 3)
    found.SOPClassUID = ENHANCED
    found.NumberOfFrames = 3
    found.SharedFunctionalGroupsSequence = [
        item(
            PixelMeasuresSequence=[item(PixelSpacing=[0.7, 0.7], SliceThickness=2)],
            PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        )
    ]
    found.PerFrameFunctionalGroupsSequence = [
        item(
            FrameContentSequence=[item(StackID="1", TemporalPositionIndex=1)],
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 2 * number])],
            PixelValueTransformationSequence=[item(RescaleSlope=1, RescaleIntercept=-1024)],
        )
        for number in range(3)
    ]
    return found


def encoded(dataset: Dataset, syntax: str) -> bytes:
    """Write a file in a transfer syntax."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    is_compressed = syntax in (RLELossless, JPEGLSLossless, JPEG2000Lossless)
    dataset.file_meta.TransferSyntaxUID = UID(ExplicitVRLittleEndian if is_compressed else syntax)
    if is_compressed:
        dataset.compress(syntax, generate_instance_uid=False)
    written = BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def make_seeds() -> list[bytes]:
    """Make the sound files that are mutated."""
    syntaxes = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)
    seeds = [encoded(image(number), syntax) for number in range(3) for syntax in syntaxes]
    seeds += [encoded(image(3), RLELossless), encoded(image(4), JPEGLSLossless)]
    return [*seeds, encoded(image(5), JPEG2000Lossless), encoded(enhanced(), ExplicitVRLittleEndian)]


def place_in_header(content: bytearray, random: Random) -> int:
    share = 0.2 if len(content) > 4000 else 0.9
    return int(random.integers(128, max(129, int(len(content) * share))))


def flip_in_header(content: bytearray, random: Random) -> None:
    for _ in range(random.integers(1, 9)):
        content[place_in_header(content, random)] = int(random.integers(256))


def flip_anywhere(content: bytearray, random: Random) -> None:
    for place in random.integers(0, len(content), random.integers(1, 40)):
        content[place] ^= 1 << random.integers(8)


def truncate(content: bytearray, random: Random) -> None:
    del content[random.integers(len(content)) :]


def splice(content: bytearray, random: Random) -> None:
    start, length, place = random.integers(len(content)), random.integers(1, 600), place_in_header(content, random)
    content[place:place] = content[start : start + length]


def cut_out(content: bytearray, random: Random) -> None:
    place = place_in_header(content, random)
    del content[place : place + random.integers(1, 60)]


def find_element(content: bytearray, random: Random) -> int:
    """Find an explicit element: two bytes that are a type, behind a tag."""
    start = place_in_header(content, random)
    found = [place for vr in TYPES if (place := content.find(vr, start, start + 400)) > 0]
    return min(found, default=start)


def inflate_length(content: bytearray, random: Random) -> None:
    place = find_element(content, random)
    if bytes(content[place : place + 2]) in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"UC"):
        content[place + 4 : place + 8] = struct.pack("<L", random.choice([0xFFFFFFFF, 0x7FFFFFF0, 0x10000, 2**24]))
    else:
        content[place + 2 : place + 4] = struct.pack("<H", random.choice([0xFFFF, 0xFFFE, 1, 0, 5000]))


def swap_type(content: bytearray, random: Random) -> None:
    place = find_element(content, random)
    content[place : place + 2] = TYPES[random.integers(len(TYPES))]


def corrupt_pixels(content: bytearray, random: Random) -> None:
    start = len(content) // 2
    for place in random.integers(start, len(content), random.integers(1, 60)):
        content[place] = int(random.integers(256))


def absurd_number(content: bytearray, random: Random) -> None:
    """Put absurd text or numbers in place of digits."""
    digits = [b"9" * 8, b"1e999", b"NaN", b"-1", b"\\\\\\\\", b"\x1b[2J", b"0.0", b"\xff\xff"]
    places = [place for place in range(200, min(len(content) - 12, 3000)) if 48 <= content[place] < 58]
    if places:
        place, text = places[random.integers(len(places))], digits[random.integers(len(digits))]
        content[place : place + len(text)] = text


def nest(content: bytearray, random: Random) -> None:
    """Open sequences within sequences."""
    opened = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    place = content.find(struct.pack("<HH2s", 0x0010, 0x0020, b"LO"))
    place = place_in_header(content, random) if place < 0 else place
    content[place:place] = opened * int(random.choice([3, 60, 250, 1000, 5000]))


MUTATIONS: tuple[Callable[[bytearray, Random], None], ...] = (
    flip_in_header, flip_anywhere, truncate, splice, cut_out, inflate_length, swap_type, corrupt_pixels, absurd_number,
    nest,
)  # fmt: skip


def write_batch(folder: Path, seeds: list[bytes], number: int, random: Random) -> list[str]:
    """Write a batch of mutated files; -> the mutation of each."""
    done = []
    for index in range(BATCH):
        content = bytearray(seeds[random.integers(len(seeds))])
        mutation = MUTATIONS[(number * BATCH + index) % len(MUTATIONS)]
        mutation(content, random)
        (folder / f"{index:02d}.dcm").write_bytes(content)
        done.append(mutation.__name__)
    return done


def check_batch(folder: Path) -> tuple[list[str], float]:
    """Index a batch; -> the verdicts in the order of the files, and the processor seconds."""
    start = time.process_time()
    index = index_folder(folder)
    seconds = time.process_time() - start
    if [entry.path for entry in index.files] != sorted(path.name for path in folder.iterdir()):
        raise AssertionError("a file has no verdict")
    for entry in index.files:
        if not entry.reason or not entry.reason.isprintable():
            raise AssertionError(f"{entry.path} has no reason that can be printed")
    if seconds > MOST_SECONDS:
        raise AssertionError(f"it took {seconds:.1f} s")
    return [str(entry.verdict) for entry in index.files], seconds


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    random = np.random.default_rng(chosen.seed)
    seeds = make_seeds()
    with tempfile.TemporaryDirectory() as temporary:  # what is loaded once is not counted
        for number, seed in enumerate(seeds):
            (Path(temporary) / f"{number}.dcm").write_bytes(seed)
        index_folder(temporary)
    counts: Counter[tuple[str, str]] = Counter()
    slowest, failures, before = 0.0, 0, 0.0
    for number in range(-(-chosen.files // BATCH)):
        with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
            warnings.simplefilter("error")
            mutations = write_batch(Path(temporary), seeds, number, random)
            try:
                verdicts, seconds = check_batch(Path(temporary))
            except Exception as fault:  # noqa: BLE001  # whatever it is, it is what is looked for
                failures += 1
                print(f"batch {number}: {type(fault).__name__}: {fault}")
                if chosen.keep:
                    shutil.copytree(temporary, chosen.keep / f"batch{number}")
                continue
        counts.update(zip(mutations, verdicts, strict=True))
        slowest, before = max(slowest, seconds), before or peak_mib()
    grown = peak_mib() - before
    print(f"{'mutation':18}{'accepted':>10}{'ignored':>10}{'rejected':>10}")
    for mutation in MUTATIONS:
        row = [counts[mutation.__name__, verdict] for verdict in ("accepted", "ignored", "rejected")]
        print(f"{mutation.__name__:18}" + "".join(f"{count:10}" for count in row))
    print(f"{counts.total()} files; {failures} batches failed; slowest batch {slowest:.2f} s; {grown:.0f} MiB more")
    return 1 if failures or grown > MOST_MIB else 0


if __name__ == "__main__":
    sys.exit(main())
