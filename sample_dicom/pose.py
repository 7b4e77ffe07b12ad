"""How a patient lies on the table at one visit, and how the patient's anatomy differs from the atlas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.floating]
INVERSE_STEPS = 25
WARP_MM = (3.2, 2.4, 3.2, 2.4)
WARP_LENGTH_MM = (44.0, 52.0, 47.0, 58.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Map between the patient (LPS mm) and the atlas (anatomical mm).

    Parameters
    ----------
    shift_mm : tuple of float
        Where the atlas' origin lies in the patient, LPS mm.
    angle_deg : float
        Rotation on the table, about z.
    scale : float
        Size of the patient relative to the atlas.
    phases : tuple of float
        Phases of the smooth warp that makes every patient's organs differ, radians.
    """

    shift_mm: tuple[float, float, float]
    angle_deg: float
    scale: float
    phases: tuple[float, float, float, float]

    def to_atlas(self, x: Image, y: Image, z: Image) -> tuple[Image, Image, Image]:
        """Map LPS mm to atlas mm; arrays broadcast. Inverse: `to_lps`."""
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        right, down = x - np.float32(self.shift_mm[0]), y - np.float32(self.shift_mm[1])
        scale = np.float32(self.scale)
        straight_x = (np.float32(cos) * right + np.float32(sin) * down) / scale
        straight_y = (np.float32(cos) * down - np.float32(sin) * right) / scale
        atlas_z = (z - np.float32(self.shift_mm[2])) / scale
        warp_x, warp_y = self._warp(straight_x, straight_y, atlas_z)
        return straight_x + warp_x, straight_y + warp_y, atlas_z

    def to_lps(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Map atlas mm (n, 3) to LPS mm (n, 3), by fixed-point iteration. Inverse: `to_atlas`."""
        wanted = np.asarray(points, np.float64)
        straight = wanted[:, :2].copy()
        for _ in range(INVERSE_STEPS):
            warp = self._warp(straight[:, 0], straight[:, 1], wanted[:, 2])
            straight = wanted[:, :2] - np.column_stack(warp)
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        turned = np.column_stack([straight @ [cos, -sin], straight @ [sin, cos], wanted[:, 2]])
        return np.asarray(np.array(self.shift_mm) + self.scale * turned)

    def _warp(
        self,
        x: NDArray[np.floating],
        y: NDArray[np.floating],
        z: NDArray[np.floating],
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        size, length, phase = WARP_MM, WARP_LENGTH_MM, self.phases
        warp_x = size[0] * np.sin(y / length[0] + phase[0]) + size[1] * np.sin(z / length[1] + phase[1])
        warp_y = size[2] * np.sin(x / length[2] + phase[2]) + size[3] * np.sin(z / length[3] + phase[3])
        return warp_x, warp_y
