"""One reader's session: holds the state, runs the steps, scores and saves after every accepted change.

Nothing here knows of Qt or napari. Whoever shows the session adds a callable to `listeners` and resolves the state
anew when it is called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.errors import RecistError
from viewer import drawing, entries, proposing
from viewer.expecting import expect
from viewer.history import History, redo_change, undo_change
from viewer.lesions import Reading
from viewer.live_score import score_reading
from viewer.state import SessionState
from viewer.store import (
    DEFAULT_READER,
    select_reading,
    timepoint_labels,
    try_measurements,
    write_reading,
)
from viewer.study import derive_visits
from viewer.windows import WINDOW_PRESETS, WindowPreset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recist.criteria.codes import LesionRole
    from recist.dicom.series import CTSeries
    from viewer.caliper import Point
    from viewer.expecting import Alignment, Expectation, Origin
    from viewer.live_score import Score
    from viewer.study import SeriesItem, Study

TABLE_NAME = "measurements.csv"


class Session:
    """The state of a reading and everything that can be done to it.

    Parameters
    ----------
    reader : str
        Whose findings are shown and saved; those of other readers stay hidden and untouched.
    score : callable
        Scores a reading; the engine unless a test says otherwise.
    """

    def __init__(self, *, reader: str = DEFAULT_READER, score: Callable[[Reading], Score] = score_reading) -> None:
        self.state = SessionState(reader=reader)
        self.listeners: list[Callable[[], None]] = []
        self._score = score

    # -- what is read -------------------------------------------------------------------------------------------------

    def open_study(self, study: Study, table: Path | None = None) -> None:
        """Read a folder: its first subject, and the findings saved in `table` (measurements.csv beside the folder)."""
        table = table or study.folder / TABLE_NAME
        old = self.state
        fresh = SessionState(reader=old.reader, study=study, table=table, preset=old.preset)
        self._put(replace(fresh, is_clicking=old.is_clicking, is_preparing=old.is_preparing))
        if study.subjects:
            self.choose_subject(study.subjects[0])

    def choose_subject(self, subject: str) -> None:
        """Turn to another subject of the folder, with what this reader has saved of it.

        A table with faults is not used and not overwritten: nothing can be drawn until it is mended or replaced.
        """
        state = self.state
        assert state.study is not None
        fresh = SessionState(
            reader=state.reader, study=state.study, subject=subject, table=state.table, preset=state.preset
        )
        fresh = replace(fresh, is_clicking=state.is_clicking, is_preparing=state.is_preparing)
        frame, faults = try_measurements(state.table) if state.table else (None, ())
        labels = {} if frame is None else timepoint_labels(frame, subject=subject)
        visits = derive_visits(state.study, subject, labels)
        reading = Reading(subject=subject, reader=state.reader)
        if frame is not None:
            reading = select_reading(frame, subject=subject, reader=state.reader)
        first = visits[0].timepoint if visits else ""
        fresh = replace(fresh, visits=visits, timepoint=first, history=History(reading=reading), table_faults=faults)
        self._put(entries.propose_next(replace(fresh, score=self._score(reading))))

    def choose_reader(self, reader: str) -> None:
        """Read under another name: that reader's findings are shown, this one's stay saved."""
        if reader and reader != self.state.reader:
            self._reopen(replace(self.state, reader=reader))

    def _reopen(self, state: SessionState) -> None:
        """Take over a state of another reader or table: read the findings anew, the series stays on the screen."""
        series, item = state.series, state.item
        self._put(state)
        if state.subject:
            self.choose_subject(state.subject)
        if series is not None and item is not None:
            self.show_series(series, item)

    def show_series(self, series: CTSeries, item: SeriesItem) -> None:
        """Put a series on the screen; the time point follows it."""
        state = self.state
        visit = next((one for one in state.visits if item in one.series), None)
        moved = visit is not None and visit.timepoint != state.timepoint
        state = replace(state, series=series, item=item, draft=None, grip=None, doubtful=None, message="")
        if visit is not None and moved:
            state = entries.propose_next(replace(state, timepoint=visit.timepoint))
        self._show(state)

    def choose_cell(self, lesion_id: str, timepoint: str) -> None:
        """Turn to a lesion at a time point; an image of another visit leaves the screen, so that nobody draws on it."""
        state = replace(self.state, timepoint=timepoint, draft=None, grip=None, doubtful=None, message="")
        if state.visit is None or state.item not in state.visit.series:
            state = replace(state, series=None, item=None)
        self._show(entries.choose_lesion(state, lesion_id))

    # -- drawing ------------------------------------------------------------------------------------------------------

    def refuse_drawing(self, *, is_axial: bool) -> bool:
        """Tell the reader why nothing can be drawn; false when it can."""
        refusal = drawing.refusal_to_draw(self.state, is_axial=is_axial)
        if refusal:
            self.tell(refusal)
        return bool(refusal)

    def press(self, slice_index: int, point: Point, *, reach_mm: float) -> None:
        """Begin a drag on a slice."""
        self._show(drawing.press_at(self.state, slice_index, point, reach_mm=reach_mm))

    def drag(self, point: Point) -> None:
        """Drag to a point of the slice where the drag began."""
        self._show(drawing.drag_to(self.state, point))

    def release(self) -> None:
        """End a drag."""
        self._show(drawing.release(self.state))

    def accept(self) -> None:
        """Take the draft over as the finding of the form's lesion."""
        self._show(entries.accept_draft(self.state))

    def discard(self) -> None:
        """Forget the draft."""
        self._show(entries.discard_draft(self.state))

    # -- proposals ----------------------------------------------------------------------------------------------------

    def toggle_clicking(self) -> None:
        """Switch on or off that a click finds the lesion."""
        self._show(proposing.toggle_clicking(self.state))

    def outline_axis(self) -> None:
        """Propose the outline along the long axis that was drawn."""
        self._show(proposing.outline_axis(self.state))

    def resize(self, steps: int) -> None:
        """Take the next larger (1) or smaller (-1) outline."""
        self._show(proposing.resize(self.state, steps))

    def show_doubtful(self) -> None:
        """Look at the outline that was too unsure to be proposed."""
        self._show(proposing.show_doubtful(self.state))

    def accept_doubtful(self) -> None:
        """Accept the draft even where its outline is doubtful."""
        self._show(proposing.accept_doubtful(self.state))

    def prepare(self, is_preparing: bool) -> None:
        """Say whether the engine of outlines is still being made ready."""
        self._show(replace(self.state, is_preparing=is_preparing))

    def expect(self, expected: Expectation | None) -> None:
        """Say where a lesion is expected on the series on the screen, or nothing."""
        self._show(replace(self.state, expected=expected))

    def expect_from(self, origin: Origin, alignment: Alignment) -> None:
        """Say where a lesion of an earlier visit is expected, by an alignment."""
        self.expect(expect(self.state, origin, alignment))

    # -- lesions ------------------------------------------------------------------------------------------------------

    def choose_lesion(self, lesion_id: str) -> None:
        """Name the lesion that the next finding belongs to."""
        self._show(entries.choose_lesion(self.state, lesion_id))

    def choose_role(self, role: LesionRole) -> None:
        """Begin a lesion of another role."""
        self._show(entries.choose_role(self.state, role))

    def choose_site(self, site: str) -> None:
        """Say where the lesion is."""
        self._show(entries.choose_site(self.state, site))

    def choose_nodal(self, nodal: bool) -> None:
        """Say whether the lesion is a lymph node."""
        self._show(entries.choose_nodal(self.state, nodal))

    def give_state(self, key: str) -> None:
        """Give the form's lesion the state of a key at this time point."""
        self._show(entries.give_state(self.state, key))

    def delete(self) -> None:
        """Take back what was found of the form's lesion at this time point."""
        self._show(entries.delete_finding(self.state))

    def undo(self) -> None:
        """Take the last accepted change back."""
        self._show(replace(self.state, history=undo_change(self.state.history), draft=None, message=""))

    def redo(self) -> None:
        """Make the change taken back once more."""
        self._show(replace(self.state, history=redo_change(self.state.history), draft=None, message=""))

    # -- picture ------------------------------------------------------------------------------------------------------

    def choose_window(self, name: str) -> None:
        """Choose a window preset by name."""
        preset = next(one for one in WINDOW_PRESETS if one.name == name)
        self._show(replace(self.state, preset=preset))

    def set_window(self, *, width_hu: int, centre_hu: int) -> None:
        """Choose a window by hand."""
        preset = WindowPreset(name="by hand", width_hu=max(width_hu, 1), centre_hu=centre_hu, key="")
        self._show(replace(self.state, preset=preset))

    def toggle_drawing(self) -> None:
        """Switch the left mouse button between drawing and moving the image."""
        self._show(replace(self.state, is_drawing=not self.state.is_drawing))

    def tell(self, message: str) -> None:
        """Say something to the reader."""
        self._show(replace(self.state, message=message))

    # -- keeping ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the reading to its table now."""
        self._show(self._saved(self.state))

    def save_as(self, table: Path) -> None:
        """Write the reading to another table from now on; in place of a table with faults, open it."""
        _, faults = try_measurements(table)
        if faults:
            self.tell(f"{table.name} has faults and is left untouched: choose another table.")
            return
        if self.state.table_faults:
            self._reopen(replace(self.state, table=table, table_faults=()))
        self._show(self._saved(replace(self.state, table=table)))

    def _show(self, state: SessionState) -> None:
        """Take a state over; when the step changed the reading, score and save it first, or refuse it."""
        if state.reading != self.state.reading:
            refusal = self.state.table_refusal
            scored = replace(state, score=self._score(state.reading))
            state = replace(self.state, message=refusal) if refusal else self._saved(scored)
        self._put(state)

    def _put(self, state: SessionState) -> None:
        self.state = state
        for listener in tuple(self.listeners):
            listener()

    def _saved(self, state: SessionState) -> SessionState:
        if state.table is None:
            return replace(state, save_fault="no file is chosen yet")
        if state.table_faults:
            return state
        try:
            write_reading(state.reading, state.table)
        except (OSError, RecistError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else str(fault)
            return replace(state, save_fault=f"{state.table.name}: {reason}")
        return replace(state, save_fault="")
