"""Stored values out of every bit layout and transfer syntax; the truth is what was put in."""

import struct

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from recist.dicom.codestream import parse_size
from recist.dicom.series import read_series
from recist.errors import DicomError

DEFLATED = "1.2.840.10008.1.2.1.99"


@pytest.fixture
def noise():
    return np.random.default_rng(7).integers(-1024, 3071, (64, 48)).astype(np.int16)


def read_hu(path):
    return read_series(path).hu[0]


def test_signed_twelve_bits_lose_the_dirt_above_them(tmp_path, write_ct):
    # 12 bits: 0x800 is -2048, 0x7FF is 2047; the top four bits hold overlay dirt
    stored = np.array([[0x5800, 0xA7FF, 0x3FFF, 0x0000, 0x1001]] * 4, dtype=np.uint16)
    write_ct(tmp_path / "a", stored, BitsStored=12, HighBit=11, PixelRepresentation=1, RescaleIntercept=0)
    assert read_hu(tmp_path / "a")[0].tolist() == [-2048, 2047, -1, 0, 1]


def test_unsigned_twelve_bits_lose_the_dirt_above_them(tmp_path, write_ct):
    stored = np.array([[0x5800, 0xA7FF, 0x3FFF, 0x0000, 0x1001]] * 4, dtype=np.uint16)
    write_ct(tmp_path / "a", stored, BitsStored=12, HighBit=11, RescaleIntercept=0)
    assert read_hu(tmp_path / "a")[0].tolist() == [2048, 2047, 4095, 0, 1]


def test_eight_bits_are_read(tmp_path, write_ct):
    stored = np.array([[0, 1, 127, 128, 255]] * 4, dtype=np.uint8)
    write_ct(tmp_path / "a", stored, RescaleSlope=2, RescaleIntercept=-100)
    assert read_hu(tmp_path / "a")[0].tolist() == [-100, -98, 154, 156, 410]


@pytest.mark.parametrize("transfer_syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_both_little_endian_forms_are_read(tmp_path, write_ct, noise, transfer_syntax):
    dataset = write_ct(tmp_path / "a", noise)
    dataset.file_meta.TransferSyntaxUID = transfer_syntax
    dataset.save_as(tmp_path / "b", implicit_vr=transfer_syntax == ImplicitVRLittleEndian, little_endian=True)
    np.testing.assert_array_equal(read_hu(tmp_path / "b"), noise - 1024)


def test_big_endian_is_read(tmp_path, write_ct, noise):
    path = tmp_path / "a"
    dataset = write_ct(path, noise)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset.PixelData = noise.astype(">i2").tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.save_as(path, implicit_vr=False, little_endian=False)
    np.testing.assert_array_equal(read_hu(path), noise - 1024)


def test_deflated_is_read(tmp_path, write_ct, noise):
    write_ct(tmp_path / "a", noise, DEFLATED)
    np.testing.assert_array_equal(read_hu(tmp_path / "a"), noise - 1024)


@pytest.mark.parametrize(
    "transfer_syntax",
    [
        "1.2.840.10008.1.2.5",  # RLE
        "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
        "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    ],
)
def test_lossless_compression_gives_the_values_back(tmp_path, write_ct, noise, transfer_syntax):
    dataset = write_ct(tmp_path / "a", noise.view(np.uint16) & 0xFFF, BitsStored=12, HighBit=11)
    dataset.compress(transfer_syntax, generate_instance_uid=False)
    dataset.save_as(tmp_path / "b")
    series = read_series(tmp_path / "b")
    np.testing.assert_array_equal(series.hu[0], (noise.view(np.uint16) & 0xFFF).astype(np.int16) - 1024)
    assert not series.lossy


@pytest.mark.parametrize("name", ["JPEGLosslessProcess14", "JPEGLosslessProcess14_1"])
def test_lossless_jpeg_gives_the_values_back(tmp_path, write_ct, noise, name):
    import gdcm

    write_ct(tmp_path / "a", noise)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(tmp_path / "a"))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(tmp_path / "b"))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    np.testing.assert_array_equal(read_hu(tmp_path / "b"), noise - 1024)


def test_signed_values_survive_jpeg_ls_which_knows_no_sign(tmp_path, write_ct, noise):
    dataset = write_ct(tmp_path / "a", noise)
    dataset.compress("1.2.840.10008.1.2.4.80", generate_instance_uid=False)
    dataset.save_as(tmp_path / "b")
    np.testing.assert_array_equal(read_hu(tmp_path / "b"), noise - 1024)


def test_near_lossless_compression_is_flagged(tmp_path, write_ct, noise):
    dataset = write_ct(tmp_path / "a", noise.view(np.uint16) & 0xFFF, BitsStored=12, HighBit=11)
    dataset.compress("1.2.840.10008.1.2.4.81", jls_error=2, generate_instance_uid=False)
    dataset.save_as(tmp_path / "b")
    series = read_series(tmp_path / "b")
    assert series.lossy
    assert np.abs(series.hu[0] + 1024 - (noise.view(np.uint16) & 0xFFF).astype(int)).max() <= 2


def test_loss_in_the_past_is_flagged_though_the_file_is_not_compressed(tmp_path, write_ct):
    write_ct(tmp_path / "a", LossyImageCompression="01")
    assert read_series(tmp_path / "a").lossy


def test_a_codestream_larger_than_its_header_is_refused_before_it_is_decoded(tmp_path, write_ct, noise):
    dataset = write_ct(tmp_path / "a", noise)
    dataset.compress("1.2.840.10008.1.2.4.80", generate_instance_uid=False)
    dataset.Rows = 32
    dataset.save_as(tmp_path / "b")
    with pytest.raises(DicomError, match="64 rows × 48 columns, its header says 32 × 48"):
        read_series(tmp_path / "b")


@pytest.mark.parametrize("transfer_syntax", ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"])
def test_the_size_of_a_codestream_is_found(tmp_path, write_ct, noise, transfer_syntax):
    from pydicom.encaps import get_frame

    dataset = write_ct(tmp_path / "a", noise)
    dataset.compress(transfer_syntax, generate_instance_uid=False)
    assert parse_size(get_frame(dataset.PixelData, 0, number_of_frames=1)) == (64, 48)


@pytest.mark.parametrize(
    "encoded", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xff\xff\xff\xff\xff\xff\xff\xff"]
)
def test_a_codestream_without_a_size_has_none(encoded):
    assert parse_size(encoded) is None


def write_runs(path, dataset, segment):
    """Write two run-length segments for 4 × 5 pixels of 16 bits; each should give 20 bytes."""
    offsets = struct.pack("<16L", 2, 64, 64 + len(segment), *(0,) * 13)
    dataset.PixelData = encapsulate([offsets + segment * 2])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.5"
    dataset.save_as(path)


@pytest.mark.parametrize("segment", [b"\x7f", b"", b"\x81"])
def test_run_lengths_that_end_too_early_are_refused(tmp_path, write_ct, segment):
    write_runs(tmp_path / "b", write_ct(tmp_path / "a"), segment)
    with pytest.raises(DicomError, match="its run lengths end too early"):
        read_series(tmp_path / "b")


def test_run_lengths_beyond_the_image_are_cut_off_and_do_not_end_the_program(tmp_path, write_ct):
    write_runs(tmp_path / "b", write_ct(tmp_path / "a"), b"\x81\x00" * 50)
    assert (read_hu(tmp_path / "b") == -1024).all()


@pytest.mark.parametrize("transfer_syntax", ["1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.100", "1.2.3"])
def test_a_transfer_syntax_nobody_decodes_is_refused(tmp_path, write_ct, transfer_syntax):
    path = tmp_path / "a"
    write_ct(path)
    raw = path.read_bytes()
    old = b"1.2.840.10008.1.2.1\0"
    new = transfer_syntax.encode() + b"\0" * (len(transfer_syntax) % 2)
    start = raw.index(old)
    length = len(new).to_bytes(2, "little")
    patched = raw[: start - 2] + length + new + raw[start + len(old) :]
    path.write_bytes(patched)
    with pytest.raises(DicomError, match="transfer syntax is not one that can be decoded"):
        read_series(path)
