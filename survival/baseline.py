r"""The cumulative hazard under a Cox model, consistent with how its ties were handled.

With the hazard of each step of the likelihood (:mod:`survival.partial_likelihood.likelihood`) a person with
covariates *x* has

.. math:: \Lambda(t \mid x) = e^{x\beta} \sum_{steps \le t} \frac{\bar w}{S_0 - f_l D_0}, \qquad
    S(t \mid x) = e^{-\Lambda(t \mid x)}

in each stratum by itself: Breslow's estimate for Breslow's ties, Efron's for Efron's, as R's ``survfit.coxph`` and
``basehaz(centered = FALSE)``. Late entry is accounted for by the risk sets.

References
----------
Breslow NE. J R Stat Soc B 1972;34:216-217. Efron B. J Am Stat Assoc 1977;72:557-565.
Tsiatis AA. Ann Stat 1981;9:93-108 (variance).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.partial_likelihood.tables import to_ratios

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import Likelihood
    from survival.partial_likelihood.model import CoxModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaselineCurve:
    """The hazard of one stratum, for somebody with all columns at their mean.

    Attributes
    ----------
    label : object
        The stratum.
    exits : numpy.ndarray
        Distinct times at which rows end, shape (n_exits,).
    times : numpy.ndarray
        Times of events, shape (n_moments,).
    hazard, variance : numpy.ndarray
        Cumulative, with 0 before the first event, shape (n_moments + 1,).
    drift : numpy.ndarray
        Cumulative mean of the scaled columns, weighted by the hazard, shape (n_moments + 1, n_terms).
    """

    label: Any
    exits: NDArray[np.float64]
    times: NDArray[np.float64]
    hazard: NDArray[np.float64]
    variance: NDArray[np.float64]
    drift: NDArray[np.float64]

    def place(self, times: NDArray[np.float64]) -> NDArray[np.int64]:
        """Find which cumulative value holds at each time."""
        return np.searchsorted(self.times, times, side="right")


def derive_curves(model: CoxModel, likelihood: Likelihood) -> tuple[BaselineCurve, ...]:
    """Add the hazard up in each stratum."""
    sets = model.sets
    top = sets.highest(model.predict(likelihood.coefficients))
    hazard = likelihood.hazard * np.exp(-top[sets.event_rows])
    steps = np.column_stack([hazard, hazard**2 / sets.step_weight, hazard[:, None] * likelihood.mean])
    sums = sets.sum_ties(steps)
    stratum = model.strata.codes[sets.event_rows[sets.opening]]
    curves = []
    for code, label in enumerate(model.strata.labels):
        mine = stratum == code
        running = np.vstack([np.zeros(steps.shape[1]), np.cumsum(sums[mine], axis=0)])
        curves.append(
            BaselineCurve(
                label=label,
                exits=np.unique(model.times.stop[model.strata.codes == code]),
                times=sets.moment_time[mine],
                hazard=running[:, 0],
                variance=running[:, 1],
                drift=running[:, 2:],
            )
        )
    return tuple(curves)


def compute_baseline(model: CoxModel, likelihood: Likelihood) -> pd.DataFrame:
    """Compute the cumulative hazard with every covariate at 0: ``stratum, time, cumulative_hazard, survival``."""
    shift = to_ratios(-(model.centre / model.scale) @ likelihood.coefficients)
    parts = []
    for curve in derive_curves(model, likelihood):
        hazard = curve.hazard[curve.place(curve.exits)] * shift
        columns = {"time": curve.exits, "cumulative_hazard": hazard, "survival": np.exp(-hazard)}
        parts.append(pd.DataFrame({"stratum": [curve.label] * len(hazard)} | columns))
    return pd.concat(parts, ignore_index=True)
