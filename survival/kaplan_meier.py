r"""Kaplan-Meier: the share still free of the event, with Greenwood's variance.

.. math::

    S(t) = \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right), \qquad
    V(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)} = \operatorname{var} \log S(t)

At one time events come before censorings: who is censored at *t* is at risk for an event at *t*. With late entry a row
is at risk at *t* when ``start < t <= stop``. Should everybody at risk have the event while others have yet to enter,
the curve is 0 from then on, whatever happens later; the result says so.

References
----------
Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc 1958;53:457-481.
Brookmeyer R, Crowley J. Biometrics 1982;38:29-41 (interval of the median).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.bands import Interval, confidence_band, require_confidence, require_interval
from survival.curve_cautions import say_thin_beginning, say_time_zero
from survival.quantiles import compute_quantile, require_probability
from survival.risk_table import count_at_risk, derive_risk_table
from survival.times import Groups, Times, require_sample
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CURVE_COLUMNS = ("group", "time", "at_risk", "events", "censored", "survival", "lower", "upper")
MEDIAN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KaplanMeier:
    """Kaplan-Meier curves of one or more groups.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per group and distinct time of exit: ``group, time, at_risk, events, censored, survival, lower, upper``
        and ``variance_log`` (Greenwood). ``lower`` and ``upper`` are NaN where the band does not exist: on the log-log
        scale before the first event, on all scales once the curve is at 0.
    n : int
        Rows.
    confidence : float
    interval : Interval
    messages : tuple of str
        What to beware of: rows that end at time 0, and events that met few at risk before most had entered.
    """

    table: pd.DataFrame
    n: int
    confidence: float
    interval: Interval
    messages: tuple[str, ...]
    _times: Times
    _groups: Groups
    _moved: NDArray[np.bool_] | None = None

    def quantiles(self, probability: float = MEDIAN) -> pd.DataFrame:
        """Find when the share ``probability`` has had the event.

        Parameters
        ----------
        probability : float
            Between 0 and 1; 0.5 for the median.

        Returns
        -------
        pandas.DataFrame
            ``group, value, lower, upper``, in the unit of time; NaN is "not reached".
        """
        level = 1.0 - require_probability(probability)
        rows = [
            {"group": label} | {name: _quantile(curve, column, level) for name, column in _QUANTILE_SOURCES.items()}
            for label, curve in self.curves()
        ]
        return pd.DataFrame(rows, columns=["group", "value", "lower", "upper"])

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the curves at chosen times.

        Parameters
        ----------
        times : array-like
            Shape (n_times,).

        Returns
        -------
        pandas.DataFrame
            ``group, time, at_risk, events, censored, survival, lower, upper``. Survival includes events at the time
            itself; ``at_risk`` is just before it, ``events`` and ``censored`` are cumulative before it. Beyond the
            group's last time survival is NaN, unless it had come down to 0.
        """
        ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
        counts = self.risk_table(ticks).drop(columns="entered")
        read = pd.concat([_read_curve(curve, ticks) for _, curve in self.curves()], ignore_index=True)
        return pd.concat([counts, read], axis=1)

    def risk_table(self, ticks: ArrayLike) -> pd.DataFrame:
        """Count at risk, events and censored at the ticks of a figure; see :mod:`survival.risk_table`."""
        chosen = np.atleast_1d(np.asarray(ticks, dtype=np.float64))
        return derive_risk_table(self._times, self._groups, chosen, moved=self._moved)

    def summary(self, probability: float = MEDIAN) -> pd.DataFrame:
        """Give ``group, n, events, median, lower, upper``; with another probability its quantile in their place."""
        counts = [{"n": int(rows.sum()), "events": int(self._times.event[rows].sum())} for _, rows in self._groups]
        found = self.quantiles(probability).rename(columns={"value": "median" if probability == MEDIAN else "quantile"})
        return pd.concat([found[["group"]], pd.DataFrame(counts), found.drop(columns="group")], axis=1)

    def curves(self) -> list[tuple[Any, pd.DataFrame]]:
        """Give each group's label with its part of the table, in the order of the groups."""
        codes = np.repeat(np.arange(len(self._groups.labels)), self._lengths())
        return [(label, self.table[codes == code]) for code, label in enumerate(self._groups.labels)]

    def begins(self) -> tuple[float, ...]:
        """Give the time at which each curve begins: the first entry of its group, 0 without late entry."""
        return tuple(max(float(self._times.start[rows].min()), 0.0) for _, rows in self._groups)

    def _lengths(self) -> list[int]:
        return [len(np.unique(self._times.stop[rows])) for _, rows in self._groups]

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a group: n, events, median with interval; then what to beware of."""
        lines = [
            f"{row['group']}: n = {row['n']}, events = {row['events']}, median "
            + interval_phrase(row["median"], row["lower"], row["upper"], confidence=self.confidence, decimals=1)
            for row in self.summary().to_dict("records")
        ]
        return "\n".join([*lines, *self.messages])

    def _repr_html_(self) -> str:
        caption = f"Median time by Kaplan-Meier, {100 * self.confidence:g} % CI ({self.interval}); – is not reached"
        lines = str(self).splitlines()
        sentence = "\n".join(lines[: len(self._groups.labels)])
        return result_html(sentence, self.summary(), caption=caption, messages=self.messages)


_QUANTILE_SOURCES = {"value": "survival", "lower": "lower", "upper": "upper"}


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log-log",
) -> KaplanMeier:
    """Estimate survival curves.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, in any one unit, shape (n,). Events come before censorings of the same time.
    event : array-like
        1 or True for the event, 0 or False for censoring, shape (n,). Codes of competing events are refused.
    start : array-like, optional
        Time of entry (delayed entry), shape (n,): at risk when ``start < t <= time``.
    group : array-like, optional
        Label of each row's group, shape (n,).
    confidence : float
        Confidence of the pointwise band.
    interval : str
        ``"log-log"``, ``"log"`` or ``"plain"``.

    Returns
    -------
    KaplanMeier

    Raises
    ------
    DataError
        With every fault of the rows at once.
    UsageError
        If a column is no column of numbers, or an option is not known.

    Examples
    --------
    >>> from survival.kaplan_meier import kaplan_meier
    >>> print(kaplan_meier([2, 3, 4, 5, 8], [1, 0, 1, 1, 0]))
    all: n = 5, events = 3, median 5.0 (95 % CI 2.0 to not reached)
    """
    times, groups, _ = require_sample(time, event, start=start, group=group)
    return derive_curves(times, groups, confidence=confidence, interval=interval)


def derive_curves(
    times: Times,
    groups: Groups,
    *,
    confidence: float = 0.95,
    interval: str = "log-log",
    moved: NDArray[np.bool_] | None = None,
) -> KaplanMeier:
    """Estimate the curves of checked rows; ``moved`` marks rows that end because their subject changes group."""
    scale, sure = require_interval(interval), require_confidence(confidence)
    columns = [*CURVE_COLUMNS, "variance_log"] if moved is None else [*CURVE_COLUMNS, "variance_log", "moved"]
    parts, messages = [], say_time_zero(times)
    for label, rows in groups:
        mine = times.where(rows)
        curve = survival_curve(mine, moved=None if moved is None else moved[rows])
        lower, upper = confidence_band(
            curve["survival"].to_numpy(), np.sqrt(curve["variance_log"].to_numpy()), sure, scale
        )
        parts.append(curve.assign(group=[label] * len(curve), lower=lower, upper=upper))
        messages += say_thin_beginning(label, curve, mine)
    table = pd.concat(parts, ignore_index=True)[columns]
    return KaplanMeier(
        table=table,
        n=len(times.stop),
        confidence=sure,
        interval=scale,
        messages=tuple(messages),
        _times=times,
        _groups=groups,
        _moved=moved,
    )


def survival_curve(times: Times, *, moved: NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """Compute one curve: ``time, at_risk, events, censored, survival, variance_log``, one row per distinct exit.

    Rows that are ``moved`` to another curve are counted apart from the censored, in a column of that name.
    """
    exits, position = np.unique(times.stop, return_inverse=True)
    events = np.bincount(position[times.event], minlength=len(exits))
    leaving = np.bincount(position, minlength=len(exits))
    at_risk = count_at_risk(times, exits)
    with np.errstate(divide="ignore"):
        step = np.where(events > 0, events / (at_risk * (at_risk - events).astype(np.float64)), 0.0)
    curve = pd.DataFrame(
        {
            "time": exits,
            "at_risk": at_risk,
            "events": events,
            "censored": leaving - events,
            "survival": np.cumprod((at_risk - events) / at_risk),
            "variance_log": np.cumsum(step),
        }
    )
    if moved is None:
        return curve
    gone = np.bincount(position[moved], minlength=len(exits))
    return curve.assign(censored=leaving - events - gone, moved=gone)


def _quantile(curve: pd.DataFrame, column: str, level: float) -> float:
    return compute_quantile(curve["time"].to_numpy(), curve[column].to_numpy(), level)


def _read_curve(curve: pd.DataFrame, ticks: NDArray[np.float64]) -> pd.DataFrame:
    """Read survival and band at each tick: before the first exit 1, after the last exit nothing but 0."""
    row = np.searchsorted(curve["time"].to_numpy(), ticks, side="right")
    beyond = (ticks > curve["time"].iloc[-1]) & (curve["survival"].iloc[-1] > 0)
    read = {}
    for name in ("survival", "lower", "upper"):
        values = np.concatenate([[1.0], curve[name].to_numpy()])[row]
        read[name] = np.where(beyond, np.nan, values)
    return pd.DataFrame(read)
