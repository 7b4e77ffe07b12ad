"""The fast walk of a header and pydicom say the same of every file, or the fast walk leaves it to pydicom."""

import struct

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ImplicitVRLittleEndian

from recist.dicom import parse
from recist.dicom.faults import attempt


@pytest.fixture
def read_both(monkeypatch):
    """Read a header twice: (was walked, what the walk says, what pydicom says)."""
    walk = parse.walk_plain

    def read(path):
        walked = []

        def spy(*arguments):
            walked.append(walk(*arguments))
            return walked[-1]

        monkeypatch.setattr(parse, "walk_plain", spy)
        fast = attempt(lambda: parse.read_header(path, path.name), otherwise="header")
        monkeypatch.setattr(parse, "walk_plain", lambda *_: None)
        slow = attempt(lambda: parse.read_header(path, path.name), otherwise="header")
        return any(found is not None for found in walked), fast, slow

    return read


def nested(**values):
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


CASES = {
    "plain": {},
    "several kernels": {"ConvolutionKernel": ["B30f", "3"]},
    "padding": {"PixelPaddingValue": -2000, "PixelPaddingRangeLimit": -1990},
    "no rescale": {"RescaleSlope": None, "RescaleIntercept": None},
    "localizer": {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
    "no spacing": {"PixelSpacing": None},
    "one spacing": {"PixelSpacing": "0.5"},
    "empty thickness": {"SliceThickness": ""},
    "text as a number": {"RescaleSlope": "Planted"},
    "frames": {"NumberOfFrames": "1A"},
    "no rows": {"Rows": None},
    "odd identifier": {"PatientID": "  spaced  "},
    "long identifier": {"PatientID": "x" * 100},
    "umlaut": {"SpecificCharacterSet": "ISO_IR 100", "SeriesDescription": "Schädel"},
    "japanese": {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "SeriesDescription": "thorax"},
    "contrast": {"ContrastBolusAgent": "Iohexol"},
    "contrast code": {"ContrastBolusAgentSequence": [nested(CodeMeaning="Iohexol")]},
    "a sequence passed over": {"ReferencedStudySequence": [nested(Rows=7, StudyDate="19000101")] * 2},
    "not ct": {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"},
    "bad uid": {"SeriesInstanceUID": "1.02.x"},
    "lossy": {"LossyImageCompression": "01"},
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("form", ["explicit", "implicit", "undefined lengths"])
def test_the_walk_agrees_with_pydicom(tmp_path, write_ct, read_both, name, form):
    path = tmp_path / "a.dcm"
    write_ct(path, **CASES[name])
    if form != "explicit" and name not in ("text as a number", "frames", "bad uid", "japanese", "long identifier"):
        dataset = dcmread(path)
        for element in dataset:
            if element.VR == "SQ":
                element.is_undefined_length = form == "undefined lengths"
        if form == "implicit":
            dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        dataset.save_as(path, implicit_vr=form == "implicit", little_endian=True)
    _, fast, slow = read_both(path)
    assert fast == slow


@pytest.mark.parametrize("name", ["plain", "padding", "contrast", "a sequence passed over", "not ct", "lossy"])
def test_usual_files_are_walked(tmp_path, write_ct, read_both, name):
    write_ct(tmp_path / "a.dcm", **CASES[name])
    assert read_both(tmp_path / "a.dcm")[0]


@pytest.mark.parametrize("name", ["contrast code", "long identifier", "umlaut", "japanese", "bad uid", "frames"])
def test_unusual_files_are_left_to_pydicom(tmp_path, write_ct, read_both, name):
    write_ct(tmp_path / "a.dcm", **CASES[name])
    assert not read_both(tmp_path / "a.dcm")[0]


def test_the_walk_agrees_with_pydicom_on_damaged_headers(tmp_path, write_ct, read_both):
    path = tmp_path / "a.dcm"
    write_ct(path, ReferencedStudySequence=[nested(StudyDate="19000101")], PixelPaddingValue=-2000)
    raw = path.read_bytes()
    random = np.random.default_rng(11)
    n_walked = 0
    for _ in range(400):
        damaged = bytearray(raw)
        for place in random.integers(132, len(raw), random.integers(1, 4)):
            damaged[place] = random.choice([random.integers(256), 0x20, 0x5C, 0x30, 0xFF, 0x00, 0x41])
        path.write_bytes(damaged)
        was_walked, fast, slow = read_both(path)
        assert fast == slow
        n_walked += was_walked
    assert n_walked > 40


def test_the_walk_agrees_with_pydicom_on_headers_cut_short(tmp_path, write_ct, read_both):
    path = tmp_path / "a.dcm"
    write_ct(path)
    raw = path.read_bytes()
    for length in range(0, len(raw), 17):
        path.write_bytes(raw[:length])
        _, fast, slow = read_both(path)
        assert fast == slow


def test_a_header_longer_than_the_first_read_is_left_to_pydicom(tmp_path, write_ct, read_both):
    write_ct(tmp_path / "a.dcm")
    raw = (tmp_path / "a.dcm").read_bytes()
    place = raw.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
    private = struct.pack("<HH2sH", 0x0009, 0x0010, b"LO", 4) + b"MINE"
    private += struct.pack("<HH2sHL", 0x0009, 0x1001, b"OB", 0, 100_000) + bytes(100_000)
    (tmp_path / "a.dcm").write_bytes(raw[:place] + private + raw[place:])
    was_walked, fast, slow = read_both(tmp_path / "a.dcm")
    assert not was_walked
    assert fast == slow
