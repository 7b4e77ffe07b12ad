"""The two places where a NIfTI file says how it lies in the patient, compared (NIfTI-1 data format, 2004)."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.errors import DicomError, GeometryError

HEADER_BYTES = 348
GZIP = b"\x1f\x8b"
READ_BYTES = 2**16
MOST_READ = 2**32
MILLIMETRES, UNSTATED = 2, 0
MOST_OFFSET = 2**24  # where the voxels begin: behind the extensions, which are small
SAME_PLACE_MM = 0.1
SAME_SPACING = 1e-3

if TYPE_CHECKING:
    from pathlib import Path

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NiftiPlace:
    """How a NIfTI file lies; matrices (3, 4) from (i, j, k, 1) to RAS mm, None where not given."""

    qform: Floats | None
    sform: Floats | None
    size: tuple[int, int, int]


def check_nifti(path: Path) -> tuple[str, ...]:
    """Check what a NIfTI file says of its place, and give notes.

    Raises
    ------
    GeometryError
        When its millimetres or its slices are not certain.
    DicomError
        When it is no NIfTI-1 file.
    """
    head = _read_head(path)
    place, notes = _parse(head)
    _require_whole(path, head)
    if place.qform is None and place.sform is None:
        raise GeometryError("it does not say how its slices lie in the patient (qform and sform code are 0)")
    if place.qform is not None and place.sform is not None:
        _require_agreement(place.qform, place.sform, place.size)
    return notes


def _read_head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(READ_BYTES)
    if head.startswith(GZIP):
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        raise DicomError("its header ends too early")
    return head[:HEADER_BYTES]


def _parse(head: bytes) -> tuple[NiftiPlace, tuple[str, ...]]:
    order = next((mark for mark in "<>" if struct.unpack_from(f"{mark}i", head, 0)[0] == HEADER_BYTES), None)
    if order is None or head[344:347] not in (b"n+1", b"ni1"):
        raise DicomError("it is no NIfTI-1 file")
    dims = struct.unpack_from(f"{order}8h", head, 40)
    steps = struct.unpack_from(f"{order}8f", head, 76)
    (offset,) = struct.unpack_from(f"{order}f", head, 108)
    units = head[123] & 7
    if not 0 <= offset <= MOST_OFFSET:
        raise DicomError("its voxels begin beyond all measure")
    if units not in (MILLIMETRES, UNSTATED):
        raise GeometryError("its unit of length is not the millimetre; save it in millimetres")
    q_code, s_code = struct.unpack_from(f"{order}2h", head, 252)
    quaternion = struct.unpack_from(f"{order}6f", head, 256)
    rows = np.array(struct.unpack_from(f"{order}12f", head, 280)).reshape(3, 4)
    place = NiftiPlace(
        qform=_from_quaternion(quaternion, steps) if q_code > 0 else None,
        sform=rows if s_code > 0 else None,
        size=(dims[1], dims[2], dims[3]),
    )
    return place, ("its unit of length is not stated and taken to be the millimetre",) if units == UNSTATED else ()


def _require_whole(path: Path, head: bytes) -> None:
    """Refuse a file with fewer voxels than announced: the library would fill up with zeros.

    Raises
    ------
    DicomError
    """
    order = "<" if struct.unpack_from("<i", head, 0)[0] == HEADER_BYTES else ">"
    dims = struct.unpack_from(f"{order}8h", head, 40)
    (bits,), (offset,) = struct.unpack_from(f"{order}h", head, 72), struct.unpack_from(f"{order}f", head, 108)
    wanted = int(offset) + math.prod(max(1, size) for size in dims[1 : 1 + max(0, min(dims[0], 7))]) * bits // 8
    if wanted > MOST_READ:  # refused by its size, with a sentence of its own
        return
    with gzip.open(path) if _is_packed(path) else path.open("rb") as stream:
        left = wanted
        while left > 0:
            found = len(stream.read(min(left, READ_BYTES * 16)))
            if not found:
                raise DicomError("it holds fewer voxels than it announces")
            left -= found


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(GZIP)) == GZIP


def _from_quaternion(values: tuple[float, ...], steps: tuple[float, ...]) -> Floats:
    b, c, d = values[:3]
    a = np.sqrt(max(0.0, 1 - b * b - c * c - d * d))
    turn = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
        ]
    )
    hand = -1.0 if steps[0] < 0 else 1.0
    scale = np.array([steps[1], steps[2], steps[3] * hand])
    return np.hstack((turn * scale, np.array(values[3:6])[:, None]))


def _require_agreement(qform: Floats, sform: Floats, size: tuple[int, int, int]) -> None:
    """Refuse a file that says two different things of its place.

    Raises
    ------
    GeometryError
    """
    last = np.array(size) - 1
    corners = np.array([(i, j, k, 1) for i in (0, last[0]) for j in (0, last[1]) for k in (0, last[2])], dtype=float)
    apart_mm = float(np.linalg.norm(corners @ (qform - sform).T, axis=1).max())
    if not apart_mm <= SAME_PLACE_MM:
        raise GeometryError(
            f"its qform and its sform lie up to {apart_mm:.1f} mm apart, so where it lies is not certain; "
            "save it with one of them"
        )
