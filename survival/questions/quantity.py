"""Something that is told of each subject, and from which day: age, a response, the number of treatments.

Comparing a quantity with a value gives a :class:`~survival.questions.condition.Condition` that knows the same day.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.covariates import MEANINGS
from survival.questions.condition import MISSING, Condition
from survival.questions.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Callable

    from survival.questions.history import History

BASELINE = frozenset(meaning.column for meaning in MEANINGS)
"""Columns that the toolkit itself knows to be facts of the index date."""
WORDS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<"}
OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {  # of a whole column with one value
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """A value by subject.

    Attributes
    ----------
    subjects : pandas.Index
    told : pandas.Series
        By position: ``float64`` with NaN, or text, empty where not given; as it stands at the end of follow-up.
    knowledge : Knowledge
    history : History or None
        What was known when.
    name, code : str
        For people: ``Number of treatments``; as it was asked for: ``cohort.n_treatments``.
    column : str
        The column of the cohort it stands in.
    """

    subjects: pd.Index
    told: pd.Series
    knowledge: Knowledge
    history: History | None
    name: str
    code: str
    column: str = ""
    domain: str = ""

    @property
    def trusted(self) -> tuple[str, ...]:
        """Name the column if it is taken as known on the index date though nothing tells its day."""
        is_told = self.knowledge is not Knowledge.AT_INDEX or self.column in BASELINE
        return () if is_told else (self.column or self.code,)

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return bool(self.told.dtype != object)

    @property
    def table(self) -> pd.DataFrame:
        """Give the values by subject."""
        return pd.DataFrame({"subject": self.subjects, self.column or "value": self.told.to_numpy()})

    def __str__(self) -> str:
        """Say what it is and when it is known."""
        return f"{self.name}: {int(is_given(self.told).sum())} of {len(self.told)} given; {self.knowledge}"

    def __ge__(self, other: float) -> Condition:
        """Ask who has at least so much."""
        return self._ask(">=", other)

    def __le__(self, other: float) -> Condition:
        """Ask who has at most so much."""
        return self._ask("<=", other)

    def __gt__(self, other: float) -> Condition:
        """Ask who has more."""
        return self._ask(">", other)

    def __lt__(self, other: float) -> Condition:
        """Ask who has less."""
        return self._ask("<", other)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]  # a question about every subject
        """Ask who has just this."""
        return self._ask("==", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]  # a question about every subject
        """Ask who has anything else."""
        return self._ask("!=", other)

    __hash__ = None  # type: ignore[assignment]  # equality is a question, so there is no hash

    def isin(self, *levels: object) -> Condition:
        """Ask who has one of these values."""
        for level in levels:
            self._require_comparable("==", level)
        listed = ", ".join(str(level) for level in levels)
        code = f"{self.code}.isin({', '.join(repr(level) for level in levels)})"
        return self._condition(
            lambda values: values.isin(levels), f"{self.name}: {listed}", f"{self.name}: not {listed}", code
        )

    def _ask(self, sign: str, other: object) -> Condition:
        self._require_comparable(sign, other)
        compare = _COMPARE[sign]
        yes, no = (f"{self.name} {WORDS[each]} {other}" for each in (sign, OPPOSITE[sign]))
        return self._condition(lambda values: compare(values, other), yes, no, f"{self.code} {sign} {other!r}")

    def _condition(self, test: Callable[[pd.Series], pd.Series], yes: str, no: str, code: str) -> Condition:
        def answer(values: pd.Series) -> pd.Series:
            return test(values).astype("float64").where(is_given(values))

        found = answer(self.told)
        return Condition(
            subjects=self.subjects,
            holds=found.to_numpy(dtype="float64"),
            knowledge=self.knowledge,
            history=None if self.history is None else self.history.map(answer),
            name=yes,
            yes_name=yes,
            no_name=no,
            code=code,
            domain=self.domain,
            trusted=self.trusted,
            unknown=pd.Series(np.where(found.isna(), f"{self.name.lower()} {MISSING}", ""), dtype=object),
        )

    def _require_comparable(self, sign: str, other: object) -> None:
        """Stop at a comparison that would quietly be true of nobody."""
        if self.is_number != (isinstance(other, (int, float)) and not isinstance(other, bool)):
            wanted = "a number" if self.is_number else "a text"
            raise UsageError(f"{self.code} {sign} {other!r}: {self.name.lower()} is compared with {wanted}.")
        if self.is_number:
            return
        levels = sorted({str(value) for value in self.told[is_given(self.told)]})
        if sign not in {"==", "!="} or other not in levels:
            raise UsageError(f"{self.code} {sign} {other!r}: the values are {', '.join(levels)}; ask == or != of one.")

    def renamed(self, name: str) -> Quantity:
        """Call it something else."""
        return replace(self, name=name)


def is_given(values: pd.Series) -> pd.Series:
    """Tell where there is a value."""
    return values.notna() & values.ne("")
