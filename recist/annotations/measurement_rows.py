"""Findings laid out as rows of the ``measurements`` table, with where they come from beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from recist.annotations.finding import DateSource
from recist.annotations.sites import nodal_of
from recist.problems import Problem, Severity
from recist.tables import LESION_ROLES, MEASUREMENTS, check_table

if TYPE_CHECKING:
    from collections.abc import Hashable

    from recist.annotations.finding import Finding

PROVENANCE = (
    *("volume_mm3", "study_uid", "series_uid", "sop_instance_uid", "frame", "x1", "y1", "x2", "y2"),
    *("x3", "y3", "x4", "y4", "tracking_uid", "label", "source_program", "source_file", "source_row"),
    *("date_source", "observer", "geometry", "nominal_thickness_mm", "slice_spacing_mm", "kernel", "contrast"),
    *("contrast_phase", "lossy"),
)


def with_nodal(finding: Finding) -> Finding:
    """Say of a lesion whose site is known whether it is a lymph node; what is said already stays."""
    return finding if finding.nodal is not None else replace(finding, nodal=nodal_of(finding.site))


def share_timepoints(findings: list[Finding]) -> list[Finding]:
    """Give all lesions of one study the label that some of them carry, where there is only one."""
    labels: dict[Hashable, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.timepoint and finding.study_uid:
            labels[finding.person, finding.study_uid].add(finding.timepoint)
    shared = {key: next(iter(names)) for key, names in labels.items() if len(names) == 1}
    return [
        replace(each, timepoint=each.timepoint or shared.get((each.person, each.study_uid), "")) for each in findings
    ]


def measurements_of(findings: list[Finding]) -> pd.DataFrame:
    """Lay findings out as ``measurements``, ordered by subject, date and lesion."""
    rows = [_row(finding) for finding in findings]
    names = list(dict.fromkeys((*MEASUREMENTS.column_names, *PROVENANCE)))
    frame = pd.DataFrame(rows, columns=names)
    frame = frame.sort_values(["subject", "reader", "date", "lesion"], na_position="last", kind="stable")
    table, _ = check_table(frame, MEASUREMENTS)
    return table


def _row(finding: Finding) -> dict[str, object]:
    ends: dict[str, float] = {}
    for axis, (first, second) in ((finding.long_axis, "12"), (finding.short_axis, "34")):
        for number, end in zip((first, second), axis.ends_px or (), strict=False):
            ends |= {f"x{number}": end[1], f"y{number}": end[0]}
    return {
        "subject": finding.person,
        "reader": finding.reader,
        "timepoint": finding.timepoint,
        "date": pd.NaT if finding.date is None else pd.Timestamp(finding.date),
        "lesion": finding.lesion,
        "role": finding.role,
        "site": finding.site,
        "nodal": pd.NA if finding.nodal is None else finding.nodal,
        "state": finding.state,
        "long_axis_mm": finding.long_axis.length_mm,
        "short_axis_mm": finding.short_axis.length_mm,
        "slice_thickness_mm": finding.thickness_mm,
        "source": "image",
        "reason": finding.reason,
        "volume_mm3": finding.volume_mm3,
        "study_uid": finding.study_uid,
        "series_uid": finding.series_uid,
        "sop_instance_uid": finding.sop_instance_uid,
        "frame": finding.long_axis.frame or finding.short_axis.frame,
        **ends,
        "tracking_uid": finding.tracking_uid,
        "label": finding.label,
        "source_program": finding.program,
        "source_file": finding.file,
        "source_row": finding.row,
        "date_source": str(finding.date_source),
        "observer": finding.observer,
        **dict(finding.provenance),
    }


def check_rows(findings: list[Finding]) -> list[Problem]:
    """Find what keeps the rows from being scored, or makes their date uncertain."""
    problems = [each for finding in findings for each in _check(finding)]
    gaps = (
        ("role", "no_role", "lesions have no role and cannot be scored; name it in a sidecar table", LESION_ROLES),
        ("person", "no_subject", "lesions have no subject; name it in a sidecar table", ("a study pseudonym",)),
        ("date", "no_date", "lesions have no date; give the images, or name it in a sidecar table", ("a date",)),
    )
    for name, code, message, right in gaps:
        without = sum(1 for finding in findings if not getattr(finding, name))
        if without:
            field, found = {"person": "subject"}.get(name, name), f"{without} of {len(findings)} lesions without"
            problems.append(
                Problem(
                    field=field,
                    code=code,
                    severity=Severity.WARNING,
                    found=found,
                    expected=", ".join(right),
                    message=message,
                )
            )
    return problems


def _check(finding: Finding) -> list[Problem]:
    problems = []
    if finding.nodal and finding.is_single_line:
        message = (
            "one line was drawn on a lymph node; whether it is the short axis, which counts, the file does not say"
        )
        problems.append(finding.warning("node_with_one_line", message, field="short axis"))
    if finding.date_source is DateSource.CONTENT_DATE:
        message = "the file gives the day it was made, not the day of the scan; give the images or a sidecar table"
        found = str(finding.date)
        problems.append(finding.warning("date_of_report", message, field="date", found=found))
    return problems
