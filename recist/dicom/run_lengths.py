"""RLE, the run-length compression of DICOM (PS3.5 annex G), without trust in what it decodes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from recist.errors import DicomError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.dicom.header import PixelLayout

HEAD_BYTES = 64
MOST_SEGMENTS = 15
LONGEST_COPY = 128  # control bytes below copy so many bytes and one, those above repeat one byte, this one does nothing
LONGEST_RUN = 257


def decode_runs(encoded: bytes, layout: PixelLayout) -> NDArray[np.unsignedinteger]:
    """Decode one frame.

    Parameters
    ----------
    encoded : bytes
    layout : PixelLayout

    Returns
    -------
    array of unsigned integer, shape (n_rows, n_columns)

    Raises
    ------
    DicomError
        When the segments are not those of such an image, or end too early.
    """
    n_bytes = layout.bits_allocated // 8
    starts = _parse_starts(encoded, n_bytes)
    source = np.frombuffer(encoded, np.uint8)
    planes = np.empty((n_bytes, layout.frame_pixels), np.uint8)
    for plane, start, end in zip(planes, starts, [*starts[1:], len(encoded)], strict=True):
        if unpack(source[start:end], plane) < layout.frame_pixels:
            raise DicomError("its run lengths end too early")
    return _weave(planes).reshape(layout.rows, layout.columns)


def _weave(planes: NDArray[np.uint8]) -> NDArray[np.unsignedinteger]:
    """Join the bytes of each pixel, the most significant plane first."""
    if len(planes) == 2:
        return weave_pairs(planes[0], planes[1])
    whole = np.empty((planes.shape[1], len(planes)), np.uint8)
    whole[:, ::-1] = planes.T
    return whole.reshape(-1).view(f"<u{len(planes)}")


def _parse_starts(encoded: bytes, n_bytes: int) -> list[int]:
    if len(encoded) < HEAD_BYTES:
        raise DicomError("its run lengths end too early")
    n_segments, *starts = struct.unpack(f"<{1 + MOST_SEGMENTS}L", encoded[:HEAD_BYTES])
    if n_segments != n_bytes:
        raise DicomError(f"its run lengths are in {n_segments} segments, its header says {n_bytes} bytes a pixel")
    starts = starts[:n_bytes]
    if starts != sorted(starts) or starts[0] < HEAD_BYTES or starts[-1] > len(encoded):
        raise DicomError("its run lengths do not lie where they say")
    return starts


@njit(cache=True, nogil=True)
def unpack(source: NDArray[np.uint8], out: NDArray[np.uint8]) -> int:  # pragma: no cover  # compiled
    """Unpack one segment; give the number of bytes found.

    What would go beyond either array is cut off.
    """
    place, found = 0, 0
    while place < source.size and found < out.size:
        control = int(source[place])
        place += 1
        if control < LONGEST_COPY:
            count = min(control + 1, source.size - place, out.size - found)
            out[found : found + count] = source[place : place + count]
            place += control + 1
            found += count
        elif control > LONGEST_COPY and place < source.size:
            value = source[place]
            place += 1
            count = min(LONGEST_RUN - control, out.size - found)
            out[found : found + count] = value
            found += count
    return found


@njit(cache=True, nogil=True)
def weave_pairs(
    high: NDArray[np.uint8], low: NDArray[np.uint8]
) -> NDArray[np.unsignedinteger]:  # pragma: no cover  # compiled
    """Join two bytes to a pixel."""
    out = np.empty(high.size, np.uint16)
    for index in range(out.size):
        out[index] = np.uint16(high[index]) << np.uint16(8) | np.uint16(low[index])
    return out
