"""Decoding with the codecs, which are foreign code in C and Rust: runs in a guarded child process."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.dicom.codecs import CHARLS, CODECS
from recist.dicom.codestream import require_size
from recist.dicom.encapsulated import read_pieces
from recist.dicom.faults import BROKEN_FILE
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from recist.dicom.encapsulated import Pieces
    from recist.dicom.header import PixelLayout

    Stored = NDArray[np.integer[Any]]

# What is imported before the clock starts.
GUARDED_IMPORTS = ("pydicom.pixels.decoders", "gdcm", "jpeg_ls", "openjpeg")

ITEM_TAG = b"\xfe\xff\x00\xe0"
PANIC = "PanicException"


def decode_frames(path: str, frames: Sequence[Pieces], layout: PixelLayout) -> tuple[Stored, tuple[str, ...]]:
    """Read and decode some frames of a file.

    Parameters
    ----------
    path : str
    frames : sequence of pieces
        From `recist.dicom.encapsulated.find_frames`.
    layout : PixelLayout

    Returns
    -------
    stored : array of integer, shape (n_frames, n_rows, n_columns)
        As pydicom gives it.
    warnings : tuple of str
        What the codecs warned about.

    Raises
    ------
    DicomError
        When a frame is not what the header says, or no codec can decode it.
    """
    with Path(path).open("rb") as stream:
        encoded = [read_pieces(stream, pieces) for pieces in frames]
    for each in encoded:
        require_size(each, layout.rows, layout.columns)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        stored = [_decode(each, layout) for each in encoded]
    whole = stored[0][np.newaxis] if len(stored) == 1 else np.stack(stored)
    return whole, tuple(dict.fromkeys(str(each.message) for each in caught))


def _decode(encoded: bytes, layout: PixelLayout) -> Stored:
    """Decode a frame with the first codec that can; a later one takes over where an earlier one fails."""
    cause: BaseException | None = None
    for codec in CODECS[layout.transfer_syntax]:
        try:
            stored = _decode_with(codec, encoded, layout)
        except (DicomError, MemoryError):
            raise
        except BROKEN_FILE as fault:
            cause = fault
        else:
            if stored.shape != (layout.rows, layout.columns):
                raise DicomError("its compressed image is not of the size its header says")
            return stored
    raise DicomError("its compressed image is damaged, or of a kind that no codec here knows") from cause


def _decode_with(codec: str, encoded: bytes, layout: PixelLayout) -> Stored:
    """Decode; a codec written in Rust that loses its head is a fault of the file.

    Such a panic is no `Exception`, and has no class that could be imported.
    """
    try:
        return _decode_jpeg_ls(encoded, layout) if codec == CHARLS else _decode_by_pydicom(codec, encoded, layout)
    except BaseException as fault:
        if type(fault).__name__ == PANIC:
            raise ValueError(PANIC) from fault
        raise


def _decode_jpeg_ls(encoded: bytes, layout: PixelLayout) -> Stored:
    """Decode JPEG-LS as pydicom does, without its detours; the codestream knows no sign, the header does."""
    import jpeg_ls  # type: ignore[import-untyped]

    buffer, found = jpeg_ls.decode_buffer(encoded)
    if found["components"] != 1:
        raise DicomError("its pixels are colours, not CT values")
    n_bytes = 1 if found["bits_per_sample"] <= 8 else 2
    dtype = np.dtype(f"<{'i' if layout.is_signed else 'u'}{n_bytes}")
    stored: Stored = np.frombuffer(buffer, dtype).reshape(layout.rows, layout.columns)
    above = 8 * n_bytes - (found["bits_per_sample"] if layout.is_signed else layout.bits_stored)
    return (stored << above) >> above if above > 0 else stored


def _decode_by_pydicom(codec: str, encoded: bytes, layout: PixelLayout) -> Stored:
    from pydicom.pixels.decoders.base import get_decoder

    padded = encoded + bytes(len(encoded) % 2)
    frames = get_decoder(layout.transfer_syntax).iter_array(
        ITEM_TAG + bytes(4) + ITEM_TAG + struct.pack("<L", len(padded)) + padded,
        decoding_plugin=codec,
        rows=layout.rows,
        columns=layout.columns,
        number_of_frames=1,
        samples_per_pixel=1,
        photometric_interpretation=layout.photometric,
        bits_allocated=layout.bits_allocated,
        bits_stored=layout.bits_stored,
        pixel_representation=int(layout.is_signed),
        pixel_keyword="PixelData",
    )
    stored: Stored = next(frames)[0]
    return stored
