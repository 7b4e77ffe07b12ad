"""From a drawn long axis to a lesion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.segment.arguments import check_image, check_point
from recist.segment.field import make_field
from recist.segment.forest import LESION, SURROUNDINGS
from recist.segment.kind import derive_kind
from recist.segment.prompt import Prompt
from recist.segment.segmentation import derive_segmentation, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.segment.segmentation import Segmentation

SHORTEST_PX = 3.0
NOTHING = np.zeros((1, 1, 1), dtype=np.bool_)


def from_axis(
    hu: npt.NDArray[np.generic],
    spacing_mm: Sequence[float],
    axis: tuple[Sequence[float], Sequence[float]],
    *,
    size: int = 0,
) -> Segmentation:
    """Find the lesion across which a long axis was drawn.

    Parameters
    ----------
    hu : (n_slices, n_rows, n_columns) array
        Hounsfield units; integers or floats. NaN, and values below -1500 (padding), have no value. Not changed.
    spacing_mm : (between slices, between rows, between columns)
        The first may be NaN (slices that make no volume): then only the slice of the line is looked at.
    axis : two of (slice, row, column)
        Ends of the line; integers are voxel centres.
    size : int
        How often to grow (positive) or shrink (negative) what was found.

    Returns
    -------
    Segmentation

    Raises
    ------
    ValueError
        For an image without three axes, a spacing that is no positive length, or ends outside the image.
    """
    image, spacing, is_flat = check_image(hu, spacing_mm)
    start, end = (check_point(point, image.shape) for point in axis)
    if is_flat and round(start[0]) != round(end[0]):
        raise ValueError("both ends of the line must lie on one slice where the slices make no volume")
    prompt = Prompt(start=start, end=end, spacing_mm=spacing)
    if math.dist(start[1:], end[1:]) < SHORTEST_PX:
        return refuse("The line is shorter than three pixels: too short to tell a lesion from noise.", NOTHING)
    return find_lesion(image, prompt, is_flat=is_flat, size=size)


def find_lesion(
    image: npt.NDArray[np.generic], prompt: Prompt, *, is_flat: bool, size: int = 0, doubt: str = ""
) -> Segmentation:
    """Divide the image around a prompt and cut out the lesion."""
    field = make_field(image, prompt, is_flat=is_flat)
    if not (field.marks == LESION).any():
        return refuse("There are no values along this line (padding or NaN).", NOTHING)
    around = field.image[field.marks == SURROUNDINGS][::7]
    kind = derive_kind(field.image[field.margins > 0], around)
    return derive_segmentation(field, size=size, kind=kind, doubt=doubt)
