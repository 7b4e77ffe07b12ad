"""The labels of an image as lesions: on its own grid, or laid on the slices of a series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.errors import DicomError, GeometryError
from recist.lesions.found import FoundLesion, notes_on
from recist.measure.axes import measure_labels, shift_axes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.placing import Placement
    from recist.dicom.seg.segment import Patch, Segment
    from recist.masks import LabelImage, NamedLabel
    from recist.measure.axes import LesionAxes

NEARLY_ALONG = 0.9  # cosine between the normal of the slices and the body axis
ORGAN = "its category says that it is an organ or a tissue, not a lesion"
NO_VOXELS = "its mask is empty"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A number of a layer and what it is called."""

    layer: int
    value: int
    name: str
    identifier: str
    site: str
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """By which a manifest may name it."""
        return tuple(dict.fromkeys(name for name in (self.name, self.identifier, str(self.value)) if name))


def list_labels(image: LabelImage) -> list[Label]:
    """List the labels of an image: those that are there, and those that only have a name."""
    named = {(name.layer, name.value): name for name in image.names}
    there = {(number, int(value)) for number, layer in enumerate(image.layers) for value in np.unique(layer) if value}
    return [_label(key, named.get(key), image.notes) for key in sorted(there | set(named))]


def _label(key: tuple[int, int], named: NamedLabel | None, notes: tuple[str, ...]) -> Label:
    from recist.dicom.site_codes import is_no_lesion, site_of_code

    layer, value = key
    if named is None:
        return Label(layer=layer, value=value, name="", identifier="", site="", notes=notes)
    organ = (ORGAN,) if is_no_lesion(named.category_code) else ()
    site = site_of_code(named.site_code) or named.site
    return Label(
        layer=layer, value=value, name=named.name, identifier=named.identifier, site=site, notes=(*notes, *organ)
    )


def measure_alone(image: LabelImage, name: str, convention: str) -> Iterator[FoundLesion]:
    """Measure every label on the grid of its own image.

    Raises
    ------
    GeometryError
        When its slices are not axial, so that a diameter within a slice would not be one that RECIST knows.
    """
    normal = image.affine_lps[:3, 0] / image.spacing_mm[0]
    if abs(normal[2]) < NEARLY_ALONG:
        raise GeometryError(
            f"{name}: its slices are not axial; store the label volume with axial slices, or name the series it was "
            "drawn on"
        )
    measured = [
        measure_labels(layer, image.spacing_mm, convention=convention) if layer.size else {} for layer in image.layers
    ]
    return (_found(label, measured, image) for label in list_labels(image))


def _found(label: Label, measured: list[dict[int, LesionAxes]], image: LabelImage) -> FoundLesion:
    axes = measured[label.layer].get(label.value) if label.layer < len(measured) else None
    return FoundLesion(
        names=label.names,
        site=label.site,
        notes=label.notes if axes is None else (*label.notes, *notes_on(axes)),
        axes=None if axes is None else shift_axes(axes, image.offset),
        reason=NO_VOXELS if axes is None else "",
        thickness_mm=image.spacing_mm[0],
    )


def lay_on_series(image: LabelImage, name: str, series: CTSeries, *, resample: bool = False) -> Iterator[Segment]:
    """Lay every label on the slices of a series.

    The voxels must be voxels of the series; axes may be swapped and reversed.

    Raises
    ------
    DicomError
        When the grids differ and resampling was not asked for.
    """
    from recist.dicom.seg.resampling import carry_over

    turned = _turn(image, series)
    try:
        try:
            places = _places(turned, series)
        except GeometryError:
            if not resample:
                raise
            series.require_volume()
            size = (turned.shape[1], turned.shape[2])
            own = (_segment(label, turned, None) for label in list_labels(turned))
            return carry_over(own, turned.affine_lps, size, series)
    except DicomError as fault:
        raise type(fault)(f"{name}: {fault}") from fault
    n_rows, n_columns = series.hu.shape[1:]
    target = _Target(places=places, size=(n_rows, n_columns))
    return (_segment(label, turned, target) for label in list_labels(turned))


def _turn(image: LabelImage, series: CTSeries) -> LabelImage:
    """Make the axis of an image that runs along the normal of the series the first one; nothing is resampled."""
    from dataclasses import replace

    from recist.dicom.geometry import slice_normal

    if not np.isfinite(series.orientation).all():
        return image
    along = np.abs(slice_normal(series.orientation) @ (image.affine_lps[:3, :3] / np.array(image.spacing_mm)))
    first = int(np.argmax(along))
    order = (first, *(axis for axis in range(3) if axis != first))
    affine = image.affine_lps.copy()
    affine[:, :3] = affine[:, order]
    a, b, c = order
    return replace(
        image,
        layers=tuple(np.transpose(layer, order) for layer in image.layers),
        offset=(image.offset[a], image.offset[b], image.offset[c]),
        shape=(image.shape[a], image.shape[b], image.shape[c]),
        spacing_mm=(image.spacing_mm[a], image.spacing_mm[b], image.spacing_mm[c]),
        affine_lps=affine,
    )


def _places(image: LabelImage, series: CTSeries) -> list[Placement | None]:
    """Find the place of every slice of the image in the series; None where the series has no slice there.

    Raises
    ------
    GeometryError
        When the grids differ.
    """
    from recist.dicom.plane import Plane
    from recist.dicom.seg.placing import find_slices, fit_pixels, require_same_direction

    size = (image.shape[1], image.shape[2])
    _, rows_mm, columns_mm = image.spacing_mm
    orientation = np.concatenate((image.affine_lps[:3, 2] / columns_mm, image.affine_lps[:3, 1] / rows_mm))
    series.require_in_plane()
    places: list[Placement | None] = []
    for k in range(image.offset[0], image.offset[0] + image.layers[0].shape[0]):
        position = (image.affine_lps @ (k, 0, 0, 1))[:3]
        plane = Plane(position_lps=position, orientation=orientation, pixel_spacing_mm=(rows_mm, columns_mm))
        require_same_direction(plane, series)
        slices = find_slices(plane, size, series)
        if len(slices) > 1:
            raise GeometryError("several slices of the series lie where its slices lie")
        nearest = int(np.argmin(np.linalg.norm(series.positions_lps - position, axis=1)))
        fitted = fit_pixels(plane, size, series, slices[0] if slices else nearest)
        places.append(fitted if slices else None)
    step_mm = series.usual_step_mm
    if step_mm and abs(image.spacing_mm[0] - step_mm) > 0.01 * step_mm and image.shape[0] > 1:
        raise GeometryError(
            f"its slices are {image.spacing_mm[0]:.4g} mm apart, those of the series {step_mm:.4g} mm; resample it "
            "first"
        )
    return places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where the slices of an image lie in a series of slices of `size` (rows, columns)."""

    places: list[Placement | None]
    size: tuple[int, int]


def _segment(label: Label, image: LabelImage, target: _Target | None) -> Segment:
    """Cut one label out, on its own grid or laid on a series."""
    from recist.dicom.seg.segment import Patch, Segment, clip_patch, join_patches, trim

    layer = image.layers[label.layer] if label.layer < len(image.layers) else image.layers[0][:0]
    patches: list[Patch] = []
    elsewhere = 0
    first_slice, first_row, first_column = image.offset
    for k, plane in enumerate(layer):
        cut = trim(plane == label.value)
        if cut is None:
            continue
        row, column, pixels = cut[0] + first_row, cut[1] + first_column, cut[2]
        if target is None:
            patches.append(Patch(slice_index=k + first_slice, row=row, column=column, pixels=pixels))
            continue
        place = target.places[k]
        if place is None:
            elsewhere += 1
            continue
        patch, lost = clip_patch(place.patch(row, column, pixels), target.size)
        elsewhere += lost
        patches += [patch] if patch else []
    mask, offset = join_patches(patches)
    return Segment(
        number=label.value,
        label=label.name,
        tracking_id=label.identifier,
        tracking_uid="",
        site=label.site,
        mask=mask,
        offset=offset,
        frames_elsewhere=elsewhere,
        notes=label.notes,
    )
