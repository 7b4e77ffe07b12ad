"""The outcome as predictors of what is missing: the event, and the cumulative hazard lived through.

References
----------
White IR, Royston P. Imputing missing covariate values for the Cox model. Stat Med 2009;28:1982-1998.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.alignment import require_same_index
from survival.nelson_aalen import nelson_aalen
from survival.times import require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def outcome_predictors(
    time: ArrayLike, event: ArrayLike, *, start: ArrayLike | None = None, strata: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Give the event, the Nelson-Aalen cumulative hazard of each row's time, and each stratum but the first.

    With late entry it is the hazard between entry and exit, from the hazard of those at risk. With strata it is the
    stratum's own.

    Parameters
    ----------
    time, event, start, strata : array-like
        As in :func:`survival.cox`, shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (n, 2 + strata - 1).
    """
    require_same_index({"time": time, "strata": strata})
    times = require_times(time, event, start=start)
    layers = require_groups(strata, len(times.stop), name="strata")
    hazard = np.empty(len(times.stop))
    entry = np.where(np.isfinite(times.start), times.start, 0.0)
    for _, rows in layers:
        curve = nelson_aalen(times.stop[rows], times.event[rows], start=entry[rows] if start is not None else None)
        steps = np.concatenate([[0.0], curve["cumulative_hazard"].to_numpy()])
        at = [np.searchsorted(curve["time"].to_numpy(), ends[rows], side="right") for ends in (times.stop, entry)]
        hazard[rows] = steps[at[0]] - steps[at[1]] if start is not None else steps[at[0]]
    members = [layers.codes == code for code in range(1, len(layers.labels))]
    return np.column_stack([times.event, hazard, *members]).astype(np.float64)
