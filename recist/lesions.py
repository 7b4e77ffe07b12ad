"""The lesions of a mask, each measured or with the reason why not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.masks import read_label_image
from recist.measure import axes_from_mask
from recist.measure.axes import measure_labels, shift_axes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.dicom.ct_series import CTSeries
    from recist.measure.axes import LesionAxes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundLesion:
    """A lesion found in a mask: its names there, and its axes or why it has none."""

    names: tuple[str, ...]
    site: str = ""
    axes: LesionAxes | None = None
    reason: str = ""
    thickness_mm: float = math.nan


def lesions_of_labels(path: Path, convention: str) -> Iterator[FoundLesion]:
    """Measure every label of a NIfTI or NRRD image."""
    image = read_label_image(path)
    for label, axes in measure_labels(image.labels, image.spacing_mm, convention=convention).items():
        yield FoundLesion(names=(str(label),), axes=axes, thickness_mm=image.spacing_mm[0])


def lesions_of_segmentation(path: Path, series: CTSeries, convention: str) -> Iterator[FoundLesion]:
    """Measure every segment of a DICOM SEG over its series."""
    from recist.dicom.seg import read_segmentation

    between_slices = series.spacing_mm[0] if series.can_make_volume else math.nan
    spacing = (between_slices, *series.require_in_plane())
    for segment in read_segmentation(path, series):
        names = tuple(dict.fromkeys(name for name in (segment.label, segment.tracking_id) if name))
        lesion = FoundLesion(names=(*names, str(segment.number)), site=segment.site)
        if segment.frames_elsewhere:
            reason = (
                f"{segment.frames_elsewhere} of its slices are not in the series, so its longest diameter may be there"
            )
            yield replace(lesion, reason=reason)
        elif segment.mask.size == 0:
            yield replace(lesion, reason="its mask is empty")
        else:
            axes = axes_from_mask(segment.mask, spacing, convention=convention)
            yield replace(lesion, axes=shift_axes(axes, segment.offset))
