"""One CT series in Hounsfield units, with the geometry that says which measurements on it are true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.contrast import ContrastPhase
from recist.dicom.geometry import GeometryClass, right_angled
from recist.dicom.plane import Plane
from recist.errors import DicomError, GeometryError

if TYPE_CHECKING:
    import datetime

    from numpy.typing import NDArray

NO_PLANE = {
    GeometryClass.NO_PIXEL_SPACING: "the images carry no pixel spacing, so no length in mm is true on them",
    GeometryClass.LOCALIZER: "the images are localizers: projections, on which no length in mm is true",
    GeometryClass.IMPOSSIBLE_ORIENTATION: (
        "the directions of rows and columns in the headers are not at right angles or not of unit length, so the pixel "
        "spacing cannot be trusted"
    ),
}

NO_VOLUME = NO_PLANE | {
    GeometryClass.NO_GEOMETRY: "the images do not say where they lie in the patient",
    GeometryClass.MIXED_ORIENTATION: "the images lie in more than one orientation",
    GeometryClass.TILTED: "the gantry was tilted: the stack of slices leans and is not a right-angled grid",
    GeometryClass.MISSING_SLICES: "slices are missing",
    GeometryClass.NONUNIFORM: "the slices are not evenly spaced along one straight line",
    GeometryClass.DUPLICATE_POSITIONS: "several images lie at the same position",
    GeometryClass.SINGLE: "the series is a single slice",
}

IN_PLANE_STAYS = "; lengths within one slice remain valid"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CTSeries:
    """One CT series: its voxels and what is known of their place.

    Slices ascend along the normal of the slices (row direction × column direction); rows and columns are as stored.

    Attributes
    ----------
    series_uid, study_uid, frame_of_reference_uid, subject, description : str
        `subject` is PatientID as it stands in the files.
    date : datetime.date or None
        AcquisitionDate, else SeriesDate, else StudyDate.
    classes : tuple of GeometryClass
    hu : array, shape (n_slices, n_rows, n_columns)
        Hounsfield units, int16 when exact, else float32; padding keeps its stored value, see `padding`.
    padding : array of bool or None
        True where the scanner stored no measurement; None when there is none.
    sop_instance_uids : tuple of str
        One a slice; the frames of a multi-frame image share theirs.
    positions_lps : array, shape (n_slices, 3)
        ImagePositionPatient, mm; NaN where unknown.
    orientation : array, shape (6,)
        Row and column direction of the first slice; NaN where unknown.
    pixel_spacing_mm : tuple of float or None
        (between rows, between columns).
    slice_spacing_mm : float or None
        Distance of neighbouring slices along the normal; None where it is not one number.
    slice_thickness_mm : float or None
        SliceThickness of the header, the largest where it varies.
    kernel, contrast : str
        ConvolutionKernel and ContrastBolusAgent, empty where unknown.
    lossy : bool
        Some image was compressed with loss.
    frame_numbers : tuple of int
        One a slice, 1 for single-frame images.
    orientations : array, shape (n_slices, 6), or None
        Only where they differ between slices.
    usual_step_mm : float or None
        The median step, also where `slice_spacing_mm` is None.
    missing_slices : int
    contrast_phase : ContrastPhase
    notes : tuple of str
        What a reader should know: oddities of the headers, files of the series that could not be read.
    """

    series_uid: str
    study_uid: str
    frame_of_reference_uid: str
    subject: str
    description: str
    date: datetime.date | None
    classes: tuple[GeometryClass, ...]
    hu: NDArray[np.int16] | NDArray[np.float32]
    padding: NDArray[np.bool_] | None
    sop_instance_uids: tuple[str, ...]
    positions_lps: NDArray[np.float64]
    orientation: NDArray[np.float64]
    pixel_spacing_mm: tuple[float, float] | None
    slice_spacing_mm: float | None
    slice_thickness_mm: float | None
    kernel: str
    contrast: str
    lossy: bool
    frame_numbers: tuple[int, ...] = ()
    orientations: NDArray[np.float64] | None = None
    usual_step_mm: float | None = None
    missing_slices: int = 0
    contrast_phase: ContrastPhase = ContrastPhase.UNKNOWN
    notes: tuple[str, ...] = ()

    @property
    def can_measure_in_plane(self) -> bool:
        """Whether a length in mm within one slice is true."""
        return self.pixel_spacing_mm is not None and not any(name in NO_PLANE for name in self.classes)

    @property
    def can_make_volume(self) -> bool:
        """Whether lengths across slices, volumes and reformats are true: only for a regular stack."""
        return self.classes == (GeometryClass.REGULAR,) and self.can_measure_in_plane

    def require_in_plane(self) -> tuple[float, float]:
        """Give (between rows, between columns) in mm.

        Raises
        ------
        GeometryError
            With the reason why no length in mm is true.
        """
        if self.pixel_spacing_mm is None or not self.can_measure_in_plane:
            raise GeometryError(f"No millimetres: {self._faults(NO_PLANE)}.")
        return self.pixel_spacing_mm

    def require_volume(self) -> None:
        """Refuse a volume where the slices are not a regular stack.

        Raises
        ------
        GeometryError
            With the reason.
        """
        if not self.can_make_volume:
            rest = IN_PLANE_STAYS if self.can_measure_in_plane else ""
            raise GeometryError(f"No volume: {self._faults(NO_VOLUME)}{rest}.")

    def _faults(self, sentences: dict[GeometryClass, str]) -> str:
        told = [self._with_count(name, sentences[name]) for name in self.classes if name in sentences]
        return "; ".join(told) or NO_PLANE[GeometryClass.NO_PIXEL_SPACING]

    def _with_count(self, name: GeometryClass, sentence: str) -> str:
        is_counted = name is GeometryClass.MISSING_SLICES and self.missing_slices
        return f"{sentence} ({self.missing_slices})" if is_counted else sentence

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance between (slices, rows, columns) in mm; GeometryError unless a volume is true."""
        self.require_volume()
        assert self.slice_spacing_mm is not None
        return (self.slice_spacing_mm, *self.require_in_plane())

    @property
    def affine(self) -> NDArray[np.float64]:
        """Matrix (4, 4) from (slice, row, column, 1), pixel centres, to LPS mm; GeometryError unless a volume is true.

        The inverse matrix leads back.
        """
        self.require_volume()
        between_rows, between_columns = self.require_in_plane()
        matrix = np.eye(4)
        matrix[:3, 0] = (self.positions_lps[-1] - self.positions_lps[0]) / (len(self.positions_lps) - 1)
        each = self.orientation[None] if self.orientations is None else self.orientations
        directions = right_angled(each.mean(axis=0))  # the slices of a volume differ by rounding only
        matrix[:3, 1] = directions[3:] * between_rows
        matrix[:3, 2] = directions[:3] * between_columns
        matrix[:3, 3] = self.positions_lps[0]
        return matrix

    @property
    def effective_thickness_mm(self) -> float | None:
        """The larger of thickness and spacing, the measure of RECIST's twice-the-thickness rule; None if unknown.

        Where the spacing is not one number the usual step stands in.
        """
        step_mm = self.slice_spacing_mm if self.slice_spacing_mm is not None else self.usual_step_mm
        known = [value for value in (self.slice_thickness_mm, step_mm) if value is not None]
        return max(known) if known else None

    def provenance(self) -> dict[str, str | float | bool | None]:
        """Give what must travel with every measurement on this series, to judge it by and to trace it back.

        Returns
        -------
        dict
            ``series_uid``; ``geometry``: the classes joined by ``+``; ``nominal_thickness_mm``: SliceThickness;
            ``slice_spacing_mm``: along the normal, by the positions; ``kernel``; ``contrast``; ``contrast_phase``;
            ``lossy``. None where unknown or, for the spacing, where it is not one number.
        """
        return {
            "series_uid": self.series_uid,
            "geometry": "+".join(self.classes),
            "nominal_thickness_mm": self.slice_thickness_mm,
            "slice_spacing_mm": self.slice_spacing_mm,
            "kernel": self.kernel or None,
            "contrast": self.contrast or None,
            "contrast_phase": str(self.contrast_phase) or None,
            "lossy": self.lossy,
        }

    def slice_index(self, sop_uid: str, frame: int | None = None) -> int:
        """Find a slice by its SOPInstanceUID, and by frame number (from 1) in a multi-frame image.

        Raises
        ------
        DicomError
            When the series has no such slice, or several frames and none was named.
        """
        frames = self.frame_numbers or (1,) * len(self.sop_instance_uids)
        found = [
            index
            for index, (uid, number) in enumerate(zip(self.sop_instance_uids, frames, strict=True))
            if uid == sop_uid and frame in (None, number)
        ]
        if not found:
            raise DicomError(f"The series has no slice with SOPInstanceUID {sop_uid}.")
        if len(found) > 1:
            raise DicomError(f"The image {sop_uid} has {len(found)} frames: name one.")
        return found[0]

    def plane(self, index: int) -> Plane:
        """Give the plane of one slice, to go between its pixels and LPS mm.

        Raises
        ------
        GeometryError
            When no millimetre is true, or the place in the patient is unknown.
        """
        spacing = self.require_in_plane()
        if GeometryClass.NO_GEOMETRY in self.classes:
            raise GeometryError(f"No place in the patient: {NO_VOLUME[GeometryClass.NO_GEOMETRY]}.")
        orientation = self.orientation if self.orientations is None else self.orientations[index]
        return Plane(position_lps=self.positions_lps[index], orientation=orientation, pixel_spacing_mm=spacing)
