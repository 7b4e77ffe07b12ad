"""An outline proposed from a click or from a drawn axis, and its axes: the segmenting and the measuring engine at work.

The engine is given the surroundings of the prompt only, so that a click takes no longer in a large series; where the
outline reaches the end of the surroundings, they are widened, so that nothing is ever cut by them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from recist.measure import Convention, axes_from_mask
from viewer.caliper import Caliper, long_axis_mm
from viewer.layers import PADDING_HU

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from recist.dicom.series import CTSeries
    from recist.measure import LesionAxes
    from recist.segment import Segmentation
    from viewer.caliper import Point

    Place = tuple[float, float, float]
    Box = tuple[slice, slice, slice]

REACHES_MM = (80.0, 160.0, math.inf)  # around a click, one after the other; the first holds all lengths it tries
CONVENTION = Convention.QUARTER


class Prompt(StrEnum):
    """What an outline was found from."""

    CLICK = "a click"
    AXIS = "a drawn axis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the engine found, with the axes measured on it.

    Attributes
    ----------
    prompt : Prompt
    segmentation : Segmentation
        The mask lies in a box; its offset is counted in the surroundings.
    corner : (slice, row, column)
        Where the surroundings begin in the series.
    spacing_mm : (between slices, rows, columns)
        The first is NaN where the slices make no volume: then the outline stays on the slice of the prompt.
    prompt_slice : int
        The slice that was clicked or drawn on.
    axes : LesionAxes or None
        As `recist.measure` finds them on the mask; None where there is none.
    """

    prompt: Prompt
    segmentation: Segmentation
    corner: tuple[int, int, int]
    spacing_mm: Place
    prompt_slice: int
    axes: LesionAxes | None

    @property
    def is_sure(self) -> bool:
        """Whether it may be proposed without a question."""
        return self.segmentation.is_sure and self.axes is not None

    @property
    def reason(self) -> str:
        """Why it is not sure; empty when it is."""
        return self.segmentation.reason

    @property
    def confidence(self) -> float:
        """The engine's estimate that the outline is good, 0 to 1."""
        return self.segmentation.confidence

    @property
    def offset(self) -> tuple[int, int, int]:
        """Where the mask begins in the series: slice, row, column."""
        k, r, c = (a + b for a, b in zip(self.corner, self.segmentation.offset, strict=True))
        return k, r, c

    @property
    def slice_index(self) -> int:
        """The slice of the series that the axes lie on."""
        assert self.axes is not None
        return self.axes.slice_index + self.offset[0]

    @property
    def caliper(self) -> Caliper:
        """The axes as end points in pixels of the series."""
        assert self.axes is not None
        _, top, left = self.offset
        long_axis, short_axis = (
            tuple((row + top, column + left) for row, column in axis)
            for axis in (self.axes.long_axis_px, self.axes.short_axis_px)
        )
        return Caliper(
            long_start=long_axis[0], long_end=long_axis[1], short_start=short_axis[0], short_end=short_axis[1]
        )

    def resized(self, steps: int) -> Proposal:
        """Take the next larger (1) or smaller (-1) outline and measure it; the same one where there is none."""
        sized = self.segmentation.grow() if steps > 0 else self.segmentation.shrink()
        if sized is self.segmentation or not sized.mask.any():
            return self
        return replace(self, segmentation=sized, axes=axes_from_mask(sized.mask, self.spacing_mm))


def propose_from_click(series: CTSeries, slice_index: int, point: Point) -> Proposal:
    """Find the lesion that was clicked.

    Raises
    ------
    GeometryError
        Where no millimetre of the series is true.
    """
    from recist.segment import from_click

    seed = (float(slice_index), *point)
    return _propose(
        series, Prompt.CLICK, seed, 0.0, lambda hu, spacing, corner: from_click(hu, spacing, _less(seed, corner))
    )


def propose_from_axis(series: CTSeries, slice_index: int, caliper: Caliper) -> Proposal:
    """Find the lesion along whose long axis a line was drawn.

    Raises
    ------
    GeometryError
        Where no millimetre of the series is true.
    """
    from recist.segment import from_axis

    start, end = ((float(slice_index), *point) for point in (caliper.long_start, caliper.long_end))
    k, r, c = ((a + b) / 2 for a, b in zip(start, end, strict=True))
    return _propose(
        series,
        Prompt.AXIS,
        (k, r, c),
        long_axis_mm(caliper, series.require_in_plane()),
        lambda hu, spacing, corner: from_axis(hu, spacing, (_less(start, corner), _less(end, corner))),
    )


def _propose(
    series: CTSeries,
    prompt: Prompt,
    middle: Place,
    least_mm: float,
    find: Callable[[npt.NDArray[np.generic], Place, tuple[int, ...]], Segmentation],
) -> Proposal:
    spacing = engine_spacing_mm(series)
    for reach_mm in (*(reach for reach in REACHES_MM if reach > least_mm), math.inf):
        box = surroundings(series, middle, spacing, reach_mm)
        corner = (box[0].start, box[1].start, box[2].start)
        found = find(cut_hu(series, box), spacing, corner)
        if not _is_cut(found, box, series.hu.shape):
            break
    axes = axes_from_mask(found.mask, spacing) if found.mask.any() else None
    return Proposal(
        prompt=prompt,
        segmentation=found,
        corner=corner,
        spacing_mm=spacing,
        prompt_slice=round(middle[0]),
        axes=axes,
    )


def engine_spacing_mm(series: CTSeries) -> Place:
    """Give the spacing for the engines: NaN between slices where they make no volume.

    Raises
    ------
    GeometryError
        Where no millimetre is true.
    """
    return (series.spacing_mm[0] if series.can_make_volume else math.nan, *series.require_in_plane())


def surroundings(series: CTSeries, middle: Place, spacing_mm: Place, reach_mm: float) -> Box:
    """Cut out what lies within `reach_mm` of a place, within the image; one slice where they make no volume."""
    first = round(middle[0])
    if math.isnan(spacing_mm[0]):
        slices = slice(first, first + 1)
    else:
        slices = _reach(middle[0], reach_mm / spacing_mm[0], series.hu.shape[0])
    rows, columns = (_reach(middle[axis], reach_mm / spacing_mm[axis], series.hu.shape[axis]) for axis in (1, 2))
    return slices, rows, columns


def _reach(middle: float, reach_px: float, size: int) -> slice:
    low = 0 if math.isinf(reach_px) else max(0, math.floor(middle - reach_px))
    high = size if math.isinf(reach_px) else min(size, math.ceil(middle + reach_px) + 1)
    return slice(low, high)


def cut_hu(series: CTSeries, box: Box) -> npt.NDArray[np.generic]:
    """Cut voxels out; padding, which is no measurement, gets a value that the engines take for none."""
    hu = series.hu[box]
    if series.padding is None:
        return np.ascontiguousarray(hu)  # as at the first time, so that compiled code fits
    return np.where(series.padding[box], hu.dtype.type(PADDING_HU), hu)


def _is_cut(found: Segmentation, box: Box, shape: tuple[int, ...]) -> bool:
    """Tell whether the engine's box ends where the surroundings do and the image does not."""
    if not found.mask.any():
        return False
    for part, begin, size, whole in zip(box, found.offset, found.mask.shape, shape, strict=True):
        is_whole_slice = part.stop - part.start == 1 and whole > 1
        if not is_whole_slice and ((begin == 0 and part.start > 0) or (part.start + begin + size >= part.stop < whole)):
            return True
    return False


def _less(place: Place, corner: tuple[int, ...]) -> Place:
    k, r, c = (a - b for a, b in zip(place, corner, strict=True))
    return k, r, c


@cache
def warm_up_proposals() -> None:
    """Find and measure a made lesion once: the first time loads compiled code, which would hold a click up."""
    from recist.segment import from_axis, from_click

    middle, spacing = (20.0, 24.0, 24.0), (1.0, 1.0, 1.0)
    apart = np.linalg.norm(np.indices((40, 48, 48)) - np.reshape(middle, (3, 1, 1, 1)), axis=0)
    noise = np.random.default_rng(1).normal(0, 8, apart.shape)
    hu = (np.where(apart < 9, 60.0, 110.0) + noise).astype(np.int16)
    found = from_click(hu, spacing, middle).grow()
    from_axis(hu, (math.nan, 1.0, 1.0), ((20.0, 24.0, 15.0), (20.0, 24.0, 33.0)))
    if found.mask.any():
        axes_from_mask(found.mask, spacing)
