"""A switch: something that everybody is without until a day of the own, and with from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.endpoints import ENDPOINTS
from survival.questions.condition import Condition
from survival.questions.history import make_history
from survival.questions.knowledge import Knowledge
from survival.questions.quantity import Quantity
from survival.questions.words import decapitalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATED = ("_date", "_days")
ENDS = frozenset(endpoint.time_column for endpoint in ENDPOINTS)


def switches_on(day: Quantity | Condition, *, name: str = "") -> Condition:
    """Make a covariate that changes on a day of each subject's own.

    Parameters
    ----------
    day : Quantity or Condition
        A date of the cohort (``cohort.second_treatment_date``; empty means never), or a condition that becomes true on
        a known day (``cohort.n_treatments >= 2``).
    name : str, optional
        What switches on; taken from the column when not given.

    Returns
    -------
    Condition
        Yes from the day on, no before it and for those who never have one. :func:`compare_survival` answers with
        start-stop rows, the Mantel-Byar test and Simon-Makuch curves; in :func:`cox` it is time-dependent. Of a
        condition that is known only from a first assessment on, subjects enter on that day.

    Raises
    ------
    UsageError
        If there is no day to switch on.
    """
    days, label, code = _find_days(day)
    unknown, known_from = _find_known(day)
    title = name or label
    since = "After" if isinstance(day, Quantity) else "Once"
    n = len(days)
    place = np.concatenate([np.arange(n), np.flatnonzero(~np.isnan(days))])
    when = np.concatenate([known_from, days[~np.isnan(days)]])
    value = np.concatenate([np.zeros(n), np.ones(int((~np.isnan(days)).sum()))])
    return Condition(
        subjects=day.subjects,
        holds=np.where(unknown, np.nan, (~np.isnan(days)).astype("float64")),
        knowledge=Knowledge.CHANGES,
        history=make_history(place, when, value, n),
        name=title,
        yes_name=f"{since} {decapitalised(title)}",
        no_name=f"Before or without {decapitalised(title)}",
        code=f"switches_on({code})",
        domain=day.domain,
        unknown=day.unknown if isinstance(day, Condition) else pd.Series("", index=range(n), dtype=object),
    )


def _find_known(day: Quantity | Condition) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Tell of whom it is not known at all, and from which day it is known of the others; of a date, from the start."""
    if isinstance(day, Quantity):
        return np.zeros(len(day.subjects), dtype=bool), np.full(len(day.subjects), -np.inf)
    assert day.history is not None
    first = day.history.first_days()
    return np.isnan(day.holds) | np.isnan(first), first


def _find_days(day: Quantity | Condition) -> tuple[NDArray[np.float64], str, str]:
    if isinstance(day, Quantity):
        if not day.column.endswith(DATED) or not day.is_number:
            raise UsageError(
                f"switches_on({day.code}): a switch needs a date or a day, such as cohort.second_treatment_date, or a "
                "condition that becomes true on a known day, such as cohort.n_treatments >= 2."
            )
        if day.column in ENDS:
            raise UsageError(
                f"switches_on({day.code}): this is how long somebody was followed, with the event or without it, and "
                "no day on which something begins."
            )
        return day.told.to_numpy(dtype="float64"), day.name, day.code
    if day.history is None or day.knowledge is Knowledge.OWN_DAY:
        raise UsageError(
            f"switches_on({day.code}): it does not become true on a known day out of not being so; a response is "
            'compared from a landmark or with entry="own_followup".'
        )
    return day.history.first_true_days(), day.yes_name, day.code
