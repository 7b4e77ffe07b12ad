"""Checks of baseline and of the dates of time points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.response.arrays import least_by
from recist.response.checks.standing import check_standing, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates


def check_dates(report: Report, dates: SubjectDates, options: Options) -> Iterator[Problem]:
    """Find series with two baselines, scans of one time point far apart, and visits that do not fit other dates."""
    rows = report.history.rows
    everywhere = np.ones(len(rows.visit), dtype=bool)
    n_visits = report.history.courses.n_visits
    n_rows = len(rows.visit)
    first_row = least_by(rows.visit, everywhere, np.arange(n_rows), n_visits, otherwise=n_rows)
    yield from _check_one_baseline(report, first_row, options)
    yield from _check_order(report, first_row)
    yield from _check_start(report, first_row, dates, options)
    yield from check_standing(report, first_row, dates)


def _check_one_baseline(report: Report, first_row: Ints, options: Options) -> Iterator[Problem]:
    visits = report.history.visits
    is_second = visits.is_labelled_baseline & ~visits.is_baseline
    for visit in np.flatnonzero(is_second):
        message = "this reader already has a baseline of another spelling or date; name only one time point baseline"
        other = visits.label[visits.baseline_of_visit[visit]]
        yield report.error(
            first_row[visit], field="timepoint", code="two_baselines", message=message, expected=f"only {other}"
        )
    for visit in np.flatnonzero(visits.last_day - visits.first_day > options.tp_window_days):
        found = f"{iso(visits.first_day[visit])} to {iso(visits.last_day[visit])}"
        expected = f"scans within {options.tp_window_days} days"
        if visits.is_baseline[visit]:
            message = (
                "the baseline has scans that lie too far apart to be one time point; keep the last before the start"
            )
            yield report.error(
                first_row[visit], field="date", code="two_baselines", message=message, found=found, expected=expected
            )
        else:
            message = f"the scans of time point {visits.label[visit]} lie far apart; check the dates"
            yield report.warning(
                first_row[visit], field="date", code="wide_time_point", message=message, found=found, expected=expected
            )


def _check_order(report: Report, first_row: Ints) -> Iterator[Problem]:
    visits = report.history.visits
    for visit in np.flatnonzero(~visits.is_follow_up & ~visits.is_baseline & ~visits.is_labelled_baseline):
        baseline = visits.first_day[visits.baseline_of_visit[visit]]
        message = f"time point {visits.label[visit]} lies before baseline and is not scored; check its date"
        yield report.warning(
            first_row[visit], field="date", code="before_baseline", message=message, expected=f"after {iso(baseline)}"
        )


def _check_start(report: Report, first_row: Ints, dates: SubjectDates, options: Options) -> Iterator[Problem]:
    visits = report.history.visits
    first, last = visits.first_day[visits.baseline], visits.last_day[visits.baseline]
    for series in np.flatnonzero(dates.has_start_date & (last > dates.start_date)):
        message = "the baseline scan is later than the start; a baseline must come before it, correct the dates"
        yield report.error(
            first_row[visits.baseline[series]],
            field="date",
            code="baseline_after_start",
            message=message,
            found=iso(last[series]),
            expected=f"no later than {iso(dates.start_date[series])}",
        )
    is_old = dates.has_start_date & (dates.start_date - first > options.baseline_window_days)
    for series in np.flatnonzero(is_old):
        age = int(dates.start_date[series] - first[series])
        message = f"the baseline scan is {age} days older than the start; it is used, but look at it"
        yield report.warning(
            first_row[visits.baseline[series]],
            field="date",
            code="old_baseline",
            message=message,
            found=iso(first[series]),
            expected=f"at most {options.baseline_window_days} days before {iso(dates.start_date[series])}",
        )
