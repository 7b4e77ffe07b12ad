"""From a CT series to what napari draws: one image layer in its true scale, and the lines of the axes.

Layers are drawn in voxel coordinates with the image's scale (dz, dy, dx) in millimetres, and only draw: nothing is
ever measured from them. The affine of the patient stays with the series in the layer's metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from recist.dicom.series import CTSeries
    from viewer.caliper import Caliper
    from viewer.view_state import Drawing
    from viewer.windows import WindowPreset

AXIS_LABELS = ("z", "y", "x")
HU_RANGE = (-1024.0, 3071.0)
PADDING_HU = -2048  # black in every window
SERIES_KEY = "series"
UNKNOWN_STEP = 1.0

LETTER_INSET_SCREEN_PX = 18

Scale = tuple[float, float, float]
Corner = tuple[float, float]


def layer_scale(series: CTSeries) -> Scale:
    """Give (dz, dy, dx) for drawing: dz is 1 where the distance between slices is not one number."""
    rows, columns = series.pixel_spacing_mm or (UNKNOWN_STEP, UNKNOWN_STEP)
    return series.slice_spacing_mm or UNKNOWN_STEP, rows, columns


def plane_size(series: CTSeries) -> tuple[float, float]:
    """Give the height and width of a slice in the layer's units."""
    _, rows, columns = layer_scale(series)
    return series.hu.shape[1] * rows, series.hu.shape[2] * columns


def layer_units(series: CTSeries) -> str:
    """Give the unit of the scale: millimetres, or pixels where no spacing is known."""
    return "mm" if series.pixel_spacing_mm else "pixel"


def display_hu(series: CTSeries) -> NDArray[Any]:
    """Give the voxels to draw: padding, which is no measurement, becomes black in every window."""
    if series.padding is None or not series.padding.any():
        return series.hu
    return np.where(series.padding, series.hu.dtype.type(PADDING_HU), series.hu)


def layer_name(series: CTSeries) -> str:
    """Name a series for the layer list: date and description, no patient."""
    date = series.date.isoformat() if series.date else "no date"
    return f"{date}  {series.description or 'CT'}"


def image_options(series: CTSeries, preset: WindowPreset) -> dict[str, Any]:
    """Give the options of the image layer of a series."""
    return {
        "name": layer_name(series),
        "scale": layer_scale(series),
        "units": layer_units(series),
        "axis_labels": AXIS_LABELS,
        "contrast_limits": preset.limits_hu,
        "colormap": "gray",
        "interpolation2d": "linear",
        "metadata": series_metadata(series),
    }


def series_metadata(series: CTSeries) -> dict[str, Any]:
    """Give what travels with the image layer: the series itself and its identifiers."""
    return {
        SERIES_KEY: series,
        "dicom": {
            "SeriesInstanceUID": series.series_uid,
            "StudyInstanceUID": series.study_uid,
            "FrameOfReferenceUID": series.frame_of_reference_uid,
            "SOPInstanceUID": series.sop_instance_uids,
            "geometry": tuple(str(name) for name in series.classes),
        },
    }


def axis_lines(drawings: Sequence[Drawing]) -> list[NDArray[np.float64]]:
    """Give two lines a drawing, long axis first, each shape (2, 3): slice, row, column."""
    return [line for drawing in drawings for line in _lines(drawing.caliper, drawing.slice_index)]


def axis_ends(drawings: Sequence[Drawing]) -> NDArray[np.float64]:
    """Give the ends of all drawings, shape (4 × n, 3): slice, row, column."""
    lines = axis_lines(drawings)
    return np.concatenate(lines) if lines else np.empty((0, 3))


def axis_labels(drawings: Sequence[Drawing]) -> list[str]:
    """Give a text a line: the axis that reaches higher carries the lesion's, so that it crosses no line."""
    return [text for drawing in drawings for text in _label_lines(drawing)]


def _label_lines(drawing: Drawing) -> tuple[str, str]:
    caliper = drawing.caliper
    long_top, short_top = (
        min(start[0], end[0])
        for start, end in ((caliper.long_start, caliper.long_end), (caliper.short_start, caliper.short_end))
    )
    return (drawing.label, "") if long_top <= short_top else ("", drawing.label)


def axis_colours(drawings: Sequence[Drawing]) -> list[str]:
    """Give a colour a line."""
    return [drawing.colour for drawing in drawings for _ in range(2)]


def letter_points(low: Corner, high: Corner, inset: Corner) -> NDArray[np.float64]:
    """Place the letters of left, right, top and bottom just inside a rectangle, shape (4, 2): row, column."""
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    return np.array(
        [
            (middle[0], low[1] + inset[1]),
            (middle[0], high[1] - inset[1]),
            (low[0] + inset[0], middle[1]),
            (high[0] - inset[0], middle[1]),
        ]
    )


def visible_corners(
    series: CTSeries, centre_mm: Corner, size_screen_px: Corner, zoom: float
) -> tuple[Corner, Corner, Corner]:
    """Give the part of the image that is on the screen as (row, column) of its low and high corner, and the inset.

    Parameters
    ----------
    centre_mm : (down, right)
        What is in the middle of the screen, in the layer's world.
    size_screen_px : (height, width)
    zoom : float
        Pixels of the screen per unit of the world.
    """
    scale, shape = layer_scale(series)[1:], series.hu.shape[1:]
    half = [size / 2 / zoom / step for size, step in zip(size_screen_px, scale, strict=True)]
    middle = [centre / step for centre, step in zip(centre_mm, scale, strict=True)]
    low = [max(0.0, m - h) for m, h in zip(middle, half, strict=True)]
    high = [min(n - 1.0, m + h) for m, h, n in zip(middle, half, shape, strict=True)]
    inset = [LETTER_INSET_SCREEN_PX / zoom / step for step in scale]
    return (low[0], low[1]), (high[0], high[1]), (inset[0], inset[1])


def _lines(caliper: Caliper, slice_index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    long_axis = ((slice_index, *caliper.long_start), (slice_index, *caliper.long_end))
    short_axis = ((slice_index, *caliper.short_start), (slice_index, *caliper.short_end))
    return np.array(long_axis, dtype=float), np.array(short_axis, dtype=float)
