"""Files that are broken, lie about themselves or mean harm: each gets its reason, none stops the folder."""

import io
import logging
import os
import struct
import subprocess
import sys
import tracemalloc
import zlib

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from recist.dicom.faults import note_of_warning
from recist.dicom.index import Verdict, index_folder
from recist.dicom.series import read_series

DEFLATED = "1.2.840.10008.1.2.1.99"
UNDEFINED = b"\xff\xff\xff\xff"


def only(index):
    (entry,) = index.files
    return entry.verdict, entry.reason


def with_elements(path, spliced):
    """Put encoded elements of group 0008, above (0008,1100), into a file."""
    raw = path.read_bytes()
    place = raw.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
    path.write_bytes(raw[:place] + spliced + raw[place:])


def nested_sequences(depth):
    opened = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    closed = struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    return opened * depth + closed * depth


@pytest.mark.parametrize("missing", ["SOPInstanceUID", "SeriesInstanceUID", "Rows", "Columns"])
def test_an_image_without_what_is_required_is_rejected_by_name(tmp_path, write_ct, missing):
    dataset = write_ct(tmp_path / "a.dcm")
    del dataset[missing]
    dataset.save_as(tmp_path / "a.dcm", enforce_file_format=False)
    assert only(index_folder(tmp_path)) == (Verdict.REJECTED, f"A CT image without {missing}.")


def test_every_missing_element_is_named_at_once(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", Rows=None, Columns=None, SeriesInstanceUID=None)
    assert only(index_folder(tmp_path))[1] == "A CT image without SeriesInstanceUID, Rows, Columns."


def test_truncated_pixel_data_are_rejected_with_their_length(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    raw = (tmp_path / "a.dcm").read_bytes()
    (tmp_path / "a.dcm").write_bytes(raw[:-10])
    assert only(index_folder(tmp_path)) == (Verdict.REJECTED, "Its pixel data are truncated: 30 of 40 bytes.")


def test_pixel_data_shorter_than_the_matrix_are_rejected(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", Rows=8)
    assert only(index_folder(tmp_path))[1] == "Its pixel data are truncated: 40 of 80 bytes."


def test_an_image_without_pixels_is_rejected(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", PixelData=None)
    assert only(index_folder(tmp_path)) == (Verdict.REJECTED, "A CT image without pixel data.")


@pytest.mark.parametrize("length", [140, 300, 500, 700])
def test_a_file_cut_anywhere_in_its_header_is_accounted_for(tmp_path, write_ct, length):
    write_ct(tmp_path / "a.dcm")
    (tmp_path / "a.dcm").write_bytes((tmp_path / "a.dcm").read_bytes()[:length])
    assert only(index_folder(tmp_path))[0] is not Verdict.ACCEPTED


def test_an_absurd_matrix_is_rejected_before_memory_is_asked_for(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", Rows=60000, Columns=60000)
    assert "60000 rows × 60000 columns" in only(index_folder(tmp_path))[1]


@pytest.mark.parametrize("frames", ["1A", "", "-3", "99999999999999"])
def test_a_number_of_frames_that_is_none_does_not_stop_the_folder(tmp_path, write_ct, frames):
    write_ct(tmp_path / "a.dcm", NumberOfFrames=frames)
    verdict, reason = only(index_folder(tmp_path))
    assert verdict is (Verdict.ACCEPTED if frames == "" else Verdict.REJECTED), reason


def test_colour_pages_in_a_ct_object_are_rejected(tmp_path, write_ct):
    write_ct(
        tmp_path / "a.dcm", np.zeros((4, 15), np.uint8), Columns=5, SamplesPerPixel=3, PhotometricInterpretation="RGB"
    )
    assert only(index_folder(tmp_path)) == (Verdict.REJECTED, "Its pixels are colours, not CT values.")


@pytest.mark.parametrize("bits", [{"BitsAllocated": 12}, {"BitsStored": 17}, {"HighBit": 20}, {"BitsAllocated": 64}])
def test_bits_that_cannot_be_are_rejected(tmp_path, write_ct, bits):
    write_ct(tmp_path / "a.dcm", **bits)
    assert only(index_folder(tmp_path))[0] is Verdict.REJECTED


def test_a_slope_of_zero_is_rejected(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", RescaleSlope=0)
    assert "rescale slope is 0" in only(index_folder(tmp_path))[1]


@pytest.mark.parametrize("depth", [100, 300, 5000])
def test_deeply_nested_sequences_do_not_stop_the_folder(tmp_path, write_ct, depth):
    write_ct(tmp_path / "a.dcm")
    with_elements(tmp_path / "a.dcm", nested_sequences(depth))
    write_ct(tmp_path / "good.dcm")
    index = index_folder(tmp_path)
    verdicts = {entry.path: (entry.verdict, entry.reason) for entry in index.files}
    assert verdicts["good.dcm"][0] is Verdict.ACCEPTED
    if depth > 1000:
        assert verdicts["a.dcm"] == (
            Verdict.REJECTED,
            "Its header cannot be read: sequences are nested too deeply to be read.",
        )


def test_a_deflated_bomb_is_refused_without_being_unpacked(tmp_path, write_ct):
    dataset = write_ct(tmp_path / "a.dcm", transfer_syntax=DEFLATED)
    plain = DicomBytesIO()
    plain.is_little_endian, plain.is_implicit_VR = True, False
    write_dataset(plain, Dataset({element.tag: element for element in dataset if element.tag.group < 0x7FE0}))
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = 160 * 2**20
    pieces = [packer.compress(plain.getvalue() + struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, zeros))]
    pieces += [packer.compress(bytes(2**20)) for _ in range(zeros // 2**20)]
    packed = b"".join([*pieces, packer.flush()])
    syntax = struct.pack("<HH2sH", 0x0002, 0x0010, b"UI", len(DEFLATED)) + DEFLATED.encode()
    (tmp_path / "a.dcm").write_bytes(bytes(128) + b"DICM" + syntax + packed)
    assert len(packed) < 2**20
    tracemalloc.start()
    verdict, reason = only(index_folder(tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert verdict is Verdict.REJECTED
    assert "grows beyond 64 MiB" in reason
    assert peak < 140 * 2**20


def test_damaged_deflated_content_is_rejected(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", transfer_syntax=DEFLATED)
    raw = bytearray((tmp_path / "a.dcm").read_bytes())
    raw[-60:] = b"\xff" * 60
    (tmp_path / "a.dcm").write_bytes(raw)
    assert only(index_folder(tmp_path))[0] is Verdict.REJECTED


def test_a_ct_without_preamble_is_read_when_its_name_promises_dicom(tmp_path, write_ct):
    dataset = write_ct(tmp_path / "a.dcm")
    bare = DicomBytesIO()
    bare.is_little_endian, bare.is_implicit_VR = True, True
    write_dataset(bare, dataset)
    (tmp_path / "a.dcm").write_bytes(bare.getvalue())
    (tmp_path / "IM0001").write_bytes(bare.getvalue())
    (tmp_path / "backup.zip").write_bytes(bare.getvalue())
    verdicts = {entry.path: entry.verdict for entry in index_folder(tmp_path).files}
    assert sorted(verdicts.values()) == [Verdict.ACCEPTED, Verdict.IGNORED, Verdict.IGNORED]
    assert verdicts["backup.zip"] is Verdict.IGNORED
    np.testing.assert_array_equal(read_series(tmp_path / "a.dcm").hu[0, 0], [-1024, -1023, -1022, -1021, -1020])


def test_random_bytes_are_no_image_whatever_their_name(tmp_path):
    random = np.random.default_rng(3)
    for number in range(40):
        content = random.bytes(int(random.integers(1, 4000)))
        start = (b"", b"\x08\x00", b"\x02\x00\x10\x00UI", bytes(128) + b"DICM")[number % 4]
        (tmp_path / f"{number}{('', '.dcm')[number // 4 % 2]}").write_bytes(start + content)
    index = index_folder(tmp_path)
    assert len(index.files) == 40
    assert index.count(Verdict.ACCEPTED) == 0
    assert all(entry.reason for entry in index.files)


def test_mutated_images_are_all_accounted_for(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    raw = (tmp_path / "a.dcm").read_bytes()
    random = np.random.default_rng(5)
    for number in range(150):
        mutated = bytearray(raw)
        for place in random.integers(128, len(raw), 8):
            mutated[place] = random.integers(256)
        (tmp_path / f"m{number}.dcm").write_bytes(mutated)
    assert len(index_folder(tmp_path).files) == 151


def test_a_link_in_a_circle_is_walked_once(tmp_path, write_ct):
    write_ct(tmp_path / "deep" / "a.dcm")
    (tmp_path / "deep" / "back").symlink_to(tmp_path, target_is_directory=True)
    index = index_folder(tmp_path)
    assert [(entry.path, entry.verdict) for entry in index.files] == [
        ("deep/a.dcm", Verdict.ACCEPTED),
        ("deep/back", Verdict.IGNORED),
    ]


def test_a_link_that_leads_nowhere_is_rejected_and_a_pipe_ignored(tmp_path):
    (tmp_path / "gone.dcm").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.dcm")
    verdicts = {entry.path: entry.verdict for entry in index_folder(tmp_path).files}
    assert verdicts == {"gone.dcm": Verdict.REJECTED, "pipe.dcm": Verdict.IGNORED}


def test_a_name_that_is_no_text_is_written_as_escapes(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    (tmp_path / "a.dcm").rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.dcm"))
    (entry,) = index_folder(tmp_path).files
    assert entry.path.encode("utf-8").decode() == "\\udcff.dcm"


def test_no_patient_data_reach_reasons_warnings_logs_or_the_terminal(tmp_path, write_ct, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    planted = {"PatientID": "Planted^Name" * 20, "SOPInstanceUID": "1.2.Planted", "AcquisitionDate": "Planted"}
    for name, change in {
        "a": planted,
        "b": {**planted, "Rows": None},
        "c": {**planted, "SOPClassUID": "Planted"},
        "d": {**planted, "NumberOfFrames": "Planted"},
        "e": {**planted, "RescaleSlope": "Planted", "PixelSpacing": ["Planted", "1"]},
        "f": {**planted, "SpecificCharacterSet": "Planted"},
    }.items():
        write_ct(tmp_path / name, **change)
    caplog.clear()
    capfd.readouterr()
    index = index_folder(tmp_path)
    said = "".join(entry.reason for entry in index.files) + str([entry.notes for entry in index.series])
    written = capfd.readouterr()
    assert len(index.files) == 6
    assert "lanted" not in said + caplog.text + written.out + written.err
    assert "Lanted".upper() not in (said + caplog.text).upper()


def test_an_odd_header_is_noted_without_its_value(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", PatientID="Planted" * 20)
    (entry,) = index_folder(tmp_path).files
    assert entry.verdict is Verdict.ACCEPTED
    assert entry.reason == "A CT image; an element of type LO does not follow the standard."


@pytest.mark.parametrize(
    ("warning", "note"),
    [
        ("Invalid value for VR UI: '1.2.x'.", "an element of type UI does not follow the standard"),
        ("Expected explicit VR, but found implicit VR", "the header is not encoded as it says"),
        ("Unknown encoding 'Planted'", "the character set of the header is not as it says"),
        ("something new about 'Planted'", "an element does not follow the standard"),
    ],
)
def test_warnings_become_notes_without_what_they_quote(warning, note):
    assert note_of_warning(warning) == note


def test_reading_leaves_the_levels_of_foreign_loggers_as_they_were(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    logging.getLogger("pydicom").setLevel(logging.ERROR)
    index_folder(tmp_path)
    assert logging.getLogger("pydicom").level == logging.ERROR
    logging.getLogger("pydicom").setLevel(logging.NOTSET)


def test_a_folder_called_dl_beside_the_study_does_not_break_the_import(tmp_path):
    (tmp_path / "dl").mkdir()
    code = "import recist.dicom.series, pydicom, gdcm; print('read')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "read\n", done.stderr


def test_elements_behind_the_pixels_do_not_disturb(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm")
    with (tmp_path / "a.dcm").open("ab") as file:
        file.write(struct.pack("<HH2sHL", 0xFFFC, 0xFFFC, b"OB", 0, 8) + bytes(8))
    assert dcmread(io.BytesIO((tmp_path / "a.dcm").read_bytes())).Rows == 4
    assert read_series(tmp_path / "a.dcm").hu.max() == 19 - 1024
