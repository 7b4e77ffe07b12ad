"""Lesions whose size is known exactly, because their outline is a formula.

In the lesion's own frame (u along the long axis, v across it in the slice, w across the slices), with the half axes
a, b, c and t = u / a, the lesion is where::

    t² + ((v − m(t)) / (b·k(t)))² + (w / c)² ≤ 1        m(t) = bend·b·sin(πt),  k(t) = 1 − taper·t²

`m` is odd and `k` is even, so every slice is point-symmetric. The farthest outline point from the centre is u = ±a
(:func:`outline` samples it, and the tests look for a longer one), hence the longest diameter on the central slice is
2a. Across it the lesion is an interval of length 2·b·k(t)·√(1−t²), longest at t = 0, hence the short axis is 2b. With
c < b no other slice and no oblique line is longer. An ellipsoid has bend = taper = 0.

The taper keeps the ends narrow: on a lesion with blunt ends many lines are almost as long as the longest one, and the
short axis, which is perpendicular to it, would hang on which of them the pixels happen to favour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.plan import LesionShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEIGHT_PER_SHORT_AXIS = 0.86
BEND = {LesionShape.IRREGULAR: 0.06}
TAPER = {LesionShape.IRREGULAR: 0.35}


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionOutline:
    """The measured core of one lesion.

    Parameters
    ----------
    long_axis_mm, short_axis_mm : float
        Exact axes on the central slice.
    angle_deg : float
        Direction of the long axis in the slice, from the rows' direction towards the columns' direction.
    shape : LesionShape
        Irregular lesions are bent, with narrow ends; all others are ellipsoids.
    """

    long_axis_mm: float
    short_axis_mm: float
    angle_deg: float
    shape: LesionShape

    @property
    def half_axes_mm(self) -> tuple[float, float, float]:
        """Half the extent along u, v and w."""
        half_short = self.short_axis_mm / 2
        return self.long_axis_mm / 2, half_short, half_short * HEIGHT_PER_SHORT_AXIS

    @property
    def bend(self) -> float:
        """How far the middle line swings, as a part of the half short axis."""
        return BEND.get(self.shape, 0.0)

    @property
    def taper(self) -> float:
        """How much narrower than an ellipsoid the ends are, as a part of the width."""
        return TAPER.get(self.shape, 0.0)

    def middle_mm(self, t: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return m(t): where the middle line of the lesion lies across the long axis, mm."""
        return np.asarray(self.bend * self.half_axes_mm[1] * np.sin(np.pi * t))

    def width_factor(self, t: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return k(t): the width relative to the ellipsoid's."""
        return np.asarray(1 - self.taper * t**2)

    def fill(
        self,
        u_mm: NDArray[np.floating],
        v_mm: NDArray[np.floating],
        w_mm: NDArray[np.floating] | float,
    ) -> NDArray[np.floating]:
        """Return the left side of the lesion's inequality: below 1 inside, 1 on the outline."""
        a, b, c = self.half_axes_mm
        t = u_mm / a
        across = (v_mm - self.middle_mm(t)) / (b * self.width_factor(t))
        return np.asarray(t**2 + across**2 + (w_mm / c) ** 2)

    def outline(self, n_points: int = 3600) -> NDArray[np.float64]:
        """Sample the outline on the central slice: (n_points, 2) of (u, v) in mm."""
        a, b, _ = self.half_axes_mm
        phase = np.linspace(0, 2 * np.pi, n_points, endpoint=False)
        t = np.cos(phase)
        v = self.middle_mm(t) + b * self.width_factor(t) * np.sin(phase)
        return np.column_stack([a * t, v])

    def reach_mm(self) -> float:
        """Return the radius of the smallest sphere about the centre that holds the lesion."""
        return self.long_axis_mm / 2

    def volume_mm3(self) -> float:
        """Return the exact volume: π·a·b·c·∫k(t)(1−t²)dt over −1…1.

        The shear by m(t) keeps volumes; ∫t²(1−t²)dt = 4/15.
        """
        a, b, c = self.half_axes_mm
        return float(np.pi * a * b * c * (4 / 3 - self.taper * 4 / 15))

    def to_frame(
        self,
        right_mm: NDArray[np.floating],
        down_mm: NDArray[np.floating],
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Map in-plane offsets from the centre (along rows, along columns) to (u, v), mm. Inverse: `from_frame`."""
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        return np.asarray(cos * right_mm + sin * down_mm), np.asarray(cos * down_mm - sin * right_mm)

    def from_frame(self, u_mm: float, v_mm: float) -> tuple[float, float]:
        """Map (u, v) to in-plane offsets from the centre (along rows, along columns), mm."""
        cos, sin = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        return float(cos * u_mm - sin * v_mm), float(sin * u_mm + cos * v_mm)
