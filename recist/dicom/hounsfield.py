"""From stored values to Hounsfield units, each frame with its own rescale; padding is told apart, not hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.dicom.codecs import NATIVE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.dicom.header import Frame, PixelLayout

    Stored = NDArray[np.integer[Any]]

INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class HuRange:
    """What values a frame, an image or a series holds, in HU.

    Attributes
    ----------
    lowest, highest, mean : float
        Of every pixel, padding included.
    lowest_measured, highest_measured : float or None
        Without padding; None where all is padding.
    n_pixels, n_padding : int
    """

    lowest: float
    highest: float
    mean: float
    lowest_measured: float | None
    highest_measured: float | None
    n_pixels: int
    n_padding: int


def rescale_of(frame: Frame) -> tuple[float, float]:
    """Give (slope, intercept) of a frame; (1, 0) where the header has none, which the header's notes then say."""
    slope = 1.0 if frame.slope is None else frame.slope
    intercept = 0.0 if frame.intercept is None else frame.intercept
    return slope, intercept


def mask_padding(
    stored: Stored, padding: tuple[int, int] | None, ends: tuple[int, int] | None = None
) -> NDArray[np.bool_] | None:
    """Mark the pixels that hold no measurement; None where there are none.

    Parameters
    ----------
    stored : array of integer
    padding : tuple of int or None
        Lowest and highest stored value that mean "not measured".
    ends : tuple of int, optional
        No stored value lies outside these.
    """
    if padding is None or (ends is not None and (padding[1] < ends[0] or ends[1] < padding[0])):
        return None
    mask = (stored >= padding[0]) & (stored <= padding[1])
    return mask if mask.any() else None


def range_hu(stored: Stored, frame: Frame, padding: tuple[int, int] | None) -> HuRange:
    """Compute the range of one frame without making its Hounsfield units."""
    slope, intercept = rescale_of(frame)
    mask = mask_padding(stored, padding)
    lowest, highest = _ends(int(stored.min()), int(stored.max()), slope, intercept)
    measured = stored if mask is None else stored[~mask]
    ends: tuple[float | None, float | None] = (None, None)
    if measured.size:
        ends = _ends(int(measured.min()), int(measured.max()), slope, intercept)
    return HuRange(
        lowest=lowest,
        highest=highest,
        mean=float(stored.mean(dtype=np.float64)) * slope + intercept,
        lowest_measured=ends[0],
        highest_measured=ends[1],
        n_pixels=stored.size,
        n_padding=0 if mask is None else int(mask.sum()),
    )


def _ends(lowest: int, highest: int, slope: float, intercept: float) -> tuple[float, float]:
    ends = (lowest * slope + intercept, highest * slope + intercept)
    return min(ends), max(ends)


def join_ranges(ranges: list[HuRange]) -> HuRange:
    """Join the ranges of several frames or images, at least one."""
    n_pixels = sum(each.n_pixels for each in ranges)
    lowest = [each.lowest_measured for each in ranges if each.lowest_measured is not None]
    highest = [each.highest_measured for each in ranges if each.highest_measured is not None]
    return HuRange(
        lowest=min(each.lowest for each in ranges),
        highest=max(each.highest for each in ranges),
        mean=sum(each.mean * each.n_pixels for each in ranges) / n_pixels,
        lowest_measured=min(lowest, default=None),
        highest_measured=max(highest, default=None),
        n_pixels=n_pixels,
        n_padding=sum(each.n_padding for each in ranges),
    )


def find_ends(stored: Stored, layout: PixelLayout, frame: Frame) -> tuple[int, int]:
    """Find between which stored values those of a frame lie; the pixels are looked at only where that may matter."""
    bits = layout.bits_stored
    possible = (-(1 << bits - 1), (1 << bits - 1) - 1) if layout.is_signed else (0, (1 << bits) - 1)
    if layout.padding is None and layout.transfer_syntax in NATIVE and fits_int16(possible, frame):
        return possible
    return int(stored.min()), int(stored.max())


def fits_int16(ends: tuple[int, int], frame: Frame) -> bool:
    """Whether the Hounsfield units of stored values between `ends` are whole numbers within 16 bits."""
    slope, intercept = rescale_of(frame)
    if not (slope.is_integer() and intercept.is_integer()):
        return False
    lowest, highest = _ends(*ends, slope, intercept)
    return INT16.min <= lowest and highest <= INT16.max


def write_hu(stored: Stored, frame: Frame, hu: NDArray[np.int16] | NDArray[np.float32]) -> None:
    """Compute stored × slope + intercept into one slice of a volume.

    Parameters
    ----------
    stored : array of integer, shape (n_rows, n_columns)
    frame : Frame
    hu : array, shape (n_rows, n_columns)
        Filled; an int16 slice only where `fits_int16`.
    """
    slope, intercept = rescale_of(frame)
    if hu.dtype == np.int16:
        # arithmetic modulo 2^16 is exact whenever the result fits, whatever the steps in between
        narrow = stored.view(np.int16) if stored.dtype.itemsize == 2 else stored.astype(np.int16)
        if slope != 1:
            narrow = np.multiply(narrow, _wrapped(slope), out=hu)
        np.add(narrow, _wrapped(intercept), out=hu)
    else:
        hu[...] = stored * slope + intercept


def _wrapped(value: float) -> np.int16:
    return np.uint16(int(value) % 2**16).view(np.int16)
