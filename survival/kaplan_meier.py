r"""Kaplan-Meier: the share still free of the event, with Greenwood's variance.

.. math::

    S(t) = \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right), \qquad
    V(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)} = \operatorname{var} \log S(t)

At one time events come before censorings: who is censored at *t* is at risk for an event at *t*. With late entry a row
is at risk at *t* when ``start < t <= stop``.

References
----------
Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc 1958;53:457-481.
Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. Wiley 1980 (log-log interval).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.normal import two_sided_z
from survival.phrases import interval_phrase
from survival.quantiles import compute_quantile
from survival.risk_table import derive_risk_table
from survival.times import Groups, Times, require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CURVE_COLUMNS = ("group", "time", "at_risk", "events", "censored", "survival", "lower", "upper")
MEDIAN = 0.5


class Interval(StrEnum):
    """The scale on which the pointwise band is symmetric."""

    LOG_LOG = "log-log"
    LOG = "log"
    PLAIN = "plain"


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
    """

    table: pd.DataFrame
    n: int
    confidence: float
    interval: Interval
    _times: Times
    _groups: Groups

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
        level = 1.0 - probability
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
            itself; ``at_risk`` is just before it, ``events`` and ``censored`` are cumulative before it. Survival is
            NaN beyond the group's last time.
        """
        ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
        counts = derive_risk_table(self._times, self._groups, ticks).drop(columns="entered")
        read = pd.concat([_read_curve(curve, ticks) for _, curve in self.curves()], ignore_index=True)
        return pd.concat([counts, read], axis=1)

    def risk_table(self, ticks: ArrayLike) -> pd.DataFrame:
        """Count at risk, events and censored at the ticks of a figure; see :mod:`survival.risk_table`."""
        return derive_risk_table(self._times, self._groups, np.atleast_1d(np.asarray(ticks, dtype=np.float64)))

    def curves(self) -> list[tuple[Any, pd.DataFrame]]:
        """Give each group's label with its part of the table, in the order of the groups."""
        codes = np.repeat(np.arange(len(self._groups.labels)), self._lengths())
        return [(label, self.table[codes == code]) for code, label in enumerate(self._groups.labels)]

    def _lengths(self) -> list[int]:
        return [len(np.unique(self._times.stop[rows])) for _, rows in self._groups]

    def __str__(self) -> str:
        """Give one line a group: n, events, median with interval."""
        medians = self.quantiles().to_dict("records")
        return "\n".join(
            f"{label}: n = {rows.sum()}, events = {self._times.event[rows].sum()}, median "
            + interval_phrase(row["value"], row["lower"], row["upper"], confidence=self.confidence, decimals=1)
            for (label, rows), row in zip(self._groups, medians, strict=True)
        )


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
        Time of event or censoring, shape (n,).
    event : array-like
        1 or True for the event, 0 or False for censoring, shape (n,).
    start : array-like, optional
        Time of entry (delayed entry), shape (n,).
    group : array-like, optional
        Label of each row's group, shape (n,).
    confidence : float
        Confidence of the pointwise band.
    interval : str
        ``"log-log"``, ``"log"`` or ``"plain"``.

    Returns
    -------
    KaplanMeier

    Examples
    --------
    >>> from survival import kaplan_meier
    >>> print(kaplan_meier([2, 3, 4, 5, 8], [1, 0, 1, 1, 0]))
    all: n = 5, events = 3, median 5.0 (95 % CI 2.0 to not reached)
    """
    times = require_times(time, event, start=start)
    groups = require_groups(group, len(times.stop))
    scale = Interval(interval)
    parts = []
    for label, rows in groups:
        curve = survival_curve(times.where(rows))
        lower, upper = confidence_band(
            curve["survival"].to_numpy(), curve["variance_log"].to_numpy(), confidence, scale
        )
        parts.append(curve.assign(group=[label] * len(curve), lower=lower, upper=upper))
    table = pd.concat(parts, ignore_index=True)[[*CURVE_COLUMNS, "variance_log"]]
    return KaplanMeier(
        table=table, n=len(times.stop), confidence=confidence, interval=scale, _times=times, _groups=groups
    )


def survival_curve(times: Times) -> pd.DataFrame:
    """Compute one curve: ``time, at_risk, events, censored, survival, variance_log``, one row per distinct exit."""
    exits, position = np.unique(times.stop, return_inverse=True)
    events = np.bincount(position[times.event], minlength=len(exits))
    censored = np.bincount(position[~times.event], minlength=len(exits))
    left_before = np.searchsorted(np.sort(times.stop), exits, side="left")
    entered_before = np.searchsorted(np.sort(times.start), exits, side="left")
    at_risk = entered_before - left_before
    with np.errstate(divide="ignore"):
        step = np.where(events > 0, events / (at_risk * (at_risk - events).astype(np.float64)), 0.0)
    return pd.DataFrame(
        {
            "time": exits,
            "at_risk": at_risk,
            "events": events,
            "censored": censored,
            "survival": np.cumprod((at_risk - events) / at_risk),
            "variance_log": np.cumsum(step),
        }
    )


def confidence_band(
    survival: NDArray[np.float64], variance_log: NDArray[np.float64], confidence: float, interval: Interval
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the pointwise band, symmetric on the chosen scale and kept within 0 and 1."""
    z = two_sided_z(confidence)
    curve = np.where(survival > 0, survival, np.nan)
    error = np.sqrt(np.where(survival > 0, variance_log, np.nan))
    if interval is Interval.PLAIN:
        return np.clip(curve - z * error * curve, 0, 1), np.clip(curve + z * error * curve, 0, 1)
    if interval is Interval.LOG:
        return curve * np.exp(-z * error), np.minimum(curve * np.exp(z * error), 1)
    started = np.where(curve < 1, curve, np.nan)
    width = z * error / np.log(started)
    return started ** np.exp(-width), started ** np.exp(width)


def _quantile(curve: pd.DataFrame, column: str, level: float) -> float:
    return compute_quantile(curve["time"].to_numpy(), curve[column].to_numpy(), level)


def _read_curve(curve: pd.DataFrame, ticks: NDArray[np.float64]) -> pd.DataFrame:
    """Read survival and band at each tick: before the first exit 1, after the last exit nothing."""
    row = np.searchsorted(curve["time"].to_numpy(), ticks, side="right")
    beyond = ticks > curve["time"].iloc[-1]
    read = {}
    for name in ("survival", "lower", "upper"):
        values = np.concatenate([[1.0], curve[name].to_numpy()])[row]
        read[name] = np.where(beyond, np.nan, values)
    return pd.DataFrame(read)
