"""Cause-specific Cox models: one for each competing event, the other events ending observation as censoring does.

The hazard ratios speak of the rate among those still free of every event; they do not say how many will have the event
(for that see :mod:`survival.cumulative_incidence`).

References
----------
Prentice RL et al. Biometrics 1978;34:541-554. Putter H, Fiocco M, Geskus RB. Stat Med 2007;26:2389-2430.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recist.errors import UsageError
from survival.alignment import require_same_index
from survival.cox import cox
from survival.times import numbers

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from survival.partial_likelihood.result import CoxFit


def cause_specific_cox(
    time: ArrayLike,
    event_code: ArrayLike,
    covariates: pd.DataFrame | pd.Series[Any] | ArrayLike,
    *,
    start: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    ties: str = "efron",
    ridge: float | None = None,
    confidence: float = 0.95,
) -> dict[int, CoxFit]:
    """Fit one Cox model for each competing event.

    Parameters
    ----------
    time : array-like
        Time of the first event or of censoring, shape (n,).
    event_code : array-like
        0 for censoring, 1, 2, … for the events, shape (n,).
    covariates, start, strata, cluster, weights, ties, ridge, confidence
        As in :func:`survival.cox.cox`.

    Returns
    -------
    dict of int to CoxFit
        By event code, in rising order.

    Raises
    ------
    DataError
        If times or weights are wrong.
    UsageError
        If codes are not whole numbers from 0, or there is no event.

    Examples
    --------
    >>> fits = cause_specific_cox([6, 7, 10, 15, 19, 25], [1, 2, 1, 0, 2, 1], [1, 0, 1, 0, 1, 0])
    >>> list(fits), fits[2].n_events
    ([1, 2], 2)
    """
    require_same_index({"time": time, "event_code": event_code})
    codes = numbers(event_code, "event_code")
    if not (np.isfinite(codes) & (codes >= 0) & (codes == np.round(codes))).all():
        raise UsageError("event_code must hold 0 for censoring and 1, 2, … for the events, with none missing.")
    causes = [int(code) for code in np.unique(codes) if code > 0]
    if not causes:
        raise UsageError("A Cox model needs at least one event; every event_code is 0.")
    return {
        cause: cox(
            time,
            codes == cause,
            covariates,
            start=start,
            strata=strata,
            cluster=cluster,
            weights=weights,
            ties=ties,
            ridge=ridge,
            confidence=confidence,
        )
        for cause in causes
    }
