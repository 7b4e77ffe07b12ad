"""Numbers at risk under a survival curve, as data, on the ticks that the figure shows.

A row is at risk at tick *t* when it has entered and has not yet left just before *t*: ``start < t <= stop``. Events and
censored are counted before *t* as well, so that at every tick ``entered = at_risk + events + censored``. At tick 0
every row that begins with the clock is at risk.

References
----------
Morris TP et al. Proposals on Kaplan-Meier plots in medical research. BMJ Open 2019;9:e030215.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.times import Groups, Times, require_sample

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RISK_COLUMNS = ("group", "time", "at_risk", "events", "censored", "entered")


def risk_table(
    time: ArrayLike,
    event: ArrayLike,
    ticks: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
) -> pd.DataFrame:
    """Count who is at risk at each tick, and the events and censorings before it.

    Parameters
    ----------
    time, event, start, group : array-like
        As in :func:`survival.kaplan_meier`.
    ticks : array-like
        Times of the ticks, in the unit of ``time``, shape (n_ticks,).

    Returns
    -------
    pandas.DataFrame
        One row per group and tick: ``group, time, at_risk, events, censored, entered``; counts are integers.

    Examples
    --------
    >>> from survival.risk_table import risk_table
    >>> risk_table([2, 3, 4, 5, 8], [1, 0, 1, 1, 0], [0, 4, 8])[["time", "at_risk", "events", "censored"]]
       time  at_risk  events  censored
    0   0.0        5       0         0
    1   4.0        3       1         1
    2   8.0        1       3         1
    """
    times, groups, _ = require_sample(time, event, start=start, group=group)
    return derive_risk_table(times, groups, np.atleast_1d(np.asarray(ticks, dtype=np.float64)))


def derive_risk_table(
    times: Times, groups: Groups, ticks: NDArray[np.float64], *, moved: NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """Count each group at each tick; rows that are ``moved`` to another group stand in a column of their own."""
    parts = [
        pd.DataFrame({"group": [label] * len(ticks), "time": ticks, **_counts(times.where(rows), ticks)})
        for label, rows in groups
    ]
    table = pd.concat(parts, ignore_index=True)[list(RISK_COLUMNS)]
    if moved is None:
        return table
    gone = np.concatenate([count_below(times.stop[rows & moved], ticks) for _, rows in groups])
    return table.assign(censored=table["censored"] - gone, moved=gone)


def _counts(times: Times, ticks: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    entered = count_below(times.start, ticks)
    events = count_below(times.stop[times.event], ticks)
    censored = count_below(times.stop[~times.event], ticks)
    return {"at_risk": entered - events - censored, "events": events, "censored": censored, "entered": entered}


def count_at_risk(times: Times, when: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the rows with ``start < t <= stop`` at each time."""
    return count_below(times.start, when) - count_below(times.stop, when)


def count_below(values: NDArray[np.float64], ticks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the values strictly below each tick."""
    return np.searchsorted(np.sort(values), ticks, side="left").astype(np.int64)
