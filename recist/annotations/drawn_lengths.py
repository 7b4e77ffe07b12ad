"""Stated lengths beside the lines as they were drawn: both in mm, and told where they disagree."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations.finding import NO_AXIS, Axis, DateSource

if TYPE_CHECKING:
    from recist.annotations.finding import Finding
    from recist.annotations.images import Picture, Pictures
    from recist.problems import Problem

TOLERANCE_MM = 0.5
OUT_OF_PLANE_MM = 0.5

Checked = tuple["Finding | None", "list[Problem]"]


def check_against_images(finding: Finding, pictures: Pictures | None) -> Checked:
    """Set each length beside the line it was drawn as, and take date, series and thickness from the images.

    Returns
    -------
    finding : Finding or None
        None where no mm on its image is true, or no length is left.
    problems : list of Problem
    """
    if pictures is None:
        return _without_images(finding)
    picture = _picture_of(finding, pictures)
    if picture is None:
        kept, problems = _without_images(finding)
        if finding.sop_instance_uid and kept is not None:
            message = "the image it was drawn on is not in the folder of images, so its length was not checked"
            problems = [*problems, finding.warning("image_not_there", message, found=finding.sop_instance_uid)]
        return kept, problems
    if picture.refusal:
        message = f"no length in mm is true here, so the lesion was not imported: {picture.refusal}"
        return None, [finding.problem("no_true_millimetre", message, found=finding.sop_instance_uid)]
    return _beside(_with_facts(finding, picture), picture)


def _picture_of(finding: Finding, pictures: Pictures) -> Picture | None:
    axis = finding.long_axis if finding.long_axis.sop_instance_uid else finding.short_axis
    return pictures.find(axis.sop_instance_uid, axis.frame) if axis.sop_instance_uid else None


def _with_facts(finding: Finding, picture: Picture) -> Finding:
    dated = {} if picture.day is None else {"date": picture.day, "date_source": DateSource.IMAGES}
    return replace(
        finding,
        series_uid=picture.series_uid,
        study_uid=finding.study_uid or picture.study_uid,
        thickness_mm=picture.thickness_mm,
        provenance=picture.provenance,
        **dated,  # type: ignore[arg-type]  # the two keywords have the types of their fields
    )


def _without_images(finding: Finding) -> Checked:
    """Check what can be checked without images: lines given in the patient's own mm."""
    return _beside(finding, None)


def _beside(finding: Finding, picture: Picture | None) -> Checked:
    long_axis, problems = _axis_beside(finding, finding.long_axis, picture, "long axis")
    short_axis, more = _axis_beside(finding, finding.short_axis, picture, "short axis")
    finding = replace(finding, long_axis=long_axis, short_axis=short_axis)
    problems += more
    if finding.state == "measured" and not (long_axis.is_given or short_axis.is_given):
        return None, problems
    if long_axis.is_given and short_axis.is_given and short_axis.length_mm > long_axis.length_mm + TOLERANCE_MM:
        message = "the short axis is longer than the long axis; see whether they were mixed up"
        found, expected = f"{short_axis.length_mm:.2f} mm", f"at most {long_axis.length_mm:.2f} mm"
        problems.append(finding.warning("axes_mixed_up", message, field="short axis", found=found, expected=expected))
    return finding, problems


def _axis_beside(finding: Finding, axis: Axis, picture: Picture | None, name: str) -> tuple[Axis, list[Problem]]:
    if axis is NO_AXIS:
        return axis, []
    axis, is_in_plane = _placed(axis, picture)
    drawn_mm = _drawn_mm(axis, picture)
    problems = []
    if not is_in_plane:
        message = "the line does not lie in the plane of its image, so it has no end points in pixels"
        problems.append(finding.warning("out_of_plane", message, field=name))
    if not axis.is_given:
        return _measured_anew(finding, axis, drawn_mm, name, problems)
    if not math.isnan(drawn_mm) and abs(drawn_mm - axis.length_mm) > TOLERANCE_MM:
        problems.append(
            finding.warning(
                "length_differs_from_drawing",
                f"the stated length and the line as drawn differ by more than {TOLERANCE_MM} mm; the stated one was "
                "kept, look at the images",
                field=name,
                found=f"{axis.length_mm:.2f} mm stated",
                expected=f"{drawn_mm:.2f} mm drawn",
            )
        )
    return axis, problems


def _measured_anew(
    finding: Finding, axis: Axis, drawn_mm: float, name: str, problems: list[Problem]
) -> tuple[Axis, list[Problem]]:
    """Give a line whose stated length has no known unit the length that it has on its image."""
    if math.isnan(drawn_mm) or drawn_mm == 0:
        message = "the length has no unit of length, so it was not imported; give the images, and it is measured there"
        fault = finding.problem("no_length", message, field=name, found=axis.stated, expected="mm or cm")
        return NO_AXIS, [*problems, fault]
    message = "the length has no unit of length; the line as drawn on its image was measured in its place"
    found, expected = axis.stated, f"{drawn_mm:.2f} mm drawn"
    note = finding.warning("measured_as_drawn", message, field=name, found=found, expected=expected)
    return replace(axis, length_mm=drawn_mm), [*problems, note]


def _placed(axis: Axis, picture: Picture | None) -> tuple[Axis, bool]:
    """Bring ends in the patient to pixels of the image, where both are known."""
    if axis.ends_px or not axis.ends_lps or picture is None or picture.plane is None:
        return axis, True
    if max(abs(picture.plane.distance_mm(axis.ends_lps))) > OUT_OF_PLANE_MM:
        return axis, False
    (r1, c1), (r2, c2) = picture.plane.to_pixel(axis.ends_lps)
    return replace(axis, ends_px=((float(r1), float(c1)), (float(r2), float(c2)))), True


def _drawn_mm(axis: Axis, picture: Picture | None) -> float:
    if axis.ends_lps:
        return math.dist(*axis.ends_lps)
    if axis.ends_px and picture is not None and picture.pixel_spacing_mm:
        between_rows, between_columns = picture.pixel_spacing_mm
        (r1, c1), (r2, c2) = axis.ends_px
        return math.hypot((r2 - r1) * between_rows, (c2 - c1) * between_columns)
    return math.nan
