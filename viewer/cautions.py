"""What a reader is warned of while drawing: the limits of the criteria against the axes on the screen.

A caution never stops anybody; it carries the number that failed and the limit, which come from the criteria.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole
from recist.criteria.organs import organ_of
from recist.criteria.recist_1_1 import RECIST_1_1
from viewer.amounts import mm_text
from viewer.caliper import angle_between_deg, long_axis_mm, short_axis_mm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria.criteria import Limit
    from recist.dicom.series import CTSeries
    from viewer.lesions import Lesion
    from viewer.state import Draft, SessionState

LARGEST_TILT_DEG = 5.0
TECHNIQUE = {
    "kernel": "The kernel",
    "contrast_phase": "The contrast phase",
}  # columns of a finding that must not differ


def check_draft(state: SessionState) -> tuple[str, ...]:
    """List what is doubtful about the axes being drawn; empty when nothing is drawn or nothing is doubtful."""
    series, draft = state.series, state.draft
    if series is None or draft is None or series.pixel_spacing_mm is None:
        return ()
    long_mm = long_axis_mm(draft.caliper, series.pixel_spacing_mm)
    short_mm = short_axis_mm(draft.caliper, series.pixel_spacing_mm)
    found = [*_check_outline(draft), *_check_axes(state, long_mm, short_mm), *_check_site(state)]
    found += _check_compression(series)
    if state.form.role is LesionRole.TARGET and state.is_baseline:
        thickness_mm = series.effective_thickness_mm
        found += _check_node(short_mm) if state.form.nodal else _check_size(long_mm, thickness_mm)
        found += _check_counts(state)
    if state.form.role is LesionRole.TARGET and not state.is_baseline:
        found += _check_technique(state)
    return tuple(found)


def _check_outline(draft: Draft) -> Iterator[str]:
    if draft.is_doubtful and draft.proposal is not None:
        yield f"DOUBTFUL OUTLINE. {draft.proposal.reason} Only Shift+Enter accepts it; Esc drops it."


def _check_compression(series: CTSeries) -> Iterator[str]:
    if series.lossy:
        yield "This series was compressed with loss: edges may have moved."


def _check_axes(state: SessionState, long_mm: float, short_mm: float) -> Iterator[str]:
    assert state.draft is not None
    assert state.series is not None
    assert state.series.pixel_spacing_mm is not None
    if short_mm > long_mm:
        yield f"The short axis ({mm_text(short_mm)} mm) is longer than the long axis ({mm_text(long_mm)} mm)."
    angle = angle_between_deg(state.draft.caliper, state.series.pixel_spacing_mm)
    if 90 - angle > LARGEST_TILT_DEG:
        yield f"The axes are not perpendicular ({angle:.0f} degrees)."


def _check_site(state: SessionState) -> Iterator[str]:
    if not state.form.site:
        yield "No site yet: press its key or choose it."


def _check_size(long_mm: float, thickness_mm: float | None) -> Iterator[str]:
    least = RECIST_1_1.measurable_lesion
    if long_mm < least.value:
        yield f"{mm_text(long_mm)} mm is not measurable: at least {_told(least)}."
    slices = RECIST_1_1.measurable_slices
    if thickness_mm is not None and long_mm < slices.whole * thickness_mm:
        limit_mm = f"{slices.whole * thickness_mm:g} mm"
        yield f"{mm_text(long_mm)} mm is less than {slices.whole} slices: {limit_mm} here ({slices.citation})."


def _check_node(short_mm: float) -> Iterator[str]:
    normal, least = RECIST_1_1.normal_node, RECIST_1_1.measurable_node
    if short_mm < normal.value:
        yield f"A node with a short axis of {mm_text(short_mm)} mm is normal: below {_told(normal)}."
    elif short_mm < least.value:
        yield f"A node with a short axis of {mm_text(short_mm)} mm is no target: it needs {_told(least)}."


def _check_counts(state: SessionState) -> Iterator[str]:
    form = state.form
    others = [one for one in state.reading.lesions if one.role is LesionRole.TARGET and one.id != form.lesion]
    if len(others) >= RECIST_1_1.max_targets.whole:
        yield f"This would be target {len(others) + 1}: at most {_told(RECIST_1_1.max_targets)}."
    organ = organ_of(form.site, nodal=form.nodal)
    in_organ = [one for one in others if form.site and _organ(one) == organ]
    if len(in_organ) >= RECIST_1_1.max_targets_per_organ.whole:
        told = _told(RECIST_1_1.max_targets_per_organ)
        yield f"This would be target {len(in_organ) + 1} in one organ ({organ}): at most {told}."


def _check_technique(state: SessionState) -> Iterator[str]:
    assert state.series is not None
    first = next((one for one in state.reading.findings if one.lesion == state.form.lesion and one.caliper), None)
    if first is None or first.timepoint == state.timepoint:
        return
    now_mm, then_mm = state.series.effective_thickness_mm, first.slice_thickness_mm
    if now_mm is not None and then_mm is not None and now_mm != then_mm:
        yield f"Slices of {now_mm:g} mm here, of {then_mm:g} mm at {first.timepoint}."
    now, then = state.series.provenance(), dict(first.extra)
    for column, name in TECHNIQUE.items():
        if now.get(column) and then.get(column) and str(now[column]) != then[column]:
            yield f"{name} is {_plain(now[column])} here, {_plain(then[column])} at {first.timepoint}."
    if then.get("lossy") == "true":
        yield f"The series of {first.timepoint} was compressed with loss: edges may have moved."


def _plain(value: object) -> str:
    return str(value).replace("_", " ")


def _organ(lesion: Lesion) -> str:
    return organ_of(lesion.site, nodal=lesion.nodal)


def _told(limit: Limit) -> str:
    return f"{float(limit.value):g} {limit.unit} ({limit.citation})"
