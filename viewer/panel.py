"""The reading panel in napari's window: draws the view state, passes on what the reader does."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from recist.criteria.codes import LesionRole
from viewer.fault_box import FaultBox
from viewer.keys import all_keys
from viewer.layer_docks import are_layer_docks_shown, show_layer_docks
from viewer.lesion_form import LesionForm
from viewer.lesion_grid import LesionGrid
from viewer.panel_bars import FooterBar, KeysLabel, MessageLabel, OpenBar, WindowBar
from viewer.qt import QShortcut
from viewer.room import ReadingRoom
from viewer.series_list import SeriesList
from viewer.session import Session
from viewer.window_layout import LEAST_PANEL_PX

if TYPE_CHECKING:
    from collections.abc import Callable

    import napari
    from qtpy.QtGui import QShowEvent

    from viewer.view_state import ViewState


class ReadingPanel(QWidget):
    """The panel of one reader.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
    session : Session, optional
        A session of its own unless given.
    """

    def __init__(self, napari_viewer: napari.Viewer, session: Session | None = None) -> None:
        super().__init__()
        self.setObjectName("recist_panel")
        self.setMinimumWidth(LEAST_PANEL_PX)
        self.session = session or Session()
        self._make_parts()
        self.room = ReadingRoom(napari_viewer, self.session, self._show)
        self._commands = self._list_commands()
        self._connect()
        self._bind_keys()
        self.destroyed.connect(self.room.close)
        self.room.adopt_open_layers()
        self.session.tell(self.session.state.message)

    def _make_parts(self) -> None:
        self.open_bar, self.series = OpenBar(), SeriesList()
        self.windows, self.form = WindowBar(), LesionForm()
        self.table, self.message, self.faults = LesionGrid(), MessageLabel(), FaultBox()
        self.footer, self.keys = FooterBar(), KeysLabel()
        layout = self._make_scrolled_layout()
        for part in (self.open_bar, self.series, self.windows, self.form, self.message):
            layout.addWidget(part)
        layout.addWidget(self.faults, 1)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.keys, 1)
        layout.addWidget(self.footer)

    def _make_scrolled_layout(self) -> QVBoxLayout:
        """Scroll the parts where the window is small, so that the panel never changes the size of the picture."""
        inside, scroll = QWidget(), QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(scroll)
        layout = QVBoxLayout(inside)
        layout.setSpacing(7)
        return layout

    def _connect(self) -> None:
        session, room = self.session, self.room
        self.open_bar.folder_wanted.connect(self._on_folder_wanted)
        self.open_bar.sample_wanted.connect(room.open_sample)
        self.open_bar.subject_chosen.connect(room.choose_subject)
        self.open_bar.reader_named.connect(session.choose_reader)
        self.series.series_chosen.connect(room.open_series_key)
        self.windows.window_chosen.connect(session.choose_window)
        self.windows.drawing_toggled.connect(session.toggle_drawing)
        self.windows.clicking_toggled.connect(session.toggle_clicking)
        self.form.outline_wanted.connect(session.outline_axis)
        self.form.resized.connect(session.resize)
        self.form.doubtful_wanted.connect(session.show_doubtful)
        self.form.lesion_chosen.connect(session.choose_lesion)
        self.form.role_chosen.connect(session.choose_role)
        self.form.site_chosen.connect(session.choose_site)
        self.form.nodal_chosen.connect(session.choose_nodal)
        self.form.state_chosen.connect(session.give_state)
        self.form.accepted.connect(session.accept)
        self.form.discarded.connect(session.discard)
        self.form.doubt_accepted.connect(session.accept_doubtful)
        self.table.cell_chosen.connect(room.jump)
        self.footer.undo_wanted.connect(session.undo)
        self.footer.redo_wanted.connect(session.redo)
        self.footer.save_wanted.connect(self._on_save_wanted)
        self.footer.layers_toggled.connect(self.show_layers)
        self.footer.keys_toggled.connect(self._show_table_or_keys)
        room.loader.moved.connect(self.open_bar.show_progress)
        room.guide.aligner.moved.connect(self.open_bar.show_progress)

    def _list_commands(self) -> dict[str, Callable[[str], Any]]:
        """Name what keys can do; each takes the key's argument."""
        session, canvas = self.session, self.room.canvas
        return {
            "accept": lambda _: session.accept(),
            "discard": lambda _: session.discard(),
            "toggle_clicking": lambda _: session.toggle_clicking(),
            "outline_axis": lambda _: session.outline_axis(),
            "resize": lambda steps: session.resize(int(steps)),
            "show_doubtful": lambda _: session.show_doubtful(),
            "accept_doubtful": lambda _: session.accept_doubtful(),
            "jump": lambda _: self.room.guide.jump(),
            "delete": lambda _: session.delete(),
            "undo": lambda _: session.undo(),
            "redo": lambda _: session.redo(),
            "toggle_drawing": lambda _: session.toggle_drawing(),
            "scroll": lambda steps: canvas.scroll(int(steps)),
            "fit": lambda _: canvas.fit(),
            "role": lambda role: session.choose_role(LesionRole(role)),
            "state": session.give_state,
            "site": session.choose_site,
            "window": session.choose_window,
        }

    def _bind_keys(self) -> None:
        """Bind the table of keys to the whole window: picture and panel, before napari's own keys of layers."""
        for key in all_keys():
            shortcut = QShortcut(QKeySequence(key.key), self)
            shortcut.setObjectName(f"key_{key.key}")
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(partial(self._commands[key.command], key.argument))

    def _show(self, view: ViewState) -> None:
        self.open_bar.show_view(view)
        self.series.show_rows(view.series)
        self.windows.show_view(view)
        self.form.show_view(view)
        self.message.show_view(view)
        self.faults.show_view(view)
        self.table.show_table(view.table)
        self._show_table_or_keys()
        self.footer.show_view(view)

    def _show_table_or_keys(self) -> None:
        """Show the keys in place of the table, or the table again; with faults it is not shown at all."""
        wanted = self.footer.keys.isChecked()
        self.keys.setVisible(wanted)
        self.table.setHidden(wanted or bool(self.session.state.table_faults))

    def show_layers(self, wanted: bool) -> None:
        """Show or hide napari's own docks of the layers."""
        show_layer_docks(self, wanted)
        self.footer.layers.setChecked(wanted)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Tell by the button whether the layers are shown, once the panel stands in its window."""
        super().showEvent(event)
        self.footer.layers.setChecked(are_layer_docks_shown(self))

    def _on_folder_wanted(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Open a folder of CT")
        if folder:
            self.room.open_folder(Path(folder))

    def _on_save_wanted(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save measurements", "measurements.csv", "Tables (*.csv *.parquet)")
        if name:
            self.session.save_as(Path(name))
