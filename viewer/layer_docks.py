"""napari's own docks of the layers: hidden for reading, brought back by one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QDockWidget

from viewer.window_layout import LAYER_DOCKS

if TYPE_CHECKING:
    from qtpy.QtWidgets import QWidget


def find_layer_docks(part: QWidget) -> list[QDockWidget]:
    """Find napari's layer list and layer controls in the window that `part` belongs to."""
    return [dock for dock in part.window().findChildren(QDockWidget) if dock.objectName() in LAYER_DOCKS]


def show_layer_docks(part: QWidget, wanted: bool) -> None:
    """Show or hide napari's layer list and layer controls."""
    for dock in find_layer_docks(part):
        dock.setVisible(wanted)


def are_layer_docks_shown(part: QWidget) -> bool:
    """Whether any of napari's layer docks is shown."""
    return any(not dock.isHidden() for dock in find_layer_docks(part))
