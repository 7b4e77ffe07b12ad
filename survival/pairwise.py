"""Every two groups compared by log-rank, with p values corrected for the number of comparisons.

References
----------
Holm S. Scand J Stat 1979;6:65-70. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289-300.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.log_rank import log_rank
from survival.times import require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def pairwise_log_rank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, strata: ArrayLike | None = None
) -> pd.DataFrame:
    """Compare every two groups.

    Parameters
    ----------
    time, event, group, strata : array-like
        As in :func:`survival.log_rank`.

    Returns
    -------
    pandas.DataFrame
        ``first, second, statistic, p_value, holm_p_value, bh_p_value``.
    """
    times = require_times(time, event)
    groups = require_groups(group, len(times.stop), at_least=2)
    layers = require_groups(strata, len(times.stop), name="strata")
    rows = []
    for first, second in combinations(range(len(groups.labels)), 2):
        mine = np.isin(groups.codes, (first, second))
        test = log_rank(times.stop[mine], times.event[mine], groups.codes[mine], strata=layers.codes[mine])
        rows.append((groups.labels[first], groups.labels[second], test.statistic, test.p_value))
    table = pd.DataFrame(rows, columns=["first", "second", "statistic", "p_value"])
    p_values = table["p_value"].to_numpy()
    return table.assign(holm_p_value=correct_holm(p_values), bh_p_value=correct_benjamini_hochberg(p_values))


def correct_holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p values so that the chance of any false finding is kept."""
    order = np.argsort(p_values)
    factors = np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1)
    return corrected


def correct_benjamini_hochberg(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p values so that the share of false findings is kept."""
    order = np.argsort(p_values)[::-1]
    factors = len(p_values) / np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.minimum.accumulate(p_values[order] * factors), 1)
    return corrected
