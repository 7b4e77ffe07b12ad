"""What a caller may hand over."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float, float]


def check_image(hu: npt.ArrayLike, spacing_mm: Sequence[float]) -> tuple[npt.NDArray[np.generic], Point, bool]:
    """Require an image of three axes and its spacing; tell whether only single slices can be looked at.

    Raises
    ------
    ValueError
    """
    image = np.asarray(hu)
    if image.ndim != 3 or image.size == 0:
        raise ValueError(f"an image has slices, rows and columns; this array has the shape {image.shape}")
    if image.dtype.kind not in "iuf":
        raise ValueError(f"Hounsfield units are numbers; this array holds {image.dtype}")
    slices, rows, columns = (float(value) for value in spacing_mm)
    if not all(math.isfinite(value) and value > 0 for value in (rows, columns)):
        raise ValueError(f"the spacing within the slice must be positive millimetres, not {tuple(spacing_mm)!r}")
    if not math.isnan(slices) and not (math.isfinite(slices) and slices > 0):
        raise ValueError(f"the spacing between slices must be positive millimetres or NaN, not {slices!r}")
    is_flat = math.isnan(slices) or image.shape[0] == 1
    return image, (1.0 if math.isnan(slices) else slices, rows, columns), is_flat


def check_point(point: Sequence[float], shape: tuple[int, ...]) -> Point:
    """Require a point within the image.

    Raises
    ------
    ValueError
    """
    place = tuple(float(value) for value in point)
    if len(place) != len(shape) or not all(-0.5 <= p <= n - 0.5 for p, n in zip(place, shape, strict=True)):
        raise ValueError(f"the point {place} lies outside the image of shape {shape}")
    return place[0], place[1], place[2]
