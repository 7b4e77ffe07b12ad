"""Times to event as they come in: arrays of numbers, checked for every fault at once before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from recist.problems import require_no_errors
from survival.alignment import require_same_index
from survival.checks.times import check_groups, check_times
from survival.equal_times import merge_equal_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from recist.problems import Problem

SHOWN_WORDS = 3
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

    def where(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Times:
        """Keep the rows that are True, or at these positions."""
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

    def places(self) -> list[NDArray[np.intp]]:
        """Give the rows of each label as positions, which is quick also for thousands of labels."""
        order = np.argsort(self.codes, kind="stable")
        return np.split(order, np.searchsorted(self.codes[order], np.arange(1, len(self.labels))))


def require_times(time: ArrayLike, event: ArrayLike, *, start: ArrayLike | None = None) -> Times:
    """Turn times and events into checked arrays.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, ≥ 0, in one unit throughout, shape (n,). 0 is kept: the row is at risk at 0 only.
        Times that differ by rounding only are one time (:mod:`survival.equal_times`).
    event : array-like
        1 or True for the event, 0 or False for censoring, shape (n,).
    start : array-like, optional
        Time of entry, ≥ 0 and below ``time``, shape (n,).

    Raises
    ------
    DataError
        With every fault at once: missing, negative or infinite times, events other than 0 and 1, entry not before exit.
    UsageError
        If the arrays differ in length, or Series in their index, or there is no row.
    """
    require_same_index({"time": time, "event": event, "start": start})
    times, problems = _read_times(time, event, start)
    require_no_errors(problems)
    return times


def require_sample(
    time: ArrayLike,
    event: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    fewest_groups: int = 1,
) -> tuple[Times, Groups, Groups]:
    """Turn times, groups and strata into checked arrays, and name the faults of all of them at once.

    Parameters
    ----------
    time, event, start : array-like
        As in :func:`require_times`.
    group, strata : array-like, optional
        Labels of each row, shape (n,); without, all rows are in one group.
    fewest_groups : int
        Fewest groups that make sense.

    Returns
    -------
    times : Times
    groups, strata : Groups
    """
    require_same_index({"time": time, "event": event, "start": start, "group": group, "strata": strata})
    times, problems = _read_times(time, event, start)
    groups, missing = _read_groups(group, len(times.stop), fewest_groups, "group")
    layers, unlayered = _read_groups(strata, len(times.stop), 1, "stratum")
    require_no_errors([*problems, *missing, *unlayered])
    return times, groups, layers


def _read_times(time: ArrayLike, event: ArrayLike, start: ArrayLike | None) -> tuple[Times, list[Problem]]:
    """Read the columns, and list what is wrong with them."""
    stop, flags = numbers(time, "time"), numbers(event, "event")
    entry = None if start is None else numbers(start, "start")
    require_same_length({"time": stop, "event": flags, "start": entry})
    if len(stop) == 0:
        raise UsageError("There is no row to analyse: time and event are empty.")
    if entry is None:
        (stop,) = merge_equal_times(stop)
    else:
        stop, entry = merge_equal_times(stop, entry)
    begin = np.full(len(stop), -np.inf) if entry is None else np.where(entry > 0, entry, -np.inf)
    return Times(start=begin, stop=stop, event=flags == 1), check_times(stop, flags, entry)


def numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Read one column as float64, with NaN where nothing is given.

    Raises
    ------
    UsageError
        If the values are not numbers or not one column.
    """
    plain = np.asarray(values)
    if plain.ndim != 1:
        raise UsageError(f"{name} must be one column of numbers.")
    if plain.dtype.kind in "fiub":
        return plain.astype(np.float64)
    if plain.dtype.kind in "mM" or (plain.dtype == object and _holds_dates(plain)):
        raise UsageError(f"{name} must hold numbers, not dates: give the days (or months) since the index date.")
    given = pd.Series(np.asarray(values, dtype=object))
    column = pd.to_numeric(given, errors="coerce")
    strange = given.notna() & column.isna() & given.map(str).str.strip().ne("")
    if strange.any():
        raise UsageError(f"{name} must hold numbers; {_say_text(given[strange], name)}")
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _say_text(strange: pd.Series[Any], name: str) -> str:
    """Say what stands where a number should, and how to write words for an event as 0 and 1."""
    words = [str(word) for word in strange.unique()]
    listed = ", ".join(repr(word) for word in words[:SHOWN_WORDS]) + (", …" if len(words) > SHOWN_WORDS else "")
    found = f"found {listed} (first in row {int(strange.index[0]) + 1})."
    return (
        f"{found} Give 1 for the event and 0 for censoring, such as {name} == {words[0]!r}."
        if name == "event"
        else found
    )


def _holds_dates(values: NDArray[Any]) -> bool:
    """Tell whether any value is a date or a span between dates, which have no unit of their own."""
    return any(isinstance(value, date | timedelta | np.datetime64 | np.timedelta64) for value in values)


def require_same_length(columns: dict[str, NDArray[Any] | None]) -> None:
    """Stop if the columns that are given differ in length."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UsageError(f"Columns must have one length; found {listed}.")


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
    groups, problems = _read_groups(group, n, at_least, name)
    require_no_errors(problems)
    return groups


def require_reference(groups: Groups, reference: object | None) -> int:
    """Find the reference among the groups; the first by default.

    Raises
    ------
    UsageError
        If it is not one of them.
    """
    if reference is None:
        return 0
    if reference not in groups.labels:
        raise UsageError(f"reference {reference!s} is not one of the groups: {', '.join(map(str, groups.labels))}.")
    return groups.labels.index(reference)


def _read_groups(group: ArrayLike | None, n: int, at_least: int, name: str) -> tuple[Groups, list[Problem]]:
    """Read the labels, and list what is wrong with them."""
    if group is None:
        return Groups(codes=np.zeros(n, dtype=np.int64), labels=(ALL,)), []
    column = pd.Series(group).reset_index(drop=True)
    require_same_length({"time": np.empty(n), name: column.to_numpy()})
    codes, labels = _levels(column)
    return Groups(codes=codes, labels=labels), check_groups(column, labels, at_least, name)


def _levels(column: pd.Series[Any]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Code the labels that occur: in a categorical's own order, otherwise sorted."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        kept = column.cat.remove_unused_categories().cat
        return kept.codes.to_numpy().astype(np.int64), tuple(kept.categories.tolist())
    codes, labels = pd.factorize(column, sort=True)
    return codes.astype(np.int64), tuple(labels.tolist())
