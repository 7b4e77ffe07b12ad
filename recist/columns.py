"""The columns of a table: what a cell may hold, and reading it from text.

Parsing a column never stops at the first fault: it returns the values that could be understood and a list of the
cells that could not.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"


class PartialDates(StrEnum):
    """What a date without day or month is: a fault, or the first or the last day it can be."""

    REFUSE = "refuse"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    kind : Kind
    required : bool
        The column must exist and no cell may be empty.
    must_exist : bool
        The column must exist; cells may be empty.
    words : tuple of str
        For text: the closed set of values; empty when any text is allowed.
    minimum : float or None
        For numbers: the smallest value allowed.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    must_exist: bool = False
    words: tuple[str, ...] = ()
    minimum: float | None = None


def text(name: str, *words: str, required: bool = False, must_exist: bool = False) -> Column:
    """Describe a column of text, of a closed set when `words` are given."""
    return Column(name=name, words=words, required=required, must_exist=must_exist)


def date(name: str, *, required: bool = False) -> Column:
    """Describe a column of ISO dates."""
    return Column(name=name, kind=Kind.DATE, required=required)


def number(name: str, *, required: bool = False, minimum: float | None = None) -> Column:
    """Describe a column of numbers."""
    return Column(name=name, kind=Kind.NUMBER, required=required, minimum=minimum)


def flag(name: str, *, required: bool = False) -> Column:
    """Describe a column of true and false."""
    return Column(name=name, kind=Kind.FLAG, required=required)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A cell that is wrong: its position and what was expected there."""

    position: int
    code: str
    message: str
    expected: str


Parsed = tuple[pd.Series, list[Fault]]


def as_text(values: pd.Series) -> pd.Series:
    """Give text without surrounding blanks; a category keeps its codes."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return values.astype(object).where(values.notna(), "").astype(str).str.strip().astype(object)


def cell_text(value: object) -> str:
    """Write what stands in a cell for people: a day without its midnight, and nothing where nothing is given."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp | datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def expectation(column: Column) -> str:
    """Say what a cell of a column may hold."""
    return ", ".join(column.words) if column.words else _EXPECTED[column.kind]


_EXPECTED = {
    Kind.TEXT: "text",
    Kind.DATE: "a date, YYYY-MM-DD",
    Kind.NUMBER: "a number",
    Kind.FLAG: "true, false",
}


def _faults(wrong: pd.Series, code: str, message: str, expected: str) -> list[Fault]:
    positions = np.flatnonzero(wrong.to_numpy(dtype=bool))
    return [Fault(position=int(p), code=code, message=message, expected=expected) for p in positions]


def _parse_text(raw: pd.Series, column: Column) -> Parsed:
    values = as_text(raw)
    if not column.words:
        return values, []
    wrong = ~values.isin(["", *column.words]) & values.notna()
    message = "this word is not known here; use one of those expected"
    return values, _faults(wrong, "unknown_value", message, expectation(column))


def _parse_date(raw: pd.Series, _column: Column) -> Parsed:
    if pd.api.types.is_datetime64_any_dtype(raw):
        return raw.dt.tz_localize(None).astype("datetime64[ns]"), []
    words = as_text(raw)
    iso = words.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    values = pd.to_datetime(words.where(iso), format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
    wrong = values.isna() & (words != "")
    message = "this is not a date of the calendar in ISO form; write year-month-day"
    return values, _faults(wrong, "wrong_date", message, "YYYY-MM-DD")


def _parse_number(raw: pd.Series, column: Column) -> Parsed:
    if pd.api.types.is_numeric_dtype(raw):
        values = raw.astype("float64")
        unread = pd.Series(data=False, index=raw.index)
    else:
        words = as_text(raw)
        values = pd.to_numeric(words.where(words != ""), errors="coerce").astype("float64")
        unread = values.isna() & (words != "")
    unread = unread | pd.Series(np.isinf(values), index=raw.index)
    values = values.where(~unread)
    faults = _faults(unread, "wrong_number", "this is not a number; use digits and a decimal point", "a number")
    if column.minimum is not None:
        low = values < column.minimum
        message = "this number is too small to be true; correct it or leave the cell empty"
        faults += _faults(low, "number_too_small", message, f"a number ≥ {column.minimum:g}")
        values = values.where(~low)
    return values, faults


_FLAG_WORDS = {"true": True, "1": True, "false": False, "0": False}


def _parse_flag(raw: pd.Series, _column: Column) -> Parsed:
    if pd.api.types.is_bool_dtype(raw):
        return raw.astype("boolean"), []
    words = as_text(raw).astype(str).str.lower().str.removesuffix(".0")
    values = words.map(_FLAG_WORDS).astype("boolean")
    wrong = values.isna() & (words != "")
    return values, _faults(wrong, "wrong_flag", "this is neither true nor false", "true, false")


_PARSERS: dict[Kind, Callable[[pd.Series, Column], Parsed]] = {
    Kind.TEXT: _parse_text,
    Kind.DATE: _parse_date,
    Kind.NUMBER: _parse_number,
    Kind.FLAG: _parse_flag,
}


def parse_column(raw: pd.Series, column: Column) -> Parsed:
    """Give a column its type and list the cells that are wrong or empty where they must not be."""
    values, faults = _PARSERS[column.kind](raw, column)
    return values, faults + find_empty_cells(raw, column)


def empty_column(column: Column, index: pd.Index) -> pd.Series:
    """Make a column in which nothing is given."""
    if column.kind is Kind.TEXT:
        return pd.Series("", index=index, dtype=object)
    if column.kind is Kind.DATE:
        return pd.Series(pd.NaT, index=index, dtype="datetime64[ns]")
    if column.kind is Kind.FLAG:
        return pd.Series(pd.NA, index=index, dtype="boolean")
    return pd.Series(np.nan, index=index, dtype="float64")


def find_empty_cells(raw: pd.Series, column: Column) -> list[Fault]:
    """Find the empty cells of a required column."""
    if not column.required:
        return []
    given = raw.notna()
    if not (pd.api.types.is_numeric_dtype(raw) or pd.api.types.is_datetime64_any_dtype(raw)):
        given &= as_text(raw) != ""
    return _faults(~given, "empty_cell", "this cell must be filled in", expectation(column))
