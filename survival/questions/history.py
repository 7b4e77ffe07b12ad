"""What was known when: rows of (subject, day, value), each value holding from its day on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PLACE, DAYS, VALUE = "place", "days", "value"
SMALLEST_SPAN_DAYS = 0.5
"""How long a follow-up of 0 days lasts in start-stop rows, where a start must come before its stop."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Values by subject and day.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``place`` (position of the subject in the cohort), ``days`` (from the first treatment), ``value``; sorted.
    n : int
        Subjects of the cohort.
    """

    rows: pd.DataFrame
    n: int

    def map(self, change: Callable[[pd.Series], pd.Series]) -> History:
        """Change every value."""
        return History(rows=self.rows.assign(value=change(self.rows[VALUE])), n=self.n)

    def until(self, last_days: NDArray[np.float64]) -> History:
        """Forget what became known after each subject's last day; NaN is no limit."""
        limit = np.where(np.isnan(last_days), np.inf, last_days)[self.rows[PLACE].to_numpy()]
        return History(rows=self.rows[self.rows[DAYS].to_numpy() <= limit], n=self.n)

    def at(self, day: float) -> pd.Series:
        """Give each subject's value as known on a day; missing where nothing was known yet."""
        known = self.rows[self.rows[DAYS] <= day].drop_duplicates(PLACE, keep="last")
        return known.set_index(PLACE)[VALUE].reindex(range(self.n))

    def first_days(self) -> NDArray[np.float64]:
        """Give the day on which each subject's first value was known, shape (n,); NaN for never."""
        first = self.rows.drop_duplicates(PLACE, keep="first").set_index(PLACE)[DAYS]
        return first.reindex(range(self.n)).to_numpy(dtype="float64")

    def first_true_days(self) -> NDArray[np.float64]:
        """Give the first day on which each subject's value was 1, shape (n,); NaN for never."""
        return History(rows=self.rows[self.rows[VALUE].eq(1)], n=self.n).first_days()


def make_history(places: object, days: object, values: object, n: int) -> History:
    """Lay values out by subject and day; rows without a day say nothing."""
    rows = pd.DataFrame({PLACE: places, DAYS: days, VALUE: values})
    rows = rows[rows[DAYS].notna()].sort_values([PLACE, DAYS], kind="stable").reset_index(drop=True)
    return History(rows=rows, n=n)


def cut_spans(days: NDArray[np.float64], event: NDArray[np.int64], switch_days: NDArray[np.float64]) -> pd.DataFrame:
    """Cut each subject's time at the day of a switch.

    Returns
    -------
    pandas.DataFrame
        ``place, start_days, stop_days, event, switched``, one or two rows a subject, in the order of the subjects. A
        follow-up of 0 days lasts half a day.
    """
    whole = pd.DataFrame(
        {
            PLACE: np.arange(len(days)),
            "start_days": 0.0,
            "stop_days": np.where(days == 0, SMALLEST_SPAN_DAYS, days),
            "event": event,
        }
    )
    return cut_rows(whole, switch_days, "switched")


def cut_rows(rows: pd.DataFrame, switch_days: NDArray[np.float64], name: str) -> pd.DataFrame:
    """Cut start-stop rows once more, and say in a new column which part of them lies after the switch.

    A row covers (start, stop]: a switch on the last day, or after it, opens no row; one on the first day or before
    begins in the new state; NaN is never.
    """
    day = switch_days[rows[PLACE].to_numpy()]
    start, stop = rows["start_days"].to_numpy(dtype="float64"), rows["stop_days"].to_numpy(dtype="float64")
    cut = (day > start) & (day < stop)
    first = rows.assign(
        stop_days=np.where(cut, day, stop),
        event=np.where(cut, 0, rows["event"]),
        **{name: (day <= start).astype("int64")},
    )
    second = rows.assign(start_days=day, **{name: 1})[cut]
    return pd.concat([first, second]).sort_values([PLACE, "start_days"], kind="stable").reset_index(drop=True)


def enter_rows(rows: pd.DataFrame, begin_days: NDArray[np.float64]) -> pd.DataFrame:
    """Begin each subject's rows on a day of the own; what ends by then is dropped."""
    begin = begin_days[rows[PLACE].to_numpy()]
    is_after = rows["stop_days"].to_numpy(dtype="float64") > begin
    entered = rows.assign(start_days=np.maximum(rows["start_days"].to_numpy(dtype="float64"), begin))[is_after]
    return pd.DataFrame(entered).reset_index(drop=True)
