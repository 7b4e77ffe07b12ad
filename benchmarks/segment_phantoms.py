"""Lesions of known shape on a made background, for measuring recist.segment against the truth.

A scene is painted on slices finer than those of the scan, averaged over the slice thickness, blurred within the slice
by the scanner's point spread (and some of them along one direction, as motion does), and covered with noise whose
grain is a pixel or two. Everything random comes from one seed a case.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recist.measure import axes_from_mask

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Point = tuple[float, float, float]

KINDS = (
    "liver dark", "liver bright", "necrotic", "lung solid", "part-solid", "juxtapleural", "juxtavascular", "node",
)  # fmt: skip
NOTHING = ("even tissue", "aorta", "vein in fat", "bone", "air", "bowel wall", "lung")
FIELD_OF_VIEW = 3.4  # long axes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One lesion, or one place without any, in one made scan."""

    kind: str
    hu: Image
    spacing_mm: Point
    truth: Mask
    axis: tuple[Point, Point]
    seed: Point
    noise_hu: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """The fine grid on which a scene is painted, in mm from the middle of the lesion."""

    z: Image
    y: Image
    x: Image
    sub: int
    spacing_mm: Point
    rng: np.random.Generator

    def direction(self) -> npt.NDArray[np.float64]:
        """Draw a direction."""
        way = self.rng.normal(size=3)
        return way / np.linalg.norm(way)

    def plane(self, way: npt.NDArray[np.float64], distance_mm: float, radius_mm: float) -> Mask:
        """Fill everything beyond a large sphere's surface (a wall that bulges inward or outward a little)."""
        centre = way * (distance_mm - radius_mm)
        apart = (self.z - centre[0]) ** 2 + (self.y - centre[1]) ** 2 + (self.x - centre[2]) ** 2
        return np.asarray(apart > radius_mm**2)

    def tube(self, through: npt.NDArray[np.float64], way: npt.NDArray[np.float64], radius_mm: float) -> Mask:
        """Fill a straight tube."""
        dz, dy, dx = self.z - through[0], self.y - through[1], self.x - through[2]
        along = dz * way[0] + dy * way[1] + dx * way[2]
        return np.asarray(dz**2 + dy**2 + dx**2 - along**2 < radius_mm**2)


def lesion_radius(stage: Stage, half_mm: float, roughness: float) -> tuple[Image, npt.NDArray[np.float64]]:
    """Relative distance from the middle (1 on the surface) of a bumpy ellipsoid, and its half axes."""
    rng = stage.rng
    half = half_mm * np.array([rng.uniform(0.65, 1.15), rng.uniform(0.62, 1.0), 1.0])
    turn, tip = rng.uniform(0, math.pi), rng.normal(0, 0.25)
    ct, st, cp, sp = math.cos(turn), math.sin(turn), math.cos(tip), math.sin(tip)
    x, y = ct * stage.x + st * stage.y, -st * stage.x + ct * stage.y
    z, x = cp * stage.z + sp * x, -sp * stage.z + cp * x
    u = [z / half[0], y / half[1], x / half[2]]
    radius = np.sqrt(u[0] ** 2 + u[1] ** 2 + u[2] ** 2)
    unit = [part / np.maximum(radius, 1e-6) for part in u]
    bump = np.zeros_like(radius)
    for _ in range(3):
        way, phase = stage.direction(), rng.uniform(0, 2 * math.pi)
        bump += np.sin(3 * (unit[0] * way[0] + unit[1] * way[1] + unit[2] * way[2]) + phase)
    return (radius / (1 + roughness * bump / 3)).astype(np.float32), half


def add_vessels(
    scene: Image, stage: Stage, half_mm: float, hu: tuple[float, float], radius_mm: tuple[float, float]
) -> None:
    """Paint a few tubes that pass beside the lesion."""
    for _ in range(int(stage.rng.integers(3, 7))):
        way, side = stage.direction(), stage.direction()
        side -= way * (side @ way)
        side /= np.linalg.norm(side)
        radius = stage.rng.uniform(*radius_mm)
        through = side * half_mm * stage.rng.uniform(1.15, 2.3) + side * radius
        scene[stage.tube(through, way, radius)] = stage.rng.uniform(*hu)


def paint(kind: str, stage: Stage, half_mm: float) -> tuple[Image, Mask]:
    """Paint a scene; return it and the truth on the fine grid."""
    rng = stage.rng
    if kind in {"lung solid", "part-solid", "juxtapleural", "juxtavascular"}:
        return _paint_lung(kind, stage, half_mm)
    radius, half = lesion_radius(stage, half_mm, rng.uniform(0.03, 0.15))
    inside = radius <= 1
    if kind == "node":
        return _paint_node(stage, radius, half)
    tissue = rng.uniform(95, 120) if kind != "necrotic" else rng.uniform(48, 62)
    scene = np.full(radius.shape, tissue, np.float32)
    add_vessels(scene, stage, half_mm, (150, 180) if kind != "necrotic" else (85, 150), (1.5, 4.0))
    if rng.random() < 0.5:
        scene[stage.plane(stage.direction(), half_mm * rng.uniform(1.05, 1.6), 12 * half_mm)] = -95
    if kind == "liver dark":
        scene[inside] = tissue - rng.uniform(25, 65)
    elif kind == "liver bright":
        scene[inside] = tissue + rng.uniform(30, 75)
    else:
        scene[inside] = tissue + rng.uniform(30, 55)
        scene[radius <= rng.uniform(0.5, 0.78)] = rng.uniform(5, 28)
    return scene, inside


def _paint_lung(kind: str, stage: Stage, half_mm: float) -> tuple[Image, Mask]:
    rng = stage.rng
    radius, half = lesion_radius(stage, half_mm, rng.uniform(0.03, 0.15))
    inside = radius <= 1
    scene = np.full(radius.shape, rng.uniform(-900, -800), np.float32)
    add_vessels(scene, stage, half_mm, (10, 60), (0.6, 1.8))
    solid = rng.uniform(10, 70)
    scene[inside] = solid
    if kind == "part-solid":
        scene[inside] = rng.uniform(-650, -420)
        scene[radius <= rng.uniform(0.35, 0.65)] = solid
    elif kind == "juxtapleural":
        way = stage.direction()
        depth = float(np.sqrt(((way * half) ** 2).sum())) * rng.uniform(0.35, 0.85)
        wall = stage.plane(way, depth, rng.uniform(8, 30) * half_mm)
        scene[wall] = solid + rng.normal(0, 8)
        inside &= ~wall
    elif kind == "juxtavascular":
        way, side = stage.direction(), stage.direction()
        side -= way * (side @ way)
        side /= np.linalg.norm(side)
        thick = rng.uniform(1.2, 0.3 * half_mm) if half_mm > 5 else 1.2
        vessel = stage.tube(side * half_mm * rng.uniform(0.55, 0.95), way, thick)
        scene[vessel] = solid + rng.normal(0, 20)
    return scene, inside


def _paint_node(stage: Stage, radius: Image, half: npt.NDArray[np.float64]) -> tuple[Image, Mask]:
    rng = stage.rng
    inside = radius <= 1
    scene = np.full(radius.shape, rng.uniform(-115, -90), np.float32)
    value = rng.uniform(45, 95)
    if rng.random() < 0.6:  # a muscle that touches it
        way = stage.direction()
        touch = float(np.sqrt(((way * half) ** 2).sum())) * rng.uniform(0.85, 1.1)
        scene[stage.plane(way, touch, rng.uniform(6, 20) * half.max())] = rng.uniform(50, 70)
    if rng.random() < 0.7:  # a vessel beside it
        way, side = stage.direction(), stage.direction()
        side -= way * (side @ way)
        side /= np.linalg.norm(side)
        thick = rng.uniform(0.2, 0.5) * half.max()
        reach = float(np.sqrt(((side * half) ** 2).sum()))
        scene[stage.tube(side * (reach * rng.uniform(0.95, 1.1) + thick), way, thick)] = rng.uniform(130, 220)
    scene[inside] = value
    return scene, inside


def _stage(rng: np.random.Generator, half_mm: float, spacing_mm: Point, *, tall: float = 1.0) -> Stage:
    sub = max(1, round(spacing_mm[0] / 1.0))
    reach = FIELD_OF_VIEW * half_mm
    n_slices = max(9, 2 * math.ceil(tall * reach / spacing_mm[0] / 2) + 1)
    n_rows, n_columns = (max(24, 2 * math.ceil(1.25 * reach / s / 2)) for s in spacing_mm[1:])
    off = rng.uniform(-0.5, 0.5, 3)
    z = ((np.arange(n_slices * sub) + 0.5) / sub - 0.5 - n_slices / 2 + off[0]) * spacing_mm[0]
    y = (np.arange(n_rows) - n_rows / 2 + off[1]) * spacing_mm[1]
    x = (np.arange(n_columns) - n_columns / 2 + off[2]) * spacing_mm[2]
    grids = np.meshgrid(z.astype(np.float32), y.astype(np.float32), x.astype(np.float32), indexing="ij")
    return Stage(z=grids[0], y=grids[1], x=grids[2], sub=sub, spacing_mm=spacing_mm, rng=rng)


def scan(scene: Image, stage: Stage, noise_hu: float) -> Image:
    """Average over the slice thickness, blur within the slice, add noise with a grain."""
    rng, (dz, dy, dx) = stage.rng, stage.spacing_mm
    fine = ndimage.gaussian_filter(scene, (0.6 * stage.sub / max(dz, 1.0), 0.65 / dy, 0.65 / dx))
    if rng.random() < 0.25:  # breathing: every slice smeared along one direction
        fine = ndimage.uniform_filter1d(fine, max(1, round(rng.uniform(1, 3) / dy)), axis=1)
    thick = fine.reshape(-1, stage.sub, *fine.shape[1:]).mean(axis=1)
    noise = ndimage.gaussian_filter(rng.normal(size=thick.shape), (0.4 if dz < 2 else 0, 0.7, 0.7))
    return np.asarray(thick + noise * (noise_hu / noise.std()), np.float32)


def _draw_protocol(rng: np.random.Generator) -> tuple[Point, float]:
    pixel = rng.uniform(0.6, 0.95)
    thickness = float(rng.choice([1.0, 1.25, 2.0, 2.5, 3.0, 5.0]))
    return (thickness, pixel, pixel), float(rng.uniform(10, 30 if thickness < 2 else 20))


def make_case(kind: str, seed: int) -> Case:
    """Make one lesion of a kind, with a line drawn by an imperfect hand and an imperfect click."""
    for attempt in range(50):
        rng = np.random.default_rng([seed, attempt, *(ord(letter) for letter in kind)])
        spacing_mm, noise_hu = _draw_protocol(rng)
        lung = kind in {"lung solid", "part-solid", "juxtapleural", "juxtavascular"}
        half_mm = float(rng.uniform(5, 16) if lung or kind == "node" else rng.uniform(6, 25))
        if kind == "node" or lung:
            spacing_mm = (min(spacing_mm[0], 3.0), *spacing_mm[1:])
        stage = _stage(rng, half_mm, spacing_mm)
        scene, inside = paint(kind, stage, half_mm)
        share = inside.reshape(-1, stage.sub, *inside.shape[1:]).mean(axis=1)
        truth = _largest(share >= 0.5)
        if truth.sum() < 40 or truth.any(axis=(1, 2)).sum() < 2:
            continue
        hu = scan(scene, stage, noise_hu)
        axis, click = draw_prompts(truth, spacing_mm, rng)
        return Case(kind=kind, hu=hu, spacing_mm=spacing_mm, truth=truth, axis=axis, seed=click, noise_hu=noise_hu)
    raise RuntimeError(kind)


def _largest(mask: Mask) -> Mask:
    labels, n = ndimage.label(mask)
    if n <= 1:
        return np.asarray(mask)
    return np.asarray(labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1)


def draw_prompts(truth: Mask, spacing_mm: Point, rng: np.random.Generator) -> tuple[tuple[Point, Point], Point]:
    """Draw the true long axis with each end off by up to a pixel or 4 % of its length, and a click near the middle."""
    found = axes_from_mask(truth, spacing_mm)
    ends = np.array(found.long_axis_px)
    off = max(1.0, 0.04 * float(np.linalg.norm(ends[0] - ends[1])))
    ends += rng.uniform(-off, off, (2, 2))
    k = float(found.slice_index)
    inner = ndimage.distance_transform_edt(truth[found.slice_index])
    choices = np.argwhere(inner >= 0.5 * inner.max())
    row, column = choices[rng.integers(len(choices))]
    return ((k, *map(float, ends[0])), (k, *map(float, ends[1]))), (k, float(row), float(column))


def make_nothing(kind: str, seed: int) -> Case:
    """Make a place that holds no lesion, with a click on it."""
    rng = np.random.default_rng([seed, *(ord(letter) for letter in kind)])
    spacing_mm, noise_hu = _draw_protocol(rng)
    stage = _stage(rng, 14.0, spacing_mm, tall=1.3)
    scene = np.full(stage.z.shape, rng.uniform(45, 115), np.float32)
    way = np.array([1.0, rng.normal(0, 0.15), rng.normal(0, 0.15)])
    way /= np.linalg.norm(way)
    origin = np.zeros(3)
    if kind == "aorta":
        scene[:] = -100 if rng.random() < 0.5 else 55
        scene[stage.tube(origin, way, rng.uniform(8, 13))] = (
            rng.uniform(120, 300) if scene[0, 0, 0] > 0 else rng.uniform(40, 300)
        )
    elif kind == "vein in fat":
        scene[:] = -100
        scene[stage.tube(origin, way if rng.random() < 0.5 else stage.direction(), rng.uniform(3, 6))] = rng.uniform(
            45, 180
        )
    elif kind == "bone":
        scene[:] = 60
        radius, _ = lesion_radius(stage, rng.uniform(8, 15), 0.1)
        scene[radius <= 1] = 700
        scene[radius <= 0.75] = rng.uniform(180, 350)
    elif kind == "air":
        scene[:] = 50
        radius, _ = lesion_radius(stage, rng.uniform(8, 20), 0.1)
        scene[radius <= 1] = -1000
    elif kind == "bowel wall":
        scene[:] = -100
        lumen = stage.tube(np.array([0.0, 0.0, 11.0]), way, 9.5)
        tube = stage.tube(np.array([0.0, 0.0, 11.0]), way, 12.5)
        scene[tube] = 60
        scene[lumen] = rng.choice([-1000, 15])
    elif kind == "lung":
        scene[:] = rng.uniform(-900, -800)
        add_vessels(scene, stage, 6.0, (10, 60), (0.6, 1.8))
    hu = scan(scene, stage, noise_hu)
    middle = tuple(float(n // 2) for n in hu.shape)
    empty = np.zeros(hu.shape, np.bool_)
    ends = ((middle[0], middle[1], middle[2] - 8), (middle[0], middle[1], middle[2] + 8))
    return Case(kind=kind, hu=hu, spacing_mm=spacing_mm, truth=empty, axis=ends, seed=middle, noise_hu=noise_hu)
