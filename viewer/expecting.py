"""Where a lesion of an earlier visit is expected on the series on the screen; it guides the eye, measures nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from recist.errors import GeometryError, RecistError
from viewer.caliper import middle
from viewer.layers import display_hu
from viewer.places import slice_of

if TYPE_CHECKING:
    from recist.dicom.series import CTSeries
    from recist.progress import Progress
    from recist.register import Prediction, Registration
    from viewer.caliper import Point
    from viewer.lesions import Finding
    from viewer.state import SessionState
    from viewer.study import SeriesItem

NOT_ON_SERIES = "Its slice is not in the series it was drawn on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A lesion drawn at an earlier visit and not at this one, with the series it was drawn on."""

    finding: Finding
    item: SeriesItem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alignment:
    """What is known of the way from one series to another.

    Attributes
    ----------
    source : CTSeries
        The series of the earlier visit without its voxels.
    registration : Registration or None
        None where one of the series is no volume.
    fault : str
        Why there is neither; empty when there is.
    """

    source: CTSeries
    registration: Registration | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Where a lesion is expected.

    Attributes
    ----------
    lesion, series : str
        The lesion, and the key of the series on the screen.
    slice_index : int or None
        The slice to look at; None where not even that is known.
    point : (row, column) or None
        Only where it is sure.
    residual_mm : float
        Expected distance to the true place; NaN where the place is not sure.
    sentence : str
        For the reader.
    """

    lesion: str
    series: str
    slice_index: int | None
    point: Point | None
    residual_mm: float
    sentence: str


def find_origin(state: SessionState) -> Origin | None:
    """Find where the form's lesion was drawn last before this visit; nothing when it is drawn here already."""
    if state.series is None or state.item is None or state.study is None or state.visit is None:
        return None
    if any(found.caliper for found in state.reading.parts(state.form.lesion, state.timepoint)):
        return None
    now = state.visit.date
    drawn = {
        found.date: found
        for found in state.reading.findings
        if found.lesion == state.form.lesion and found.caliper and found.date and now and found.date < now
    }
    for _, finding in sorted(drawn.items(), reverse=True, key=itemgetter(0)):
        item = state.study.item(finding.series_uid)
        if item is not None and not item.refusal:
            return Origin(finding=finding, item=item)
    return None


def align_series(source: CTSeries, target: CTSeries, progress: Progress) -> Alignment:
    """Align two series; where one is no volume, keep only where the earlier one lies."""
    from recist.register import register

    without_voxels = replace(source, hu=source.hu[:0].copy(), padding=None)
    if not (source.can_make_volume and target.can_make_volume):
        return Alignment(source=without_voxels)
    try:
        found = register(display_hu(source), source.affine, display_hu(target), target.affine, progress=progress)
    except RecistError as fault:
        return Alignment(source=without_voxels, fault=str(fault))
    found.locate(source.plane(0).to_lps((0.0, 0.0))[None])  # loads its compiled code here and not in the window
    return Alignment(source=without_voxels, registration=found)


def expect(state: SessionState, origin: Origin, alignment: Alignment) -> Expectation:
    """Say where a lesion is expected on the series on the screen."""
    assert state.series is not None
    assert state.item is not None
    lesion, from_visit = origin.finding.lesion, origin.finding.timepoint
    nowhere = Expectation(
        lesion=lesion, series=state.item.key, slice_index=None, point=None, residual_mm=math.nan, sentence=""
    )
    try:
        found = _predict(origin.finding, alignment, state.series)
    except (GeometryError, RecistError) as fault:
        return replace(nowhere, sentence=f"{lesion}: its place is not predicted. {fault}")
    level = found.point_px[0]
    is_shown = math.isfinite(level) and -0.5 <= level <= len(state.series.sop_instance_uids) - 0.5
    if not is_shown:
        return replace(nowhere, sentence=f"{lesion}: its place is not predicted. {found.reason}")
    guessed = replace(nowhere, slice_index=round(min(max(level, 0), len(state.series.sop_instance_uids) - 1)))
    if not found.is_sure:
        sentence = f"{lesion}: only its level is guessed (slice {guessed.slice_index}), look for it. {found.reason}"
        return replace(guessed, sentence=sentence)
    return replace(
        guessed,
        point=found.point_px[1:],
        residual_mm=found.residual_mm,
        sentence=f"{lesion} is expected on slice {guessed.slice_index} by the alignment with {from_visit}, "
        f"expected error {_about(found.residual_mm)}. J goes there.",
    )


def _predict(finding: Finding, alignment: Alignment, target: CTSeries) -> Prediction:
    from recist.register import same_table_place

    if alignment.fault:
        raise RecistError(alignment.fault)
    place = slice_of(alignment.source, finding)
    if place is None or finding.caliper is None:
        raise RecistError(NOT_ON_SERIES)
    point_lps = alignment.source.plane(place).to_lps(middle(finding.caliper))
    if alignment.registration is not None:
        radius_mm = (finding.long_axis_mm or 0.0) / 2
        return alignment.registration.locate(point_lps[None], radius_mm=radius_mm)[0]
    target.plane(0)  # refuses where no millimetre, or no place in the patient, is true
    return same_table_place(point_lps[None], target.positions_lps, target.orientation, target.require_in_plane())[0]


def _about(residual_mm: float) -> str:
    return f"about {max(1, round(residual_mm))} mm"
