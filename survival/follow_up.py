"""How long people were followed: the reverse Kaplan-Meier median, in which censoring is the event.

The plain median of the observed times is too short, because who died early could not be followed longer.

References
----------
Schemper M, Smith TL. Control Clin Trials 1996;17:343-346.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.kaplan_meier import kaplan_meier
from survival.phrases import interval_phrase
from survival.times import require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowUp:
    """Follow-up of groups.

    Attributes
    ----------
    table : pandas.DataFrame
        ``group, n, censored, median, lower, upper, shortest, longest``; median by reverse Kaplan-Meier with interval,
        ``shortest`` and ``longest`` observed time of anybody, in the unit of time.
    confidence : float
    """

    table: pd.DataFrame
    confidence: float

    def __str__(self) -> str:
        """Give one line a group."""
        return "\n".join(
            f"{row['group']}: median follow-up "
            + interval_phrase(row["median"], row["lower"], row["upper"], confidence=self.confidence, decimals=1)
            + f", range {row['shortest']:.1f} to {row['longest']:.1f}"
            for row in self.table.to_dict("records")
        )


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
        As in :func:`survival.kaplan_meier`; ``event`` marks deaths, not censorings.
    """
    times = require_times(time, event, start=start)
    reverse = kaplan_meier(time, ~times.event, start=start, group=group, confidence=confidence)
    groups = require_groups(group, len(times.stop))
    medians = reverse.quantiles().rename(columns={"value": "median"})
    extent = pd.DataFrame(
        [
            {
                "group": label,
                "n": int(rows.sum()),
                "censored": int((rows & ~times.event).sum()),
                "shortest": float(np.min(times.stop[rows])),
                "longest": float(np.max(times.stop[rows])),
            }
            for label, rows in groups
        ]
    )
    table = extent.assign(**{name: medians[name].to_numpy() for name in ("median", "lower", "upper")})
    ordered = ["group", "n", "censored", "median", "lower", "upper", "shortest", "longest"]
    return FollowUp(table=table[ordered], confidence=confidence)
