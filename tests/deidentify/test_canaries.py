"""Canaries wherever a DICOM file can hold one: none is left in the bytes of the result."""

import shutil
import struct
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import DataElement, Dataset, dcmread, dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from recist.deidentify import StudyKey
from recist.deidentify.file import deidentify_file
from recist.errors import DicomError

CANARY = "KANARIENVOGEL"
NUMBERS = {"FL": "<4f", "FD": "<2d", "SL": "<4i", "SS": "<8h", "UL": "<4I", "US": "<8H", "SV": "<2q", "UV": "<2Q"}
WRITTEN = b"KANARIENVOGEL123"
# An attribute that the standard has for every kind of value, most of them named by no table of PS3.15.
HOSTS = (
    *(("AE", 0x00080055), ("AS", 0x00101010), ("AT", 0x00280009), ("CS", 0x00180022), ("DA", 0x00080022)),
    *(("DS", 0x00180090), ("DT", 0x0008002A), ("FD", 0x00189305), ("FL", 0x00409220), ("IS", 0x00200012)),
    *(("LO", 0x00180010), ("LT", 0x00184000), ("OB", 0x00340007), ("OD", 0x00701A04), ("OF", 0x00660016)),
    *(("OL", 0x00660040), ("OV", 0x7FE00001), ("OW", 0x00281201), ("PN", 0x00081060), ("SH", 0x00189005)),
    *(("SL", 0x00186020), ("SS", 0x00189219), ("ST", 0x00080081), ("SV", 0x00720082), ("TM", 0x00080031)),
    *(("UC", 0x00189908), ("UI", 0x00081140), ("UL", 0x00660040), ("UN", 0x00180015), ("UR", 0x0008010B)),
    *(("US", 0x00280120), ("UT", 0x00080119), ("UV", 0x7FE00002)),
    *(("LO", 0x00080070), ("LO", 0x00081090), ("SH", 0x00181210), ("LO", 0x00181020), ("CS", 0x00080008)),
    *(("CS", 0x00080005), ("CS", 0x00280004), ("SH", 0x00080100), ("LO", 0x00080104), ("SH", 0x00080102)),
    *(("LO", 0x00080012), ("DA", 0x00280010), ("UT", 0x00200037), ("LO", 0x0040A730), ("UI", 0x00080016 + 4)),
)


def plant(target: Dataset, tag: int, vr: str) -> None:
    """Write the canary under a tag as this kind of value, whether it can be one or not."""
    if vr in NUMBERS:
        target.add(DataElement(tag, vr, list(struct.unpack(NUMBERS[vr], WRITTEN))))
    elif vr == "AT":
        target.add(DataElement(tag, vr, list(struct.unpack("<4I", WRITTEN))))
    elif vr in {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}:
        target.add(DataElement(tag, vr, WRITTEN))
    elif vr == "PN":
        target.add(DataElement(tag, vr, CANARY))
    else:
        target.add(DataElement(tag, vr, None))
        target[tag]._value = CANARY


def save_raw(dataset: Dataset, path: Path) -> Path:
    from pydicom import config

    before = config.settings.writing_validation_mode
    config.settings.writing_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings(action="ignore"):
            dcmwrite(path, dataset, enforce_file_format=True)
    finally:
        config.settings.writing_validation_mode = before
    return path


@pytest.fixture
def outcome(key: StudyKey, tmp_path: Path) -> Callable[[Path], bytes]:
    """De-identify; the bytes and the name of the result, or nothing where the file is refused."""

    def clean(path: Path) -> bytes:
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        try:
            result = deidentify_file(path, out, key, False)
        except DicomError:
            return b""
        return (out / result).read_bytes() + result.encode()

    return clean


@pytest.mark.parametrize("depth", [0, 1, 6])
def test_no_kind_of_value_keeps_a_canary(
    depth: int, make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    for vr, tag in HOSTS:
        image = make_ct()
        place: Dataset = image
        for _ in range(depth):
            place.ReferencedImageSequence = [Dataset()]
            place = place.ReferencedImageSequence[0]
        try:
            plant(place, tag, vr)
        except (ValueError, TypeError, OverflowError):
            continue
        if depth == 0 and tag in {0x00280010, 0x00280004}:
            continue  # a file that says otherwise how large it is cannot be read: refused elsewhere
        written = outcome(save_raw(image, tmp_path / "in.dcm"))
        assert written, (vr, hex(tag))
        assert b"KANARIEN" not in written, (vr, hex(tag))
        assert b"KANAR" not in written, (vr, hex(tag))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_in_every_way_to_write_a_file_nothing_is_left(
    syntax: UID, make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    image = make_ct()
    image.file_meta.TransferSyntaxUID = syntax
    image["PixelData"].VR = "OW"
    dcmwrite(tmp_path / "a", image, enforce_file_format=True, little_endian=syntax != ExplicitVRBigEndian)
    written = outcome(tmp_path / "a")
    assert b"PYDICOM" in written
    assert CANARY.encode() not in written
    assert dcmread(next((tmp_path / "out").rglob("*.dcm"))).PixelData == image.PixelData


def test_preamble_meta_information_and_bytes_behind_the_end_go(
    make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    image = make_ct()
    image.file_meta.PrivateInformationCreatorUID = UID("1.2.3.4.5")
    image.file_meta.PrivateInformation = WRITTEN
    image.file_meta.ReceivingApplicationEntityTitle = CANARY
    image.preamble = (CANARY * 10).encode()[:128]
    image.add_new(0xFFFCFFFC, "OB", WRITTEN)
    path = save_raw(image, tmp_path / "a")
    path.write_bytes(path.read_bytes() + struct.pack("<HH2sH", 0xFFFD, 0xFFFD, b"LO", 16) + WRITTEN)
    written = outcome(path)
    assert b"PYDICOM" in written
    assert b"KANARIEN" not in written


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        (["", "ISO 2022 IR 87"], "Vogelsang^Kuni=山田^太郎=やまだ^たろう"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        ("ISO_IR 192", "Vögelsang^Müller=Ω≈ç√∫˜^µ"),
        (["ISO 2022 IR 6", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        ("ISO_IR 144", "Люкceмбypг"),
    ],
)
def test_names_in_other_scripts_are_found_where_they_hide(
    charset: object, name: str, make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    image = make_ct()
    image.SpecificCharacterSet, image.PatientName = charset, name
    image.SeriesDescription = name.rsplit("=", maxsplit=1)[-1]
    image.Manufacturer = name.split("=", maxsplit=1)[0].split("^", maxsplit=1)[0]
    image.SourceImageSequence[0].SegmentLabel = name.rsplit("=", maxsplit=1)[-1]
    original = save_raw(image, tmp_path / "a")
    parts = [part for group in name.split("=") for part in group.split("^") if len(part.encode()) > 3]
    assert parts
    written = outcome(original)
    assert written
    for part in parts:
        for encoding in ("utf-8", "gb18030", "euc_kr", "iso2022_jp", "shift_jis", "iso8859_5", "latin-1"):
            try:
                assert part.encode(encoding) not in written
            except UnicodeEncodeError:
                continue


def test_a_sequence_written_as_unknown_is_walked_or_gone(
    make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    item = struct.pack("<HHL", 0x0010, 0x0010, 14) + b"KANARIENVOGEL "
    sequence = struct.pack("<HHL", 0xFFFE, 0xE000, len(item)) + item
    for tag in (0x00081140, 0x00091002, 0x00780010, 0x00080018 + 0x500):
        image = make_ct()
        raw = RawDataElement(BaseTag(tag), "UN", len(sequence), sequence, 0, False, True)
        image._dict[BaseTag(tag)] = raw
        written = outcome(save_raw(image, tmp_path / "a"))
        assert written
        assert b"KANARIEN" not in written


def test_lengths_of_groups_unknown_tags_overlays_icons_and_private_blocks_go(
    make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    image = make_ct()
    icon = make_ct()
    image.IconImageSequence = [icon]
    for tag in (0x00080000, 0x00090003, 0x00780010, 0x00185FFE, 0x50003000, 0x60003000, 0x60020010, 0x70530010):
        image.SourceImageSequence[0].add(DataElement(tag, "OB", WRITTEN))
        image.add(DataElement(tag, "OB", WRITTEN))
    block = image.SourceImageSequence[0].private_block(0x0029, CANARY, create=True)
    block.add_new(0x10, "SQ", [make_ct()])
    written = outcome(save_raw(image, tmp_path / "a"))
    assert written
    assert b"KANARIEN" not in written
    assert written.count(struct.pack("<HH", 0x7FE0, 0x0010)) == 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("20240131", 8),
        ("20240131233000", 14),
        ("20240131233000.123456", 21),
        ("20240131233000+0100", 14),
        ("202401", 0),
        ("2024", 0),
        ("20241301", 0),
        ("20240131KANARIEN", 0),
        ("20240131-20240201", 0),
        ("00010101", 0),
    ],
)
def test_dates_that_are_whole_move_and_others_go(
    value: str, kept: int, make_ct: Callable[..., Dataset], outcome: Callable[[Path], bytes], tmp_path: Path
) -> None:
    image = make_ct()
    image.AcquisitionDateTime = None
    image["AcquisitionDateTime"]._value = value
    assert outcome(save_raw(image, tmp_path / "a"))
    cleaned = dcmread(next((tmp_path / "out").rglob("*.dcm")))
    assert len(str(cleaned.AcquisitionDateTime or "")) == kept
    if kept:
        assert str(cleaned.AcquisitionDateTime)[:8] == cleaned.AcquisitionDate
