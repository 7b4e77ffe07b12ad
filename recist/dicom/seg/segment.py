"""One lesion as a mask on the slices of a series, from whatever object it was drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """One segment, cut to its bounding box.

    Attributes
    ----------
    number : int
    label, tracking_id, tracking_uid, site : str
        Empty where not given; `site` is the anatomic region in words.
    mask : (n_slices, n_rows, n_columns) bool
        The box around the segment; without voxels when the segment is empty.
    offset : (slice, row, column)
        Where the box begins in the series.
    frames_elsewhere : int
        Frames, or contours, of this segment with voxels where the series has no slice or no pixels; if any, the mask
        is cut short.
    category, finding : str
        SegmentedPropertyCategory and SegmentedPropertyType in words, e.g. "morphologically abnormal structure" and
        "lesion".
    every_nth_slice : int
        More than 1 where only every second, third, … slice was drawn on, so that there is no volume.
    fault : str
        Why the segment has no mask that may be measured; empty where it has one.
    notes : tuple of str
        What a reader should know: a threshold, a resampling, contours left out.
    """

    number: int
    label: str
    tracking_id: str
    tracking_uid: str
    site: str
    mask: Bools
    offset: tuple[int, int, int]
    frames_elsewhere: int
    category: str = ""
    finding: str = ""
    every_nth_slice: int = 1
    fault: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patch:
    """A rectangle of one slice and the pixels of a segment in it.

    Attributes
    ----------
    slice_index, row, column : int
        Slice and first pixel of the rectangle, counted in the series.
    pixels : (n_rows, n_columns) bool
    """

    slice_index: int
    row: int
    column: int
    pixels: Bools


def empty_mask() -> Bools:
    """Make a mask without voxels."""
    return np.zeros((0, 0, 0), dtype=bool)


def trim(pixels: Bools) -> tuple[int, int, Bools] | None:
    """Cut pixels to the rectangle that holds them: first row, first column, rectangle; None where there are none."""
    rows = np.flatnonzero(pixels.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(pixels[rows[0] : rows[-1] + 1].any(axis=0))
    row, column = int(rows[0]), int(columns[0])
    return row, column, pixels[row : rows[-1] + 1, column : columns[-1] + 1]


def join_patches(patches: Sequence[Patch]) -> tuple[Bools, tuple[int, int, int]]:
    """Lay patches into the smallest box around them; where they overlap they add up.

    Parameters
    ----------
    patches : sequence of Patch
        Trimmed: their first and last rows and columns hold pixels.

    Returns
    -------
    mask : (n_slices, n_rows, n_columns) bool
    offset : (slice, row, column)
    """
    if not patches:
        return empty_mask(), (0, 0, 0)
    begin = tuple(min(place) for place in zip(*((p.slice_index, p.row, p.column) for p in patches), strict=True))
    ends = ((p.slice_index + 1, p.row + p.pixels.shape[0], p.column + p.pixels.shape[1]) for p in patches)
    end = tuple(max(place) for place in zip(*ends, strict=True))
    mask = np.zeros(tuple(last - first for first, last in zip(begin, end, strict=True)), dtype=bool)
    for patch in patches:
        k, row, column = patch.slice_index - begin[0], patch.row - begin[1], patch.column - begin[2]
        n_rows, n_columns = patch.pixels.shape
        mask[k, row : row + n_rows, column : column + n_columns] |= patch.pixels
    return mask, (begin[0], begin[1], begin[2])


def clip_patch(patch: Patch, size: tuple[int, int]) -> tuple[Patch | None, bool]:
    """Cut a patch to a slice of (n_rows, n_columns); tell whether it lost pixels by that."""
    row, column = max(patch.row, 0), max(patch.column, 0)
    inside = patch.pixels[
        row - patch.row : max(size[0] - patch.row, 0), column - patch.column : max(size[1] - patch.column, 0)
    ]
    if inside.shape == patch.pixels.shape:
        return patch, False
    cut = trim(inside) if inside.size else None
    if cut is None:
        return None, True
    first_row, first_column, pixels = cut
    kept = Patch(slice_index=patch.slice_index, row=row + first_row, column=column + first_column, pixels=pixels)
    return kept, int(pixels.sum()) < int(patch.pixels.sum())


FEWEST_SLICES_WITH_A_STEP = 3


def find_step(slice_indices: Sequence[int]) -> int:
    """Give n where only every nth slice was drawn on, 1 where neighbours were, or where too few slices tell."""
    drawn = sorted(set(slice_indices))
    if len(drawn) < FEWEST_SLICES_WITH_A_STEP:
        return 1
    return gcd(*(int(step) for step in np.diff(drawn)))
