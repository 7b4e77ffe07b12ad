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

from survival.log_rank import compare_curves
from survival.times import Groups, require_sample

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def pairwise_log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    start: ArrayLike | None = None,
    rho: float = 0.0,
) -> pd.DataFrame:
    """Compare every two groups.

    Parameters
    ----------
    time, event, group, strata, start : array-like
        As in :func:`survival.log_rank`, shape (n,) each.
    rho : float
        0 for log-rank, 1 for Peto-Peto.

    Returns
    -------
    pandas.DataFrame
        ``first, second, statistic, p_value, holm_p_value, bh_p_value``, one row a pair. A pair that cannot be compared
        has NaN and does not count among the comparisons.

    Examples
    --------
    >>> from survival.pairwise import pairwise_log_rank
    >>> table = pairwise_log_rank([1, 2, 3, 4, 5, 6], [1] * 6, list("aabbcc"))
    >>> table[["first", "second", "holm_p_value"]].round(3)
      first second  holm_p_value
    0     a      b         0.269
    1     a      c         0.269
    2     b      c         0.269
    """
    times, groups, layers = require_sample(time, event, start=start, group=group, strata=strata, fewest_groups=2)
    rows = []
    for first, second in combinations(range(len(groups.labels)), 2):
        mine = np.isin(groups.codes, (first, second))
        names = (groups.labels[first], groups.labels[second])
        pair = Groups(codes=(groups.codes[mine] == second).astype(np.int64), labels=names)
        test = compare_curves(times.where(mine), pair, Groups(codes=layers.codes[mine], labels=layers.labels), rho=rho)
        rows.append((*names, test.statistic, test.p_value))
    table = pd.DataFrame(rows, columns=["first", "second", "statistic", "p_value"])
    p_values = table["p_value"].to_numpy()
    return table.assign(holm_p_value=correct_holm(p_values), bh_p_value=correct_benjamini_hochberg(p_values))


def correct_holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p values so that the chance of any false finding is kept; NaN stays NaN and does not count.

    Examples
    --------
    >>> correct_holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    corrected = np.full(len(p_values), np.nan)
    order = np.argsort(p_values)[: np.isfinite(p_values).sum()]
    factors = np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1)
    return corrected


def correct_benjamini_hochberg(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p values so that the share of false findings is kept; NaN stays NaN and does not count.

    Examples
    --------
    >>> correct_benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.04, 0.04]
    """
    corrected = np.full(len(p_values), np.nan)
    order = np.argsort(p_values)[: np.isfinite(p_values).sum()][::-1]
    factors = len(order) / np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.minimum.accumulate(p_values[order] * factors), 1)
    return corrected
