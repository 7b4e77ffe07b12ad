"""Vessels and airways: the named ones as paths, those inside liver and lungs as grown trees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.organs import LEFT_LOBE, LIVER_HU, RIGHT_LOBE
from sample_dicom.torso import DOME_FALL_MM, DOMES, LUNGS
from sample_dicom.tubes import Tubes, compute_tube_share, join_tubes, make_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.canvas import Canvas, Image
    from sample_dicom.pose import Pose

AORTA_HU, VEIN_HU, PORTAL_HU, LUNG_VESSEL_HU, WALL_HU = 152.0, 148.0, 168.0, 45.0, 10.0

AORTA = (
    make_path([(24, 44, 122), (21, 42, 60), (18, 36, 0), (10, 26, -60)], 12.0),
    make_path([(10, 26, -60), (7, 24, -110), (6, 24, -230)], 10.0),
    make_path([(-10, -22, 62), (-14, -24, 104), (-4, -14, 122), (10, 8, 130), (20, 28, 129), (24, 44, 120)], 14.0),
    make_path([(7, 22, -76), (6, 12, -80)], 4.0),
    make_path([(7, 22, -92), (6, 10, -100), (4, 4, -150)], 3.6),
    make_path([(8, 24, -112), (38, 36, -110)], 3.0),
    make_path([(6, 24, -118), (-38, 38, -124)], 3.0),
)
VEINS = (
    make_path([(-18, 24, -230), (-20, 22, -90), (-25, 14, -20), (-22, 2, 12)], 12.0),
    make_path([(-27, -16, 62), (-27, -14, 160)], 9.0),
    make_path([(14, -40, 70), (10, -26, 92)], 13.0),
    make_path([(10, -26, 92), (-12, -6, 92), (-44, 2, 88)], 10.0),
    make_path([(10, -26, 92), (32, -4, 96), (46, 8, 94)], 10.0),
    make_path([(-18, 20, -116), (-40, 36, -124)], 5.0),
    make_path([(-16, 16, -104), (14, 13, -104), (42, 34, -108)], 4.5),
)
PORTAL = (
    make_path([(-2, -4, -104), (-8, 2, -90), (-22, 4, -70), (-30, 0, -60)], 7.0),
    make_path([(-6, 0, -90), (30, 6, -84), (66, 22, -68)], 4.2),
    make_path([(-2, -4, -104), (-4, -10, -170)], 5.0),
)
PANCREAS = (
    make_path([(-24, -6, -114), (-16, -8, -100)], 13.0),
    make_path([(-14, -10, -100), (4, -16, -90), (28, -8, -82), (56, 8, -74)], 9.0),
)
PANCREAS_HU = 96.0
OESOPHAGUS = make_path([(4, 28, 170), (6, 27, 60), (14, 18, 5), (28, 2, -18)], 7.5)
OESOPHAGUS_HU = 48.0
CRURA = (
    make_path([(-10, 26, 6), (-13, 27, -40), (-14, 32, -130)], 5.0),
    make_path([(30, 20, 0), (24, 26, -40), (20, 34, -120)], 5.0),
    make_path([(8, 12, -10), (-6, 14, -60)], 3.0),
)
CRURA_HU = 62.0
ADRENALS = (
    make_path([(34, 20, -58), (40, 26, -66), (50, 36, -76)], 2.4),
    make_path([(40, 26, -66), (38, 38, -76)], 2.2),
    make_path([(-32, 26, -48), (-36, 38, -72)], 2.4),
)
ADRENALS_HU = 84.0
AIRWAYS = (
    make_path([(0, 8, 180), (1, 12, 104)], 8.5),
    make_path([(1, 12, 104), (-30, 12, 82), (-46, 14, 66)], 6.0),
    make_path([(1, 12, 104), (34, 16, 80), (50, 20, 64)], 5.5),
)
AIRWAY_WALL_MM, AIRWAY_HU = 1.6, -985.0
HILA = ((-40.0, 4.0, 86.0), (44.0, 9.0, 90.0))
MESENTERY_ROOT = (-4.0, -6.0, -122.0)
PORTA, CAVAL_MOUTH = (-30.0, 0.0, -60.0), (-24.0, 12.0, -16.0)
LUNG_BRANCHES, LIVER_BRANCHES, MESENTERY_BRANCHES = 900, 90, 80
LUNG_LEAF_MM, LIVER_LEAF_MM, MESENTERY_LEAF_MM = 0.66, 1.0, 0.75
BEND_PART = 0.12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VesselSet:
    """All vessels of one patient at one visit, in LPS mm."""

    lung: Tubes
    mesentery: Tubes
    liver_portal: Tubes
    liver_veins: Tubes
    aorta: Tubes
    veins: Tubes
    portal: Tubes
    pancreas: Tubes
    crura: Tubes
    adrenals: Tubes
    oesophagus: Tubes
    airways: Tubes


def derive_vessels(seed: int, pose: Pose) -> VesselSet:
    """Return the patient's vessels where the patient lies; the same seed grows the same trees."""
    lung, portal, veins, mesentery = _grow_all(seed)
    return VesselSet(
        lung=lung.to_lps(pose),
        mesentery=mesentery.to_lps(pose),
        liver_portal=portal.to_lps(pose),
        liver_veins=veins.to_lps(pose),
        aorta=join_tubes(AORTA).to_lps(pose),
        veins=join_tubes(VEINS).to_lps(pose),
        portal=join_tubes(PORTAL).to_lps(pose),
        pancreas=join_tubes(PANCREAS).to_lps(pose),
        crura=join_tubes(CRURA).to_lps(pose),
        adrenals=join_tubes(ADRENALS).to_lps(pose),
        oesophagus=OESOPHAGUS.to_lps(pose),
        airways=join_tubes(AIRWAYS).to_lps(pose),
    )


@lru_cache(maxsize=4)
def _grow_all(seed: int) -> tuple[Tubes, Tubes, Tubes, Tubes]:
    rng = np.random.default_rng(seed)
    lungs = [_grow_tree(rng, HILA[side], _scatter_in_lung(rng, side), LUNG_LEAF_MM) for side in (0, 1)]
    portal = _grow_tree(rng, PORTA, _scatter_in_liver(rng), LIVER_LEAF_MM)
    veins = _grow_tree(rng, CAVAL_MOUTH, _scatter_in_liver(rng), LIVER_LEAF_MM * 0.9)
    reach = rng.uniform((-70, -62, -175), (80, 12, -96), (MESENTERY_BRANCHES, 3))
    mesentery = _grow_tree(rng, MESENTERY_ROOT, reach, MESENTERY_LEAF_MM)
    return join_tubes(lungs), portal, veins, mesentery


def _scatter_in_lung(rng: np.random.Generator, side: int) -> NDArray[np.float64]:
    lung = LUNGS[side]
    points = rng.uniform(-1, 1, (LUNG_BRANCHES * 8, 3)) * lung.radii + lung.centre
    peak_x, peak_y, peak_z, width_x, width_y = DOMES[side]
    away = ((points[:, 0] - peak_x) / width_x) ** 2 + ((points[:, 1] - peak_y) / width_y) ** 2
    above = points[:, 2] > peak_z - DOME_FALL_MM * away + 4
    inside = (lung.depth_mm(points) > 4) & above & (points[:, 2] < 150) & (np.abs(points[:, 0]) < 122)
    return np.asarray(points[inside][:LUNG_BRANCHES])


def _scatter_in_liver(rng: np.random.Generator) -> NDArray[np.float64]:
    points = rng.uniform((-118, -90, -125), (60, 80, 5), (LIVER_BRANCHES * 12, 3))
    inside = np.maximum(RIGHT_LOBE.depth_mm(points), LEFT_LOBE.depth_mm(points)) > 6
    return np.asarray(points[inside][:LIVER_BRANCHES])


def _grow_tree(
    rng: np.random.Generator,
    root: tuple[float, float, float],
    targets: NDArray[np.float64],
    leaf_mm: float,
) -> Tubes:
    """Grow a tree from the root to every target, nearest first; radii follow Murray's law (r³ adds up)."""
    order = np.argsort(np.linalg.norm(targets - root, axis=1))
    nodes, parents = np.empty((2 * len(order) + 1, 3)), np.zeros(2 * len(order) + 1, np.intp)
    nodes[0], used = root, 1
    for target in targets[order]:
        nearest = int(np.argmin(np.linalg.norm(nodes[:used] - target, axis=1)))
        step = target - nodes[nearest]
        nodes[used] = nodes[nearest] + step / 2 + rng.normal(0, BEND_PART, 3) * np.linalg.norm(step)
        nodes[used + 1] = target
        parents[used], parents[used + 1] = nearest, used
        used += 2
    leaves = np.zeros(used)
    leaves[2::2] = 1
    for node in range(used - 1, 0, -1):
        leaves[parents[node]] += leaves[node]
    radii = leaf_mm * leaves ** (1 / 3)
    own = np.arange(1, used)
    return Tubes(
        start=nodes[parents[own]],
        end=nodes[own],
        start_radius_mm=np.minimum(radii[parents[own]], radii[own] * 1.35),
        end_radius_mm=radii[own],
    )


def paint_tubes(canvas: Canvas, tubes: Tubes, value_hu: float, within: Image | None = None) -> None:
    """Paint tubes, only within a tissue where its share is given."""
    share = compute_tube_share(canvas, tubes)
    if share is not None:
        canvas.paint(share if within is None else share * within, value_hu)


def paint_liver_vessels(canvas: Canvas, vessels: VesselSet, liver: Image) -> None:
    """Paint the portal branches and the hepatic veins inside the liver."""
    paint_tubes(canvas, vessels.liver_veins, LIVER_HU + 42, liver)
    paint_tubes(canvas, vessels.liver_portal, LIVER_HU + 55, liver)


def paint_great_vessels(canvas: Canvas, vessels: VesselSet) -> None:
    """Paint the named vessels, the airways with their walls, the oesophagus and the pancreas."""
    paint_tubes(canvas, vessels.crura, CRURA_HU)
    paint_tubes(canvas, vessels.adrenals, ADRENALS_HU)
    paint_tubes(canvas, vessels.pancreas, PANCREAS_HU)
    paint_tubes(canvas, vessels.portal, PORTAL_HU)
    paint_tubes(canvas, vessels.oesophagus, OESOPHAGUS_HU)
    paint_tubes(canvas, vessels.veins, VEIN_HU)
    paint_tubes(canvas, vessels.aorta, AORTA_HU)
    paint_tubes(canvas, vessels.airways.grown(AIRWAY_WALL_MM), WALL_HU)
    paint_tubes(canvas, vessels.airways, AIRWAY_HU)
