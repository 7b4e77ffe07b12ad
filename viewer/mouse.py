"""What the mouse does on the picture: draw, move the image, change the window, scroll; as napari mouse callbacks.

Left: draw (or move the image when drawing is switched off); middle: move; right: window width and centre; wheel:
slices; Ctrl and wheel: zoom. The callbacks stand at the viewer, so it does not matter which layer is selected.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napari.viewer import Viewer

    from viewer.canvas import Canvas
    from viewer.session import Session

LEFT, RIGHT, MIDDLE = 1, 2, 3
REACH_SCREEN_PX = 9
ZOOM_STEP = 1.15
HU_PER_SCREEN_PX = 2.0
Event = Any
Drag = Generator[None, None, None]


class Mouse:
    """Turns napari's mouse events into steps of the session.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
    session : Session
    canvas : Canvas
    """

    def __init__(self, napari_viewer: Viewer, session: Session, canvas: Canvas) -> None:
        self._viewer = napari_viewer
        self._session = session
        self._canvas = canvas
        self._wheel_before = list(napari_viewer.mouse_wheel_callbacks)
        napari_viewer.mouse_wheel_callbacks[:] = [self._on_wheel]
        napari_viewer.mouse_drag_callbacks.insert(0, self._on_drag)

    def release(self) -> None:
        """Give napari its own mouse back."""
        self._viewer.mouse_wheel_callbacks[:] = self._wheel_before
        if self._on_drag in self._viewer.mouse_drag_callbacks:
            self._viewer.mouse_drag_callbacks.remove(self._on_drag)

    def _on_wheel(self, _viewer: Viewer, event: Event) -> None:
        step = 1 if event.delta[1] > 0 else -1
        event.handled = True
        if "Control" in event.modifiers:
            self._viewer.scene.camera.zoom *= ZOOM_STEP**step
        else:
            self._canvas.scroll(step)

    def _on_drag(self, _viewer: Viewer, event: Event) -> Drag | None:
        """Choose what a drag does by its button."""
        if self._canvas.image is None or event.modifiers:
            return None
        drags = {MIDDLE: self._move, RIGHT: self._window}
        if self._session.state.is_drawing:
            drags[LEFT] = self._draw
        drag = drags.get(event.button)
        return drag(event) if drag else None

    def _draw(self, event: Event) -> Drag:
        event.handled = True
        if self._session.refuse_drawing(is_axial=self._canvas.is_axial):
            return
        reach_mm = REACH_SCREEN_PX * self._canvas.mm_per_screen_pixel
        start = self._canvas.to_pixel(event.position)
        self._session.press(self._canvas.slice_index, start, reach_mm=reach_mm)
        yield
        while event.type == "mouse_move":
            event.handled = True
            self._session.drag(self._canvas.to_pixel(event.position))
            yield
        self._session.drag(self._canvas.to_pixel(event.position))  # the last moves may have been too fast to be told
        self._session.release()

    def _move(self, event: Event) -> Drag:
        event.handled = True
        start = event.position
        yield
        while event.type == "mouse_move":
            event.handled = True
            shift = [old - new for old, new in zip(start, event.position, strict=True)]
            centre = self._viewer.scene.camera.center
            moved = [centre[axis] + shift[axis] for axis in event.dims_displayed]
            self._viewer.scene.camera.center = (*centre[: len(centre) - len(moved)], *moved)
            yield

    def _window(self, event: Event) -> Drag:
        event.handled = True
        preset = self._session.state.preset
        start_x, start_y = event.pos
        yield
        while event.type == "mouse_move":
            event.handled = True
            right, up = event.pos[0] - start_x, start_y - event.pos[1]
            width, centre = preset.width_hu + HU_PER_SCREEN_PX * right, preset.centre_hu + HU_PER_SCREEN_PX * up
            self._session.set_window(width_hu=round(width), centre_hu=round(centre))
            yield
