"""Checks of values that cover several lesions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.response.history import number_of
from recist.response.quantise import NO_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Bools
    from recist.response.checks.report import Report
    from recist.response.history import History


def find_covered(history: History) -> Bools:
    """Say which rows are of a lesion that the value of another row of the visit covers."""
    rows, merges, n_lesions = history.rows, history.merges, len(history.lesions.role)
    covered = rows.visit[merges.row] * n_lesions + merges.lesion
    return np.isin(rows.visit * n_lesions + rows.lesion, covered)


def check_merges(report: Report) -> Iterator[Problem]:
    """Find covered lesions that do not exist, that a target's value does not cover, or that have a size as well."""
    history, rows, merges = report.history, report.history.rows, report.history.merges
    yield from report.problems(
        [row for row, _ in merges.unknown],
        "unknown_lesion",
        field="covers",
        message=[
            f"this series has no lesion {name!r} that the value could cover; correct the name"
            for _, name in merges.unknown
        ],
        expected="names of lesions",
    )
    if not len(merges.row):
        return
    target = number_of(LesionRole.TARGET)
    is_foreign = (history.lesions.role[merges.lesion] == target) & (rows.role[merges.row] != target)
    yield from report.problems(
        np.unique(merges.row[is_foreign]),
        "target_covered_by_other",
        field="covers",
        message="lesion {lesion} is no target and cannot cover one; record the mass as the target",
        expected="a target",
    )
    sized = np.flatnonzero((rows.role == target) & (rows.size != NO_SIZE) & find_covered(history))
    is_given = rows.size_picometres[sized] != NO_SIZE
    for at, field, what in ((sized[is_given], "diameter_mm", "size"), (sized[~is_given], "state", "state")):
        yield from report.problems(
            at,
            "covered_and_measured",
            field=field,
            message=f"lesion {{lesion}} has a {what} of its own and is covered by another value; it would count twice",
            expected="no size" if field == "diameter_mm" else "not_evaluable, or no row",
        )
    yield from _check_covered_twice(report)


def _check_covered_twice(report: Report) -> Iterator[Problem]:
    """Find lesions that the values of two rows cover at one time point."""
    rows, merges = report.history.rows, report.history.merges
    pair = rows.visit[merges.row] * len(report.history.lesions.role) + merges.lesion
    own, first = np.unique(np.stack((pair, merges.row)), axis=1, return_index=True)
    again = np.flatnonzero(own[0, 1:] == own[0, :-1]) + 1
    names = report.history.lesions.name[merges.lesion[first[again]]]
    yield from report.problems(
        own[1, again],
        "covered_twice",
        field="covers",
        message=[f"lesion {name} is covered by the value of another row too; name it in one of them" for name in names],
        expected="every lesion once",
    )
