"""The margins around one drawn line: the image cut out and divided between lesion and surroundings, twice.

First coarsely, from seeds that the line gives. Then finely, within a band along the coarse outline, from seeds just
inside and just outside the band: both sides then have the same way to go, which leaves the outline in the middle of
the edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.segment.band import mark_band
from recist.segment.clean import cut_mask
from recist.segment.coarse import average_blocks, compose_margins, enlarge_mask
from recist.segment.forest import FREE, LESION, OUTSIDE, SURROUNDINGS, UNREACHED, WALL, cost_margins, pad, trim
from recist.segment.local import LOCAL_COSTS, local_tones
from recist.segment.smooth import LEAST_SIGMA_PX, blur
from recist.segment.tone import make_arc_costs, make_tones, typical_step_hu
from recist.segment.wall import LEAST_CONTRAST_HU, LEAST_DARK, Wall, find_wall, mark_wall

if TYPE_CHECKING:
    from recist.segment.prompt import Box, Prompt

Image = npt.NDArray[np.float32]
Marks = npt.NDArray[np.uint8]
Margins = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Triple = tuple[float, float, float]

LEAST_HU = -1500.0  # below it there is no tissue but padding
SMOOTHING_PX, SMOOTHING_MM = 0.8, 0.6  # the larger one
COARSE_HALF_PX = 9.0  # half the axis has at least so many coarse voxels
MAJORITY_SHARE, FINE_MAJORITY_SHARE = 0.12, 0.1  # of half the axis: thinner parts are cut off
BAND_PX, BAND_SHARE = 2.0, 0.18  # of half the axis; the larger one
WINDOW_PX, WINDOW_SHARE = 2, 0.15  # pixels and share of half the axis in which inside and outside are averaged
LAYER_PX = 3  # how deep inside and outside of the first outline they are read
THICK = 1.5  # slices thicker than so many pixels
NOISE_STEPS = 5.0  # a contrast of so many typical differences between neighbours counts half
MIXED_STEPS = 5.0  # by which core and ends differ in a lesion of two tissues
BEYOND = 1 << 20
RIM_SHARES = (0.76, 0.82, 0.88)  # of half the axis, where the rim is read
SCANNER_MM = 0.65  # point spread of a soft-tissue kernel
ROUND = 0.85  # mean radius of a lesion, of half its long axis
SHIFT, LARGEST_SHIFT = 1.2, 0.15  # first order falls a little short


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """What was computed once for a prompt; masks of every size are cut from it.

    Attributes
    ----------
    prompt : Prompt
        Counted from the corner of the box.
    box : slices
        The part of the image that all arrays cover.
    image : (n_slices, n_rows, n_columns) float32
        Smoothed, Hounsfield units.
    seeds : (n_slices, n_rows, n_columns) bool
        The line's seeds of the lesion.
    marks : (n_slices, n_rows, n_columns) uint8
        All seeds that the line gave.
    margins : (n_slices, n_rows, n_columns) int32
        Above zero inside.
    first : (n_slices, n_rows, n_columns) bool
        The coarse mask.
    step_hu : float
        Typical difference between neighbours within a slice.
    """

    prompt: Prompt
    box: Box
    image: Image
    seeds: Mask
    marks: Marks
    margins: Margins
    first: Mask
    step_hu: float
    radius_px: tuple[int, int, int]
    wall: Wall | None = None

    def cut(self, level: int = 0) -> Mask:
        """Cut the mask above a margin; the lower, the larger."""
        return cut_mask(self.margins, self.seeds, level, self.radius_px)


def make_field(hu: npt.NDArray[np.generic], prompt: Prompt, *, is_flat: bool) -> Field:
    """Divide the surroundings of a prompt."""
    box = prompt.box(hu.shape, is_flat=is_flat)
    local = prompt.within(box)
    raw = np.ascontiguousarray(hu[box], dtype=np.float32)
    is_readable = raw > LEAST_HU  # false for NaN
    if not is_readable.all():
        raw = np.where(is_readable, raw, np.float32(-1000.0))
    factors = _factors(prompt, is_flat=is_flat)
    marks = local.mark(is_readable)
    image = blur(raw, _sigma_px(prompt.spacing_mm))
    wall = _look_for_wall(hu, image, marks, prompt, is_flat=is_flat)
    if wall is not None:
        mark_wall(marks, local, wall, WALL)
    coarse_margins, first = _divide_coarsely(raw, is_readable, local, factors, wall)
    band = mark_band(first, marks, _band_px(prompt, factors, is_flat=is_flat))
    step_hu = _mean_step(image)
    fine = _divide_finely(image, first, marks, band, local, step_hu)
    return Field(
        prompt=local,
        box=box,
        image=image,
        seeds=marks == LESION,
        marks=marks,
        margins=compose_margins(fine, band == FREE, coarse_margins, band == LESION, factors, BEYOND),
        first=first,
        step_hu=step_hu,
        radius_px=_radius_px(prompt.half_mm * FINE_MAJORITY_SHARE, prompt.spacing_mm, is_flat=is_flat),
        wall=wall,
    )


def _look_for_wall(
    hu: npt.NDArray[np.generic], image: Image, marks: Marks, prompt: Prompt, *, is_flat: bool
) -> Wall | None:
    own = image[marks == LESION]
    around = image[marks == SURROUNDINGS]
    if own.size == 0 or around.size == 0 or prompt.reach_beyond_an_end > 2:
        return None
    own_hu = float(np.median(own))
    if float(np.mean(around < own_hu - LEAST_CONTRAST_HU)) < LEAST_DARK:
        return None
    return find_wall(hu, prompt, own_hu, LEAST_HU, is_flat=is_flat)


def _divide_coarsely(
    raw: Image, is_readable: Mask, prompt: Prompt, factors: tuple[int, int, int], wall: Wall | None
) -> tuple[Margins, Mask]:
    """Divide between the line's own seeds, by tones that hold for the whole box."""
    blocks, is_good = average_blocks(raw, is_readable, factors)
    coarse = prompt.in_blocks(factors)
    marks = coarse.mark(is_good)
    if wall is not None:
        mark_wall(marks, coarse, wall, OUTSIDE)
    image = blur(blocks, _sigma_px(coarse.spacing_mm))
    step_hu = _mean_step(image)
    tones = make_tones(image, marks, coarse.end_values(image), step_hu)
    is_mixed = not math.isnan(_find_rim_hu(image, marks, coarse, step_hu))
    if is_mixed:  # the rim is thin and weak: once more
        image = blur(image, _sigma_px(coarse.spacing_mm))
        step_hu = _mean_step(image)
        tones = make_tones(image, marks, coarse.end_values(image, RIM_SHARES), step_hu)
    costs = make_arc_costs(_steps(image), coarse.spacing_mm, is_mixed=is_mixed)
    margins = trim(cost_margins(pad(tones), pad(marks), costs, UNREACHED))
    radius_px = _radius_px(prompt.half_mm * MAJORITY_SHARE, coarse.spacing_mm, is_flat=raw.shape[0] == 1)
    mask = cut_mask(margins, marks == LESION, 0, radius_px)
    return margins, enlarge_mask(mask, raw.shape, factors)


def _divide_finely(  # noqa: PLR0917
    image: Image, first: Mask, marks: Marks, band: Marks, prompt: Prompt, step_hu: float
) -> Margins:
    """Divide the band, by tones between what is inside and outside at each place."""
    ratio = prompt.spacing_mm[0] / max(prompt.spacing_mm[1:])
    window_px = WINDOW_PX + round(WINDOW_SHARE * prompt.half_mm / max(prompt.spacing_mm[1:]))
    near, far, window = ((_in_slices(n, ratio, image), n, n) for n in (1, LAYER_PX, window_px))
    if ratio > THICK:
        near = (0, 1, 1)
    rim_hu = _find_rim_hu(image, marks, prompt, step_hu)
    part = _find_part(band, far)
    cut, cut_band = np.ascontiguousarray(image[part]), np.ascontiguousarray(band[part])
    cut_first = np.ascontiguousarray(first[part])
    tones = local_tones(
        cut,
        cut_first,
        cut_band,
        (near, far),
        window,
        NOISE_STEPS * step_hu,
        rim_hu,
        _shift(prompt, is_flat=image.shape[0] == 1),
    )
    margins = np.zeros(image.shape, dtype=np.int32)
    margins[part] = trim(
        cost_margins(pad(tones), pad(np.where(cut_band == WALL, np.uint8(OUTSIDE), cut_band)), LOCAL_COSTS, UNREACHED)
    )
    return margins


def _shift(prompt: Prompt, *, is_flat: bool) -> float:
    """Say how far below halfway a blurred ball has its edge: sigma / (sqrt(2 pi) radius), to first order."""
    sigmas_px = _sigma_px(prompt.spacing_mm)
    squares = [SCANNER_MM**2 + (sigma * s) ** 2 for sigma, s in zip(sigmas_px, prompt.spacing_mm, strict=True)]
    squares[0] = prompt.spacing_mm[0] ** 2 / 12 + (squares[0] if sigmas_px[0] > LEAST_SIGMA_PX else 0)
    sigma = math.sqrt(sum(squares[1:]) / 2) / 2 if is_flat else math.sqrt(sum(squares) / 3)
    return min(SHIFT * sigma / (math.sqrt(2 * math.pi) * ROUND * prompt.half_mm), LARGEST_SHIFT)


def _find_part(band: Marks, around_px: tuple[int, int, int]) -> tuple[slice, ...]:
    """Find the box of what is free and a little around it."""
    parts = []
    for axis, around in enumerate(around_px):
        others = tuple(other for other in range(band.ndim) if other != axis)
        places = np.flatnonzero((band == FREE).any(axis=others))
        if places.size == 0:
            return tuple(slice(None) for _ in around_px)
        parts.append(slice(max(0, int(places[0]) - around - 1), int(places[-1]) + around + 2))
    return tuple(parts)


def _in_slices(n_px: int, ratio: float, image: Image) -> int:
    return 0 if image.shape[0] == 1 else max(1, round(n_px / ratio))


def _find_rim_hu(image: Image, marks: Marks, prompt: Prompt, step_hu: float) -> float:
    """Give the value near the ends of the line where the core has another one (a rim, ground glass), else NaN."""
    core = image[marks == LESION]
    ends = prompt.end_values(image, RIM_SHARES)
    if core.size == 0 or min(abs(float(np.median(core)) - end) for end in ends) <= MIXED_STEPS * step_hu:
        return math.nan
    return sum(ends) / 2


def _steps(image: Image) -> Triple:
    return typical_step_hu(image, 0), typical_step_hu(image, 1), typical_step_hu(image, 2)


def _mean_step(image: Image) -> float:
    return (typical_step_hu(image, 1) + typical_step_hu(image, 2)) / 2


def _factors(prompt: Prompt, *, is_flat: bool) -> tuple[int, int, int]:
    """Say how many voxels make one coarse voxel along each axis."""
    coarsest_mm = prompt.half_mm / COARSE_HALF_PX
    slices, rows, columns = (max(1, int(coarsest_mm / spacing + 0.3)) for spacing in prompt.spacing_mm)
    return 1 if is_flat else slices, rows, columns


def _sigma_px(spacing_mm: Triple) -> Triple:
    pixel_mm = math.sqrt(spacing_mm[1] * spacing_mm[2])
    sigma_mm = max(SMOOTHING_PX * pixel_mm, SMOOTHING_MM)
    return sigma_mm / spacing_mm[0], sigma_mm / spacing_mm[1], sigma_mm / spacing_mm[2]


def _radius_px(reach_mm: float, spacing_mm: Triple, *, is_flat: bool) -> tuple[int, int, int]:
    slices, rows, columns = (int(reach_mm / spacing + 0.5) for spacing in spacing_mm)
    return 0 if is_flat else slices, max(1, rows), max(1, columns)


def _band_px(prompt: Prompt, factors: tuple[int, int, int], *, is_flat: bool) -> tuple[int, int, int]:
    pixel_mm = max(prompt.spacing_mm[1:])
    width_mm = max(BAND_PX * pixel_mm, BAND_SHARE * prompt.half_mm)
    widths = [
        max(factor + 1 if factor > 1 else 1, math.ceil(width_mm / spacing - 0.25))
        for factor, spacing in zip(factors, prompt.spacing_mm, strict=True)
    ]
    return 0 if is_flat else widths[0], widths[1], widths[2]
