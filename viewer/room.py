"""The reading room: couples session, picture, mouse and loading. It decides nothing about lesions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.amounts import progress_text
from viewer.caliper import middle
from viewer.canvas import Canvas
from viewer.guide import Guide
from viewer.layers import SERIES_KEY
from viewer.loading import Loader
from viewer.mouse import Mouse
from viewer.places import slice_of
from viewer.reader import ITEM_KEY, STUDY_KEY
from viewer.view_state import ViewState, resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari.layers import Layer
    from napari.viewer import Viewer

    from recist.dicom.series import CTSeries
    from viewer.session import Session
    from viewer.study import SeriesItem, Study


class ReadingRoom:
    """Everything of a reading in one napari viewer but the panel.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
    session : Session
    show : callable
        Draws the panel; called with the view state after every change.
    """

    def __init__(self, napari_viewer: Viewer, session: Session, show: Callable[[ViewState], None]) -> None:
        self.session = session
        self._viewer = napari_viewer
        self.canvas = Canvas(napari_viewer)
        self.loader = Loader()
        self.guide = Guide(session, self.canvas, self.loader)
        self._mouse = Mouse(napari_viewer, session, self.canvas)
        self._show_panel = show
        self._table: Path | None = None
        self._jump: tuple[str, str] | None = None
        session.listeners.append(self._on_session_changed)
        napari_viewer.layers.events.inserted.connect(self._on_layer_inserted)
        self.loader.study_read.connect(self._on_study_read)
        self.loader.series_read.connect(self._on_series_read)
        self.loader.failed.connect(session.tell)
        self.loader.moved.connect(self._on_moved)
        self.guide.aligner.moved.connect(self._on_aligning)

    def close(self) -> None:
        """Leave the viewer as it was found; a second time does nothing."""
        if self._on_session_changed not in self.session.listeners:
            return
        self._mouse.release()
        self.canvas.release()
        self._viewer.layers.events.inserted.disconnect(self._on_layer_inserted)
        self.session.listeners.remove(self._on_session_changed)

    # -- opening ------------------------------------------------------------------------------------------------------

    def open_folder(self, folder: Path, table: Path | None = None) -> None:
        """Read a folder in the background; `table` is measurements.csv in the folder unless named."""
        self._table = table
        self.loader.read_study(folder)

    def open_study(self, study: Study, table: Path | None = None) -> None:
        """Show a folder that has been indexed, and read its first series in the background."""
        self.canvas.blank()
        self.guide.aligner.forget()
        self.session.open_study(study, table)
        self._open_default()
        if not study.subjects:
            self.session.tell("There is no CT in this folder.")

    def open_sample(self, table: Path | None = None) -> None:
        """Make and read the sample study in the background."""
        self._table = table
        self.loader.read_sample()

    def adopt_open_layers(self) -> None:
        """Take over a CT that napari's reader has opened already."""
        for layer in list(self._viewer.layers):
            if self._adopt(layer):
                return

    def open_series_key(self, key: str) -> None:
        """Read and show the series of that key."""
        study = self.session.state.study
        item = study.item(key) if study else None
        if item is not None:
            self.open_series(item)

    def open_series(self, item: SeriesItem) -> None:
        """Read a series in the background and show it."""
        self.loader.read_series(item)

    def choose_subject(self, subject: str) -> None:
        """Turn to another subject and its first series."""
        self.session.choose_subject(subject)
        self.canvas.blank()
        self._open_default()

    def jump(self, lesion_id: str, timepoint: str) -> None:
        """Turn to a lesion at a time point: choose it, open its series, go to its slice."""
        self.session.choose_cell(lesion_id, timepoint)
        item = self._item_of(lesion_id, timepoint)
        if self.session.state.series is None:
            self.canvas.blank()
        if item is None:
            self.session.tell(f"There is no image of {timepoint} in this folder.")
            return
        self._jump = (lesion_id, timepoint)
        if item == self.session.state.item:
            self._arrive()
        else:
            self.open_series(item)

    def _item_of(self, lesion_id: str, timepoint: str) -> SeriesItem | None:
        """Find the series of a cell: where it was drawn, else the one on the screen, else the visit's default."""
        state = self.session.state
        found = state.reading.finding(lesion_id, timepoint)
        drawn = state.study.item(found.series_uid) if found and state.study else None
        if drawn is not None or state.visit is None:
            return drawn
        return state.item if state.item in state.visit.series else state.visit.default_series()

    def _open_default(self) -> None:
        visit = self.session.state.visit
        item = visit.default_series() if visit else None
        if item is not None:
            self.open_series(item)

    def _arrive(self) -> None:
        """Go to the slice of the cell that was asked for."""
        state, jump = self.session.state, self._jump
        self._jump = None
        if jump is None or state.series is None:
            return
        found = state.reading.finding(*jump)
        place = slice_of(state.series, found) if found else None
        if found is not None and found.caliper is not None and place is not None:
            self.canvas.go_to_slice(place)
            self.canvas.centre_on(middle(found.caliper))

    def _adopt(self, layer: Layer) -> bool:
        """Take a layer of our own reader over as the series on the screen."""
        if layer is self.canvas.image or not {SERIES_KEY, STUDY_KEY, ITEM_KEY} <= set(layer.metadata):
            return False
        study, item, series = (layer.metadata[key] for key in (STUDY_KEY, ITEM_KEY, SERIES_KEY))
        self.loader.forget(series)
        self.session.open_study(study, self._table)
        self.session.choose_subject(item.subject)
        self.canvas.show_series(series, self.session.state.preset, layer)
        self.session.show_series(series, item)
        return True

    # -- what happened ------------------------------------------------------------------------------------------------

    def _on_session_changed(self) -> None:
        view = resolve(self.session.state)
        self.canvas.draw(view)
        self._show_panel(view)
        self.guide.follow()

    def _on_layer_inserted(self, event: Any) -> None:
        self._adopt(event.value)

    def _on_moved(self, label: str, done: int, total: int) -> None:
        self.canvas.show_waiting(progress_text(label, done, total))

    def _on_aligning(self, label: str, _done: int, total: int) -> None:
        self.canvas.show_waiting(f"{label}…" if total else "")

    def _on_study_read(self, study: Study) -> None:
        self.open_study(study, self._table)

    def _on_series_read(self, item: SeriesItem, series: CTSeries) -> None:
        self.canvas.show_series(series, self.session.state.preset)
        self.session.show_series(series, item)
        self.guide.aligner.warm_up()
        if self._jump is not None:
            self.session.choose_cell(*self._jump)
        self._arrive()
