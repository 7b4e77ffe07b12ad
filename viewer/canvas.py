"""The picture: napari's layers for one series, its axes, the draft and the letters of the patient's sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from viewer import layers
from viewer.view_state import DRAFT_COLOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    import napari.layers
    from napari.viewer import Viewer

    from recist.dicom.series import CTSeries
    from viewer.caliper import Point
    from viewer.view_state import Drawing, ViewState
    from viewer.windows import WindowPreset

AXES_LAYER = "RECIST axes"
DRAFT_LAYER = "axes being drawn"
ENDS_LAYER = "ends"
LETTERS_LAYER = "sides of the patient"
OVERLAY_LAYERS = (AXES_LAYER, DRAFT_LAYER, ENDS_LAYER, LETTERS_LAYER)
LINE_WIDTH_MM = 0.8
END_SIZE_MM = 2.4
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

    # -- series -------------------------------------------------------------------------------------------------------

    @property
    def image(self) -> napari.layers.Image | None:
        """The image layer of the series on the screen."""
        return self._image

    def show_series(self, series: CTSeries, preset: WindowPreset, image: napari.layers.Image | None = None) -> None:
        """Draw another series; `image` is its layer when napari has it already."""
        self.clear()
        self._image = image or self._viewer.add_image(layers.display_hu(series), **layers.image_options(series, preset))
        self._image.contrast_limits_range = layers.HU_RANGE
        self._series = series
        self._add_overlays(series)
        self._viewer.layers.selection.active = self._image
        self._viewer.dims.ndisplay = 2
        self._viewer.dims.order = AXIAL_ORDER
        self._viewer.dims.axis_labels = layers.AXIS_LABELS
        self._viewer.dims.set_current_step(0, len(series.hu) // 2)
        self._viewer.canvas.overlays.scale_bar.visible = series.pixel_spacing_mm is not None
        self._viewer.fit_to_view()
        self._on_view_moved()

    def release(self) -> None:
        """Stop following the view."""
        for event in self._place_events:
            event.disconnect(self._on_view_moved)

    def clear(self) -> None:
        """Take the series and everything drawn on it off the screen."""
        for layer in (*self._overlays.values(), self._image):
            if layer is not None and layer in self._viewer.layers:
                self._viewer.layers.remove(layer)
        self._overlays, self._shown, self._image, self._series = {}, {}, None, None

    def _add_overlays(self, series: CTSeries) -> None:
        place: dict[str, Any] = {"scale": layers.layer_scale(series), "units": layers.layer_units(series)}
        line: dict[str, Any] = {"ndim": 3, "shape_type": "line", "edge_width": self._in_pixels(LINE_WIDTH_MM), **place}
        text = {"string": "{label}", "size": 13, "anchor": "upper_left", "translation": [0, -8, 0], "color": "#ffe27a"}
        self._overlays[AXES_LAYER] = self._viewer.add_shapes(
            name=AXES_LAYER, features={"label": np.array([], dtype=object)}, text=text, **line
        )
        self._overlays[DRAFT_LAYER] = self._viewer.add_shapes(name=DRAFT_LAYER, edge_color=DRAFT_COLOUR, **line)
        self._overlays[ENDS_LAYER] = self._viewer.add_points(
            name=ENDS_LAYER,
            ndim=3,
            size=self._in_pixels(END_SIZE_MM),
            face_color="transparent",
            border_color="white",
            border_width=0.15,
            **place,
        )
        self._overlays[LETTERS_LAYER] = self._viewer.add_points(
            np.zeros((4, 2)),
            name=LETTERS_LAYER,
            size=0.01,
            border_width=0,
            face_color="transparent",
            features={"letter": ["", "", "", ""]},
            text={"string": "{letter}", "size": 14, "color": "#ffd23f", "anchor": "center"},
            scale=layers.layer_scale(series)[1:],
            units=layers.layer_units(series),
        )
        for overlay in self._overlays.values():
            overlay.opacity, overlay.editable = 1.0, False

    def _on_view_moved(self) -> None:
        """Keep the letters at the edges of what is on the screen."""
        letters = self._overlays.get(LETTERS_LAYER)
        if self._series is None or letters is None:
            return
        camera = self._viewer.scene.camera
        corners = layers.visible_corners(self._series, camera.center[-2:], self._viewer.canvas.size, camera.zoom)
        letters.data = layers.letter_points(*corners)

    def _in_pixels(self, length_mm: float) -> float:
        return length_mm / (self._series.pixel_spacing_mm[1] if self._series and self._series.pixel_spacing_mm else 1)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self, view: ViewState) -> None:
        """Draw what the view state says; only what has changed is drawn again."""
        self._draw_text(view)
        if self._image is None:
            return
        accepted = tuple(drawing for drawing in view.drawings if not drawing.is_draft)
        drafts = tuple(drawing for drawing in view.drawings if drawing.is_draft)
        self._redraw("accepted", accepted, self._draw_accepted)
        self._redraw("draft", drafts, self._draw_draft)
        self._redraw("ends", view.drawings, self._draw_ends)
        self._redraw("preset", view.preset, self._draw_window)
        self._redraw("letters", view.edge_letters, self._draw_letters)

    def _redraw(self, what: str, value: Any, draw: Any) -> None:
        if self._shown.get(what) != value:
            self._shown[what] = value
            draw(value)

    def _draw_accepted(self, drawings: Sequence[Drawing]) -> None:
        layer = self._overlays[AXES_LAYER]
        layer.data = []
        if drawings:
            layer.add_lines(layers.axis_lines(drawings), edge_color=layers.axis_colours(drawings))
        layer.features = {"label": np.array(layers.axis_labels(drawings), dtype=object)}
        layer.refresh_text()
        layer.selected_data = set()

    def _draw_draft(self, drawings: Sequence[Drawing]) -> None:
        layer = self._overlays[DRAFT_LAYER]
        layer.data = []
        if drawings:
            layer.add_lines(layers.axis_lines(drawings), edge_color=DRAFT_COLOUR)
        layer.selected_data = set()

    def _draw_ends(self, drawings: Sequence[Drawing]) -> None:
        layer = self._overlays[ENDS_LAYER]
        layer.data = layers.axis_ends(drawings)
        layer.selected_data = set()

    def _draw_window(self, preset: WindowPreset) -> None:
        assert self._image is not None
        self._image.contrast_limits = preset.limits_hu

    def _draw_letters(self, letters: tuple[str, str, str, str]) -> None:
        layer = self._overlays[LETTERS_LAYER]
        layer.features = {"letter": list(letters)}
        layer.refresh_text()

    def _draw_text(self, view: ViewState) -> None:
        overlay = self._viewer.canvas.overlays.text
        overlay.text, overlay.position = "\n".join(view.overlay), "top_left"
        overlay.visible = bool(view.overlay)

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
        self._viewer.fit_to_view()

    def to_pixel(self, position: Sequence[float]) -> Point:
        """Map a position of the world to (row, column) in pixels of the slice, float64."""
        assert self._image is not None
        _, row, column = self._image.world_to_data(position)
        return float(row), float(column)

    @property
    def mm_per_screen_pixel(self) -> float:
        """How many millimetres one pixel of the screen covers."""
        return 1 / float(self._viewer.scene.camera.zoom)
