"""The same figures by lifelines, beside ours: double programming on the user's own data.

The estimators of this package are proven against R on reference data. This module lets a second, independent program
compute them on the data at hand, so that a report can say how far the two are apart.

References
----------
Davidson-Pilon C. lifelines: survival analysis in Python. J Open Source Softw 2019;4:1317.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.cox import cox
from survival.kaplan_meier import kaplan_meier
from survival.log_rank import log_rank
from survival.partial_likelihood.design import derive_design
from survival.times import Times, require_groups, require_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray


def second_opinion(
    time: ArrayLike,
    event: ArrayLike,
    *,
    group: ArrayLike | None = None,
    covariates: pd.DataFrame | None = None,
    start: ArrayLike | None = None,
) -> pd.DataFrame:
    """Compare curves, log-rank test and Cox model with those of lifelines.

    Parameters
    ----------
    time, event, start : array-like
        As in :func:`survival.kaplan_meier`.
    group : array-like, optional
        Groups of the curves and of the log-rank test (which is compared without late entry only).
    covariates : pandas.DataFrame, optional
        Covariates of a Cox model with Efron's ties.

    Returns
    -------
    pandas.DataFrame
        ``estimate, group, ours, lifelines, difference``. For curves the time with the largest difference is shown.
    """
    times = require_times(time, event, start=start)
    rows = list(_compare_curves(times, start, group))
    if group is not None and start is None:
        rows.append(_compare_log_rank(times, group))
    if covariates is not None:
        rows.extend(_compare_cox(times, covariates, start))
    table = pd.DataFrame(rows, columns=["estimate", "group", "ours", "lifelines"])
    return table.assign(difference=(table["ours"] - table["lifelines"]).abs())


def _compare_curves(
    times: Times, start: ArrayLike | None, group: ArrayLike | None
) -> Iterator[tuple[str, Any, float, float]]:
    """Compare survival and log-log band of each group where they differ most."""
    from lifelines import KaplanMeierFitter

    ours = kaplan_meier(times.stop, times.event, start=start, group=group)
    groups = require_groups(group, len(times.stop))
    for (label, rows), (_, curve) in zip(groups, ours.curves(), strict=True):
        mine = times.where(rows)
        theirs = KaplanMeierFitter().fit(mine.stop, mine.event, entry=_entry(mine))
        band = theirs.confidence_interval_.loc[curve["time"]].to_numpy()
        steps = theirs.survival_function_.loc[curve["time"]].iloc[:, 0].to_numpy()
        between = ((curve["survival"] > 0) & (curve["survival"] < 1)).to_numpy()
        for name, values in (("survival", steps), ("lower", band[:, 0]), ("upper", band[:, 1])):
            yield name, label, *_farthest(curve.loc[between, name].to_numpy(), values[between])


def _entry(times: Times) -> NDArray[np.float64] | None:
    """Give lifelines the entry times, if anybody enters late."""
    late = np.isfinite(times.start)
    return np.where(late, times.start, 0.0) if late.any() else None


def _farthest(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, float]:
    """Pick the pair that differs most."""
    if ours.size == 0:
        return float("nan"), float("nan")
    place = int(np.argmax(np.abs(ours - theirs)))
    return float(ours[place]), float(theirs[place])


def _compare_log_rank(times: Times, group: ArrayLike) -> tuple[str, Any, float, float]:
    """Compare the log-rank statistic."""
    from lifelines.statistics import multivariate_logrank_test

    codes = require_groups(group, len(times.stop), at_least=2).codes
    theirs = multivariate_logrank_test(times.stop, codes, times.event)
    return "log-rank statistic", "all", log_rank(times.stop, times.event, codes).statistic, float(theirs.test_statistic)


def _compare_cox(
    times: Times, covariates: pd.DataFrame, start: ArrayLike | None
) -> Iterator[tuple[str, Any, float, float]]:
    """Compare coefficients, standard errors and log-likelihood of a Cox model."""
    from lifelines import CoxPHFitter

    ours = cox(times.stop, times.event, covariates, start=start)
    if ours.monotone:
        return
    design = derive_design(covariates, len(times.stop))
    kept = [place for place, term in enumerate(design.terms) if term in set(ours.model.terms)]
    used = times.where(design.complete)
    table = pd.DataFrame(design.columns[:, kept]).add_prefix("x").assign(time=used.stop, event=used.event)
    entry = _entry(used)
    if entry is not None:
        table = table.assign(entry=entry)
    theirs = CoxPHFitter().fit(
        table, "time", "event", entry_col=None if entry is None else "entry", fit_options={"precision": 1e-10}
    )
    for place, row in enumerate(ours.table.to_dict("records")):
        yield "coefficient", row["term"], row["coefficient"], float(theirs.params_.iloc[place])
        yield "standard error", row["term"], row["standard_error"], float(theirs.standard_errors_.iloc[place])
    yield "log-likelihood", "all", ours.log_likelihood, float(theirs.log_likelihood_)
