"""Checks of the visits: what has no start, lies outside the time that counts, or contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.columns import cell_text
from recist.problems import Problem, Severity
from recist.response.checks.standing import iso
from recist.response.choices import SameDate
from recist.response.encode import LAST_DAY
from recist.response.standing import Exclusion
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from recist.response.arrays import Bools, Ints
    from recist.response.options import Options
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates
    from recist.response.visits.encode import VisitHistory

NO_START = (
    "the start of this subject is not known, so no time can be counted; give start_date in the table of subjects or "
    "in the visits, or name a time point baseline"
)
FROM_BASELINE = "this subject has no start date; days are counted from the time point named baseline"
NO_BASELINE = (
    "the option start counts days from baseline, and no time point of this subject is named baseline; name it, or "
    "count from the start date"
)
TWO_BASELINES = (
    "another visit of this subject and reader is named baseline too; there is one baseline, correct the name"
)
BASELINE_AFTER_START = "the visit named baseline is later than the start; correct one of the two dates, or the name"
_UNUSED = "it is listed but counts neither for best response nor for progression"


class _Finding(NamedTuple):
    """Visits to report: which, what stands there, what was expected and what to say."""

    code: str
    where: Bools
    expected: Ints
    relation: str
    message: str
    severity: Severity = Severity.WARNING


def check_starts(file: str, history: VisitHistory, dates: SubjectDates) -> Iterator[Problem]:
    """Find courses without a start or counted from their baseline, and dates before the start."""
    first = history.courses.start[:-1]
    is_unknown = dates.start == LAST_DAY
    for course in np.flatnonzero(~dates.has_start_date | is_unknown):
        is_lost = is_unknown[course]
        lost = NO_BASELINE if dates.has_start_date[course] else NO_START
        yield Problem(
            file=file,
            row=int(history.line[first[course]]) + FIRST_DATA_ROW,
            subject=str(history.subject[course]),
            field="start_date",
            severity=Severity.ERROR if is_lost else Severity.WARNING,
            code="no_start_date",
            message=lost if is_lost else FROM_BASELINE,
            expected="a date, YYYY-MM-DD",
        )

    for name, day in (("death", dates.death), ("last contact", dates.last_contact), ("cut-off", dates.cutoff)):
        for course in np.flatnonzero(day < dates.start):
            if dates.start[course] == LAST_DAY:
                continue  # there is no start to compare with
            yield Problem(
                file=file,
                row=int(history.line[first[course]]) + FIRST_DATA_ROW,
                subject=str(history.subject[course]),
                field="start_date",
                code="date_before_start",
                found=iso(dates.start[course]),
                expected=f"no later than {iso(day[course])}",
                message=f"the date of {name} lies before the start; days would be negative, correct one of the two",
            )


def check_baselines(file: str, history: VisitHistory, dates: SubjectDates) -> Iterator[Problem]:
    """Find courses with two visits named baseline, and a baseline later than the start."""
    course = history.courses.course
    n_before: Ints = np.cumsum(history.is_baseline) - history.is_baseline
    is_second = history.is_baseline & (n_before > n_before[history.courses.start[:-1]][course])
    start_day = np.where(dates.has_start_date, dates.start_date, LAST_DAY)[course]
    is_late = history.is_baseline & ~is_second & (history.day > start_day)
    faults = (
        ("two_baselines", is_second, "timepoint", TWO_BASELINES),
        ("baseline_after_start", is_late, "date", BASELINE_AFTER_START),
    )
    for code, where, field, message in faults:
        for visit in np.flatnonzero(where):
            yield Problem(
                file=file,
                row=int(history.line[visit]) + FIRST_DATA_ROW,
                subject=str(history.subject[course[visit]]),
                field=field,
                code=code,
                found=iso(history.day[visit]),
                expected="one baseline" if field == "timepoint" else f"no later than {iso(start_day[visit])}",
                message=message,
            )


def check_two_starts(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Find visits that give their subject another start than its first visit in the table does."""
    given = frame[frame["start_date"].notna() & frame["subject"].notna()]
    first = given.groupby("subject", observed=True)["start_date"].transform("first")
    yield from _differing(given, first, file)


def check_other_start(frame: pd.DataFrame, subjects: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Find visits that give their subject another start than the table of subjects does."""
    given = frame[frame["start_date"].notna()]
    start = subjects.drop_duplicates("subject").set_index("subject")["start_date"]
    expected = given["subject"].astype(object).map(start)
    yield from _differing(given[expected.notna()], expected[expected.notna()], file)


def _differing(given: pd.DataFrame, expected: pd.Series, file: str) -> Iterator[Problem]:
    """Report the starts that are not the one expected."""
    for row in np.flatnonzero((given["start_date"] != expected).to_numpy()):
        yield Problem(
            file=file,
            row=int(given.index[int(row)]) + FIRST_DATA_ROW,
            subject=str(given["subject"].iloc[row]),
            field="start_date",
            code="two_starts",
            found=cell_text(given["start_date"].iloc[row]),
            expected=cell_text(expected.iloc[row]),
            message="this subject has another start elsewhere; a subject has one, correct or empty the others",
        )


def check_visits(
    file: str, history: VisitHistory, standing: Standing, dates: SubjectDates, options: Options
) -> Iterator[Problem]:
    """Find visits that do not count, and visits that share their date."""
    for finding in _find(history, standing, dates, options):
        for visit in np.flatnonzero(finding.where):
            yield Problem(
                file=file,
                row=int(history.line[visit]) + FIRST_DATA_ROW,
                subject=str(history.subject[history.courses.course[visit]]),
                field="date",
                severity=finding.severity,
                code=finding.code,
                found=iso(history.day[visit]),
                expected=f"{finding.relation} {iso(finding.expected[visit])}",
                message=finding.message,
            )


def check_after_cr(file: str, history: VisitHistory, is_less: Bools) -> Iterator[Problem]:
    """Find responses after a CR that the option leaves as they are."""
    fault = Problem(
        file=file,
        field="overall_response",
        severity=Severity.WARNING,
        code="less_than_cr_after_cr",
        message="less than CR follows a CR and the option post_cr leaves the response as it is; was the CR true?",
    )
    for visit in np.flatnonzero(is_less):
        subject = str(history.subject[history.courses.course[visit]])
        yield replace(fault, row=int(history.line[visit]) + FIRST_DATA_ROW, subject=subject)


def _find(history: VisitHistory, standing: Standing, dates: SubjectDates, options: Options) -> Iterator[_Finding]:
    course = history.courses.course
    early = standing.excluded[Exclusion.NOT_AFTER_START] & ~history.is_baseline
    message = f"this visit is no later than the start and so no response to the treatment; {_UNUSED}"
    yield _Finding("not_after_start", early, dates.day_zero[course], "later than", message)
    message = f"this visit is later than the subject's death; one of the two dates is wrong, {_UNUSED}"
    dead = standing.excluded[Exclusion.AFTER_DEATH]
    yield _Finding("scan_after_death", dead, dates.death[course], "no later than", message)
    late = standing.excluded[Exclusion.AFTER_CUTOFF]
    message = f"this visit is later than the cut-off; {_UNUSED}"
    yield _Finding("scan_after_cutoff", late, dates.cutoff[course], "no later than", message)
    same = (history.day == np.roll(history.day, 1)) & (course == np.roll(course, 1)) & (np.arange(len(course)) > 0)
    twin = same & standing.counts & np.roll(standing.counts, 1)
    worst = options.same_date is SameDate.WORST
    what = "the worse of the two counts" if worst else "the option same_date refuses it"
    message = f"this visit has the date of another one; {what}, correct the date"
    severity = Severity.WARNING if worst else Severity.ERROR
    yield _Finding("same_date", twin, history.day, "another date than", message, severity)
