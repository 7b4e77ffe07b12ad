"""Pixels without what is no image: bytes behind them, bits above them, comments in compressed frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.deidentify.markers import parse_precision, strip_frame
from recist.errors import DicomError

if TYPE_CHECKING:
    from pydicom import Dataset

BITS_OF_A_BYTE = 8
CUT_SHORT = "its pixels end before the last of them"
KNOWN_BITS = (1, 8, 16, 32)


def clean_pixels(dataset: Dataset) -> None:
    """Leave of the pixels of a file, in place, the pixels.

    Raises
    ------
    DicomError
        When it cannot be told what belongs to the image and what does not.
    """
    from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, RLELossless

    meta = dataset.file_meta
    if meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian  # deflated bytes cannot be searched for what is left in them
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            del dataset[keyword]
    if "PixelData" not in dataset:
        return
    if "ModalityLUTSequence" in dataset or dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        raise DicomError("its values or colours go through a table of its own, which may hold anything")
    if meta.TransferSyntaxUID == RLELossless or _has_bits_above(dataset):
        _decompress(dataset)
    if meta.TransferSyntaxUID.is_compressed:
        _clean_frames(dataset)
    else:
        _clean_native(dataset)


def _has_bits_above(dataset: Dataset) -> bool:
    """Whether compressed pixels have more bits than the image uses: an overlay may lie in them."""
    from pydicom.encaps import generate_frames

    if not dataset.file_meta.TransferSyntaxUID.is_compressed:
        return False
    frame = next(generate_frames(dataset.PixelData, number_of_frames=_count(dataset, "NumberOfFrames", 1)))
    return parse_precision(frame) > _count(dataset, "BitsStored", 0)


def _decompress(dataset: Dataset) -> None:
    """Store pixels unpacked whose packing leaves room for anything: behind the segments of RLE, or in unused bits."""
    dataset.decompress(generate_instance_uid=False)


def _clean_frames(dataset: Dataset) -> None:
    """Pack every frame anew, one fragment each, without comments, and without a table of the file's own making."""
    from pydicom.encaps import encapsulate, generate_frames

    if int(dataset.get("SamplesPerPixel", 1) or 1) != 1:
        raise DicomError("its pixels are compressed colours, of which it is not known here what a decoder needs")
    n_frames = _count(dataset, "NumberOfFrames", 1)
    frames = [strip_frame(frame) for frame in generate_frames(dataset.PixelData, number_of_frames=n_frames)]
    if len(frames) != n_frames:
        raise DicomError("it holds more or fewer compressed frames than it says")
    element = dataset["PixelData"]
    element.value = encapsulate(frames, has_bot=True)
    element.is_undefined_length = True


def _clean_native(dataset: Dataset) -> None:
    """Cut what follows the last pixel, and clear the bits above and below those of a pixel."""
    bits = _count(dataset, "BitsAllocated", 0)
    sides = [_count(dataset, keyword, 0) for keyword in ("Rows", "Columns")]
    n_pixels = sides[0] * sides[1] * _count(dataset, "SamplesPerPixel", 1) * _count(dataset, "NumberOfFrames", 1)
    if bits not in KNOWN_BITS or not n_pixels or "422" in str(dataset.get("PhotometricInterpretation", "")):
        raise DicomError("it does not say how its pixels are stored, or in a way that is not known here")
    n_bytes = -(-n_pixels * bits // BITS_OF_A_BYTE)
    pixels = dataset.PixelData
    if len(pixels) < n_bytes:
        raise DicomError(CUT_SHORT)
    cleaned = pixels[:n_bytes]
    cleaned = _clear_last_bits(cleaned, n_pixels) if bits == 1 else _clear_unused_bits(dataset, cleaned, bits)
    dataset["PixelData"].value = cleaned + b"\0" * (len(cleaned) % 2)


def _clear_last_bits(pixels: bytes, n_pixels: int) -> bytes:
    n_used = n_pixels % BITS_OF_A_BYTE
    return pixels if not n_used else pixels[:-1] + bytes([pixels[-1] & ((1 << n_used) - 1)])


def _clear_unused_bits(dataset: Dataset, pixels: bytes, bits: int) -> bytes:
    """Clear the bits that no pixel uses, where an old overlay may lie, and extend the sign of signed ones."""
    stored = _count(dataset, "BitsStored", bits)
    high = int(dataset.get("HighBit", stored - 1))
    above, below = bits - 1 - high, high + 1 - stored
    if min(above, below) < 0:
        raise DicomError("it does not say how its pixels are stored, or in a way that is not known here")
    if not above and not below:
        return pixels
    order = "<" if dataset.file_meta.TransferSyntaxUID.is_little_endian else ">"
    kind = "i" if dataset.get("PixelRepresentation", 0) == 1 else "u"
    values = np.frombuffer(pixels, f"{order}{kind}{bits // BITS_OF_A_BYTE}")
    cleared = ((values << above) >> (above + below)) << below
    return cleared.astype(values.dtype).tobytes()


def _count(dataset: Dataset, keyword: str, default: int) -> int:
    value = dataset.get(keyword, default)
    return int(default if value in (None, "") else value)
