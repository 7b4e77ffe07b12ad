"""The covariates of a Cox model as they are asked for: what each is called, its values, and from when it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.covariates import KNOWN_LATER, derive_covariate, derive_terms, model_column
from survival.endpoints import PROGRESSION_FREE_SURVIVAL
from survival.questions.columns import ask_column
from survival.questions.condition import Condition
from survival.questions.knowledge import Knowledge
from survival.questions.quantity import Quantity
from survival.questions.refusal import refuse_circular, refuse_later_term
from survival.responses import IMAGING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.questions.history import History
    from survival.questions.survival_time import SurvivalTime

Asked = Condition | Quantity | str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Term:
    """One covariate.

    Attributes
    ----------
    name : str
        How it stands in the table of the model.
    given : pandas.Series
        By position; missing where not known. Of a switch, whether it is known at all.
    own_days : ndarray of shape (n_subjects,) or None
        Day from the first treatment on which it was known, where that is a day of the own.
    switch_days : ndarray of shape (n_subjects,) or None
        Day from the first treatment on which it changes from no to yes.
    """

    name: str
    given: pd.Series
    own_days: NDArray[np.float64] | None = None
    switch_days: NDArray[np.float64] | None = None


def take_term(time: SurvivalTime, asked: Asked) -> Term:
    """Make a covariate of what is asked.

    Raises
    ------
    UsageError
        If it is known only afterwards, is the event itself, or is no covariate.
    """
    if isinstance(asked, str):
        asked = ask_column(time.cohort, asked)
    if not isinstance(asked, (Condition, Quantity)):
        raise UsageError(
            f"A covariate is a column name, a condition or a switch, not a {type(asked).__name__}: "
            'cox(os, [imaging.progressed, "age", switches_on(cohort.second_treatment_date)]).'
        )
    if not asked.subjects.equals(time.cohort.subjects):
        raise UsageError(f"{asked.code} and {time.code} are of different cohorts.")
    if asked.domain == IMAGING.key and time.endpoint is PROGRESSION_FREE_SURVIVAL:
        raise refuse_circular(time.code, asked.code)
    is_dated = isinstance(asked, Quantity) and (
        asked.knowledge is not Knowledge.AT_INDEX or asked.column in KNOWN_LATER
    )
    if asked.knowledge is Knowledge.AFTERWARDS or is_dated:
        raise refuse_later_term(asked.code, say_remedies(time, asked))
    return _from_condition(asked) if isinstance(asked, Condition) else _from_quantity(time, asked)


def _from_condition(asked: Condition) -> Term:
    given = pd.Series(asked.holds)
    if asked.history is None:
        return Term(name=asked.name, given=given)
    if asked.knowledge is Knowledge.CHANGES:
        return Term(
            name=asked.yes_name, given=given, own_days=_own(asked.history), switch_days=asked.history.first_true_days()
        )
    return Term(name=asked.name, given=given, own_days=asked.history.first_days())


def _own(history: History) -> NDArray[np.float64] | None:
    """Give the day from which a switch is known, where that is not the start."""
    first = history.first_days()
    return np.maximum(first, 0) if (first > 0).any() else None


def _from_quantity(time: SurvivalTime, asked: Quantity) -> Term:
    options = time.cohort.options
    covariate = derive_covariate(time.cohort.frame, asked.column, () if options is None else options.covariate)
    if covariate is None:
        raise UsageError(f"{asked.code} is empty; leave it out of the model.")
    everybody = np.ones(time.cohort.n, dtype=bool)
    terms = derive_terms(covariate, everybody)
    name = terms[0].label if len(terms) == 1 and not terms[0].reference else covariate.meaning.label
    return Term(name=name, given=model_column(covariate))


def say_remedies(time: SurvivalTime, asked: Condition | Quantity) -> tuple[str, ...]:
    """Write the calls that take something known only later in a fair form."""
    column = asked.column if isinstance(asked, Quantity) else ""
    own = asked.domain
    domain = next((each for each in time.cohort.domains if each.key == own or column.startswith(f"{each.key}_")), None)
    if domain is not None:
        word = "unimproved" if domain.key == "symptomatic" else "progressed"
        call = (
            f'cox({time.code}, [first_response(cohort, "{domain.key}").{word}])    # delayed entry at the own follow-up'
        )
        return (call,)
    if isinstance(asked, Condition) and asked.history is not None:
        return (f"cox({time.code}, [switches_on({asked.code})])    # counts from the day on which it changes",)
    if "treatment" in asked.code:
        return (f"cox({time.code}, [switches_on(cohort.second_treatment_date)])    # counts from that day on",)
    return (f"cox({time.code}, [...])    # with what was known on the index date, or switches_on(...) of its day",)
