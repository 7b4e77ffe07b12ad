"""The pixels of a segmentation, frame by frame, each cut to what is drawn on it. Runs in a guarded child."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import iter_pixels

from recist.dicom import elements
from recist.dicom.codecs import LOSSY
from recist.dicom.derived_object import inflate
from recist.dicom.seg.seg_file import FRACTIONAL, LABEL_MAP, Crops
from recist.dicom.seg.segment import trim
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import Dataset

DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"  # deflated image frame compression
MOST_VOXELS = 2**31
MOST_FRAMES = 2**18

Pixels = npt.NDArray[np.unsignedinteger]


def read_crops(dataset: Dataset, kind: str, threshold: float) -> Crops:
    """Read the pixels of all frames.

    Parameters
    ----------
    dataset : pydicom.Dataset
    kind : str
        ``BINARY``, ``FRACTIONAL`` or ``LABELMAP``.
    threshold : float
        Of the greatest fraction: from where on a pixel of a fractional segmentation counts as inside.

    Raises
    ------
    DicomError
        When there are fewer pixels than announced, or too many, or they were compressed with loss.
    """
    n_frames, n_rows, n_columns = require_shape(dataset)
    least = 1.0 if kind != FRACTIONAL else threshold * _greatest_fraction(dataset)
    boxes = np.zeros((n_frames, 4), dtype=np.int32)
    values: list[Pixels] = []
    n_seen = 0
    for k, frame in enumerate(_iter_frames(dataset, n_frames, n_rows * n_columns)):
        n_seen += 1
        plane = frame.reshape(n_rows, n_columns)
        cut = trim(plane > 0 if kind == LABEL_MAP else (plane >= least) & (plane > 0))
        if cut is None:
            values.append(np.zeros(0, dtype=plane.dtype if kind == LABEL_MAP else np.uint8))
            continue
        row, column, inside = cut
        end_row, end_column = row + inside.shape[0], column + inside.shape[1]
        boxes[k] = row, end_row, column, end_column
        found = plane[row:end_row, column:end_column].ravel() if kind == LABEL_MAP else np.packbits(inside)
        values.append(found.copy())
    if n_seen != n_frames:
        raise DicomError(f"it announces {n_frames} frames and holds {n_seen}")
    starts = np.concatenate(([0], np.cumsum([each.size for each in values], dtype=np.int64)))
    return Crops(boxes=boxes, starts=starts, values=np.concatenate(values), are_bits=kind != LABEL_MAP)


def require_shape(dataset: Dataset) -> tuple[int, int, int]:
    """Give frames, rows and columns.

    Raises
    ------
    DicomError
        Where they are not given or beyond all measure.
    """
    n_rows, n_columns = elements.whole(dataset, "Rows"), elements.whole(dataset, "Columns")
    n_frames = elements.whole(dataset, "NumberOfFrames") if elements.is_given(dataset, "NumberOfFrames") else 1
    if not n_rows or not n_columns or not n_frames or min(n_rows, n_columns, n_frames) < 0:
        raise DicomError("it does not say how many frames, rows and columns it has")
    if n_frames > MOST_FRAMES or n_frames * n_rows * n_columns > MOST_VOXELS:
        raise DicomError(
            f"it announces {n_frames} frames of {n_rows} × {n_columns} pixels, more than {MOST_FRAMES} frames or "
            f"{MOST_VOXELS} pixels"
        )
    if (elements.whole(dataset, "SamplesPerPixel") or 1) != 1:
        raise DicomError("its pixels are colours, not segments")
    return n_frames, n_rows, n_columns


def _greatest_fraction(dataset: Dataset) -> int:
    found = elements.whole(dataset, "MaximumFractionalValue")
    if not found or found < 0:
        raise DicomError("it holds fractions and does not say which number is the whole (MaximumFractionalValue)")
    return found


def _iter_frames(dataset: Dataset, n_frames: int, n_pixels: int) -> Iterator[Pixels]:
    transfer_syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
    if transfer_syntax in LOSSY:
        raise DicomError("it was compressed with loss, so its edges are not those that were drawn")
    if "PixelData" not in dataset:
        raise DicomError("it has no pixels")
    if transfer_syntax == DEFLATED_FRAMES:
        return _deflated_frames(dataset, n_frames, n_pixels)
    if dataset.file_meta.get("TransferSyntaxUID") and dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        return (np.asarray(frame) for frame in iter_pixels(dataset, raw=True))
    return _native_frames(bytes(dataset.PixelData or b""), _bits(dataset), _is_big_endian(dataset), n_frames, n_pixels)


def _bits(dataset: Dataset) -> int:
    bits = elements.whole(dataset, "BitsAllocated")
    if bits not in (1, 8, 16):
        raise DicomError(f"it has {bits} bits a pixel; a segmentation has 1, 8 or 16")
    return bits


def _is_big_endian(dataset: Dataset) -> bool:
    return bool(dataset.file_meta.get("TransferSyntaxUID") == "1.2.840.10008.1.2.2")


def _native_frames(stored: bytes, bits: int, big_endian: bool, n_frames: int, n_pixels: int) -> Iterator[Pixels]:
    if len(stored) < math.ceil(n_frames * n_pixels * bits / 8):
        raise DicomError(f"it announces {n_frames} frames and its pixel data are shorter")
    if bits == 1:
        yield from _bit_frames(np.frombuffer(stored, dtype=np.uint8), n_frames, n_pixels)
        return
    dtype = np.dtype(np.uint8) if bits == 8 else np.dtype(">u2" if big_endian else "<u2")
    for k in range(n_frames):
        frame = np.frombuffer(stored, dtype=dtype, count=n_pixels, offset=k * n_pixels * dtype.itemsize)
        yield frame.astype(dtype.newbyteorder("="), copy=False)


def _bit_frames(stored: npt.NDArray[np.uint8], n_frames: int, n_pixels: int) -> Iterator[Pixels]:
    """Unpack frames that follow each other without a gap, the lowest bit first (PS3.5 8.1.1)."""
    for k in range(n_frames):
        begin, end = k * n_pixels, (k + 1) * n_pixels
        part = stored[begin // 8 : math.ceil(end / 8)]
        yield (
            np.unpackbits(part, bitorder="little")[begin % 8 :][:n_pixels]
            if part.any()
            else np.zeros(n_pixels, dtype=np.uint8)
        )


def _deflated_frames(dataset: Dataset, n_frames: int, n_pixels: int) -> Iterator[Pixels]:
    bits = _bits(dataset)
    n_bytes = math.ceil(n_pixels * bits / 8)
    for packed in generate_frames(dataset.PixelData, number_of_frames=n_frames):
        plain = inflate(packed, n_bytes + 1)
        yield from _native_frames(plain, bits, big_endian=False, n_frames=1, n_pixels=n_pixels)
