"""Drawing by hand: press, drag, release, as pure steps from one state of the session to the next.

A drag on free ground draws a new long axis and the short axis across it is proposed at once; a drag that begins on an
end, of the draft or of an accepted lesion of this slice, moves that end. Axes stay on the slice where they began.
"""

from __future__ import annotations

from dataclasses import replace

from recist.errors import GeometryError
from recist.measure.length import in_plane_length_mm
from viewer.caliper import Point, Spacing, move_end, nearest_handle, propose_caliper
from viewer.entries import accept_draft, form_of
from viewer.places import slice_of
from viewer.proposing import click_at
from viewer.state import Draft, Grip, SessionState

SHORTEST_AXIS_MM = 1.0


def refusal_to_draw(state: SessionState, *, is_axial: bool = True) -> str:
    """Say in one sentence why nothing can be drawn now; empty when it can."""
    if state.table_refusal:
        return state.table_refusal
    if state.series is None:
        return "Open a series first: there is no image to draw on."
    if not is_axial:
        return "Axes are drawn on the slices as they were scanned: go back to the 2-D view of the original slices."
    try:
        state.series.require_in_plane()
    except GeometryError as fault:
        return f"{fault} The series can be looked at, but nothing can be measured on it."
    if state.visit is None or state.visit.date is None:
        return "This series has no date, so its measurements would have no time point."
    return ""


def press_at(state: SessionState, slice_index: int, point: Point, *, reach_mm: float) -> SessionState:
    """Begin a drag: take hold of an end within `reach_mm`, or mark where a new long axis starts."""
    held = _hold_end(state, slice_index, point, reach_mm)
    if held is not None:
        return held
    return replace(state, grip=Grip(slice_index=slice_index, start=_inside(state, point)), message="")


def drag_to(state: SessionState, point: Point) -> SessionState:
    """Move what the mouse holds to `point`."""
    grip = state.grip
    if grip is None:
        return state
    point = _inside(state, (point[0] + grip.offset[0], point[1] + grip.offset[1]))
    spacing = _spacing(state)
    if grip.handle is not None and state.draft is not None:
        moved = move_end(state.draft.caliper, grip.handle, point, spacing)
        if moved is state.draft.caliper:
            return state
        draft = replace(state.draft, caliper=moved, is_corrected=True)
        return replace(state, draft=draft, grip=replace(grip, has_moved=True))
    if in_plane_length_mm(grip.start, point, spacing) < SHORTEST_AXIS_MM:
        return state
    state = replace(state, grip=replace(grip, has_moved=True), doubtful=None)
    return replace(
        state, draft=Draft(caliper=propose_caliper(grip.start, point, spacing), slice_index=grip.slice_index)
    )


def release(state: SessionState) -> SessionState:
    """Let go: corrected ends of an accepted lesion are accepted at once, a new draft waits for the reader.

    Where clicks find lesions, a press that went nowhere is a click.
    """
    grip = state.grip
    if grip is None:
        return state
    state = replace(state, grip=None)
    held = state.draft is not None and state.draft.lesion
    if state.is_clicking and not grip.has_moved and not held:
        return click_at(state, grip.slice_index, grip.start)
    if held:
        return accept_draft(state) if grip.has_moved else replace(state, draft=None)
    return state


def _hold_end(state: SessionState, slice_index: int, point: Point, reach_mm: float) -> SessionState | None:
    for draft in _drafts_on(state, slice_index):
        handle = nearest_handle(draft.caliper, point, _spacing(state), reach_mm)
        if handle is not None:
            form = form_of(state, draft.lesion) if draft.lesion else state.form
            end = draft.caliper.end(handle)
            offset = (end[0] - point[0], end[1] - point[1])
            grip = Grip(slice_index=slice_index, start=point, handle=handle, offset=offset)
            return replace(state, draft=draft, grip=grip, form=form, message="")
    return None


def _drafts_on(state: SessionState, slice_index: int) -> list[Draft]:
    """Give what can be taken hold of on a slice: the draft, then the chosen lesion, then the others."""
    assert state.series is not None
    if state.draft is not None and state.draft.slice_index == slice_index:
        return [state.draft, *_accepted_on(state, slice_index)]
    return _accepted_on(state, slice_index)


def _accepted_on(state: SessionState, slice_index: int) -> list[Draft]:
    assert state.series is not None
    found = sorted(state.reading.findings, key=lambda one: one.lesion != state.form.lesion)
    return [
        Draft(caliper=one.caliper, slice_index=slice_index, lesion=one.lesion)
        for one in found
        if one.caliper and not one.part and slice_of(state.series, one) == slice_index
    ]


def _spacing(state: SessionState) -> Spacing:
    assert state.series is not None
    assert state.series.pixel_spacing_mm is not None
    return state.series.pixel_spacing_mm


def _inside(state: SessionState, point: Point) -> Point:
    """Keep a point within the image."""
    assert state.series is not None
    rows, columns = state.series.hu.shape[1:]
    return min(max(point[0], -0.5), rows - 0.5), min(max(point[1], -0.5), columns - 0.5)
