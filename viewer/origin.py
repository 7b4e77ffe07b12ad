"""How a finding came about and what it was measured on: columns that travel with every measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.amounts import confidence_text
from viewer.proposal import CONVENTION

if TYPE_CHECKING:
    from recist.dicom.series import CTSeries
    from viewer.lesions import Finding
    from viewer.state import Draft

SERIES_COLUMNS = (
    *("geometry", "nominal_thickness_mm", "slice_spacing_mm", "kernel", "contrast", "contrast_phase", "lossy"),
)
METHOD_COLUMNS = ("measured_from", "confidence", "outline_steps", "doubt", "convention")
MASK_COLUMNS = ("volume_mm3", "min_feret_mm", "diameter_3d_mm", "n_voxels", "n_pieces")  # not of the new axes
BY_HAND = "by hand"
CORRECTED = ", corrected by hand"


def origin_columns(series: CTSeries, draft: Draft, old: Finding | None) -> tuple[tuple[str, str], ...]:
    """Give the columns of a new finding; other columns of the one before stay."""
    kept = dict(old.extra) if old else {}
    kept |= {name: "" for name in MASK_COLUMNS if name in kept}
    corrected = kept.get("measured_from", BY_HAND) if draft.lesion else ""
    return tuple((kept | _series_columns(series) | _method_columns(draft, corrected)).items())


def _series_columns(series: CTSeries) -> dict[str, str]:
    known = series.provenance()
    return {name: _text(known.get(name)) for name in SERIES_COLUMNS}


def _method_columns(draft: Draft, corrected: str) -> dict[str, str]:
    """Say what the ends rest on: a hand, an outline, or an outline that a hand has corrected."""
    proposal = draft.proposal
    if corrected:
        source = corrected if corrected == BY_HAND or corrected.endswith(CORRECTED) else corrected + CORRECTED
        return dict.fromkeys(METHOD_COLUMNS, "") | {"measured_from": source}
    if proposal is None:
        return dict.fromkeys(METHOD_COLUMNS, "") | {"measured_from": BY_HAND}
    return {
        "measured_from": f"{proposal.prompt}{CORRECTED if draft.is_corrected else ''}",
        "confidence": confidence_text(proposal.confidence),
        "outline_steps": str(proposal.segmentation.size),
        "doubt": "" if proposal.is_sure else proposal.reason,
        "convention": "" if draft.is_corrected else str(CONVENTION),
    }


def _text(value: str | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
