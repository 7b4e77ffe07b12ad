"""Checks of baseline and of the dates of time points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.response.arrays import least_by
from recist.response.checks.labels import check_labels
from recist.response.checks.standing import check_standing, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

_SECOND_BASELINE = "this reader already has a baseline of another spelling or date; name only one time point baseline"
_WIDE_BASELINE = "the baseline has scans that lie too far apart to be one time point; keep the last before the start"
_AFTER_START = "the baseline scan is later than the start; a baseline must come before it, correct the dates"


def check_dates(report: Report, dates: SubjectDates, options: Options) -> Iterator[Problem]:
    """Find series with two baselines, scans of one time point far apart, and visits that do not fit other dates."""
    rows = report.history.rows
    everywhere = np.ones(len(rows.visit), dtype=bool)
    n_visits = report.history.courses.n_visits
    n_rows = len(rows.visit)
    first_row = least_by(rows.visit, everywhere, np.arange(n_rows), n_visits, otherwise=n_rows)
    yield from _check_one_baseline(report, first_row, options)
    yield from _check_before_baseline(report, first_row)
    yield from check_labels(report, first_row)
    yield from _check_start(report, first_row, dates, options)
    yield from check_standing(report, first_row, dates, options)


def _check_one_baseline(report: Report, first_row: Ints, options: Options) -> Iterator[Problem]:
    visits = report.history.visits
    second = np.flatnonzero(visits.is_labelled_baseline & ~visits.is_baseline)
    yield from report.problems(
        first_row[second],
        "two_baselines",
        field="timepoint",
        message=_SECOND_BASELINE,
        expected=[f"only {label}" for label in visits.label[visits.baseline_of_visit[second]]],
    )
    is_wide = visits.last_day - visits.first_day > options.tp_window_days
    for code, at in (
        ("two_baselines", np.flatnonzero(is_wide & visits.is_baseline)),
        ("wide_time_point", np.flatnonzero(is_wide & ~visits.is_baseline)),
    ):
        far_apart = [f"the scans of time point {label} lie far apart; check the dates" for label in visits.label[at]]
        yield from report.problems(
            first_row[at],
            code,
            field="date",
            message=_WIDE_BASELINE if code == "two_baselines" else far_apart,
            found=[f"{iso(visits.first_day[visit])} to {iso(visits.last_day[visit])}" for visit in at],
            expected=f"scans within {options.tp_window_days} days",
        )


def _check_before_baseline(report: Report, first_row: Ints) -> Iterator[Problem]:
    visits = report.history.visits
    at = np.flatnonzero(~visits.is_follow_up & ~visits.is_baseline & ~visits.is_labelled_baseline)
    yield from report.problems(
        first_row[at],
        "before_baseline",
        field="date",
        message=[
            f"time point {label} lies before baseline and is not scored; check its date" for label in visits.label[at]
        ],
        expected=[f"after {iso(day)}" for day in visits.first_day[visits.baseline_of_visit[at]]],
    )


def _check_start(report: Report, first_row: Ints, dates: SubjectDates, options: Options) -> Iterator[Problem]:
    visits = report.history.visits
    first, last = visits.first_day[visits.baseline], visits.last_day[visits.baseline]
    late = np.flatnonzero(dates.has_start_date & (last > dates.start_date))
    yield from report.problems(
        first_row[visits.baseline[late]],
        "baseline_after_start",
        field="date",
        message=_AFTER_START,
        found=[iso(day) for day in last[late]],
        expected=[f"no later than {iso(day)}" for day in dates.start_date[late]],
    )
    age_days = dates.start_date - first
    old = np.flatnonzero(dates.has_start_date & (age_days > options.baseline_window_days))
    yield from report.problems(
        first_row[visits.baseline[old]],
        "old_baseline",
        field="date",
        message=[
            f"the baseline scan is {age} days older than the start; it is used, but look at it" for age in age_days[old]
        ],
        found=[iso(day) for day in first[old]],
        expected=[f"at most {options.baseline_window_days} days before {iso(day)}" for day in dates.start_date[old]],
    )
