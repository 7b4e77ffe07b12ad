"""Comparing survival by what tells people apart: only in forms that keep the future out, unless asked as published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.options import ReportOptions
from survival.questions.asked import require_condition
from survival.questions.forms import (
    Asked,
    compare_as_published,
    compare_at_landmark,
    compare_changing,
    compare_from_start,
    compare_own_followup,
)
from survival.questions.knowledge import Knowledge, say_known
from survival.questions.refusal import refuse_circular, refuse_later
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd

    from survival.questions.compared import ComparedSurvival
    from survival.questions.condition import Condition
    from survival.questions.quantity import Quantity
    from survival.questions.survival_time import SurvivalTime

OWN_FOLLOWUP = "own_followup"


def compare_survival(
    time: SurvivalTime,
    by: Condition | Quantity | pd.Series,
    *,
    landmark_months: float | None = None,
    landmark_days: int | None = None,
    entry: str | None = None,
    as_published: bool = False,
    known: str | None = None,
    bootstrap: int = 2000,
    seed: int = 211,
) -> ComparedSurvival:
    """Compare survival between those of whom something is so and those of whom it is not.

    Parameters
    ----------
    time : SurvivalTime
    by : Condition, Quantity or pandas.Series
        What tells the sides apart. A quantity must have two values; a Series of two values, by subject or in the order
        of the cohort, needs ``known="at_index"``.
    landmark_months, landmark_days : number, optional
        Compare those still under observation after the landmark by what was known on or before it.
    entry : str, optional
        ``"own_followup"``: each subject from the day on which it was known (delayed entry).
    as_published : bool
        Compare from the index date by what was known only later: biased, labelled so, with the defensible forms beside.
    known : str, optional
        ``"at_index"`` states that a Series from outside the cohort was known on the index date; the result says so.
    bootstrap, seed : int
        Replicates behind the interval of a difference of medians, and their seed.

    Returns
    -------
    ComparedSurvival

    Raises
    ------
    UsageError
        If the comparison would contain immortal time, with the reason and the calls to write instead.
    """
    condition = require_condition(time, by, known=known)
    at_days = _landmark(landmark_months, landmark_days)
    _require_one_form(at_days, entry, as_published=as_published)
    options = ReportOptions(bootstrap=bootstrap, seed=seed, confidence=time.confidence)
    asked = Asked(time=time, by=condition, options=options)
    _require_honest(asked, at_days, entry, as_published=as_published)
    found = _compare(asked, at_days, entry, as_published=as_published)
    if condition.knowledge is not Knowledge.AT_INDEX:
        return found
    return replace(found, notes=(*say_known(condition.code, condition.trusted, known), *found.notes))


def _compare(asked: Asked, at_days: int | None, entry: str | None, *, as_published: bool) -> ComparedSurvival:
    if at_days is not None:
        return compare_at_landmark(asked, at_days)
    if entry is not None:
        return compare_own_followup(asked)
    if as_published:
        return compare_as_published(asked)
    return compare_changing(asked) if asked.by.knowledge is Knowledge.CHANGES else compare_from_start(asked)


def _landmark(months: float | None, days: int | None) -> int | None:
    """Give the day of the landmark, months counted with 30.4375 days and rounded to whole days."""
    if months is not None and days is not None:
        raise UsageError("Give landmark_months or landmark_days, not both.")
    at = days if months is None else round(months * DAYS_PER_MONTH)
    if at is not None and at <= 0:
        raise UsageError("A landmark lies after the index date: give a number above 0.")
    return at


def _require_one_form(at_days: int | None, entry: str | None, *, as_published: bool) -> None:
    if sum([at_days is not None, entry is not None, as_published]) > 1:
        raise UsageError("Ask for one form: a landmark, entry or as_published=True; call again for another.")
    if entry not in {None, OWN_FOLLOWUP}:
        raise UsageError(f'entry={entry!r}: there is only entry="{OWN_FOLLOWUP}".')


def _require_honest(asked: Asked, at_days: int | None, entry: str | None, *, as_published: bool) -> None:
    """Refuse what would look into the future, and forms that do not fit what is asked."""
    time, by = asked.time, asked.by
    later = by.knowledge is not Knowledge.AT_INDEX
    if asked.is_circular and at_days is None:
        raise refuse_circular(time.code, by.code)
    if time.has_delayed_entry and (at_days is not None or as_published or by.knowledge is Knowledge.CHANGES):
        raise UsageError(
            "Survival from the diagnosis is observed from the first treatment on (delayed entry). For this form write "
            'overall_survival(cohort, index="first_treatment"), or compare with entry="own_followup".'
        )
    if not later and (as_published or entry is not None):
        raise UsageError(f"{by.code} is known on the index date: leave out entry and as_published, nothing is biased.")
    has_form = at_days is not None or entry is not None or as_published
    if by.knowledge in {Knowledge.OWN_DAY, Knowledge.AFTERWARDS} and not has_form:
        raise refuse_later(time.code, by)
    no_day = by.history is None and at_days is not None
    no_own_day = by.knowledge is not Knowledge.OWN_DAY and entry is not None
    if later and (no_day or no_own_day):
        raise refuse_later(time.code, by)
