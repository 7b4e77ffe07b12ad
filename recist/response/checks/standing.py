"""Checks of visits and subjects' dates against baseline, start, death and cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.problems import Severity
from recist.response.choices import SameDate
from recist.response.history import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Bools, Ints
    from recist.response.checks.report import Report
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates


class _Finding(NamedTuple):
    """The visits a warning is about, and the day each is compared with."""

    code: str
    where: Bools
    limit: Ints
    expected: str
    message: str
    severity: Severity = Severity.WARNING


def iso(day: int) -> str:
    """Write a day since 1970-01-01 as a date."""
    return str(np.datetime64(int(day), "D"))


def check_standing(report: Report, first_row: Ints, dates: SubjectDates, options: Options) -> Iterator[Problem]:
    """Find visits that do not count or share their date, and dates of subjects before the baseline scan."""
    for finding in (*_find_visits(report, dates), _find_twins(report, options)):
        at = np.flatnonzero(finding.where)
        yield from report.problems(
            first_row[at],
            finding.code,
            field="date",
            message=[f"time point {label} {finding.message}" for label in report.history.visits.label[at]],
            expected=[f"{finding.expected} {iso(day)}" for day in finding.limit[at]],
            severity=finding.severity,
        )
    yield from _check_subject_dates(report, first_row, dates)


def _find_visits(report: Report, dates: SubjectDates) -> Iterator[_Finding]:
    visits, number = report.history.visits, report.history.courses.course
    follow_up = visits.is_follow_up
    baseline, start = visits.last_day[visits.baseline_of_visit], dates.start_date[number]
    death, cutoff = dates.death[number], dates.cutoff[number]
    unused = "it is listed but counts neither for best response nor for progression"
    on_baseline = follow_up & (visits.first_day <= baseline)
    yield _Finding(
        "same_date_as_baseline",
        on_baseline,
        baseline,
        "later than",
        f"is no later than the baseline scan and so no follow-up of it; {unused}, correct the date or the label",
    )
    before_start = follow_up & ~on_baseline & dates.has_start_date[number] & (visits.first_day <= start)
    yield _Finding(
        "not_after_start",
        before_start,
        start,
        "later than",
        f"lies after the baseline and no later than the start; {unused}, and sets no nadir. To make it the baseline, "
        "name it baseline",
    )
    yield _Finding(
        "scan_after_death",
        visits.last_day > death,
        death,
        "no later than",
        f"is later than the subject's death; one of the two dates is wrong, {unused}",
    )
    yield _Finding(
        "scan_after_cutoff", visits.last_day > cutoff, cutoff, "no later than", f"is later than the cut-off; {unused}"
    )


def _find_twins(report: Report, options: Options) -> _Finding:
    """Find follow-ups that have the date of the time point before."""
    visits, number = report.history.visits, report.history.courses.course
    before = np.roll(visits.last_day, 1)
    follow_up = visits.is_follow_up & (visits.first_day > visits.last_day[visits.baseline_of_visit])
    is_twin = follow_up & np.roll(follow_up, 1) & (number == np.roll(number, 1)) & (visits.last_day == before)
    is_refused = options.same_date is SameDate.ERROR
    what = "the option same_date refuses it" if is_refused else "the worse of the two counts"
    return _Finding(
        "same_date",
        is_twin,
        before,
        "another date than",
        f"has the date of another time point; {what}, correct the date or the label",
        Severity.ERROR if is_refused else Severity.WARNING,
    )


def _check_subject_dates(report: Report, first_row: Ints, dates: SubjectDates) -> Iterator[Problem]:
    """Find dates before the baseline scan of subjects without a start date, whose days count from that scan."""
    baseline = report.history.visits.baseline
    known = (
        ("death", Severity.ERROR, dates.death),
        ("last contact", Severity.ERROR, dates.last_contact),
        ("cut-off", Severity.ERROR, dates.cutoff),
        ("new therapy", Severity.WARNING, dates.new_therapy),
    )
    for name, severity, day in known:
        unused = "" if severity is Severity.ERROR else " and is not used"
        at = np.flatnonzero(~dates.has_start_date & (day < dates.day_zero) & (day < LAST_DAY))
        said = [iso(one) for one in day[at]]
        yield from report.problems(
            first_row[baseline[at]],
            "date_before_baseline",
            field="date",
            message=[f"the date of {name}, {one}, lies before the baseline scan{unused}; correct it" for one in said],
            expected=[f"no later than {one}" for one in said],
            severity=severity,
        )
