"""What hides behind, above and between the pixels: comments, overlays, garbage. The image stays, the rest goes."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID, JPEG2000Lossless, JPEGLSLossless, RLELossless

from recist.deidentify import StudyKey
from recist.deidentify.file import deidentify_file
from recist.deidentify.markers import strip_frame
from recist.errors import DicomError

CANARY = b"KANARIENVOGEL1"
COMMENT = b"\xff\xfe" + struct.pack(">H", len(CANARY) + 2) + CANARY
APPLICATION = b"\xff\xe5" + struct.pack(">H", len(CANARY) + 2) + CANARY
J2K_COMMENT = b"\xff\x64" + struct.pack(">HH", len(CANARY) + 4, 1) + CANARY


@pytest.fixture
def clean(key: StudyKey, tmp_path: Path) -> Callable[[Dataset], tuple[Dataset, bytes]]:
    def run(image: Dataset) -> tuple[Dataset, bytes]:
        image.save_as(tmp_path / "a", enforce_file_format=True)
        path = tmp_path / deidentify_file(tmp_path / "a", tmp_path, key, False)
        return dcmread(path), path.read_bytes()

    return run


def with_bits(image: Dataset, stored: int, *, signed: bool) -> Dataset:
    image.BitsStored, image.HighBit, image.PixelRepresentation = stored, stored - 1, int(signed)
    return image


def test_bytes_behind_the_last_pixel_go(
    make_ct: Callable[..., Dataset], clean: Callable[[Dataset], tuple[Dataset, bytes]]
) -> None:
    image = make_ct()
    image.PixelData += CANARY
    cleaned, written = clean(image)
    assert CANARY not in written
    assert cleaned.PixelData == make_ct().PixelData


@pytest.mark.parametrize("signed", [False, True])
def test_an_overlay_in_the_bits_above_goes_and_values_stay(
    signed: bool, make_ct: Callable[..., Dataset], clean: Callable[[Dataset], tuple[Dataset, bytes]]
) -> None:
    image = with_bits(make_ct(), 12, signed=signed)
    values = np.arange(-8, 8) if signed else np.arange(16) * 250
    image.PixelData = ((values & 0x0FFF) | (0b1010 << 12)).astype("<u2").tobytes()
    image.add_new(0x60000102, "US", 12)
    cleaned, _ = clean(image)
    found = np.frombuffer(cleaned.PixelData, "<i2" if signed else "<u2")
    assert found.tolist() == values.tolist()
    assert not [tag for tag in cleaned if tag.tag.group == 0x6000]


@pytest.mark.parametrize("syntax", [JPEG2000Lossless, JPEGLSLossless, RLELossless])
def test_comments_and_garbage_of_compressed_frames_go_and_every_value_stays(
    syntax: UID, make_ct: Callable[..., Dataset], clean: Callable[[Dataset], tuple[Dataset, bytes]]
) -> None:
    image = make_ct()
    image.Rows = image.Columns = 32
    values = np.random.default_rng(5).integers(0, 4000, (32, 32)).astype("<i2")
    image.compress(syntax, values, generate_instance_uid=False)
    frame = next(generate_frames(image.PixelData, number_of_frames=1))
    comment = J2K_COMMENT if syntax == JPEG2000Lossless else COMMENT + APPLICATION
    after_head = {JPEG2000Lossless: 4 + struct.unpack(">H", frame[4:6])[0], JPEGLSLossless: 2, RLELossless: len(frame)}
    place = after_head[syntax]
    planted = frame[:place] + comment + frame[place:].rstrip(b"\0") + CANARY
    image.PixelData = encapsulate([planted + b"\0" * (len(planted) % 2)])
    image.ExtendedOffsetTable, image.ExtendedOffsetTableLengths = CANARY + b"\0\0", CANARY + b"\0\0"
    cleaned, written = clean(image)
    assert b"KANARIEN" not in written
    assert (cleaned.pixel_array == values).all()


def test_comments_of_lossless_jpeg_go() -> None:
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x00\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    head = b"\xff\xc3\x00\x0b\x10\x00\x04\x00\x04\x01\x01\x11\x00"
    table = b"\xff\xc4" + struct.pack(">H", 19 + 2) + b"\x00" + bytes([0, 2] + [0] * 14) + b"\x00\x01"
    frame = b"\xff\xd8" + APPLICATION + head + COMMENT + table + COMMENT + scan + b"\xff\xff\xd9" + CANARY
    stripped = strip_frame(frame)
    assert CANARY not in stripped
    assert stripped.rstrip(b"\0") == b"\xff\xd8" + head + table + scan + b"\xff\xd9"


@pytest.mark.parametrize("frame", [b"", b"\xff\xd8", b"\xff\xd8KANARIEN", b"\xff\x4f\xff\x51\x00", b"\0\0\0\x0cjP  "])
def test_a_frame_that_is_no_codestream_is_refused(frame: bytes) -> None:
    with pytest.raises(DicomError, match="does not follow its standard"):
        strip_frame(frame)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Rows": 5}, "end before the last"),
        ({"BitsAllocated": 12}, "how its pixels are stored"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "a table of its own"),
        ({"NumberOfFrames": 3}, "end before the last"),
    ],
)
def test_pixels_of_which_it_is_not_clear_what_belongs_to_them_are_refused(
    changes: dict[str, object],
    reason: str,
    make_ct: Callable[..., Dataset],
    clean: Callable[[Dataset], tuple[Dataset, bytes]],
) -> None:
    image = make_ct()
    for keyword, value in changes.items():
        setattr(image, keyword, value)
    with pytest.raises(DicomError, match=reason):
        clean(image)


def test_more_frames_than_the_header_says_are_refused(
    make_ct: Callable[..., Dataset], clean: Callable[[Dataset], tuple[Dataset, bytes]]
) -> None:
    image = make_ct()
    image.compress(JPEGLSLossless, generate_instance_uid=False)
    frame = next(generate_frames(image.PixelData, number_of_frames=1))
    image.PixelData = encapsulate([frame, frame])
    image.file_meta.TransferSyntaxUID = JPEGLSLossless
    with pytest.raises(DicomError):
        clean(image)


def test_text_among_pixels_that_is_the_patients_own_is_found(
    make_ct: Callable[..., Dataset], clean: Callable[[Dataset], tuple[Dataset, bytes]]
) -> None:
    image = make_ct()
    image.PixelData = b"VOGELSANG KUNIGUNDE".ljust(32, b"\0")
    with pytest.raises(DicomError, match="would still stand"):
        clean(image)
