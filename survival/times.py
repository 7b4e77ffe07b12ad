"""Times to event as they come in: arrays of numbers, checked for every fault at once before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from recist.problems import Problem, require_no_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

ALL = "all"
"""Label of the one group when no grouping is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """Checked times to event.

    Attributes
    ----------
    start : numpy.ndarray
        Time of entry, float64, shape (n,); minus infinity where observation begins with the clock (at 0). A row is at
        risk at *t* when ``start < t <= stop``.
    stop : numpy.ndarray
        Time of the event or of censoring, float64, shape (n,).
    event : numpy.ndarray
        True where the row ends with the event, bool, shape (n,).
    """

    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    event: NDArray[np.bool_]

    def where(self, rows: NDArray[np.bool_]) -> Times:
        """Keep the rows that are True."""
        return Times(start=self.start[rows], stop=self.stop[rows], event=self.event[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Group membership as codes into labels.

    Attributes
    ----------
    codes : numpy.ndarray
        Position in ``labels``, int64, shape (n,).
    labels : tuple
        The groups that occur, in the order of a categorical's categories, otherwise sorted.
    """

    codes: NDArray[np.int64]
    labels: tuple[Any, ...]

    def __iter__(self) -> Iterator[tuple[Any, NDArray[np.bool_]]]:
        """Give each label with the rows that carry it."""
        return ((label, self.codes == code) for code, label in enumerate(self.labels))


def require_times(time: ArrayLike, event: ArrayLike, *, start: ArrayLike | None = None) -> Times:
    """Turn times and events into checked arrays.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, ≥ 0, in one unit throughout, shape (n,).
    event : array-like
        1 or True for the event, 0 or False for censoring, shape (n,).
    start : array-like, optional
        Time of entry, ≥ 0 and below ``time``, shape (n,).

    Raises
    ------
    DataError
        With every fault at once: missing, negative or infinite times, events other than 0 and 1, entry not before exit.
    UsageError
        If the arrays differ in length or hold no row.
    """
    stop, flags = numbers(time, "time"), numbers(event, "event")
    entry = None if start is None else numbers(start, "start")
    require_same_length({"time": stop, "event": flags, "start": entry})
    if len(stop) == 0:
        raise UsageError("There is no row to analyse: time and event are empty.")
    require_no_errors(check_times(stop, flags, entry))
    begin = np.full(len(stop), -np.inf) if entry is None else np.where(entry > 0, entry, -np.inf)
    return Times(start=begin, stop=stop, event=flags == 1)


def numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Read one column as float64, with NaN where nothing is given.

    Raises
    ------
    UsageError
        If the values are not numbers or not one column.
    """
    try:
        column = pd.to_numeric(pd.Series(np.asarray(values, dtype=object).ravel()), errors="raise")
    except (ValueError, TypeError) as fault:
        raise UsageError(f"{name} must hold numbers: {fault}") from fault
    if np.ndim(np.asarray(values, dtype=object)) != 1:
        raise UsageError(f"{name} must be one column of numbers.")
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def require_same_length(columns: dict[str, NDArray[Any] | None]) -> None:
    """Stop if the columns that are given differ in length."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UsageError(f"Columns must have one length; found {listed}.")


def check_times(
    stop: NDArray[np.float64], event: NDArray[np.float64], start: NDArray[np.float64] | None = None
) -> list[Problem]:
    """List every row whose time, event or entry cannot be right.

    ``row`` of a problem counts observations from 1.
    """
    never = np.zeros(len(stop), dtype=bool)
    entry = np.full(len(stop), -np.inf) if start is None else start
    late = never if start is None else start >= stop
    faults = (
        ("time_missing", "time", ~np.isfinite(stop), stop, "a finite number", "The time is missing or infinite."),
        ("time_negative", "time", stop < 0, stop, "a number ≥ 0", "The time is negative; check the order of dates."),
        ("event_code", "event", ~np.isin(event, (0, 1)), event, "0 or 1", "The event is not 0 or 1."),
        ("start_missing", "start", np.isnan(entry), entry, "a number ≥ 0", "The time of entry is missing."),
        ("start_negative", "start", never if start is None else entry < 0, entry, "a number ≥ 0", "Entry is negative."),
        ("start_not_before_time", "start", late, entry, "a number below time", "Entry is not before the end."),
    )
    return [
        Problem(code=code, field=field, row=int(row) + 1, found=f"{column[row]:g}", expected=expected, message=message)
        for code, field, wrong, column, expected, message in faults
        for row in np.flatnonzero(wrong)
    ]


def require_groups(group: ArrayLike | None, n: int, *, at_least: int = 1, name: str = "group") -> Groups:
    """Turn group labels into codes.

    Parameters
    ----------
    group : array-like or None
        One label a row; None puts all rows in one group labelled ``"all"``.
    n : int
        Rows expected.
    at_least : int
        Fewest groups that make sense.

    Raises
    ------
    DataError
        If a label is missing, or fewer groups occur than needed.
    """
    if group is None:
        return Groups(codes=np.zeros(n, dtype=np.int64), labels=(ALL,))
    column = pd.Series(group).reset_index(drop=True)
    require_same_length({"time": np.empty(n), name: column.to_numpy()})
    labels = _levels(column)
    require_no_errors(_check_groups(column, labels, at_least, name))
    codes = pd.Categorical(column, categories=list(labels)).codes.astype(np.int64)
    return Groups(codes=codes, labels=labels)


def _levels(column: pd.Series[Any]) -> tuple[Any, ...]:
    """List the labels that occur: a categorical's own order, otherwise sorted."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(label for label in column.cat.categories if (column == label).any())
    return tuple(pd.factorize(column, sort=True)[1].tolist())


def _check_groups(column: pd.Series[Any], labels: Sequence[Any], at_least: int, name: str) -> list[Problem]:
    """List rows without a label, and say when there are too few groups."""
    missing = [
        Problem(code="group_missing", field=name, row=int(row) + 1, message="The group is missing; give it a name.")
        for row in np.flatnonzero(column.isna())
    ]
    if len(labels) >= at_least:
        return missing
    few = Problem(
        code="too_few_groups",
        field=name,
        found=str(len(labels)),
        expected=f"at least {at_least}",
        message="There are too few groups to compare.",
    )
    return [*missing, few]
