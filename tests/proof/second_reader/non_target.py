"""Non-target lesions (Eisenhauer 2009, 4.3.3): the reader's words, never sizes unless asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .branches import note
from .target import NORMAL_NODE_MM

if TYPE_CHECKING:
    from .findings import Finding
    from .timepoints import Timepoint

PRESENT = {"present", "increased", "measured", "too_small"}


def word_of(row: Finding | None, options: dict[str, object]) -> str:
    """Give what is known of one non-target lesion; a row that is not there was not done."""
    if row is None:
        note("non-target: no row")
        return "not_done"
    if options.get("non_target_nodes") == "by_size" and row.nodal and row.given and row.state != "unequivocal_pd":
        note("non-target: node by its size")
        return "absent" if row.size is not None and row.size < NORMAL_NODE_MM else "present"
    return "present" if row.state in PRESENT or not row.state else row.state


def marker_blocks(point: Timepoint, markers: set[str], options: dict[str, object]) -> bool:
    """Tell whether a marker that was abnormal at baseline stands against CR."""
    now = {row.lesion: row.state for row in point.of_role("marker")}
    words = {now.get(name, "not_done") for name in markers}
    if "abnormal" in words:
        note("marker: abnormal")
        return True
    if "not_done" in words:
        note("marker: not done")
        return options.get("marker_missing", "not_cr") == "not_cr"
    return False


def non_target_response(
    point: Timepoint, baseline: Timepoint, names: list[str], markers: set[str], options: dict[str, object]
) -> str:
    """Give PD, then NE, then CR, else NON-CR/NON-PD."""
    seen = {row.lesion for row in point.of_role("non_target") if word_of(row, options) in {"present", "unequivocal_pd"}}
    unknown = {row.lesion for row in baseline.of_role("non_target") if row.state == "absent"} - set(names)
    if seen & unknown:
        note("non-target: seen, though absent at baseline")
        names = [*names, *sorted(seen & unknown)]
    if not names:
        note("non-target: none")
        only_markers = not any(row.role == "target" for row in baseline.findings)
        return "NONE" if only_markers or not marker_blocks(point, markers, options) else "NON-CR/NON-PD"
    rows = {row.lesion: row for row in point.of_role("non_target")}
    words = [word_of(rows.get(name), options) for name in names]
    if "unequivocal_pd" in words:
        note("non-target: PD")
        return "PD"
    if {"not_evaluable", "not_done"} & set(words):
        if "present" in words and options["nt_partial"] == "present_wins":
            note("non-target: present wins over not evaluated")
            return "NON-CR/NON-PD"
        note("non-target: NE")
        return "NE"
    if "present" in words:
        note("non-target: present")
        return "NON-CR/NON-PD"
    if marker_blocks(point, markers, options):
        note("non-target: a marker stands against CR")
        return "NON-CR/NON-PD"
    note("non-target: CR")
    return "CR"
