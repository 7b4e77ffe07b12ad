"""The layers that lie over the image: axes, ends, outlines, where a lesion is expected, the patient's sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer import layers
from viewer.view_state import DOUBT_COLOUR, DRAFT_COLOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari.viewer import Viewer
    from numpy.typing import NDArray

    from recist.dicom.series import CTSeries
    from viewer.expecting import Expectation
    from viewer.proposal import Proposal
    from viewer.view_state import Drawing

OUTLINE_LAYER = "outline proposed"
EXPECTED_LAYER = "where the lesion is expected"
AXES_LAYER = "RECIST axes"
DRAFT_LAYER = "axes being drawn"
ENDS_LAYER = "ends"
LETTERS_LAYER = "sides of the patient"
OVERLAY_LAYERS = (OUTLINE_LAYER, EXPECTED_LAYER, AXES_LAYER, DRAFT_LAYER, ENDS_LAYER, LETTERS_LAYER)
LINE_LAYERS = (OUTLINE_LAYER, EXPECTED_LAYER, AXES_LAYER, DRAFT_LAYER)
LINE_WIDTH_MM, THIN_LINE_WIDTH_MM = 0.8, 0.5
END_SIZE_MM = 2.4
LABEL_LIFT_MM = 6.0
LABEL_COLOUR, LETTER_COLOUR = "#ffe27a", "#ffd23f"
EXPECTED_COLOUR = "#d9b3ff"
RING_CORNERS, TICK_GAP_MM, TICK_MM = 48, 2.0, 6.0

Overlays = dict[str, Any]


def add_overlays(napari_viewer: Viewer, series: CTSeries) -> Overlays:
    """Add the empty layers to a viewer, in the order of `OVERLAY_LAYERS`."""
    place: dict[str, Any] = {"scale": layers.layer_scale(series), "units": layers.layer_units(series)}
    overlays: Overlays = {}
    for name in LINE_LAYERS:
        colour = EXPECTED_COLOUR if name == EXPECTED_LAYER else LABEL_COLOUR
        text = {"string": "{label}", "size": 12, "anchor": "upper_left", "color": colour}
        label = {"label": np.array([], dtype=object)}
        overlays[name] = napari_viewer.add_shapes(name=name, ndim=3, features=label, text=text, **place)
    overlays[ENDS_LAYER] = napari_viewer.add_points(
        name=ENDS_LAYER, ndim=3, face_color="transparent", border_color="white", border_width=0.15, **place
    )
    overlays[LETTERS_LAYER] = _add_letters(napari_viewer, place)
    for overlay in overlays.values():
        overlay.opacity, overlay.editable = 1.0, False
    return overlays


def _add_letters(napari_viewer: Viewer, place: dict[str, Any]) -> Any:
    return napari_viewer.add_points(
        np.zeros((4, 2)),
        name=LETTERS_LAYER,
        size=0.01,
        border_width=0,
        face_color="transparent",
        features={"letter": ["", "", "", ""]},
        text={"string": "{letter}", "size": 14, "color": LETTER_COLOUR, "anchor": "center"},
        scale=place["scale"][1:],
        units=place["units"],
    )


def clear_overlays(overlays: Overlays) -> None:
    """Take everything off the layers: the image under them is about to change."""
    for name in LINE_LAYERS:
        overlays[name].data = []
    overlays[ENDS_LAYER].data = np.empty((0, 3))


def place_overlays(overlays: Overlays, series: CTSeries) -> None:
    """Give the layers the scale of a series, so that their coordinates are its pixels."""
    scale = layers.layer_scale(series)
    for name, overlay in overlays.items():
        overlay.scale = scale[1:] if name == LETTERS_LAYER else scale
        overlay.units = layers.layer_units(series)
    overlays[ENDS_LAYER].current_size = END_SIZE_MM / scale[2]
    for name in LINE_LAYERS:
        overlays[name].text.translation = [0, -LABEL_LIFT_MM / scale[1], 0]


def draw_lines(layer: Any, drawings: Sequence[Drawing]) -> None:
    """Draw axes with their labels."""
    layer.data = []
    if drawings:
        width = LINE_WIDTH_MM / layer.scale[2]
        layer.add_lines(layers.axis_lines(drawings), edge_width=width, edge_color=layers.axis_colours(drawings))
    _label(layer, layers.axis_labels(drawings))


def draw_outline(layer: Any, proposal: Proposal | None) -> None:
    """Draw the edge of a proposed mask on all its slices, in the colour of doubt where it is doubtful."""
    layer.data = []
    if proposal is not None:
        colour = DRAFT_COLOUR if proposal.is_sure else DOUBT_COLOUR
        width = THIN_LINE_WIDTH_MM / layer.scale[2]
        layer.add_paths(outline_paths(proposal), edge_width=width, edge_color=colour)
    _label(layer, [""] * len(layer.data))


def outline_paths(proposal: Proposal) -> list[NDArray[np.float64]]:
    """Give the edges of the mask, halfway between the pixels inside and outside: paths (n, 3), slice, row, column."""
    from skimage.measure import find_contours

    first, top, left = proposal.offset
    paths = []
    for number, inside in enumerate(proposal.segmentation.mask):
        for edge in find_contours(np.pad(inside, 1).astype(np.float32), 0.5):
            rows, columns = edge[:, 0] - 1 + top, edge[:, 1] - 1 + left
            paths.append(np.stack([np.full(len(edge), first + number, dtype=float), rows, columns], axis=1))
    return paths


def draw_expectation(layer: Any, expected: Expectation | None) -> None:
    """Draw where a lesion is expected: a ring of the expected error on each slice it reaches, four ticks on one."""
    layer.data = []
    rings = expectation_rings(expected, tuple(layer.scale)) if expected else []
    ticks = expectation_ticks(expected, tuple(layer.scale)) if expected else []
    if rings:
        layer.add_paths(rings, edge_width=THIN_LINE_WIDTH_MM / layer.scale[2], edge_color=EXPECTED_COLOUR)
        layer.add_lines(ticks, edge_width=THIN_LINE_WIDTH_MM / layer.scale[2], edge_color=EXPECTED_COLOUR)
    text = f"{expected.lesion} expected" if expected else ""
    _label(layer, [*[""] * len(rings), text, *[""] * (len(ticks) - 1)] if rings else [])


def expectation_rings(expected: Expectation, scale: tuple[float, ...]) -> list[NDArray[np.float64]]:
    """Cut the sphere of the expected error by the slices: closed paths (n, 3) of slice, row, column."""
    if expected.point is None or expected.slice_index is None:
        return []
    rings = [_ring(expected.point, expected.slice_index, expected.residual_mm, scale)]
    for away in range(1, math.ceil(expected.residual_mm / scale[0])):
        radius = math.sqrt(expected.residual_mm**2 - (away * scale[0]) ** 2)
        around = (expected.slice_index - away, expected.slice_index + away)
        rings += [_ring(expected.point, slice_index, radius, scale) for slice_index in around]
    return rings


def expectation_ticks(expected: Expectation, scale: tuple[float, ...]) -> list[NDArray[np.float64]]:
    """Give four lines (2, 3) that point at the place from outside of the ring, the upper one first."""
    if expected.point is None or expected.slice_index is None:
        return []
    near = expected.residual_mm + TICK_GAP_MM
    ticks = []
    for down, right in ((-1, 0), (0, 1), (1, 0), (0, -1)):
        ends = [
            (
                expected.slice_index,
                expected.point[0] + down * reach / scale[1],
                expected.point[1] + right * reach / scale[2],
            )
            for reach in (near + TICK_MM, near)
        ]
        ticks.append(np.array(ends, dtype=float))
    return ticks


def _ring(centre: tuple[float, float], slice_index: int, radius_mm: float, scale: tuple[float, ...]) -> Any:
    turn = np.linspace(0, 2 * np.pi, RING_CORNERS + 1)
    rows = centre[0] + radius_mm * np.sin(turn) / scale[1]
    columns = centre[1] + radius_mm * np.cos(turn) / scale[2]
    return np.stack([np.full_like(turn, slice_index), rows, columns], axis=1)


def _label(layer: Any, labels: Sequence[str]) -> None:
    layer.features = {"label": np.array(labels, dtype=object)}
    layer.refresh_text()
    layer.selected_data = set()
