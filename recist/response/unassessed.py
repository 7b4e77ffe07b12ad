"""Subjects of whom a reader has no assessment: they stay in the table of best responses, as MISSING."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.response.arrays import courses_from
from recist.response.best import derive_best
from recist.response.best_columns import best_columns
from recist.response.choices import UnreadSubjects
from recist.response.course import ResponseCourse
from recist.response.encode import LAST_DAY
from recist.response.endpoints import derive_endpoints
from recist.response.standing import derive_standing
from recist.response.subjects import derive_subject_dates

if TYPE_CHECKING:
    from recist.response.arrays import Texts
    from recist.response.options import Options

PARALLEL = "_recist_1_1"  # columns of the result that stands beside another's: without visits both are the same


def add_unassessed(
    best_responses: pd.DataFrame, subjects: pd.DataFrame | None, options: Options, *, has_baseline: bool
) -> pd.DataFrame:
    """Add every subject to the table of best responses for each reader who has no assessment of it.

    Whoever was enrolled and not assessed stays in the denominator of every rate, of every reader; by an option not of
    the readers of whom only others assessed the subject.

    Parameters
    ----------
    best_responses : pandas.DataFrame
        Of the subjects that have any row, with the column ``assessed``.
    subjects : pandas.DataFrame or None
        The checked table of subjects; without it nobody else is known.
    options : Options
    has_baseline : bool
        Whether a baseline may be taken for granted; without one the presets of censoring differ.
    """
    if subjects is None:
        return best_responses
    subject, reader = _not_assessed(best_responses, subjects)
    if options.unread_subjects is UnreadSubjects.LEFT_OUT:
        by_nobody = ~np.isin(subject.astype(str), best_responses["subject"].to_numpy().astype(str))
        subject, reader = subject[by_nobody], reader[by_nobody]
    if not len(subject):
        return best_responses
    columns: dict[str, Any] = {"subject": subject, "reader": reader}
    columns |= _columns_of(subject, subjects, options, has_baseline)
    added = pd.DataFrame(columns).assign(assessed=pd.array([False] * len(subject), dtype="boolean"))
    named = [str(name) for name in best_responses if str(name).endswith(PARALLEL)]
    parallel = [name for name in named if name.removesuffix(PARALLEL) in added]
    added = added.assign(**{name: added[name.removesuffix(PARALLEL)] for name in parallel})
    added = added.reindex(columns=best_responses.columns).astype(best_responses.dtypes.to_dict())
    both = pd.concat([best_responses, added], ignore_index=True)
    return both.sort_values(["subject", "reader"], kind="stable", ignore_index=True)


def _not_assessed(best_responses: pd.DataFrame, subjects: pd.DataFrame) -> tuple[Texts, Texts]:
    """List the subject and the reader of every pair of them for which no assessment is known."""
    known = subjects["subject"].astype(object)
    subject = pd.Index(known[known != ""].drop_duplicates())
    reader = pd.Index(best_responses["reader"].astype(object).drop_duplicates())
    row = subject.get_indexer(pd.Index(best_responses["subject"].astype(object)))
    column = reader.get_indexer(pd.Index(best_responses["reader"].astype(object)))
    is_assessed = np.zeros((len(subject), len(reader)), dtype=bool)
    is_assessed[row[row >= 0], column[row >= 0]] = True
    lost, by = np.nonzero(~is_assessed)
    return subject.to_numpy(dtype=object)[lost], reader.to_numpy(dtype=object)[by]


def _columns_of(subject: Texts, subjects: pd.DataFrame, options: Options, has_baseline: bool) -> dict[str, Any]:
    """Derive best response and endpoints from no visits at all."""
    none = np.zeros(0, dtype=np.int64)
    course = ResponseCourse(
        courses=courses_from(none, len(subject)), response=none, day=none, is_follow_up=none.astype(bool)
    )
    no_scan = np.full(len(subject), LAST_DAY, dtype=np.int64)
    dates = derive_subject_dates(subject, no_scan, subjects, options)
    best = derive_best(course, derive_standing(course, dates), dates, options)
    complete = np.full(len(subject), has_baseline)
    return best_columns(course, best, derive_endpoints(course, best, dates, options, has_baseline=complete), options)
