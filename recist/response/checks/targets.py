"""Checks of the choice of target lesions: how many, how many in an organ, and whether they are measurable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import Finding, LesionRole
from recist.criteria.organs import organ_of
from recist.problems import Problem, Severity
from recist.response.arrays import compress
from recist.response.choices import NodeSliceRule, TargetLimits
from recist.response.history import number_of
from recist.response.quantise import PICOMETRES_PER_MM, to_picometres
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options


def check_targets(report: Report, criteria: Criteria, options: Options) -> Iterator[Problem]:
    """Find too many targets, and targets that are not measurable."""
    history, rows = report.history, report.history.rows
    is_target = (rows.role == number_of(LesionRole.TARGET)) & history.visits.is_baseline[rows.visit]
    at = np.flatnonzero(is_target)
    _, first = np.unique(rows.lesion[at], return_index=True)
    at = at[np.sort(first)]  # one row a lesion
    yield from _check_numbers(report, at, options)
    yield from _check_organs(report, at, options)
    yield from _check_measurable(report, at, criteria, options)
    yield from _check_thickness(report, at)


def _check_numbers(report: Report, at: Ints, options: Options) -> Iterator[Problem]:
    series = report.history.lesions.series[report.history.rows.lesion[at]]
    number = np.bincount(series, minlength=len(report.history.subject))
    make = report.error if options.target_limits is TargetLimits.ERROR else report.warning
    for one in np.flatnonzero(number > options.max_targets):
        row = int(at[np.flatnonzero(series == one)[0]])
        yield make(
            row,
            field="role",
            code="too_many_targets",
            message="there are more target lesions at baseline than the criteria allow; make the others non-target",
            found=f"{number[one]} targets",
            expected=f"at most {options.max_targets}",
        )


def _check_organs(report: Report, at: Ints, options: Options) -> Iterator[Problem]:
    history = report.history
    lesion = history.rows.lesion[at]
    is_nodal = history.lesions.is_nodal[lesion]
    code, sites = ranked(report.frame["site"], empty="")
    named = [[organ_of(site, nodal=nodal) for site in sites] for nodal in (False, True)]
    organs = sorted({organ for row in named for organ in row})
    place = np.array([[organs.index(organ) for organ in row] for row in named], dtype=np.int64)
    organ = place[is_nodal.astype(np.int64), code[at]]
    keys, group = compress(history.lesions.series[lesion] * len(organs) + organ, len(history.subject) * len(organs))
    number = np.bincount(group, minlength=len(keys))
    make = report.error if options.target_limits is TargetLimits.ERROR else report.warning
    for one in np.flatnonzero(number > options.max_targets_per_organ):
        name = organs[keys[one] % len(organs)]
        if not name:
            continue
        yield make(
            int(at[np.flatnonzero(group == one)[0]]),
            field="site",
            code="too_many_targets_in_organ",
            message=f"there are more targets in one organ ({name}) than the criteria allow; paired organs are one",
            found=f"{number[one]} targets",
            expected=f"at most {options.max_targets_per_organ}",
        )


def _thresholds(report: Report, at: Ints, is_nodal: Bools, criteria: Criteria, options: Options) -> Ints:
    """Give the least measurable size of each baseline target, in picometres: raised by thick slices."""
    fixed = np.where(is_nodal, criteria.measurable_node.whole, criteria.measurable_lesion.whole) * PICOMETRES_PER_MM
    slices = to_picometres(report.frame["slice_thickness_mm"].to_numpy()[at]) * criteria.measurable_slices.whole
    if options.node_slice_rule is NodeSliceRule.OFF:
        slices = np.where(is_nodal, 0, slices)
    thresholds: Ints = np.maximum(fixed, slices)
    return thresholds


def _check_measurable(report: Report, at: Ints, criteria: Criteria, options: Options) -> Iterator[Problem]:
    rows, lesions = report.history.rows, report.history.lesions
    is_nodal = lesions.is_nodal[rows.lesion[at]]
    size, threshold = rows.size_picometres[at], _thresholds(report, at, is_nodal, criteria, options)
    is_evaluated = rows.finding[at] != number_of(Finding.NOT_EVALUATED)
    for place in np.flatnonzero((size < threshold) & is_evaluated):
        row, least = int(at[place]), threshold[place] / PICOMETRES_PER_MM
        what, advice = "not measurable at baseline", "record it as non-target"
        if is_nodal[place] and size[place] < criteria.normal_node.whole * PICOMETRES_PER_MM:
            what, advice = "a node of normal size", "do not record it as disease"
        elif is_nodal[place]:
            what = "a pathological but not measurable node"
        yield report.warning(
            row,
            field="diameter_mm",
            code="target_not_measurable",
            message=f"target lesion {report.lesion(row)} is {what}; {advice}",
            found=f"{max(size[place], 0) / PICOMETRES_PER_MM:g}",
            expected=f"at least {least:g} mm {'short' if is_nodal[place] else 'long'} axis",
        )
    for place in np.flatnonzero(~is_evaluated):
        row = int(at[place])
        message = (
            f"target lesion {report.lesion(row)} has no value at baseline; there is no baseline sum to compare with"
        )
        yield report.warning(row, field="state", code="no_baseline_value", message=message, expected="a size")


def _check_thickness(report: Report, at: Ints) -> Iterator[Problem]:
    missing = int(report.frame["slice_thickness_mm"].isna().to_numpy()[at].sum())
    if missing:
        yield Problem(
            file=report.file,
            field="slice_thickness_mm",
            severity=Severity.WARNING,
            code="slice_thickness_not_given",
            found=f"{missing} of {len(at)} baseline targets without",
            message="whether targets are measurable was judged as on thin slices; give the slice thickness",
        )
