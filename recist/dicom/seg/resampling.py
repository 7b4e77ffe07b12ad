"""Carry a mask from its own grid over to that of a series, where a user asked for it: the nearest voxel each.

Nothing is smoothed: every voxel of the series gets what the mask says at its centre. The mask keeps its volume and its
blocky edge, so a diameter is as coarse as the grid it came from, and every lesion says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.dicom.geometry import slice_normal
from recist.dicom.seg.segment import Patch, Segment, empty_mask, join_patches, trim
from recist.errors import GeometryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.segment import Bools

Floats = npt.NDArray[np.float64]

SAME_STEP = 0.01  # of a step: how far frames may lie from whole steps
SAME_LEAN_MM = 0.05
NOTHING_LEFT = "nothing of it is left on the grid of the series"


def stack_affine(positions: Floats, orientation: Floats, spacing: tuple[float, float]) -> tuple[Floats, list[int]]:
    """Make the matrix of a stack of frames, and the number of the slice of each.

    Parameters
    ----------
    positions : (n_frames, 3)
        Of the first pixels, LPS mm, in any order, each as often as there are frames there.
    orientation : (6,)
    spacing : (between rows, between columns)

    Returns
    -------
    affine : (4, 4)
        From (slice, row, column, 1), pixel centres, to LPS mm.
    numbers : list of int
        Slice of each frame.

    Raises
    ------
    GeometryError
        When the frames are no right-angled, evenly spaced stack.
    """
    normal = slice_normal(orientation)
    along = positions @ normal
    levels = np.unique(np.round(along, 4))
    if levels.size < 2:
        raise GeometryError("it has one slice only, so it cannot be resampled")
    steps = np.diff(levels)
    step = float(steps[steps > SAME_LEAN_MM].min(initial=np.inf))
    numbers = (along - along.min()) / step
    aside = positions - np.outer(along, normal)
    is_even = np.abs(numbers - np.rint(numbers)).max() <= SAME_STEP * max(1.0, float(numbers.max()) / 10)
    if not is_even or np.abs(aside - aside[0]).max() > SAME_LEAN_MM:
        raise GeometryError("its own slices are no evenly spaced, right-angled stack, so it cannot be resampled")
    affine = np.eye(4)
    affine[:3, 0] = normal * step
    affine[:3, 1] = orientation[3:] * spacing[0]
    affine[:3, 2] = orientation[:3] * spacing[1]
    affine[:3, 3] = positions[int(np.argmin(along))]
    return affine, [int(number) for number in np.rint(numbers)]


def resample_mask(
    mask: Bools, offset: tuple[int, int, int], affine: Floats, series: CTSeries
) -> tuple[Bools, tuple[int, int, int], int]:
    """Carry a mask over to the grid of a series.

    Parameters
    ----------
    mask : (n_slices, n_rows, n_columns) bool
        A box of the mask's own grid.
    offset : (slice, row, column)
        Where the box begins in that grid.
    affine : (4, 4)
        From that grid to LPS mm.
    series : CTSeries

    Returns
    -------
    mask, offset
        On the grid of the series, cut to the smallest box.
    n_outside : int
        Slices of the mask's own grid with voxels whose centres lie outside the series.

    Raises
    ------
    GeometryError
        Unless the series is a volume.
    """
    from scipy.ndimage import affine_transform

    if not mask.any():
        return empty_mask(), (0, 0, 0), 0
    size = np.array(series.hu.shape)
    to_series = np.linalg.inv(series.affine) @ affine
    voxels = np.argwhere(mask)
    centres = (voxels + offset) @ to_series[:3, :3].T + to_series[:3, 3]
    is_outside = ((centres < -0.5) | (centres > size - 0.5)).any(axis=1)
    reach = np.abs(to_series[:3, :3]).sum(axis=1) / 2 + 1
    first = np.clip(np.floor(centres.min(axis=0) - reach), 0, size).astype(int)
    end = np.clip(np.ceil(centres.max(axis=0) + reach) + 1, 0, size).astype(int)
    n_outside = len(np.unique(voxels[is_outside, 0]))
    if (end <= first).any():
        return empty_mask(), (0, 0, 0), n_outside
    back = np.linalg.inv(to_series)
    padded = np.pad(mask, 1).astype(np.uint8)
    shift = back[:3, :3] @ first + back[:3, 3] - np.array(offset) + 1
    shape = tuple(int(length) for length in end - first)
    carried = affine_transform(padded, back[:3, :3], shift, output_shape=shape, order=0, mode="constant") > 0
    patches = []
    for k, plane in enumerate(carried):
        cut = trim(plane)
        if cut is not None:
            row, column, pixels = cut
            place = Patch(
                slice_index=int(first[0]) + k, row=int(first[1]) + row, column=int(first[2]) + column, pixels=pixels
            )
            patches.append(place)
    return *join_patches(patches), n_outside


def tell_resampling(affine: Floats, size: tuple[int, int]) -> str:
    """Say from which grid a mask was carried over."""
    between_slices, between_rows, between_columns = np.linalg.norm(affine[:3, :3], axis=0)
    return (
        f"resampled, the nearest voxel each, from a grid of {size[0]} × {size[1]} pixels of {between_rows:.4g} × "
        f"{between_columns:.4g} mm, {between_slices:.4g} mm between slices; its edge is as coarse as that"
    )


def carry_over(
    segments: Iterator[Segment], affine: Floats, size: tuple[int, int], series: CTSeries
) -> Iterator[Segment]:
    """Carry segments, laid on their own grid, over to the grid of a series."""
    from dataclasses import replace

    note = tell_resampling(affine, size)
    for segment in segments:
        mask, offset, n_outside = resample_mask(segment.mask, segment.offset, affine, series)
        is_lost = segment.mask.size > 0 and mask.size == 0 and not n_outside
        yield replace(
            segment,
            mask=mask,
            offset=offset,
            frames_elsewhere=n_outside,
            fault=segment.fault or (NOTHING_LEFT if is_lost else ""),
            notes=(*segment.notes, note),
        )
