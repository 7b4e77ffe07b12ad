"""Baseline covariates: what a column means, and how it enters a table or a model.

A covariate is known on the index date. What is known only later (a response, the number of treatments) is refused by
`survival.known_later`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.problems import Problem, require_no_errors
from survival.endpoints import ENDPOINTS
from survival.responses import DOMAINS
from survival.words.wording import DAYS_PER_MONTH, say_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from survival.settings.entries import CovariateEntry


class Kind(StrEnum):
    """How a covariate is described and coded."""

    NUMBER = "number"
    FLAG = "flag"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a known column is called, its unit, and the step its hazard ratio is for.

    Attributes
    ----------
    reference : str
        Level that the others are compared with; empty for the commonest.
    level_names : dict of str to str
        What levels are called, where their text does not say it.
    spline : int
        Degrees of freedom of a natural cubic spline in the models; 0 for a straight line.
    """

    column: str
    label: str
    unit: str = ""
    per: float = 1.0
    decimals: int = 1
    reference: str = ""
    level_names: Mapping[str, str] = field(default_factory=dict)
    spline: int = 0


MEANINGS = (
    Meaning(column="age_years", label="Age", unit="years", per=10, decimals=0),
    Meaning(column="sex", label="Sex"),
    Meaning(column="primary_site", label="Primary site"),
    Meaning(column="functional", label="Functional tumour"),
    Meaning(column="ki67_pct", label="Ki-67", unit="%", per=10),
    Meaning(column="first_activity_mci", label="First activity", unit="mCi", per=100, decimals=0),
    Meaning(column="months_since_diagnosis", label="Diagnosis to first treatment", unit="months", per=12),
    Meaning(column="index_year", label="Year of first treatment", per=10, decimals=0),
)
LEVEL_NAMES = {"F": "Female", "M": "Male", "true": "Yes", "false": "No"}
FLAG_LEVELS = ({"true", "false"}, {"yes", "no"}, {"0", "1"})
POSITIVE = frozenset({"true", "yes", "1"})
KNOWN_LATER = frozenset(
    {
        *(name for domain in DOMAINS for name in (domain.response_column, domain.days_column, domain.source_column)),
        *(f"{domain.key}_{part}" for domain in DOMAINS for part in ("date", "reason")),
        *(name for end in ENDPOINTS for name in (end.time_column, end.event_column, end.reason_column)),
        *("n_treatments", "second_treatment_date", "second_treatment_days"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariate:
    """A covariate with its values.

    Attributes
    ----------
    numbers : ndarray of shape (n_subjects,)
        Values of a number or flag (1 = yes), NaN where missing; empty for a category.
    levels : tuple of str
        Levels of a category: the reference first, then the most frequent.
    text : ndarray of shape (n_subjects,)
        Values of a category, empty where missing.
    """

    meaning: Meaning
    kind: Kind
    numbers: NDArray[np.float64]
    text: NDArray[np.object_]
    levels: tuple[str, ...]

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.meaning.column

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Where no value is given, shape (n_subjects,)."""
        return self.text == "" if self.kind is Kind.CATEGORY else np.isnan(self.numbers)

    def name_of(self, level: str) -> str:
        """Write a level for people."""
        return self.meaning.level_names.get(level) or name_level(level)

    @property
    def label(self) -> str:
        """Name with its unit."""
        return f"{self.meaning.label} ({self.meaning.unit})" if self.meaning.unit else self.meaning.label


def derive_timing(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what dates tell about the start: months since diagnosis and the year of first treatment."""
    timed = frame.copy()
    if "index_date" not in frame:
        return timed
    index = pd.to_datetime(frame["index_date"], format="%Y-%m-%d", errors="coerce")
    timed["index_year"] = index.dt.year.astype("float64")
    if "diagnosis_date" in frame:
        diagnosis = pd.to_datetime(frame["diagnosis_date"], format="%Y-%m-%d", errors="coerce")
        timed["months_since_diagnosis"] = (index - diagnosis).dt.days / DAYS_PER_MONTH
    return timed


def derive_covariate(frame: pd.DataFrame, column: str, entries: Iterable[CovariateEntry] = ()) -> Covariate | None:
    """Read a column as a covariate; None when it is absent or empty.

    Raises
    ------
    DataError
        If the settings say of the column what its values are not.
    """
    if column not in frame:
        return None
    entry = next((one for one in entries if one.column == column), None)
    values = frame[column]
    if entry is not None and entry.kind == Kind.CATEGORY and values.dtype != object:
        values = values.map("{:g}".format).replace("nan", "").astype(object)
    kind, numbers = _kind_of(values) if entry is None or entry.kind != Kind.CATEGORY else (Kind.CATEGORY, np.array([]))
    meaning = meaning_of(column) if entry is None else meaning_in(entry)
    text = values.astype(str).where(values.ne(""), "").to_numpy(dtype=object) if kind is Kind.CATEGORY else np.array([])
    levels = tuple(pd.Series(text[text != ""]).value_counts(sort=True).index) if kind is Kind.CATEGORY else ()
    levels = tuple(sorted(levels, key=lambda level: level != meaning.reference))
    require_no_errors(_check_entry(entry, kind, levels))
    covariate = Covariate(meaning=meaning, kind=kind, numbers=numbers, text=text, levels=levels)
    return None if bool(covariate.is_missing.all()) else covariate


def _check_entry(entry: CovariateEntry | None, kind: Kind, levels: tuple[str, ...]) -> list[Problem]:
    """Compare what the settings say of a column with its values."""
    if entry is None:
        return []
    faults = []
    if entry.kind and entry.kind != kind:
        faults.append(("kind", f"the values of {entry.column} are a {kind}", entry.kind, str(kind)))
    if entry.reference and kind is Kind.CATEGORY and entry.reference not in levels:
        faults.append(("reference", f"{entry.column} has no such level", entry.reference, ", ".join(levels)))
    if entry.spline and kind is not Kind.NUMBER:
        faults.append(("spline", f"{entry.column} is no number", str(entry.spline), "0"))
    return [
        Problem(
            field=f"[[survival.covariate]] {name}",
            code="settings_disagree",
            message=message,
            found=found,
            expected=expected,
        )
        for name, message, found, expected in faults
    ]


def meaning_in(entry: CovariateEntry) -> Meaning:
    """Take what a study says of a column; where it is silent, what the toolkit knows."""
    known = meaning_of(entry.column)
    is_plain = entry.per == 1 and entry.decimals == 1
    return Meaning(
        column=entry.column,
        label=entry.label or known.label,
        unit=entry.unit or known.unit,
        per=known.per if is_plain else entry.per,
        decimals=known.decimals if is_plain else entry.decimals,
        reference=entry.reference,
        level_names=entry.levels,
        spline=entry.spline,
    )


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def meaning_of(column: str) -> Meaning:
    """Find what a column means; an unknown one is called by its name."""
    known = next((meaning for meaning in MEANINGS if meaning.column == column), None)
    return known or Meaning(column=column, label=_upper_first(say_column(column)))


def _kind_of(values: pd.Series) -> tuple[Kind, NDArray[np.float64]]:
    if values.dtype != object:
        return Kind.NUMBER, values.to_numpy(dtype="float64")
    given = values[values.ne("")]
    levels = {str(value).lower() for value in given}
    if levels and any(levels <= flags for flags in FLAG_LEVELS):
        flags = np.where(values.ne(""), values.str.lower().isin(POSITIVE), np.nan)
        return Kind.FLAG, flags.astype(np.float64)
    numbers = pd.to_numeric(values.replace("", "nan"), errors="coerce")
    if len(given) and numbers.notna().sum() == len(given):
        return Kind.NUMBER, numbers.to_numpy(dtype="float64")
    return Kind.CATEGORY, np.array([])


def name_level(level: str) -> str:
    """Write a level for people.

    Examples
    --------
    >>> name_level("F"), name_level("midgut")
    ('Female', 'Midgut')
    """
    return LEVEL_NAMES.get(level, level[:1].upper() + level[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One coefficient of a model: its covariate, and what it compares with what.

    Attributes
    ----------
    name, covariate, label : str
    reference : str
        What a level is compared with.
    is_part : bool
        Whether it is a part of a curve, without a meaning by itself.
    """

    name: str
    covariate: str
    label: str
    reference: str = ""
    is_part: bool = False


def model_column(covariate: Covariate) -> pd.Series:
    """Code a covariate for a model: a number by its step, a flag as 0/1, a category against its commonest level.

    Returns
    -------
    pandas.Series
        Named after the column, index from 0; missing where not given. A category keeps the order of its levels, the
        reference first.
    """
    if covariate.kind is Kind.CATEGORY:
        text = pd.Series(covariate.text, name=covariate.column)
        levels = pd.CategoricalDtype(list(covariate.levels))
        return text.astype(levels)  # what is not a level, the empty text, becomes missing
    step = covariate.meaning.per if covariate.kind is Kind.NUMBER else 1.0
    return pd.Series(covariate.numbers / step, name=covariate.column)


def derive_terms(covariate: Covariate, rows: NDArray[np.bool_]) -> tuple[Term, ...]:
    """Name the terms a covariate has in a model of some rows; the reference is the commonest level among all."""
    column = covariate.column
    if covariate.kind is not Kind.CATEGORY:
        per = f", per {covariate.meaning.per:g} {covariate.meaning.unit}".rstrip()
        label = f"{covariate.meaning.label}{per if covariate.kind is Kind.NUMBER else ''}"
        return (Term(name=column, covariate=column, label=label),)
    present = [level for level in covariate.levels if (covariate.text[rows] == level).any()]
    return tuple(
        Term(
            name=f"{column}[{level}]",
            covariate=column,
            label=f"{covariate.meaning.label}: {covariate.name_of(level)}",
            reference=covariate.name_of(present[0]),
        )
        for level in present[1:]
    )
