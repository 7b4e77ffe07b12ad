"""From a patient at a visit to the HU of each slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.canvas import share_of, start_canvas
from sample_dicom.lesions import paint_lesions, place_lesions
from sample_dicom.organs import (
    LIVER_HU,
    compute_liver_share,
    paint_heart,
    paint_small_organs,
    paint_spleen,
    paint_stomach,
)
from sample_dicom.plan import TIMEPOINTS
from sample_dicom.protocols import BODIES, PROTOCOLS, derive_grid, derive_pose
from sample_dicom.texture import add_grain, compute_noise_level, make_grain, make_noise, sample_grain
from sample_dicom.torso import compute_wall_depth, paint_body, paint_bones, paint_lungs, paint_table
from sample_dicom.vessels import (
    LUNG_VESSEL_HU,
    VEIN_HU,
    derive_vessels,
    paint_great_vessels,
    paint_liver_vessels,
    paint_tubes,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_dicom.canvas import Canvas, Image
    from sample_dicom.grid import SliceGrid
    from sample_dicom.lesions import PlacedLesion
    from sample_dicom.plan import Visit
    from sample_dicom.pose import Pose
    from sample_dicom.protocols import Protocol
    from sample_dicom.torso import Wall
    from sample_dicom.vessels import VesselSet

LOWEST_HU, HIGHEST_HU = -1024, 3071


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Everything that is the same in all slices of a series."""

    visit: Visit
    seed: int
    protocol: Protocol
    pose: Pose
    grid: SliceGrid
    lesions: tuple[PlacedLesion, ...]
    vessels: VesselSet
    grain: Image


def derive_scene(visit: Visit, seed: int, protocol: Protocol | None = None) -> Scene:
    """Set the scene of one visit, by default with the scanner settings of the study."""
    chosen = PROTOCOLS[visit.key, visit.timepoint] if protocol is None else protocol
    pose = derive_pose(visit.key, TIMEPOINTS.index(visit.timepoint), seed)
    grid = derive_grid(chosen, pose)
    return Scene(
        visit=visit,
        seed=seed,
        protocol=chosen,
        pose=pose,
        grid=grid,
        lesions=place_lesions(visit, grid, pose),
        vessels=derive_vessels(seed + ord(visit.key), pose),
        grain=make_grain(seed),
    )


def draw_slice(scene: Scene, slice_index: int) -> NDArray[np.int16]:
    """Draw one slice, HU; slices ascend along the normal, and none depends on another."""
    canvas = start_canvas(scene.grid, scene.pose, slice_index)
    texture = sample_grain(canvas, scene.grain)
    paint_table(canvas)
    wall = paint_body(canvas, BODIES[scene.visit.key][1])
    _paint_chest(canvas, scene, wall, texture)
    _paint_abdomen(canvas, scene, wall)
    paint_bones(canvas, wall)
    paint_great_vessels(canvas, scene.vessels)
    paint_lesions(canvas, scene.lesions, texture)
    add_grain(canvas, texture)
    _add_noise(canvas, scene)
    return np.clip(np.rint(canvas.hu), LOWEST_HU, HIGHEST_HU).astype(np.int16)


def _paint_chest(canvas: Canvas, scene: Scene, wall: Wall, texture: Image) -> None:
    paint_lungs(canvas, wall, texture)
    paint_tubes(canvas, scene.vessels.lung, LUNG_VESSEL_HU, canvas.lung)
    paint_heart(canvas)


def _paint_abdomen(canvas: Canvas, scene: Scene, wall: Wall) -> None:
    inside = share_of(compute_wall_depth(canvas, wall))
    paint_tubes(canvas, scene.vessels.mesentery, VEIN_HU, inside)
    paint_spleen(canvas, wall)
    paint_stomach(canvas, wall)
    liver = compute_liver_share(canvas, wall)
    if liver is not None:
        canvas.paint(liver, LIVER_HU)
        paint_liver_vessels(canvas, scene.vessels, liver)
    paint_small_organs(canvas, inside)


def _add_noise(canvas: Canvas, scene: Scene) -> None:
    timepoint = TIMEPOINTS.index(scene.visit.timepoint)
    rng = np.random.default_rng([scene.seed, ord(scene.visit.key), timepoint, canvas.slice_index])
    noise = make_noise(rng, scene.grid, scene.protocol.maker.sharpness)
    canvas.hu[...] += np.float32(scene.protocol.noise_hu) * compute_noise_level(canvas) * noise
