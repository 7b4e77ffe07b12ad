"""Pairs of scans between which every point's true way is known: the phantom, deformed and scanned anew.

The sample study's phantom is drawn without noise in one pose. The follow-up shows it after a known movement (breathing,
a smooth random deformation, another place on the table), on another grid, with slices of another thickness, another
kernel, another contrast phase and noise of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from sample_dicom.plan import TIMEPOINTS, derive_visits, read_plan
from sample_dicom.protocols import ASTER, Protocol, derive_pose
from sample_dicom.scene import derive_scene, draw_slice

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample_dicom.pose import Pose

Points = NDArray[np.float64]
Volume = NDArray[np.float32]
DRAWN = Protocol(
    maker=ASTER,
    matrix=(240, 240),
    pixel_spacing_mm=(1.65, 1.65),
    spacing_mm=2.0,
    thickness_mm=2.0,
    range_mm=(-225, 150),
    noise_hu=0.0,
)
# places in the atlas, mm: centre and half axes of a ball in which points are drawn
REGIONS = {
    "lung": (((-80, 5, 75), (35, 45, 45)), ((82, 8, 70), (30, 45, 45))),
    "liver": (((-70, -5, -50), (45, 50, 45)),),
    "nodes": (((0, 0, 85), (25, 30, 45)), ((0, 12, -125), (35, 25, 50))),
    "bone": (((0, 47, -40), (18, 14, 140)),),
    "lower abdomen": (((0, -20, -185), (80, 50, 25)),),
}
PHASES = {
    "native": ([-1000, 70, 112, 124, 152, 196, 230, 3000], [-1000, 45, 58, 48, 42, 36, 230, 3000]),
    "arterial": ([-1000, 70, 112, 124, 152, 196, 3000], [-1000, 60, 75, 115, 290, 180, 3000]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A known smooth way of every point from the baseline to the follow-up, LPS mm.

    Parameters
    ----------
    breath_mm : float
        How far the diaphragm goes down (negative: up); least at the back, nothing at apex and pelvis.
    wobble_mm : float
        Size of a random smooth deformation.
    diaphragm_z : float
        Where the breath is largest, LPS z at baseline.
    """

    breath_mm: float
    wobble_mm: float
    turn_deg: tuple[float, float, float]
    shift_mm: tuple[float, float, float]
    centre: tuple[float, float, float]
    seed: int

    def forward(self, points: Points) -> Points:
        """Map baseline points (n, 3) to the follow-up."""
        return self._turn(points + self._bend(points))

    def back(self, points: Points) -> Points:
        """Map follow-up points (n, 3) to the baseline, by fixed-point iteration."""
        straight = (points - np.array(self.shift_mm) - self.centre) @ self._rotation() + self.centre
        found = straight.copy()
        for _ in range(12):
            found = straight - self._bend(found)
        return np.asarray(found)

    def _rotation(self) -> NDArray[np.float64]:
        x, y, z = np.radians(self.turn_deg)
        about_x = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
        about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
        about_z = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
        return np.asarray(about_x @ about_y @ about_z)

    def _turn(self, points: Points) -> Points:
        return np.asarray((points - self.centre) @ self._rotation().T + self.centre + np.array(self.shift_mm))

    def _bend(self, points: Points) -> Points:
        rng = np.random.default_rng(self.seed)
        away = points - self.centre
        moved = np.zeros_like(points, dtype=np.float64)
        for axis in range(3):
            for _ in range(3):
                wave = rng.normal(size=3)
                wave *= 2 * math.pi / rng.uniform(110, 260) / np.linalg.norm(wave)
                moved[:, axis] += self.wobble_mm / 3 * 1.4 * np.sin(away @ wave + rng.uniform(0, 2 * math.pi))
        # the centre lies near the spine at the height of the domes
        height = np.exp(-((away[:, 2] / np.where(away[:, 2] > 0, 60.0, 110.0)) ** 2))
        front = 1 / (1 + np.exp((away[:, 1] - 20) / 12))  # the back does not breathe
        moved[:, 2] -= self.breath_mm * height * front
        moved[:, 1] -= 0.25 * self.breath_mm * height * front
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a scan is taken.

    Parameters
    ----------
    spacing_mm : tuple of float
        Between slices, rows, columns.
    range_mm : tuple of float
        Lowest and highest slice in the atlas.
    field_mm : float
        Width of the field of view.
    sharpness : float
        Standard deviation in pixels of the smoothing of noise and picture.
    phase : str
        Key of `PHASES`, or empty as drawn.
    """

    spacing_mm: tuple[float, float, float] = (3.0, 1.6, 1.6)
    range_mm: tuple[float, float] = (-150, 130)
    field_mm: float = 380.0
    blur_px: float = 0.6
    noise_hu: float = 12.0
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A baseline, a follow-up, and points with their true places in both."""

    baseline: NDArray[np.int16]
    baseline_affine: NDArray[np.float64]
    followup: NDArray[np.int16]
    followup_affine: NDArray[np.float64]
    points: Points
    truth: Points
    regions: NDArray[np.str_]


def draw_patient(key: str, timepoint: str, seed: int = 7) -> tuple[Volume, NDArray[np.float64], Pose]:
    """Draw a patient without noise, with the lesions of a visit but always in the pose of the baseline."""
    visits = {(visit.key, visit.timepoint): visit for visit in derive_visits(read_plan())}
    baseline = replace(visits[key, TIMEPOINTS[0]], lesions=visits[key, timepoint].lesions)
    scene = derive_scene(baseline, seed, DRAWN)
    volume = np.stack([draw_slice(scene, index) for index in range(scene.grid.n_slices)]).astype(np.float32)
    affine = np.eye(4)
    affine[:3, 0] = (0, 0, DRAWN.spacing_mm)
    affine[:3, 1] = scene.grid.column_cosines * DRAWN.pixel_spacing_mm[0]
    affine[:3, 2] = scene.grid.row_cosines * DRAWN.pixel_spacing_mm[1]
    affine[:3, 3] = scene.grid.position_lps(0)
    return volume, affine, derive_pose(key, 0, seed)


def lay_grid(
    look: Look, pose: Pose, shift_mm: tuple[float, float, float]
) -> tuple[tuple[int, int, int], NDArray[np.float64]]:
    """Give shape and affine of a scan over a range of the atlas."""
    low, high = (pose.shift_mm[2] + pose.scale * level + shift_mm[2] for level in look.range_mm)
    across = round(look.field_mm / look.spacing_mm[1])
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2] = (
        (0, 0, look.spacing_mm[0]),
        (0, look.spacing_mm[1], 0),
        (look.spacing_mm[2], 0, 0),
    )
    affine[:3, 3] = (-(across - 1) / 2 * look.spacing_mm[2], -(across - 1) / 2 * look.spacing_mm[1], low)
    return (round((high - low) / look.spacing_mm[0]) + 1, across, across), affine


def scan(
    drawn: tuple[Volume, NDArray[np.float64]],
    look: Look,
    grid: tuple[tuple[int, int, int], NDArray[np.float64]],
    back: Callable[[Points], Points] | None,
    seed: int,
) -> NDArray[np.int16]:
    """Scan the drawn patient: partial volume across the slices, contrast phase, kernel, noise."""
    volume, affine = drawn
    if look.phase:
        volume = np.interp(volume, *PHASES[look.phase]).astype(np.float32)
    shape, place = grid
    inverse = np.linalg.inv(affine)
    rows, columns = np.meshgrid(np.arange(shape[1]), np.arange(shape[2]), indexing="ij")
    parts = max(round(look.spacing_mm[0] / 2.0), 1)
    rng = np.random.default_rng(seed)
    out = np.empty(shape, np.int16)
    for index in range(shape[0]):
        slice_hu = np.zeros(shape[1:], np.float32)
        for part in range(parts):
            level = index + (part + 0.5) / parts - 0.5
            here = np.column_stack([np.full(rows.size, level), rows.ravel(), columns.ravel(), np.ones(rows.size)])
            points = (here @ place.T)[:, :3]
            if back is not None:
                points = back_on_lattice(back, points, shape[1:])
            places = (np.column_stack([points, np.ones(len(points))]) @ inverse.T)[:, :3]
            slice_hu += ndimage.map_coordinates(volume, places.T, order=1, mode="nearest").reshape(shape[1:])
        slice_hu = ndimage.gaussian_filter(slice_hu / parts, look.blur_px)
        noise = ndimage.gaussian_filter(rng.normal(size=shape[1:]), look.blur_px)
        slice_hu += look.noise_hu / noise.std() * noise
        out[index] = np.clip(np.rint(slice_hu), -1024, 3071)
    return out


def back_on_lattice(back: Callable[[Points], Points], points: Points, shape: tuple[int, int]) -> Points:
    """Invert a smooth movement on every eighth pixel of a slice and interpolate between (cubic: exact to 0.02 mm)."""
    step = 6
    grid = points.reshape(*shape, 3)
    rows, columns = np.arange(-2 * step, shape[0] + 3 * step, step), np.arange(-2 * step, shape[1] + 3 * step, step)
    down, right = grid[1, 0] - grid[0, 0], grid[0, 1] - grid[0, 0]
    coarse = grid[0, 0] + rows[:, None, None] * down + columns[None, :, None] * right
    moved = (back(coarse.reshape(-1, 3)) - coarse.reshape(-1, 3)).reshape(coarse.shape)
    places = np.meshgrid(
        (np.arange(shape[0]) - rows[0]) / step, (np.arange(shape[1]) - columns[0]) / step, indexing="ij"
    )
    bent = np.stack([ndimage.map_coordinates(moved[..., axis], places, order=3) for axis in range(3)], axis=-1)
    return np.asarray((grid + bent).reshape(-1, 3))


def draw_points(pose: Pose, per_region: int, seed: int) -> tuple[Points, NDArray[np.str_]]:
    """Draw points in the regions, LPS mm, with the regions' names."""
    rng = np.random.default_rng(seed)
    places, names = [], []
    for name, balls in REGIONS.items():
        for k in range(per_region):
            centre, half = balls[k % len(balls)]
            way = rng.normal(size=3)
            way *= rng.uniform() ** (1 / 3) / np.linalg.norm(way)
            places.append(np.array(centre) + way * half)
            names.append(name)
    return pose.to_lps(np.array(places)), np.array(names)


def make_pair(
    key: str,
    *,
    baseline: Look = Look(),
    followup: Look = Look(),
    timepoint: str = "followup-1",
    other: str = "",
    breath_mm: float = 12.0,
    wobble_mm: float = 3.5,
    seed: int = 0,
    per_region: int = 40,
) -> Pair:
    """Make a pair of scans of patient `key`, or of two patients (`other`)."""
    rng = np.random.default_rng(seed)
    volume, affine, pose = draw_patient(key, "baseline")
    centre = pose.to_lps(np.array([[0.0, 25.0, 0.0]]))[0]
    turn, shift = rng.uniform(-4, 4, 3), rng.uniform(-15, 15, 3) + np.array([0, 0, rng.uniform(-150, 150)])
    movement = Movement(
        breath_mm=breath_mm * float(rng.choice([-1, 1])),
        wobble_mm=wobble_mm,
        turn_deg=(float(turn[0] / 2), float(turn[1] / 2), float(turn[2])),
        shift_mm=(float(shift[0]), float(shift[1]), float(shift[2])),
        centre=(float(centre[0]), float(centre[1]), float(centre[2])),
        seed=seed,
    )
    first_grid = lay_grid(baseline, pose, (0, 0, 0))
    second_grid = lay_grid(followup, pose, movement.shift_mm)
    later, later_affine, _ = draw_patient(other or key, timepoint)
    if other:
        later_affine = affine
    points, regions = draw_points(pose, per_region, seed + 1000)
    truth = movement.forward(points)
    is_seen = inside(points, first_grid, 6.0) & inside(truth, second_grid, 0.0)
    return Pair(
        baseline=scan((volume, affine), baseline, first_grid, None, 2 * seed + 1),
        baseline_affine=first_grid[1],
        followup=scan((later, later_affine), followup, second_grid, movement.back, 2 * seed + 2),
        followup_affine=second_grid[1],
        points=points[is_seen],
        truth=truth[is_seen],
        regions=regions[is_seen],
    )


def inside(
    points: Points, grid: tuple[tuple[int, int, int], NDArray[np.float64]], margin_mm: float
) -> NDArray[np.bool_]:
    """Tell which points a scan shows, away from its first and last slice."""
    shape, affine = grid
    places = (np.column_stack([points, np.ones(len(points))]) @ np.linalg.inv(affine).T)[:, :3]
    steps = np.linalg.norm(affine[:3, :3], axis=0)
    margin = margin_mm / steps
    return np.asarray(((places >= margin) & (places <= np.array(shape) - 1 - margin)).all(axis=1))
