r"""Restricted mean survival time: the mean time lived up to a horizon, the area under the Kaplan-Meier curve.

.. math::

    \mu(\tau) = \int_0^\tau S(t)\,dt, \qquad
    \operatorname{var} = \sum_{t_i \le \tau} \left(\int_{t_i}^\tau S\,dt\right)^2 \frac{d_i}{n_i (n_i - d_i)}

Differences have normal intervals; ratios are symmetric on the log scale.

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
from survival.kaplan_meier import survival_curve
from survival.normal import normal_p_value, two_sided_z
from survival.phrases import interval_phrase, p_phrase
from survival.times import Groups, Times, require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictedMean:
    """Restricted means of groups and their differences.

    Attributes
    ----------
    table : pandas.DataFrame
        ``group, n, events, restricted_mean, standard_error, lower, upper``, in the unit of time.
    differences : pandas.DataFrame
        Each group against the first: ``group, reference, difference, lower, upper, p_value, ratio, ratio_lower,
        ratio_upper, ratio_p_value``.
    tau : float
        The horizon.
    confidence : float
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    tau: float
    confidence: float

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
            + f", {p_phrase(row['p_value'])}"
            for row in self.differences.to_dict("records")
        ]
        return "\n".join(means + differences)


def restricted_mean(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike | None = None,
    tau: float | None = None,
    *,
    start: ArrayLike | None = None,
    confidence: float = 0.95,
) -> RestrictedMean:
    """Compute restricted mean survival times and compare them.

    Parameters
    ----------
    time, event, group, start : array-like
        As in :func:`survival.kaplan_meier`. The first group is the reference.
    tau : float, optional
        Horizon in the unit of time; by default the smallest of the groups' longest follow-ups. See
        :func:`longest_common_follow_up` to round it down.

    Raises
    ------
    UsageError
        If the horizon lies beyond the follow-up of a group whose curve has not come down to 0.
    """
    times = require_times(time, event, start=start)
    groups = require_groups(group, len(times.stop))
    horizon = longest_common_follow_up(times.stop, groups.codes) if tau is None else float(tau)
    z = two_sided_z(confidence)
    rows = [_describe(label, times.where(mine), horizon, z) for label, mine in groups]
    return RestrictedMean(
        table=pd.DataFrame(rows),
        differences=_compare(rows, groups, z),
        tau=horizon,
        confidence=confidence,
    )


def longest_common_follow_up(time: ArrayLike, group: ArrayLike, step: float | None = None) -> float:
    """Find the smallest of the groups' longest follow-ups, rounded down to a multiple of ``step`` (e.g. a year)."""
    longest = float(pd.Series(np.asarray(time, dtype=np.float64)).groupby(np.asarray(group)).max().min())
    return longest if step is None else np.floor(longest / step) * step


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


def _compare(rows: list[dict[str, Any]], groups: Groups, z: float) -> pd.DataFrame:
    """Compare each group with the first."""
    columns = ["group", "reference", "difference", "lower", "upper", "p_value"]
    columns += ["ratio", "ratio_lower", "ratio_upper", "ratio_p_value"]
    pairs = [(rows[0], rows[place]) for place in range(1, len(groups.labels))]
    return pd.DataFrame([_contrast(reference, other, z) for reference, other in pairs], columns=columns)


def _contrast(reference: dict[str, Any], other: dict[str, Any], z: float) -> dict[str, Any]:
    """Give the difference and the ratio of two means."""
    mean, base = other["restricted_mean"], reference["restricted_mean"]
    error, base_error = other["standard_error"], reference["standard_error"]
    difference, spread = mean - base, float(np.hypot(error, base_error))
    log_ratio, log_spread = float(np.log(mean / base)), float(np.hypot(error / mean, base_error / base))
    return {
        "group": other["group"],
        "reference": reference["group"],
        "difference": difference,
        "lower": difference - z * spread,
        "upper": difference + z * spread,
        "p_value": normal_p_value(difference / spread) if spread > 0 else float("nan"),
        "ratio": mean / base,
        "ratio_lower": float(np.exp(log_ratio - z * log_spread)),
        "ratio_upper": float(np.exp(log_ratio + z * log_spread)),
        "ratio_p_value": normal_p_value(log_ratio / log_spread) if log_spread > 0 else float("nan"),
    }
