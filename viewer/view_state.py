"""What the screen shows, resolved from the session's state: pure, frozen, nothing to decide for the widgets."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole
from viewer.amounts import axes_text
from viewer.caliper import long_axis_mm, short_axis_mm
from viewer.cautions import check_draft
from viewer.expecting import find_origin
from viewer.keys import STATE_CHOICES, StateChoice
from viewer.lesion_table import LesionRow, TableView, resolve_table
from viewer.places import edge_letters, slice_of

if TYPE_CHECKING:
    from viewer.caliper import Caliper
    from viewer.expecting import Expectation
    from viewer.proposal import Proposal
    from viewer.state import Form, SessionState
    from viewer.study import SeriesItem
    from viewer.windows import WindowPreset

OVERLAY_WIDTH = 52
DRAFT_COLOUR, DOUBT_COLOUR = "#7dff5a", "#ff8c1a"
DOUBTFUL = "DOUBTFUL"
ROLE_COLOURS = {
    LesionRole.TARGET: "#ffd23f",
    LesionRole.NON_TARGET: "#4cc9f0",
    LesionRole.NEW: "#ff5d8f",
    LesionRole.MARKER: "#c0c0c0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One line of the series list."""

    key: str
    cells: tuple[str, ...]
    tooltip: str
    can_open: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Axes to draw on the series on the screen."""

    lesion: str
    label: str
    colour: str
    caliper: Caliper
    slice_index: int
    is_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """Everything on the screen."""

    subjects: tuple[str, ...]
    subject: str
    reader: str
    timepoint: str
    series: tuple[SeriesRow, ...]
    image_note: str
    edge_letters: tuple[str, str, str, str]
    drawings: tuple[Drawing, ...]
    outline: Proposal | None
    expected: Expectation | None
    overlay: tuple[str, ...]
    measure: str
    cautions: tuple[str, ...]
    form: Form
    lesion_ids: tuple[str, ...]
    choices: tuple[StateChoice, ...]
    can_accept: bool
    is_doubtful: bool
    can_outline: bool
    has_doubtful: bool
    is_drawing: bool
    is_clicking: bool
    preset: WindowPreset
    table: TableView
    problems: tuple[str, ...]
    to_do: str
    undo_label: str
    redo_label: str
    saved: str
    is_saved: bool
    refusal: str
    table_faults: tuple[str, ...]
    message: str
    expectation: str


SERIES_HEADER = ("Date", "Series", "Slices", "Spacing, mm", "Geometry")


def resolve(state: SessionState) -> ViewState:
    """Resolve a session's state into what the screen shows."""
    ids = tuple(lesion.id for lesion in state.reading.lesions)
    draft, expected = state.draft, _expected(state)
    return ViewState(
        subjects=state.study.subjects if state.study else (),
        subject=state.subject,
        reader=state.reader,
        timepoint=state.timepoint,
        series=tuple(_to_series_row(state, item) for visit in state.visits for item in visit.series),
        image_note=state.item.note if state.item else "",
        edge_letters=edge_letters(state.series.orientation) if state.series is not None else ("", "", "", ""),
        drawings=tuple(_resolve_drawings(state)),
        outline=draft.proposal if draft is not None and not draft.is_corrected else None,
        expected=expected,
        overlay=_overlay(state),
        measure=_measure(state),
        cautions=check_draft(state),
        form=state.form,
        lesion_ids=ids if state.form.lesion in ids else (*ids, state.form.lesion),
        choices=tuple(choice for choice in STATE_CHOICES if choice.role is state.form.role),
        can_accept=draft is not None,
        is_doubtful=draft is not None and draft.is_doubtful,
        can_outline=draft is not None and not draft.lesion and draft.proposal is None,
        has_doubtful=state.doubtful is not None,
        is_drawing=state.is_drawing,
        is_clicking=state.is_clicking,
        preset=state.preset,
        table=resolve_table(state),
        problems=state.score.problems,
        to_do=_to_do(state),
        undo_label=state.history.undo_label,
        redo_label=state.history.redo_label,
        saved=_saved(state),
        is_saved=not state.save_fault and not state.table_refusal,
        refusal=state.table_refusal,
        table_faults=state.table_faults,
        message=state.message,
        expectation=expected.sentence if expected else "",
    )


def _expected(state: SessionState) -> Expectation | None:
    """Give where the form's lesion is expected on this very series; nothing once it is drawn."""
    expected = state.expected
    if expected is None or state.item is None:
        return None
    is_meant = (expected.lesion, expected.series) == (state.form.lesion, state.item.key)
    return expected if is_meant and find_origin(state) is not None else None


def _to_series_row(state: SessionState, item: SeriesItem) -> SeriesRow:
    cells = (
        item.date.isoformat() if item.date else "no date",
        item.description or "no description",
        str(item.n_slices),
        spacing_text(item),
        item.refusal or ", ".join(name.replace("_", " ") for name in item.classes),
    )
    return SeriesRow(
        key=item.key,
        cells=cells,
        tooltip=f"not shown: {item.refusal}" if item.refusal else item.note,
        can_open=not item.refusal,
        is_current=item == state.item,
    )


def spacing_text(item: SeriesItem) -> str:
    """Write a spacing for people: between slices × rows × columns, a dash where it is not one number."""
    return " × ".join("–" if value is None else f"{value:.3g}" for value in item.spacing_mm)


def _resolve_drawings(state: SessionState) -> list[Drawing]:
    if state.series is None:
        return []
    drawings = []
    for found in state.reading.findings:
        place = slice_of(state.series, found) if found.caliper else None
        lesion = state.reading.lesion(found.lesion)
        is_held = state.draft is not None and state.draft.lesion == found.lesion
        if place is None or found.caliper is None or lesion is None or is_held:
            continue
        label = f"{found.lesion}  {axes_text(found.long_axis_mm, found.short_axis_mm)}"
        colour = ROLE_COLOURS[lesion.role]
        drawings.append(
            Drawing(lesion=found.lesion, label=label, colour=colour, caliper=found.caliper, slice_index=place)
        )
    if state.draft is not None:
        drawings.append(_draft_drawing(state))
    return drawings


def _draft_drawing(state: SessionState) -> Drawing:
    assert state.draft is not None
    return Drawing(
        lesion=state.draft.lesion or state.form.lesion,
        label=_measure_on_picture(state),
        colour=DOUBT_COLOUR if state.draft.is_doubtful else DRAFT_COLOUR,
        caliper=state.draft.caliper,
        slice_index=state.draft.slice_index,
        is_draft=True,
    )


def _overlay(state: SessionState) -> tuple[str, ...]:
    """Write what stands in the corner of the picture."""
    if state.series is None:
        return ()
    window = f"W {state.preset.width_hu}  L {state.preset.centre_hu}  {state.preset.name}"
    note = wrap(f"CAUTION: {state.item.note}", OVERLAY_WIDTH) if state.item and state.item.note else []
    return tuple(filter(None, (state.timepoint, window, *note, _measure_on_picture(state))))


def _to_do(state: SessionState) -> str:
    """Name the lesions of earlier visits that have no finding at this one."""
    if state.is_baseline:
        return ""
    missing = [row.lesion for row in resolve_table(state).lesions if _is_missing(row, state.timepoint)]
    return f"Still to read at {state.timepoint}: {', '.join(missing)}." if missing else ""


def _is_missing(row: LesionRow, timepoint: str) -> bool:
    return any(cell.is_missing and cell.timepoint == timepoint for cell in row.cells)


def _measure(state: SessionState) -> str:
    """Write the axes being drawn, live."""
    if state.draft is None or state.series is None or state.series.pixel_spacing_mm is None:
        return ""
    spacing = state.series.pixel_spacing_mm
    caliper = state.draft.caliper
    text = axes_text(long_axis_mm(caliper, spacing), short_axis_mm(caliper, spacing))
    return f"{state.draft.lesion or state.form.lesion}  {text}"


def _measure_on_picture(state: SessionState) -> str:
    """Write the axes being drawn, and whether their outline is doubtful."""
    is_doubtful = state.draft is not None and state.draft.is_doubtful
    return f"{_measure(state)}  {DOUBTFUL}" if is_doubtful else _measure(state)


def _saved(state: SessionState) -> str:
    if state.table and state.table_faults:
        return f"{state.table.name} is left untouched"
    if state.save_fault:
        return f"NOT SAVED. {state.save_fault}"
    return f"saved in {state.table.name}" if state.table and state.history.done else ""
