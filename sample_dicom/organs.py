"""The organs of chest and abdomen in the portal venous phase, in painting order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.canvas import AIR_HU, share_of
from sample_dicom.surfaces import Ellipsoid, compute_ellipsoid_depth, find_box, paint_ellipsoid
from sample_dicom.torso import FAT_HU, compute_dome_depth, compute_wall_depth

if TYPE_CHECKING:
    from sample_dicom.canvas import Canvas, Image
    from sample_dicom.torso import Wall

LIVER_HU, SPLEEN_HU, KIDNEY_HU, MEDULLA_HU = 110.0, 124.0, 196.0, 172.0
RIGHT_LOBE = Ellipsoid(centre=(-62, -5, -48), radii=(86, 90, 86))
LEFT_LOBE = Ellipsoid(centre=(2, -46, -52), radii=(74, 37, 38), angle_deg=-6)
SPLEEN = Ellipsoid(centre=(96, 38, -48), radii=(30, 50, 46), angle_deg=-28)
STOMACH = Ellipsoid(centre=(62, -30, -42), radii=(44, 40, 46), angle_deg=25)
STOMACH_WALL_MM, STOMACH_FLUID_HU, STOMACH_WALL_HU, STOMACH_LEVEL_MM = 4.5, 18.0, 72.0, -40.0
DIAPHRAGM_MM, WALL_GAP_MM = 1.6, 0.7

HEART = (
    (Ellipsoid(centre=(18, -27, 44), radii=(63, 49, 56), angle_deg=32), -88.0),
    (Ellipsoid(centre=(18, -26, 46), radii=(57, 43, 51), angle_deg=32), 112.0),
    (Ellipsoid(centre=(36, -20, 38), radii=(30, 19, 34), angle_deg=36), 158.0),
    (Ellipsoid(centre=(8, -44, 40), radii=(32, 16, 38), angle_deg=28), 153.0),
    (Ellipsoid(centre=(-22, -30, 52), radii=(17, 24, 34)), 155.0),
    (Ellipsoid(centre=(8, 2, 66), radii=(30, 15, 21)), 156.0),
)
SOLID_ORGANS = (
    (Ellipsoid(centre=(-20, 6, -66), radii=(15, 9, 13)), FAT_HU),  # porta hepatis
    (Ellipsoid(centre=(16, -78, -70), radii=(2.4, 10, 22), angle_deg=10), FAT_HU),  # fissure of the round ligament
    (Ellipsoid(centre=(-46, -50, -108), radii=(16, 21, 26), angle_deg=20), 66.0),  # gallbladder, wall
    (Ellipsoid(centre=(-46, -50, -108), radii=(14.4, 19.4, 24.4), angle_deg=20), 9.0),
)
KIDNEYS = (
    Ellipsoid(centre=(-60, 41, -126), radii=(25, 29, 55), angle_deg=38),
    Ellipsoid(centre=(65, 40, -108), radii=(25, 29, 55), angle_deg=-38),
)
PERIRENAL_FAT_MM, CORTEX_MM = 6.0, 8.0
SINUSES = (
    Ellipsoid(centre=(-41, 29, -126), radii=(19, 6.5, 24), angle_deg=38),
    Ellipsoid(centre=(46, 28, -108), radii=(19, 6.5, 24), angle_deg=-38),
)
# wall, content and gas of bowel: centre, radii, HU of the content, share of gas in the upper part
BOWEL = (
    (Ellipsoid(centre=(88, -42, -112), radii=(20, 23, 27)), -20.0, True),
    (Ellipsoid(centre=(-86, -48, -152), radii=(22, 21, 30)), -10.0, True),
    (Ellipsoid(centre=(30, -62, -128), radii=(34, 15, 15), angle_deg=-8), 10.0, True),
    (Ellipsoid(centre=(-22, -60, -150), radii=(30, 14, 15), angle_deg=10), 15.0, True),
    (Ellipsoid(centre=(-38, 2, -122), radii=(13, 15, 34)), 30.0, False),
    (Ellipsoid(centre=(70, -12, -140), radii=(17, 15, 20), angle_deg=30), 34.0, False),
    (Ellipsoid(centre=(44, -30, -158), radii=(20, 13, 16), angle_deg=-20), 34.0, False),
    (Ellipsoid(centre=(84, 4, -160), radii=(16, 18, 17)), 34.0, False),
    (Ellipsoid(centre=(4, -34, -168), radii=(22, 13, 15)), 34.0, False),
    (Ellipsoid(centre=(74, -66, -134), radii=(20, 12, 13), angle_deg=25), 30.0, False),
    (Ellipsoid(centre=(-46, -30, -146), radii=(14, 18, 15), angle_deg=-25), 32.0, False),
    (Ellipsoid(centre=(-66, -18, -164), radii=(15, 13, 14)), 32.0, False),
    (Ellipsoid(centre=(66, -36, -108), radii=(13, 11, 14), angle_deg=15), 34.0, False),
    (Ellipsoid(centre=(82, -14, -114), radii=(11, 12, 16), angle_deg=15), 34.0, False),
)
BOWEL_WALL_HU, BOWEL_WALL_MM = 78.0, 2.6


def paint_heart(canvas: Canvas) -> None:
    """Paint pericardial fat, muscle and the four chambers."""
    for shape, value in HEART:
        paint_ellipsoid(canvas, shape, value)


def paint_spleen(canvas: Canvas, wall: Wall) -> None:
    """Paint the spleen under the left dome."""
    _paint_under_dome(canvas, SPLEEN, wall, SPLEEN_HU)


def paint_stomach(canvas: Canvas, wall: Wall) -> None:
    """Paint the stomach with fluid and, as the patient lies on the back, air in front of it."""
    _paint_under_dome(canvas, STOMACH, wall, STOMACH_WALL_HU)
    inner = STOMACH.grown(-STOMACH_WALL_MM)
    box = find_box(canvas, inner)
    if box is None:
        return
    air = share_of((np.float32(STOMACH_LEVEL_MM) - canvas.y_atlas[box]) / np.float32(canvas.pixel_mm))
    depth = np.minimum(
        compute_ellipsoid_depth(canvas, inner, box), compute_wall_depth(canvas, wall, STOMACH_WALL_MM)[box]
    )
    depth = np.minimum(depth, compute_dome_depth(canvas, 1, DIAPHRAGM_MM + STOMACH_WALL_MM)[box])
    canvas.paint(share_of(depth), STOMACH_FLUID_HU + air * (AIR_HU + 30 - STOMACH_FLUID_HU), box)


def _paint_under_dome(canvas: Canvas, shape: Ellipsoid, wall: Wall, value_hu: float) -> None:
    box = find_box(canvas, shape)
    if box is None:
        return
    depth = np.minimum(compute_ellipsoid_depth(canvas, shape, box), compute_wall_depth(canvas, wall, WALL_GAP_MM)[box])
    depth = np.minimum(depth, compute_dome_depth(canvas, 1, DIAPHRAGM_MM)[box])
    canvas.paint(share_of(depth), value_hu, box)


def compute_liver_share(canvas: Canvas, wall: Wall) -> Image | None:
    """Return the liver's share of each pixel: right lobe under its dome, and left lobe; None off the liver."""
    share = np.zeros_like(canvas.hu)
    for lobe in (RIGHT_LOBE, LEFT_LOBE):
        box = find_box(canvas, lobe)
        if box is None:
            continue
        depth = np.minimum(
            compute_ellipsoid_depth(canvas, lobe, box), compute_wall_depth(canvas, wall, WALL_GAP_MM)[box]
        )
        if lobe is RIGHT_LOBE:
            depth = np.minimum(depth, compute_dome_depth(canvas, 0, DIAPHRAGM_MM)[box])
        share[box] = np.maximum(share[box], share_of(depth))
    return share if share.any() else None


def paint_small_organs(canvas: Canvas, inside: Image) -> None:
    """Paint what lies on or below the liver, then kidneys in their fat, then bowel; `inside` is the cavity."""
    for shape, value in SOLID_ORGANS:
        paint_ellipsoid(canvas, shape, value, inside)
    for kidney, sinus in zip(KIDNEYS, SINUSES, strict=True):
        paint_ellipsoid(canvas, kidney.grown(PERIRENAL_FAT_MM), FAT_HU, inside)
        paint_ellipsoid(canvas, kidney, KIDNEY_HU, inside)
        paint_ellipsoid(canvas, kidney.grown(-CORTEX_MM), MEDULLA_HU, inside)
        paint_ellipsoid(canvas, sinus, FAT_HU + 30, inside)
    for shape, content_hu, has_gas in BOWEL:
        _paint_bowel(canvas, shape, content_hu, has_gas=has_gas)


def _paint_bowel(canvas: Canvas, shape: Ellipsoid, content_hu: float, *, has_gas: bool) -> None:
    paint_ellipsoid(canvas, shape, BOWEL_WALL_HU)
    inner = shape.grown(-BOWEL_WALL_MM)
    box = find_box(canvas, inner)
    if box is None:
        return
    share = share_of(compute_ellipsoid_depth(canvas, inner, box))
    level = shape.centre[1] - 0.1 * shape.radii[1]
    gas = share_of((np.float32(level) - canvas.y_atlas[box]) / np.float32(canvas.pixel_mm)) * np.float32(has_gas)
    canvas.paint(share, content_hu + gas * (AIR_HU + 40 - content_hu), box)
