"""From one click to a lesion: try lengths on the slice, keep the outline with the best edge, then look in all slices.

Every length gives an outline on the clicked slice. The one whose edge is clearest along its whole course, and which is
about as large as was asked for, gives a long axis; from there on the way is that of a drawn one. The axis is measured
again on the result and the lesion found again from it: if that gives another lesion, neither is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.measure import axes_from_mask
from recist.segment.arguments import check_image, check_point
from recist.segment.drawn import NOTHING, find_lesion
from recist.segment.field import LEAST_HU, make_field
from recist.segment.kind import LesionKind
from recist.segment.prompt import Prompt
from recist.segment.ring import compute_ring_share
from recist.segment.segmentation import doubt_it, refuse
from recist.segment.signs import measure_signs
from recist.segment.smooth import box_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.segment.segmentation import Segmentation

Image = npt.NDArray[np.generic]
Mask = npt.NDArray[np.bool_]
Point = tuple[float, float, float]

HALF_LENGTHS_MM = (3.0, 4.2, 5.8, 8.0, 11.0, 15.0, 20.5, 28.0, 38.0)
SEEDS_SHARE, REACH, NO_LIMIT = 0.3, 1.75, 9.0
AIR_HU, BONE_HU = -880.0, 300.0
SAME = 0.8  # Dice coefficient from which on two outlines are the same
RIVAL = 0.8  # an outline of another size with this share of the best score makes the choice unsure
LEAST_SCORE = 0.35
RING = 0.3  # of the lesion's own contrast
LARGER, ENCLOSED = 1.3, 0.95  # times the area; share of the core that the whole must hold
SPIKE = "Something thin, perhaps a vessel, makes this longer: draw the long axis."
SPIKE_RADIUS = 0.3  # of half the short axis: what is thinner is a spike
SPIKE_SHARE, SPIKE_PX = 0.055, 1.5  # of the long axis, and pixels, that a spike adds
RING_ALONE = "A ring lies around this (a rim or ground glass): draw the long axis to say what counts."
RING_AND_WHOLE = "A rim or ground glass lies around the clicked core, both are outlined: draw the axis you mean."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Outline:
    score: float
    mask: Mask
    start: Point
    end: Point
    area_px: int


def from_click(
    hu: npt.NDArray[np.generic],
    spacing_mm: Sequence[float],
    seed: Sequence[float],
    *,
    kind: LesionKind | str | None = None,
    size: int = 0,
) -> Segmentation:
    """Find the lesion that was clicked.

    Parameters
    ----------
    hu : (n_slices, n_rows, n_columns) array
        Hounsfield units; integers or floats. NaN, and values below -1500 (padding), have no value. Not changed.
    spacing_mm : (between slices, between rows, between columns)
        The first may be NaN (slices that make no volume): then only the clicked slice is looked at.
    seed : (slice, row, column)
    kind : {"soft_tissue", "lung", "part_solid", "node"}, optional
        Refuses what turns out to be of another kind; left out, the kind is told from the image.
    size : int
        How often to grow (positive) or shrink (negative) what was found.

    Returns
    -------
    Segmentation

    Raises
    ------
    ValueError
        For an image without three axes, a spacing that is no positive length, an unknown kind, or a seed outside the
        image.
    """
    image, spacing, is_flat = check_image(hu, spacing_mm)
    place = check_point(seed, image.shape)
    wanted = None if kind is None else LesionKind(kind)
    reason = _refuse_place(image, place)
    if reason:
        return refuse(reason, NOTHING)
    outlines = _try_lengths(image, spacing, place)
    if not outlines or outlines[0].score < LEAST_SCORE:
        return refuse("There is no closed edge around this place.", NOTHING)
    best = outlines[0]
    doubt = _find_rival(outlines)
    found = find_lesion(
        image, Prompt(start=best.start, end=best.end, spacing_mm=spacing), is_flat=is_flat, size=0, doubt=doubt
    )
    found = _look_again(image, spacing, found, is_flat=is_flat)
    found = _look_around(image, spacing, found, outlines, is_flat=is_flat)
    if wanted is not None and found.kind is not None and found.kind != wanted:
        found = doubt_it(found, f"This looks like {found.kind.replace('_', ' ')}, not {wanted.replace('_', ' ')}.")
    for _ in range(abs(size)):
        found = found.grow() if size > 0 else found.shrink()
    return found


def _refuse_place(image: Image, place: Point) -> str:
    k, r, c = (min(max(round(p), 0), n - 1) for p, n in zip(place, image.shape, strict=True))
    around = np.asarray(image[k, max(r - 1, 0) : r + 2, max(c - 1, 0) : c + 2], dtype=np.float64)
    if not (around > LEAST_HU).all():  # false for NaN
        return "There is no value here (padding or NaN)."
    middle = float(np.median(around))
    if middle < AIR_HU:
        return "This is air or lung without a lesion."
    if middle > BONE_HU:
        return "This is as bright as bone, metal or contrast medium."
    if min(r, c, image.shape[1] - 1 - r, image.shape[2] - 1 - c) < 3:
        return "The click lies at the edge of the image."
    return ""


def _try_lengths(image: Image, spacing: Point, place: Point) -> list[_Outline]:
    """Find an outline on the clicked slice for every length, the best one first."""
    k = round(place[0])
    outlines = []
    for half_mm in HALF_LENGTHS_MM:
        half_px = half_mm / spacing[2]
        if half_px < 2.5:
            continue
        prompt = Prompt(
            start=(float(k), place[1], place[2] - half_px),
            end=(float(k), place[1], place[2] + half_px),
            spacing_mm=spacing,
            seeds_length=SEEDS_SHARE,
            reach=REACH,
            reach_beyond_an_end=NO_LIMIT,
        )
        outline = _judge(image, prompt, half_mm)
        if outline is not None:
            outlines.append(outline)
    return sorted(outlines, key=lambda outline: -outline.score)


def _judge(image: Image, prompt: Prompt, half_mm: float) -> _Outline | None:
    field = make_field(image, prompt, is_flat=True)
    mask = field.cut()
    if np.count_nonzero(mask) < 9:
        return None
    signs = measure_signs(field, mask)
    found = axes_from_mask(mask, field.prompt.spacing_mm)
    ratio = found.long_axis_mm / (2 * half_mm)
    fit = min(1.0, 2.2 * ratio, 1.7 / ratio)
    edge = min(1.0, signs.contrast / 12)
    stopped = 1 - signs.limit_share - signs.border_share
    score = edge**0.5 * (1 - signs.weak_share) ** 2 * max(0.0, stopped) ** 2 * signs.stability**0.5
    score *= fit * min(1.0, signs.compactness) ** 2
    k = float(field.box[0].start)
    (r1, c1), (r2, c2) = found.long_axis_px
    top, left = field.box[1].start, field.box[2].start
    full = np.zeros(image.shape[1:], dtype=np.bool_)
    full[field.box[1:]] = mask[0]
    return _Outline(
        score=score,
        mask=full,
        start=(k, r1 + top, c1 + left),
        end=(k, r2 + top, c2 + left),
        area_px=int(np.count_nonzero(mask)),
    )


def _find_rival(outlines: list[_Outline]) -> str:
    """Look for an outline of another size that is about as good as the best one."""
    best = outlines[0]
    for other in outlines[1:]:
        both = np.count_nonzero(best.mask & other.mask)
        dice = 2 * both / (best.area_px + other.area_px)
        if dice < SAME and other.score > RIVAL * best.score:
            return "Two outlines of different size are possible here: draw the long axis."
    return ""


def _look_again(image: Image, spacing: Point, found: Segmentation, *, is_flat: bool) -> Segmentation:
    """Measure the long axis of what was found, find the lesion again from it, and compare."""
    if found.field is None:
        return found
    axes = axes_from_mask(found.mask, spacing)
    k = float(axes.slice_index + found.offset[0])
    start, end = ((k, r + found.offset[1], c + found.offset[2]) for r, c in axes.long_axis_px)
    again = find_lesion(image, Prompt(start=start, end=end, spacing_mm=spacing), is_flat=is_flat, doubt=found.doubt)
    if again.field is None:
        return found
    shape = (image.shape[0], image.shape[1], image.shape[2])
    one, other = found.full_mask(shape), again.full_mask(shape)
    dice = 2 * int(np.count_nonzero(one & other)) / max(1, int(np.count_nonzero(one)) + int(np.count_nonzero(other)))
    if dice < SAME:
        return doubt_it(again, "Looked at from its own long axis the lesion is another one.")
    return doubt_it(again, SPIKE) if _has_spike(again.mask, spacing) else again


def _has_spike(mask: Mask, spacing: Point) -> bool:
    """Tell whether something thin makes the long axis longer, as a vessel does."""
    axes = axes_from_mask(mask, spacing)
    radius = max(1, round(SPIKE_RADIUS * axes.short_axis_mm / 2 / spacing[1]))
    on_slice = mask[axes.slice_index : axes.slice_index + 1]
    blunt = on_slice & (box_counts(on_slice, (0, radius, radius)) > 0.5 * (2 * radius + 1) ** 2)
    lost_mm = axes.long_axis_mm - (axes_from_mask(blunt, (1.0, *spacing[1:])).long_axis_mm if blunt.any() else 0.0)
    return lost_mm > max(SPIKE_SHARE * axes.long_axis_mm, SPIKE_PX * spacing[1])


def _look_around(
    image: Image, spacing: Point, found: Segmentation, outlines: list[_Outline], *, is_flat: bool
) -> Segmentation:
    """Where a ring lies around what was found outline the whole if possible, and let a person choose."""
    if not found.mask.any():
        return found
    k = int(np.argmax(np.count_nonzero(found.mask, axis=(1, 2)))) + found.offset[0]
    inner = found.full_mask((image.shape[0], image.shape[1], image.shape[2]))[k]
    if compute_ring_share(image[k], inner, (spacing[1], spacing[2])) <= RING:
        return found
    n_inner = int(np.count_nonzero(inner))
    for outline in outlines:
        is_larger = outline.area_px > LARGER * n_inner and outline.score > LEAST_SCORE
        if is_larger and np.count_nonzero(outline.mask & inner) > ENCLOSED * n_inner:
            prompt = Prompt(start=outline.start, end=outline.end, spacing_mm=spacing)
            return doubt_it(find_lesion(image, prompt, is_flat=is_flat, doubt=RING_AND_WHOLE), RING_AND_WHOLE)
    return doubt_it(found, RING_ALONE)
