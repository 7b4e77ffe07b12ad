"""Checks of the choice of target lesions: how many, how many in an organ, and whether they are measurable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import LesionRole
from recist.criteria.organs import organ_of
from recist.problems import Problem, Severity
from recist.response.arrays import compress
from recist.response.checks.measurable import check_measurable
from recist.response.checks.table import severity_of
from recist.response.choices import NodeOrgans, TargetLimits
from recist.response.history import number_of
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria
    from recist.response.arrays import Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options


def check_targets(report: Report, criteria: Criteria, options: Options) -> Iterator[Problem]:
    """Find too many targets, and targets that are not measurable."""
    history, rows = report.history, report.history.rows
    is_target = (rows.role == number_of(LesionRole.TARGET)) & history.visits.is_baseline[rows.visit]
    at = np.flatnonzero(is_target)
    first = np.empty(len(history.lesions.role), dtype=np.int64)
    first[rows.lesion[at][::-1]] = at[::-1]  # of values put in one place the last stays
    at = at[first[rows.lesion[at]] == at]  # one row a lesion
    yield from _check_numbers(report, at, options)
    yield from _check_organs(report, at, options)
    yield from check_measurable(report, at, criteria, options)
    yield from _check_thickness(report, at)


def _severity(options: Options) -> Severity:
    return Severity.ERROR if options.target_limits is TargetLimits.ERROR else Severity.WARNING


def _check_numbers(report: Report, at: Ints, options: Options) -> Iterator[Problem]:
    series = report.history.lesions.series[report.history.rows.lesion[at]]
    yield from report.problems(
        *_too_many(at, series, len(report.history.subject), options.max_targets, "too_many_targets"),
        field="role",
        message="there are more target lesions at baseline than the criteria allow; make the others non-target",
        found=[f"{number} targets" for number in _numbers(series, len(report.history.subject), options.max_targets)],
        expected=f"at most {options.max_targets}",
        severity=_severity(options),
    )


def _numbers(group: Ints, n_groups: int, most: int) -> Ints:
    """Count the members of the groups that have too many."""
    number = np.bincount(group, minlength=n_groups)
    return number[number > most]


def _too_many(at: Ints, group: Ints, n_groups: int, most: int, code: str) -> tuple[Ints, str]:
    """Find the first row of each group that has too many."""
    first = np.zeros(n_groups, dtype=np.int64)
    first[group[::-1]] = at[::-1]
    return first[np.bincount(group, minlength=n_groups) > most], code


def _check_organs(report: Report, at: Ints, options: Options) -> Iterator[Problem]:
    history = report.history
    lesion = history.rows.lesion[at]
    is_nodal = history.lesions.is_nodal[lesion]
    code, sites = ranked(report.frame["site"], empty="")
    by_site = options.node_organs is NodeOrgans.BY_SITE
    named = [[organ_of(site, nodal=nodal, nodes_by_site=by_site) for site in sites] for nodal in (False, True)]
    organs = sorted({organ for row in named for organ in row})
    numbered = {organ: number for number, organ in enumerate(organs)}
    place = np.array([[numbered[organ] for organ in row] for row in named], dtype=np.int64)
    organ = place[is_nodal.astype(np.int64), code[at]]
    is_named = np.array(organs, dtype=object)[organ] != ""
    at, organ, series = at[is_named], organ[is_named], history.lesions.series[lesion[is_named]]
    keys, group = compress(series * len(organs) + organ, len(history.subject) * len(organs))
    most = options.max_targets_per_organ
    names = [organs[key % len(organs)] for key in keys[np.bincount(group, minlength=len(keys)) > most]]
    yield from report.problems(
        *_too_many(at, group, len(keys), most, "too_many_targets_in_organ"),
        field="site",
        message=[
            f"there are more targets in one organ ({name}) than the criteria allow; paired organs are one"
            for name in names
        ],
        found=[f"{number} targets" for number in _numbers(group, len(keys), most)],
        expected=f"at most {most}",
        severity=_severity(options),
    )


def _check_thickness(report: Report, at: Ints) -> Iterator[Problem]:
    missing = int(report.frame["slice_thickness_mm"].isna().to_numpy()[at].sum())
    if missing:
        code = "slice_thickness_not_given"
        yield Problem(
            file=report.file,
            field="slice_thickness_mm",
            severity=severity_of(code),
            code=code,
            found=f"{missing} of {len(at)} baseline targets without",
            expected="a thickness in mm for each",
            message="whether targets are measurable was judged as on thin slices; give the slice thickness",
        )
