"""The front door: two scans in, and from then on the place of any baseline point in the follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.errors import GeometryError
from recist.progress import Progress, no_progress
from recist.register.agreement import Agreement, compare
from recist.register.confidence import LEAST_AMOUNT, compute_confidence, compute_residual_mm, explain_doubt
from recist.register.deformation import Found, align, deform
from recist.register.neighbours import FAR_MM, Evidence, ask_neighbours
from recist.register.prediction import Prediction
from recist.register.pyramid import Pyramid, build_pyramid

if TYPE_CHECKING:
    from recist.register.resample import Hounsfield

Matrix = npt.NDArray[np.float64]
N_STEPS = 5
HALF_PIXEL = 0.5
AXES = ("slice", "row", "column")
FEWEST_SLICES = 2
LEAST_HEIGHT_MM = 25.0
FEWEST_NODES = 4
LEAST_FAT = 0.005  # share of a body between the HU of fat: other images than CT have none there
FAT_HU = (-150.0, -30.0)
NOWHERE = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """Where a scan lies: its shape (slices, rows, columns) and its affine from (slice, row, column, 1) to LPS mm."""

    shape: tuple[int, ...]
    affine: Matrix

    def to_px(self, points_lps: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Map LPS mm (n, 3) to (slice, row, column), not rounded."""
        return np.asarray(np.linalg.solve(self.affine[:3, :3], (points_lps - self.affine[:3, 3]).T).T)

    def shows(self, point_px: npt.NDArray[np.float64]) -> bool:
        """Tell whether a pixel place lies in the scan, half a pixel beyond the outermost centres included."""
        return bool(((point_px >= -HALF_PIXEL) & (point_px <= np.array(self.shape) - HALF_PIXEL)).all())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registration:
    """What is known of the way from a baseline to a follow-up.

    Attributes
    ----------
    baseline, followup : Scan
    found : Found or None
        The movement; None when the registration failed.
    agreement : Agreement or None
    doubt : str
        Why no point of this pair is sure, a sentence; empty when the pair as a whole is good.
    """

    baseline: Scan
    followup: Scan
    found: Found | None
    agreement: Agreement | None
    doubt: str

    def locate(self, points_lps: npt.ArrayLike, *, radius_mm: npt.ArrayLike = 0.0) -> tuple[Prediction, ...]:
        """Predict where baseline points lie in the follow-up; each point alone, whatever the others.

        Parameters
        ----------
        points_lps : (n, 3)
            LPS mm in the baseline.
        radius_mm : float or (n,)
            Radius of the lesion at the point, where known: what lies within is left out, so that a lesion that grew,
            vanished or got a neighbour does not drag the match.

        Returns
        -------
        tuple of Prediction
            In the order of the points.
        """
        points = np.asarray(points_lps, dtype=np.float64).reshape(-1, 3)
        radii = np.broadcast_to(np.asarray(radius_mm, dtype=np.float64), (len(points),))
        refusals = [self._refuse(point) for point in points]
        asked = [row for row, refusal in enumerate(refusals) if not refusal]
        answers = iter(self._ask(points[asked], radii[asked]) if asked and self.found else ())
        return tuple(next(answers) if not refusal else _nowhere(refusal) for refusal in refusals)

    def _refuse(self, point: npt.NDArray[np.float64]) -> str:
        if self.found is None:
            return self.doubt
        if not np.isfinite(point).all() or not self.baseline.shows(self.baseline.to_px(point[np.newaxis])[0]):
            return "The point lies outside of the baseline scan."
        return ""

    def _ask(self, points: npt.NDArray[np.float64], radii: npt.NDArray[np.float64]) -> list[Prediction]:
        """Match the nodes around points where that has not been done, and ask them."""
        assert self.found is not None
        voxels = self.found.grid.to_voxels(points)
        told: list[Evidence | None] = [None] * len(points)
        for far_mm in FAR_MM:
            rows = [row for row, evidence in enumerate(told) if evidence is None or evidence.amount < LEAST_AMOUNT]
            near = {row: self.found.find_near(voxels[row], far_mm + radii[row]) for row in rows}
            enough = [row for row in rows if len(near[row]) >= FEWEST_NODES]
            if enough:
                evidences = ask_neighbours(self.found, [near[row] for row in enough], voxels[enough], radii[enough])
                for row, evidence in zip(enough, evidences, strict=True):
                    told[row] = evidence
        return [
            self._predict(point, evidence) if evidence else _nowhere("There is no body around the point.")
            for point, evidence in zip(points, told, strict=True)
        ]

    def _predict(self, point: npt.NDArray[np.float64], evidence: Evidence) -> Prediction:
        assert self.found is not None
        moved = point + np.array(evidence.shift_mm)[::-1]
        place = self.found.matrix[:3, :3] @ moved + self.found.matrix[:3, 3]
        place_px = self.followup.to_px(place[np.newaxis])[0]
        residual_mm = compute_residual_mm(evidence)
        doubt = self.doubt or explain_doubt(evidence, residual_mm)
        if not self.followup.shows(place_px):
            doubt = "The place lies outside of what the follow-up shows."
        return Prediction(
            point_lps=(float(place[0]), float(place[1]), float(place[2])),
            point_px=(float(place_px[0]), float(place_px[1]), float(place_px[2])),
            residual_mm=residual_mm,
            confidence=compute_confidence(residual_mm, is_doubted=bool(self.doubt)),
            is_sure=not doubt,
            reason=doubt,
        )


def _nowhere(reason: str) -> Prediction:
    return Prediction(
        point_lps=NOWHERE, point_px=NOWHERE, residual_mm=float("nan"), confidence=0.0, is_sure=False, reason=reason
    )


def register(
    baseline_hu: Hounsfield,
    baseline_affine: npt.ArrayLike,
    followup_hu: Hounsfield,
    followup_affine: npt.ArrayLike,
    *,
    progress: Progress = no_progress,
) -> Registration:
    """Register a follow-up CT to its baseline.

    Parameters
    ----------
    baseline_hu, followup_hu : (n_slices, n_rows, n_columns)
        Hounsfield units, int16 or float32; left as they are.
    baseline_affine, followup_affine : (4, 4)
        From (slice, row, column, 1), pixel centres, to LPS mm. Any orientation; slices may lean.
    progress : Progress

    Returns
    -------
    Registration
        Also when the scans do not fit: then `doubt` says why, and no point is sure.

    Raises
    ------
    GeometryError
        When a scan is no volume with a place in the patient.
    """
    scans = (
        _require_scan(baseline_hu, baseline_affine, "baseline"),
        _require_scan(followup_hu, followup_affine, "follow-up"),
    )
    progress(0, N_STEPS)
    fixed = build_pyramid(_plain(baseline_hu), scans[0].affine)
    progress(1, N_STEPS)
    moving = build_pyramid(_plain(followup_hu), scans[1].affine)
    progress(2, N_STEPS)
    doubt = _find_fault(fixed, "baseline") or _find_fault(moving, "follow-up")
    matrix = None if doubt else align(fixed.coarse, moving.coarse)
    progress(3, N_STEPS)
    if matrix is None:
        doubt = doubt or "The scans show no common part of the body."
        progress(N_STEPS, N_STEPS)
        return _failed(scans, doubt)
    found = deform(fixed, moving, matrix)
    progress(4, N_STEPS)
    agreement = compare(fixed, moving, found)
    progress(N_STEPS, N_STEPS)
    return Registration(
        baseline=scans[0],
        followup=scans[1],
        found=found,
        agreement=agreement,
        doubt=agreement.doubt,
    )


def _failed(scans: tuple[Scan, Scan], doubt: str) -> Registration:
    return Registration(baseline=scans[0], followup=scans[1], found=None, agreement=None, doubt=doubt)


def _plain(hu: Hounsfield) -> Hounsfield:
    """Leave int16 and float32 as they are; make float32 of anything else."""
    return hu if hu.dtype in (np.dtype(np.int16), np.dtype(np.float32)) else hu.astype(np.float32)


def _require_scan(hu: Hounsfield, affine: npt.ArrayLike, name: str) -> Scan:
    matrix = np.array(affine, dtype=np.float64)
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        raise GeometryError(f"The {name} scan has no place in the patient: its affine is not a finite 4 × 4 matrix.")
    if abs(float(np.linalg.det(matrix[:3, :3]))) < np.finfo(np.float32).eps:
        raise GeometryError(f"The {name} scan has no extent: its affine cannot be inverted.")
    if hu.ndim != len(AXES) or min(hu.shape) < FEWEST_SLICES:
        raise GeometryError(f"The {name} scan is no volume: found the shape {hu.shape}.")
    return Scan(shape=hu.shape, affine=matrix)


def _find_fault(scan: Pyramid, name: str) -> str:
    if not scan.has_body:
        return f"No body was found in the {name} scan."
    levels = np.flatnonzero(scan.middle.body.any(axis=(1, 2)))
    if (levels[-1] - levels[0] + 1) * scan.middle.grid.edge_mm < LEAST_HEIGHT_MM:
        return f"The {name} scan shows less than {LEAST_HEIGHT_MM:.0f} mm of the body."
    inside = scan.middle.volume[scan.middle.body]
    if ((inside > FAT_HU[0]) & (inside < FAT_HU[1])).mean() < LEAST_FAT:
        return f"The values of the {name} scan are not those of a CT: there is no fat."
    return ""
