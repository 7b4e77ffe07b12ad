"""The trunk: skin, fat, muscle, lungs under the domes of the diaphragm, spine, ribs, sternum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.canvas import WHOLE, share_of
from sample_dicom.surfaces import Ellipsoid, compute_ellipsoid_depth, find_box, paint_ellipsoid

if TYPE_CHECKING:
    from sample_dicom.canvas import Canvas, Image

SKIN_HU, FAT_HU, MUSCLE_HU, CARTILAGE_HU = 15.0, -104.0, 58.0, 105.0
CORTEX_HU, MARROW_HU, DISC_HU, CANAL_HU = 620.0, 190.0, 78.0, 22.0
SKIN_MM, MUSCLE_MM, PLEURA_MM = 2.2, 13.0, 1.2
HALF_WIDTH_MM, HALF_DEPTH_MM = 133.0, 88.0  # without the fat under the skin
SQUARENESS = 0.62  # 0 is an ellipse, 1 a rectangle
MUSCLE_PLANES_MM, MUSCLE_PLANE_MM = (4.2, 8.6), 1.1
RIB_PERIOD_MM, RIB_SLOPE_MM, RIB_MM = 29.0, 52.0, (4.2, 6.2)
LOWEST_RIB_MM = -105.0
VERTEBRA_PERIOD_MM, DISC_MM = 31.0, 8.0
LUNGS = (
    Ellipsoid(centre=(-76, 0, -10), radii=(67, 93, 205)),
    Ellipsoid(centre=(78, 4, -10), radii=(65, 90, 205)),
)
# peak x, y, z; half widths over which a dome falls by DOME_FALL_MM
DOMES = ((-66.0, -8.0, 16.0, 74.0, 96.0), (68.0, 2.0, 3.0, 70.0, 94.0))
DOME_FALL_MM = 66.0
VERTEBRA = (0.0, 47.0, 20.5, 16.0)
BACK_MUSCLES = (
    Ellipsoid(centre=(-31, 76, 0), radii=(26, 17, 900), angle_deg=12),
    Ellipsoid(centre=(31, 76, 0), radii=(26, 17, 900), angle_deg=-12),
    Ellipsoid(centre=(-36, 52, -190), radii=(15, 19, 95), angle_deg=-20),
    Ellipsoid(centre=(36, 52, -190), radii=(15, 19, 95), angle_deg=20),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wall:
    """What the layers of the trunk need, computed once a slice.

    Parameters
    ----------
    depth_mm : numpy.ndarray (rows, columns)
        Depth under the skin, atlas mm; true near the skin, monotonic below.
    inner_mm : numpy.ndarray (rows, columns)
        Depth at which the cavity begins.
    """

    depth_mm: Image
    inner_mm: Image


def paint_body(canvas: Canvas, fat_mm: float) -> Wall:
    """Paint skin, fat, muscle and the fat of the cavity; return where the layers lie."""
    depth, height = _compute_skin_depth(canvas, fat_mm)
    fat = np.float32(fat_mm) * (1 + np.float32(0.35) * np.abs(canvas.x_atlas) / 155 * (1 - np.abs(height)))
    fat += np.float32(0.5 * fat_mm) * np.clip(-height - 0.2, 0, 1) * _is_abdomen(canvas)
    inner = SKIN_MM + fat + np.float32(MUSCLE_MM)
    pixel = np.float32(canvas.pixel_mm)
    for start, value in ((0.0, SKIN_HU), (SKIN_MM, FAT_HU), (SKIN_MM + fat, MUSCLE_HU), (inner, FAT_HU)):
        canvas.paint(share_of((depth - start) / pixel), value)
    _paint_muscle_planes(canvas, depth - SKIN_MM - fat, height)
    for muscle in BACK_MUSCLES:
        paint_ellipsoid(canvas, muscle, MUSCLE_HU)
    return Wall(depth_mm=depth, inner_mm=inner)


def _paint_muscle_planes(canvas: Canvas, below_fat_mm: Image, height: Image) -> None:
    """Paint the thin fat between the muscles of the flank, and the white line of the belly."""
    pixel = np.float32(canvas.pixel_mm)
    flank = np.clip((np.abs(canvas.x_atlas) - 62) / 12, 0, 1) * np.clip((0.75 - height) / 0.2, 0, 1)
    for level, wander in zip(MUSCLE_PLANES_MM, (21.0, 34.0), strict=True):
        wavy = level + 1.1 * np.sin(canvas.y_atlas / wander + canvas.z_atlas / 40)
        broken = np.float32(0.32) + np.float32(0.28) * np.sin(canvas.y_atlas / 9 + canvas.z_atlas / wander)
        plane = share_of((MUSCLE_PLANE_MM / 2 - np.abs(below_fat_mm - wavy)) / pixel)
        canvas.paint(plane * flank * broken, FAT_HU)
    middle = share_of((np.float32(1.6) - np.abs(canvas.x_atlas)) / pixel) * (height < 0) * _is_abdomen(canvas)
    inside = share_of(below_fat_mm / pixel) * share_of((MUSCLE_MM - below_fat_mm) / pixel)
    canvas.paint(middle * inside * np.float32(0.8), FAT_HU)


def _is_abdomen(canvas: Canvas) -> Image:
    """Return 1 below the diaphragm, 0 in the chest, smooth between."""
    step: Image = np.clip((np.float32(-20) - canvas.z_atlas) / 60, 0, 1)
    return step


def _compute_skin_depth(canvas: Canvas, fat_mm: float) -> tuple[Image, Image]:
    """Return the depth under the skin, mm, and the height in the trunk, -1 front to 1 back."""
    z = canvas.z_atlas
    groove = 1 + np.float32(0.05) * np.exp(-((canvas.x_atlas / 24) ** 2)) * (canvas.y_atlas > 0)
    half_width = (
        np.float32(HALF_WIDTH_MM + fat_mm) + 9 * np.exp(-(((z - 10) / 80) ** 2)) - 9 * np.clip((z - 70) / 60, 0, 1)
    )
    half_depth = np.float32(HALF_DEPTH_MM + fat_mm) + 5 * np.exp(-(((z - 40) / 90) ** 2))
    x, y = canvas.x_atlas / half_width, canvas.y_atlas / half_depth * groove
    xx, yy, square = x * x, y * y, np.float32(SQUARENESS**2)
    radius = np.sqrt(xx + yy - square * xx * yy) + np.float32(1e-4)
    slope = np.sqrt((x * (1 - square * yy) / half_width) ** 2 + (y * (1 - square * xx) / half_depth) ** 2)
    depth: Image = (1 - radius) * radius / (slope + np.float32(1e-5))
    return depth, y


def compute_dome_depth(canvas: Canvas, side: int, lowered_mm: float = 0.0) -> Image:
    """Return the depth in voxels below a dome of the diaphragm (0 right, 1 left); positive below."""
    peak_x, peak_y, peak_z, width_x, width_y = (np.float32(number) for number in DOMES[side])
    x, y = (canvas.x_atlas - peak_x) / width_x, (canvas.y_atlas - peak_y) / width_y
    fall = np.float32(DOME_FALL_MM)
    slope = np.float32(canvas.pixel_mm) * 2 * fall * np.sqrt((x / width_x) ** 2 + (y / width_y) ** 2)
    level = peak_z - np.float32(lowered_mm) - fall * (x * x + y * y)
    depth: Image = (level - canvas.z_atlas) / (slope + np.float32(canvas.thickness_mm))
    return depth


def compute_wall_depth(canvas: Canvas, wall: Wall, margin_mm: float = 0.0) -> Image:
    """Return the depth in voxels inside the wall of the cavity."""
    depth: Image = (wall.depth_mm - wall.inner_mm - np.float32(margin_mm)) / np.float32(canvas.pixel_mm)
    return depth


def paint_lungs(canvas: Canvas, wall: Wall, texture: Image) -> None:
    """Paint both lungs, denser towards the back, and remember their share of each pixel."""
    inside_wall = compute_wall_depth(canvas, wall, PLEURA_MM)
    value = np.float32(-868) + np.float32(0.45) * canvas.y_atlas + 17 * texture
    for side, lung in enumerate(LUNGS):
        box = find_box(canvas, lung)
        if box is None:
            continue
        depth = np.minimum(compute_ellipsoid_depth(canvas, lung, box), inside_wall[box])
        share = share_of(np.minimum(depth, -compute_dome_depth(canvas, side)[box]))
        canvas.paint(share, value[box], box)
        canvas.lung[box] = np.maximum(canvas.lung[box], share)


def paint_bones(canvas: Canvas, wall: Wall) -> None:
    """Paint spine, ribs and sternum."""
    _paint_ribs(canvas, wall)
    _paint_spine(canvas)
    _paint_sternum(canvas)


def _paint_ribs(canvas: Canvas, wall: Wall) -> None:
    height = canvas.y_atlas / 108
    along = canvas.z_atlas + np.float32(RIB_SLOPE_MM) * -height
    from_rib = np.mod(along, np.float32(RIB_PERIOD_MM)) - np.float32(RIB_PERIOD_MM / 2)
    thick, tall = RIB_MM
    from_middle = wall.depth_mm - wall.inner_mm + np.float32(MUSCLE_MM * 0.48)
    radius = np.sqrt((from_middle / thick) ** 2 + (from_rib / tall) ** 2)
    # below the costal arch the front has no ribs; the spine's place is taken by the vertebra
    front = (canvas.z_atlas - LOWEST_RIB_MM) / 115 + height
    present = np.clip(front / 0.06, 0, 1) * np.clip((np.abs(canvas.x_atlas) - 34) / 4, 0, 1)
    pixel = np.float32(canvas.pixel_mm / thick)
    cartilage = np.clip((-height - 0.62) / 0.05, 0, 1)
    canvas.paint(share_of((1 - radius) / pixel) * present, CORTEX_HU + cartilage * (CARTILAGE_HU - CORTEX_HU))
    canvas.paint(share_of((0.62 - radius) / pixel) * present, MARROW_HU + cartilage * (CARTILAGE_HU - MARROW_HU))


def _paint_spine(canvas: Canvas) -> None:
    box = canvas.box((0.0, 68.0), (46.0, 42.0))
    if box is None:
        return
    x, y = canvas.x_atlas[box], canvas.y_atlas[box]
    pixel = np.float32(canvas.pixel_mm)
    phase = np.mod(canvas.z_atlas[box[0]], np.float32(VERTEBRA_PERIOD_MM))
    from_disc = np.abs(phase - np.float32(VERTEBRA_PERIOD_MM / 2))
    is_body = share_of((from_disc - np.float32(DISC_MM / 2)) / np.float32(canvas.thickness_mm))
    is_arch = share_of((from_disc - np.float32(6)) / np.float32(canvas.thickness_mm))
    transverse = _box_share(np.abs(x), 42, pixel) * _box_share(np.abs(y - 66 - np.abs(x) * 0.12), 4.2, pixel)
    canvas.paint(transverse * is_arch, 300.0, box)
    spinous = _box_share(np.abs(x), 3.4, pixel) * _box_share(np.abs(y - 87), 12, pixel)
    canvas.paint(spinous * (0.45 + 0.55 * is_arch), 330.0, box)
    ring = np.sqrt((x / 17) ** 2 + ((y - 68) / 13) ** 2)
    canvas.paint(share_of((1 - ring) * 13 / pixel), 430.0, box)
    centre_x, centre_y, wide, deep = VERTEBRA
    radius = np.sqrt(((x - centre_x) / wide) ** 2 + ((y - centre_y) / deep) ** 2)
    canvas.paint(share_of((1 - radius) * deep / pixel), DISC_HU + is_body * (CORTEX_HU - 80 - DISC_HU), box)
    near_disc = 1 - np.clip((from_disc - np.float32(DISC_MM / 2)) / 2.5, 0, 1)
    marrow = MARROW_HU + 120 * near_disc
    canvas.paint(share_of((0.9 - radius) * deep / pixel), DISC_HU + is_body * (marrow - DISC_HU), box)
    canal = np.sqrt((x / 10.5) ** 2 + ((y - 68.5) / 8) ** 2)
    canvas.paint(share_of((1 - canal) * 8 / pixel), FAT_HU + 40, box)
    cord = np.sqrt((x / 8) ** 2 + ((y - 68.5) / 6) ** 2)
    canvas.paint(share_of((1 - cord) * 6 / pixel), CANAL_HU, box)


def _box_share(distance: Image, half_mm: float, pixel: np.float32) -> Image:
    return share_of((half_mm - distance) / pixel)


def _paint_sternum(canvas: Canvas) -> None:
    for grow_mm, value in ((0.0, CORTEX_HU - 150), (-2.2, MARROW_HU - 60)):
        paint_ellipsoid(canvas, Ellipsoid(centre=(0, -84, 85), radii=(21, 7, 75)).grown(grow_mm), value)


def paint_table(canvas: Canvas) -> None:
    """Paint the couch under the patient, fixed in the scanner: a thin shell around foam."""
    grid = canvas.grid
    origin = grid.position_lps(canvas.slice_index)
    x = np.float32(origin[0]) + np.arange(grid.columns, dtype=np.float32)[np.newaxis, :] * grid.column_spacing_mm
    y = np.float32(origin[1]) + np.arange(grid.rows, dtype=np.float32)[:, np.newaxis] * grid.row_spacing_mm
    below = (y - TABLE_Y_MM + (x / 40) ** 2 * 0.45).astype(np.float32)
    width = np.float32(grid.row_spacing_mm)
    inside = share_of((TABLE_HALF_WIDTH_MM - np.abs(x)).astype(np.float32) / np.float32(grid.column_spacing_mm))
    for start, stop, value in ((0, 22, -890.0), (0, 2, -420.0), (20, 22, -420.0)):
        canvas.paint(share_of((below - start) / width) * share_of((stop - below) / width) * inside, value, WHOLE)


TABLE_Y_MM, TABLE_HALF_WIDTH_MM = 126.0, 205.0
