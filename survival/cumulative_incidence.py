r"""Cumulative incidence of competing events by Aalen and Johansen: the share that has had each event first.

.. math:: F_k(t) = \sum_{t_i \le t} S(t_i-)\,\frac{d_{ki}}{n_i}

with *S* the survival from all events together. The events of one time are one multinomial draw from those at risk, so
ties are exact and the variance is the delta method's over these draws (for one event alone, Greenwood's):

.. math::

    \operatorname{var} F_k(t) = \sum_{t_i \le t} \frac{1}{n_i} \left[ S_{i-}^2 h_{ki}(1 - h_{ki})
    - 2 S_{i-} h_{ki} R_i + R_i^2 \frac{h_i}{1 - h_i} \right], \qquad R_i = F_k(t) - F_k(t_i)

One minus Kaplan-Meier with the other events censored is no share of people, and is not offered:
:func:`survival.kaplan_meier` refuses codes of competing events. At one time events come before censorings; with late
entry a row is at risk when ``start < t <= time``, and the variance stays the delta method's, as in R's ``prodlim``
(``survfit`` changes to the jackknife's). Equal input gives equal output to the last digit, also with ties.

References
----------
Aalen OO, Johansen S. Scand J Stat 1978;5:141-150. Putter H, Fiocco M, Geskus RB. Stat Med 2007;26:2389-2430.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.bands import Interval, confidence_band, require_confidence, require_interval
from survival.event_codes import require_coded_sample
from survival.quantiles import compute_quantile, require_probability
from survival.risk_table import count_at_risk, count_below
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from survival.times import Groups, Times

COLUMNS = ("group", "cause", "time", "at_risk", "events", "incidence", "standard_error", "lower", "upper")
NOBODY_CENSORED = (
    "Nobody is censored (code 0), so everybody counts as having had an event. If 1 is censoring and 2 the event, as in "
    "some tables, give 0 and 1 instead."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeIncidence:
    """Cumulative incidence of each cause in each group.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per group, cause and distinct time of exit: ``group, cause, time, at_risk, events, incidence,
        standard_error, lower, upper``; the band is symmetric on the scale of ``interval``, NaN before the first event
        of the cause.
    causes : tuple of int
        The codes that occur in any group.
    confidence : float
    interval : Interval
    """

    table: pd.DataFrame
    causes: tuple[int, ...]
    confidence: float
    interval: Interval
    _times: Times
    _codes: NDArray[np.float64]
    _groups: Groups

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the curves at chosen times: the table's columns but the counts, NaN beyond a group's last time."""
        ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
        parts = [
            _read(curve, ticks).assign(group=[label] * len(ticks), cause=cause)
            for label, cause, curve in self._curves()
        ]
        columns = ["group", "cause", "time", "incidence", "standard_error", "lower", "upper"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

    def quantiles(self, probability: float = 0.5) -> pd.DataFrame:
        """Find when the share ``probability`` of all has had each event.

        Parameters
        ----------
        probability : float
            Between 0 and 1, a share of everybody in the group.

        Returns
        -------
        pandas.DataFrame
            ``group, cause, value, lower, upper``, in the unit of time; NaN is "not reached", as where the event never
            happens to so many. The limits are where the band comes up to the share: ``lower`` by its upper edge.
        """
        level = 1 - require_probability(probability)
        sources = {"value": "incidence", "lower": "upper", "upper": "lower"}
        rows = [
            {"group": label, "cause": cause}
            | {
                name: compute_quantile(curve["time"].to_numpy(), 1 - curve[column].to_numpy(), level)
                for name, column in sources.items()
            }
            for label, cause, curve in self._curves()
        ]
        return pd.DataFrame(rows, columns=["group", "cause", "value", "lower", "upper"])

    def risk_table(self, ticks: ArrayLike) -> pd.DataFrame:
        """Count at each tick of a figure who is at risk of a first event, and the events and censorings before it.

        Returns
        -------
        pandas.DataFrame
            ``group, time, at_risk, censored, entered`` and ``events_1``, ``events_2``, … for the causes, such that
            ``entered`` is the sum of the others.
        """
        when = np.atleast_1d(np.asarray(ticks, dtype=np.float64))
        parts = []
        for label, rows in self._groups:
            stop, codes = self._times.stop[rows], self._codes[rows]
            counts = {
                "group": [label] * len(when),
                "time": when,
                "at_risk": count_at_risk(self._times.where(rows), when),
                "censored": count_below(stop[codes == 0], when),
                "entered": count_below(self._times.start[rows], when),
            }
            events = {f"events_{cause}": count_below(stop[codes == cause], when) for cause in self.causes}
            parts.append(pd.DataFrame(counts | events))
        return pd.concat(parts, ignore_index=True)

    def _curves(self) -> list[tuple[Any, int, pd.DataFrame]]:
        """Give each group's label and cause with their part of the table."""
        if not self.causes:
            return []
        lengths = [len(np.unique(self._times.stop[rows])) for _, rows in self._groups]
        ends = np.cumsum(np.repeat(lengths, len(self.causes))).tolist()
        pairs = [(label, cause) for label in self._groups.labels for cause in self.causes]
        begins = [0, *ends[:-1]]
        return [
            (label, cause, self.table.iloc[begin:end])
            for (label, cause), begin, end in zip(pairs, begins, ends, strict=True)
        ]

    @property
    def messages(self) -> tuple[str, ...]:
        """What to beware of: several codes, and nobody censored."""
        is_told = len(self.causes) > 1 and not (self._codes == 0).any()
        return (NOBODY_CENSORED,) if is_told else ()

    __repr__ = first_line

    def __str__(self) -> str:
        """Give the incidence at the last time of each group and cause; then what to beware of."""
        if not self.causes:
            return "No event occurred."
        lines = [
            f"{label}, cause {cause}: incidence at {curve['time'].iloc[-1]:g} "
            + interval_phrase(
                *(float(curve[name].iloc[-1]) for name in ("incidence", "lower", "upper")),
                confidence=self.confidence,
                decimals=3,
                missing="none",
            )
            for label, cause, curve in self._curves()
        ]
        return "\n".join([*lines, *self.messages])

    def _repr_html_(self) -> str:
        last = [curve.tail(1) for _, _, curve in self._curves()]
        shown = pd.concat(last) if last else self.table
        caption = f"Cumulative incidence at the last time, {100 * self.confidence:g} % CI ({self.interval})"
        sentence = str(self).removesuffix("\n".join(("", *self.messages)))
        return result_html(sentence, shown[list(COLUMNS)], caption=caption, messages=self.messages)


def cumulative_incidence(
    time: ArrayLike,
    event_code: ArrayLike,
    group: ArrayLike | None = None,
    *,
    start: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log",
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of competing events.

    Parameters
    ----------
    time : array-like
        Time of the first event or of censoring, in any one unit, shape (n,). Events come before censorings of one time.
    event_code : array-like
        0 for censored, 1, 2, … for the causes, shape (n,).
    group : array-like, optional
        Label of each row's group, shape (n,).
    start : array-like, optional
        Time of entry (delayed entry), shape (n,).
    confidence : float
    interval : str
        Scale of the band: ``"log"``, ``"log-log"`` or ``"plain"``.

    Returns
    -------
    CumulativeIncidence

    Raises
    ------
    DataError
        If times are wrong or a code is not a whole number ≥ 0.

    Examples
    --------
    >>> from survival.cumulative_incidence import cumulative_incidence
    >>> print(cumulative_incidence([1, 2, 3, 4, 5], [1, 2, 0, 1, 0]))
    all, cause 1: incidence at 5 0.500 (95 % CI 0.184 to 1.000)
    all, cause 2: incidence at 5 0.200 (95 % CI 0.035 to 1.000)
    """
    scale, sure = require_interval(interval), require_confidence(confidence)
    times, codes, groups, _ = require_coded_sample(time, event_code, start=start, group=group)
    causes = tuple(np.unique(codes[codes > 0]).astype(int).tolist())
    parts = []
    for label, rows in groups:
        for cause in causes:
            curve = _estimate(times.where(rows), codes[rows], cause)
            share, error = curve["incidence"].to_numpy(), curve["standard_error"].to_numpy()
            relative = np.divide(error, share, out=np.zeros_like(error), where=share > 0)
            lower, upper = confidence_band(share, relative, sure, scale)
            parts.append(curve.assign(group=[label] * len(curve), cause=cause, lower=lower, upper=upper))
    table = pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else pd.DataFrame(columns=list(COLUMNS))
    return CumulativeIncidence(
        table=table, causes=causes, confidence=sure, interval=scale, _times=times, _codes=codes, _groups=groups
    )


def _estimate(times: Times, codes: NDArray[np.float64], cause: int) -> pd.DataFrame:
    """Estimate one cause in one group."""
    exits, place = np.unique(times.stop, return_inverse=True)
    everything = np.bincount(place[times.event], minlength=len(exits))
    events = np.bincount(place[codes == cause], minlength=len(exits))
    at_risk = count_at_risk(times, exits)
    hazard, total = events / at_risk, everything / at_risk
    before = np.concatenate([[1.0], np.cumprod(1 - total)])[:-1]
    incidence = np.cumsum(before * hazard)
    error = np.sqrt(_variance(incidence, before, hazard, total, at_risk))
    return pd.DataFrame(
        {"time": exits, "at_risk": at_risk, "events": events, "incidence": incidence, "standard_error": error}
    )


def _variance(
    incidence: NDArray[np.float64],
    before: NDArray[np.float64],
    hazard: NDArray[np.float64],
    total: NDArray[np.float64],
    at_risk: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Sum the three terms of the formula, as polynomials in the incidence at the end."""
    odds = np.divide(total, 1 - total, out=np.zeros_like(total), where=total < 1)
    own, shared = before**2 * hazard * (1 - hazard) / at_risk, before * hazard / at_risk
    spread = odds / at_risk
    constant = np.cumsum(own + 2 * shared * incidence + spread * incidence**2)
    linear = np.cumsum(shared + spread * incidence)
    return np.maximum(constant - 2 * incidence * linear + incidence**2 * np.cumsum(spread), 0.0)


def _read(curve: pd.DataFrame, ticks: NDArray[np.float64]) -> pd.DataFrame:
    """Read one curve: 0 before its first time, nothing after its last."""
    row = np.searchsorted(curve["time"].to_numpy(), ticks, side="right")
    beyond = ticks > curve["time"].iloc[-1]
    names = ("incidence", "standard_error", "lower", "upper")
    values = {name: np.concatenate([[0.0], curve[name].to_numpy()])[row] for name in names}
    return pd.DataFrame({"time": ticks} | {name: np.where(beyond, np.nan, column) for name, column in values.items()})
