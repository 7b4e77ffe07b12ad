"""The columns of a table: what a cell may hold, and reading it from text.

Parsing a column never stops at the first fault: it returns the values that could be understood and a list of the
cells that could not.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from recist.iso_dates import FAR_DATE, NO_DATE, WITHOUT_DAY, YEARS, PartialDates, is_partial, parse_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"


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
    """A cell that is wrong, or only doubtful: its position and what was expected there."""

    position: int
    code: str
    message: str
    expected: str
    is_doubt: bool = False


Values: TypeAlias = "ExtensionArray | NDArray[Any]"
Parsed: TypeAlias = "tuple[Values, list[Fault]]"


class Cells(NamedTuple):
    """A column as its distinct texts, without surrounding blanks, and the number of the text of each cell.

    The last text is empty, so that -1, the number of a missing cell, stands for it.
    """

    code: NDArray[np.int64]
    texts: list[str]

    def all(self, of_text: NDArray[Any]) -> NDArray[Any]:
        """Spread what is known of each text over the cells."""
        return of_text[self.code]


def _cells_of(raw: pd.Series) -> Cells:
    """Look at each distinct text once, however long the column is."""
    if isinstance(raw.array, pd.Categorical):
        code, words = raw.array.codes, raw.array.categories.tolist()
    else:
        code, found = pd.factorize(raw.to_numpy(dtype=object))
        words = found.tolist()
    return Cells(code.astype(np.int64, copy=False), [*(str(word).strip() for word in words), ""])


def as_text(values: pd.Series) -> pd.Series:
    """Give text without surrounding blanks; a category keeps its codes."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    cells = _cells_of(values)
    return pd.Series(cells.all(np.array(cells.texts, dtype=object)), index=values.index, dtype=object)


def cell_text(value: object) -> str:
    """Write what stands in a cell for people: no midnight, no capital true, and nothing where nothing is given."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp | datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
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


def _faults(wrong: NDArray[Any], code: str, message: str, expected: str) -> list[Fault]:
    positions = np.flatnonzero(wrong).tolist()
    return [Fault(position=position, code=code, message=message, expected=expected) for position in positions]


def _parse_text(raw: pd.Series, column: Column, _partial: PartialDates) -> Parsed:
    if not column.words:
        return as_text(raw).array, []
    cells = _cells_of(raw)
    known = {"", *column.words}
    wrong = cells.all(np.array([text not in known for text in cells.texts]))
    message = "this word is not known here; use one of those expected"
    faults = _faults(wrong, "unknown_value", message, expectation(column))
    if isinstance(raw.dtype, pd.CategoricalDtype):
        return raw.array, faults
    return cells.all(np.array(cells.texts, dtype=object)), faults


def _parse_date(raw: pd.Series, _column: Column, partial: PartialDates) -> Parsed:
    if pd.api.types.is_datetime64_any_dtype(raw):
        return _take_dates(raw)
    cells = _cells_of(raw)
    days = [parse_day(text, partial) for text in cells.texts]
    is_far = np.array([day is not None and int(day[:4]) not in YEARS for day in days], dtype=bool)
    days = [None if far else day for day, far in zip(days, is_far, strict=True)]
    dates = np.array([day or "NaT" for day in days], dtype="datetime64[D]").astype("datetime64[ns]")
    unread = np.array([day is None and text != "" for day, text in zip(days, cells.texts, strict=True)], dtype=bool)
    unread &= ~is_far
    without_day = unread & np.array([is_partial(text) for text in cells.texts], dtype=bool)
    faults = [
        *_faults(cells.all(unread & ~without_day), "wrong_date", NO_DATE, "YYYY-MM-DD"),
        *_faults(cells.all(without_day), "wrong_date", WITHOUT_DAY, "YYYY-MM-DD"),
        *_faults(cells.all(is_far), "wrong_date", FAR_DATE, "YYYY-MM-DD, or empty"),
    ]
    completed = np.array([day is not None and day != text for day, text in zip(days, cells.texts, strict=True)])
    if completed.any():
        faults += _completed(cells, days, completed, partial)
    return cells.all(dates), faults


def _take_dates(raw: pd.Series) -> Parsed:
    """Take dates that have their type already, which may reach further than ours."""
    plain = raw.dt.tz_localize(None)
    is_far = (~plain.dt.year.isin(YEARS) & plain.notna()).to_numpy()
    taken = plain.mask(is_far).astype("datetime64[ns]").array
    return taken, _faults(is_far, "wrong_date", FAR_DATE, "YYYY-MM-DD, or empty")


def _completed(cells: Cells, days: list[str | None], completed: NDArray[Any], partial: PartialDates) -> list[Fault]:
    """List the dates that were completed, and to what."""
    return [
        Fault(
            position=position,
            code="partial_date",
            message=f"this date is not complete; its {partial} day is used by the option partial_dates",
            expected=f"YYYY-MM-DD; {days[cells.code[position]]} is used",
            is_doubt=True,
        )
        for position in np.flatnonzero(cells.all(completed)).tolist()
    ]


def _parse_number(raw: pd.Series, column: Column, _partial: PartialDates) -> Parsed:
    if pd.api.types.is_numeric_dtype(raw):
        values = raw.to_numpy(dtype="float64", na_value=np.nan)
        unread = np.isinf(values)
    else:
        cells = _cells_of(raw)
        is_given = np.array([text != "" for text in cells.texts])
        texts = np.array([text or None for text in cells.texts], dtype=object)
        numbers = np.asarray(pd.to_numeric(texts, errors="coerce"), dtype="float64")
        values, unread = numbers[cells.code], cells.all((np.isnan(numbers) & is_given) | np.isinf(numbers))
    values = np.where(unread, np.nan, values)
    faults = _faults(unread, "wrong_number", "this is not a number; use digits and a decimal point", "a number")
    if column.minimum is not None:
        low = values < column.minimum
        message = "this number is too small to be true; correct it or leave the cell empty"
        faults += _faults(low, "number_too_small", message, f"a number ≥ {column.minimum:g}")
        values = np.where(low, np.nan, values)
    return values, faults


_FLAG_WORDS = {"true": True, "1": True, "false": False, "0": False}


def _parse_flag(raw: pd.Series, _column: Column, _partial: PartialDates) -> Parsed:
    if pd.api.types.is_bool_dtype(raw):
        return raw.astype("boolean").array, []
    cells = _cells_of(raw)
    read = [_FLAG_WORDS.get(text.lower().removesuffix(".0")) for text in cells.texts]
    wrong = np.array([value is None and text != "" for value, text in zip(read, cells.texts, strict=True)])
    is_true, is_unknown = np.array([bool(value) for value in read]), np.array([value is None for value in read])
    values = pd.arrays.BooleanArray(cells.all(is_true), cells.all(is_unknown))
    faults = _faults(cells.all(wrong), "wrong_flag", "this is neither true nor false", "true, false")
    return values, faults


_PARSERS: dict[Kind, Callable[[pd.Series, Column, PartialDates], Parsed]] = {
    Kind.TEXT: _parse_text,
    Kind.DATE: _parse_date,
    Kind.NUMBER: _parse_number,
    Kind.FLAG: _parse_flag,
}


def parse_column(raw: pd.Series, column: Column, partial: PartialDates = PartialDates.REFUSE) -> Parsed:
    """Give a column its type and list the cells that are wrong or empty where they must not be."""
    values, faults = _PARSERS[column.kind](raw, column, partial)
    return values, faults + find_empty_cells(raw, column)


_NOTHING = {
    Kind.TEXT: np.array("", dtype=object),
    Kind.DATE: np.array("NaT", dtype="datetime64[ns]"),
    Kind.NUMBER: np.array(np.nan),
}


def empty_column(column: Column, n_rows: int, *, writeable: bool = True) -> Values:
    """Make a column in which nothing is given; all its cells share one place in memory where none is written to."""
    if column.kind is Kind.FLAG:
        return pd.arrays.BooleanArray(np.zeros(n_rows, dtype=bool), np.ones(n_rows, dtype=bool))
    values = np.broadcast_to(_NOTHING[column.kind], n_rows)
    return values.copy() if writeable else values


def find_empty_cells(raw: pd.Series, column: Column) -> list[Fault]:
    """Find the empty cells of a required column."""
    if not column.required:
        return []
    if pd.api.types.is_numeric_dtype(raw) or pd.api.types.is_datetime64_any_dtype(raw):
        return _empty(raw.isna().to_numpy(), column)
    if _has_words_only(raw):
        return []
    cells = _cells_of(raw)
    return _empty(cells.all(np.array([text == "" for text in cells.texts])), column)


def _has_words_only(raw: pd.Series) -> bool:
    """Say of a column of categories whether every cell has a word."""
    if not isinstance(raw.array, pd.Categorical):
        return False
    is_missing = len(raw) > 0 and raw.array.codes.min() < 0
    return not is_missing and all(map(str.strip, map(str, raw.array.categories)))


def _empty(is_empty: NDArray[Any], column: Column) -> list[Fault]:
    return _faults(is_empty, "empty_cell", "this cell must be filled in", expectation(column))
