"""One visit on disk: its images, its segmentation and its rows of the two tables."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sample_dicom.ct_files import write_series
from sample_dicom.plan import derive_visits, read_plan
from sample_dicom.scene import derive_scene
from sample_dicom.seg_files import write_segmentation
from sample_dicom.truth import Row, derive_manifest_rows, derive_truth_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample_dicom.plan import Visit
    from sample_dicom.protocols import Protocol

IMAGES, SEGMENTATION = "ct", "lesions.seg.dcm"


def write_visit(
    folder: Path,
    visit: Visit,
    seed: int,
    on_slice: Callable[[], None],
    protocol: Protocol | None = None,
) -> tuple[list[Row], list[Row]]:
    """Write one visit below a study folder; return its rows of the manifest and of the truth."""
    scene = derive_scene(visit, seed, protocol)
    place = PurePosixPath("dicom", visit.subject, visit.timepoint)
    headers = write_series(scene, folder / place / IMAGES, on_slice)
    if scene.lesions:
        write_segmentation(scene, headers, folder / place / SEGMENTATION)
    return derive_manifest_rows(scene, str(place / IMAGES), str(place / SEGMENTATION)), derive_truth_rows(scene)


def find_visit(subject: str, timepoint: str) -> Visit:
    """Return one visit of the plan."""
    return next(
        visit for visit in derive_visits(read_plan()) if (visit.subject, visit.timepoint) == (subject, timepoint)
    )
