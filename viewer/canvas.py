"""The picture: napari's layers for one series, its axes, the draft and the letters of the patient's sides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from viewer import layers, overlays
from viewer.fitting import Fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    import napari.layers
    from napari.viewer import Viewer

    from recist.dicom.series import CTSeries
    from viewer.caliper import Point
    from viewer.view_state import Drawing, ViewState
    from viewer.windows import WindowPreset

AXIAL_ORDER = (0, 1, 2)


class Canvas:
    """Draws one series and what belongs to it in a napari viewer.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
    """

    def __init__(self, napari_viewer: Viewer) -> None:
        self._viewer = napari_viewer
        self._image: napari.layers.Image | None = None
        self._series: CTSeries | None = None
        self._overlays: dict[str, Any] = {}
        self._place_events = (
            napari_viewer.scene.camera.events.center,
            napari_viewer.scene.camera.events.zoom,
            napari_viewer.canvas.events.size,
        )
        for event in self._place_events:
            event.connect(self._on_view_moved)
        self._shown: dict[str, Any] = {}
        self._corner: tuple[str, ...] = ()
        self._waiting = ""
        self._fitting = Fitting(napari_viewer)

    # -- series -------------------------------------------------------------------------------------------------------

    @property
    def image(self) -> napari.layers.Image | None:
        """The image layer of the series on the screen; None when there is none, or the user has removed it."""
        return self._image if self._image is not None and self._image in self._viewer.layers else None

    def show_series(self, series: CTSeries, preset: WindowPreset, image: napari.layers.Image | None = None) -> None:
        """Draw another series; `image` is its layer when napari has it already.

        The layers of the series before are used again where they still exist: to make and remove layers is slow.
        """
        self._series = series
        if image is None and self._has_layers():
            self._replace_image(series, preset)
        else:
            self._add_layers(series, preset, image)
        overlays.place_overlays(self._overlays, series)
        self._shown = {}
        self._set_up_view(series)

    def release(self) -> None:
        """Stop following the view."""
        self._fitting.release()
        for event in self._place_events:
            event.disconnect(self._on_view_moved)

    def blank(self) -> None:
        """Hide the series and everything drawn on it, until another one is shown."""
        self._series = None
        for layer in self._own_layers():
            layer.visible = False

    def _own_layers(self) -> list[Any]:
        """List the layers that are still in the viewer, the image first."""
        made = (self._image, *self._overlays.values())
        return [layer for layer in made if layer is not None and layer in self._viewer.layers]

    def _has_layers(self) -> bool:
        return len(self._own_layers()) == 1 + len(overlays.OVERLAY_LAYERS)

    def _replace_image(self, series: CTSeries, preset: WindowPreset) -> None:
        assert self._image is not None
        overlays.clear_overlays(self._overlays)
        self._image.data = layers.display_hu(series)
        options = layers.image_options(series, preset)
        for name in ("name", "scale", "units", "metadata", "contrast_limits"):
            setattr(self._image, name, options[name])

    def _add_layers(self, series: CTSeries, preset: WindowPreset, image: napari.layers.Image | None) -> None:
        for layer in self._own_layers():
            self._viewer.layers.remove(layer)
        self._image = image or self._viewer.add_image(layers.display_hu(series), **layers.image_options(series, preset))
        self._image.contrast_limits_range = layers.HU_RANGE
        self._overlays = overlays.add_overlays(self._viewer, series)
        self._viewer.layers.selection.active = self._image

    def _set_up_view(self, series: CTSeries) -> None:
        for layer in self._own_layers():
            layer.visible = True
        self._viewer.dims.ndisplay = 2
        self._viewer.dims.order = AXIAL_ORDER
        self._viewer.dims.axis_labels = layers.AXIS_LABELS
        self._viewer.dims.set_current_step(0, len(series.hu) // 2)
        self._viewer.canvas.overlays.scale_bar.visible = series.pixel_spacing_mm is not None
        self._fitting.fit_new(layers.plane_size(series))
        self._on_view_moved()

    def _on_view_moved(self) -> None:
        """Keep the letters at the edges of what is on the screen."""
        letters = self._overlays.get(overlays.LETTERS_LAYER)
        if self._series is None or letters is None:
            return
        camera = self._viewer.scene.camera
        corners = layers.visible_corners(self._series, camera.center[-2:], self._viewer.canvas.size, camera.zoom)
        letters.data = layers.letter_points(*corners)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self, view: ViewState) -> None:
        """Draw what the view state says; only what has changed is drawn again."""
        self._draw_text(view)
        if self._series is None:
            return
        over = self._overlays
        accepted = tuple(drawing for drawing in view.drawings if not drawing.is_draft)
        drafts = tuple(drawing for drawing in view.drawings if drawing.is_draft)
        self._redraw("accepted", accepted, partial(overlays.draw_lines, over[overlays.AXES_LAYER]))
        self._redraw("draft", drafts, partial(overlays.draw_lines, over[overlays.DRAFT_LAYER]))
        self._redraw("ends", view.drawings, self._draw_ends)
        self._redraw("outline", view.outline, partial(overlays.draw_outline, over[overlays.OUTLINE_LAYER]))
        self._redraw("expected", view.expected, partial(overlays.draw_expectation, over[overlays.EXPECTED_LAYER]))
        self._redraw("preset", view.preset, self._draw_window)
        self._redraw("letters", view.edge_letters, self._draw_letters)

    def _redraw(self, what: str, value: Any, draw: Any) -> None:
        if self._shown.get(what) != value:
            self._shown[what] = value
            draw(value)

    def _draw_ends(self, drawings: Sequence[Drawing]) -> None:
        layer = self._overlays[overlays.ENDS_LAYER]
        layer.data = layers.axis_ends(drawings)
        layer.selected_data = set()

    def _draw_window(self, preset: WindowPreset) -> None:
        assert self._image is not None
        self._image.contrast_limits = preset.limits_hu

    def _draw_letters(self, letters: tuple[str, str, str, str]) -> None:
        layer = self._overlays[overlays.LETTERS_LAYER]
        layer.features = {"letter": list(letters)}
        layer.refresh_text()

    def _draw_text(self, view: ViewState) -> None:
        self._corner = view.overlay
        self._draw_corner()

    def show_waiting(self, text: str) -> None:
        """Say on the picture what is being read and how far; nothing when empty."""
        self._waiting = text
        self._draw_corner()

    def _draw_corner(self) -> None:
        overlay, lines = self._viewer.canvas.overlays.text, tuple(filter(None, (*self._corner, self._waiting)))
        overlay.text, overlay.position = "\n".join(lines), "top_left"
        overlay.visible = bool(lines)

    # -- place --------------------------------------------------------------------------------------------------------

    @property
    def is_axial(self) -> bool:
        """Whether the slices are seen as they were scanned, one at a time."""
        dims = self._viewer.dims
        return dims.ndisplay == 2 and tuple(dims.order) == AXIAL_ORDER

    @property
    def slice_index(self) -> int:
        """The slice on the screen."""
        return int(self._viewer.dims.current_step[0])

    def go_to_slice(self, slice_index: int) -> None:
        """Show a slice."""
        self._viewer.dims.set_current_step(0, slice_index)

    def centre_on(self, point: Point) -> None:
        """Bring a point of the slice to the middle of the screen."""
        assert self._image is not None
        camera = self._viewer.scene.camera
        world = self._image.data_to_world((self.slice_index, *point))
        camera.center = (*camera.center[:-2], *world[1:])

    def scroll(self, steps: int) -> None:
        """Go some slices up or down."""
        if self._series is not None:
            self.go_to_slice(min(max(self.slice_index + steps, 0), len(self._series.hu) - 1))

    def fit(self) -> None:
        """Fit the image into the window."""
        self._fitting.fit()

    def to_pixel(self, position: Sequence[float]) -> Point:
        """Map a position of the world to (row, column) in pixels of the slice, float64."""
        assert self._image is not None
        _, row, column = self._image.world_to_data(position)
        return float(row), float(column)

    @property
    def mm_per_screen_pixel(self) -> float:
        """How many millimetres one pixel of the screen covers."""
        return 1 / float(self._viewer.scene.camera.zoom)
