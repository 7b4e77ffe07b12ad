"""From overall responses per visit to best responses and endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from recist.criteria import RECIST_1_1, Criteria, OverallResponse, criteria_named
from recist.errors import UsageError
from recist.problems import Problem, errors_in, problems_table, require_no_errors
from recist.progress import no_progress
from recist.response.best import derive_best
from recist.response.best_columns import best_columns, dates_of_days
from recist.response.checks import check_subjects
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.endpoints import derive_endpoints
from recist.response.history import number_of
from recist.response.options import Options, parse_options
from recist.response.reasons import Reason, join_reasons
from recist.response.standing import derive_standing
from recist.response.subjects import derive_subject_dates
from recist.response.unassessed import add_unassessed
from recist.response.visits.after_cr import judge_after_cr
from recist.response.visits.checks import (
    check_after_cr,
    check_other_start,
    check_starts,
    check_two_starts,
    check_visits,
)
from recist.response.visits.encode import encode_visits
from recist.response.words import to_categories
from recist.tables import SUBJECTS, VISITS, check_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from recist.progress import Progress
    from recist.response.arrays import Texts
    from recist.response.kernel.overall import OverallResponses
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates
    from recist.response.visits.encode import VisitHistory

N_STEPS = 3
WITHOUT_VISITS = "this subject has no visits; its best response is MISSING"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestScored:
    """What the visits give.

    Attributes
    ----------
    responses : pandas.DataFrame
        One row for each visit: as given, as corrected, and whether it counts.
    best_responses : pandas.DataFrame
        One row for each subject and reader.
    problems : pandas.DataFrame
        What should be looked at; nothing that stopped the work.
    options : Options
        The choices the results rest on.
    criteria : str
        Name of the criteria.
    """

    responses: pd.DataFrame
    best_responses: pd.DataFrame
    problems: pd.DataFrame
    options: Options
    criteria: str


class _Names(NamedTuple):
    """How problems call the tables."""

    visits: str
    subjects: str


def best(
    visits: pd.DataFrame,
    *,
    subjects: pd.DataFrame | None = None,
    criteria: str | Criteria = "recist-1.1",
    options: Options | Mapping[str, object] | None = None,
    visits_name: str = "visits",
    subjects_name: str = "subjects",
    progress: Progress = no_progress,
) -> BestScored:
    """Find best responses and endpoints from overall responses given per visit.

    Parameters
    ----------
    visits : pandas.DataFrame
        The table ``visits``: one row for each subject, reader and visit.
    subjects : pandas.DataFrame, optional
        The table ``subjects``. Days count from its start date, else from the column ``start_date`` of the visits, else
        from the visit named ``baseline``; a subject with none of the three is refused.
    criteria : str or Criteria
    options : Options or mapping, optional
        Choices by name; what is not given has its default.
    visits_name, subjects_name : str
        How problems call the tables.
    progress : Progress

    Raises
    ------
    recist.errors.DataError
        With every error in the tables at once.
    recist.errors.UsageError
        For criteria that cannot be read from visits, and for unknown options.
    """
    rules = criteria_named(criteria) if isinstance(criteria, str) else criteria
    _require_words_of_recist(rules)
    choices = options if isinstance(options, Options) else parse_options(options or {}, rules)
    names = _Names(visits_name, subjects_name)
    frame, people, problems = _check_cells(visits, subjects, names)
    progress(1, N_STEPS)
    history = encode_visits(frame)
    dates = _find_dates(history, people, choices)
    problems = [fault for fault in problems if fault.code != "no_start_date"]
    problems += check_starts(names.visits, history, dates)
    require_no_errors(problems)
    scored = _derive(history, dates, problems, choices, names)
    progress(2, N_STEPS)
    table = add_unassessed(scored.best_responses, people, choices, has_baseline=True)
    progress(N_STEPS, N_STEPS)
    return replace(scored, best_responses=table, criteria=rules.name)


def _require_words_of_recist(criteria: Criteria) -> None:
    """Refuse criteria whose visits speak other words than RECIST's."""
    if criteria.name.startswith("i"):
        raise UsageError(
            f"best responses by {criteria.name} need the lesions: score the measurements with recist score, or name "
            f"criteria whose visits are CR, PR, SD or PD, such as {RECIST_1_1.name}"
        )


def _check_cells(
    visits: pd.DataFrame, subjects: pd.DataFrame | None, names: _Names
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem]]:
    """Check every cell of both tables, and the tables against each other."""
    frame, problems = check_table(to_categories(visits, VISITS), VISITS, file=names.visits)
    if not len(frame) and not errors_in(problems):
        message = "the table has no rows; there is nothing to derive"
        problems.append(Problem(file=names.visits, code="empty_table", message=message, expected="one row a visit"))
    people = None
    problems += check_two_starts(frame, names.visits)
    if subjects is not None:
        people, faults = check_table(subjects, SUBJECTS, file=names.subjects)
        problems += faults
        problems += check_other_start(frame, people, names.visits)
        for fault in check_subjects(frame, people, names):
            lost = fault.code == "subject_without_measurements"
            problems.append(_without_visits(fault) if lost else fault)
    require_no_errors(problems)
    return frame, people, problems


def _without_visits(fault: Problem) -> Problem:
    """Say of a subject without measurements that it has no visits."""
    return replace(fault, code="subject_without_visits", message=WITHOUT_VISITS, expected="rows in the table of visits")


def _find_dates(history: VisitHistory, people: pd.DataFrame | None, options: Options) -> SubjectDates:
    """Lay the dates of the subjects beside the courses; a start that only the visits give counts as one."""
    dates = derive_subject_dates(history.subject, history.baseline_day, people, options)
    start_date = np.where(dates.has_start_date, dates.start_date, history.start)
    has_start_date = start_date < LAST_DAY
    from_baseline = (options.start == "baseline") & (history.baseline_day < LAST_DAY)
    start = np.where(has_start_date & ~from_baseline, start_date, history.baseline_day)
    return replace(dates, start=start, has_start_date=has_start_date, start_date=start_date)


def _derive(
    history: VisitHistory, dates: SubjectDates, problems: list[Problem], options: Options, names: _Names
) -> BestScored:
    """Correct what follows a CR, then find best responses and endpoints."""
    courses = history.courses
    is_early = history.is_baseline | (history.day <= dates.day_zero[courses.course])
    n_early = np.bincount(courses.course[is_early], minlength=courses.n_courses)
    found = judge_after_cr(history.response, courses, courses.start[:-1] + n_early - 1, options)
    course = ResponseCourse(
        courses=courses,
        response=found.final.astype(np.int64),
        day=history.day,
        is_follow_up=~history.is_baseline,
    )
    standing = derive_standing(course, dates)
    words = _words(found.final)
    problems += check_visits(names.visits, history, standing, dates, options)
    problems += check_after_cr(names.visits, history, found.is_less_than_cr & standing.counts, words.tolist())
    require_no_errors(problems)
    best = derive_best(course, standing, dates, options)
    columns = best_columns(course, best, derive_endpoints(course, best, dates, options), options)
    return BestScored(
        responses=_responses(history, found, standing),
        best_responses=pd.DataFrame({"subject": history.subject, "reader": history.reader, **columns}),
        problems=problems_table(sorted(problems, key=lambda fault: (fault.file, fault.row or 0))),
        options=options,
        criteria=RECIST_1_1.name,
    )


def _words(response: NDArray[np.integer]) -> Texts:
    words: Texts = np.array([str(word) for word in OverallResponse], dtype=object)[response]
    return words


def _responses(history: VisitHistory, found: OverallResponses, standing: Standing) -> pd.DataFrame:
    """Lay every visit out: the response in the end, whether it counts and why, and the response as given."""
    course = history.courses.course
    recoded = (history.response == number_of(OverallResponse.CR)) & (found.final != history.response)
    reasons = {
        Reason.RETURNED_AFTER_CR: found.is_returned & (found.final != history.response),
        Reason.LESS_THAN_CR_AFTER_CR: found.is_less_than_cr,
        Reason.RECODED_FROM_CR: recoded,
    }
    return pd.DataFrame(
        {
            "subject": history.subject[course],
            "reader": history.reader[course],
            "timepoint": history.label,
            "date": dates_of_days(history.day, np.ones(len(course), dtype=bool)),
            "overall_response": _words(found.final),
            "after_progression": pd.array(standing.is_after_progression, dtype="boolean"),
            "excluded": join_reasons(standing.excluded, len(course)),
            "reasons": join_reasons(reasons, len(course)),
            "overall_response_as_read": _words(history.response),
        }
    )
