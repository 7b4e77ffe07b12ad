"""What survival is asked to be compared by, as a condition: quantities of two values, and columns from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import UsageError
from survival.questions.columns import AT_INDEX_DATES, ask_column, find_column
from survival.questions.condition import Condition, require_one_cohort
from survival.questions.knowledge import Knowledge
from survival.questions.quantity import Quantity
from survival.questions.refusal import refuse_stated, refuse_unstated
from survival.questions.switch import DATED, ENDS

if TYPE_CHECKING:
    from survival.questions.survival_time import SurvivalTime

AT_INDEX = "at_index"
TWO = 2


def require_condition(
    time: SurvivalTime, by: Condition | Quantity | pd.Series, *, known: str | None = None
) -> Condition:
    """Make a condition of what survival is compared by.

    Raises
    ------
    UsageError
        If it has not two values, is of another cohort, or nobody said when it was known.
    """
    if known not in {None, AT_INDEX}:
        raise UsageError(f'known={known!r}: there is only known="{AT_INDEX}".')
    if isinstance(by, pd.Series):
        by = _from_series(time, by, known=known)
    if isinstance(by, Quantity):
        by = _from_quantity(by)
    if not isinstance(by, Condition):
        raise UsageError(
            f"Survival is compared by a condition such as imaging.disease_control or cohort.age_years >= 60, not by a "
            f"{type(by).__name__}."
        )
    if known == AT_INDEX and by.knowledge is not Knowledge.AT_INDEX:
        raise UsageError(f'known="at_index": {by.code} is {by.knowledge}; stating otherwise does not make it so.')
    if not by.subjects.equals(time.cohort.subjects):
        raise UsageError(f"{by.code} and {time.code} are of different cohorts; ask both of one that load_cohort gave.")
    require_one_cohort(by)
    return by


def _from_quantity(by: Quantity) -> Condition:
    """Take the first of two values as the yes side: the alphabet decides, and the names say it."""
    given = by.told[by.told.notna() & by.told.ne("")]
    levels = sorted(given.unique())
    if by.column.endswith(DATED) and by.column not in ENDS and by.column not in AT_INDEX_DATES:
        raise UsageError(
            f"{by.code} is a day; survival is compared before and after it by start-stop rows: switches_on({by.code})"
        )
    if len(levels) != TWO:
        example = f"{by.code} >= {given.median():g}" if by.is_number and len(given) else f"{by.code} == ..."
        raise UsageError(f"{by.code} has {len(levels)} values; survival is compared between two sides: {example}")
    first: Condition = by == levels[0]
    return first


def _from_series(time: SurvivalTime, by: pd.Series, *, known: str | None) -> Quantity:
    name = "series" if by.name is None else str(by.name)
    own = None if find_column(time.cohort.frame, name) is None else ask_column(time.cohort, name)
    if own is not None and own.knowledge is not Knowledge.AT_INDEX:
        raise refuse_stated(time.code, name, own)
    if known is None:
        raise refuse_unstated(time.code, name, own)
    subjects = time.cohort.subjects
    if set(by.index) >= set(subjects) and by.index.is_unique:
        values = by.reindex(subjects).reset_index(drop=True)
    elif isinstance(by.index, pd.RangeIndex) and len(by) == len(subjects):
        values = by.reset_index(drop=True)
    else:
        raise UsageError(f"{name}: a Series goes by subject, or in the order of the cohort with {len(subjects)} rows.")
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    text = values.map({True: "yes", False: "no"}) if pd.api.types.is_bool_dtype(values) else values
    return Quantity(
        subjects=subjects,
        told=values.astype("float64") if is_number else text.astype(object).where(text.notna(), ""),
        knowledge=Knowledge.AT_INDEX,
        history=None,
        name=name.replace("_", " ").capitalize(),
        code=name,
        column=name,
    )
