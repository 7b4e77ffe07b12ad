"""Every codec on random values: the truth is what was put in, and what pydicom reads."""

from __future__ import annotations

import struct
import warnings

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import RLELossless

from recist.dicom.codecs import CODECS, LOSSY, NATIVE
from recist.dicom.encapsulated import find_frames, read_pieces
from recist.dicom.parse import read_header
from recist.dicom.pixels import read_stored
from recist.dicom.series import read_series
from recist.errors import DicomError

RLE = "1.2.840.10008.1.2.5"
BASELINE = "1.2.840.10008.1.2.4.50"
EXTENDED = "1.2.840.10008.1.2.4.51"
PROCESS_14 = "1.2.840.10008.1.2.4.57"
LOSSLESS_JPEG = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_2000 = "1.2.840.10008.1.2.4.90"

BY_PYDICOM = (RLE, JPEG_LS, JPEG_2000)
BY_GDCM = {PROCESS_14: "JPEGLosslessProcess14", LOSSLESS_JPEG: "JPEGLosslessProcess14_1"}
LAYOUTS = [(8, False), (12, False), (12, True), (16, False), (16, True)]


def make_noise(bits, is_signed, seed=11):
    """Values over the whole range, smooth ones and flat ones."""
    random = np.random.default_rng(seed)
    low, high = (-(1 << bits - 1), 1 << bits - 1) if is_signed else (0, 1 << bits)
    values = random.integers(low, high, (37, 50))
    values[10:20] = low + (high - low) // 2 + random.integers(-3, 4, (10, 50))
    values[20:25] = high - 1
    values[25:30] = low
    return values.astype(f"{'i' if is_signed else 'u'}{1 if bits == 8 else 2}")


def write_image(write_ct, path, stored, bits):
    allocated = 8 * stored.dtype.itemsize
    return write_ct(path, stored, BitsAllocated=allocated, BitsStored=bits, HighBit=bits - 1, RescaleIntercept=0)


def compress_by_gdcm(source, path, name):
    import gdcm

    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(path))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()


def read_one(path):
    return next(read_stored(read_header(path, path.name)))


@pytest.mark.parametrize(("bits", "is_signed"), LAYOUTS)
@pytest.mark.parametrize("syntax", BY_PYDICOM)
def test_what_pydicom_compresses_comes_back(tmp_path, write_ct, syntax, bits, is_signed):
    stored = make_noise(bits, is_signed)
    dataset = write_image(write_ct, tmp_path / "a", stored, bits)
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(tmp_path / "b")
    found = read_one(tmp_path / "b")
    np.testing.assert_array_equal(found, stored)
    np.testing.assert_array_equal(found, pydicom.dcmread(tmp_path / "b").pixel_array)


@pytest.mark.parametrize(("bits", "is_signed"), LAYOUTS)
@pytest.mark.parametrize("syntax", BY_GDCM)
def test_lossless_jpeg_of_gdcm_comes_back(tmp_path, write_ct, syntax, bits, is_signed):
    stored = make_noise(bits, is_signed)
    write_image(write_ct, tmp_path / "a", stored, bits)
    compress_by_gdcm(tmp_path / "a", tmp_path / "b", BY_GDCM[syntax])
    dataset = pydicom.dcmread(tmp_path / "b")
    assert dataset.file_meta.TransferSyntaxUID == syntax
    found = read_one(tmp_path / "b")
    np.testing.assert_array_equal(found, stored)
    np.testing.assert_array_equal(found, dataset.pixel_array)


def test_baseline_jpeg_is_read_as_pydicom_reads_it_and_flagged(tmp_path, write_ct):
    # smooth values: baseline JPEG keeps eight bits
    stored = (np.add.outer(np.arange(40), np.arange(48)) + 60).astype(np.uint8)
    write_image(write_ct, tmp_path / "a", stored, 8)
    compress_by_gdcm(tmp_path / "a", tmp_path / "b", "JPEGBaselineProcess1")
    dataset = pydicom.dcmread(tmp_path / "b")
    assert dataset.file_meta.TransferSyntaxUID == BASELINE
    np.testing.assert_array_equal(read_one(tmp_path / "b"), dataset.pixel_array)
    assert np.abs(read_one(tmp_path / "b").astype(int) - stored).max() <= 3
    assert read_series(tmp_path / "b").lossy


# --- lossless JPEG of other writers: every predictor, point transform, long codes ------------------------------------


def put_bits(numbers):
    """Join (value, bits) to bytes, a zero after each byte of ones, ones at the end."""
    text = "".join(f"{value:0{bits}b}" for value, bits in numbers if bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


# codes of 2 to 16 bits, so that some are longer than any table
COUNTS = (0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2)
VALUES = tuple(range(17))


def huffman_codes():
    codes, code, place = {}, 0, 0
    for length, count in enumerate(COUNTS, start=1):
        for _ in range(count):
            codes[VALUES[place]] = code, length
            code, place = code + 1, place + 1
        code <<= 1
    return codes


def predict(values, row, column, predictor, first):
    """T.81 table H.1, with its rules for the first row and column."""
    if row == 0:
        return int(values[0, column - 1]) if column else first
    above = int(values[row - 1, column])
    if column == 0:
        return above
    left, corner = int(values[row, column - 1]), int(values[row - 1, column - 1])
    return {
        1: left,
        2: above,
        3: corner,
        4: left + above - corner,
        5: left + ((above - corner) >> 1),
        6: above + ((left - corner) >> 1),
        7: (left + above) >> 1,
    }[predictor]


def encode_lossless(values, precision, predictor, shift=0, restart=b""):
    """Write T.81 annex H by the book."""
    shifted, codes, numbers = values.astype(np.int64) >> shift, huffman_codes(), []
    for row, column in np.ndindex(shifted.shape):
        expected = predict(shifted, row, column, predictor, 1 << (precision - shift - 1))
        difference = (int(shifted[row, column]) - expected + 32767) % 65536 - 32767
        category = abs(difference).bit_length()
        numbers.append(codes[category])
        if category < 16:
            numbers.append((difference if difference > 0 else difference + (1 << category) - 1, category))
    frame = struct.pack(">BHHBBBB", precision, *shifted.shape, 1, 1, 0x11, 0)
    table = bytes([0, *COUNTS, *VALUES])
    scan = bytes([1, 1, 0, predictor, 0, shift])
    segments = [(0xC3, frame), (0xC4, table), (0xDA, scan)]
    head = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return b"\xff\xd8" + restart + head + put_bits(numbers) + b"\xff\xd9"


def write_encapsulated(dataset, path, frames, syntax):
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path)


@pytest.mark.parametrize("precision", [12, 16])
@pytest.mark.parametrize("predictor", range(1, 8))
def test_every_predictor_of_lossless_jpeg_is_read_as_gdcm_reads_it(tmp_path, write_ct, predictor, precision):
    stored = make_noise(precision, is_signed=False)
    dataset = write_image(write_ct, tmp_path / "a", stored, precision)
    write_encapsulated(dataset, tmp_path / "b", [encode_lossless(stored, precision, predictor)], PROCESS_14)
    found = read_one(tmp_path / "b")
    np.testing.assert_array_equal(found, stored)
    np.testing.assert_array_equal(found, pydicom.dcmread(tmp_path / "b").pixel_array)


def test_a_point_transform_loses_low_bits_only(tmp_path, write_ct):
    stored = make_noise(12, is_signed=False)
    dataset = write_image(write_ct, tmp_path / "a", stored, 12)
    write_encapsulated(dataset, tmp_path / "b", [encode_lossless(stored, 12, 1, shift=2)], PROCESS_14)
    found = read_one(tmp_path / "b")
    np.testing.assert_array_equal(found, stored >> 2 << 2)
    np.testing.assert_array_equal(found, pydicom.dcmread(tmp_path / "b").pixel_array)


def test_lossless_jpeg_with_restart_marks_goes_to_the_codec(tmp_path, write_ct, monkeypatch):
    # a restart interval of one whole image changes nothing but the reader's way
    stored = make_noise(12, is_signed=False)
    dataset = write_image(write_ct, tmp_path / "a", stored, 12)
    interval = b"\xff\xdd\x00\x04" + struct.pack(">H", stored.size)
    frame = encode_lossless(stored, 12, 1, restart=interval)
    write_encapsulated(dataset, tmp_path / "b", [frame], LOSSLESS_JPEG)
    np.testing.assert_array_equal(read_one(tmp_path / "b"), stored)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.97])
def test_a_lossless_jpeg_that_ends_too_early_is_refused(tmp_path, write_ct, kept):
    stored = make_noise(12, is_signed=False)
    dataset = write_image(write_ct, tmp_path / "a", stored, 12)
    frame = encode_lossless(stored, 12, 1)
    write_encapsulated(dataset, tmp_path / "b", [frame[: int(len(frame) * kept)]], LOSSLESS_JPEG)
    with pytest.raises(DicomError, match="its compressed image ends after"):
        read_one(tmp_path / "b")


# --- run lengths -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_as_run_lengths_give_what_pydicom_gives_or_are_refused(tmp_path, write_ct, seed):
    random = np.random.default_rng(seed)
    dataset = write_image(write_ct, tmp_path / "a", make_noise(16, is_signed=False), 16)
    body = random.integers(0, 256, int(random.integers(10, 6000)), dtype=np.uint8).tobytes()
    middle = 64 + len(body) // 2
    frame = struct.pack("<16L", 2, 64, middle, *(0,) * 13) + body
    write_encapsulated(dataset, tmp_path / "b", [frame], RLE)
    read = pydicom.dcmread(tmp_path / "b")
    read.pixel_array_options(decoding_plugin="pydicom")
    try:
        with warnings.catch_warnings(action="ignore"):  # some hold more than they should
            expected = read.pixel_array
    except RuntimeError:
        with pytest.raises(DicomError, match="its run lengths end too early"):
            read_one(tmp_path / "b")
    else:
        np.testing.assert_array_equal(read_one(tmp_path / "b"), expected)


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (struct.pack("<16L", 1, 64, *(0,) * 14), "in 1 segments, its header says 2 bytes"),
        (struct.pack("<16L", 2, 4000, 64, *(0,) * 13), "do not lie where they say"),
        (struct.pack("<16L", 2, 64, 2**31, *(0,) * 13), "do not lie where they say"),
        (struct.pack("<16L", 2, 0, 0, *(0,) * 13), "do not lie where they say"),
        (b"\x02\0\0\0", "end too early"),
    ],
)
def test_run_lengths_with_an_impossible_head_are_refused(tmp_path, write_ct, head, sentence):
    dataset = write_ct(tmp_path / "a")
    write_encapsulated(dataset, tmp_path / "b", [head], RLE)
    with pytest.raises(DicomError, match=sentence):
        read_one(tmp_path / "b")


# --- frames in pieces ------------------------------------------------------------------------------------------------


@pytest.fixture
def write_frames(tmp_path, write_enhanced):
    """Write an Enhanced CT whose compressed frames are cut into `pieces` fragments each."""

    def write(frames, pieces, *, has_table, syntax=JPEG_LS):
        dataset = write_enhanced(tmp_path / "a", [3.0 * n for n in range(len(frames))], [(1, 0)] * len(frames))
        dataset.PixelData = encapsulate(frames, fragments_per_frame=pieces, has_bot=has_table)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.save_as(tmp_path / "b")
        return tmp_path / "b"

    return write


def make_frames(count):
    noise = np.random.default_rng(3).integers(0, 8, (count, 4, 5), dtype=np.uint16)
    return noise + 1000 + np.arange(count, dtype=np.uint16)[:, np.newaxis, np.newaxis] * 100


def encode_jpeg_ls(values):
    import jpeg_ls

    return bytes(jpeg_ls.encode_array(values, lossy_error=0))


@pytest.mark.parametrize("has_table", [True, False])
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_frames_in_pieces_are_told_apart_as_pydicom_does(write_frames, pieces, has_table):
    stored = make_frames(5)
    path = write_frames([encode_jpeg_ls(each) for each in stored], pieces, has_table=has_table)
    header = read_header(path, "b")
    with path.open("rb") as stream:
        mine = [read_pieces(stream, each) for each in find_frames(stream, header.layout)]
    pixel_data = pydicom.dcmread(path).PixelData
    assert mine == list(generate_frames(pixel_data, number_of_frames=5))
    np.testing.assert_array_equal(np.stack(list(read_stored(header))), stored)


def test_a_series_of_many_compressed_frames_is_read_in_portions(write_frames, monkeypatch):
    monkeypatch.setattr("recist.dicom.pixels.PORTION_BYTES", 80)
    stored = make_frames(7)
    path = write_frames([encode_jpeg_ls(each) for each in stored], 1, has_table=True)
    np.testing.assert_array_equal(read_series(path).hu, stored)


@pytest.mark.parametrize(("n_frames", "sentence"), [(2, "hold 3 of 2 frames"), (4, "hold 3 of 4 frames")])
def test_a_count_of_frames_that_is_not_met_is_refused(write_frames, tmp_path, n_frames, sentence):
    frame = encode_jpeg_ls(np.zeros((4, 5), np.uint16))
    path = write_frames([frame] * 3, 1, has_table=False)
    dataset = pydicom.dcmread(path)
    dataset.NumberOfFrames = n_frames
    groups = list(dataset.PerFrameFunctionalGroupsSequence)
    dataset.PerFrameFunctionalGroupsSequence = (groups + groups)[:n_frames]
    dataset.save_as(path)
    with pytest.raises(DicomError, match=sentence):
        read_series(path)


@pytest.mark.parametrize(
    ("pixel_data", "sentence"),
    [
        (b"", "hold 0 of 1 frames"),
        (b"\xfe\xff\x00\xe0\0\0\0\0", "hold 0 of 1 frames"),
        (b"\xfe\xff\x00\xe0\0\0\0\0\xfe\xff\x00\xe0\xff\xff\xff\x7f", "end too early"),
        (b"\xfe\xff\x00\xe0\x02\0\0\0ab", "table of offsets is not one"),
        (b"rubbish rubbish rubbish!", "not made of items"),
        (b"\xfe\xff\x00\xe0\0\0\0\0" * 2000, "more than 1024 pieces"),
        (b"\xfe\xff\x00\xe0\0\0\0\0" + b"\xfe\xff\x00\xe0\0\0\x02\0" + bytes(2**17), "more room compressed"),
    ],
)
def test_items_that_are_none_are_refused(tmp_path, write_ct, pixel_data, sentence):
    dataset = write_ct(tmp_path / "a")
    write_encapsulated(dataset, tmp_path / "b", [b"\xff\xd8\xff\xd9"], JPEG_LS)
    raw = (tmp_path / "b").read_bytes()
    place = raw.index(struct.pack("<HH", 0x7FE0, 0x0010) + b"OB\0\0\xff\xff\xff\xff") + 12
    (tmp_path / "b").write_bytes(raw[:place] + pixel_data)
    with pytest.raises(DicomError, match=sentence):
        read_one(tmp_path / "b")


def test_a_table_of_offsets_that_leads_astray_is_refused(write_frames):
    frame = encode_jpeg_ls(np.zeros((4, 5), np.uint16))
    path = write_frames([frame] * 2, 2, has_table=True)
    raw = bytearray(path.read_bytes())
    place = raw.index(struct.pack("<HH", 0x7FE0, 0x0010)) + 12 + 8 + 4
    raw[place : place + 4] = struct.pack("<L", 3)
    path.write_bytes(raw)
    with pytest.raises(DicomError, match="does not lead to its frames"):
        read_series(path)


# --- damaged and hostile codestreams ---------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [*BY_PYDICOM, LOSSLESS_JPEG])
def test_a_damaged_codestream_costs_one_image_and_not_the_series(tmp_path, write_ct, syntax):
    stored = make_noise(12, is_signed=False)
    for number in range(3):
        dataset = write_image(write_ct, tmp_path / "raw" / "a", stored, 12)
        dataset.ImagePositionPatient = [0, 0, number]
        dataset.save_as(tmp_path / "raw" / "a")
        path = tmp_path / "series" / str(number)
        path.parent.mkdir(exist_ok=True)
        if syntax in BY_PYDICOM:
            dataset.compress(syntax, generate_instance_uid=False)
            dataset.save_as(path)
        else:
            compress_by_gdcm(tmp_path / "raw" / "a", path, BY_GDCM[syntax])
    damaged = pydicom.dcmread(tmp_path / "series" / "1")
    (frame,) = generate_frames(damaged.PixelData, number_of_frames=1)
    damaged.PixelData = encapsulate([frame[:90]])
    damaged.save_as(tmp_path / "series" / "1")
    series = read_series(tmp_path / "series")
    assert len(series.hu) == 2
    assert any(note.startswith("1: ") for note in series.notes)
    np.testing.assert_array_equal(series.hu[0], stored)


@pytest.mark.parametrize("syntax", sorted(CODECS))
def test_random_bytes_in_every_transfer_syntax_are_refused(tmp_path, write_ct, syntax):
    dataset = write_ct(tmp_path / "a")
    rubbish = np.random.default_rng(5).integers(0, 256, 500, dtype=np.uint8).tobytes()
    write_encapsulated(dataset, tmp_path / "b", [rubbish], syntax)
    with pytest.raises(DicomError):
        read_series(tmp_path / "b")


def test_baseline_jpeg_of_twelve_bits_is_refused_because_no_codec_reads_it(tmp_path, write_ct):
    dataset = write_image(write_ct, tmp_path / "a", make_noise(12, is_signed=False), 12)
    write_encapsulated(dataset, tmp_path / "b", [b"\xff\xd8\xff\xd9"], EXTENDED)
    with pytest.raises(DicomError, match="lossy JPEG of 12 bits, which no codec here decodes"):
        read_series(tmp_path / "b")


def test_a_small_file_that_claims_a_huge_volume_is_refused(tmp_path, write_frames):
    path = write_frames([b"\xff\xd8\xff\xd9"] * 300, 1, has_table=False)
    dataset = pydicom.dcmread(path)
    dataset.Rows = dataset.Columns = 512
    dataset.save_as(path)
    with pytest.raises(DicomError, match="bytes claim to hold 157286400"):
        read_series(path)


def test_a_compressed_image_beyond_every_size_is_refused(tmp_path, write_ct):
    dataset = write_ct(tmp_path / "a")
    dataset.Rows = dataset.Columns = 8000
    write_encapsulated(dataset, tmp_path / "b", [bytes(10**6)], JPEG_2000)
    with pytest.raises(DicomError, match="larger than any compressed CT image"):
        read_series(tmp_path / "b")


def test_pixel_data_longer_than_the_image_are_refused_as_the_header_may_be_wrong(tmp_path, write_ct):
    write_ct(tmp_path / "a", np.zeros((8, 5), np.int16), Rows=4)
    with pytest.raises(DicomError, match="80 bytes long, and its header describes 40"):
        read_series(tmp_path / "a")


def test_uncompressed_pixel_data_without_a_length_are_refused(tmp_path, write_ct):
    write_encapsulated(write_ct(tmp_path / "a"), tmp_path / "b", [bytes(80)], RLELossless)
    raw = (tmp_path / "b").read_bytes()
    syntax = b"1.2.840.10008.1.2.5\0"
    (tmp_path / "b").write_bytes(raw.replace(syntax, b"1.2.840.10008.1.2.1\0"))
    with pytest.raises(DicomError, match="not compressed and yet of undefined length"):
        read_series(tmp_path / "b")


def test_a_transfer_syntax_is_native_or_has_codecs():
    assert not NATIVE & CODECS.keys()
    assert {syntax for syntax in CODECS if syntax in LOSSY} == {
        f"1.2.840.10008.1.2.4.{last}" for last in ("50", "51", "81", "91", "203")
    }
