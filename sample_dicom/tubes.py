"""Vessels, bronchi and spicules: tapered tubes between two points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sample_dicom.canvas import Canvas, Image
    from sample_dicom.grid import SliceGrid
    from sample_dicom.pose import Pose

THIN_SLICE_MM = 1.5  # thinner slices are sampled in their middle plane only


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tubes:
    """Tapered tubes, as columns.

    Parameters
    ----------
    start, end : numpy.ndarray (n, 3)
        Ends of the middle lines, mm.
    start_radius_mm, end_radius_mm : numpy.ndarray (n,)
        Radii at the two ends.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    start_radius_mm: NDArray[np.float64]
    end_radius_mm: NDArray[np.float64]

    def grown(self, by_mm: float) -> Tubes:
        """Return the tubes with larger radii: their walls."""
        return Tubes(
            start=self.start,
            end=self.end,
            start_radius_mm=self.start_radius_mm + by_mm,
            end_radius_mm=self.end_radius_mm + by_mm,
        )

    def to_lps(self, pose: Pose) -> Tubes:
        """Map tubes in the atlas to the patient, LPS mm."""
        return Tubes(
            start=pose.to_lps(self.start),
            end=pose.to_lps(self.end),
            start_radius_mm=self.start_radius_mm * pose.scale,
            end_radius_mm=self.end_radius_mm * pose.scale,
        )


def make_path(points: Sequence[tuple[float, float, float]], radius_mm: float) -> Tubes:
    """Make a bent tube of one radius through the points."""
    array = np.array(points, np.float64)
    radii = np.full(len(array) - 1, radius_mm)
    return Tubes(start=array[:-1], end=array[1:], start_radius_mm=radii, end_radius_mm=radii)


def join_tubes(parts: Sequence[Tubes]) -> Tubes:
    """Put several sets of tubes into one."""
    return Tubes(
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        start_radius_mm=np.concatenate([part.start_radius_mm for part in parts]),
        end_radius_mm=np.concatenate([part.end_radius_mm for part in parts]),
    )


def compute_tube_share(canvas: Canvas, tubes: Tubes) -> Image | None:
    """Return the share of each pixel that lies in tubes given in LPS mm, or None where no tube meets the slice.

    Thick slices are the mean of three planes, so that a thin vessel across them is as faint as on a scanner.
    """
    grid = canvas.grid
    third = grid.thickness_mm / 3
    offsets = np.array([0.0]) if grid.thickness_mm <= THIN_SLICE_MM else np.array([-third, 0.0, third])
    hits = _find_hits(grid, canvas.slice_index, tubes)
    if not hits.size:
        return None
    shares = np.zeros((len(offsets), *canvas.hu.shape), np.float32)
    for hit in hits:
        _add_tube(shares, canvas, tubes, int(hit), offsets)
    return np.asarray(shares.mean(axis=0))


def _find_hits(grid: SliceGrid, slice_index: int, tubes: Tubes) -> NDArray[np.intp]:
    level = float(grid.position_lps(slice_index) @ grid.normal)
    reach = np.maximum(tubes.start_radius_mm, tubes.end_radius_mm) + grid.thickness_mm / 2
    first, last = tubes.start @ grid.normal - level, tubes.end @ grid.normal - level
    return np.flatnonzero((np.minimum(first, last) < reach) & (np.maximum(first, last) > -reach))


def _add_tube(shares: Image, canvas: Canvas, tubes: Tubes, index: int, offsets: NDArray[np.float64]) -> None:
    grid = canvas.grid
    origin = grid.position_lps(canvas.slice_index)
    axes = np.column_stack([grid.row_cosines, grid.column_cosines, grid.normal])
    first, last = (tubes.start[index] - origin) @ axes, (tubes.end[index] - origin) @ axes
    radii = float(tubes.start_radius_mm[index]), float(tubes.end_radius_mm[index])
    pixel = (grid.column_spacing_mm, grid.row_spacing_mm)
    ranges = []
    for axis, n_pixels in ((0, grid.columns), (1, grid.rows)):
        margin = max(radii) + pixel[axis]
        low = int((min(first[axis], last[axis]) - margin) // pixel[axis])
        high = int((max(first[axis], last[axis]) + margin) // pixel[axis]) + 2
        ranges.append((max(low, 0), min(high, n_pixels)))
    (left, right), (top, bottom) = ranges
    if left >= right or top >= bottom:
        return
    x = (np.arange(left, right) * pixel[0] - first[0]).astype(np.float32)[np.newaxis, np.newaxis, :]
    y = (np.arange(top, bottom) * pixel[1] - first[1]).astype(np.float32)[np.newaxis, :, np.newaxis]
    w = (offsets - first[2]).astype(np.float32)[:, np.newaxis, np.newaxis]
    along = (last - first).astype(np.float32)
    part = (x * along[0] + y * along[1] + w * along[2]) / np.float32(max(float(along @ along), 1e-6))
    np.clip(part, 0, 1, out=part)
    distance = np.sqrt((x - part * along[0]) ** 2 + (y - part * along[1]) ** 2 + (w - part * along[2]) ** 2)
    radius = np.float32(radii[0]) + part * np.float32(radii[1] - radii[0])
    width = np.float32(np.sqrt(pixel[0] * pixel[1]))
    share = np.clip((radius - distance) / width + np.float32(0.5), 0, 1)
    place = shares[:, top:bottom, left:right]
    np.maximum(place, share, out=place)
