"""Responses that a reader should look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.problems import Problem
from recist.response.arrays import any_by
from recist.response.checks.table import severity_of
from recist.response.history import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.overall import OverallCourse
    from recist.response.standing import Standing

_SINGLE_NODE = "one target node that grew again is the only sign of disease after CR; have a reader confirm it"
_LESS_THAN_CR = "disease is seen after a CR and the option post_cr leaves the response as it is; was the CR true?"
_NOTHING_SEEN = (
    "less than CR follows a CR and no lesion is seen again: something was not evaluated, or a tumour marker is not "
    "known to be normal; this is no PD, but from overall responses alone (recist best) it would be"
)
_SMALL_NODES = "nodes grew enough for PD while all are of normal size; the response stays by the option"


def check_review(file: str, history: History, overall: OverallCourse, standing: Standing) -> Iterator[Problem]:
    """List visits whose response rests on a choice a reader should know of, and target lesions without a row."""
    reviews = (
        ("single_node_after_cr", _SINGLE_NODE, overall.is_single_node),
        ("less_than_cr_after_cr", _LESS_THAN_CR, overall.is_less_than_cr),
        ("nothing_seen_after_cr", _NOTHING_SEEN, overall.is_nothing_seen & standing.counts),
        ("small_node_growth", _SMALL_NODES, overall.target.is_small_node_growth),
    )
    for code, message, holds in reviews:
        for visit in np.flatnonzero(holds & history.visits.is_follow_up):
            yield Problem(
                file=file,
                subject=str(history.subject[history.courses.course[visit]]),
                field="timepoint",
                severity=severity_of(code),
                code=code,
                found=str(history.visits.label[visit]),
                expected="the look of a reader",
                message=message,
            )
    expected = standing.counts & ~standing.is_after_progression
    for visit, lesion in zip(*_find_missing_rows(history, overall, expected), strict=True):
        name, label = history.lesions.name[lesion], history.visits.label[visit]
        yield Problem(
            file=file,
            subject=str(history.subject[history.courses.course[visit]]),
            field="lesion",
            severity=severity_of("target_without_row"),
            code="target_without_row",
            found=f"{name} at {label}",
            expected="a size or a state",
            message=f"target lesion {name} has no row at time point {label}; add one with its size or its state",
        )


def _find_missing_rows(history: History, overall: OverallCourse, expected: Bools) -> tuple[Ints, Ints]:
    """Find the target lesions that have no row at visits with an incomplete sum, and no value that covers them."""
    rows, lesions, merges = history.rows, history.lesions, history.merges
    sums = overall.target.sums
    is_incomplete = expected & ~sums.is_complete & (sums.n_targets > 0)
    visit = np.flatnonzero(is_incomplete)
    if not len(visit):
        return visit, visit
    at_baseline = any_by(rows.lesion, history.visits.is_baseline[rows.visit], len(lesions.role))
    target = np.flatnonzero((lesions.role == number_of(LesionRole.TARGET)) & at_baseline)
    first = np.searchsorted(lesions.series[target], np.arange(len(history.subject) + 1))
    series = history.courses.course[visit]
    number = first[series + 1] - first[series]
    at = np.repeat(visit, number)
    place = np.arange(len(at)) - np.repeat(np.cumsum(number) - number, number)
    lesion = target[np.repeat(first[series], number) + place]
    n_lesions, own = len(lesions.role), np.flatnonzero(is_incomplete[rows.visit])
    there = rows.visit[own] * n_lesions + rows.lesion[own]
    covered = rows.visit[merges.row] * n_lesions + merges.lesion
    is_missing = ~np.isin(at * n_lesions + lesion, np.concatenate((there, covered)))
    is_missing &= history.visits.last_day[at] < lesions.treated_day[lesion]
    return at[is_missing], lesion[is_missing]
