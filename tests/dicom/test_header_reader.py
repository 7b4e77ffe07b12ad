"""Headers read with what the files before have taught are those that pydicom alone gives of each."""

import struct
import warnings

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ImplicitVRLittleEndian

from recist.dicom import header_reader, parse
from recist.dicom.faults import attempt
from recist.dicom.header import ImageHeader
from recist.dicom.header_reader import HeaderReader

VARYING = ("SOPInstanceUID", "InstanceNumber", "ImagePositionPatient", "AcquisitionTime", "MediaStorageSOPInstanceUID")


@pytest.fixture
def read_by_pydicom(monkeypatch):
    """Read a header by pydicom alone."""

    def read(path):
        with monkeypatch.context() as patch:
            patch.setattr(parse, "walk_plain", lambda *_: None)
            return attempt(lambda: parse.read_header(path, path.name), otherwise="header")

    return read


@pytest.fixture
def count_full_reads(monkeypatch):
    """Count the files that did not fit a mould."""
    read, seen = header_reader.read_walked, []

    def spy(path, name):
        seen.append(name)
        return read(path, name)

    monkeypatch.setattr(header_reader, "read_walked", spy)
    return seen


def nested(**values):
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


@pytest.fixture
def write_series(write_ct):
    """Write slices that differ as those of a scanner do, also within sequences and private blocks."""

    def write(folder, n_slices=12, *, form="explicit", **changes):
        paths = []
        for number in range(n_slices):
            path = folder / f"{number:03d}.dcm"
            write_ct(
                path,
                **{
                    "SOPInstanceUID": f"1.2.3.{number + 1}" + (".4" * 30 if number == 7 else ""),
                    "InstanceNumber": 95 + number,
                    "ImagePositionPatient": [-1.5, 2, 2.5 * number - 10],
                    "AcquisitionTime": f"10{number:02d}00.5",
                    "SourceImageSequence": [nested(ReferencedSOPInstanceUID=f"1.2.9.{10**number}")],
                    "ReferencedStudySequence": [nested(StudyDate="19000101")],
                    "ConvolutionKernel": ["B30f", "3"],
                    **changes,
                },
            )
            dataset = dcmread(path)
            block = dataset.private_block(0x29, "MINE", create=True)
            block.add_new(0x10, "OB", bytes([number]) * (2 * number + 2))
            dataset.SourceImageSequence.is_undefined_length = False
            if form == "implicit":
                dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
            with warnings.catch_warnings(action="ignore"):  # one identifier is too long
                dataset.save_as(path, implicit_vr=form == "implicit", little_endian=True)
            paths.append(path)
        return paths

    return write


def read_all(paths):
    reader = HeaderReader()
    return [attempt(lambda path=path: reader.read(str(path), path.name), otherwise="header") for path in paths]


@pytest.mark.parametrize("form", ["explicit", "implicit"])
def test_a_series_is_walked_in_full_twice_at_most(tmp_path, write_series, read_by_pydicom, count_full_reads, form):
    paths = write_series(tmp_path, form=form)
    found = read_all(paths)
    assert found == [read_by_pydicom(path) for path in paths]
    assert all(isinstance(header, ImageHeader) for header in found)
    assert len(count_full_reads) <= 2
    assert [header.notes != () for header in found] == [number == 7 for number in range(12)]  # a UID of 66 characters


def test_two_series_that_alternate_in_a_folder_keep_a_mould_each(
    tmp_path, write_series, read_by_pydicom, count_full_reads
):
    one = write_series(tmp_path / "one")
    other = write_series(
        tmp_path / "two", SeriesInstanceUID="1.2.7", ContrastBolusAgent="Iohexol", AcquisitionTime=None
    )
    mixed = [path for pair in zip(one, other, strict=True) for path in pair]
    assert read_all(mixed) == [read_by_pydicom(path) for path in mixed]
    assert len(count_full_reads) <= 4


@pytest.mark.parametrize(
    "changes",
    [
        {"RescaleIntercept": 0},
        {"AcquisitionDate": "20200304"},
        {"AcquisitionTime": "10:00:00"},
        {"SeriesInstanceUID": "1.2.8"},
        {"PatientID": "ÄÖ"},
        {"Rows": 8},
        {"SOPInstanceUID": ""},
        {"ImagePositionPatient": [0, 0]},
        {"ImagePositionPatient": "nowhere"},
        {"InstanceNumber": "1.5"},
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"},
        {"PixelSpacing": None},
        {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
        {"LossyImageCompression": "01"},
    ],
)
def test_one_file_that_is_different_does_not_pass_for_one_of_the_series(
    tmp_path, write_series, write_ct, read_by_pydicom, changes
):
    paths = write_series(tmp_path, 6)
    dataset = dcmread(paths[3])
    (tmp_path / "odd").mkdir()
    kept = {keyword: dataset.get(keyword) for keyword in VARYING if dataset.get(keyword) is not None}
    write_ct(tmp_path / "odd" / "odd.dcm", **kept | changes)
    odd, written = dcmread(paths[3]), dcmread(tmp_path / "odd" / "odd.dcm")
    for keyword in changes:
        odd.pop(keyword, None)
        if keyword in written:
            odd[keyword] = written.get_item(keyword)
    odd.save_as(paths[3])
    assert read_all(paths) == [read_by_pydicom(path) for path in paths]


def test_files_of_another_kind_are_set_aside_by_their_mould_too(
    tmp_path, write_series, read_by_pydicom, count_full_reads
):
    paths = write_series(tmp_path, SOPClassUID="1.2.840.10008.5.1.4.1.1.4", Modality="MR")
    assert read_all(paths) == [read_by_pydicom(path) for path in paths]
    assert len(count_full_reads) <= 2


def test_headers_with_damaged_bytes_are_read_as_pydicom_reads_them(
    tmp_path, write_series, read_by_pydicom, count_full_reads
):
    paths = write_series(tmp_path, 8)
    paths += write_series(tmp_path / "implicit", 8, form="implicit", SeriesInstanceUID="1.2.6")
    contents = [path.read_bytes() for path in paths]
    random = np.random.default_rng(17)
    reader = HeaderReader()
    target = tmp_path / "target.dcm"
    n_files = 500
    for number in range(n_files):
        content = bytearray(contents[random.integers(8) + (number // 50 % 2) * 8])
        if number % 3:
            for place in random.integers(124, len(content) - 40, random.integers(1, 3)):
                content[place] = random.choice([random.integers(256), 0x20, 0x5C, 0x31, 0xFF, 0x00, 0x41, 0x2E])
        if number % 17 == 5:
            content = content[: random.integers(len(content))]
        target.write_bytes(content)
        found = attempt(lambda: reader.read(str(target), target.name), otherwise="header")
        assert found == read_by_pydicom(target)
    assert len(count_full_reads) < 0.75 * n_files


def test_a_length_of_the_meta_information_that_is_wrong_is_no_fit(tmp_path, write_series, read_by_pydicom):
    paths = write_series(tmp_path, 5)
    content = bytearray(paths[4].read_bytes())
    (length,) = struct.unpack_from("<L", content, 140)
    struct.pack_into("<L", content, 140, length + 2)
    paths[4].write_bytes(content)
    assert read_all(paths) == [read_by_pydicom(path) for path in paths]
