"""The two tables beside the images: the manifest for measuring, and the truth to compare with."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sample_dicom.ct_files import derive_sop_uid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sample_dicom.lesions import PlacedLesion
    from sample_dicom.plan import PlannedLesion
    from sample_dicom.scene import Scene

READER = "reader-1"
MANIFEST_COLUMNS = (
    "subject", "timepoint", "date", "image", "mask", "label", "lesion", "role", "site", "nodal", "reader", "state",
)  # fmt: skip
TRUTH_COLUMNS = (
    "key", "subject", "timepoint", "date", "lesion", "role", "site", "nodal", "state", "shape",
    "long_axis_mm", "short_axis_mm", "volume_mm3", "slice_thickness_mm", "sop_instance_uid", "slice_index",
    "centre_x_lps", "centre_y_lps", "centre_z_lps", "x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4",
)  # fmt: skip
Row = dict[str, str]


def derive_manifest_rows(scene: Scene, image: str, mask: str) -> list[Row]:
    """Return one row a planned lesion; an absent lesion has neither mask nor label, but its absence is recorded."""
    rows = []
    for lesion in scene.visit.lesions:
        row = _describe(lesion) | {"image": image, "reader": READER, "mask": "", "label": ""}
        if lesion.is_present:
            row |= {"mask": mask, "label": lesion.lesion}
        rows.append(row)
    return rows


def derive_truth_rows(scene: Scene) -> list[Row]:
    """Return one row a planned lesion with everything that is exactly known about it."""
    placed = {lesion.planned.lesion: lesion for lesion in scene.lesions}
    rows = []
    for lesion in scene.visit.lesions:
        row = _describe(lesion) | {
            "key": lesion.key,
            "shape": lesion.shape,
            "long_axis_mm": _number(lesion.long_axis_mm),
            "short_axis_mm": _number(lesion.short_axis_mm),
            "slice_thickness_mm": _number(max(scene.grid.thickness_mm, scene.grid.slice_spacing_mm)),
        }
        if lesion.lesion in placed:
            row |= _locate(placed[lesion.lesion], scene)
        rows.append(row)
    return rows


def _describe(lesion: PlannedLesion) -> Row:
    return {
        "subject": lesion.subject,
        "timepoint": lesion.timepoint,
        "date": lesion.date.isoformat(),
        "lesion": lesion.lesion,
        "role": lesion.role,
        "site": lesion.site,
        "nodal": str(lesion.nodal).lower(),
        "state": lesion.state,
    }


def _locate(lesion: PlacedLesion, scene: Scene) -> Row:
    row = {
        "volume_mm3": _number(lesion.outline.volume_mm3()),
        "sop_instance_uid": derive_sop_uid(scene, lesion.slice_index),
        "slice_index": str(lesion.slice_index),
    }
    row |= {f"centre_{axis}_lps": _number(value) for axis, value in zip("xyz", lesion.centre_lps, strict=True)}
    half_long, half_short, _ = lesion.outline.half_axes_mm
    ends = ((half_long, 0.0), (-half_long, 0.0), (0.0, half_short), (0.0, -half_short))
    for number, (u, v) in enumerate(ends, 1):
        right, down = lesion.outline.from_frame(u, v)
        row[f"x{number}"] = _number(lesion.centre_px[1] + right / scene.grid.column_spacing_mm)
        row[f"y{number}"] = _number(lesion.centre_px[0] + down / scene.grid.row_spacing_mm)
    return row


def _number(value: float) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Write a table; what a row does not give stays empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
