"""Two thousand corrupted series: whatever is offered in millimetres is true by the positions of the single slices.

The oracle is the equation of PS3.3 C.7.6.2.1.1 written out here for every slice: pixel (row, column) lies at
position + row direction x column x spacing + column direction x row x spacing. A volume may not put any corner of any
slice farther from that place than the tolerance, and a length within a slice may not differ by more than 0.5 %.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from recist.dicom.geometry import GeometryClass
from recist.dicom.grouping import group_series
from recist.dicom.header import ImageHeader
from recist.dicom.parse import read_header
from recist.dicom.series import series_of
from recist.dicom.volume import Volume

N_SERIES = 2000
SIZE = 512
CORNERS = ((0, 0), (0, SIZE - 1), (SIZE - 1, 0), (SIZE - 1, SIZE - 1))
PLACE_MM = 0.6  # 0.06 degrees, the rounding of cosines, at the far corner of a 500 mm field of view
HARMLESS_MM = 0.01


class Series:
    """The geometry of the slices of one series as its headers will have it; NaN is a missing element."""

    def __init__(self, random):
        self.random = random
        self.n = int(random.integers(8, 30))
        self.step_mm = float(random.choice([0.625, 1.0, 1.25, 2.5, 3.27, 5.0, 8.0]))
        spacing = round(float(random.uniform(0.4, 0.95)), 6)
        self.orientations = np.tile(self._orientation(), (self.n, 1))
        normal = np.cross(self.orientations[0, :3], self.orientations[0, 3:])
        start = random.uniform(-300, 300, 3)
        self.positions = start + np.outer(np.arange(self.n) * self.step_mm, normal)
        ratio = float(random.choice([1, 1, 1, 0.8]))
        self.spacings = np.tile([spacing, round(spacing * ratio, 6)], (self.n, 1))
        self.normal = normal

    def _orientation(self):
        # supine, prone, decubitus, feet first, coronal, sagittal; some obliquely
        usual = [
            (1, 0, 0, 0, 1, 0),
            (-1, 0, 0, 0, -1, 0),
            (0, 1, 0, -1, 0, 0),
            (-1, 0, 0, 0, 1, 0),
            (1, 0, 0, 0, 0, -1),
        ]
        chosen = np.array(usual[self.random.integers(len(usual))], dtype=float)
        if self.random.random() < 0.3:
            chosen = turned(chosen, self.random.normal(size=3), math.radians(self.random.uniform(5, 40)))
        return chosen

    def inner(self):
        return int(self.random.integers(1, self.n - 1))

    def keep(self, kept):
        self.positions, self.orientations, self.spacings = (
            self.positions[kept],
            self.orientations[kept],
            self.spacings[kept],
        )
        self.n = len(self.positions)


def turned(orientation, axis, angle):
    """Turn both directions about an axis (Rodrigues)."""
    axis = np.asarray(axis) / np.linalg.norm(axis)
    pair = orientation.reshape(2, 3)
    cross = np.cross(axis, pair)
    along = np.outer(pair @ axis, axis)
    return (pair * math.cos(angle) + cross * math.sin(angle) + along * (1 - math.cos(angle))).ravel()


def nothing(_series): ...


def drop_slices(series):
    dropped = series.random.choice(np.arange(1, series.n - 1), series.random.integers(1, 4), replace=False)
    series.keep(np.setdiff1d(np.arange(series.n), dropped))


def shift_one_along(series):
    series.positions[series.inner()] += series.normal * series.step_mm * series.random.uniform(-0.9, 0.9)


def shift_one_sideways(series):
    series.positions[series.inner()] += (
        series.orientations[0, :3] * series.random.choice([-1, 1]) * 10 ** series.random.uniform(-2, 1.5)
    )


def tilt(series):
    angle = math.radians(series.random.choice([-1, 1]) * 10 ** series.random.uniform(-1, 1.5))
    series.orientations = np.tile(turned(series.orientations[0], series.orientations[0, :3], angle), (series.n, 1))


def drift_there_and_back(series):
    aside = series.random.uniform(0.002, 0.3) * np.minimum(np.arange(series.n), series.n - 1 - np.arange(series.n))
    series.positions += np.outer(aside, series.orientations[0, 3:])


def shear(series):
    series.positions += np.outer(np.arange(series.n) * 10 ** series.random.uniform(-3, 0.5), series.orientations[0, 3:])


def rotate_one(series):
    one = series.inner()
    angle = math.radians(10 ** series.random.uniform(-1.5, 1.9))
    series.orientations[one] = turned(series.orientations[one], series.random.normal(size=3), angle)


def flip_one(series):
    series.orientations[series.inner(), series.random.integers(2) * 3 :][:3] *= -1


def twist(series):
    angle = math.radians(10 ** series.random.uniform(-3, 0))
    for number in range(series.n):
        series.orientations[number] = turned(series.orientations[number], series.normal, number * angle)


def skew(series):
    series.orientations[:, 3:] += series.orientations[:, :3] * 10 ** series.random.uniform(-4, -0.5)


def lengthen_cosines(series):
    series.orientations[:, :3] *= 1 + 10 ** series.random.uniform(-4, 0)


def duplicate(series):
    series.keep(np.sort(np.append(np.arange(series.n), series.inner())))


def duplicate_nearly(series):
    duplicate(series)
    series.positions[series.inner()] += series.normal * series.random.uniform(-0.05, 0.05)


def swap_spacing_of_one(series):
    series.spacings[:, 1] = series.spacings[:, 0] * 0.8
    series.spacings[series.inner()] = series.spacings[0, ::-1]


def change_spacing_of_one(series):
    series.spacings[series.inner()] *= 1 + 10 ** series.random.uniform(-3, 0)


def negate_spacing(series):
    series.spacings[series.random.integers(series.n) :] *= -1


def noise_of_positions(series):
    series.positions += series.random.normal(scale=10 ** series.random.uniform(-5, 0.5), size=(series.n, 3))


def noise_of_cosines(series):
    series.orientations += series.random.normal(scale=10 ** series.random.uniform(-6, -2), size=(series.n, 6))


def grow_steps(series):
    factor = 1 + series.random.uniform(-0.02, 0.02)
    steps = series.step_mm * factor ** np.arange(series.n - 1)
    series.positions = series.positions[0] + np.outer(np.append(0, np.cumsum(steps)), series.normal)


def change_step_midway(series):
    half = series.n // 2
    more = np.arange(series.n - half) * series.step_mm * series.random.choice([-0.5, 0.002, 0.02, 1.0])
    series.positions[half:] += np.outer(more, series.normal)


def scale_z(series):
    series.positions[:, 2] *= series.random.choice([0.001, 0.5, 1.01, 2, 10, 1000])


def remove_some(series):
    removed = (series.positions, series.orientations, series.spacings)[series.random.integers(3)]
    removed[series.random.integers(series.n) :] = np.nan


CORRUPTIONS = (
    nothing, drop_slices, shift_one_along, shift_one_sideways, tilt, drift_there_and_back, shear, rotate_one, flip_one,
    twist, skew, lengthen_cosines, duplicate, duplicate_nearly, swap_spacing_of_one, change_spacing_of_one,
    negate_spacing, noise_of_positions, noise_of_cosines, grow_steps, change_step_midway, scale_z, remove_some,
)  # fmt: skip


@pytest.fixture
def image(tmp_path, write_ct):
    """Give one header, to be changed."""
    write_ct(tmp_path / "a.dcm")
    header = read_header(tmp_path / "a.dcm", "a.dcm")
    assert isinstance(header, ImageHeader)
    return header._replace(layout=replace(header.layout, rows=SIZE, columns=SIZE))


def stacks_of(series, image):
    """Group the slices in any order, as headers; -> [(numbers of the slices, stack)]."""
    headers = []
    for number in series.random.permutation(series.n):
        position, orientation, spacing = series.positions[number], series.orientations[number], series.spacings[number]
        frame = image.frames[0]._replace(
            position_lps=tuple(position.tolist()) if np.isfinite(position).all() else None,
            orientation=tuple(orientation.tolist()) if np.isfinite(orientation).all() else None,
            pixel_spacing_mm=tuple(spacing.tolist()) if np.isfinite(spacing).all() and spacing.min() > 0 else None,
        )
        headers.append(image._replace(name=f"{number}", sop_instance_uid=f"1.2.{number}", frames=(frame,)))
    return [([int(each.header.name) for each in stack.slices], stack) for stack in group_series(headers)]


def corners(position, orientation, spacing):
    """Give the places of the corner pixels by PS3.3 C.7.6.2.1.1, mm, shape (4, 3)."""
    steps = orientation[3:] * spacing[0], orientation[:3] * spacing[1]
    return np.array([position + steps[0] * row + steps[1] * column for row, column in CORNERS])


def errors_of_volume(series, numbers, ct):
    """Give the farthest that the affine puts a corner of a slice from its place."""
    worst, affine = 0.0, ct.affine
    for index, number in enumerate(numbers):
        offered = np.array([affine @ (index, row, column, 1) for row, column in CORNERS])[:, :3]
        truth = corners(series.positions[number], series.orientations[number], series.spacings[number])
        worst = max(worst, float(np.max(np.linalg.norm(offered - truth, axis=1))))
    return worst


def errors_in_plane(series, numbers, spacing_mm):
    """Give the largest relative error of the two diagonals of any slice."""
    worst = 0.0
    for number in numbers:
        orientation = series.orientations[number]
        if not np.isfinite(orientation).all():
            orientation = np.array([1, 0, 0, 0, 1, 0])
        first, right, below, last = corners(np.zeros(3), orientation, series.spacings[number])
        offered = math.hypot(*((SIZE - 1) * value for value in spacing_mm))
        worst = max(worst, *(abs(offered / np.linalg.norm(ends) - 1) for ends in (last - first, below - right)))
    return worst


def is_harmless(series):
    """Whether the slices are a grid by every measure, so that refusing them would be a false alarm."""
    if not (np.isfinite(series.positions).all() and np.isfinite(series.orientations).all()):
        return False
    if not np.isfinite(series.spacings).all() or series.spacings.min() <= 0 or np.ptp(series.spacings, axis=0).any():
        return False
    order = np.argsort(series.positions @ series.normal)
    steps = np.diff(series.positions[order], axis=0)
    mean = steps.mean(axis=0)
    is_even = np.max(np.linalg.norm(steps - mean, axis=1)) < HARMLESS_MM / 2
    is_upright = np.linalg.norm(np.cross(mean, series.normal)) < HARMLESS_MM / 2 / series.n
    is_one_plane = np.max(np.abs(series.orientations - series.orientations[0])) < 1e-5
    row, column = series.orientations[0, :3], series.orientations[0, 3:]
    is_plane = max(abs(row @ row - 1), abs(column @ column - 1), abs(row @ column)) < 1e-4
    is_normal = np.linalg.norm(np.cross(row, column) - series.normal) < 1e-4
    is_within_reach = mean @ series.normal > 0.1 and np.max(np.abs(series.positions)) < 10_000
    return is_even and is_upright and is_one_plane and is_plane and is_normal and is_within_reach


def test_no_millimetre_is_offered_that_the_slices_do_not_bear_out(image):
    random = np.random.default_rng(20)
    n_offered = n_refused = n_harmless = 0
    for number in range(N_SERIES):
        series = Series(random)
        chosen = [CORRUPTIONS[number % len(CORRUPTIONS)]]
        chosen += [CORRUPTIONS[random.integers(len(CORRUPTIONS))]] if random.random() < 0.25 else []
        for corrupt in chosen:
            corrupt(series)
        names = [corrupt.__name__ for corrupt in chosen]
        stacks = stacks_of(series, image)
        told = f"series {number}, {names}, {[str(stack.geometry.classes) for _, stack in stacks]}"
        assert sum(len(numbers) for numbers, _ in stacks) == series.n, told
        for numbers, stack in stacks:
            ct = series_of(Volume(stack=stack, hu=np.zeros((len(numbers), 1, 1)), padding=None, notes=()), [])
            if ct.can_measure_in_plane:
                assert errors_in_plane(series, numbers, ct.require_in_plane()) < 0.005, told
            if ct.can_make_volume:
                n_offered += 1
                assert errors_of_volume(series, numbers, ct) < PLACE_MM, told
            else:
                n_refused += 1
        if is_harmless(series):
            n_harmless += 1
            assert [stack.geometry.classes for _, stack in stacks] == [(GeometryClass.REGULAR,)], told
    assert min(n_offered, n_harmless) > 100  # else the run would say nothing
    assert n_refused > 1000


@pytest.mark.parametrize("gaps", [(3,), (3, 4), (2, 5, 9)])
def test_dropped_slices_are_counted(image, gaps):
    series = Series(np.random.default_rng(1))
    series.keep(np.setdiff1d(np.arange(series.n), gaps))
    ((_, stack),) = stacks_of(series, image)
    assert stack.geometry.classes == (GeometryClass.NONUNIFORM, GeometryClass.MISSING_SLICES)
    assert stack.geometry.missing_slices == len(gaps)
