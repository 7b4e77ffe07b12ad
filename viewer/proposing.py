"""Proposed outlines as pure steps from one state of the session to the next; nothing is a finding until accepted.

A sure outline becomes the draft, to be accepted, resized or dropped. An unsure one is put aside with its reason: the
reader may look at it, and then it stays marked as doubtful and takes a key of its own to accept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.errors import GeometryError
from viewer.amounts import confidence_text
from viewer.entries import accept_draft
from viewer.proposal import CONVENTION, Proposal, propose_from_axis, propose_from_click
from viewer.state import Draft, SessionState

if TYPE_CHECKING:
    from viewer.caliper import Point

NO_AXIS = "Draw the long axis first: S finds the outline along it; C lets a click find one."
NO_OUTLINE = "There is no proposed outline: click with C, or draw the long axis and press S."
NO_DOUBTFUL = "There is no doubtful outline to look at."
CORRECTED = "The ends were corrected by hand, so the outline no longer counts: Esc drops it."
NOT_READY = "Outlines are being made ready, which takes a moment at the first use: try again, or draw by hand."
AT_THE_END = "There is no larger or smaller outline here."


def toggle_clicking(state: SessionState) -> SessionState:
    """Switch on or off that a click finds the lesion."""
    return replace(state, is_clicking=not state.is_clicking, is_drawing=True, message="")


def click_at(state: SessionState, slice_index: int, point: Point) -> SessionState:
    """Propose the outline of what was clicked."""
    series = state.series
    assert series is not None
    if state.is_preparing:
        return replace(state, message=NOT_READY)
    state = replace(state, draft=None, grip=None, doubtful=None)
    try:
        return _offer(state, propose_from_click(series, slice_index, point), None)
    except GeometryError as fault:
        return replace(state, message=str(fault))


def outline_axis(state: SessionState) -> SessionState:
    """Propose the outline along the long axis that was drawn."""
    draft = state.draft
    if state.series is None or draft is None or draft.lesion or draft.proposal is not None:
        return replace(state, message=NO_AXIS)
    if state.is_preparing:
        return replace(state, message=NOT_READY)
    try:
        return _offer(state, propose_from_axis(state.series, draft.slice_index, draft.caliper), draft)
    except GeometryError as fault:
        return replace(state, message=str(fault))


def resize(state: SessionState, steps: int) -> SessionState:
    """Take the next larger or smaller outline; it is judged and measured anew."""
    draft = state.draft
    if draft is None or draft.proposal is None:
        return replace(state, message=NO_OUTLINE)
    if draft.is_corrected:
        return replace(state, message=CORRECTED)
    sized = draft.proposal.resized(steps)
    if sized is draft.proposal:
        return replace(state, message=AT_THE_END)
    return _put(state, sized, draft.drawn)


def show_doubtful(state: SessionState) -> SessionState:
    """Draw the outline that was too unsure to be proposed, marked as doubtful."""
    if state.doubtful is None:
        return replace(state, message=NO_DOUBTFUL)
    drawn = state.draft if state.draft is not None and state.draft.proposal is None else None
    return _put(replace(state, doubtful=None), state.doubtful, drawn)


def accept_doubtful(state: SessionState) -> SessionState:
    """Accept a doubtful outline that the reader has looked at."""
    return accept_draft(state, is_doubt_accepted=True)


def describe(proposal: Proposal) -> str:
    """Say what an outline was found from and how sure it is."""
    return f"{proposal.prompt}, confidence {confidence_text(proposal.confidence)}"


def _offer(state: SessionState, found: Proposal, drawn: Draft | None) -> SessionState:
    if found.is_sure:
        return _put(state, found, drawn)
    stays = "The axes drawn stay." if drawn else "Drag along the long axis by hand."
    if found.axes is None:
        return replace(state, message=f"Nothing was found: {found.reason} {stays}")
    sentence = f"Nothing is proposed: {found.reason} D shows the doubtful outline. {stays}"
    return replace(state, doubtful=found, message=sentence)


def _put(state: SessionState, found: Proposal, drawn: Draft | None) -> SessionState:
    """Make an outline the draft."""
    draft = Draft(caliper=found.caliper, slice_index=found.slice_index, proposal=found, drawn=drawn)
    return replace(state, draft=draft, doubtful=None, grip=None, message=_tell(found))


def _tell(found: Proposal) -> str:
    if not found.is_sure:
        return ""  # the caution says it
    moved = found.slice_index - found.prompt_slice
    where = f" Its longest axis lies on slice {found.slice_index}." if moved else ""
    return f"Proposed from {describe(found)}; boundary {CONVENTION}.{where} Enter accepts, ] [ resize, Esc drops."
