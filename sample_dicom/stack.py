"""The few slices that come with the toolkit: two visits of six slices with two lesions of the liver.

They are drawn by the same generator as the study, small enough to keep beside the code, so that tests and examples
need not draw anything. `python -m sample_dicom.stack FOLDER` draws them again.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from sample_dicom import SEED
from sample_dicom.plan import LesionShape, PlannedLesion, Visit
from sample_dicom.protocols import ASTER, Protocol
from sample_dicom.series import write_visit
from sample_dicom.study import MANIFEST, TRUTH
from sample_dicom.truth import MANIFEST_COLUMNS, TRUTH_COLUMNS, write_rows

SUBJECT, KEY = "PHANTOM", "A"
PROTOCOL = Protocol(
    maker=ASTER,
    matrix=(208, 208),
    pixel_spacing_mm=(1.65, 1.65),
    spacing_mm=5.0,
    thickness_mm=5.0,
    range_mm=(-73.0, -48.0),
    noise_hu=9.0,
)
# time point, date, and for T1 (ellipsoid) and T2 (irregular) the long and the short axis in mm
VISITS = (
    ("baseline", datetime.date(2015, 3, 2), (32.0, 22.0), (24.0, 18.0)),
    ("followup-1", datetime.date(2015, 5, 25), (20.0, 14.0), (17.0, 13.0)),
)


def derive_stack_visits() -> tuple[Visit, ...]:
    """Return the two visits of the stack."""
    return tuple(_make_visit(timepoint, date, first, second) for timepoint, date, first, second in VISITS)


def make_stack(folder: Path) -> Path:
    """Draw the slices into a folder, laid out like the study."""
    manifest, truth = [], []
    for visit in derive_stack_visits():
        rows = write_visit(folder, visit, SEED, lambda: None, PROTOCOL)
        manifest += rows[0]
        truth += rows[1]
    write_rows(folder / MANIFEST, MANIFEST_COLUMNS, manifest)
    write_rows(folder / TRUTH, TRUTH_COLUMNS, truth)
    return folder


def _make_visit(
    timepoint: str, date: datetime.date, first_mm: tuple[float, float], second_mm: tuple[float, float]
) -> Visit:
    lesions = tuple(
        PlannedLesion(
            key=KEY,
            subject=SUBJECT,
            timepoint=timepoint,
            date=date,
            lesion=lesion,
            role="target",
            site="liver",
            nodal=False,
            state="measured",
            shape=shape,
            long_axis_mm=axes_mm[0],
            short_axis_mm=axes_mm[1],
        )
        for lesion, shape, axes_mm in (
            ("T1", LesionShape.ELLIPSOID, first_mm),
            ("T2", LesionShape.IRREGULAR, second_mm),
        )
    )
    return Visit(key=KEY, subject=SUBJECT, timepoint=timepoint, date=date, lesions=lesions)


if __name__ == "__main__":
    make_stack(Path(sys.argv[1]))
