"""The lesions of a visit: where they lie, how they are painted, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.canvas import share_of
from sample_dicom.lesion_outline import LesionOutline
from sample_dicom.plan import LesionShape
from sample_dicom.tubes import Tubes
from sample_dicom.vessels import paint_tubes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.canvas import Box, Canvas, Image
    from sample_dicom.grid import SliceGrid
    from sample_dicom.plan import PlannedLesion, Visit
    from sample_dicom.pose import Pose

# patient and lesion: place in the atlas (mm) and direction of the long axis in the slice (degrees). In these directions
# the pixels show both axes to half a pixel at every visit; in others about one lesion in ten misses that on one axis.
SITES: dict[tuple[str, str], tuple[tuple[float, float, float], float]] = {
    ("A", "T1"): ((-80.0, -18.0, -62.0), 35.0),
    ("A", "T2"): ((6.0, -48.0, -58.0), 12.0),
    ("A", "T3"): ((31.0, -2.0, -119.0), 60.0),
    ("B", "T1"): ((-72.0, -12.0, -52.0), 70.0),
    ("B", "T2"): ((-80.0, -8.0, 92.0), 25.0),
    ("C", "T1"): ((-78.0, 4.0, -50.0), 97.0),
    ("C", "T2"): ((6.0, -48.0, -56.0), 5.0),
    ("C", "T3"): ((31.0, -2.0, -119.0), 75.0),
    ("D", "T1"): ((86.0, 30.0, 42.0), 140.0),
    ("D", "T2"): ((31.0, -2.0, -120.0), 57.0),
    ("E", "T1"): ((-74.0, -14.0, -46.0), 155.0),
    ("E", "T2"): ((88.0, -8.0, 94.0), 29.0),
    ("E", "N1"): ((-80.0, 34.0, 60.0), 106.0),
    ("F", "T1"): ((-76.0, -10.0, -52.0), 60.0),
    ("F", "T2"): ((6.0, -48.0, -56.0), 8.0),
    ("F", "T3"): ((92.0, 34.0, 32.0), 120.0),
}
LESION_HU = {"liver": 64.0, "lung": 38.0, "lymph node": 84.0}
NECROSIS_HU, RIM_HU, RIM_PART = 24.0, 80.0, 0.68
SPICULES, SPICULE_MM, SPICULE_RADIUS_MM, SPICULE_HU = 24, (5.0, 12.0), (1.5, 0.5), 20.0
SPICULE_FLATNESS = 0.45  # below 1 the spicules keep near the slice plane


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacedLesion:
    """A lesion in one series.

    Parameters
    ----------
    centre_lps : numpy.ndarray (3,)
        On the plane of `slice_index`, mm.
    centre_px : numpy.ndarray (2,)
        (row, column) on that slice.
    """

    planned: PlannedLesion
    outline: LesionOutline
    slice_index: int
    centre_lps: NDArray[np.float64]
    centre_px: NDArray[np.float64]


def place_lesions(visit: Visit, grid: SliceGrid, pose: Pose) -> tuple[PlacedLesion, ...]:
    """Put each present lesion at its anatomical place, its centre moved onto the nearest slice plane."""
    return tuple(_place(lesion, grid, pose) for lesion in visit.lesions if lesion.is_present)


def _place(lesion: PlannedLesion, grid: SliceGrid, pose: Pose) -> PlacedLesion:
    place, angle = SITES[lesion.key, lesion.lesion]
    slice_index, centre = grid.nearest_slice(pose.to_lps(np.array([place]))[0])
    outline = LesionOutline(
        long_axis_mm=lesion.long_axis_mm,
        short_axis_mm=lesion.short_axis_mm,
        angle_deg=angle + pose.angle_deg,
        shape=lesion.shape,
    )
    return PlacedLesion(
        planned=lesion,
        outline=outline,
        slice_index=slice_index,
        centre_lps=centre,
        centre_px=grid.to_pixel(centre)[1:],
    )


def compute_fill(lesion: PlacedLesion, grid: SliceGrid, slice_index: int, box: Box) -> NDArray[np.float64]:
    """Return the left side of the lesion's inequality at the pixel centres of a box on a slice."""
    centre = lesion.centre_lps - grid.position_lps(slice_index)
    columns, rows = np.arange(grid.columns)[box[1]], np.arange(grid.rows)[box[0]]
    right = columns[np.newaxis, :] * grid.column_spacing_mm - centre @ grid.row_cosines
    down = rows[:, np.newaxis] * grid.row_spacing_mm - centre @ grid.column_cosines
    u, v = lesion.outline.to_frame(right, down)
    return np.asarray(lesion.outline.fill(u, v, -float(centre @ grid.normal)))


def _find_box(lesion: PlacedLesion, grid: SliceGrid, slice_index: int) -> Box:
    """Return rows and columns that hold the lesion on a slice, with a margin."""
    centre = lesion.centre_lps - grid.position_lps(slice_index)
    reach = lesion.outline.reach_mm()
    ranges = []
    for way, spacing, n_pixels in (
        (grid.column_cosines, grid.row_spacing_mm, grid.rows),
        (grid.row_cosines, grid.column_spacing_mm, grid.columns),
    ):
        middle = float(centre @ way)
        low, high = int((middle - reach) / spacing) - 2, int((middle + reach) / spacing) + 4
        ranges.append(slice(max(low, 0), min(high, n_pixels)))
    return ranges[0], ranges[1]


def draw_mask(lesion: PlacedLesion, grid: SliceGrid, slice_index: int) -> NDArray[np.bool_]:
    """Return the pixels whose centre lies in the lesion's core."""
    mask = np.zeros((grid.rows, grid.columns), np.bool_)
    box = _find_box(lesion, grid, slice_index)
    mask[box] = compute_fill(lesion, grid, slice_index, box) <= 1
    return mask


def find_slices(lesion: PlacedLesion, grid: SliceGrid) -> tuple[int, ...]:
    """Return the slices whose plane cuts the lesion."""
    reach = int(lesion.outline.half_axes_mm[2] / grid.slice_spacing_mm)
    first, last = lesion.slice_index - reach, lesion.slice_index + reach
    return tuple(range(max(first, 0), min(last, grid.n_slices - 1) + 1))


def paint_lesions(canvas: Canvas, lesions: tuple[PlacedLesion, ...], texture: Image) -> None:
    """Paint the lesions that meet the slice."""
    for lesion in lesions:
        _paint_lesion(canvas, lesion, texture)
        if lesion.planned.shape is LesionShape.SPICULATED:
            paint_tubes(canvas, _make_spicules(lesion, canvas.grid), SPICULE_HU, canvas.lung)


def _paint_lesion(canvas: Canvas, lesion: PlacedLesion, texture: Image) -> None:
    grid = canvas.grid
    across = float((lesion.centre_lps - grid.position_lps(canvas.slice_index)) @ grid.normal)
    half_height = lesion.outline.half_axes_mm[2]
    if abs(across) > half_height + grid.thickness_mm:
        return
    box = _find_box(lesion, grid, canvas.slice_index)
    fill = compute_fill(lesion, grid, canvas.slice_index, box)
    radius = np.sqrt(fill)
    down_slope, right_slope = np.gradient(fill)  # change per pixel
    across_slope = 2 * abs(across) / half_height**2 * grid.thickness_mm
    slope = (np.hypot(down_slope, right_slope) + across_slope) / np.maximum(2 * radius, 1e-6)
    depth = ((1 - radius) / np.maximum(slope, 1e-6)).astype(np.float32)
    value: float | Image = LESION_HU[lesion.planned.site] + 2 * texture[box]
    if lesion.planned.shape is LesionShape.NECROTIC:
        core = np.clip((RIM_PART - radius) / 0.12 + 0.5, 0, 1).astype(np.float32)
        value = RIM_HU + core * (NECROSIS_HU - RIM_HU) + 3 * texture[box]
    canvas.paint(share_of(depth), value, box)


def _make_spicules(lesion: PlacedLesion, grid: SliceGrid) -> Tubes:
    """Grow spicules outwards from the core; they belong to the picture but neither to the mask nor to the axes."""
    rng = np.random.default_rng([ord(letter) for letter in lesion.planned.key + lesion.planned.lesion])
    ways = rng.normal(size=(SPICULES, 3))
    ways[:, 2] *= SPICULE_FLATNESS
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    lengths = rng.uniform(*SPICULE_MM, (SPICULES, 1))
    surface = ways / np.linalg.norm(ways / lesion.outline.half_axes_mm, axis=1, keepdims=True)
    starts, ends = 0.9 * surface, surface + lengths * ways
    return Tubes(
        start=np.array([_to_lps(point, lesion, grid) for point in starts]),
        end=np.array([_to_lps(point, lesion, grid) for point in ends]),
        start_radius_mm=np.full(SPICULES, SPICULE_RADIUS_MM[0]),
        end_radius_mm=np.full(SPICULES, SPICULE_RADIUS_MM[1]),
    )


def _to_lps(point_uvw: NDArray[np.float64], lesion: PlacedLesion, grid: SliceGrid) -> NDArray[np.float64]:
    right, down = lesion.outline.from_frame(float(point_uvw[0]), float(point_uvw[1]))
    offset = right * grid.row_cosines + down * grid.column_cosines + float(point_uvw[2]) * grid.normal
    return np.asarray(lesion.centre_lps + offset)
