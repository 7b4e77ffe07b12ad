"""Signs by which a good outline is told from a bad one, all measured on the result itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.measure import axes_from_mask
from recist.segment.forest import OUTSIDE, SURROUNDINGS, WALL
from recist.segment.smooth import box_counts

if TYPE_CHECKING:
    from recist.segment.field import Field

Mask = npt.NDArray[np.bool_]

STEP_OUT_PX = 2.0  # how far inside and outside of the outline the image is read
FARTHER_OUT = 1.25  # times as far outside, since the voxel itself is inside
WEAK_SHARE = 0.4  # of the median contrast: below it a part of the outline is weak
WEAK_STEPS = 4.0  # and below so many typical differences between neighbours
BEYOND_SHARES = (1.15, 1.25, 1.35)  # of half the line: just beyond its ends
EDGE, LIMIT, BORDER, AT_WALL = 1, 2, 3, 4  # what a voxel of the outline touches
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
    wall_share : float
        Part of the outline that is the continued surface of a wall.
    wall_scatter : float
        How far what is seen of that wall lies from its surface, as a share of half the line.
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
    wall_share: float = 0.0
    wall_scatter: float = 0.0


def measure_signs(field: Field, mask: Mask) -> Signs:
    """Measure all signs of a mask cut from a field."""
    spacing = np.array(field.prompt.spacing_mm)
    pixel = float(max(spacing[1:]))
    radius = (0 if mask.shape[0] == 1 else max(1, round(2 * pixel / spacing[0])), 2, 2)
    contrasts, touches = _visit_outline(field, mask, box_counts(mask, radius), spacing, STEP_OUT_PX * pixel)
    is_seen = touches != AT_WALL
    middle = float(np.median(contrasts[is_seen])) if is_seen.any() else 0.0
    weak = is_seen & (contrasts < max(WEAK_SHARE * middle, WEAK_STEPS * field.step_hu))
    n_in = int(np.count_nonzero(field.margins > WOBBLE))
    n_out = int(np.count_nonzero(field.margins > -WOBBLE))
    both = int(np.count_nonzero(mask & field.first))
    n_voxels = int(np.count_nonzero(mask))
    length_error, end_error = _compare_axes(field, mask)
    return Signs(
        contrast=middle / field.step_hu,
        weak_share=float(weak.mean()),
        limit_share=float((touches == LIMIT).mean()),
        border_share=float((touches == BORDER).mean()),
        stability=n_in / max(1, n_out),
        agreement=2 * both / max(1, n_voxels + int(np.count_nonzero(field.first))),
        length_error=length_error,
        end_error=end_error,
        end_contrast=min(1.0, _read_ends(field) / max(middle, 1e-3)),
        compactness=_compute_compactness(mask),
        n_voxels=n_voxels,
        inside_hu=float(np.median(field.image[mask])),
        wall_share=float((touches == AT_WALL).mean()),
        wall_scatter=0.0 if field.wall is None else field.wall.scatter,
    )


def _visit_outline(
    field: Field, mask: Mask, counts: npt.NDArray[np.float32], spacing: npt.NDArray[np.float64], reach_mm: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    size = int(np.count_nonzero(mask))
    contrasts, touches = np.empty(size), np.empty(size, np.uint8)
    n = _walk_outline(field.image, mask, counts, field.marks, spacing, reach_mm, contrasts, touches)
    return contrasts[:n], touches[:n]


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
    walls = field.prompt.end_values((field.marks == WALL).astype(np.float32), (1.0, *BEYOND_SHARES))
    apart = [abs(a - b) for a, b, wall in zip(inside, outside, walls, strict=True) if wall == 0]
    return min(apart, default=math.inf)


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
def _touches(mask, marks, k, r, c):  # type: ignore[no-untyped-def]
    """Tell what a voxel of a mask touches: EDGE, LIMIT, BORDER or AT_WALL, the last that holds; 0 for none."""
    touched = 0
    for n in range(2 if mask.shape[0] == 1 else 0, 6):
        way = 2 * (n & 1) - 1
        z = k + way if n < 2 else k
        y = r + way if n in {2, 3} else r
        x = c + way if n > 3 else c
        if z < 0 or y < 0 or x < 0 or z == mask.shape[0] or y == mask.shape[1] or x == mask.shape[2]:
            touched = max(touched, BORDER)
        elif not mask[z, y, x]:
            mark = marks[z, y, x]
            touched = max(
                touched,
                AT_WALL if mark == WALL else BORDER if mark == OUTSIDE else LIMIT if mark == SURROUNDINGS else EDGE,
            )
    return touched


@njit(cache=True, nogil=True)
def _clip(place, n):  # type: ignore[no-untyped-def]
    return min(max(int(np.floor(place + 0.5)), 0), n - 1)


@njit(cache=True, nogil=True)
def _read_across(image, counts, k, r, c, spacing, reach_mm):  # type: ignore[no-untyped-def] # noqa: PLR0917
    """Difference between a little inside and a little outside of a voxel of the outline, along its normal."""
    n_slices, n_rows, n_columns = image.shape
    z = (counts[max(k - 1, 0), r, c] - counts[min(k + 1, n_slices - 1), r, c]) / spacing[0]
    y = (counts[k, max(r - 1, 0), c] - counts[k, min(r + 1, n_rows - 1), c]) / spacing[1]
    x = (counts[k, r, max(c - 1, 0)] - counts[k, r, min(c + 1, n_columns - 1)]) / spacing[2]
    length = np.sqrt(z * z + y * y + x * x)
    if length == 0:
        return 0.0
    z, y, x = z * reach_mm / length / spacing[0], y * reach_mm / length / spacing[1], x * reach_mm / length / spacing[2]
    inner = image[_clip(k - z, n_slices), _clip(r - y, n_rows), _clip(c - x, n_columns)]
    z, y, x = FARTHER_OUT * z, FARTHER_OUT * y, FARTHER_OUT * x
    return abs(inner - image[_clip(k + z, n_slices), _clip(r + y, n_rows), _clip(c + x, n_columns)])


@njit(cache=True, nogil=True)
def _walk_outline(image, mask, counts, marks, spacing, reach_mm, contrasts, touches):  # type: ignore[no-untyped-def] # noqa: PLR0917
    """Visit the voxels of the outline: note the contrast across it and what it touches; return how many there are."""
    n = 0
    for k in range(mask.shape[0]):
        for r in range(mask.shape[1]):
            for c in range(mask.shape[2]):
                if mask[k, r, c]:
                    touched = _touches(mask, marks, k, r, c)
                    if touched > 0:
                        touches[n] = touched
                        contrasts[n] = _read_across(image, counts, k, r, c, spacing, reach_mm)
                        n += 1
    return n
