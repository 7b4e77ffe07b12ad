r"""Restricted mean survival time: the mean time lived up to a horizon, the area under the Kaplan-Meier curve.

.. math::

    \mu(\tau) = \int_0^\tau S(t)\,dt, \qquad
    \operatorname{var} = \sum_{t_i \le \tau} \left(\int_{t_i}^\tau S\,dt\right)^2 \frac{d_i}{n_i (n_i - d_i)}

Differences have normal intervals; ratios are symmetric on the log scale. The horizon must not lie beyond the follow-up
of any group. By default it is the smallest of the groups' longest follow-ups, rounded down to whole years: not chosen
after a look at the curves.

References
----------
Royston P, Parmar MK. BMC Med Res Methodol 2013;13:152. Uno H et al. J Clin Oncol 2014;32:2380-2385.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.bands import require_confidence
from survival.kaplan_meier import survival_curve
from survival.normal import normal_p_value, two_sided_z
from survival.times import Groups, Times, require_reference, require_sample
from survival.words.phrases import first_line, interval_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictedMean:
    """Restricted means of groups and their differences.

    Attributes
    ----------
    table : pandas.DataFrame
        ``group, n, events, restricted_mean, standard_error, lower, upper``, in the unit of time.
    differences : pandas.DataFrame
        Each group against the reference: ``group, reference, difference, lower, upper, p_value, ratio, ratio_lower,
        ratio_upper, ratio_p_value``.
    tau : float
        The horizon.
    confidence : float
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    tau: float
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a group and one a difference."""
        means = [
            f"{row['group']}: mean time up to {self.tau:g} "
            + interval_phrase(
                row["restricted_mean"], row["lower"], row["upper"], confidence=self.confidence, decimals=1
            )
            for row in self.table.to_dict("records")
        ]
        differences = [
            f"{row['group']} minus {row['reference']}: "
            + interval_phrase(row["difference"], row["lower"], row["upper"], confidence=self.confidence, decimals=1)
            + f", {p_phrase(row['p_value'])}; ratio "
            + interval_phrase(row["ratio"], row["ratio_lower"], row["ratio_upper"], confidence=self.confidence)
            for row in self.differences.to_dict("records")
        ]
        return "\n".join(means + differences)

    def _repr_html_(self) -> str:
        caption = f"Mean time up to {self.tau:g}, {100 * self.confidence:g} % CI"
        return result_html(str(self), self.table, caption=caption)


def restricted_mean(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike | None = None,
    tau: float | None = None,
    *,
    start: ArrayLike | None = None,
    confidence: float = 0.95,
    reference: object = None,
    year: float | None = DAYS_PER_YEAR,
) -> RestrictedMean:
    """Compute restricted mean survival times and compare them.

    Parameters
    ----------
    time, event, group, start : array-like
        As in :func:`survival.kaplan_meier`, shape (n,) each.
    tau : float, optional
        Horizon in the unit of time. By default the smallest of the groups' longest follow-ups, rounded down to whole
        years (not rounded where that is less than a year).
    confidence : float
    reference : label, optional
        Group that the others are compared with; the first by default.
    year : float or None
        Length of a year in the unit of time, for the default horizon: 365.25 for days, 12 for months; None not to
        round.

    Returns
    -------
    RestrictedMean

    Raises
    ------
    DataError
        If times are wrong.
    UsageError
        If the horizon lies beyond the follow-up of a group whose curve has not come down to 0, or is not positive.

    Examples
    --------
    >>> from survival.restricted_mean import restricted_mean
    >>> print(restricted_mean([2, 4, 6, 3, 5, 9], [1, 1, 0, 1, 1, 1], list("aaabbb"), tau=6))
    a: mean time up to 6 4.0 (95 % CI 2.2 to 5.8)
    b: mean time up to 6 4.7 (95 % CI 3.3 to 6.1)
    b minus a: 0.7 (95 % CI -1.7 to 3.0), p = 0.574; ratio 1.17 (95 % CI 0.67 to 2.03)
    """
    times, groups, _ = require_sample(time, event, start=start, group=group)
    base = require_reference(groups, reference)
    horizon = _default_horizon(times, groups, year) if tau is None else float(tau)
    if not (np.isfinite(horizon) and horizon > 0):
        raise UsageError(f"tau {horizon:g} must be a positive time.")
    z = two_sided_z(require_confidence(confidence))
    rows = [_describe(label, times.where(mine), horizon, z) for label, mine in groups]
    return RestrictedMean(
        table=pd.DataFrame(rows), differences=_compare(rows, base, z), tau=horizon, confidence=confidence
    )


def _default_horizon(times: Times, groups: Groups, year: float | None) -> float:
    """Choose the longest follow-up common to all groups, in whole years if that is a year at least."""
    whole_years = 0.0 if year is None else longest_common_follow_up(times.stop, groups.codes, year)
    return whole_years or longest_common_follow_up(times.stop, groups.codes)


def longest_common_follow_up(time: ArrayLike, group: ArrayLike, step: float | None = None) -> float:
    """Find the smallest of the groups' longest follow-ups, rounded down to a multiple of ``step`` (e.g. a year).

    Examples
    --------
    >>> longest_common_follow_up([400, 1200, 800, 3000], ["a", "a", "b", "b"], step=365.25)
    1095.75
    """
    longest = float(pd.Series(np.asarray(time, dtype=np.float64)).groupby(np.asarray(group)).max().min())
    return longest if step is None else float(np.floor(longest / step) * step)


def _describe(label: Any, times: Times, tau: float, z: float) -> dict[str, Any]:
    """Compute the mean of one group."""
    mean, error = _mean_and_error(times, tau, label)
    return {
        "group": label,
        "n": len(times.stop),
        "events": int(times.event.sum()),
        "restricted_mean": mean,
        "standard_error": error,
        "lower": mean - z * error,
        "upper": mean + z * error,
    }


def _mean_and_error(times: Times, tau: float, label: Any) -> tuple[float, float]:
    """Integrate the curve up to the horizon, with Greenwood's variance."""
    curve = survival_curve(times)
    if tau > curve["time"].iloc[-1] and curve["survival"].iloc[-1] > 0:
        raise UsageError(f"tau {tau:g} lies beyond the follow-up of group {label!s} ({curve['time'].iloc[-1]:g}).")
    curve = curve[(curve["time"] <= tau) & (curve["events"] > 0)]
    knots = np.concatenate([[0.0], curve["time"], [tau]])
    areas = np.diff(knots) * np.concatenate([[1.0], curve["survival"]])
    remaining = np.cumsum(areas[::-1])[::-1][1:]
    at_risk, events = curve["at_risk"].to_numpy(dtype=float), curve["events"].to_numpy(dtype=float)
    survivors = at_risk - events
    step = np.divide(events, at_risk * survivors, out=np.zeros_like(events), where=survivors > 0)
    return float(areas.sum()), float(np.sqrt((remaining**2 * step).sum()))


def _compare(rows: list[dict[str, Any]], base: int, z: float) -> pd.DataFrame:
    """Compare each group with the reference."""
    columns = ["group", "reference", "difference", "lower", "upper", "p_value"]
    columns += ["ratio", "ratio_lower", "ratio_upper", "ratio_p_value"]
    others = [row for place, row in enumerate(rows) if place != base]
    return pd.DataFrame([_contrast(rows[base], other, z) for other in others], columns=columns)


def _contrast(reference: dict[str, Any], other: dict[str, Any], z: float) -> dict[str, Any]:
    """Give the difference and the ratio of two means."""
    mean, base = other["restricted_mean"], reference["restricted_mean"]
    error, base_error = other["standard_error"], reference["standard_error"]
    difference, spread = mean - base, float(np.hypot(error, base_error))
    ratio = {"ratio": np.nan, "ratio_lower": np.nan, "ratio_upper": np.nan, "ratio_p_value": np.nan}
    if mean > 0 and base > 0:
        log_ratio, log_spread = float(np.log(mean / base)), float(np.hypot(error / mean, base_error / base))
        ratio = {
            "ratio": mean / base,
            "ratio_lower": float(np.exp(log_ratio - z * log_spread)),
            "ratio_upper": float(np.exp(log_ratio + z * log_spread)),
            "ratio_p_value": normal_p_value(log_ratio / log_spread) if log_spread > 0 else np.nan,
        }
    return {
        "group": other["group"],
        "reference": reference["group"],
        "difference": difference,
        "lower": difference - z * spread,
        "upper": difference + z * spread,
        "p_value": normal_p_value(difference / spread) if spread > 0 else np.nan,
        **ratio,
    }
