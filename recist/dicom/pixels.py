"""The stored values of an image, frame by frame, out of any transfer syntax."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from recist.dicom.codecs import CODECS, NATIVE
from recist.dicom.codestream import require_size
from recist.dicom.faults import BROKEN_FILE
from recist.dicom.stream import open_elements
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from recist.dicom.header import ImageHeader, PixelLayout

    Stored = NDArray[np.integer[Any]]

PANIC = "PanicException"


def read_stored(header: ImageHeader) -> Iterator[Stored]:
    """Read the stored values of each frame of an image.

    Yields
    ------
    array of integer, shape (n_rows, n_columns)
        Before rescale; signed or unsigned as the file says, unused bits cleared.

    Raises
    ------
    DicomError
        When there are fewer frames than announced; foreign exceptions of the codecs pass through.
    """
    layout = header.layout
    with open_elements(header.path) as (stream, _):
        stream.seek(layout.offset)
        if layout.transfer_syntax in NATIVE:
            yield from _read_raw(stream, layout)
        else:
            # an encapsulated value ends with its own delimiter, so reading to the end of the file is enough
            yield from _decode(stream.read(layout.length if layout.length is not None else -1), layout)


def _read_raw(stream: BinaryIO, layout: PixelLayout) -> Iterator[Stored]:
    order = "<" if layout.is_little_endian else ">"
    kind = "i" if layout.is_signed else "u"
    dtype = np.dtype(f"{order}{kind}{layout.bits_allocated // 8}")
    for _ in range(layout.n_frames):
        buffer = stream.read(layout.frame_pixels * dtype.itemsize)
        stored = np.frombuffer(buffer, dtype, count=layout.frame_pixels).reshape(layout.rows, layout.columns)
        yield clear_unused_bits(stored.astype(dtype.newbyteorder("="), copy=False), layout)


def clear_unused_bits(stored: Stored, layout: PixelLayout) -> Stored:
    """Drop the bits above the stored ones, which may hold anything (PS3.5 8.1.1), and extend the sign."""
    above = layout.bits_allocated - 1 - layout.high_bit
    below = layout.high_bit + 1 - layout.bits_stored
    if not above and not below:
        return stored
    return (stored << above) >> (above + below)


def _decode(encoded: bytes, layout: PixelLayout) -> Iterator[Stored]:
    """Decode frame by frame with the first codec that can; a later one takes over where an earlier one fails."""
    done = 0
    codecs = CODECS[layout.transfer_syntax]
    for codec in codecs:
        try:
            for stored in islice(_without_panic(_decode_with(codec, encoded, layout)), done, layout.n_frames):
                yield stored
                done += 1
            break
        except BROKEN_FILE:
            if codec == codecs[-1]:
                raise
    if done < layout.n_frames:
        raise DicomError(f"its pixel data hold {done} of {layout.n_frames} frames")


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


def _decode_with(codec: str, encoded: bytes, layout: PixelLayout) -> Iterator[Stored]:
    from pydicom.encaps import generate_frames
    from pydicom.pixels.decoders.base import get_decoder

    for encoded_frame in generate_frames(encoded, number_of_frames=layout.n_frames):
        require_size(encoded_frame, layout.rows, layout.columns)
    quiet_gdcm()
    frames = get_decoder(layout.transfer_syntax).iter_array(
        encoded,
        decoding_plugin=codec,
        rows=layout.rows,
        columns=layout.columns,
        number_of_frames=layout.n_frames,
        samples_per_pixel=1,
        photometric_interpretation=layout.photometric,
        bits_allocated=layout.bits_allocated,
        bits_stored=layout.bits_stored,
        pixel_representation=int(layout.is_signed),
        pixel_keyword="PixelData",
    )
    return (stored for stored, _ in frames)


def quiet_gdcm() -> None:
    """Keep gdcm from writing about files on the terminal."""
    import gdcm  # type: ignore[import-untyped]

    gdcm.Trace.WarningOff()
    gdcm.Trace.ErrorOff()
    gdcm.Trace.DebugOff()
