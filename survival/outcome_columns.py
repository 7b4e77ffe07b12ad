"""A covariate that tells the outcome: it puts every event in its order, as only the time itself (or its copy) does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError
from survival.concordance import compute_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import RiskSets
    from survival.partial_likelihood.model import CoxModel

FEWEST_VALUES = 10
"""Fewer different values among the events may fall into perfect order by chance, or be levels that separate them."""


def require_no_outcome(model: CoxModel) -> None:
    """Stop when a single column orders all events without one exception: it is the outcome, not a covariate.

    Raises
    ------
    UsageError
        Naming the columns.
    """
    found = [term for term, values in zip(model.terms, model.columns.T, strict=True) if _is_outcome(model.sets, values)]
    if found:
        listed, verb = ", ".join(found), "puts" if len(found) == 1 else "put"
        raise UsageError(
            f"{listed} {verb} all {len(model.sets.event_rows)} events in perfect order, as only the time to the event "
            "itself does: it is the outcome under another name and no covariate, and its hazard ratio would have no "
            "limit. Leave it out."
        )


def _is_outcome(sets: RiskSets, values: NDArray[np.float64]) -> bool:
    at_events = values[sets.event_rows]
    if len(np.unique(at_events)) < FEWEST_VALUES or not _is_ordered(sets, at_events):
        return False
    pairs = compute_pairs(sets, values)
    return min(pairs.concordant, pairs.discordant) == 0


def _is_ordered(sets: RiskSets, values: NDArray[np.float64]) -> bool:
    """Tell, at little cost, whether the events alone are in order within each stratum; ties in time may lie anyhow."""
    within = np.diff(sets.stratum[sets.event_rows]) == 0
    return any(
        bool((np.diff(sign * values[np.lexsort((sign * values, sets.event_moment))])[within] >= 0).all())
        for sign in (1.0, -1.0)
    )
