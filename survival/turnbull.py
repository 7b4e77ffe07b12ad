r"""Turnbull's curve: survival when events are known only to lie between two visits.

Progression is seen at a scan and happened somewhere since the one before. The likelihood

.. math:: \prod_i \{ S(l_i) - S(r_i) \}

puts mass only on innermost intervals: from a lower bound to the next upper bound, with no other lower bound between.
Within one of them nothing is known about where the mass lies. Events seen to the day, such as deaths, are intervals of
one point, and with these and censored times alone the curve is Kaplan and Meier's.

No confidence interval is given: the curve converges with the cube root of n, its limit is not normal, and the usual
bootstrap does not estimate it. Compare the median with the Kaplan-Meier one as an analysis of sensitivity.

References
----------
Peto R. Appl Stat 1973;22:86-91. Turnbull BW. J R Stat Soc B 1976;38:290-295.
Gentleman R, Geyer CJ. Biometrika 1994;81:618-623.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from recist.problems import require_no_errors
from survival.alignment import require_same_index
from survival.checks.times import Fault, describe_faults
from survival.quantiles import TOLERANCE, require_probability
from survival.times import numbers, require_same_length
from survival.turnbull_em import Cover, maximise
from survival.words.phrases import first_line, number_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MEDIAN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turnbull:
    """Survival of interval-censored times.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an interval that carries mass: ``left, right, mass, survival``. The event lies after ``left`` and not
        after ``right`` (at ``right``, where both are equal); ``right`` is infinite for the mass beyond the last time.
        ``survival`` is that at ``right``.
    n, n_exact, n_right_censored : int
        Persons; those with an event seen to the day; those without an event.
    log_likelihood : float
    largest_excess : float
        How far the gradient exceeds 1 anywhere: at most 1e-10, which proves the maximum; there is only one.
    """

    table: pd.DataFrame
    n: int
    n_exact: int
    n_right_censored: int
    log_likelihood: float
    largest_excess: float

    def quantiles(self, probability: float | list[float] = MEDIAN) -> pd.DataFrame:
        """Find when the share ``probability`` has had the event.

        Parameters
        ----------
        probability : float or list of float
            Between 0 and 1; 0.5 for the median.

        Returns
        -------
        pandas.DataFrame
            ``probability, value, left, right``. The quantile lies between ``left`` and ``right``, which are bounds of
            what the data can tell and no confidence interval; ``value`` is the middle of them. Where the curve rests
            on the level exactly, it is the middle between the two intervals' middles, as for Kaplan-Meier. NaN in
            ``value`` is "not reached".
        """
        chosen = np.atleast_1d(np.asarray(probability, dtype=np.float64)).tolist()
        rows = [_find_quantile(self.table, require_probability(share)) for share in chosen]
        return pd.DataFrame(rows, columns=["probability", "value", "left", "right"])

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the curve at chosen times.

        Returns
        -------
        pandas.DataFrame
            ``time, smallest, largest``: the bounds of survival; they differ inside an interval that carries mass.
        """
        ticks = np.atleast_1d(np.asarray(times, dtype=np.float64))
        mass = self.table["mass"].to_numpy()
        left, right = self.table["left"].to_numpy(), self.table["right"].to_numpy()
        surely = (right[None, :] <= ticks[:, None]) @ mass
        began = np.where(left == right, left[None, :] <= ticks[:, None], left[None, :] < ticks[:, None])
        return pd.DataFrame({"time": ticks, "smallest": 1 - began @ mass, "largest": 1 - surely})

    __repr__ = first_line

    def __str__(self) -> str:
        """Give n, and the median with the bounds that the data set."""
        row = self.quantiles().iloc[0]
        between = f" (between {row['left']:.1f} and {row['right']:.1f})" if np.isfinite(row["right"]) else ""
        seen = self.n - self.n_exact - self.n_right_censored
        return (
            f"n = {self.n}: {seen} with the event within an interval, {self.n_exact} on a known day, "
            f"{self.n_right_censored} right-censored; median {number_phrase(row['value'], 1)}{between}"
        )

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Intervals that carry mass, and survival at their end")


def turnbull(lower: ArrayLike, upper: ArrayLike) -> Turnbull:
    """Estimate survival from interval-censored times.

    Parameters
    ----------
    lower : array-like
        Last time without the event, ≥ 0, in one unit, shape (n,); NaN for 0 (left-censored).
    upper : array-like
        First time with the event, shape (n,); NaN or infinite where it has not been seen (right-censored). Equal to
        ``lower`` where the time of the event is known. Otherwise the event lies in ``(lower, upper]``; who is
        right-censored at the time of an event was at risk for it.

    Returns
    -------
    Turnbull

    Raises
    ------
    DataError
        If a bound is negative, or a lower bound is infinite or above the upper one.
    UsageError
        If the columns differ in length, hold no row, or no event at all.

    Examples
    --------
    >>> from survival.turnbull import turnbull
    >>> nan = float("nan")
    >>> curve = turnbull([0, 3, 2, 4, 6, 5], [4, 6, 6, 9, nan, 5])
    >>> curve.table.round(3)
       left  right   mass  survival
    0   3.0    4.0  0.290     0.710
    1   5.0    5.0  0.492     0.218
    2   6.0    9.0  0.218     0.000
    """
    low, high = _read_bounds(lower, upper)
    values, left, right, cover = _derive_intervals(low, high)
    found = maximise(cover)
    kept = found.mass > 0
    table = pd.DataFrame({"left": values[left // 2], "right": values[right // 2], "mass": found.mass, "survival": 1.0})[
        kept
    ].reset_index(drop=True)
    remaining = np.append(np.cumsum(table["mass"].to_numpy()[::-1])[::-1][1:], 0.0)
    return Turnbull(
        table=table.assign(survival=remaining),
        n=len(low),
        n_exact=int((low == high).sum()),
        n_right_censored=int(np.isinf(high).sum()),
        log_likelihood=cover.log_likelihood(found.mass),
        largest_excess=found.largest_excess,
    )


def _read_bounds(lower: ArrayLike, upper: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read and check the bounds: lower 0 and upper infinite where there is none."""
    require_same_index({"lower": lower, "upper": upper})
    low, high = numbers(lower, "lower"), numbers(upper, "upper")
    require_same_length({"lower": low, "upper": high})
    if len(low) == 0:
        raise UsageError("There is no row to analyse: lower and upper are empty.")
    low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    usable = np.isfinite(low) & (low >= 0) & (high >= 0)
    faults = (
        ("lower_invalid", "lower", ~(np.isfinite(low) & (low >= 0)), low, "a number ≥ 0", "The lower bound is wrong."),
        ("upper_invalid", "upper", high < 0, high, "a number ≥ lower, or none", "The upper bound is negative."),
        (
            "bounds_crossed",
            "lower, upper",
            usable & (low > high),
            low,
            "lower not above upper",
            "The event is seen before the last time without it; check the order of dates.",
        ),
    )
    require_no_errors(
        describe_faults(
            [
                Fault(code=code, field=field, wrong=wrong, held=held, expected=expected, message=message)
                for code, field, wrong, held, expected, message in faults
            ]
        )
    )
    if np.isinf(high).all():
        raise UsageError("No event is seen in any row: there is no curve to estimate.")
    return low, high


def _derive_intervals(
    low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], Cover]:
    """Find the innermost intervals, and which of them each person covers.

    Places count half steps along the sorted values: value *i* itself is 2 i, just after it is 2 i + 1.
    """
    values = np.unique(np.concatenate([low, high]))
    begin = 2 * np.searchsorted(values, low) + (low < high)
    end = 2 * np.searchsorted(values, high)
    opening, closing = np.unique(begin), np.unique(end)
    next_close = closing[np.searchsorted(closing, opening)]
    innermost = np.append(opening[1:] > next_close[:-1], True)
    left, right = opening[innermost], next_close[innermost]
    runs = np.column_stack([np.searchsorted(left, begin), np.searchsorted(right, end, side="right") - 1])
    kinds, counts = np.unique(runs, axis=0, return_counts=True)
    cover = Cover(first=kinds[:, 0], last=kinds[:, 1], weight=counts.astype(np.float64), n_intervals=len(left))
    return values, left, right, cover


def _find_quantile(table: pd.DataFrame, probability: float) -> dict[str, float]:
    """Find the interval in which the curve passes the level, or the two between which it rests on it."""
    level = 1 - probability
    left, right, after = (table[name].to_numpy() for name in ("left", "right", "survival"))
    place = int(np.flatnonzero(after <= level + TOLERANCE)[0])
    begin, end = float(left[place]), float(right[place])
    value = (begin + end) / 2 if np.isfinite(end) else np.nan
    if after[place] >= level - TOLERANCE and place + 1 < len(table):
        end = float(right[place + 1])
        following = (left[place + 1] + end) / 2 if np.isfinite(end) else left[place + 1]
        value = (value + float(following)) / 2
    return {"probability": probability, "value": value, "left": begin, "right": end}
