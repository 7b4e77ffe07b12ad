r"""Whether hazards are proportional: the score test for a coefficient that changes with time.

The model with :math:`\beta + \gamma g(t)` is tested at :math:`\gamma = 0`: with Schoenfeld residuals *s* and the
covariance matrices *V* of the risk sets,

.. math::

    U = \sum g(t) s, \quad
    \chi^2 = U' \left(\sum g^2 V - \sum g V \left[\sum V\right]^{-1} \sum g V\right)^{-1} U

over the columns of one covariate, or over all of them. This is the test of R's ``cox.zph`` since survival 3.0, which
does without the older approximation that *V* is the same at all times. *g* is one minus the Kaplan-Meier curve of all
rows, unweighted and whatever their stratum, just before *t* (``km``), the average rank of *t* among all times
(``rank``), *t* itself (``identity``) or its logarithm (``log``).

References
----------
Grambsch PM, Therneau TM. Biometrika 1994;81:515-526.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.kaplan_meier import survival_curve
from survival.normal import chi_squared_p_value
from survival.partial_likelihood.likelihood import weigh_information
from survival.partial_likelihood.newton import solve
from survival.partial_likelihood.residuals import compute_schoenfeld
from survival.score_test import compute_any_difference
from survival.sums import turn_rows, weigh_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.result import CoxFit

GLOBAL = "GLOBAL"
ROUNDING = 1e-9
"""Share of a column's information below which what is left of it after the coefficients are estimated is rounding."""


class Transform(StrEnum):
    """The function of time against which a coefficient may drift."""

    KM = "km"
    RANK = "rank"
    IDENTITY = "identity"
    LOG = "log"


def proportional_hazards(fit: CoxFit, transform: str = "km") -> pd.DataFrame:
    """Test each covariate, and all together, for proportional hazards.

    Parameters
    ----------
    fit : CoxFit
    transform : str
        ``"km"``, ``"rank"``, ``"identity"`` or ``"log"``.

    Returns
    -------
    pandas.DataFrame
        ``term, statistic, degrees_of_freedom, p_value``: one row a covariate (the columns of a category are tested
        together) and the last row ``GLOBAL``. A small p speaks against proportional hazards. NaN when all events fall
        on one time; fewer degrees of freedom than terms where so few events leave fewer free directions.
        NaN throughout when events separate a term (Firth's correction): the likelihood has no maximum to test at.

    Raises
    ------
    UsageError
        If the transform is not known, or does not exist at the times of the events.
    """
    clock = compute_clock(fit, _require_transform(transform))
    centred = clock - clock.mean()
    sets, columns, likelihood = fit.model.sets, fit.model.columns, fit.likelihood
    weight = sets.weight[sets.event_rows]
    drift = weigh_rows(weight * centred, compute_schoenfeld(sets, columns, likelihood))
    once = weigh_information(sets, columns, likelihood, centred)
    twice = weigh_information(sets, columns, likelihood, centred**2)
    free = twice - once @ solve(likelihood.information, once)
    covariates = fit.model.covariates
    names = list(dict.fromkeys(covariates))
    groups = [(name, [place for place, own in enumerate(covariates) if own == name]) for name in names]
    unit = np.sqrt(np.where(np.diag(twice) > 0, np.diag(twice), 1.0))
    drift, free = drift / unit, free / np.outer(unit, unit)
    free = np.zeros_like(free) if fit.monotone else np.where(np.abs(free) > ROUNDING, free, 0.0)
    rows = [_test(term, drift[places], free[np.ix_(places, places)]) for term, places in groups]
    return pd.DataFrame([*rows, _test(GLOBAL, drift, free)])


def scaled_schoenfeld(fit: CoxFit, transform: str = "km") -> pd.DataFrame:
    """Compute the residuals whose smooth shows how a coefficient changes with time.

    Returns
    -------
    pandas.DataFrame
        ``term, time, clock, value``, one row per term and event; ``clock`` is the transformed time and ``value`` the
        coefficient plus the scaled residual. Rows of one term are in the order of time within strata.
    """
    sets = fit.model.sets
    residuals = compute_schoenfeld(sets, fit.model.columns, fit.likelihood) * fit.model.scale
    values = turn_rows(residuals, fit.model_covariance) * fit.n_events + fit.table["coefficient"].to_numpy()
    clock, when = compute_clock(fit, _require_transform(transform)), sets.moment_time[sets.event_moment]
    parts = [
        pd.DataFrame({"term": term, "time": when, "clock": clock, "value": values[:, place]})
        for place, term in enumerate(fit.table["term"])
    ]
    return pd.concat(parts, ignore_index=True)


def compute_clock(fit: CoxFit, transform: Transform) -> NDArray[np.float64]:
    """Transform the time of each event, shape (n_events,)."""
    sets = fit.model.sets
    when = sets.moment_time[sets.event_moment]
    if transform is Transform.IDENTITY:
        return when
    if transform is Transform.LOG:
        if when.min() <= 0:
            raise UsageError("There is an event at time 0, which has no logarithm; choose another transform.")
        return np.log(when)
    if transform is Transform.RANK:
        everybody = np.sort(fit.model.times.stop)
        low, high = (np.searchsorted(everybody, when, side=side) for side in ("left", "right"))
        return np.asarray((low + 1 + high) / 2)
    curve = survival_curve(fit.model.times)
    before = np.searchsorted(curve["time"].to_numpy(), when, side="left")
    return np.asarray(1 - np.concatenate([[1.0], curve["survival"]])[before])


def _require_transform(transform: str) -> Transform:
    """Read the name of a function of time."""
    if transform not in set(Transform):
        raise UsageError(f"transform {transform!r} is not known; choose one of {', '.join(Transform)}.")
    return Transform(transform)


def _test(term: str, drift: NDArray[np.float64], free: NDArray[np.float64]) -> dict[str, object]:
    """Test the drift of some columns; k events have k - 1 free directions of time, so few events take terms away."""
    statistic, rank = compute_any_difference(drift, free)
    freedom = rank or len(drift)
    return {
        "term": term,
        "statistic": statistic,
        "degrees_of_freedom": freedom,
        "p_value": chi_squared_p_value(statistic, freedom),
    }
