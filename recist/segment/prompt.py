"""What a drawn line says: where the lesion surely is, where it surely is not, and which part of the image matters."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numba import njit

from recist.segment.forest import FREE, LESION, OUTSIDE, SURROUNDINGS

Point = tuple[float, float, float]
Box = tuple[slice, slice, slice]
Marks = npt.NDArray[np.uint8]

STICK_LENGTH, STICK_RADIUS = 0.86, 0.2  # of half the axis: a slim ellipsoid of seeds of the lesion along the line
REACH = 1.38  # of half the axis: from here on, in any direction, it is not the lesion
REACH_BEYOND_AN_END = 1.1  # of the axis, from the other end: no chord is longer than the longest one
MARGIN_PX = 1.5
END_SHARES = (0.66, 0.72, 0.78, 0.84)  # of half the axis, where the values near the ends are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A line across a lesion.

    Attributes
    ----------
    start, end : (slice, row, column)
        Voxels; integers are voxel centres.
    spacing_mm : (between slices, between rows, between columns)
    seeds_length, reach, reach_beyond_an_end : float
        Shares of the line, as the constants above.
    """

    start: Point
    end: Point
    spacing_mm: Point
    seeds_length: float = STICK_LENGTH
    reach: float = REACH
    reach_beyond_an_end: float = REACH_BEYOND_AN_END

    @property
    def half_mm(self) -> float:
        """Half the length of the line."""
        return math.dist(self._mm(self.start), self._mm(self.end)) / 2

    @property
    def middle(self) -> Point:
        """The voxel halfway."""
        s, e = self.start, self.end
        return (s[0] + e[0]) / 2, (s[1] + e[1]) / 2, (s[2] + e[2]) / 2

    def _mm(self, point: Point) -> tuple[float, ...]:
        return tuple(p * s for p, s in zip(point, self.spacing_mm, strict=True))

    def box(self, shape: tuple[int, ...], *, is_flat: bool) -> Box:
        """Cut out what can matter: as far as the lesion can reach and a little more, within the image."""
        reach_mm = self.reach * self.half_mm
        parts = []
        for axis, (middle, spacing, size) in enumerate(zip(self.middle, self.spacing_mm, shape, strict=True)):
            if axis == 0 and is_flat:
                parts.append(slice(round(middle), round(middle) + 1))
                continue
            reach_px = reach_mm / spacing + MARGIN_PX + 1
            low, high = max(0, math.floor(middle - reach_px)), min(size, math.ceil(middle + reach_px) + 1)
            parts.append(slice(low, high))
        return parts[0], parts[1], parts[2]

    def widened(self, reach: float) -> Prompt:
        """Look farther around."""
        return replace(self, reach=reach)

    def within(self, box: Box) -> Prompt:
        """Count the ends from the corner of a box."""

        def shift(point: Point) -> Point:
            return point[0] - box[0].start, point[1] - box[1].start, point[2] - box[2].start

        return replace(self, start=shift(self.start), end=shift(self.end))

    def in_blocks(self, factors: tuple[int, int, int]) -> Prompt:
        """Count the ends in blocks of voxels."""

        def count(point: Point) -> Point:
            slices, rows, columns = ((p - (f - 1) / 2) / f for p, f in zip(point, factors, strict=True))
            return slices, rows, columns

        slices, rows, columns = (f * s for f, s in zip(factors, self.spacing_mm, strict=True))
        return replace(self, start=count(self.start), end=count(self.end), spacing_mm=(slices, rows, columns))

    def end_values(self, image: npt.NDArray[np.float32], shares: tuple[float, ...] = END_SHARES) -> tuple[float, float]:
        """Read the median value a little inside either end (or at other shares of the half), across a few voxels."""
        start, end = np.array(self.start), np.array(self.end)
        across = np.array([0.0, end[2] - start[2], start[1] - end[1]])
        across /= max(1e-6, float(np.abs(across).max()))
        values = []
        for near, far in ((start, end), (end, start)):
            middle = (near + far) / 2
            points = [
                middle + share * self.seeds_length / STICK_LENGTH * (near - middle) + aside * across
                for share in shares
                for aside in (-1.0, 0.0, 1.0)
            ]
            places = np.clip(np.rint(points).astype(int), 0, np.array(image.shape) - 1)
            values.append(float(np.median(image[places[:, 0], places[:, 1], places[:, 2]])))
        return values[0], values[1]

    def mark(self, is_readable: npt.NDArray[np.bool_]) -> Marks:
        """Mark the seeds of lesion and surroundings in a box.

        Parameters
        ----------
        is_readable : (n_slices, n_rows, n_columns) bool
            False where the image has no value (padding, NaN).
        """
        start, end = (np.array(self._mm(point)) for point in (self.start, self.end))
        half, pixel = self.half_mm, max(self.spacing_mm[1:])
        limits = (
            (self.reach * half + MARGIN_PX * pixel) ** 2,
            (2 * self.reach_beyond_an_end * half + MARGIN_PX * pixel) ** 2,
            max(0.75 * pixel, STICK_RADIUS * half) ** 2,
            max(pixel, self.seeds_length * half) ** 2,
        )
        marks = np.full(is_readable.shape, OUTSIDE, dtype=np.uint8)
        _mark(
            is_readable, np.array(self.spacing_mm), (start + end) / 2, (end - start) / (2 * half), half, limits, marks
        )
        return marks


@njit(cache=True, nogil=True)
def _mark(is_readable, spacing, middle, along, half, limits, marks):  # type: ignore[no-untyped-def] # noqa: PLR0917
    n_slices, n_rows, n_columns = is_readable.shape
    far, beyond, stick, tip = limits
    for k in range(n_slices):
        z = k * spacing[0] - middle[0]
        for r in range(n_rows):
            y = r * spacing[1] - middle[1]
            for c in range(n_columns):
                if not is_readable[k, r, c]:
                    continue
                x = c * spacing[2] - middle[2]
                apart = z * z + y * y + x * x
                t = z * along[0] + y * along[1] + x * along[2]
                farthest = apart + half * half + 2 * half * abs(t)  # squared distance to the end on the other side
                if apart > far or farthest > beyond:
                    marks[k, r, c] = SURROUNDINGS
                elif t * t / tip + (apart - t * t) / stick < 1:
                    marks[k, r, c] = LESION
                else:
                    marks[k, r, c] = FREE
