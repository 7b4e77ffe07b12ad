"""DL_info.csv of the DeepLesion data set.

Source: Yan K, Wang X, Lu L, Summers RM. DeepLesion: automated mining of large-scale lesion annotations and universal
lesion detection with deep learning. J Med Imaging 2018;5:036501. Diameters are in pixels; pixels are counted from 1,
as in Matlab. The set gives neither dates nor which lesion is which over time.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations.finding import NO_AXIS, Axis, Finding
from recist.annotations.quantities import LONGEST_MM, parse_number
from recist.annotations.text_files import cut_rows

if TYPE_CHECKING:
    from recist.annotations.text_files import Record
    from recist.problems import Problem

PROGRAM = "DeepLesion"
MARKS = {"Lesion_diameters_Pixel_", "Spacing_mm_px_"}
FIRST_PIXEL = 1
TOLERANCE_PX = 0.5

# Coarse_lesion_type; -1, and mediastinum, abdomen, soft tissue and pelvis, may be nodes or organs: nodal stays open.
SITES: dict[str, str] = {
    "1": "bone",
    "2": "abdomen",
    "3": "mediastinum",
    "4": "liver",
    "5": "lung",
    "6": "kidney",
    "7": "soft tissue",
    "8": "pelvis",
}
UNKNOWN_SITE = "-1"
NOISY = "1"


def findings_of_deep_lesion(text: str, file: str) -> tuple[list[Finding], list[Problem]]:
    """Read the rows; sizes in mm are diameters in pixels times the pixel spacing."""
    records, problems = cut_rows(text, file)
    findings = []
    for record in records:
        about = _about(record, file)
        sizes, faults = _sizes(record, about)
        problems += faults
        if sizes is not None:
            findings.append(replace(about, long_axis=sizes[0], short_axis=sizes[1]))
    return findings, problems


def _about(record: Record, file: str) -> Finding:
    patient, study = record.get("Patient_index"), record.get("Study_index")
    name = record.get("File_name").removesuffix(".png")
    return Finding(
        file=file,
        row=record.row,
        program=PROGRAM,
        patient_id=patient,
        timepoint=f"study-{study.zfill(2)}" if study else "",
        label=f"{name}-{record.row}",
        site=SITES.get(record.get("Coarse_lesion_type"), ""),
        state="measured",
        reason="annotation marked as possibly noisy" if record.get("Possibly_noisy") == NOISY else "",
        series_uid=f"{patient}_{study}_{record.get('Series_ID')}",
    )


def _sizes(record: Record, about: Finding) -> tuple[tuple[Axis, Axis] | None, list[Problem]]:
    diameters, spacing, ends = (
        [parse_number(part) for part in record.get(name).split(",") if part.strip()]
        for name in ("Lesion_diameters_Pixel_", "Spacing_mm_px_", "Measurement_coordinates")
    )
    faults = [
        about.problem("no_numbers", "the lesion was not imported", field=field, found=record.get(field), expected=right)
        for field, right, is_right in (
            ("Lesion_diameters_Pixel_", "two numbers above 0, in pixels", _are(diameters, 2)),
            ("Spacing_mm_px_", "three numbers above 0, in mm; the first two alike", _is_spacing(spacing)),
            ("Measurement_coordinates", "eight numbers, in pixels", _are(ends, 8, above=-math.inf)),
        )
        if not is_right
    ]
    if faults:
        return None, faults
    axes = []
    for name, diameter, (x1, y1, x2, y2) in (("long", diameters[0], ends[:4]), ("short", diameters[1], ends[4:])):
        drawn = math.hypot(x2 - x1, y2 - y1)
        if abs(drawn - diameter) > TOLERANCE_PX:
            message = "the diameter and its end points disagree; the diameter was kept"
            told = {"found": f"{diameter:.2f} px stated", "expected": f"{drawn:.2f} px between the ends"}
            faults.append(about.warning("length_differs_from_drawing", message, field=f"{name} axis", **told))
        points = ((y1 - FIRST_PIXEL, x1 - FIRST_PIXEL), (y2 - FIRST_PIXEL, x2 - FIRST_PIXEL))
        axes.append(Axis(length_mm=diameter * spacing[0], ends_px=points, stated=f"{diameter} px"))
    if any(axis.length_mm > LONGEST_MM for axis in axes):
        return None, [about.problem("no_numbers", "a lesion of more than a metre was not imported")]
    assert NO_AXIS not in axes
    return (axes[0], axes[1]), faults


def _are(numbers: list[float], count: int, *, above: float = 0.0) -> bool:
    return len(numbers) == count and all(number > above for number in numbers)


def _is_spacing(numbers: list[float]) -> bool:
    return _are(numbers, 3) and math.isclose(numbers[0], numbers[1], rel_tol=1e-3)
