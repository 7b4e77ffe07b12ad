"""How much longer the median of one group is than another's, with a bootstrap interval.

Rows are drawn with replacement within each group, medians follow the same rule as those of the curves, and the interval
is the percentile interval of the replicates in which both medians were reached. When more than a tenth of the
replicates miss a median no interval is given: it would describe only the lucky ones. All samples are computed at once,
by one stream of random numbers from the seed, so the result does not depend on the machine or the number of threads.

References
----------
Efron B, Tibshirani RJ. An Introduction to the Bootstrap. Chapman & Hall 1993, ch. 13.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.bands import require_confidence
from survival.kaplan_meier import survival_curve
from survival.quantiles import TOLERANCE, compute_quantile, require_probability
from survival.times import Groups, Times, require_reference, require_sample
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST_SHARE_WITHOUT_MEDIAN = 0.10
"""No interval when more of the replicates than this do not reach a median."""
CELLS_AT_ONCE = 2_000_000
"""Replicates times rows held in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianDifference:
    """Differences of medians.

    Attributes
    ----------
    table : pandas.DataFrame
        Each group against the reference: ``group, reference, median, reference_median, difference, lower, upper,
        share_not_reached``. ``lower`` and ``upper`` are NaN when ``share_not_reached`` is above 10 %, or when one of
        the two medians is not reached in the data themselves.
    replicates : int
    seed : int
    confidence : float
    """

    table: pd.DataFrame
    replicates: int
    seed: int
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a difference, with the share of replicates that did not reach a median."""
        return "\n".join(
            f"{row['group']} minus {row['reference']}: difference of medians "
            + interval_phrase(
                row["difference"],
                row["lower"],
                row["upper"],
                confidence=self.confidence,
                decimals=1,
                missing="not estimable",
            )
            + f"; {100 * row['share_not_reached']:.1f} % of {self.replicates} bootstrap samples without a median"
            for row in self.table.to_dict("records")
        )

    def _repr_html_(self) -> str:
        caption = (
            f"Differences of medians; {100 * self.confidence:g} % bootstrap CI from {self.replicates} samples, seed "
            f"{self.seed}"
        )
        return result_html(str(self), self.table, caption=caption)


def median_difference(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    start: ArrayLike | None = None,
    reference: object = None,
    replicates: int = 2000,
    seed: int = 20180401,
    confidence: float = 0.95,
    probability: float = 0.5,
) -> MedianDifference:
    """Subtract the reference group's median from each other group's.

    Parameters
    ----------
    time, event, group, start : array-like
        As in :func:`survival.kaplan_meier`, shape (n,) each. Rows are drawn within each group.
    reference : label, optional
        Group to subtract; the first by default.
    replicates : int
        Bootstrap samples.
    seed : int
        Of the random numbers, recorded in the result.
    confidence : float
    probability : float
        0.5 for the median, 0.25 for the first quartile of the times.

    Returns
    -------
    MedianDifference

    Raises
    ------
    DataError
        If times are wrong or fewer than two groups occur.
    UsageError
        If the reference is not one of the groups.

    Examples
    --------
    >>> from survival.median_difference import median_difference
    >>> print(median_difference(range(1, 41), [1] * 40, ["a"] * 20 + ["b"] * 20))
    b minus a: difference of medians 20.0 (95 % CI 14.5 to 26.0); 0.0 % of 2000 bootstrap samples without a median
    """
    times, groups, _ = require_sample(time, event, start=start, group=group, fewest_groups=2)
    base = groups.labels[require_reference(groups, reference)]
    require_confidence(confidence)
    if replicates < 1:
        raise UsageError(f"replicates {replicates} must be at least 1.")
    level = 1 - require_probability(probability)
    medians, samples = _estimate(times, groups, level, replicates, np.random.default_rng(seed))
    rows = [
        {
            "group": label,
            "reference": base,
            "median": medians[label],
            "reference_median": medians[base],
            "difference": medians[label] - medians[base],
            **_interval(medians[label] - medians[base], samples[label] - samples[base], confidence),
        }
        for label in groups.labels
        if label != base
    ]
    return MedianDifference(table=pd.DataFrame(rows), replicates=replicates, seed=seed, confidence=confidence)


def _estimate(
    times: Times, groups: Groups, level: float, replicates: int, random: np.random.Generator
) -> tuple[dict[Any, float], dict[Any, NDArray[np.float64]]]:
    """Compute each group's median, and its bootstrap replicates."""
    medians, samples = {}, {}
    for label, rows in groups:
        mine = times.where(rows)
        curve = survival_curve(mine)
        medians[label] = compute_quantile(curve["time"].to_numpy(), curve["survival"].to_numpy(), level)
        samples[label] = bootstrap_quantiles(mine, level, replicates, random)
    return medians, samples


def _interval(observed: float, differences: NDArray[np.float64], confidence: float) -> dict[str, float]:
    """Take the percentile interval of the replicates that have a difference, if enough have."""
    reached = differences[~np.isnan(differences)]
    share = 1 - len(reached) / len(differences)
    limits = (np.nan, np.nan)
    if share <= LARGEST_SHARE_WITHOUT_MEDIAN and not np.isnan(observed):
        limits = tuple(np.quantile(reached, [(1 - confidence) / 2, (1 + confidence) / 2]))
    return {"lower": float(limits[0]), "upper": float(limits[1]), "share_not_reached": share}


def bootstrap_quantiles(
    times: Times, level: float, replicates: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the rows of one group again and again, and find each sample's quantile.

    Returns
    -------
    numpy.ndarray
        Shape (replicates,); NaN where a sample's curve stays above the level.
    """
    n = len(times.stop)
    at_once = max(1, CELLS_AT_ONCE // n)
    parts = []
    for done in range(0, replicates, at_once):
        draws = random.multinomial(n, np.full(n, 1 / n), size=min(at_once, replicates - done))
        parts.append(_quantiles_of_samples(times, draws.astype(np.float64), level))
    return np.concatenate(parts)


def _quantiles_of_samples(times: Times, draws: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Compute the curves of all samples at once; ``draws`` says how often each row is in each sample."""
    exits, place = np.unique(times.stop, return_inverse=True)
    order = np.argsort(place, kind="stable")
    opening = np.searchsorted(place[order], np.arange(len(exits)))
    ordered = draws[:, order]
    events = np.add.reduceat(ordered * times.event[order], opening, axis=1)
    leaving = np.add.reduceat(ordered, opening, axis=1)
    at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1] - _not_yet_entered(times, draws, exits)
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    return _read_quantiles(exits, np.cumprod(1 - hazard, axis=1), leaving > 0, level)


def _not_yet_entered(
    times: Times, draws: NDArray[np.float64], exits: NDArray[np.float64]
) -> NDArray[np.float64] | float:
    """Count the drawn rows that enter at or after each exit."""
    if np.isneginf(times.start).all():
        return 0.0
    order = np.argsort(times.start)
    running = np.cumsum(draws[:, order][:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([running, np.zeros((len(draws), 1))], axis=1)
    return padded[:, np.searchsorted(times.start[order], exits, side="left")]


def _read_quantiles(
    exits: NDArray[np.float64], curves: NDArray[np.float64], present: NDArray[np.bool_], level: float
) -> NDArray[np.float64]:
    """Apply the rule of :func:`survival.quantiles.compute_quantile` to many curves."""
    reached, below = curves <= level + TOLERANCE, curves < level - TOLERANCE
    first, under = reached.argmax(axis=1), below.argmax(axis=1)
    last = present.shape[1] - 1 - present[:, ::-1].argmax(axis=1)
    end = np.where(below.any(axis=1), under, last)
    exact = ~below[np.arange(len(curves)), first]
    found = np.where(exact, (exits[first] + exits[end]) / 2, exits[first])
    return np.where(reached.any(axis=1), found, np.nan)
