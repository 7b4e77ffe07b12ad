"""Checks of what must not change about a lesion, and of lesions that baseline does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.criteria.organs import LYMPH_NODES, is_known_organ, organ_of
from recist.problems import Severity
from recist.response.arrays import any_by, least_by
from recist.response.encode import nodal_words
from recist.response.history import ROLES, number_of
from recist.response.modality import modalities_of
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report


def check_lesions(report: Report) -> Iterator[Problem]:
    """Find lesions whose role, kind, organ or method changes, and lesions that were not recorded at baseline."""
    yield from _check_roles(report)
    yield from _check_nodal(report)
    yield from _check_sites(report)
    yield from _check_modalities(report)
    yield from _check_known_at_baseline(report)


def _check_roles(report: Report) -> Iterator[Problem]:
    rows, lesions = report.history.rows, report.history.lesions
    at = np.flatnonzero(rows.role != lesions.role[rows.lesion])
    yield from report.problems(
        at,
        "role_changes",
        field="role",
        message="lesion {lesion} changes its role, which is fixed at baseline; correct one of the rows",
        expected=[str(ROLES[role]) for role in lesions.role[rows.lesion[at]]],
    )


def _check_nodal(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    is_true, is_false = nodal_words(report.frame)
    n_lesions = len(history.lesions.role)
    both = any_by(rows.lesion, is_true, n_lesions) & any_by(rows.lesion, is_false, n_lesions)
    yield from report.problems(
        np.flatnonzero(is_false & both[rows.lesion]),
        "nodal_changes",
        field="nodal",
        message="lesion {lesion} is a node at another time point; nodes stay nodes, correct the flag",
        expected="the same flag throughout",
    )
    code, sites = ranked(report.frame["site"], empty="")
    at_nodes = np.array([organ_of(site, nodal=False) == LYMPH_NODES for site in sites], dtype=bool)[code]
    yield from report.problems(
        np.flatnonzero(at_nodes & is_false & ~both[rows.lesion]),
        "node_not_flagged",
        field="nodal",
        message="lesion {lesion} is at lymph nodes but flagged as no node; its long axis is scored",
        expected="true",
    )


def _reference_rows(report: Report, given: Bools) -> Ints:
    """Find for each row the row of the same lesion that counts: the earliest for which something is given."""
    history, rows = report.history, report.history.rows
    n_rows, n_lesions = len(rows.lesion), len(history.lesions.role)
    order = rows.visit * n_rows
    order += np.arange(n_rows)
    never = n_rows * (history.courses.n_visits + 1)
    first = least_by(rows.lesion, given, order, n_lesions, otherwise=never)
    return (first % max(n_rows, 1))[rows.lesion]


def _check_sites(report: Report) -> Iterator[Problem]:
    code, sites = ranked(report.frame["site"], empty="")
    given = (sites != "")[code]
    before = code[_reference_rows(report, given)]
    at = np.flatnonzero(given & (code != before))
    if not len(at):
        return
    names = [organ_of(str(site), nodal=False) for site in sites]
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    organ = np.array([number[name] for name in names])
    is_known = np.array([is_known_organ(name) for name in names])
    at = at[organ[code[at]] != organ[before[at]]]
    both_known = is_known[code[at]] & is_known[before[at]]
    for rows, severity in ((at[both_known], Severity.ERROR), (at[~both_known], Severity.WARNING)):
        yield from report.problems(
            rows,
            "site_changes",
            field="site",
            message="lesion {lesion} changes its organ; correct the site or the name of the lesion",
            expected=[str(site) for site in sites[before[rows]]],
            severity=severity,
        )


def _check_modalities(report: Report) -> Iterator[Problem]:
    """Find lesions that are not assessed by the method of their first row; a new lesion may be seen on PET first."""
    rows = report.history.rows
    code, words = modalities_of(report.frame)
    if len(words) == 1:
        return
    is_lesion = np.isin(rows.role, [number_of(LesionRole.TARGET), number_of(LesionRole.NON_TARGET)])
    before = code[_reference_rows(report, np.ones(len(code), dtype=bool))]
    at = np.flatnonzero(is_lesion & (code != before))
    yield from report.problems(
        at,
        "modality_changes",
        field="modality",
        message="lesion {lesion} was assessed by another method before; sizes of two methods do not compare",
        found=[str(word) for word in words[code[at]]],
        expected=[str(word) for word in words[before[at]]],
    )


def _check_known_at_baseline(report: Report) -> Iterator[Problem]:
    history, rows = report.history, report.history.rows
    n_lesions = len(history.lesions.role)
    at_baseline, merges = history.visits.is_baseline[rows.visit], history.merges
    known = any_by(rows.lesion, at_baseline, n_lesions)
    known |= any_by(merges.lesion, at_baseline[merges.row], n_lesions)  # merged at baseline, apart later
    first = _reference_rows(report, np.ones(len(rows.lesion), dtype=bool))
    unknown = (first == np.arange(len(first))) & ~known[rows.lesion]
    faults = (
        (
            LesionRole.TARGET,
            "target_without_baseline",
            "target lesion {lesion} has no row at baseline; add one, or call the lesion new",
            "a row at baseline",
        ),
        (
            LesionRole.NON_TARGET,
            "non_target_without_baseline",
            "non-target lesion {lesion} has no row at baseline; is it a new lesion?",
            "a row at baseline, or the role new",
        ),
    )
    for role, code, message, expected in faults:
        at = np.flatnonzero(unknown & (rows.role == number_of(role)))
        yield from report.problems(at, code, field="lesion", message=message, expected=expected)
