"""Checks of what must not change about a lesion, and of lesions that baseline does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.criteria.organs import LYMPH_NODES, is_known_organ, organ_of
from recist.response.arrays import any_by, least_by
from recist.response.encode import nodal_words
from recist.response.history import ROLES
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report


def check_lesions(report: Report) -> Iterator[Problem]:
    """Find lesions whose role, kind or organ changes, and lesions that were not recorded at baseline."""
    yield from _check_roles(report)
    yield from _check_nodal(report)
    yield from _check_sites(report)
    yield from _check_known_at_baseline(report)


def _check_roles(report: Report) -> Iterator[Problem]:
    rows, lesions = report.history.rows, report.history.lesions
    for row in np.flatnonzero(rows.role != lesions.role[rows.lesion]):
        role = ROLES[lesions.role[rows.lesion[row]]]
        message = f"lesion {report.lesion(row)} changes its role, which is fixed at baseline; correct one of the rows"
        yield report.error(row, field="role", code="role_changes", message=message, expected=str(role))


def _check_nodal(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    is_true, is_false = nodal_words(report.frame)
    n_lesions = len(history.lesions.role)
    both = any_by(rows.lesion, is_true, n_lesions) & any_by(rows.lesion, is_false, n_lesions)
    for row in np.flatnonzero(is_false & both[rows.lesion]):
        message = f"lesion {report.lesion(row)} is a node at another time point; nodes stay nodes, correct the flag"
        yield report.error(
            row, field="nodal", code="nodal_changes", message=message, expected="the same flag throughout"
        )
    code, sites = ranked(report.frame["site"], empty="")
    at_nodes = np.array([organ_of(site, nodal=False) == LYMPH_NODES for site in sites], dtype=bool)[code]
    for row in np.flatnonzero(at_nodes & is_false & ~both[rows.lesion]):
        message = f"lesion {report.lesion(row)} is at lymph nodes but flagged as no node; its long axis is scored"
        yield report.warning(row, field="nodal", code="node_not_flagged", message=message, expected="true")


def _reference_rows(report: Report, given: Bools) -> Ints:
    """Find for each row the row of the same lesion that counts: the earliest for which something is given."""
    history, rows = report.history, report.history.rows
    n_rows, n_lesions = len(rows.lesion), len(history.lesions.role)
    order = rows.visit * n_rows + np.arange(n_rows)
    never = n_rows * (history.courses.n_visits + 1)
    first = least_by(rows.lesion, given, order, n_lesions, otherwise=never)
    return (first % max(n_rows, 1))[rows.lesion]


def _check_sites(report: Report) -> Iterator[Problem]:
    code, sites = ranked(report.frame["site"], empty="")
    given = (sites != "")[code]
    reference = _reference_rows(report, given)
    for row in np.flatnonzero(given & (code != code[reference])):
        here, before = str(sites[code[row]]), str(sites[code[reference[row]]])
        organs = organ_of(here, nodal=False), organ_of(before, nodal=False)
        if organs[0] == organs[1]:
            continue
        message = f"lesion {report.lesion(row)} changes its organ; correct the site or the name of the lesion"
        make = report.error if all(is_known_organ(organ) for organ in organs) else report.warning
        yield make(row, field="site", code="site_changes", message=message, expected=before)


def _check_known_at_baseline(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    n_lesions = len(history.lesions.role)
    known = any_by(rows.lesion, history.visits.is_baseline[rows.visit], n_lesions)
    first = _reference_rows(report, np.ones(len(rows.lesion), dtype=bool))
    is_first = first == np.arange(len(first))
    for row in np.flatnonzero(is_first & ~known[rows.lesion]):
        role = ROLES[rows.role[row]]
        if role is LesionRole.TARGET:
            message = f"target lesion {report.lesion(row)} has no row at baseline; add one, or call the lesion new"
            yield report.error(row, field="lesion", code="target_without_baseline", message=message)
        elif role is LesionRole.NON_TARGET:
            message = f"non-target lesion {report.lesion(row)} has no row at baseline; is it a new lesion?"
            yield report.warning(row, field="lesion", code="non_target_without_baseline", message=message)
