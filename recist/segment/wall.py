"""The wall beside a lesion: pleura, muscle, a large vessel, of the same density and so without an edge between.

Where the wall goes on to both sides of a lesion its surface is seen. A paraboloid through what is seen there says where
it runs behind the lesion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.segment.coarse import average_blocks
from recist.segment.smooth import blur, box_counts

if TYPE_CHECKING:
    from recist.segment.prompt import Prompt

Vectors = npt.NDArray[np.float64]
Image = npt.NDArray[np.float32]

COARSE_HALF_PX = 6.0
NEAR, FAR = 1.15, 2.1  # of half the line: between these distances from its middle the wall is looked for
LEAST_CONTRAST_HU = 80.0  # of lesion and wall against lung or fat
LEAST_TISSUE, LEAST_DARK = 0.08, 0.2  # share of the shell
FLAT = (0.3, 0.7)  # share of tissue in a box on the surface of something large
BOX_PX = 2
LEAST_POINTS = 24
LEAST_INLIERS, LARGEST_SCATTER = 0.6, 0.09  # share; of half the line
LEAST_SIDE = 0.3  # of half the line: between the middles of what is tissue and what is not
ONE_SIDED = 0.75  # length of the mean direction to the points: 0 all around, 1 all on one side
LEAST_DEPTH, END_DEPTH = 0.12, 0.2  # of half the line: how far the middle and the ends may lie from the wall
CUTOFF = 4.685  # of Tukey's weights, in standard deviations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wall:
    """A surface: height over a plane through the middle of the line, `a + b u + c v + d (u² + v²)`, in mm.

    Attributes
    ----------
    frame : (3, 3) float
        Directions (slice, row, column) of the height and of u and v.
    shape : (4,) float
        a, b, c, d.
    scatter : float
        Distance of what is seen from the surface (root mean square), as a share of half the line.
    """

    frame: Vectors
    shape: Vectors
    scatter: float


def find_wall(
    hu: npt.NDArray[np.generic], prompt: Prompt, own_hu: float, least_hu: float, *, is_flat: bool
) -> Wall | None:
    """Look for a wall around a prompt.

    Parameters
    ----------
    hu : (n_slices, n_rows, n_columns) array
        The whole image.
    prompt : Prompt
    own_hu : float
        Value of the lesion.
    least_hu : float
        Below it there is no tissue but padding.
    """
    wide = prompt.widened(FAR)
    box = wide.box(hu.shape, is_flat=is_flat)
    factors = _factors(prompt, is_flat=is_flat)
    raw = np.ascontiguousarray(hu[box], dtype=np.float32)
    readable = raw > least_hu
    blocks, is_good = average_blocks(np.where(readable, raw, np.float32(0)), readable, factors)
    coarse = wide.within(box).in_blocks(factors)
    image = blur(blocks, (0.0 if is_flat else 0.5, 0.5, 0.5))
    apart = _square_distances(image.shape, coarse) / prompt.half_mm**2
    shell = (apart > NEAR**2) & (apart < FAR**2) & is_good
    values = image[shell]
    dark = values[values < own_hu - LEAST_CONTRAST_HU]
    if dark.size < LEAST_DARK * values.size or values.size < LEAST_POINTS:
        return None
    threshold = (own_hu + float(np.median(dark))) / 2
    tissue = image > threshold
    share = float(np.mean(tissue[shell]))
    if share < LEAST_TISSUE:
        return None
    points = _find_surface(image, tissue, shell, threshold, coarse)
    if len(points) < LEAST_POINTS:
        return None
    middles = [np.argwhere(shell & part).mean(axis=0) for part in (tissue, ~tissue)]
    towards = (middles[0] - middles[1]) * coarse.spacing_mm
    if np.linalg.norm(towards) < LEAST_SIDE * prompt.half_mm:
        return None
    return _fit(points, towards, prompt)


def _factors(prompt: Prompt, *, is_flat: bool) -> tuple[int, int, int]:
    slices, rows, columns = (max(1, int(prompt.half_mm / COARSE_HALF_PX / s + 0.3)) for s in prompt.spacing_mm)
    return 1 if is_flat else slices, rows, columns


def _square_distances(shape: tuple[int, ...], prompt: Prompt) -> Image:
    z, y, x = (
        (((np.arange(n) - m) * s) ** 2).astype(np.float32)
        for n, m, s in zip(shape, prompt.middle, prompt.spacing_mm, strict=True)
    )
    if shape[0] == 1:
        z[:] = 0.0
    return np.asarray(z[:, None, None] + y[:, None] + x)


def _find_surface(
    image: Image, tissue: npt.NDArray[np.bool_], shell: npt.NDArray[np.bool_], threshold: float, prompt: Prompt
) -> Vectors:
    """Find where the image passes the threshold on the surface of something large: places in mm from the middle."""
    radius = (0 if image.shape[0] == 1 else BOX_PX, BOX_PX, BOX_PX)
    counts = box_counts(tissue, radius)
    ones = box_counts(np.ones_like(tissue), radius)
    share = counts / ones
    usable = shell & (share > FLAT[0]) & (share < FLAT[1])
    points = []
    for axis in range(3):
        if image.shape[axis] == 1:
            continue
        low = [slice(None)] * 3
        high = [slice(None)] * 3
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        one, other = tuple(low), tuple(high)
        crossing = (tissue[one] != tissue[other]) & usable[one] & usable[other]
        found = np.argwhere(crossing).astype(np.float64)
        before, after = image[one][crossing], image[other][crossing]
        found[:, axis] += (threshold - before) / (after - before)
        points.append(found)
    together = np.concatenate(points)
    return np.asarray((together - np.array(prompt.middle)) * np.array(prompt.spacing_mm))


def _fit(points: Vectors, towards: Vectors, prompt: Prompt) -> Wall | None:
    frame = _make_frame(towards, is_flat=bool(np.ptp(points[:, 0]) == 0))
    half = prompt.half_mm
    turned = points @ frame.T / half
    height, u, v = turned.T
    terms = np.stack([np.ones_like(u), u, v, u * u + v * v], axis=1)
    weights = np.ones(len(u))
    shape = np.zeros(4)
    scatter, limit = 0.0, 1.0
    for turn in range(14):
        n_terms = 3 if turn < 6 else 4
        root = np.sqrt(weights)[:, None]
        shape[:] = 0
        shape[:n_terms] = np.linalg.lstsq(terms[:, :n_terms] * root, height * root[:, 0], rcond=None)[0]
        off = height - terms @ shape
        limit = CUTOFF * max(0.02, 1.48 * float(np.median(np.abs(off))))
        weights = np.where(np.abs(off) < limit, (1 - (off / limit) ** 2) ** 2, 0.0)
    inliers = np.abs(off) < limit
    scatter = float(np.sqrt(np.mean(off[inliers] ** 2)))
    if inliers.mean() < LEAST_INLIERS or scatter > LARGEST_SCATTER or np.count_nonzero(inliers) < LEAST_POINTS:
        return None
    around = np.stack([u, v], axis=1)[inliers]
    around = around / np.maximum(np.linalg.norm(around, axis=1, keepdims=True), 1e-6)
    if np.linalg.norm(around.mean(axis=0)) > ONE_SIDED:
        return None
    shape *= [half, 1.0, 1.0, 1.0 / half]
    wall = Wall(frame=frame, shape=shape, scatter=scatter)
    return wall if _lies_behind(wall, prompt) else None


def _make_frame(towards: Vectors, *, is_flat: bool) -> Vectors:
    if is_flat:
        towards = towards * [0, 1, 1]
    up = towards / max(float(np.linalg.norm(towards)), 1e-9)
    aside = np.cross(up, [1.0, 0.0, 0.0])
    if np.linalg.norm(aside) < 0.1:
        aside = np.cross(up, [0.0, 1.0, 0.0])
    aside /= np.linalg.norm(aside)
    return np.stack([up, aside, np.cross(up, aside)])


def _lies_behind(wall: Wall, prompt: Prompt) -> bool:
    """Tell whether the line lies on the free side of a wall."""
    half = prompt.half_mm
    if wall.shape[0] < LEAST_DEPTH * half:
        return False
    line = (np.array(prompt.end) - np.array(prompt.start)) * np.array(prompt.spacing_mm) / 2
    for way in (-1, 1):
        height, u, v = wall.frame @ (way * line)
        if height - wall.shape @ [1.0, u, v, u * u + v * v] > END_DEPTH * half:
            return False
    return True


def mark_wall(marks: npt.NDArray[np.uint8], prompt: Prompt, wall: Wall, code: int) -> None:
    """Mark what lies beyond a wall, in place."""
    _mark_beyond(marks, np.array(prompt.spacing_mm), np.array(prompt.middle), wall.frame, wall.shape, code)


@njit(cache=True, nogil=True)
def _mark_beyond(marks, spacing, middle, frame, shape, code):  # type: ignore[no-untyped-def] # noqa: PLR0917
    for k in range(marks.shape[0]):
        z = (k - middle[0]) * spacing[0]
        for r in range(marks.shape[1]):
            y = (r - middle[1]) * spacing[1]
            for c in range(marks.shape[2]):
                if marks[k, r, c] == 0:
                    continue
                x = (c - middle[2]) * spacing[2]
                height = frame[0, 0] * z + frame[0, 1] * y + frame[0, 2] * x
                u = frame[1, 0] * z + frame[1, 1] * y + frame[1, 2] * x
                v = frame[2, 0] * z + frame[2, 1] * y + frame[2, 2] * x
                if height > shape[0] + shape[1] * u + shape[2] * v + shape[3] * (u * u + v * v):
                    marks[k, r, c] = code
