"""Lesions with a truth by formula: ellipsoids, blurred and with noise."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipsoid:
    """An ellipsoid along the axes of the image, and the image."""

    hu: npt.NDArray[np.float32]
    spacing_mm: tuple[float, float, float]
    half_mm: tuple[float, float, float]
    centre_px: tuple[float, float, float]
    truth: npt.NDArray[np.bool_]

    @property
    def volume_mm3(self) -> float:
        return 4 / 3 * math.pi * math.prod(self.half_mm)

    @property
    def long_axis(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        k, r, c = self.centre_px
        reach = self.half_mm[2] / self.spacing_mm[2]
        return (k, r, c - reach), (k, r, c + reach)


def dice(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> float:
    return float(2 * (one & other).sum() / max(1, one.sum() + other.sum()))


Draw = Callable[..., Ellipsoid]


@pytest.fixture(name="dice")
def dice_fixture() -> Callable[[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], float]:
    return dice


@pytest.fixture
def draw() -> Draw:
    """Draw an ellipsoid of one value in another, with what `paint` puts beside it."""

    def make(
        inside: float = 60.0,
        outside: float = 110.0,
        *,
        spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0),
        half_mm: tuple[float, float, float] = (9.0, 8.0, 12.0),
        noise_hu: float = 10.0,
        size: tuple[int, int, int] = (41, 48, 52),
        paint: Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], None] | None = None,
        centre_px: tuple[float, float, float] | None = None,
    ) -> Ellipsoid:
        centre = centre_px or tuple((n - 1) / 2 for n in size)
        grid = np.stack(np.meshgrid(*(np.arange(n) for n in size), indexing="ij"))
        apart = [(g - m) * s for g, m, s in zip(grid, centre, spacing_mm, strict=True)]
        radius = np.sqrt(sum((a / h) ** 2 for a, h in zip(apart, half_mm, strict=True)))
        scene = np.full(size, float(outside))
        if paint is not None:
            paint(scene, np.stack(apart))
        scene[radius <= 1] = inside
        hu = ndimage.gaussian_filter(scene, 0.7)
        hu += np.random.default_rng(5).normal(0, noise_hu, size)
        return Ellipsoid(
            hu=hu.astype(np.float32),
            spacing_mm=spacing_mm,
            half_mm=half_mm,
            centre_px=(centre[0], centre[1], centre[2]),
            truth=radius <= 1,
        )

    return make
