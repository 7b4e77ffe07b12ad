"""Segmentations that are none, or that would hurt the machine, are refused with a sentence."""

import zlib

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom.uid import JPEGLSLossless

from recist.dicom.seg import read_segmentation
from recist.errors import DicomError

KINDS = highdicom.seg.SegmentationTypeValues


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DimensionOrganizationType": "TILED_FULL"}, "a slide in tiles"),
        ({"TotalPixelMatrixColumns": 1000}, "a slide in tiles"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "not a DICOM segmentation"),
        ({"SegmentationType": "WISH"}, "SegmentationType"),
        ({"NumberOfFrames": 2**24}, "announces 16777216 frames"),
        ({"Rows": 60000, "Columns": 60000}, "more than 262144 frames or 2147483648 pixels"),
        ({"Rows": 4000, "Columns": 4000}, "pixel data are shorter"),
        ({"NumberOfFrames": 3}, "announces 3 frames and describes 4"),
        ({"BitsAllocated": 32}, "32 bits a pixel"),
        ({"SamplesPerPixel": 3}, "colours"),
        ({"PixelData": b""}, "pixel data are shorter"),
    ],
)
def test_what_is_no_segmentation_of_slices_is_refused_with_a_sentence(bench, change, words) -> None:
    def spoil(dataset: pydicom.Dataset) -> None:
        for keyword, value in change.items():
            setattr(dataset, keyword, value)

    path = bench.edit(bench.write_seg(bench.make_slices()), spoil)
    with pytest.raises(DicomError, match=words) as fault:
        read_segmentation(path, bench.series())
    assert str(fault.value).startswith("seg.dcm: ")


def test_a_segmentation_compressed_with_loss_is_refused(bench) -> None:
    path = bench.write_seg(bench.make_slices(), kind=KINDS.FRACTIONAL, transfer_syntax_uid=JPEGLSLossless)
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.4.80", b"1.2.840.10008.1.2.4.81"))
    with pytest.raises(DicomError, match="with loss"):
        read_segmentation(path, bench.series())


def test_a_deflate_bomb_is_refused(bench) -> None:
    path = bench.write_seg(bench.make_slices())
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    meta = pydicom.dcmread(path).file_meta
    head = path.read_bytes()[: 132 + 12 + meta.FileMetaInformationGroupLength]
    packer = zlib.compressobj(wbits=-15)
    body = b"".join(packer.compress(bytes(2**24)) for _ in range(20)) + packer.flush()
    path.write_bytes(head + body)
    with pytest.raises(DicomError, match="grows beyond 192 MiB"):
        read_segmentation(path, bench.series())


@pytest.mark.parametrize("share", [0.0, 0.02, 0.2, 0.5, 0.9, 0.99])
def test_a_truncated_segmentation_is_refused_without_a_crash(bench, share) -> None:
    path = bench.write_seg(bench.make_slices())
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(DicomError, match=r"seg\.dcm"):
        read_segmentation(path, bench.series())


def test_random_bytes_under_the_name_of_a_mask_are_refused(bench) -> None:
    bench.make_slices()
    path = bench.folder / "seg.dcm"
    path.write_bytes(np.random.default_rng(3).bytes(5000))
    with pytest.raises(DicomError, match=r"seg\.dcm"):
        read_segmentation(path, bench.series())
