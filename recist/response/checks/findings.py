"""Checks of what is recorded about each lesion at one time point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.criteria.states import FINDINGS as FINDING_OF
from recist.response.arrays import NOWHERE, compress, least_by
from recist.response.history import ROLES, number_of
from recist.response.quantise import NO_SIZE
from recist.response.words import ranked
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.checks.report import Report


def check_findings(report: Report) -> Iterator[Problem]:
    """Find states that do not fit, sizes that are missing or too many, rows given twice and lesions out of place."""
    yield from check_states_and_sizes(report)
    yield from _check_duplicates(report)
    yield from _check_merges(report)
    yield from _check_new_at_baseline(report)


def check_states_and_sizes(report: Report) -> Iterator[Problem]:
    """Find states that do not fit the role, and sizes that do not fit the state."""
    yield from _check_states(report)
    yield from _check_sizes(report)


def _check_states(report: Report) -> Iterator[Problem]:
    rows = report.history.rows
    for row in np.flatnonzero(rows.finding == NOWHERE):
        role = ROLES[rows.role[row]]
        states = ", ".join(FINDING_OF[role])
        if report.cell(row, "state"):
            message = f"this is no state of a {role} lesion; use one of those expected"
            yield report.error(row, field="state", code="state_not_for_role", message=message, expected=states)
        else:
            message = f"lesion {report.lesion(row)} has neither a state nor a size; a missing value is never zero"
            yield report.error(row, field="state", code="empty_state", message=message, expected=states)


def _check_sizes(report: Report) -> Iterator[Problem]:
    rows = report.history.rows
    has_size = rows.size_picometres != NO_SIZE
    needs = "a size in mm, or the state absent, too_small, not_evaluable or not_done"
    for row in np.flatnonzero((rows.finding == number_of(Finding.MEASURED)) & ~has_size):
        axis = "short_axis_mm" if report.history.lesions.is_nodal[rows.lesion[row]] else "long_axis_mm"
        message = f"lesion {report.lesion(row)} is measured but has no size; fill in diameter_mm or {axis}"
        yield report.error(row, field="diameter_mm", code="missing_diameter", message=message, expected=needs)
    is_absent = rows.finding == number_of(Finding.ABSENT)
    for row in np.flatnonzero(is_absent & (rows.size_picometres > 0)):
        message = f"lesion {report.lesion(row)} is absent and has a size; correct the state or empty the size"
        yield report.error(row, field="state", code="absent_with_size", message=message, expected="measured")
    for row in np.flatnonzero((rows.finding == number_of(Finding.NOT_EVALUATED)) & has_size):
        message = f"lesion {report.lesion(row)} was not evaluated, so its size is not used; correct the state if it was"
        yield report.warning(row, field="state", code="size_not_used", message=message, expected="measured")


def _check_duplicates(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    part, parts = ranked(report.frame["part"], empty="")
    n_lesions, n_rows = len(history.lesions.role), len(rows.lesion)
    pair = rows.visit * n_lesions + rows.lesion
    distinct, place = compress(pair * len(parts) + part, history.courses.n_visits * n_lesions * len(parts))
    if len(distinct) == n_rows:
        return
    first = least_by(place, np.ones(n_rows, dtype=bool), np.arange(n_rows), len(distinct), otherwise=n_rows)[place]
    for row in np.flatnonzero(first != np.arange(n_rows)):
        line = int(rows.line[first[row]]) + FIRST_DATA_ROW
        message = (
            f"lesion {report.lesion(row)} already has a row for this reader and time point (row {line}); "
            "keep one, or name the parts of a split lesion in the column part"
        )
        yield report.error(row, field="lesion", code="duplicate_row", message=message, expected="one row")


def _check_merges(report: Report) -> Iterator[Problem]:
    """Find covered lesions that do not exist, that a target's value does not cover, or that have a size as well."""
    history, rows, merges = report.history, report.history.rows, report.history.merges
    for row, name in merges.unknown:
        message = f"this series has no lesion {name!r} that the value could cover; correct the name"
        yield report.error(row, field="covers", code="unknown_lesion", message=message, expected="names of lesions")
    target = number_of(LesionRole.TARGET)
    is_foreign = (history.lesions.role[merges.lesion] == target) & (rows.role[merges.row] != target)
    for row in np.unique(merges.row[is_foreign]):
        message = f"lesion {report.lesion(row)} is no target and cannot cover one; record the mass as the target"
        yield report.error(row, field="covers", code="target_covered_by_other", message=message, expected="a target")
    n_lesions = len(history.lesions.role)
    covered = rows.visit[merges.row] * n_lesions + merges.lesion
    sized = np.flatnonzero((rows.role == target) & (rows.size != NO_SIZE)) if len(covered) else merges.row
    for row in sized[np.isin(rows.visit[sized] * n_lesions + rows.lesion[sized], covered)]:
        message = f"lesion {report.lesion(row)} has a size and is covered by another value; the mass would count twice"
        yield report.error(row, field="diameter_mm", code="covered_and_measured", message=message, expected="no size")


def _check_new_at_baseline(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    is_new = (rows.role == number_of(LesionRole.NEW)) & ~history.visits.is_follow_up[rows.visit]
    for row in np.flatnonzero(is_new & (rows.finding != number_of(Finding.ABSENT))):
        message = f"lesion {report.lesion(row)} is called new at baseline; make it a target or non-target lesion"
        yield report.error(row, field="role", code="new_at_baseline", message=message, expected="target or non_target")
