"""Covariates as the columns of a model: categories against their first level, incomplete rows left out and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MOST_LEVELS_OF_DIGITS = 10
PEOPLE_A_LEVEL = 2
"""Text of at most so many levels, each of so many people on average, is a category even where it holds digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one covariate becomes columns: as a number, or as one column for each of its levels but the first.

    Attributes
    ----------
    name : str
    levels : tuple
        In order; empty for numbers and booleans.
    """

    name: str
    levels: tuple[Any, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Name the columns."""
        return tuple(f"{self.name}[{level}]" for level in self._shown()) if self.levels else (self.name,)

    def _shown(self) -> tuple[Any, ...]:
        return self.levels if len(self.levels) == 1 else self.levels[1:]

    def expand(self, column: pd.Series[Any]) -> list[NDArray[np.float64]]:
        """Give the values of each column that the covariate needs."""
        if not self.levels:
            return [_as_numbers(self.name, column)]
        return [np.asarray(column == level, dtype=np.float64) for level in self._shown()]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The columns of a model.

    Attributes
    ----------
    columns : numpy.ndarray
        float64, shape (n, n_terms).
    terms : tuple of str
        Name of each column: ``age``, ``imaging[PD]``.
    layout : tuple of Layout
        How each covariate was laid out.
    covariates : tuple of str
        The covariate that each column comes from.
    complete : numpy.ndarray
        Which of the rows given are kept, bool, shape (n_given,).
    messages : tuple of str
    """

    columns: NDArray[np.float64]
    terms: tuple[str, ...]
    layout: tuple[Layout, ...]
    covariates: tuple[str, ...]
    complete: NDArray[np.bool_]
    messages: tuple[str, ...]


def derive_design(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike, n: int) -> Design:
    """Lay covariates out as numeric columns.

    Parameters
    ----------
    covariates : pandas.DataFrame, pandas.Series or array-like
        Numbers and booleans are taken as they are, also where they are held as text of many different values; other
        text and categoricals are expanded against their first level (a categorical's own order, otherwise sorted).
        Columns of an array are named ``x1, x2, …``. Empty text is missing.
    n : int
        Rows expected.

    Raises
    ------
    UsageError
        If the number of rows differs, no row is complete, or a column mixes numbers and text.
    """
    frame = _as_frame(covariates)
    if len(frame) != n:
        raise UsageError(f"The covariates have {len(frame)} rows, time has {n}.")
    complete = frame.notna().all(axis=1).to_numpy()
    if not complete.any():
        raise UsageError("No row has all covariates; give fewer covariates or impute them.")
    kept = frame[complete]
    _require_finite(kept)
    layout = tuple(_derive_layout(str(name), kept[name]) for name in frame.columns)
    return Design(
        columns=_lay_out(layout, kept),
        terms=tuple(term for covariate in layout for term in covariate.terms),
        layout=layout,
        covariates=tuple(covariate.name for covariate in layout for _ in covariate.terms),
        complete=complete,
        messages=_missing_message(frame, complete),
    )


def expand_people(layout: tuple[Layout, ...], covariates: pd.DataFrame | pd.Series[Any] | ArrayLike) -> pd.DataFrame:
    """Lay out other people's covariates as those of the model were.

    Returns
    -------
    pandas.DataFrame
        One column a term, one row a person; NaN throughout where a covariate is missing.

    Raises
    ------
    UsageError
        If a covariate of the model is not there, or has a level that the model has not seen.
    """
    frame = _as_frame(covariates)
    absent = [covariate.name for covariate in layout if covariate.name not in frame]
    if absent:
        raise UsageError(f"The model needs {', '.join(absent)}; the table does not have it.")
    for covariate in layout:
        strange = set(frame[covariate.name].dropna()) - set(covariate.levels) if covariate.levels else set()
        if strange:
            found, known = ", ".join(sorted(map(str, strange))), ", ".join(map(str, covariate.levels))
            raise UsageError(f"{covariate.name} has {found}, but the model knows {known} only.")
    asked = frame[[covariate.name for covariate in layout]]
    complete = asked.notna().all(axis=1).to_numpy()
    values = np.full((len(frame), sum(len(covariate.terms) for covariate in layout)), np.nan)
    values[complete] = _lay_out(layout, asked[complete])
    return pd.DataFrame(values, columns=[term for covariate in layout for term in covariate.terms])


def _lay_out(layout: tuple[Layout, ...], frame: pd.DataFrame) -> NDArray[np.float64]:
    """Put the columns of all covariates side by side, shape (n, n_terms)."""
    pieces = [piece for covariate in layout for piece in covariate.expand(frame[covariate.name])]
    return np.column_stack(pieces) if pieces else np.empty((len(frame), 0))


def _as_numbers(name: str, column: pd.Series[Any]) -> NDArray[np.float64]:
    """Read numbers or booleans."""
    try:
        return np.asarray(pd.to_numeric(column), dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise UsageError(f"{name} must hold numbers, as in the rows the model was fitted to.") from fault


def _require_finite(frame: pd.DataFrame) -> None:
    """Stop at infinite covariates."""
    numeric = frame.select_dtypes("number")
    infinite = [str(name) for name in numeric if not np.isfinite(numeric[name].to_numpy(dtype=np.float64)).all()]
    if infinite:
        raise UsageError(f"{', '.join(infinite)} holds infinite values; a covariate must be a finite number.")


def _as_frame(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike) -> pd.DataFrame:
    """Name the columns, drop the index, and read numbers that are held as text."""
    frame = _name_columns(covariates)
    return frame.apply(_read_text) if len(frame.columns) and len(frame) else frame


def _read_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """Take text as numbers where all of it is: an age held as text is no category of forty levels.

    Texts of a few levels that recur stay categories, also where they are digits: a stage is written so on purpose.

    Raises
    ------
    UsageError
        If some values are numbers and others are not.
    """
    if not (pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype)):
        return column
    given = column.where(column.astype(str).str.strip().ne("") & column.notna(), np.nan)
    known = given.dropna()
    if _has_few_levels(known):
        return given
    numbers = pd.to_numeric(known.where(~known.map(_is_truth)), errors="coerce")
    if numbers.notna().all() and len(known):
        return pd.to_numeric(given).astype(np.float64)
    if numbers.notna().any():
        place = numbers.index[numbers.isna()][0]
        raise UsageError(
            f"{column.name} mixes numbers and text: {known.loc[place]!r} in row {place + 1} is no number. Write "
            'numbers throughout, or say that it is a category: .astype("category").'
        )
    return given


def _has_few_levels(known: pd.Series[Any]) -> bool:
    """Tell text of a few levels, each held by two people or more on average, from numbers."""
    if not known.map(lambda value: isinstance(value, str)).all():
        return False
    n_levels = known.nunique()
    return n_levels <= MOST_LEVELS_OF_DIGITS and PEOPLE_A_LEVEL * n_levels <= len(known)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool | np.bool_)


def _name_columns(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike) -> pd.DataFrame:
    if isinstance(covariates, pd.DataFrame):
        return covariates.reset_index(drop=True).rename(columns=str)
    if isinstance(covariates, pd.Series):
        name = "x1" if covariates.name is None else str(covariates.name)
        return covariates.reset_index(drop=True).to_frame(name=name)
    values = np.asarray(covariates)
    table = values[:, None] if values.ndim == 1 else values
    return pd.DataFrame(table, columns=[f"x{number}" for number in range(1, table.shape[1] + 1)])


def _derive_layout(name: str, column: pd.Series[Any]) -> Layout:
    """Choose how a covariate becomes columns."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return Layout(name=name)
    levels = tuple(pd.Categorical(column).remove_unused_categories().categories)
    return Layout(name=name) if set(levels) <= {True, False} else Layout(name=name, levels=levels)


def _missing_message(frame: pd.DataFrame, complete: NDArray[np.bool_]) -> tuple[str, ...]:
    """Say how many rows were left out, and for want of what."""
    left_out = int((~complete).sum())
    if left_out == 0:
        return ()
    counts = ", ".join(f"{name} {count}" for name, count in frame.isna().sum().items() if count)
    return (f"{left_out} of {len(frame)} rows left out for missing covariates ({counts}).",)
