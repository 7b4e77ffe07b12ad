"""Subjects of whom no assessment is known: they stay in the table of best responses, as MISSING."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.response.arrays import courses_from
from recist.response.best import derive_best
from recist.response.best_columns import best_columns
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
    """Add the subjects without any assessment to the table of best responses, once for each reader.

    Whoever was enrolled and not assessed stays in the denominator of every rate.

    Parameters
    ----------
    best_responses : pandas.DataFrame
        Of the subjects that were assessed.
    subjects : pandas.DataFrame or None
        The checked table of subjects; without it nobody else is known.
    options : Options
    has_baseline : bool
        Whether a baseline may be taken for granted; without one the presets of censoring differ.
    """
    best_responses = best_responses.assign(assessed=pd.array([True] * len(best_responses), dtype="boolean"))
    if subjects is None:
        return best_responses
    known = subjects["subject"].astype(object)
    lost = known[~known.isin(best_responses["subject"].astype(object)) & (known != "")].drop_duplicates()
    if not len(lost) or not len(best_responses):
        return best_responses
    readers = best_responses["reader"].astype(object).drop_duplicates()
    subject = np.repeat(lost.to_numpy(dtype=object), len(readers))
    columns: dict[str, Any] = {"subject": subject, "reader": np.tile(readers.to_numpy(dtype=object), len(lost))}
    columns |= _columns_of(subject, subjects, options, has_baseline)
    added = pd.DataFrame(columns).assign(assessed=pd.array([False] * len(subject), dtype="boolean"))
    parallel = [str(name) for name in best_responses if str(name).endswith(PARALLEL)]
    added = added.assign(**{name: added[name.removesuffix(PARALLEL)] for name in parallel})
    added = added.reindex(columns=best_responses.columns).astype(best_responses.dtypes.to_dict())
    both = pd.concat([best_responses, added], ignore_index=True)
    return both.sort_values(["subject", "reader"], kind="stable", ignore_index=True)


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
