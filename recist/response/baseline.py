"""Whether the baseline of a series is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.response.target import NO_SUM

if TYPE_CHECKING:
    from recist.response.arrays import Bools
    from recist.response.history import History
    from recist.response.overall import OverallCourse


def has_complete_baseline(history: History, overall: OverallCourse) -> Bools:
    """Say which series have a baseline sum, or no target lesion to have one of; shape (n_series,)."""
    at, sums = history.visits.baseline, overall.target.sums
    complete: Bools = (sums.n_targets[at] == 0) | (sums.baseline[at] != NO_SUM)
    return complete
