"""From a row of the manifest and a lesion of its mask to a row of ``measurements``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.batch.columns import is_passed_on
from recist.lesions import FoundLesion

if TYPE_CHECKING:
    from recist.batch.columns import Row
    from recist.dicom.ct_series import CTSeries

DEFAULT_READER = "reader-1"


def choose_lesions(row: Row, found: list[FoundLesion] | str) -> list[FoundLesion]:
    """Pick the lesion a row names; every lesion of the mask when it names none.

    Parameters
    ----------
    row : dict
        A row of the manifest.
    found : list of FoundLesion, or str
        The lesions of its mask, or the reason why there are none.
    """
    if isinstance(found, str):
        return [FoundLesion(names=(), reason=found)]
    label = str(row["label"] or "")
    if not label and row["lesion"] and len(found) > 1:
        there = ", ".join(lesion.names[0] for lesion in found)
        return [FoundLesion(names=(), reason=f"the mask holds several lesions; name one in the column label: {there}")]
    if not label:
        return found or [FoundLesion(names=(), reason="the mask holds no lesion")]
    chosen = [lesion for lesion in found if label in lesion.names]
    if not chosen:
        there = ", ".join(lesion.names[0] for lesion in found) or "none"
        return [FoundLesion(names=(), reason=f"the mask has no label {label!r}; it has: {there}")]
    return chosen[:1]


def name_lesion(row: Row, lesion: FoundLesion) -> str:
    """Give the id of a lesion; empty where neither the manifest nor a readable mask names it."""
    return str(row["lesion"] or row["label"] or (lesion.names[0] if lesion.names else ""))


def lay_out(row: Row, lesion: FoundLesion | None, series: CTSeries | None) -> Row:
    """Lay a lesion out as a row of ``measurements``; without a lesion the row of the manifest stands as it is."""
    out = {name: value for name, value in row.items() if lesion is None or is_passed_on(name)}
    out["manifest_row"] = row["manifest_row"]
    out["reader"] = row["reader"] or DEFAULT_READER
    if lesion is None:
        return out
    out["lesion"] = name_lesion(row, lesion)
    out["site"] = row["site"] or lesion.site
    if out["site"] and row["nodal"] is None:
        out["nodal"] = "lymph node" in str(out["site"])
    out["tracking_uid"] = lesion.tracking_uid
    out["source"] = "image"
    out["state"] = "measured" if lesion.axes else "not_evaluable"
    out["reason"] = lesion.reason
    out["notes"] = "; ".join(lesion.notes)
    if series is not None:
        out |= series.provenance()
    if lesion.axes is None:
        return out
    out |= lesion.axes.to_row()
    out["slice_thickness_mm"] = lesion.thickness_mm
    if series is not None:
        out["slice_thickness_mm"] = series.effective_thickness_mm
        out["sop_instance_uid"] = series.sop_instance_uids[lesion.axes.slice_index]
    return out
