"""A small trunk made of formulas, and scans of it after movements that are known exactly."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from recist.register import Registration, register

Array = NDArray[np.float64]
EDGE_MM = 2.5
LOW, HIGH = np.array([-130.0, -95.0, -105.0]), np.array([130.0, 95.0, 105.0])  # x, y, z


def _grid() -> tuple[Array, Array, Array]:
    axes = [np.arange(low, high + 1e-6, EDGE_MM) for low, high in zip(LOW, HIGH, strict=True)]
    z, y, x = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
    return x, y, z


def draw_trunk(seed: int, balls: tuple[tuple[float, float, float, float, float], ...] = ()) -> NDArray[np.float32]:
    """Draw fat, muscle, lungs, liver, spine, ribs and the vessels of a patient; balls: x, y, z, radius, HU."""
    x, y, z = _grid()
    hu = np.full(x.shape, -1000.0, np.float32)
    hu[(x / 118) ** 2 + (y / 80) ** 2 < 1] = -100
    hu[(x / 108) ** 2 + (y / 70) ** 2 < 1] = 50
    rng = np.random.default_rng(seed)
    dome = 5 + 25 * np.cos(x / 55) + rng.uniform(-4, 4)
    is_lung = (((np.abs(x) - 52) / 40) ** 2 + (y / 55) ** 2 < 1) & (z > dome - 20)
    hu[is_lung] = -850
    is_liver = (((x + 45) / 55) ** 2 + (y / 55) ** 2 + ((z + 35) / 55) ** 2 < 1) & ~is_lung
    hu[is_liver] = 110
    spine = (x / 17) ** 2 + ((y - 48) / 15) ** 2 < 1
    hu[spine] = np.where(z[spine] % 31 < 23, 260, 70)
    ring = np.abs(np.hypot(x / 108, y / 70) - 1) < 0.05
    hu[ring & (np.sin(2 * np.pi * (z + 14 * y / 70) / 29) > 0.3)] = 400
    hu[(x + 18) ** 2 + (y - 20) ** 2 < 11**2] = 150
    for _ in range(360):
        place = rng.uniform(0.85 * LOW, 0.85 * HIGH) * (1, 0.8, 1)
        _ball(hu, place, rng.uniform(2.5, 6.5), rng.uniform(-20, 60), rng.uniform(40, 90))
    for *place, radius, value in balls:
        near = (x - place[0]) ** 2 + (y - place[1]) ** 2 + (z - place[2]) ** 2 < radius**2
        hu[near] = value
    return ndimage.gaussian_filter(hu, 0.5)


def _ball(hu: NDArray[np.float32], place: Array, radius: float, in_lung: float, added: float) -> None:
    """Put a vessel-like ball: bright in the lungs, a little brighter than its surroundings elsewhere."""
    centre = ((place - LOW) / EDGE_MM)[::-1]
    low = np.maximum((centre - radius / EDGE_MM).astype(int), 0)
    high = (centre + radius / EDGE_MM).astype(int) + 2
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    part = hu[box]
    grid = np.ogrid[tuple(slice(a, a + n) for a, n in zip(low, part.shape, strict=True))]
    is_in = sum((g - c) ** 2 for g, c in zip(grid, centre, strict=True)) < (radius / EDGE_MM) ** 2
    part[is_in & (part < -500) & (part > -950)] = in_lung
    part[is_in & (part > 0) & (part < 200)] += added


def stay(points: Array) -> Array:
    """Move nothing."""
    return points


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """A scan with the movement that it shows: `back` takes its LPS mm (n, 3) to those of the trunk."""

    hu: NDArray[np.int16]
    affine: Array


@dataclass(frozen=True, kw_only=True)
class Scanner:
    """How a scan is taken: spacing between slices, rows, columns; corner and size in LPS mm; noise in HU."""

    spacing_mm: tuple[float, float, float] = (3.0, 2.5, 2.5)
    low: tuple[float, float, float] = (-125.0, -88.0, -103.0)
    high: tuple[float, float, float] = (125.0, 88.0, 103.0)
    noise_hu: float = 15.0
    seed: int = 0
    axes: Array = field(default_factory=lambda: np.eye(3)[::-1])  # directions of slices, rows, columns

    def scan(self, trunk: NDArray[np.float32], back: Callable[[Array], Array] = stay) -> Scanned:
        """Scan the trunk."""
        affine = np.eye(4)
        affine[:3, :3] = self.axes.T * self.spacing_mm
        size = np.abs(self.axes @ (np.array(self.high) - self.low))
        shape = tuple(int(n) for n in size / self.spacing_mm + 1)
        middle = (np.array(self.high) + self.low) / 2
        affine[:3, 3] = middle - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
        index = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), axis=-1).reshape(-1, 3)
        points = back(index @ affine[:3, :3].T + affine[:3, 3])
        hu = ndimage.map_coordinates(trunk, ((points - LOW) / EDGE_MM)[:, ::-1].T, order=1, mode="nearest")
        hu = hu + self.noise_hu * np.random.default_rng(self.seed).normal(size=hu.shape)
        return Scanned(hu=np.clip(np.rint(hu), -1024, 3071).astype(np.int16).reshape(shape), affine=affine)


@pytest.fixture(scope="session")
def draw() -> Callable[..., NDArray[np.float32]]:
    return draw_trunk


@pytest.fixture(scope="session")
def trunk() -> NDArray[np.float32]:
    return draw_trunk(1)


@pytest.fixture(scope="session")
def scanner() -> type[Scanner]:
    return Scanner


@pytest.fixture(scope="session")
def baseline(trunk: NDArray[np.float32]) -> Scanned:
    return Scanner().scan(trunk)


@pytest.fixture(scope="session")
def places() -> Array:
    """Thirty places in lungs, liver, mediastinum and spine, LPS mm."""
    rng = np.random.default_rng(5)
    centres = np.array([[-52, 0, 70], [52, 0, 70], [-45, 0, -35], [0, 10, 30], [0, 45, -60], [40, 0, -60]], float)
    return np.concatenate([centre + rng.uniform(-18, 18, (5, 3)) for centre in centres])


@pytest.fixture(scope="session")
def same(baseline: Scanned) -> Registration:
    """Give a scan registered to itself."""
    return register(baseline.hu, baseline.affine, baseline.hu, baseline.affine)
