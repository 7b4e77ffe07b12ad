"""How long people were followed: the reverse Kaplan-Meier median, in which censoring is the event.

The plain median of the observed times is too short, because who died early could not be followed longer. As in R's
``survfit(Surv(time, 1 - event))`` a death at the time of a censoring is still under observation at that time.

References
----------
Schemper M, Smith TL. Control Clin Trials 1996;17:343-346.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.kaplan_meier import derive_curves
from survival.times import Times, require_sample
from survival.words.phrases import first_line, interval_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowUp:
    """Follow-up of groups.

    Attributes
    ----------
    table : pandas.DataFrame
        ``group, n, censored, median, lower, upper, shortest, longest, shortest_censored, longest_censored``; median by
        reverse Kaplan-Meier with interval; ``shortest`` and ``longest`` observed time of anybody, then of those without
        the event (NaN if there are none), in the unit of time.
    confidence : float
    """

    table: pd.DataFrame
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a group."""
        return "\n".join(
            f"{row['group']}: median follow-up "
            + interval_phrase(row["median"], row["lower"], row["upper"], confidence=self.confidence, decimals=1)
            + f", range {row['shortest']:.1f} to {row['longest']:.1f}"
            for row in self.table.to_dict("records")
        )

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Median follow-up by reverse Kaplan-Meier; – is not reached")


def follow_up(
    time: ArrayLike,
    event: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
    confidence: float = 0.95,
) -> FollowUp:
    """Compute the median follow-up.

    Parameters
    ----------
    time, event, start, group : array-like
        As in :func:`survival.kaplan_meier`, shape (n,) each; ``event`` marks deaths, not censorings.
    confidence : float

    Returns
    -------
    FollowUp

    Examples
    --------
    >>> from survival.follow_up import follow_up
    >>> print(follow_up([1, 2, 3, 4, 5, 6], [1, 0, 0, 1, 0, 0]))
    all: median follow-up 5.0 (95 % CI 2.0 to not reached), range 1.0 to 6.0
    """
    times, groups, _ = require_sample(time, event, start=start, group=group)
    reverse = derive_curves(replace(times, event=~times.event), groups, confidence=confidence)
    medians = reverse.quantiles().rename(columns={"value": "median"})
    extent = pd.DataFrame([{"group": label} | _extent(times.where(rows)) for label, rows in groups])
    table = extent.assign(**{name: medians[name].to_numpy() for name in ("median", "lower", "upper")})
    ordered = ["group", "n", "censored", "median", "lower", "upper", "shortest", "longest"]
    return FollowUp(table=table[[*ordered, "shortest_censored", "longest_censored"]], confidence=confidence)


def _extent(times: Times) -> dict[str, float]:
    """Count rows and censorings of a group, and find the range of its times."""
    censored = times.stop[~times.event]
    return {
        "n": len(times.stop),
        "censored": len(censored),
        "shortest": float(times.stop.min()),
        "longest": float(times.stop.max()),
        "shortest_censored": float(censored.min()) if censored.size else np.nan,
        "longest_censored": float(censored.max()) if censored.size else np.nan,
    }
