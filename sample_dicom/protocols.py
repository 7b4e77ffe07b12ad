"""How each visit was scanned: one row a patient and visit, with the habits of three invented manufacturers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.grid import SliceGrid
from sample_dicom.pose import Pose

if TYPE_CHECKING:
    from collections.abc import Mapping


class Coding(StrEnum):
    """How the pixels are stored."""

    RAW = "raw"
    RLE = "rle"
    JPEG_LS = "jpeg-ls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manufacturer:
    """What one maker's scanners do alike.

    Parameters
    ----------
    file_name : str
        Format of the file names; `number` is the place in the file order.
    rescale_intercept : int
        -1024 with unsigned, 0 with signed pixels.
    padding_value : int or None
        Stored value outside the round field of view; None where the square is reconstructed whole.
    """

    name: str
    model: str
    kernel: str
    sharpness: float
    file_name: str
    rescale_intercept: int
    padding_value: int | None


ASTER = Manufacturer(
    name="Aster Imaging",
    model="Halo 64",
    kernel="Abdo-Soft",
    sharpness=0.36,
    file_name="IM{number:04d}.dcm",
    rescale_intercept=-1024,
    padding_value=None,
)
BOREAL = Manufacturer(
    name="Boreal Medical",
    model="Polaris 16",
    kernel="BODY-3",
    sharpness=0.42,
    file_name="BM.{number:05d}",
    rescale_intercept=0,
    padding_value=-2000,
)
CORMORANT = Manufacturer(
    name="Cormorant CT",
    model="Reach",
    kernel="FC-B",
    sharpness=0.33,
    file_name="{number:08d}",
    rescale_intercept=-1024,
    padding_value=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How one visit was scanned.

    Parameters
    ----------
    matrix : tuple of int
        Rows and columns.
    pixel_spacing_mm : tuple of float
        Between rows, between columns.
    range_mm : tuple of float
        Lowest and highest slice, in the atlas.
    noise_hu : float
        Standard deviation of the noise in the middle of the body.
    is_reversed : bool
        Whether the instances are numbered from the feet upwards instead of from the head down.
    """

    maker: Manufacturer
    matrix: tuple[int, int]
    pixel_spacing_mm: tuple[float, float]
    spacing_mm: float
    thickness_mm: float
    range_mm: tuple[float, float]
    noise_hu: float
    tilt_deg: float = 0.0
    is_reversed: bool = False
    coding: Coding = Coding.RAW


def _scan(
    maker: Manufacturer,
    field: tuple[tuple[int, int], tuple[float, float]],
    slices_mm: tuple[float, float],
    range_mm: tuple[float, float],
    *,
    noise_hu: float,
    tilt_deg: float = 0.0,
    is_reversed: bool = False,
    coding: Coding = Coding.RAW,
) -> Protocol:
    return Protocol(
        maker=maker,
        matrix=field[0],
        pixel_spacing_mm=field[1],
        spacing_mm=slices_mm[0],
        thickness_mm=slices_mm[1],
        range_mm=range_mm,
        noise_hu=noise_hu,
        tilt_deg=tilt_deg,
        is_reversed=is_reversed,
        coding=coding,
    )


# matrix and pixel spacing (mm), rows first
FINE = ((512, 512), (0.703125, 0.703125))
MID = ((256, 256), (1.484375, 1.484375))
SMALL = ((240, 240), (1.5625, 1.5625))
OBLONG = ((208, 272), (1.8, 1.4))  # pixels that are not square

PROTOCOLS: dict[tuple[str, str], Protocol] = {
    ("A", "baseline"): _scan(ASTER, FINE, (0.625, 0.625), (-132, -36), noise_hu=21),
    ("A", "followup-1"): _scan(ASTER, FINE, (1.25, 1.25), (-134, -34), noise_hu=17),
    ("A", "followup-2"): _scan(ASTER, FINE, (2.5, 2.5), (-140, -30), noise_hu=13),
    ("B", "baseline"): _scan(BOREAL, MID, (2.5, 2.5), (-110, 130), noise_hu=12),
    ("B", "followup-1"): _scan(BOREAL, MID, (2.5, 2.5), (-110, 130), noise_hu=12),
    ("B", "followup-2"): _scan(BOREAL, MID, (2.5, 5.0), (-110, 130), noise_hu=10, coding=Coding.JPEG_LS),
    ("C", "baseline"): _scan(CORMORANT, OBLONG, (4.0, 4.0), (-150, 40), noise_hu=10),
    ("C", "followup-1"): _scan(CORMORANT, OBLONG, (4.0, 4.0), (-150, 40), noise_hu=10),
    ("C", "followup-2"): _scan(CORMORANT, OBLONG, (3.0, 3.0), (-150, 40), noise_hu=11),
    ("D", "baseline"): _scan(CORMORANT, SMALL, (2.5, 2.5), (-150, 100), noise_hu=11, is_reversed=True),
    ("D", "followup-1"): _scan(CORMORANT, SMALL, (2.5, 2.5), (-150, 100), noise_hu=11, is_reversed=True),
    ("D", "followup-2"): _scan(CORMORANT, SMALL, (2.5, 2.5), (-150, 100), noise_hu=11, is_reversed=True),
    ("E", "baseline"): _scan(BOREAL, SMALL, (3.0, 3.0), (-110, 130), noise_hu=11),
    ("E", "followup-1"): _scan(BOREAL, SMALL, (3.0, 3.0), (-110, 130), noise_hu=11, tilt_deg=12.0),
    ("E", "followup-2"): _scan(BOREAL, SMALL, (3.0, 3.0), (-110, 130), noise_hu=11),
    ("F", "baseline"): _scan(ASTER, MID, (5.0, 5.0), (-130, 110), noise_hu=9),
    ("F", "followup-1"): _scan(ASTER, MID, (5.0, 5.0), (-130, 110), noise_hu=9, coding=Coding.RLE),
    ("F", "followup-2"): _scan(ASTER, MID, (3.0, 3.0), (-130, 110), noise_hu=11),
}
# size relative to the atlas, fat under the skin (mm)
BODIES: Mapping[str, tuple[float, float]] = {
    "A": (1.0, 17.0),
    "B": (1.05, 22.0),
    "C": (0.98, 13.0),
    "D": (0.97, 12.0),
    "E": (1.03, 18.0),
    "F": (1.02, 26.0),
}


def derive_pose(key: str, timepoint_index: int, seed: int) -> Pose:
    """Return how a patient lies at a visit: the body is the same at every visit, its place on the table is not."""
    body = np.random.default_rng([seed, ord(key)])
    phases = body.uniform(0, 2 * np.pi, 4)
    visit = np.random.default_rng([seed, ord(key), timepoint_index])
    x, y = visit.uniform(-5, 5, 2)
    z = visit.uniform(-420, -260)
    return Pose(
        shift_mm=(round(float(x), 1), round(float(y) - 6, 1), round(float(z), 1)),
        angle_deg=round(float(visit.uniform(-1.5, 1.5)), 2),
        scale=BODIES[key][0],
        phases=(float(phases[0]), float(phases[1]), float(phases[2]), float(phases[3])),
    )


def derive_grid(protocol: Protocol, pose: Pose) -> SliceGrid:
    """Return the pixel grid of a visit: the field of view about the table's middle, slices over the range."""
    low, high = (pose.shift_mm[2] + pose.scale * level for level in protocol.range_mm)
    n_slices = round((high - low) / protocol.spacing_mm) + 1
    cos = float(np.cos(np.radians(protocol.tilt_deg)))
    return SliceGrid(
        n_slices=n_slices,
        rows=protocol.matrix[0],
        columns=protocol.matrix[1],
        row_spacing_mm=protocol.pixel_spacing_mm[0],
        column_spacing_mm=protocol.pixel_spacing_mm[1],
        table_step_mm=protocol.spacing_mm / cos,
        thickness_mm=protocol.thickness_mm,
        centre_lps=(0.0, 0.0, round(low, 2)),
        tilt_deg=protocol.tilt_deg,
    )
