"""A lesion found in a mask, and the measuring of a segment that lies on a series."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.measure import axes_from_mask
from recist.measure.axes import shift_axes

if TYPE_CHECKING:
    from recist.dicom.ct_series import CTSeries
    from recist.dicom.seg.segment import Segment
    from recist.measure.axes import LesionAxes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundLesion:
    """A lesion found in a mask: its names there, and its axes or why it has none.

    `notes` is what a reader should know of a lesion that was measured: a threshold, a resampling, an organ.
    """

    names: tuple[str, ...]
    site: str = ""
    axes: LesionAxes | None = None
    reason: str = ""
    thickness_mm: float = math.nan
    tracking_uid: str = ""
    notes: tuple[str, ...] = ()


def notes_on(axes: LesionAxes) -> tuple[str, ...]:
    """Say what should be known of what was measured: a forgotten speck makes a lesion too long."""
    if axes.n_pieces == 1:
        return ()
    return (f"its mask has {axes.n_pieces} separate pieces; on one slice they are measured from end to end",)


def measure_segment(segment: Segment, series: CTSeries, convention: str) -> FoundLesion:
    """Measure a segment, or say why it cannot be measured.

    A mask that is cut short is not measured: its longest diameter may lie where it was cut. One that was drawn on every
    second or third slice has axes and no volume.
    """
    names = tuple(dict.fromkeys(name for name in (segment.label, segment.tracking_id) if name))
    lesion = FoundLesion(
        names=(*names, str(segment.number)),
        site=segment.site,
        tracking_uid=segment.tracking_uid,
        notes=segment.notes,
    )
    if segment.fault:
        return replace(lesion, reason=segment.fault)
    if segment.frames_elsewhere:
        count = segment.frames_elsewhere
        verb = "is" if count == 1 else "are"
        reason = f"{count} of its slices {verb} not in the series, so its longest diameter may be there"
        return replace(lesion, reason=reason)
    if segment.mask.size == 0:
        return replace(lesion, reason="its mask is empty")
    is_volume = series.can_make_volume and segment.every_nth_slice == 1
    spacing = (series.spacing_mm[0] if is_volume else math.nan, *series.require_in_plane())
    axes = axes_from_mask(segment.mask, spacing, convention=convention)
    notes = (*segment.notes, *notes_on(axes))
    if segment.every_nth_slice > 1:
        notes = (*notes, f"drawn on one of {segment.every_nth_slice} slices, so it has no volume")
    return replace(lesion, axes=shift_axes(axes, segment.offset), notes=notes)
