r"""Nelson-Aalen: the cumulative hazard, by lifelines.

.. math:: H(t) = \sum_{t_i \le t} \frac{d_i}{n_i}

Its logarithm against the logarithm of time shows proportional hazards as parallel lines; it is also the summary of the
outcome that belongs in an imputation model.

References
----------
Nelson W. Technometrics 1972;14:945-966. Aalen O. Ann Stat 1978;6:701-726.
White IR, Royston P. Stat Med 2009;28:1982-1998 (imputation).
Davidson-Pilon C. lifelines: survival analysis in Python. J Open Source Softw 2019;4:1317.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.times import Times, require_groups, require_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def nelson_aalen(
    time: ArrayLike,
    event: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate cumulative hazards.

    Parameters
    ----------
    time, event, start, group, confidence
        As in :func:`survival.kaplan_meier`.

    Returns
    -------
    pandas.DataFrame
        ``group, time, cumulative_hazard, lower, upper``, one row per group and distinct time of exit; the band is
        lifelines' log-transformed one.
    """
    times = require_times(time, event, start=start)
    groups = require_groups(group, len(times.stop))
    parts = [_estimate(times.where(rows), confidence, label) for label, rows in groups]
    return pd.concat(parts, ignore_index=True)


def _estimate(times: Times, confidence: float, label: Any) -> pd.DataFrame:
    """Let lifelines estimate one group, and keep the rows at times of exit."""
    from lifelines import NelsonAalenFitter

    late = np.isfinite(times.start)
    entry = np.where(late, times.start, 0.0) if late.any() else None
    fitter = NelsonAalenFitter(alpha=1 - confidence, nelson_aalen_smoothing=False)
    fitter.fit(times.stop, times.event, entry=entry)
    exits = np.unique(times.stop)
    band = fitter.confidence_interval_.loc[exits].to_numpy()
    return pd.DataFrame(
        {
            "group": [label] * len(exits),
            "time": exits,
            "cumulative_hazard": fitter.cumulative_hazard_.loc[exits].iloc[:, 0].to_numpy(),
            "lower": band[:, 0],
            "upper": band[:, 1],
        }
    )
