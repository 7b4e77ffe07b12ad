"""Shrinkage and growth rate of the sum of target lesions: numbers for people, which decide no response.

The tumour growth rate takes volume to grow with the cube of the sum of diameters: TG = 3 ln(D/D₀) / months and
TGR = 100 (exp(TG) - 1), in percent of the volume a month (Ferte et al., Clin Cancer Res 2014; 20: 246-252). D is the
scored sum: longest diameters, and short axes of nodes where the criteria count nodes so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.criteria.growth import AIM_MONTHS, AIM_WINDOW_MONTHS, DIAMETERS_PER_VOLUME, LEAST_INTERVAL
from recist.response.arrays import NOWHERE, least_by
from recist.response.eligibility import derive_eligible, is_up_to
from recist.response.target import NO_SUM

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Floats, Ints
    from recist.response.best import Best
    from recist.response.course import ResponseCourse
    from recist.response.history import History
    from recist.response.options import Options
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates
    from recist.response.target import Sums

DAYS_PER_MONTH = 30.4375
PERCENT = 100
DECIMALS = 2
FAR = 2**40  # later than every distance in days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Growth:
    """How the sums change; NaN where that is not defined, in percent or percent of the volume a month.

    Attributes
    ----------
    from_baseline : numpy.ndarray
        Growth rate from baseline to each visit; shape (n_visits,).
    at_3_months, before_start : numpy.ndarray
        Growth rate to the visit at 3 months, and from the scan before baseline to baseline; shape (n_series,).
    depth : numpy.ndarray
        Best change of the sum from baseline; shape (n_series,).
    early_shrinkage : numpy.ndarray
        Change of the sum at the first visit of the window of early shrinkage; shape (n_series,).
    """

    from_baseline: Floats
    at_3_months: Floats
    before_start: Floats
    depth: Floats
    early_shrinkage: Floats

    def visit_columns(self) -> dict[str, Any]:
        """Give the columns of the table ``responses``, one entry a visit."""
        return {"tgr_from_baseline_pct_per_month": self.from_baseline.round(DECIMALS)}

    def series_columns(self) -> dict[str, Any]:
        """Give the columns of the table ``best_responses``."""
        columns = {
            "depth_of_response_pct": self.depth,
            "early_tumour_shrinkage_pct": self.early_shrinkage,
            "tgr_3_months_pct_per_month": self.at_3_months,
            "tgr_before_start_pct_per_month": self.before_start,
        }
        return {name: values.round(DECIMALS) for name, values in columns.items()}


def compute_growth_rate(first_mm: Floats, later_mm: Floats, months: Floats) -> Floats:
    """Compute the tumour growth rate between two sums.

    Parameters
    ----------
    first_mm, later_mm : numpy.ndarray
        Sums of the same lesions, in the same unit.
    months : numpy.ndarray
        Time between them.

    Returns
    -------
    numpy.ndarray
        Percent of the volume a month; NaN where a sum is not above zero or no time passed.

    Examples
    --------
    >>> compute_growth_rate(np.array([100.0]), np.array([110.0]), np.array([3.0])).round(6).tolist()
    [10.0]
    """
    is_defined = (first_mm > 0) & (later_mm > 0) & (months > 0)
    ratio = np.where(is_defined, later_mm, 1) / np.where(is_defined, first_mm, 1)
    growth = DIAMETERS_PER_VOLUME.whole * np.log(ratio) / np.where(is_defined, months, 1)
    rate: Floats = np.where(is_defined, PERCENT * np.expm1(growth), np.nan)
    return rate


def derive_growth(
    history: History, sums: Sums, judged: tuple[ResponseCourse, Standing, Best], dates: SubjectDates, options: Options
) -> Growth:
    """Derive every number about shrinkage and growth.

    Visits count as they do for the best response: after the start, up to the first PD, before new therapy; and only
    with complete sums.
    """
    course, standing, best = judged
    courses, visits = history.courses, history.visits
    is_complete = sums.is_complete & (sums.total != NO_SUM)
    up_to_pd = standing.counts & is_up_to(courses, best.first_pd)
    counts = derive_eligible(course, up_to_pd, dates, options) & is_complete & (sums.baseline > 0)
    baseline = visits.baseline_of_visit
    days = sums.last_day - sums.last_day[baseline]
    pairs = is_complete & is_complete[baseline]
    rate = _rate(sums, baseline, np.arange(courses.n_visits), pairs & visits.is_follow_up)
    from_start = visits.last_day - dates.start[courses.course]
    return Growth(
        from_baseline=rate,
        at_3_months=_at(rate, courses.first(counts & _is_nearest_to_aim(history, days, counts))),
        before_start=_rate_before(history, sums, is_complete),
        depth=_change(sums, courses.first(counts & _is_least(history, sums.total, counts))),
        early_shrinkage=_change(sums, courses.first(counts & _is_early(from_start, options))),
    )


def _rate(sums: Sums, first: Ints, later: Ints, where: Bools) -> Floats:
    """Give the growth rate between pairs of visits, by the days of the scans that show the targets."""
    days = np.where(where, sums.last_day[later] - sums.last_day[first], 0)
    months = np.where(days >= LEAST_INTERVAL.whole, days, 0) / DAYS_PER_MONTH
    return compute_growth_rate(sums.total[first].astype(float), sums.total[later].astype(float), months)


def _rate_before(history: History, sums: Sums, is_complete: Bools) -> Floats:
    """Give the growth rate to baseline from the last earlier scan of the same targets."""
    visits, courses = history.visits, history.courses
    before = courses.last(is_complete & ~visits.is_follow_up & ~visits.is_baseline)
    where = (before != NOWHERE) & is_complete[visits.baseline]
    return _rate(sums, np.where(where, before, visits.baseline), visits.baseline, where)


def _is_nearest_to_aim(history: History, days: Ints, counts: Bools) -> Bools:
    """Say which visits are nearest to 3 months after baseline, and near enough."""
    courses = history.courses
    distance = np.abs(days - float(AIM_MONTHS.value) * DAYS_PER_MONTH)
    is_near = counts & (distance <= float(AIM_WINDOW_MONTHS.value) * DAYS_PER_MONTH)
    least = np.full(courses.n_courses, np.inf)
    np.minimum.at(least, courses.course[is_near], distance[is_near])
    nearest: Bools = is_near & (distance == least[courses.course])
    return nearest


def _is_least(history: History, total: Ints, counts: Bools) -> Bools:
    """Say which visits have the smallest sum of their series."""
    courses = history.courses
    least = least_by(courses.course, counts, total, courses.n_courses, otherwise=FAR)
    is_least: Bools = total == least[courses.course]
    return is_least


def _is_early(days: Ints, options: Options) -> Bools:
    """Say which visits lie in the window of early shrinkage."""
    early: Bools = np.abs(days - options.early_shrinkage_days) <= options.early_shrinkage_window_days
    return early


def _at(values: Floats, visit: Ints) -> Floats:
    """Take values at visits; NaN where there is none."""
    return np.append(values, np.nan)[np.where(visit == NOWHERE, len(values), visit)]


def _change(sums: Sums, visit: Ints) -> Floats:
    """Give the change of the sum from baseline at visits, in percent; NaN where there is none."""
    baseline = np.maximum(sums.baseline, 1)
    return _at(PERCENT * (sums.total - baseline) / baseline, visit)
