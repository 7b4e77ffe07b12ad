r"""Cumulative incidence of competing events by Aalen and Johansen: the share that has had each event first.

.. math:: F_k(t) = \sum_{t_i \le t} S(t_i-)\,\frac{d_{ki}}{n_i}

with *S* the survival from all events together. The events of one time are one multinomial draw from those at risk, so
ties are exact and the variance is the delta method's over these draws (for one event alone, Greenwood's):

.. math::

    \operatorname{var} F_k(t) = \sum_{t_i \le t} \frac{1}{n_i} \left[ S_{i-}^2 h_{ki}(1 - h_{ki})
    - 2 S_{i-} h_{ki} R_i + R_i^2 \frac{h_i}{1 - h_i} \right], \qquad R_i = F_k(t) - F_k(t_i)

One minus Kaplan-Meier with the other events censored is no share of people, and is not offered.

References
----------
Aalen OO, Johansen S. Scand J Stat 1978;5:141-150. Putter H, Fiocco M, Geskus RB. Stat Med 2007;26:2389-2430.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.problems import Problem, require_no_errors
from survival.normal import two_sided_z
from survival.phrases import interval_phrase
from survival.times import Times, numbers, require_groups, require_same_length, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

COLUMNS = ("group", "cause", "time", "at_risk", "events", "incidence", "standard_error", "lower", "upper")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeIncidence:
    """Cumulative incidence of each cause in each group.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per group, cause and distinct time of exit: ``group, cause, time, at_risk, events, incidence,
        standard_error, lower, upper``; the band is symmetric on the log scale, NaN before the first event of the cause.
    confidence : float
    """

    table: pd.DataFrame
    confidence: float

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the curves at chosen times: the table's columns but the counts, NaN beyond a group's last time."""
        ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
        parts = []
        for row in self.table[["group", "cause"]].drop_duplicates().to_dict("records"):
            curve = self.table[(self.table["group"] == row["group"]) & (self.table["cause"] == row["cause"])]
            parts.append(_read(curve, ticks).assign(group=[row["group"]] * len(ticks), cause=row["cause"]))
        read = pd.concat(parts, ignore_index=True)
        return read[["group", "cause", "time", "incidence", "standard_error", "lower", "upper"]]

    def __str__(self) -> str:
        """Give the incidence at the last time of each group and cause."""
        last = self.table.groupby(["group", "cause"], sort=False, observed=True).tail(1)
        return "\n".join(
            f"{row['group']}, cause {row['cause']}: incidence at {row['time']:g} "
            + interval_phrase(
                row["incidence"], row["lower"], row["upper"], confidence=self.confidence, decimals=3, missing="none"
            )
            for row in last.to_dict("records")
        )


def cumulative_incidence(
    time: ArrayLike,
    event_code: ArrayLike,
    group: ArrayLike | None = None,
    *,
    start: ArrayLike | None = None,
    confidence: float = 0.95,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of competing events.

    Parameters
    ----------
    time : array-like
        Time of the first event or of censoring, shape (n,).
    event_code : array-like
        0 for censored, 1, 2, … for the causes, shape (n,).
    group : array-like, optional
        Label of each row's group.
    start : array-like, optional
        Time of entry.
    confidence : float

    Raises
    ------
    DataError
        If times are wrong or a code is not a whole number ≥ 0.
    """
    codes = numbers(event_code, "event_code")
    require_no_errors(_check_codes(codes))
    times = require_times(time, codes > 0, start=start)
    require_same_length({"time": times.stop, "event_code": codes})
    causes = np.unique(codes[codes > 0]).astype(int).tolist()
    parts = [
        _estimate(times.where(rows), codes[rows], cause, two_sided_z(confidence)).assign(
            group=[label] * len(np.unique(times.stop[rows])), cause=cause
        )
        for label, rows in require_groups(group, len(times.stop))
        for cause in causes
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return CumulativeIncidence(table=table[list(COLUMNS)], confidence=confidence)


def _check_codes(codes: NDArray[np.float64]) -> list[Problem]:
    """List the rows whose code is not a whole number ≥ 0."""
    wrong = ~((codes >= 0) & (np.floor(codes) == codes))
    return [
        Problem(
            code="event_code",
            field="event_code",
            row=int(row) + 1,
            found=f"{codes[row]:g}",
            expected="0 (censored), 1, 2, …",
            message="The event code is not a whole number ≥ 0.",
        )
        for row in np.flatnonzero(wrong)
    ]


def _estimate(times: Times, codes: NDArray[np.float64], cause: int, z: float) -> pd.DataFrame:
    """Estimate one cause in one group."""
    exits, place = np.unique(times.stop, return_inverse=True)
    everything = np.bincount(place[times.event], minlength=len(exits))
    events = np.bincount(place[codes == cause], minlength=len(exits))
    left = np.searchsorted(np.sort(times.stop), exits, side="left")
    at_risk = np.searchsorted(np.sort(times.start), exits, side="left") - left
    hazard, total = events / at_risk, everything / at_risk
    before = np.concatenate([[1.0], np.cumprod(1 - total)])[:-1]
    incidence = np.cumsum(before * hazard)
    error = np.sqrt(_variance(incidence, before, hazard, total, at_risk))
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(incidence > 0, z * error / incidence, np.nan)
    return pd.DataFrame(
        {
            "time": exits,
            "at_risk": at_risk,
            "events": events,
            "incidence": incidence,
            "standard_error": error,
            "lower": incidence * np.exp(-width),
            "upper": np.minimum(incidence * np.exp(width), 1.0),
        }
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
