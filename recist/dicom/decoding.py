"""Decoding with the codecs, which are foreign code in C and Rust: runs in a guarded child process."""

from __future__ import annotations

import struct
import warnings
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.dicom.codecs import CODECS
from recist.dicom.codestream import require_size
from recist.dicom.encapsulated import read_pieces
from recist.dicom.faults import BROKEN_FILE
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from recist.dicom.encapsulated import Pieces
    from recist.dicom.header import PixelLayout

    Stored = NDArray[np.integer[Any]]

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
        When a frame is not what the header says; foreign exceptions of the codecs pass through.
    """
    with Path(path).open("rb") as stream:
        encoded = [read_pieces(stream, pieces) for pieces in frames]
    for each in encoded:
        require_size(each, layout.rows, layout.columns)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        stored = list(_decode(_join(encoded), len(frames), layout))
    whole = stored[0][np.newaxis] if len(stored) == 1 else np.stack(stored)
    return whole, tuple(dict.fromkeys(str(each.message) for each in caught))


def _join(encoded: Sequence[bytes]) -> bytes:
    """Encapsulate frames anew, one fragment each, for pydicom."""
    items = [ITEM_TAG + bytes(4)]
    for each in encoded:
        padded = each + bytes(len(each) % 2)
        items += [ITEM_TAG, struct.pack("<L", len(padded)), padded]
    return b"".join(items)


def _decode(encoded: bytes, n_frames: int, layout: PixelLayout) -> Iterator[Stored]:
    """Decode frame by frame with the first codec that can; a later one takes over where an earlier one fails."""
    done = 0
    codecs = CODECS[layout.transfer_syntax]
    for codec in codecs:
        try:
            for stored in islice(_without_panic(_decode_with(codec, encoded, n_frames, layout)), done, n_frames):
                if stored.shape != (layout.rows, layout.columns):
                    raise DicomError("its compressed image is not of the size its header says")
                yield stored
                done += 1
            break
        except MemoryError:
            raise
        except BROKEN_FILE:
            if codec == codecs[-1]:
                raise
    if done < n_frames:
        raise DicomError(f"its pixel data hold {done} of {n_frames} frames")


def _without_panic(frames: Iterator[Stored]) -> Iterator[Stored]:
    """Pass frames on; a codec written in Rust that loses its head is a fault of the file, not the end of the program.

    Such a panic is no `Exception`, and has no class that could be imported.
    """
    try:
        yield from frames
    except BaseException as fault:
        if type(fault).__name__ == PANIC:
            raise ValueError(PANIC) from fault
        raise


def _decode_with(codec: str, encoded: bytes, n_frames: int, layout: PixelLayout) -> Iterator[Stored]:
    from pydicom.pixels.decoders.base import get_decoder

    frames = get_decoder(layout.transfer_syntax).iter_array(
        encoded,
        decoding_plugin=codec,
        rows=layout.rows,
        columns=layout.columns,
        number_of_frames=n_frames,
        samples_per_pixel=1,
        photometric_interpretation=layout.photometric,
        bits_allocated=layout.bits_allocated,
        bits_stored=layout.bits_stored,
        pixel_representation=int(layout.is_signed),
        pixel_keyword="PixelData",
    )
    return (stored for stored, _ in frames)
