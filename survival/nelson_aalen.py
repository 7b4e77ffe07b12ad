r"""Nelson-Aalen: the cumulative hazard.

.. math:: H(t) = \sum_{t_i \le t} \frac{d_i}{n_i}, \qquad \operatorname{var} H(t) = \sum_{t_i \le t} \frac{d_i}{n_i^2}

Its logarithm against the logarithm of time shows proportional hazards as parallel lines; it is also the summary of the
outcome that belongs in an imputation model. The band is symmetric on the logarithm of the hazard.

References
----------
Nelson W. Technometrics 1972;14:945-966. Aalen O. Ann Stat 1978;6:701-726.
White IR, Royston P. Stat Med 2009;28:1982-1998 (imputation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.bands import require_confidence
from survival.normal import two_sided_z
from survival.risk_table import count_at_risk
from survival.times import Times, require_sample

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
    time, event, start, group : array-like
        As in :func:`survival.kaplan_meier`, shape (n,) each; events of one time are counted together, before its
        censorings.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``group, time, cumulative_hazard, standard_error, lower, upper``, one row per group and distinct time of exit;
        the limits are NaN before the first event.

    Examples
    --------
    >>> from survival.nelson_aalen import nelson_aalen
    >>> nelson_aalen([1, 2, 3, 4], [1, 1, 0, 1])[["time", "cumulative_hazard"]].round(3)
       time  cumulative_hazard
    0   1.0              0.250
    1   2.0              0.583
    2   3.0              0.583
    3   4.0              1.583
    """
    times, groups, _ = require_sample(time, event, start=start, group=group)
    z = two_sided_z(require_confidence(confidence))
    parts = [
        _estimate(times.where(rows), z).assign(group=[label] * len(np.unique(times.stop[rows])))
        for label, rows in groups
    ]
    columns = ["group", "time", "cumulative_hazard", "standard_error", "lower", "upper"]
    return pd.concat(parts, ignore_index=True)[columns]


def _estimate(times: Times, z: float) -> pd.DataFrame:
    """Sum the hazards of one group."""
    exits, position = np.unique(times.stop, return_inverse=True)
    events = np.bincount(position[times.event], minlength=len(exits))
    at_risk = count_at_risk(times, exits)
    hazard = np.cumsum(events / at_risk)
    error = np.sqrt(np.cumsum(events / at_risk**2))
    width = np.divide(z * error, hazard, out=np.full(len(exits), np.nan), where=hazard > 0)
    return pd.DataFrame(
        {
            "time": exits,
            "cumulative_hazard": hazard,
            "standard_error": error,
            "lower": hazard * np.exp(-width),
            "upper": hazard * np.exp(width),
        }
    )
