"""From overall responses per visit to best responses and endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from recist.criteria import OverallResponse
from recist.criteria.codes import ImmuneResponse
from recist.problems import Problem, errors_in, problems_table, require_no_errors
from recist.progress import no_progress
from recist.response.arguments import find_criteria, require_tables
from recist.response.best_columns import dates_of_days
from recist.response.checks import check_subjects
from recist.response.checks.unread import check_unread
from recist.response.choices import Start
from recist.response.encode import LAST_DAY
from recist.response.options import Options, parse_options
from recist.response.reasons import join_reasons
from recist.response.subjects import derive_subject_dates
from recist.response.unassessed import add_unassessed
from recist.response.visits.baseline_row import fill_baselines, find_empty_baselines
from recist.response.visits.checks import (
    check_after_cr,
    check_baselines,
    check_other_start,
    check_starts,
    check_two_starts,
    check_visits,
)
from recist.response.visits.derive import derive_from_immune_visits, derive_from_visits
from recist.response.visits.encode import encode_visits
from recist.response.words import to_categories
from recist.tables import SUBJECTS, VISITS, Table, check_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum
    from pathlib import Path

    from recist.criteria import Criteria
    from recist.iso_dates import PartialDates
    from recist.progress import Progress
    from recist.response.arrays import Bools
    from recist.response.subjects import SubjectDates
    from recist.response.visits.derive import Derived
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
    criteria: str | Path | Criteria = "recist-1.1",
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
    criteria : str, pathlib.Path or Criteria
        By name, or the TOML file of a protocol.
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
    require_tables(visits=visits, subjects=subjects)
    rules = find_criteria(criteria)
    choices = options if isinstance(options, Options) else parse_options(options or {}, rules)
    names = _Names(visits_name, subjects_name)
    words = OverallResponse if rules.immune is None else ImmuneResponse
    is_empty = find_empty_baselines(visits)
    cells = fill_baselines(visits, is_empty), subjects
    frame, people, problems = _check_cells(cells, names, words, choices.partial_dates)
    progress(1, N_STEPS)
    history = encode_visits(frame, words)
    dates = _find_dates(history, people, choices)
    problems = [fault for fault in problems if fault.code != "no_start_date"]
    problems += [*check_starts(names.visits, history, dates), *check_baselines(names.visits, history, dates)]
    require_no_errors(problems)
    by_recist = derive_from_visits if rules.immune is None else derive_from_immune_visits
    derived = by_recist(history, dates, rules, choices)
    problems += check_visits(names.visits, history, derived.standing, dates, choices)
    problems += check_after_cr(names.visits, history, derived.is_less_than_cr)
    require_no_errors(problems)
    problems += check_unread(names.visits, (history.subject, history.reader), people, choices)
    progress(2, N_STEPS)
    series = {"subject": history.subject, "reader": history.reader}
    table = pd.DataFrame({**series, **derived.best, "assessed": pd.array(derived.is_assessed, dtype="boolean")})
    scored = BestScored(
        responses=_responses(history, derived, words, is_empty),
        best_responses=add_unassessed(table, people, choices, has_baseline=True),
        problems=problems_table(sorted(problems, key=lambda fault: (fault.file, fault.row or 0))),
        options=choices,
        criteria=rules.name,
    )
    progress(N_STEPS, N_STEPS)
    return scored


def _table_in(words: type[StrEnum]) -> Table:
    """Give the table of visits with the words of the criteria."""
    allowed = tuple(str(word) for word in words)
    columns = (
        replace(column, words=allowed) if column.name == "overall_response" else column for column in VISITS.columns
    )
    return replace(VISITS, columns=tuple(columns))


def _check_cells(
    tables: tuple[pd.DataFrame, pd.DataFrame | None], names: _Names, words: type[StrEnum], partial: PartialDates
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem]]:
    """Check every cell of both tables, and the tables against each other."""
    (visits, subjects), table = tables, _table_in(words)
    frame, problems = check_table(to_categories(visits, table), table, file=names.visits, partial_dates=partial)
    if not len(frame) and not errors_in(problems):
        message = "the table has no rows; there is nothing to derive"
        problems.append(Problem(file=names.visits, code="empty_table", message=message, expected="one row a visit"))
    people = None
    problems += check_two_starts(frame, names.visits)
    if subjects is not None:
        people, faults = check_table(subjects, SUBJECTS, file=names.subjects, partial_dates=partial)
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
    from_start = has_start_date & (options.start is Start.START_DATE)
    start = np.where(from_start, start_date, history.baseline_day)
    return replace(dates, start=start, has_start_date=has_start_date, start_date=start_date)


def _responses(history: VisitHistory, derived: Derived, words: type[StrEnum], is_empty: Bools) -> pd.DataFrame:
    """Lay every visit out: the response in the end, whether it counts and why, and the response as given."""
    course, names = history.courses.course, np.array([str(word) for word in words], dtype=object)
    was_empty = is_empty[history.line]
    return pd.DataFrame(
        {
            "subject": history.subject[course],
            "reader": history.reader[course],
            "timepoint": history.label,
            "date": dates_of_days(history.day, np.ones(len(course), dtype=bool)),
            "overall_response": np.where(was_empty, "", names[derived.final]),
            "after_progression": pd.array(derived.is_after_progression, dtype="boolean"),
            "excluded": join_reasons(derived.standing.excluded, len(course)),
            "reasons": join_reasons(derived.reasons, len(course)),
            "overall_response_as_read": np.where(was_empty, "", names[history.response]),
        }
    )
