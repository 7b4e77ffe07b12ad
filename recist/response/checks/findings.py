"""Checks of what is recorded about each lesion at one time point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.criteria.states import FINDINGS as FINDING_OF
from recist.response.arrays import NOWHERE, any_by, compress, least_by
from recist.response.checks.merges import check_merges, find_covered
from recist.response.history import ROLES, number_of
from recist.response.modality import modalities_of
from recist.response.quantise import NO_SIZE
from recist.response.words import ranked
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.checks.report import Report

_NEEDS = "a size in mm, or the state absent, too_small, not_evaluable or not_done"
_EMPTY = "lesion {lesion} has neither a state nor a size; a missing value is never zero"
_EMPTY_COVERED = (
    "lesion {lesion} has neither a state nor a size, and the value of another row covers it; leave this row out"
)
_NO_ROW = "no row, or the state not_evaluable"
_TWICE = (
    "lesion {lesion} already has a row for this reader and time point (row ROW); "
    "keep one, or name the parts of a split lesion in the column part"
)
_TWICE_UNLABELLED = (
    "lesion {lesion} already has a row for this reader and time point (row ROW), as rows without a label that lie "
    "close together are one; keep one, label the time points, or name the parts of a split lesion in the column part"
)


def check_findings(report: Report, criteria: Criteria) -> Iterator[Problem]:
    """Find states that do not fit, sizes that are missing or too many, rows given twice and lesions out of place."""
    yield from check_states_and_sizes(report, criteria)
    yield from _check_duplicates(report)
    yield from check_merges(report)
    yield from _check_new_at_baseline(report)


def check_states_and_sizes(report: Report, criteria: Criteria) -> Iterator[Problem]:
    """Find states that do not fit the role, and sizes that do not fit the state."""
    yield from _check_states(report)
    yield from _check_sizes(report, criteria)


def _check_states(report: Report) -> Iterator[Problem]:
    rows = report.history.rows
    at = np.flatnonzero(rows.finding == NOWHERE)
    if not len(at):
        return
    code, words = ranked(report.frame["state"], empty="")
    has_state = (words != "")[code[at]]
    is_covered = find_covered(report.history)[at]
    for number, role in enumerate(ROLES):
        states = ", ".join(FINDING_OF[role])
        of_role = rows.role[at] == number
        yield from report.problems(
            at[of_role & has_state],
            "state_not_for_role",
            field="state",
            message=f"this is no state of a {role} lesion; use one of those expected",
            expected=states,
        )
        for where, message, expected in ((~is_covered, _EMPTY, states), (is_covered, _EMPTY_COVERED, _NO_ROW)):
            yield from report.problems(
                at[of_role & ~has_state & where], "empty_state", field="state", message=message, expected=expected
            )


def _check_sizes(report: Report, criteria: Criteria) -> Iterator[Problem]:
    rows = report.history.rows
    has_size = rows.size_picometres != NO_SIZE
    without = np.flatnonzero((rows.finding == number_of(Finding.MEASURED)) & ~has_size)
    is_nodal = report.history.lesions.is_nodal[rows.lesion[without]] & criteria.nodes_by_short_axis
    for axis, where in (("short_axis_mm", is_nodal), ("long_axis_mm", ~is_nodal)):
        message = f"lesion {{lesion}} is measured but has no size; fill in diameter_mm or {axis}"
        yield from report.problems(
            without[where], "missing_diameter", field="diameter_mm", message=message, expected=_NEEDS
        )
    is_marker = rows.role == number_of(LesionRole.MARKER)
    is_new_node = (rows.role == number_of(LesionRole.NEW)) & report.history.lesions.is_nodal[rows.lesion]
    others = (
        (
            "new_node_without_size",
            is_new_node & (rows.finding == number_of(Finding.SEEN)) & ~has_size & criteria.nodes_by_short_axis,
            "node {lesion} is new and has no size, so it counts as unequivocal; give its short axis",
            "unequivocal, equivocal, or a short axis in mm",
        ),
        (
            "absent_with_size",
            (rows.finding == number_of(Finding.ABSENT)) & (rows.size_picometres > 0),
            "lesion {lesion} is absent and has a size; correct the state or empty the size",
            "measured",
        ),
        (
            "size_not_used",
            (rows.finding == number_of(Finding.NOT_EVALUATED)) & has_size & ~rows.is_after_treatment & ~is_marker,
            "lesion {lesion} was not evaluated, so its size is not used; correct the state if it was",
            "measured",
        ),
        (
            "marker_with_size",
            is_marker & has_size,
            "marker {lesion} has a size, which is not used; markers are normal or abnormal, lesions have sizes",
            "normal, abnormal, not_done",
        ),
    )
    for code, where, message, expected in others:
        yield from report.problems(np.flatnonzero(where), code, field="state", message=message, expected=expected)


def _check_duplicates(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    n_rows, everywhere = len(rows.lesion), np.ones(len(rows.lesion), dtype=bool)
    first_cell, offset = history.cells()
    cell, n_cells = offset[rows.visit] + rows.lesion, int(first_cell[-1])
    if np.count_nonzero(any_by(cell, everywhere, n_cells)) == n_rows:
        return
    part, parts = ranked(report.frame["part"], empty="")
    modality, modalities = modalities_of(report.frame)
    modality = np.where(rows.role == number_of(LesionRole.NEW), modality, 0)  # seen on PET and on CT: two rows
    kind = part * len(modalities) + modality
    n_kinds = len(parts) * len(modalities)
    distinct, place = compress(cell * n_kinds + kind, n_cells * n_kinds)
    if len(distinct) == n_rows:
        return
    first = least_by(place, everywhere, np.arange(n_rows), len(distinct), otherwise=n_rows)[place]
    again = np.flatnonzero(first != np.arange(n_rows))
    lines = rows.line[first[again]] + FIRST_DATA_ROW
    texts = np.where(history.visits.is_dated[rows.visit[again]], _TWICE_UNLABELLED, _TWICE)
    message = [text.replace("ROW", str(line)) for text, line in zip(texts.tolist(), lines.tolist(), strict=True)]
    yield from report.problems(again, "duplicate_row", field="lesion", message=message, expected="one row")


def _check_new_at_baseline(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    is_new = (rows.role == number_of(LesionRole.NEW)) & ~history.visits.is_follow_up[rows.visit]
    is_seen = (rows.finding != number_of(Finding.ABSENT)) & (rows.finding != number_of(Finding.NOT_EVALUATED))
    message = "lesion {lesion} is called new at baseline; make it a target or non-target lesion"
    at = np.flatnonzero(is_new & is_seen)
    yield from report.problems(at, "new_at_baseline", field="role", message=message, expected="target or non_target")
