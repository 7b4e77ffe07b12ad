"""What a reader enters about lesions, as pure steps from one state of the session to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole, LesionState
from viewer.amounts import confidence_text, round_to_hundredths
from viewer.caliper import long_axis_mm, short_axis_mm
from viewer.history import apply_change
from viewer.keys import STATE_CHOICES
from viewer.lesions import (
    DRAWN_STATE,
    ROLE_NAMES,
    Finding,
    Lesion,
    Reading,
    next_free_id,
    with_finding,
    with_lesion,
    without_finding,
)
from viewer.origin import origin_columns
from viewer.sites import is_nodal_site
from viewer.state import Draft, Form, SessionState

if TYPE_CHECKING:
    import datetime as dt


def accept_draft(
    state: SessionState, lesion_state: LesionState | None = None, *, is_doubt_accepted: bool = False
) -> SessionState:
    """Take the draft over as what was found of the form's lesion at this time point, and propose the next lesion.

    A doubtful outline is refused unless the doubt itself is accepted.
    """
    if state.draft is None:
        return replace(state, message="There is nothing drawn to accept: drag along the long axis first.")
    if state.draft.is_doubtful and not is_doubt_accepted:
        return replace(state, message=TELL_DOUBTFUL)
    form = form_of(state, state.draft.lesion) if state.draft.lesion else state.form
    if form.role is LesionRole.MARKER:
        return replace(state, message=f"{form.lesion} is a tumour marker and has no size: choose a lesion.")
    finding = _drawn_finding(state, state.draft, form, lesion_state or DRAWN_STATE[form.role])
    reading = with_finding(with_lesion(state.reading, _lesion_of(form)), finding)
    verb = "correct" if state.draft.lesion else "measure"
    label = f"{verb} {form.lesion}{_how(state.draft)}"
    changed = _change(replace(state, draft=None, grip=None, doubtful=None), label, reading)
    return changed if state.draft.lesion else propose_next(changed)


def discard_draft(state: SessionState) -> SessionState:
    """Forget the axes that were not accepted; an outline found along drawn axes leaves those."""
    drawn = state.draft.drawn if state.draft is not None else None
    return replace(state, draft=drawn, grip=None, doubtful=None, message="")


def _how(draft: Draft) -> str:
    """Name in the history what a proposal rested on."""
    if draft.proposal is None:
        return ""
    doubt = ", doubtful" if draft.is_doubtful else ""
    return f" from {draft.proposal.prompt}, confidence {confidence_text(draft.proposal.confidence)}{doubt}"


def give_state(state: SessionState, key: str) -> SessionState:
    """Give the form's lesion the state that `key` means for its role; axes stay where the state has a size."""
    choice = next((one for one in STATE_CHOICES if (one.role, one.key) == (state.form.role, key)), None)
    if choice is None:
        return replace(state, message=f"Key {key} has no meaning for a {ROLE_NAMES[state.form.role]}.")
    date = _date(state)
    if date is None:
        return replace(state, message="Open a series with a date first: the state belongs to a time point.")
    if state.reading.lesion(state.form.lesion) is None and state.form.role is LesionRole.TARGET:
        return replace(state, message=f"{state.form.lesion} is not a lesion yet: draw it at baseline first.")
    if state.draft is not None and choice.state in DRAWN_STATES:
        return accept_draft(state, choice.state)
    known = state.reading.finding(state.form.lesion, state.timepoint)
    kept = known if known is not None and choice.state in DRAWN_STATES else None
    finding = kept or Finding(lesion=state.form.lesion, timepoint=state.timepoint, state=choice.state, date=date)
    reading = with_lesion(without_parts(state.reading, state.form.lesion, state.timepoint), _lesion_of(state.form))
    reading = with_finding(reading, replace(finding, state=choice.state))
    changed = _change(replace(state, draft=None), f"{state.form.lesion} {choice.name}", reading)
    return propose_next(changed)


TELL_DOUBTFUL = "This outline is doubtful and not accepted by Enter: Shift+Enter accepts it, Esc drops it."
UNASKED_ROLES = frozenset({LesionRole.NEW, LesionRole.MARKER})
DRAWN_STATES = frozenset({LesionState.MEASURED, LesionState.PRESENT, LesionState.UNEQUIVOCAL, LesionState.EQUIVOCAL})


def without_parts(reading: Reading, lesion_id: str, timepoint: str) -> Reading:
    """Take all rows of a lesion at a time point out, keeping the lesion."""
    kept = tuple(one for one in reading.findings if (one.lesion, one.timepoint) != (lesion_id, timepoint))
    return replace(reading, findings=kept)


def delete_finding(state: SessionState) -> SessionState:
    """Take back what was found of the form's lesion at this time point."""
    lesion_id = state.form.lesion
    if not state.reading.parts(lesion_id, state.timepoint):
        return replace(state, message=f"There is nothing of {lesion_id} at {state.timepoint} to take back.")
    reading = without_finding(state.reading, lesion_id, state.timepoint)
    return _change(replace(state, draft=None), f"delete {lesion_id} at {state.timepoint}", reading)


def choose_lesion(state: SessionState, lesion_id: str) -> SessionState:
    """Choose a lesion by its id: a known one brings its role and site, any other id names a new one."""
    if not lesion_id.strip():
        return state
    return replace(state, form=form_of(state, lesion_id.strip()))


def choose_role(state: SessionState, role: LesionRole) -> SessionState:
    """Make the next lesion a target, a non-target or a new one, under the next free id."""
    return replace(state, form=Form(lesion=next_free_id(state.reading, role), role=role))


def choose_site(state: SessionState, site: str) -> SessionState:
    """Say where the lesion is; a node makes the short axis count. A known lesion is changed for all time points."""
    form = replace(state.form, site=site, nodal=is_nodal_site(site))
    return _put_form(state, form, f"site of {form.lesion}")


def choose_nodal(state: SessionState, nodal: bool) -> SessionState:
    """Say whether the lesion is a lymph node, whatever its site is called."""
    return _put_form(state, replace(state.form, nodal=nodal), f"counted axis of {state.form.lesion}")


def propose_next(state: SessionState) -> SessionState:
    """Propose what to read next: at a follow-up the first lesion without a finding, else the next free id."""
    if not state.is_baseline:
        for lesion in state.reading.lesions:
            if lesion.role not in UNASKED_ROLES and not state.reading.parts(lesion.id, state.timepoint):
                return replace(state, form=form_of(state, lesion.id))
    role = state.form.role if state.is_baseline else LesionRole.NEW
    role = LesionRole.TARGET if state.is_baseline and role is LesionRole.NEW else role
    return choose_role(state, role)


def form_of(state: SessionState, lesion_id: str) -> Form:
    """Fill the form for a lesion id."""
    lesion = state.reading.lesion(lesion_id)
    if lesion is None:
        return replace(state.form, lesion=lesion_id)
    return Form(lesion=lesion.id, role=lesion.role, site=lesion.site, nodal=lesion.nodal)


def _put_form(state: SessionState, form: Form, label: str) -> SessionState:
    state = replace(state, form=form)
    if state.reading.lesion(form.lesion) is None:
        return state
    return _change(state, label, with_lesion(state.reading, _lesion_of(form)))


def _lesion_of(form: Form) -> Lesion:
    return Lesion(id=form.lesion, role=form.role, site=form.site, nodal=form.nodal)


def _drawn_finding(state: SessionState, draft: Draft, form: Form, lesion_state: LesionState) -> Finding:
    series = state.series
    assert series is not None
    assert series.pixel_spacing_mm is not None
    old = state.reading.finding(form.lesion, state.timepoint)
    return Finding(
        lesion=form.lesion,
        timepoint=state.timepoint,
        state=old.state if old is not None and draft.lesion else lesion_state,
        date=_date(state),
        caliper=draft.caliper,
        long_axis_mm=round_to_hundredths(long_axis_mm(draft.caliper, series.pixel_spacing_mm)),
        short_axis_mm=round_to_hundredths(short_axis_mm(draft.caliper, series.pixel_spacing_mm)),
        slice_thickness_mm=series.effective_thickness_mm,
        series_uid=series.series_uid,
        sop_instance_uid=series.sop_instance_uids[draft.slice_index],
        slice_index=draft.slice_index,
        covers=old.covers if old else "",
        extra=origin_columns(series, draft, old),
    )


def _date(state: SessionState) -> dt.date | None:
    return state.visit.date if state.visit else None


def _change(state: SessionState, label: str, reading: Reading) -> SessionState:
    return replace(state, history=apply_change(state.history, label, reading), message="")
