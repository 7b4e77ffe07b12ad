"""Covariates as the columns of a model: categories against their first level, incomplete rows left out and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The columns of a model.

    Attributes
    ----------
    columns : numpy.ndarray
        float64, shape (n, n_terms).
    terms : tuple of str
        Name of each column: ``age``, ``imaging[PD]``.
    covariates : tuple of str
        The covariate that each column comes from.
    complete : numpy.ndarray
        Which of the rows given are kept, bool, shape (n_given,).
    messages : tuple of str
    """

    columns: NDArray[np.float64]
    terms: tuple[str, ...]
    covariates: tuple[str, ...]
    complete: NDArray[np.bool_]
    messages: tuple[str, ...]


def derive_design(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike, n: int) -> Design:
    """Lay covariates out as numeric columns.

    Parameters
    ----------
    covariates : pandas.DataFrame, pandas.Series or array-like
        Numbers and booleans are taken as they are; text and categoricals are expanded against their first level (a
        categorical's own order, otherwise sorted). Columns of an array are named ``x1, x2, …``.
    n : int
        Rows expected.

    Raises
    ------
    UsageError
        If the number of rows differs, or no row is complete.
    """
    frame = _as_frame(covariates)
    if len(frame) != n:
        raise UsageError(f"The covariates have {len(frame)} rows, time has {n}.")
    complete = frame.notna().all(axis=1).to_numpy()
    if not complete.any():
        raise UsageError("No row has all covariates; give fewer covariates or impute them.")
    kept = frame[complete]
    pieces = [piece for name in frame.columns for piece in _expand(str(name), kept[name])]
    columns = np.column_stack([values for _, _, values in pieces]) if pieces else np.empty((int(complete.sum()), 0))
    return Design(
        columns=np.ascontiguousarray(columns, dtype=np.float64),
        terms=tuple(term for _, term, _ in pieces),
        covariates=tuple(covariate for covariate, _, _ in pieces),
        complete=complete,
        messages=_missing_message(frame, complete),
    )


def _as_frame(covariates: pd.DataFrame | pd.Series[Any] | ArrayLike) -> pd.DataFrame:
    """Name the columns and drop the index."""
    if isinstance(covariates, pd.DataFrame):
        return covariates.reset_index(drop=True)
    if isinstance(covariates, pd.Series):
        name = "x1" if covariates.name is None else str(covariates.name)
        return covariates.reset_index(drop=True).to_frame(name=name)
    values = np.asarray(covariates)
    table = values[:, None] if values.ndim == 1 else values
    return pd.DataFrame(table, columns=[f"x{number}" for number in range(1, table.shape[1] + 1)])


def _expand(name: str, column: pd.Series[Any]) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    """Give covariate, term and values of each column that a covariate needs."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        yield name, name, column.to_numpy(dtype=np.float64)
        return
    levels = list(pd.Categorical(column).remove_unused_categories().categories)
    if set(levels) <= {True, False}:
        yield name, name, np.asarray(column.astype(bool), dtype=np.float64)
        return
    if len(levels) == 1:
        yield name, f"{name}[{levels[0]}]", np.ones(len(column))
    for level in levels[1:]:
        yield name, f"{name}[{level}]", np.asarray(column == level, dtype=np.float64)


def _missing_message(frame: pd.DataFrame, complete: NDArray[np.bool_]) -> tuple[str, ...]:
    """Say how many rows were left out, and for want of what."""
    left_out = int((~complete).sum())
    if left_out == 0:
        return ()
    counts = ", ".join(f"{name} {count}" for name, count in frame.isna().sum().items() if count)
    return (f"{left_out} of {len(frame)} rows left out for missing covariates ({counts}).",)
