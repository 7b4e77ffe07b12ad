"""Checks that only some criteria ask for: sites they speak of, and the size they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import CountedSize, Finding
from recist.response.arrays import any_by
from recist.response.counted_size import may_enhance
from recist.response.history import ROLES, number_of
from recist.response.quantise import PICOMETRES_PER_MM
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.criteria.site_rules import SiteRule
    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report

_MIXED = (
    "lesion {lesion} has an enhancing part at another time point and only its whole diameter here; give enhancing_mm "
    "(0 where nothing enhances), or the state not_evaluable"
)
_WHOLE = "no enhancing part of target lesion {lesion} is given; its whole diameter counts"
_AXIS = (
    "a node counts by its longest diameter here; of lesion {lesion} no long_axis_mm is given, so diameter_mm is used"
)


def check_by_criteria(report: Report, criteria: Criteria) -> Iterator[Problem]:
    """Find what the criteria in force ask to look at, besides what all of them do."""
    for rule in criteria.site_rules:
        yield from _check_site(report, rule)
    if criteria.counted_size is CountedSize.ENHANCING:
        yield from _check_enhancing(report)
    if not criteria.nodes_by_short_axis:
        yield from _check_long_axis(report)


def _check_site(report: Report, rule: SiteRule) -> Iterator[Problem]:
    """Find lesions at the sites of a rule, each by its first row."""
    rows, lesions = report.history.rows, report.history.lesions
    code, sites = ranked(report.frame["site"], empty="")
    is_meant = np.array([rule.names(str(site)) for site in sites], dtype=bool)[code]
    is_meant &= np.isin(rows.role, [number for number, role in enumerate(ROLES) if role in rule.roles])
    is_meant &= np.isin(lesions.is_nodal[rows.lesion], list(rule.nodal))
    if rule.below is not None:
        below = rule.below.whole * PICOMETRES_PER_MM
        is_meant &= (rows.size_picometres > 0) & (rows.size_picometres < below)
    is_first = np.zeros(len(rows.lesion), dtype=bool)
    is_first[_first_rows(report)] = True
    expected = f"at least {rule.below.whole} mm" if rule.below is not None else ""
    found = np.flatnonzero(is_meant & is_first)
    yield from report.problems(found, rule.code, field="site", message=rule.message, expected=expected)


def _check_enhancing(report: Report) -> Iterator[Problem]:
    """Find targets whose enhancing part is given at some time points only, or at none."""
    rows, n_lesions = report.history.rows, len(report.history.lesions.role)
    counts = may_enhance(rows.role, report.history.lesions.is_nodal[rows.lesion])
    counts &= rows.finding == number_of(Finding.MEASURED)
    is_given = report.frame["enhancing_mm"].notna().to_numpy()
    has_part = any_by(rows.lesion, counts & is_given, n_lesions)
    mixed = np.flatnonzero(counts & ~is_given & has_part[rows.lesion])
    whole = np.flatnonzero(counts & ~has_part[rows.lesion] & report.history.visits.is_baseline[rows.visit])
    field = "enhancing_mm"
    yield from report.problems(mixed, "enhancing_not_given", field=field, message=_MIXED, expected="a diameter in mm")
    yield from report.problems(whole, "whole_lesion_counted", field=field, message=_WHOLE)


def _check_long_axis(report: Report) -> Iterator[Problem]:
    """Find target nodes whose scored diameter may be a short axis."""
    rows, lesions = report.history.rows, report.history.lesions
    is_measured: Bools = rows.finding == number_of(Finding.MEASURED)
    is_unclear = lesions.is_nodal[rows.lesion] & is_measured & report.frame["long_axis_mm"].isna().to_numpy()
    yield from report.problems(
        np.flatnonzero(is_unclear),
        "node_axis_not_known",
        field="long_axis_mm",
        message=_AXIS,
        expected="the longest diameter",
    )


def _first_rows(report: Report) -> Ints:
    """Find the earliest row of each lesion."""
    rows = report.history.rows
    order = np.lexsort((rows.visit, rows.lesion))
    _, first = np.unique(rows.lesion[order], return_index=True)
    return order[first]
