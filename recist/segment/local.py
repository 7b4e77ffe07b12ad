"""Local tones: how far a voxel near the outline is between what lies inside and what lies outside right there.

A wall on one side and air on the other, a rim round a core: what inside and outside mean changes along the outline.
Where the two differ clearly, the place halfway between them is the edge (as in full width at half maximum); where they
do not differ, the tone is level and the first outline stands.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.segment.forest import FREE, LESION, N_BUCKETS, OUTSIDE, WALL
from recist.segment.smooth import box_counts, box_sums

Image = npt.NDArray[np.float32]
Marks = npt.NDArray[np.uint8]
Tones = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]
Triple = tuple[int, int, int]
Layers = tuple[Triple, Triple]

FULL_TONE = 200  # from all outside to all inside
ALIKE = 0.35  # of the contrast: what is outside and yet so near to the inside is a neighbour of the same density
OVERSHOOT = 0.6  # farthest from halfway, of the contrast
TOUCHING = 0.3  # share of such a neighbour outside from which on likeness to the lesion says nothing


STEP_COST = 6.0  # of one voxel, in tones
LOCAL_COSTS = np.tile(
    np.clip(np.abs(np.arange(-512, 513)) + STEP_COST, 1, N_BUCKETS - 1).astype(np.int32), (3, 1)
)  # of a step along slices, rows and columns by the fall in tone


def _size(radius_px: Triple) -> int:
    return (2 * radius_px[0] + 1) * (2 * radius_px[1] + 1) * (2 * radius_px[2] + 1)


def local_tones(  # noqa: PLR0917
    image: Image,
    first: Mask,
    marks: Marks,
    layers_px: Layers,
    radius_px: Triple,
    noise_hu: float,
    rim_hu: float,
    shift: float,
) -> Tones:
    """Translate the free voxels of a band.

    Parameters
    ----------
    image : (n_slices, n_rows, n_columns) float32
    first : (n_slices, n_rows, n_columns) bool
        The first outline.
    marks : (n_slices, n_rows, n_columns) uint8
        Seeds on both sides of the band.
    layers_px : two of (slices, rows, columns)
        Between these depths from the first outline lie the voxels that tell what is inside and what outside.
    radius_px : (slices, rows, columns)
        Half size of the box in which the means of both sides are taken.
    noise_hu : float
        Contrast that is not told from noise.
    rim_hu : float
        What is inside, where the lesion's core tells nothing of its border; NaN to look for it along the outline.
    shift : float
        How far below halfway the edge of a bulging, blurred surface lies, as a share of the contrast.

    Returns
    -------
    (n_slices, n_rows, n_columns) int16
        From 0 (outside) to FULL_TONE (inside), a little beyond either.
    """
    inside, outside = _read_sides(first, marks, layers_px)
    inner, outer = _average(image, inside, radius_px), _average(image, outside, radius_px)
    if not np.isnan(rim_hu):
        inner[:] = rim_hu
    alike = outside & (np.abs(image - inner) < ALIKE * np.abs(inner - outer))
    n_outside = box_counts(outside, radius_px)
    n_alike = box_counts(alike, radius_px)
    outer = _average(image, outside & ~alike, radius_px)
    likeness = n_alike / np.maximum(n_outside, 1)
    tones: Tones = _place(image, inner, outer, likeness, marks, noise_hu, shift)
    return tones


@njit(cache=True, nogil=True)
def _place(image, inner, outer, likeness, marks, noise_hu, shift):  # type: ignore[no-untyped-def] # noqa: PLR0917
    tones = np.zeros(image.shape, dtype=np.int16)
    for k in range(image.shape[0]):
        for r in range(image.shape[1]):
            for c in range(image.shape[2]):
                if marks[k, r, c] == FREE:
                    here = (k, r, c)
                    tones[here] = _tone(image[here], inner[here], outer[here], likeness[here], noise_hu, shift)
                elif marks[k, r, c] == LESION:
                    tones[k, r, c] = FULL_TONE
    return tones


@njit(cache=True, nogil=True)
def _tone(value: float, inner: float, outer: float, likeness: float, noise_hu: float, shift: float) -> int:  # noqa: PLR0917
    """Place a value between what is inside and what is outside; halfway where that is not known."""
    apart = inner - outer
    if np.isnan(apart) or apart == 0:
        return FULL_TONE // 2
    weight = apart * apart / (apart * apart + noise_hu * noise_hu)
    share = (value - (inner + outer) / 2) / apart + shift
    if share > 0:  # like the lesion: says nothing where the surroundings are like the lesion too
        weight *= max(0.0, 1.0 - likeness / TOUCHING)
    return int(FULL_TONE * (0.5 + weight * min(max(share, -OVERSHOOT), OVERSHOOT)))


def _read_sides(first: Mask, marks: Marks, layers_px: Layers) -> tuple[Mask, Mask]:
    """Pick the voxels a little inside and a little outside of the first outline."""
    near, far = box_counts(first, layers_px[0]), box_counts(first, layers_px[1])
    inside = (near == _size(layers_px[0])) & (far < _size(layers_px[1]))
    outside = (near == 0) & (far > 0) & (marks != OUTSIDE) & (marks != WALL)
    return inside, outside


def _average(image: Image, chosen: Mask, radius_px: Triple) -> Image:
    """Average the chosen voxels in the box around every voxel; NaN where there is none."""
    sums = box_sums(np.where(chosen, image, np.float32(0)), radius_px)
    counts = box_counts(chosen, radius_px)
    means: Image = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan).astype(np.float32)
    return means
