"""Start napari with the reading panel on a folder, as ``recist annotate`` does."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import napari
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QMainWindow

from viewer.amounts import progress_text
from viewer.loading import READING_SERIES
from viewer.panel import ReadingPanel
from viewer.reader import PANEL
from viewer.session import Session
from viewer.study import build_study
from viewer.window_layout import panel_width_px

if TYPE_CHECKING:
    from pathlib import Path

    from qtpy.QtWidgets import QDockWidget

    from recist.dicom.index import FolderIndex

TITLE = "RECIST reading"
FIRST_PAINT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 1.0


def open_window(index: FolderIndex, *, table: Path | None, reader: str) -> tuple[napari.Viewer, ReadingPanel]:
    """Open napari with the panel on an indexed folder; its first series is read in the background.

    The window stands on the screen and says what it waits for before the slow work begins.
    """
    napari_viewer = napari.Viewer(title=TITLE, show=False, show_welcome_screen=False)
    panel = ReadingPanel(napari_viewer, Session(reader=reader))
    dock = napari_viewer.window.add_dock_widget(panel, area="right", name=PANEL)
    napari_viewer.window.show()
    _fill_screen(panel, dock)
    panel.room.canvas.show_waiting(progress_text(READING_SERIES, 0, 1))
    _paint(panel)
    panel.room.open_study(build_study(index.folder, index), table)
    return napari_viewer, panel


def _fill_screen(panel: ReadingPanel, dock: QDockWidget) -> None:
    """Give the window the whole screen and the picture the larger part; napari's layers come back by a button."""
    window, room = panel.window(), panel.screen().availableGeometry()
    assert isinstance(window, QMainWindow)
    panel.show_layers(False)
    window.setGeometry(room)
    window.showMaximized()
    window.resizeDocks([dock], [panel_width_px(room.width())], Qt.Orientation.Horizontal)


def _paint(panel: ReadingPanel) -> None:
    """Let the window come to the screen and be painted once."""
    handle, start = panel.window().windowHandle(), monotonic()
    while (waited := monotonic() - start) < LONGEST_WAIT_SECONDS:
        QApplication.processEvents()
        if handle.isExposed() and waited > FIRST_PAINT_SECONDS:
            return


def run(index: FolderIndex, *, table: Path | None, reader: str) -> None:
    """Read an indexed folder until the window is closed."""
    open_window(index, table=table, reader=reader)
    napari.run()
