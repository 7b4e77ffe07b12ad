"""Checks of what is recorded at baseline besides the targets: other lesions, and tumour markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.response.arrays import any_by
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE, PICOMETRES_PER_MM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report

_NOT_SEEN = (
    "non-target lesion {lesion} is not seen at baseline; if it is seen later, is it a new lesion? "
    "one that is absent at baseline is no disease that could respond"
)
_NORMAL_NODE = "node {lesion} is of normal size at baseline; a node that small is not recorded as disease"
_MARKER = "marker {lesion} is not known at baseline; whether it has to become normal for a CR cannot be told"


def check_at_baseline(report: Report, criteria: Criteria) -> Iterator[Problem]:
    """Find non-target lesions that baseline does not show, normal nodes, and markers without a baseline."""
    rows = report.history.rows
    at_baseline = report.history.visits.is_baseline[rows.visit]
    is_non_target = at_baseline & (rows.role == number_of(LesionRole.NON_TARGET))
    is_seen = np.isin(rows.finding, [number_of(Finding.PRESENT), number_of(Finding.PROGRESSED)])
    unseen = _first_rows(report, is_non_target & ~is_seen & ~rows.is_after_treatment, is_non_target & is_seen)
    yield from report.problems(
        unseen,
        "non_target_not_seen_at_baseline",
        field="state",
        message=_NOT_SEEN,
        expected="present, or the role new where it is first seen",
    )
    if criteria.nodes_by_short_axis:
        is_sized_node = is_non_target & is_seen & report.history.lesions.is_nodal[rows.lesion]
        size, normal = rows.size_picometres, criteria.normal_node.whole * PICOMETRES_PER_MM
        yield from report.problems(
            np.flatnonzero(is_sized_node & (size != NO_SIZE) & (size < normal)),
            "normal_node_at_baseline",
            field="diameter_mm",
            message=_NORMAL_NODE,
            found=[f"{one / PICOMETRES_PER_MM:g}" for one in size[is_sized_node & (size != NO_SIZE) & (size < normal)]],
            expected=f"at least {criteria.normal_node.whole} mm short axis",
        )
    is_marker = rows.role == number_of(LesionRole.MARKER)
    is_known = np.isin(rows.finding, [number_of(Finding.NORMAL), number_of(Finding.ABNORMAL)])
    yield from report.problems(
        _first_rows(report, is_marker, is_marker & is_known & at_baseline),
        "marker_without_baseline",
        field="state",
        message=_MARKER,
        expected="normal or abnormal at baseline",
    )


def check_markers(report: Report, expected: Bools) -> Iterator[Problem]:
    """Find markers, abnormal at baseline, that have no row at a visit where one is expected."""
    history, rows = report.history, report.history.rows
    is_marker = rows.role == number_of(LesionRole.MARKER)
    was_abnormal = is_marker & (rows.finding == number_of(Finding.ABNORMAL))
    was_abnormal &= history.visits.is_baseline[rows.visit]
    n_lesions, start = len(history.lesions.role), history.courses.start
    there = set((rows.visit[is_marker] * n_lesions + rows.lesion[is_marker]).tolist())
    for row in np.flatnonzero(was_abnormal).tolist():
        lesion = int(rows.lesion[row])
        series = int(history.lesions.series[lesion])
        visits = [visit for visit in range(start[series], start[series + 1]) if expected[visit]]
        labels = [str(history.visits.label[visit]) for visit in visits if visit * n_lesions + lesion not in there]
        yield from report.problems(
            [row] * len(labels),
            "marker_without_row",
            field="lesion",
            message=[f"marker {{lesion}}, abnormal at baseline, has no row at time point {name}" for name in labels],
            found=labels,
            expected="normal, abnormal or not_done at every time point",
        )


def _first_rows(report: Report, among: Bools, unless: Bools) -> Ints:
    """Find the first of some rows of each lesion, but not of lesions for which another condition holds anywhere."""
    rows = report.history.rows
    n_lesions = len(report.history.lesions.role)
    at = np.flatnonzero(among & ~any_by(rows.lesion, unless, n_lesions)[rows.lesion])
    at = at[np.argsort(rows.visit[at], kind="stable")]
    _, first = np.unique(rows.lesion[at], return_index=True)
    return np.sort(at[first])
