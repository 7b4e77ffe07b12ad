"""Columns as imputation sees them: numbers, yes or no, ordered and unordered categories."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAIR = 2
"""Levels of a binary column."""
MOST_LEVELS = 20
"""Categories above which a column is rather a name or a date."""


class ColumnKind(StrEnum):
    """How a column is imputed."""

    NUMBER = "number"
    BINARY = "binary"
    ORDERED = "ordered categories"
    UNORDERED = "unordered categories"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column to be imputed or to predict others.

    Attributes
    ----------
    name : str
    kind : ColumnKind
    levels : tuple
        Values that occur, of a category in its own order; empty for numbers.
    observed : numpy.ndarray
        The number itself, or the position in ``levels``; NaN where missing, shape (n,).
    missing : numpy.ndarray
        bool, shape (n,).
    """

    name: str
    kind: ColumnKind
    levels: tuple[Any, ...]
    observed: NDArray[np.float64]
    missing: NDArray[np.bool_]

    def expand(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the columns by which the values predict others, shape (n, n_columns)."""
        if self.kind in {ColumnKind.NUMBER, ColumnKind.BINARY}:
            return values[:, None]
        return np.asarray(values[:, None] == np.arange(1, len(self.levels)), dtype=np.float64)

    def restore(self, given: pd.Series[Any], values: NDArray[np.float64], where: NDArray[np.bool_]) -> pd.Series[Any]:
        """Put imputed values where they belong; what was observed stays the very same object."""
        filled = given.copy()
        if not where.any():
            return filled
        if self.kind is ColumnKind.NUMBER or not self.levels:
            found: list[Any] = values[where].tolist()
        else:
            found = [self.levels[int(place)] for place in values[where]]
        if pd.api.types.is_integer_dtype(filled.dtype) or pd.api.types.is_bool_dtype(filled.dtype):
            filled = filled.astype(object) if not pd.api.types.is_extension_array_dtype(filled.dtype) else filled
        filled[where] = found
        return filled


def derive_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Read each column's kind from its type and values.

    Booleans and columns of two values are binary. Text and categoricals are unordered unless the categorical is
    ordered. All else is a number.

    Raises
    ------
    UsageError
        If a column has no value at all, or infinite ones.
    """
    return tuple(_derive_column(str(name), frame[name]) for name in frame.columns)


def _derive_column(name: str, column: pd.Series[Any]) -> Column:
    missing = column.isna().to_numpy(dtype=bool)
    if missing.all():
        raise UsageError(f"Column {name} has no value at all; nothing can be learned about it. Leave it out.")
    levels = _find_levels(column)
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and len(levels) != PAIR:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isinf(values).any():
            raise UsageError(f"Column {name} has infinite values.")
        return Column(name=name, kind=ColumnKind.NUMBER, levels=(), observed=values, missing=missing)
    if len(levels) > MOST_LEVELS:
        raise UsageError(
            f"Column {name} is no number and has {len(levels)} different values; group them into at most "
            f"{MOST_LEVELS}, or leave it out."
        )
    place = {level: float(position) for position, level in enumerate(levels)}
    values = np.array([np.nan if gap else place[value] for value, gap in zip(column, missing, strict=True)])
    return Column(name=name, kind=_kind_of(column, levels), levels=levels, observed=values, missing=missing)


def _find_levels(column: pd.Series[Any]) -> tuple[Any, ...]:
    """List the values that occur."""
    present = column.dropna()
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(level for level in column.cat.categories if (present == level).any())
    return tuple(sorted(present.unique().tolist()))


def _kind_of(column: pd.Series[Any], levels: tuple[Any, ...]) -> ColumnKind:
    if len(levels) <= PAIR:
        return ColumnKind.BINARY
    ordered = isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered
    return ColumnKind.ORDERED if ordered else ColumnKind.UNORDERED
