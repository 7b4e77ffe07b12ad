"""Something that is so or not so of each subject, and from which day that is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.questions.history import History, make_history
from survival.questions.knowledge import Knowledge, later_of
from survival.questions.words import decapitalised
from survival.responses import IMAGING

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """Yes, no or not known, by subject.

    Attributes
    ----------
    subjects : pandas.Index
        Of the cohort, in its order.
    holds : ndarray of shape (n_subjects,)
        1 yes, 0 no, NaN not known, as it stands at the end of follow-up. Not known is neither.
    knowledge : Knowledge
        When it is known.
    history : History or None
        What was known when; None where it is known on the index date, or where the days are not known.
    name : str
        ``Disease control on imaging``.
    yes_name, no_name : str
        What those who are and those who are not are called.
    code : str
        How it was asked for, for messages: ``imaging.disease_control``.
    is_good : bool or None
        Whether yes is the good side of a response: then hazard ratios are of the other side against it.
    domain : str
        The response domain it comes from, or empty; imaging where that is one of several.
    unknown : pandas.Series
        Why it is not known, by position; empty text where it is.
    trusted : tuple of str
        Columns of the study's own that are taken as known on the index date, though nothing tells their day.
    """

    subjects: pd.Index
    holds: NDArray[np.float64]
    knowledge: Knowledge
    history: History | None
    name: str
    yes_name: str
    no_name: str
    code: str
    is_good: bool | None = None
    domain: str = ""
    unknown: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))
    trusted: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say how many are, are not, and are not known."""
        yes, no = int((self.holds == 1).sum()), int((self.holds == 0).sum())
        return f"{self.name}: {yes} yes, {no} no, {len(self.holds) - yes - no} not known; {self.knowledge}"

    def __and__(self, other: Condition) -> Condition:
        """Ask for both: no where either is no, not known where that cannot be told."""
        require_one_cohort(self, other)
        either_no = (self.holds == 0) | (other.holds == 0)
        both = (self.holds == 1) & (other.holds == 1)
        return _join(self, other, np.where(either_no, 0.0, np.where(both, 1.0, np.nan)), "and", "&")

    def __or__(self, other: Condition) -> Condition:
        """Ask for one of them: yes where either is yes, not known where that cannot be told."""
        require_one_cohort(self, other)
        either = (self.holds == 1) | (other.holds == 1)
        both_no = (self.holds == 0) & (other.holds == 0)
        return _join(self, other, np.where(either, 1.0, np.where(both_no, 0.0, np.nan)), "or", "|")

    def __invert__(self) -> Condition:
        """Ask for the opposite; what is not known stays not known."""
        return replace(
            self,
            holds=1 - self.holds,
            history=None if self.history is None else self.history.map(lambda values: 1 - values),
            name=f"Not: {self.name}",
            yes_name=self.no_name,
            no_name=self.yes_name,
            is_good=None if self.is_good is None else not self.is_good,
            code=f"~{self.code}" if " " not in self.code else f"~({self.code})",
        )

    def __bool__(self) -> bool:
        """Refuse to be one truth: Python's ``and``, ``or`` and ``not`` cannot keep subjects apart."""
        raise UsageError(f"{self.code} is yes or no for each subject; join conditions with &, | and ~.")

    def final(self, until_days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what is known in the end, nothing after each subject's last day counting, shape (n_subjects,)."""
        if self.history is None:
            return self.holds
        return self.history.until(until_days).at(np.inf).to_numpy(dtype="float64")

    def why_unknown(self, places: NDArray[np.int64]) -> Counter[str]:
        """Count why it is not known of some subjects."""
        reasons = self.unknown.reindex(places).fillna("").replace("", MISSING)
        return Counter(reasons.tolist())


def _join(one: Condition, other: Condition, values: NDArray[np.float64], word: str, sign: str) -> Condition:
    knowledge = later_of(one.knowledge, other.knowledge)
    history = None
    if knowledge is Knowledge.OWN_DAY:
        days = [each.history.first_days() for each in (one, other) if each.history is not None]
        history = make_history(np.arange(len(values)), np.maximum.reduce(days), values, len(values))
        history = History(rows=history.rows[history.rows["value"].notna()], n=history.n)
    name = f"{one.name} {word} {decapitalised(other.name)}"
    return Condition(
        subjects=one.subjects,
        holds=values,
        knowledge=knowledge,
        history=history,
        name=name,
        yes_name=name,
        no_name=f"Not: {name}",
        code=f"({one.code}) {sign} ({other.code})",
        domain=IMAGING.key if IMAGING.key in {one.domain, other.domain} else one.domain or other.domain,
        trusted=tuple(dict.fromkeys((*one.trusted, *other.trusted))),
        unknown=_reasons(one, other),
    )


def _reasons(one: Condition, other: Condition) -> pd.Series:
    first, second = (each.unknown.reindex(range(len(each.holds))).fillna("") for each in (one, other))
    return first.where(first.ne(""), second)


def require_one_cohort(*asked: Condition) -> None:
    """Stop when quantities of different cohorts meet.

    Raises
    ------
    UsageError
    """
    if any(not each.subjects.equals(asked[0].subjects) for each in asked[1:]):
        codes = ", ".join(each.code for each in asked)
        raise UsageError(f"{codes}: these are of different cohorts; ask both of one that load_cohort gave.")
