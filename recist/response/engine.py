"""Score measurements: from lesion sizes to responses, best responses and endpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.header import HEADER_CODES
from recist.problems import Problem, errors_in, problems_table, require_no_errors
from recist.progress import no_progress
from recist.response.arguments import find_criteria, require_tables
from recist.response.attenuation import derive_attenuation
from recist.response.baseline import has_complete_baseline
from recist.response.best import derive_best
from recist.response.best_columns import best_columns
from recist.response.checks import check_history, check_review, check_subjects
from recist.response.checks.at_baseline import check_markers
from recist.response.checks.attenuation import check_attenuation
from recist.response.checks.left_out import check_left_out
from recist.response.checks.report import Report
from recist.response.checks.unread import check_unread
from recist.response.contributions import Contributions
from recist.response.course import ResponseCourse
from recist.response.encode import encode
from recist.response.endpoints import derive_endpoints
from recist.response.growth import derive_growth
from recist.response.irecist.course import Recorded
from recist.response.irecist.result import with_irecist
from recist.response.options import Options, parse_options
from recist.response.overall import derive_overall_response
from recist.response.scored import Scored, baselines_table, best_responses_table, responses_table
from recist.response.standing import derive_standing, have_assessment
from recist.response.subjects import derive_subject_dates
from recist.response.unassessed import add_unassessed
from recist.response.words import drop_unused_words, to_categories
from recist.tables import FIRST_DATA_ROW, MEASUREMENTS, SUBJECTS, check_table

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from recist.criteria import Criteria
    from recist.progress import Progress
    from recist.response.subjects import SubjectDates

N_STEPS = 6
ELSEWHERE = frozenset({"subject_without_dates"})  # faults of another table, which leave the rows readable
__all__ = ["Scored", "score"]


def score(
    measurements: pd.DataFrame,
    *,
    subjects: pd.DataFrame | None = None,
    criteria: str | Path | Criteria = "recist-1.1",
    options: Options | Mapping[str, object] | None = None,
    measurements_name: str = "measurements",
    subjects_name: str = "subjects",
    today: datetime.date | None = None,
    progress: Progress = no_progress,
) -> Scored:
    """Score the measurements of any number of subjects and readers.

    Every reader's series of a subject stands alone. A missing value is never zero.

    Parameters
    ----------
    measurements : pandas.DataFrame
        The table ``measurements``: one row for each lesion, reader and time point; lengths in mm.
    subjects : pandas.DataFrame, optional
        The table ``subjects``; without it, or without a start date, days count from the baseline scan.
    criteria : str, pathlib.Path or Criteria
        By name, or the TOML file of a protocol.
    options : Options or mapping, optional
        Choices by name; what is not given has the default it has under the criteria. Options already made are taken as
        they are.
    measurements_name, subjects_name : str
        How problems call the tables.
    today : datetime.date, optional
        Dates later than this are reported; without it none is too late.
    progress : Progress

    Returns
    -------
    Scored
        With ``responses``, ``best_responses``, ``baselines``, ``problems`` and the ``options`` in force.

    Raises
    ------
    recist.errors.DataError
        With every error in the tables at once.
    recist.errors.UsageError
        For unknown criteria or options.
    """
    require_tables(measurements=measurements, subjects=subjects)
    rules = find_criteria(criteria)
    choices = options if isinstance(options, Options) else parse_options(options or {}, rules)
    frame, people, problems = _check_cells(measurements, subjects, (measurements_name, subjects_name), choices)
    sound = _sound_rows(frame, problems, measurements_name, (rules, choices))
    progress(1, N_STEPS)
    history = encode(sound, rules, choices, people)
    baseline_day = history.visits.last_day[history.visits.baseline]
    dates = derive_subject_dates(history.subject, baseline_day, people, choices)
    progress(2, N_STEPS)
    problems += check_history(
        Report(file=measurements_name, frame=sound, history=history), dates, (rules, choices), today
    )
    require_no_errors(_in_order(problems))
    problems += check_unread(measurements_name, (history.subject, history.reader), people, choices)
    progress(3, N_STEPS)
    scored_rows = Contributions(frame=sound, history=history, criteria=rules)
    scored = _derive(scored_rows, dates, problems, (rules, choices), (measurements_name, progress))
    best = add_unassessed(scored.best_responses, people, choices, has_baseline=False)
    return replace(scored, subjects=people, best_responses=best)


def _derive(
    scored_rows: Contributions,
    dates: SubjectDates,
    problems: list[Problem],
    rules: tuple[Criteria, Options],
    report_to: tuple[str, Progress],
) -> Scored:
    """Derive responses, then best responses, and lay them out."""
    (criteria, options), (name, progress), history = rules, report_to, scored_rows.history
    attenuation = derive_attenuation(history, scored_rows.frame["mean_hu"].to_numpy(), criteria)
    overall = derive_overall_response(history, criteria, options, attenuation=attenuation)
    course = ResponseCourse(
        courses=history.courses,
        response=overall.final,
        day=overall.day,
        is_follow_up=history.visits.is_follow_up,
    )
    standing = derive_standing(course, dates)
    problems += [*check_review(name, history, overall, standing), *check_attenuation(name, history, overall, standing)]
    report = Report(file=name, frame=scored_rows.frame, history=history)
    problems += check_markers(report, standing.counts & ~standing.is_after_progression)
    progress(4, N_STEPS)
    best = derive_best(course, standing, dates, options)
    complete = has_complete_baseline(history, overall)
    endpoints = derive_endpoints(course, best, dates, options, has_baseline=complete)
    growth = derive_growth(history, overall.target.sums, (course, standing, best), dates, options)
    progress(5, N_STEPS)
    endings = best_columns(course, best, endpoints, options) | growth.series_columns()
    endings |= {"assessed": pd.array(have_assessment(course, dates), dtype="boolean")}
    scored = Scored(
        responses=responses_table(history, overall, standing, growth),
        best_responses=best_responses_table(history, endings),
        baselines=baselines_table(history, overall),
        problems=problems_table(_in_order(problems)),
        options=options,
        criteria=criteria.name,
        contributions=scored_rows,
    )
    recorded = Recorded(history=history, frame=scored_rows.frame, overall=overall)
    scored = with_irecist(scored, recorded, standing, dates, rules)
    progress(N_STEPS, N_STEPS)
    return scored


def _check_cells(
    measurements: pd.DataFrame, subjects: pd.DataFrame | None, names: tuple[str, str], options: Options
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem]]:
    """Check every cell of both tables, and the tables against each other."""
    partial = options.partial_dates
    words = to_categories(measurements, MEASUREMENTS)
    frame, problems = check_table(words, MEASUREMENTS, file=names[0], partial_dates=partial, in_place=True)
    if subjects is None:
        return frame, None, problems
    people, faults = check_table(subjects, SUBJECTS, file=names[1], partial_dates=partial)
    problems += [*faults, *check_subjects(frame, people, names)]
    return frame, people.drop_duplicates("subject", ignore_index=True), problems


def _sound_rows(
    frame: pd.DataFrame, problems: list[Problem], file: str, rules: tuple[Criteria, Options]
) -> pd.DataFrame:
    """Leave out the subjects with faulty cells: nothing that the checks refused is scored or reported twice."""
    of_file = [problem for problem in errors_in(problems) if problem.file == file]
    found = [problem for problem in of_file if problem.code not in ELSEWHERE]
    if not len(frame) and not found:
        message = "the table has no rows; there is nothing to score"
        problems.append(Problem(file=file, code="empty_table", message=message, expected="one row a lesion"))
    if not found:
        require_no_errors(problems if not len(frame) else [])
        return frame
    is_header = [problem.code in HEADER_CODES for problem in found]
    rows = [problem.row - FIRST_DATA_ROW for problem in found if problem.code not in HEADER_CODES and problem.row]
    subject = frame["subject"].astype(object).fillna("")
    is_faulty = np.asarray(subject.isin({"", *subject.iloc[np.array(rows, dtype=np.int64)]})) | any(is_header)
    problems += check_left_out(frame[is_faulty], found, file, rules)
    if is_faulty.all():
        require_no_errors(_in_order(problems))
    return drop_unused_words(frame[~is_faulty])


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Put problems in the order of the files; what is not about one row comes first."""
    return sorted(problems, key=lambda problem: (problem.file, problem.row or 0))
