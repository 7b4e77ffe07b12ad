"""Start napari with the reading panel on a folder, as ``recist annotate`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import napari

from viewer.panel import ReadingPanel
from viewer.reader import PANEL
from viewer.session import Session
from viewer.study import build_study

if TYPE_CHECKING:
    from pathlib import Path

    from recist.dicom.index import FolderIndex

TITLE = "RECIST reading"


def open_window(index: FolderIndex, *, table: Path | None, reader: str) -> tuple[napari.Viewer, ReadingPanel]:
    """Open napari with the panel on an indexed folder; its first series is read in the background."""
    napari_viewer = napari.Viewer(title=TITLE)
    panel = ReadingPanel(napari_viewer, Session(reader=reader))
    napari_viewer.window.add_dock_widget(panel, area="right", name=PANEL)
    panel.room.open_study(build_study(index.folder, index), table)
    return napari_viewer, panel


def run(index: FolderIndex, *, table: Path | None, reader: str) -> None:
    """Read an indexed folder until the window is closed."""
    open_window(index, table=table, reader=reader)
    napari.run()
