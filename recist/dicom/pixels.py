"""The stored values of an image, frame by frame, out of any transfer syntax."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.dicom.codecs import LOSSLESS_JPEG, NATIVE, RUN_LENGTHS
from recist.dicom.decoding import decode_frames
from recist.dicom.encapsulated import find_frames, read_pieces
from recist.dicom.stream import DEFLATED, open_elements
from recist.errors import DicomError
from recist.guarded import call_guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from recist.dicom.encapsulated import Pieces
    from recist.dicom.header import ImageHeader, PixelLayout

    Stored = NDArray[np.integer[Any]]
    Place = Callable[[int], Stored | None]

MIB = 2**20
# Frames decoded in one go: many small ones, or one large one.
PORTION_BYTES = 4 * MIB
# What codecs need: JPEG 2000 four bytes a pixel, twice, beside the compressed and the decoded frame.
DECODER_MIB = 100
DECODER_MIB_A_MIB = 6
DECODER_SECONDS = 1.2
DECODER_SECONDS_A_MIB = 0.2
TRUNCATED = "its pixel data are truncated"


def read_stored(header: ImageHeader) -> Iterator[Stored]:
    """Read the stored values of each frame of an image.

    Yields
    ------
    array of integer, shape (n_rows, n_columns)
        Before rescale; signed or unsigned as the file says, unused bits cleared.

    Raises
    ------
    DicomError
        When there are not as many frames as announced, or a frame cannot be decoded.
    """
    for portion in plan_portions(header):
        for _, stored in read_portion(header, portion):
            yield stored


class Portion:
    """Some consecutive frames of an image.

    Parameters
    ----------
    frames : range
        Counted from 0.
    pieces : sequence of pieces
        Where compressed frames lie; empty for others.
    """

    __slots__ = ("frames", "pieces")

    def __init__(self, frames: range, pieces: Sequence[Pieces] = ()) -> None:
        self.frames, self.pieces = frames, pieces


def plan_portions(header: ImageHeader) -> list[Portion]:
    """Cut an image into portions that can be read side by side.

    Raises
    ------
    DicomError
        When its compressed frames cannot be told apart.
    """
    layout = header.layout
    step = max(1, PORTION_BYTES * layout.n_frames // max(layout.raw_bytes, 1))
    if layout.transfer_syntax == DEFLATED:
        step = layout.n_frames  # inflated once
    parts = [range(layout.n_frames)[start : start + step] for start in range(0, layout.n_frames, step)]
    if layout.transfer_syntax in NATIVE:
        return [Portion(part) for part in parts]
    with header.path.open("rb") as stream:
        pieces = find_frames(stream, layout)
    return [Portion(part, pieces[part.start : part.stop]) for part in parts]


def read_portion(header: ImageHeader, portion: Portion, place: Place = lambda _: None) -> Iterator[tuple[int, Stored]]:
    """Read the frames of a portion.

    Parameters
    ----------
    header : ImageHeader
    portion : Portion
    place : callable, optional
        Gives for the index of a frame an array of 16 bits a pixel that the stored values may be read into, or None.

    Yields
    ------
    (index, stored)
        The index of the frame, from 0, and its values, in the array of `place` where that was possible.
    """
    layout = header.layout
    if layout.transfer_syntax == DEFLATED:
        return _read_deflated(header.path, portion, layout)
    if layout.transfer_syntax in NATIVE:
        return _read_raw(header.path, portion, layout, place)
    if layout.transfer_syntax == RUN_LENGTHS or layout.transfer_syntax in LOSSLESS_JPEG:
        return _read_unguarded(header.path, portion, layout)
    return _read_guarded(header.path, portion, layout)


def _read_raw(path: Path, portion: Portion, layout: PixelLayout, place: Place) -> Iterator[tuple[int, Stored]]:
    dtype = _dtype_of(layout)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        for index in portion.frames:
            room = place(index) if dtype.itemsize == 2 and dtype.isnative else None
            stored = np.empty((layout.rows, layout.columns), dtype) if room is None else room.view(dtype)
            _fill(descriptor, stored, layout.offset + index * stored.nbytes)
            yield index, clear_unused_bits(stored.astype(dtype.newbyteorder("="), copy=False), layout)
    finally:
        os.close(descriptor)


def _fill(descriptor: int, stored: Stored, offset: int) -> None:
    view = memoryview(stored.reshape(-1).view(np.uint8))  # type: ignore[arg-type]  # an array is a buffer
    while view:
        found = os.preadv(descriptor, [view], offset)
        if not found:
            raise DicomError(TRUNCATED)
        view, offset = view[found:], offset + found


def _read_deflated(path: Path, portion: Portion, layout: PixelLayout) -> Iterator[tuple[int, Stored]]:
    dtype = _dtype_of(layout)
    with open_elements(path) as (stream, _):
        stream.seek(layout.offset)
        for index in portion.frames:
            buffer = stream.read(layout.frame_pixels * dtype.itemsize)
            if len(buffer) < layout.frame_pixels * dtype.itemsize:
                raise DicomError(TRUNCATED)
            yield index, clear_unused_bits(np.frombuffer(buffer, dtype).reshape(layout.rows, layout.columns), layout)


def _dtype_of(layout: PixelLayout) -> np.dtype[Any]:
    order = "<" if layout.is_little_endian else ">"
    return np.dtype(f"{order}{'i' if layout.is_signed else 'u'}{layout.bits_allocated // 8}")


def _read_unguarded(path: Path, portion: Portion, layout: PixelLayout) -> Iterator[tuple[int, Stored]]:
    """Decode with our own decoders, which need no guard; what is too unusual for them goes to the codecs."""
    for index, pieces in zip(portion.frames, portion.pieces, strict=True):
        with path.open("rb") as stream:
            stored = _decode_ourselves(read_pieces(stream, pieces), layout)
        if stored is None:
            yield from _read_guarded(path, Portion(range(index, index + 1), [pieces]), layout)
        else:
            yield index, clear_unused_bits(stored.view(_dtype_of(layout).newbyteorder("=")), layout)


def _decode_ourselves(encoded: bytes, layout: PixelLayout) -> Stored | None:
    # their inner loops are compiled when first used
    if layout.transfer_syntax == RUN_LENGTHS:
        from recist.dicom.run_lengths import decode_runs

        return decode_runs(encoded, layout)
    from recist.dicom.lossless_jpeg import decode_lossless_jpeg

    return decode_lossless_jpeg(encoded, layout)


def _read_guarded(path: Path, portion: Portion, layout: PixelLayout) -> Iterator[tuple[int, Stored]]:
    raw_mib = len(portion.frames) * layout.frame_pixels * max(layout.bits_allocated // 8, 2) / MIB
    encoded_mib = sum(length for pieces in portion.pieces for _, length in pieces) / MIB
    stored, notes = call_guarded(
        decode_frames,
        str(path),
        tuple(portion.pieces),
        layout,
        memory_mib=DECODER_MIB + DECODER_MIB_A_MIB * raw_mib + 3 * encoded_mib,
        seconds=DECODER_SECONDS + DECODER_SECONDS_A_MIB * raw_mib,
    )
    if stored.shape != (len(portion.frames), layout.rows, layout.columns):
        raise DicomError("its compressed image is not of the size its header says")
    for note in notes:
        warnings.warn(note, stacklevel=2)
    return iter(zip(portion.frames, stored, strict=True))


def clear_unused_bits(stored: Stored, layout: PixelLayout) -> Stored:
    """Drop the bits above the stored ones, which may hold anything (PS3.5 8.1.1), and extend the sign."""
    above = layout.bits_allocated - 1 - layout.high_bit
    below = layout.high_bit + 1 - layout.bits_stored
    if not above and not below:
        return stored
    return (stored << above) >> (above + below)
