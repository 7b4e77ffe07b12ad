"""The surfaces organs are made of, as depth in voxels (see :mod:`sample_dicom.canvas`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.canvas import share_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.canvas import Box, Canvas, Image

TINY = np.float32(1e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipsoid:
    """An ellipsoid in atlas mm, turned in the axial plane."""

    centre: tuple[float, float, float]
    radii: tuple[float, float, float]
    angle_deg: float = 0.0

    @property
    def in_plane_reach(self) -> tuple[float, float]:
        """Half the extent along x and y, mm."""
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        a, b, _ = self.radii
        return float(np.hypot(a * cos, b * sin)), float(np.hypot(a * sin, b * cos))

    def grown(self, by_mm: float) -> Ellipsoid:
        """Return the ellipsoid with every radius larger by this."""
        a, b, c = self.radii
        return Ellipsoid(centre=self.centre, radii=(a + by_mm, b + by_mm, c + by_mm), angle_deg=self.angle_deg)

    def depth_mm(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return roughly how deep atlas points (n, 3) lie inside, mm; negative outside."""
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        away = np.asarray(points, np.float64) - self.centre
        turned = np.column_stack([away @ [cos, sin, 0], away @ [-sin, cos, 0], away[:, 2]])
        scaled = turned / self.radii
        radius = np.linalg.norm(scaled, axis=1)
        slope = np.linalg.norm(scaled / self.radii, axis=1)
        return np.asarray((1 - radius) * radius / np.maximum(slope, TINY))


def find_box(canvas: Canvas, shape: Ellipsoid) -> Box | None:
    """Return the part of the slice an ellipsoid may touch, or None."""
    centre_z, reach_z = shape.centre[2], shape.radii[2] + canvas.thickness_mm
    if canvas.z_atlas.min() > centre_z + reach_z or canvas.z_atlas.max() < centre_z - reach_z:
        return None
    return canvas.box(shape.centre[:2], shape.in_plane_reach)


def compute_ellipsoid_depth(canvas: Canvas, shape: Ellipsoid, box: Box) -> Image:
    """Return the depth in voxels of an ellipsoid on a box."""
    cos = np.float32(np.cos(np.radians(shape.angle_deg)))
    sin = np.float32(np.sin(np.radians(shape.angle_deg)))
    a, b, c = (np.float32(radius) for radius in shape.radii)
    x = canvas.x_atlas[box] - np.float32(shape.centre[0])
    y = canvas.y_atlas[box] - np.float32(shape.centre[1])
    z = (canvas.z_atlas[box[0]] - np.float32(shape.centre[2])) / c
    u = (cos * x + sin * y) / a
    v = (cos * y - sin * x) / b
    radius = np.sqrt(u * u + v * v + z * z) + TINY
    slope = np.float32(canvas.pixel_mm) * np.sqrt((u / a) ** 2 + (v / b) ** 2)
    slope += np.float32(canvas.thickness_mm) * np.abs(z) / c + TINY
    depth: Image = (1 - radius) * radius / slope
    return depth


def paint_ellipsoid(canvas: Canvas, shape: Ellipsoid, value_hu: float, within: Image | None = None) -> None:
    """Paint an ellipsoid of one value, only within a tissue where its share is given."""
    box = find_box(canvas, shape)
    if box is None:
        return
    share = share_of(compute_ellipsoid_depth(canvas, shape, box))
    canvas.paint(share if within is None else share * within[box], value_hu, box)
