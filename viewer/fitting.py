"""Fits the slice into the picture, and keeps it fitted until the reader zooms or moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtCore import QTimer

if TYPE_CHECKING:
    from napari.viewer import Viewer

SETTLED_MS = 60


class Fitting:
    """Follows the size of the picture: docks move and windows grow after the first series is on the screen.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
    """

    def __init__(self, napari_viewer: Viewer) -> None:
        self._viewer = napari_viewer
        self._plane: tuple[float, float] | None = None
        self._fitted: tuple[float, ...] = ()
        self._is_following = False
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_MS)
        self._timer.timeout.connect(self._on_settled)
        napari_viewer.canvas.events.size.connect(self._on_size_changed)

    def release(self) -> None:
        """Stop following the size of the picture."""
        self._timer.stop()
        self._viewer.canvas.events.size.disconnect(self._on_size_changed)

    def fit(self) -> None:
        """Fit what is shown into the picture now."""
        self._viewer.fit_to_view()
        self._fitted = self._place()
        self._is_following = True  # a layout that is still settling is followed from here on

    def fit_new(self, plane: tuple[float, float]) -> None:
        """Fit a series, unless one of the same size was zoomed by the reader: then the zoom stays for comparing."""
        if plane != self._plane or self._is_fitted():
            self.fit()
        self._plane = plane

    def _is_fitted(self) -> bool:
        return bool(self._fitted) and np.allclose(self._place(), self._fitted, rtol=1e-4, atol=1e-3)

    def _place(self) -> tuple[float, ...]:
        camera = self._viewer.scene.camera
        return (camera.zoom, *camera.center[-2:])

    def _on_size_changed(self) -> None:
        """Wait until the layout has settled; whether the reader had zoomed is known only before the first change."""
        if not self._timer.isActive():
            self._is_following = self._plane is not None and self._is_fitted()
        self._timer.start()

    def _on_settled(self) -> None:
        if self._is_following:
            self.fit()
