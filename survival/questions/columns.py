"""From a column of the cohort to a quantity: what it is called, and from which day it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.covariates import KNOWN_LATER, Kind, derive_covariate, meaning_of
from survival.known_later import is_later, sounds_later
from survival.questions.best_response import BEST_RESPONSE, best_response, has_reads
from survival.questions.history import History, make_history
from survival.questions.knowledge import Knowledge
from survival.questions.quantity import Quantity
from survival.settings.checks import say_nearest
from survival.study_columns import column_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.options import ReportOptions
    from survival.questions.study_cohort import StudyCohort
    from survival.responses import Domain

ALIASES = {
    "age": "age_years",
    "site": "primary_site",
    "ki67": "ki67_pct",
    "activity": "first_activity_mci",
    "year": "index_year",
    "number_of_treatments": "n_treatments",
}
OTHER_ENDING = {"date": "days", "days": "date"}
"""A day may be given as a date or as days from the first treatment."""
AT_INDEX_DATES = frozenset({"index_date", "diagnosis_date", "cutoff_date", "birth_date"})
LATER_BEGINNINGS = ("n_",)
LATER_ENDINGS = ("_date", "_source")
"""Of names beside those of :func:`survival.known_later.sounds_later`."""
NAMES = {
    "n_treatments": "Treatments",
    "second_treatment_date": "Second treatment",
    "second_treatment_days": "Second treatment",
}
N_TREATMENTS, SECOND_DAYS = "n_treatments", "second_treatment_days"


def find_column(frame: pd.DataFrame, name: str) -> str | None:
    """Find the column meant by a name or one of its friendlier names; None where there is none."""
    stem, _, ending = name.rpartition("_")
    others = (name, ALIASES.get(name), f"{stem}_{OTHER_ENDING[ending]}" if ending in OTHER_ENDING else None)
    return next((other for other in others if other in frame), None)


def knowledge_of(column: str, options: ReportOptions | None = None) -> Knowledge:
    """Tell from its name, and from the settings it was read with, when a column of a cohort is known.

    Columns of the patients' table are facts of the index date; what is counted, dated or judged later is not.

    Examples
    --------
    >>> knowledge_of("age_years").name, knowledge_of("best_response").name
    ('AT_INDEX', 'AFTERWARDS')
    """
    if column in AT_INDEX_DATES:
        return Knowledge.AT_INDEX
    name = column.lower()
    told = sounds_later(name) or name.startswith(LATER_BEGINNINGS) or name.endswith(LATER_ENDINGS)
    if options is not None:
        told = is_later(column, options) or (told and column not in options.known_at_start)
    return Knowledge.AFTERWARDS if told or column in KNOWN_LATER else Knowledge.AT_INDEX


def ask_column(cohort: StudyCohort, name: str) -> Quantity:
    """Make a quantity of a column.

    Raises
    ------
    UsageError
        If there is no such column.
    """
    column = find_column(cohort.frame, name)
    if column is None and name == BEST_RESPONSE and has_reads(cohort):
        return best_response(cohort)
    if column is None:
        raise UsageError(_say_absent(cohort, name))
    days = days_of_column(cohort, column)
    values = _values(cohort.frame, column) if days is None else pd.Series(days)
    history, knowledge = _history(cohort, column, values)
    return Quantity(
        subjects=cohort.subjects,
        told=values,
        knowledge=knowledge,
        history=history,
        name=NAMES.get(column) or _label(cohort, column),
        code=f"cohort.{column}",
        column=column,
        domain="" if (found := _domain_of(cohort, column)) is None else found.key,
    )


def _say_absent(cohort: StudyCohort, name: str) -> str:
    """Say that there is no such column, and which is meant; all of them only where none looks like it."""
    names = [*cohort.frame.columns, *(alias for alias, column in ALIASES.items() if column in cohort.frame)]
    near = say_nearest(name, names)
    return f"The cohort has no column {name!r}{near or '; it has ' + ', '.join(cohort.frame.columns) + '.'}"


def _label(cohort: StudyCohort, column: str) -> str:
    """Call a column as the settings do, else by its name."""
    entries = () if cohort.options is None else cohort.options.covariate
    return next((one.label for one in entries if one.column == column and one.label), meaning_of(column).label)


def days_of_column(cohort: StudyCohort, column: str) -> NDArray[np.float64] | None:
    """Give the days of a column of days or dates, counted from the first treatment; None where it is neither."""
    frame = cohort.frame
    if column.endswith("_days"):
        return frame[column].to_numpy(dtype="float64")
    if not column.endswith("_date"):
        return None
    beside = column.removesuffix("_date") + "_days"
    if beside in frame:
        return frame[beside].to_numpy(dtype="float64")
    if "index_date" not in frame:
        return None
    at, index = (pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce") for name in (column, "index_date"))
    return np.asarray((at - index).dt.days, dtype=np.float64)


def _values(frame: pd.DataFrame, column: str) -> pd.Series:
    """Take the values, numbers as numbers, flags as yes and no."""
    covariate = derive_covariate(frame, column)
    if covariate is None or covariate.kind is Kind.CATEGORY:
        return frame[column].reset_index(drop=True)
    if covariate.kind is Kind.FLAG:
        words = np.select([covariate.numbers == 1, covariate.numbers == 0], ["yes", "no"], "")
        return pd.Series(words, dtype=object)
    return pd.Series(covariate.numbers)


def _domain_of(cohort: StudyCohort, column: str) -> Domain | None:
    """Find the response domain whose categories a column holds, under the report's name or the study's own."""
    sources = {} if cohort.options is None else column_sources(cohort.options)
    return next(
        (one for one in cohort.domains if column in {one.response_column, sources.get(one.response_column)}), None
    )


def _history(cohort: StudyCohort, column: str, values: pd.Series) -> tuple[History | None, Knowledge]:
    frame, n = cohort.frame, cohort.n
    if column == N_TREATMENTS and SECOND_DAYS in frame:
        return _treatments(cohort, values), Knowledge.AFTERWARDS
    domain = _domain_of(cohort, column)
    if domain is not None and domain.days_column in frame:
        given = values.ne("").to_numpy()
        days = frame[domain.days_column].to_numpy()[given]
        return make_history(np.flatnonzero(given), days, values[given].to_numpy(), n), Knowledge.OWN_DAY
    return None, knowledge_of(column, cohort.options)


def _treatments(cohort: StudyCohort, total: pd.Series) -> History:
    """Count the treatments by day: one from the start, two from the second on, more from the start-stop rows."""
    second = cohort.frame[SECOND_DAYS].to_numpy(dtype="float64")
    place = np.arange(cohort.n)
    known = (total.lt(2) | ~np.isnan(second)).to_numpy()
    rows = [
        pd.DataFrame({"place": place[known], "days": 0.0, "value": 1.0}),
        pd.DataFrame({"place": place, "days": second, "value": 2.0}),
    ]
    spans = cohort.data.spans
    if spans is not None and N_TREATMENTS in spans:
        more = spans[spans[N_TREATMENTS] > 2]
        places = cohort.subjects.get_indexer(pd.Index(more["subject"]))
        rows.append(pd.DataFrame({"place": places, "days": more["start_days"], "value": more[N_TREATMENTS]}))
    joined = pd.concat(rows, ignore_index=True)
    return make_history(joined["place"], joined["days"], joined["value"], cohort.n)
