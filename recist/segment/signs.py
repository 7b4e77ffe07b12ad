"""Signs by which a good outline is told from a bad one, all measured on the result itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.measure import axes_from_mask
from recist.segment.forest import OUTSIDE, SURROUNDINGS
from recist.segment.smooth import box_counts

if TYPE_CHECKING:
    from recist.segment.field import Field

Mask = npt.NDArray[np.bool_]

STEP_OUT_PX = 2.0  # how far inside and outside of the outline the image is read
FARTHER_OUT = 1.25  # times as far outside, since the voxel itself is inside
WEAK_SHARE = 0.4  # of the median contrast: below it a part of the outline is weak
WEAK_STEPS = 4.0  # and below so many typical differences between neighbours
BEYOND_SHARES = (1.15, 1.25, 1.35)  # of half the line: just beyond its ends
WOBBLE = 60  # margin by which the outline is moved in and out, of 200 from inside to outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What was measured on an outline.

    Attributes
    ----------
    contrast : float
        Median difference across the outline, in typical differences between neighbours.
    weak_share : float
        Part of the outline without a clear edge.
    limit_share : float
        Part of the outline where the reach of the prompt stopped it, not the image.
    border_share : float
        Part of the outline at the end of the image or at voxels without a value.
    stability : float
        Volume when the outline moves in, divided by the volume when it moves out a little.
    agreement : float
        Dice coefficient of the coarse and the fine mask.
    length_error : float
        How far the measured long axis is from the drawn one, as a share of it.
    end_error : float
        Distance of the measured ends from the drawn ones, as a share of its length.
    end_contrast : float
        Difference across the drawn ends, the weaker one, as a share of the median contrast; at most 1.
    compactness : float
        Volume divided by that of the ellipsoid with the same spread (1 for an ellipsoid).
    n_voxels : int
    inside_hu : float
        Median inside.
    """

    contrast: float
    weak_share: float
    limit_share: float
    border_share: float
    stability: float
    agreement: float
    length_error: float
    end_error: float
    end_contrast: float
    compactness: float
    n_voxels: int
    inside_hu: float


def measure_signs(field: Field, mask: Mask) -> Signs:
    """Measure all signs of a mask cut from a field."""
    spacing = np.array(field.prompt.spacing_mm)
    pixel = float(max(spacing[1:]))
    radius = (0 if mask.shape[0] == 1 else max(1, round(2 * pixel / spacing[0])), 2, 2)
    contrasts, at_limit, at_border = _walk_outline(
        field.image, mask, box_counts(mask, radius), field.marks, spacing, STEP_OUT_PX * pixel
    )
    middle = float(np.median(contrasts))
    weak = contrasts < max(WEAK_SHARE * middle, WEAK_STEPS * field.step_hu)
    n_in = int(np.count_nonzero(field.margins > WOBBLE))
    n_out = int(np.count_nonzero(field.margins > -WOBBLE))
    both = int(np.count_nonzero(mask & field.first))
    n_voxels = int(np.count_nonzero(mask))
    length_error, end_error = _compare_axes(field, mask)
    return Signs(
        contrast=middle / field.step_hu,
        weak_share=float(weak.mean()),
        limit_share=float(at_limit.mean()),
        border_share=float(at_border.mean()),
        stability=n_in / max(1, n_out),
        agreement=2 * both / max(1, n_voxels + int(np.count_nonzero(field.first))),
        length_error=length_error,
        end_error=end_error,
        end_contrast=min(1.0, _read_ends(field) / max(middle, 1e-3)),
        compactness=_compute_compactness(mask),
        n_voxels=n_voxels,
        inside_hu=float(np.median(field.image[mask])),
    )


def _compare_axes(field: Field, mask: Mask) -> tuple[float, float]:
    prompt = field.prompt
    scale = np.array(prompt.spacing_mm[1:])
    k = min(max(round(prompt.middle[0]), 0), mask.shape[0] - 1)
    if not mask[k].any():
        return 1.0, 1.0
    found = axes_from_mask(mask[k : k + 1], (1.0, *prompt.spacing_mm[1:]))
    drawn = [np.array(end[1:]) * scale for end in (prompt.start, prompt.end)]
    ends = [np.array(end) * scale for end in found.long_axis_px]
    length = float(np.linalg.norm(drawn[0] - drawn[1]))
    apart = min(
        max(float(np.linalg.norm(drawn[0] - a)), float(np.linalg.norm(drawn[1] - b))) for a, b in (ends, ends[::-1])
    )
    return abs(found.long_axis_mm - length) / length, apart / length


def _read_ends(field: Field) -> float:
    inside = field.prompt.end_values(field.image)
    outside = field.prompt.end_values(field.image, BEYOND_SHARES)
    return min(abs(inner - outer) for inner, outer in zip(inside, outside, strict=True))


def _compute_compactness(mask: Mask) -> float:
    places = np.argwhere(mask).astype(float)
    if mask.shape[0] == 1:
        places = places[:, 1:]
    n, dimensions = places.shape
    if n < 8 * dimensions:
        return 1.0
    spread = np.cov(places.T) + np.eye(dimensions) / 12
    determinant = max(float(np.linalg.det(spread)), 1e-9)
    if dimensions == 2:
        return n / (4 * math.pi * math.sqrt(determinant))
    return n / (4 / 3 * math.pi * 5**1.5 * math.sqrt(determinant))


@njit(cache=True, nogil=True)
def _touches(mask, marks, place):  # type: ignore[no-untyped-def]
    """Tell of a voxel of a mask: is it on the outline, at the prompt's limit, at the image's end."""
    is_edge, at_limit, at_border = False, False, False
    beside = np.empty(3, np.int64)
    for axis in range(1 if mask.shape[0] == 1 else 0, 3):
        for way in (-1, 1):
            beside[:] = place
            beside[axis] += way
            if not 0 <= beside[axis] < mask.shape[axis]:
                is_edge, at_border = True, True
            elif not mask[beside[0], beside[1], beside[2]]:
                mark = marks[beside[0], beside[1], beside[2]]
                is_edge = True
                at_limit |= mark == SURROUNDINGS
                at_border |= mark == OUTSIDE
    return is_edge, at_limit, at_border


@njit(cache=True, nogil=True)
def _read_across(image, counts, place, spacing, reach_mm):  # type: ignore[no-untyped-def]
    """Difference between a little inside and a little outside of a voxel of the outline, along its normal."""
    normal, inner, outer = np.zeros(3), place.copy(), place.copy()
    for axis in range(3):
        before, after = place.copy(), place.copy()
        before[axis] = max(place[axis] - 1, 0)
        after[axis] = min(place[axis] + 1, image.shape[axis] - 1)
        normal[axis] = (counts[before[0], before[1], before[2]] - counts[after[0], after[1], after[2]]) / spacing[axis]
    length = np.sqrt((normal**2).sum())
    if length == 0:
        return 0.0
    for axis in range(3):
        off = normal[axis] / length * reach_mm / spacing[axis]
        inner[axis] = min(max(round(place[axis] - off), 0), image.shape[axis] - 1)
        outer[axis] = min(max(round(place[axis] + FARTHER_OUT * off), 0), image.shape[axis] - 1)
    return abs(image[inner[0], inner[1], inner[2]] - image[outer[0], outer[1], outer[2]])


@njit(cache=True, nogil=True)
def _walk_outline(image, mask, counts, marks, spacing, reach_mm):  # type: ignore[no-untyped-def] # noqa: PLR0917
    """Visit the voxels of the outline: contrast across it; touches the prompt's limit; touches the image's end."""
    n, size = 0, np.count_nonzero(mask)
    contrasts, at_limit, at_border = np.zeros(size), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    place = np.empty(3, np.int64)
    for k in range(mask.shape[0]):
        for r in range(mask.shape[1]):
            for c in range(mask.shape[2]):
                if not mask[k, r, c]:
                    continue
                place[0], place[1], place[2] = k, r, c
                is_edge, at_limit[n], at_border[n] = _touches(mask, marks, place)
                if is_edge:
                    contrasts[n] = _read_across(image, counts, place, spacing, reach_mm)
                    n += 1
    return contrasts[:n], at_limit[:n], at_border[:n]
