"""Small, fast estimates for the search of seeds: Kaplan-Meier median, log-rank p and one start-stop hazard ratio.

The report of the project has its own estimators and does not use these; the tests compare both with lifelines.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIE = 1e-9


def km_median_days(days: NDArray[np.int64], is_event: NDArray[np.bool_]) -> float:
    """Give the Kaplan-Meier median; midpoint of the two event times when the curve rests at exactly one half.

    Deaths come before censorings of the same day. NaN when the curve never falls to one half.
    """
    order = np.lexsort((~is_event, days))
    time, event = days[order], is_event[order]
    at_risk = np.arange(time.size, 0, -1)
    survival = np.cumprod(1 - event / at_risk)
    reached = int(np.searchsorted(-survival, -(0.5 + _TIE)))
    if reached == time.size:
        return math.nan
    end_of_tie = int(np.searchsorted(time, time[reached], side="right")) - 1
    if survival[end_of_tie] < 0.5 - _TIE:
        return float(time[reached])
    lower = int(np.searchsorted(-survival, -(0.5 - _TIE)))
    return float(time[reached]) if lower == time.size else float(time[reached] + time[lower]) / 2


def log_rank_p(days: NDArray[np.int64], is_event: NDArray[np.bool_], group: NDArray[np.bool_]) -> float:
    """Give the p-value of the log-rank test of two groups (hypergeometric variance)."""
    times = np.unique(days[is_event])
    at_risk = days.size - np.searchsorted(np.sort(days), times)
    in_group = np.count_nonzero(group) - np.searchsorted(np.sort(days[group]), times)
    deaths = _count_at(days[is_event], times)
    deaths_in_group = _count_at(days[is_event & group], times)
    share = in_group / at_risk
    variance = deaths * share * (1 - share) * (at_risk - deaths) / np.maximum(at_risk - 1, 1)
    statistic = float((deaths_in_group - deaths * share).sum() ** 2 / variance.sum())
    return math.erfc(math.sqrt(statistic / 2))


def switch_log_hazard_ratio(
    days: NDArray[np.int64], is_event: NDArray[np.bool_], switch_day: NDArray[np.int64]
) -> float:
    """Give the Cox log hazard ratio of having switched (start-stop rows, Breslow ties)."""
    times = np.sort(days[is_event])
    at_risk = days.size - np.searchsorted(np.sort(days), times)
    has_switched = switch_day < days
    exposed = np.searchsorted(np.sort(switch_day[has_switched]), times) - np.searchsorted(
        np.sort(days[has_switched]), times
    )
    n_exposed_deaths = int(np.count_nonzero(has_switched & is_event))
    log_ratio = 0.0
    for _ in range(25):
        weight = exposed * math.exp(log_ratio)
        share = weight / (weight + at_risk - exposed)
        step = float((n_exposed_deaths - share.sum()) / (share * (1 - share)).sum())
        log_ratio += step
        if abs(step) < 1e-10:
            break
    return log_ratio


def _count_at(days: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(times, days), minlength=times.size)
