"""What the positions of a series' slices make of it: a volume, a tilted stack, a stack with holes, or no stack at all.

Everything here is arithmetic on ImagePositionPatient and ImageOrientationPatient (DICOM PS3.3 C.7.6.2). The tags that
sound as if they said the same are not asked: SliceThickness and SpacingBetweenSlices are often not the distance
between slices, and GantryDetectorTilt is absent or of either sign, depending on the vendor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class GeometryClass(StrEnum):
    """What a series is, by the place of its slices; a series may be several of these at once."""

    REGULAR = "regular"
    TILTED = "tilted"
    NONUNIFORM = "nonuniform"
    MISSING_SLICES = "missing_slices"
    DUPLICATE_POSITIONS = "duplicate_positions"
    MIXED_ORIENTATION = "mixed_orientation"
    LOCALIZER = "localizer"
    NO_PIXEL_SPACING = "no_pixel_spacing"
    IMPOSSIBLE_ORIENTATION = "impossible_orientation"
    NO_GEOMETRY = "no_geometry"
    SINGLE = "single"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """How far header values may stray by rounding before a stack stops being a grid.

    Attributes
    ----------
    cosine : float
        Largest difference of a direction cosine between slices of one orientation.
    unit : float
        Largest departure of the row and column directions from unit length and a right angle: cosines rounded to four
        decimals are off by less, and a length within a slice is then true to 0.1 %.
    farthest_mm : float
        A position beyond this is none: no table is 100 m long.
    step_mm, step_ratio : float
        Normal steps may differ by the larger of `step_mm` and `step_ratio` of the median step.
    stray_ratio : float
        Largest distance of a slice from its place in an even stack, in steps. It finds steps that grow so slowly that
        no two differ by more than `step_ratio`.
    drift_mm : float
        Largest sideways movement from one slice to the next, in millimetres.
    shear, lean_mm : float
        Largest sideways movement over the whole stack: the larger of `lean_mm` and `shear` for each millimetre along
        the normal. It finds a small tilt of thin slices, whose single steps all stay under `drift_mm`. `lean_mm` is
        also the farthest a slice may lie beside the straight line through the stack, be it straight or leaning: it
        finds a gantry that drifts to one side and back.
    multiple_ratio : float
        A gap counts as a whole number of steps when it is that near, in steps.
    """

    cosine: float = 1e-3
    unit: float = 1e-3
    farthest_mm: float = 1e5
    step_mm: float = 0.01
    step_ratio: float = 0.01
    stray_ratio: float = 0.1
    drift_mm: float = 0.01
    shear: float = 1e-3
    lean_mm: float = 0.05
    multiple_ratio: float = 0.05


TOLERANCES = Tolerances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """The place of the slices of one series.

    Attributes
    ----------
    classes : tuple of GeometryClass
    order : tuple of int
        Indices of the slices, ascending along the normal (row × column direction).
    slice_spacing_mm : float or None
        Distance between neighbouring slices along the normal; None where it is not one number.
    step_mm : float or None
        The usual step, also where the spacing is not one number.
    missing_slices : int
        How many slices would fill the gaps; 0 where the gaps are not whole steps.
    drift_mm : float
        Largest sideways movement from one slice to the next.
    tilt_degrees : float
        Angle between the stack and the normal of its slices.
    """

    classes: tuple[GeometryClass, ...]
    order: tuple[int, ...]
    slice_spacing_mm: float | None = None
    step_mm: float | None = None
    missing_slices: int = 0
    drift_mm: float = 0.0
    tilt_degrees: float = 0.0


def slice_normal(orientation: Floats) -> Floats:
    """Give the unit normal of a plane: row direction × column direction.

    Parameters
    ----------
    orientation : array, shape (6,)
        ImageOrientationPatient: direction of a row (growing column index), then of a column (growing row index), LPS.
    """
    normal = np.cross(orientation[:3], orientation[3:])
    unit: Floats = normal / np.linalg.norm(normal)
    return unit


def right_angled(orientation: Floats) -> Floats:
    """Give the unit directions at a right angle that are nearest to those of a header, whose cosines are rounded.

    Parameters
    ----------
    orientation : array, shape (6,)

    Returns
    -------
    array, shape (6,)
    """
    row, column = orientation[:3] / np.linalg.norm(orientation[:3]), orientation[3:] / np.linalg.norm(orientation[3:])
    half = (row @ column) / 2  # each direction gives way by half
    turned = np.stack((row - half * column, column - half * row))
    nearest: Floats = (turned / np.linalg.norm(turned, axis=1, keepdims=True)).ravel()
    return nearest


def are_true_planes(orientations: Floats, tolerances: Tolerances = TOLERANCES) -> bool:
    """Whether the two directions of every slice are perpendicular unit vectors.

    Parameters
    ----------
    orientations : array, shape (n_slices, 6)
    """
    row, column = orientations[:, :3], orientations[:, 3:]
    lengths = np.linalg.norm(orientations.reshape(-1, 2, 3), axis=2) - 1
    right_angle = np.einsum("ij,ij->i", row, column)
    return bool(max(np.max(np.abs(lengths)), np.max(np.abs(right_angle))) <= tolerances.unit)


def derive_geometry(
    positions_lps: Floats,
    orientations: Floats,
    *,
    is_localizer: bool = False,
    has_pixel_spacing: bool = True,
    tolerances: Tolerances = TOLERANCES,
) -> Geometry:
    """Classify a series by the place of its slices.

    Parameters
    ----------
    positions_lps : array, shape (n_slices, 3)
        ImagePositionPatient in mm; NaN where the header has none.
    orientations : array, shape (n_slices, 6)
        ImageOrientationPatient; NaN where the header has none.
    is_localizer : bool
        The images are projections (ImageType LOCALIZER): they have no slice spacing.
    has_pixel_spacing : bool
        Without PixelSpacing the series is never `regular`, whatever its positions.
    """
    geometry = _derive_stack(positions_lps, orientations, is_localizer=is_localizer, tolerances=tolerances)
    if has_pixel_spacing:
        return geometry
    harmless = (GeometryClass.REGULAR, GeometryClass.SINGLE)
    classes = (GeometryClass.NO_PIXEL_SPACING, *(name for name in geometry.classes if name not in harmless))
    return replace(geometry, classes=classes)


def _derive_stack(positions: Floats, orientations: Floats, *, is_localizer: bool, tolerances: Tolerances) -> Geometry:
    localizer = (GeometryClass.LOCALIZER,) if is_localizer else ()
    faults = _plane_faults(positions, orientations, tolerances)
    if faults:
        return Geometry(classes=(*localizer, *faults), order=tuple(range(len(positions))))
    normal = slice_normal(orientations.mean(axis=0))
    order = np.argsort(positions @ normal, kind="stable")
    stack_order = tuple(order.tolist())
    if np.max(np.ptp(orientations, axis=0)) > tolerances.cosine:
        return Geometry(classes=(*localizer, GeometryClass.MIXED_ORIENTATION), order=stack_order)
    if is_localizer:
        return Geometry(classes=localizer, order=stack_order)
    if len(positions) == 1:
        return Geometry(classes=(GeometryClass.SINGLE,), order=stack_order)
    return _classify_steps(np.diff(positions[order], axis=0), normal, stack_order, tolerances)


def _plane_faults(positions: Floats, orientations: Floats, tolerances: Tolerances) -> tuple[GeometryClass, ...]:
    """Say why the slices have no place; directions of zeros are those that a writer left out."""
    is_directed = np.isfinite(orientations).all(axis=1) & (orientations != 0).any(axis=1)
    with np.errstate(invalid="ignore"):
        is_placed = (np.abs(positions) <= tolerances.farthest_mm).all(axis=1)
    directed = orientations[is_directed]
    if len(directed) and not (np.max(np.abs(directed)) < 2 and are_true_planes(directed, tolerances)):
        return (GeometryClass.IMPOSSIBLE_ORIENTATION, GeometryClass.NO_GEOMETRY)
    return () if (is_directed & is_placed).all() else (GeometryClass.NO_GEOMETRY,)


def _classify_steps(steps: Floats, normal: Floats, order: tuple[int, ...], tolerances: Tolerances) -> Geometry:
    """Classify the vectors from each slice to the next of one orientation."""
    along = steps @ normal
    is_repeat = along <= tolerances.step_mm
    duplicates = (GeometryClass.DUPLICATE_POSITIONS,) if is_repeat.any() else ()
    # a slice at a taken position still moves the stack sideways when it differs in the plane, so only true steps count
    along, steps = along[~is_repeat], steps[~is_repeat]
    if not len(along):
        return Geometry(classes=duplicates, order=order)
    median_mm = float(np.median(along))
    sideways = steps - np.outer(along, normal)
    drift_mm = float(np.max(np.linalg.norm(sideways, axis=1)))
    shear = sideways.sum(axis=0) / along.sum()
    is_uniform = _is_uniform(along, median_mm, tolerances)
    faults = list(duplicates)
    if _is_tilted(shear, drift_mm, along, tolerances):
        faults.append(GeometryClass.TILTED)
    if not is_uniform or _is_shifted(sideways - np.outer(along, shear), drift_mm, faults, tolerances):
        faults.append(GeometryClass.NONUNIFORM)
    missing = 0 if is_uniform else count_missing_slices(along, tolerances)
    if missing:
        faults.append(GeometryClass.MISSING_SLICES)
    return Geometry(
        classes=tuple(faults) or (GeometryClass.REGULAR,),
        order=order,
        slice_spacing_mm=float(np.mean(along)) if is_uniform and not duplicates else None,
        step_mm=median_mm,
        missing_slices=missing,
        drift_mm=drift_mm,
        tilt_degrees=float(np.degrees(np.arctan(np.linalg.norm(shear)))),
    )


def _is_uniform(along: Floats, median_mm: float, tolerances: Tolerances) -> bool:
    """Whether the steps are equal, and no slice strays from its place in an even stack by many small differences."""
    strays = np.cumsum(along) - np.arange(1, len(along) + 1) * np.mean(along)
    are_equal = np.ptp(along) <= max(tolerances.step_mm, tolerances.step_ratio * median_mm)
    return bool(are_equal and np.max(np.abs(strays)) <= max(tolerances.lean_mm, tolerances.stray_ratio * median_mm))


def _is_tilted(shear: Floats, drift_mm: float, along: Floats, tolerances: Tolerances) -> bool:
    """Whether the whole stack leans to one side, be it by a little in every step."""
    lean = float(np.linalg.norm(shear))
    leans_each_step = drift_mm > tolerances.drift_mm and lean * float(np.median(along)) > tolerances.drift_mm
    leans_in_all = lean > tolerances.shear and lean * float(along.sum()) > tolerances.lean_mm
    return leans_each_step or leans_in_all


def _is_shifted(beside_lean: Floats, drift_mm: float, faults: list[GeometryClass], tolerances: Tolerances) -> bool:
    """Whether slices are moved sideways against the others, one or many by little, beyond what a tilt explains."""
    if np.max(np.linalg.norm(np.cumsum(beside_lean, axis=0), axis=1)) > tolerances.lean_mm:
        return True
    if GeometryClass.TILTED not in faults:
        return drift_mm > tolerances.drift_mm
    return bool(np.max(np.linalg.norm(beside_lean, axis=1)) > tolerances.drift_mm)


def count_missing_slices(along: Floats, tolerances: Tolerances = TOLERANCES) -> int:
    """Count the slices that would fill the gaps, where every gap is a whole number of the usual step.

    Parameters
    ----------
    along : array, shape (n_slices - 1,)
        Steps along the normal in mm.

    Returns
    -------
    int
        0 where a gap is not a whole number of steps, or where the smallest step is not the usual one.
    """
    smallest = float(along.min())
    is_base = along <= smallest * (1 + tolerances.step_ratio) + tolerances.step_mm
    if 2 * int(is_base.sum()) < len(along):
        return 0
    in_steps = along / float(np.mean(along[is_base]))
    whole = np.round(in_steps)
    if np.max(np.abs(in_steps - whole)) > tolerances.multiple_ratio:
        return 0
    return int((whole - 1).sum())
