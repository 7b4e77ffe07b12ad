"""Sensitivity of progression-free survival: progression lies between two scans, not on the day of the later one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import RecistError
from survival.endpoints import PROGRESSION_FREE_SURVIVAL, derive_endpoint
from survival.kaplan_meier import kaplan_meier
from survival.normal import two_sided_z
from survival.reporting.sensitivity.row import MEDIAN, SensitivityRow
from survival.turnbull import turnbull
from survival.weibull import weibull
from survival.words.wording import DAYS_PER_MONTH, say_months

if TYPE_CHECKING:
    import pandas as pd

    from survival.reporting.study import Study

BOUNDS = ("pfs_lower_days", "pfs_upper_days")


def progression_rows(study: Study) -> list[SensitivityRow]:
    """Give the median of PFS at detection, and with progression anywhere between the two scans; none without bounds."""
    if not study.has(PROGRESSION_FREE_SURVIVAL) or not study.cohort.has(*BOUNDS):
        return []
    data = derive_endpoint(study.frame, PROGRESSION_FREE_SURVIVAL)
    curve = kaplan_meier(data.days, data.event, confidence=study.options.confidence)
    median = curve.quantiles(0.5).iloc[0]
    value, lower, upper = (float(median[name]) / DAYS_PER_MONTH for name in ("value", "lower", "upper"))
    detected = SensitivityRow(
        key="detected",
        label="Main: progression on the day it was seen",
        changed="Kaplan–Meier; a scan later by a month makes progression later by a month.",
        measure=MEDIAN,
        n=len(data.days),
        events=int(data.event.sum()),
        value=value,
        lower=lower,
        upper=upper,
    )
    known = data.rows[data.rows[BOUNDS[0]].notna()]
    return [detected, _turnbull(known), _weibull(known, study.options.confidence)]


def _weibull(known: pd.DataFrame, confidence: float) -> SensitivityRow:
    """Give the median of a Weibull model of the intervals, its interval by the delta method on the log scale."""
    lower, upper = (known[name].to_numpy(dtype="float64") for name in BOUNDS)
    key, label = "weibull", "Interval-censored (Weibull)"
    changed = "The same intervals, the hazard supposed to rise or fall as a power of time."
    try:
        fit = weibull(lower, upper, confidence=confidence)
    except RecistError:
        return SensitivityRow(
            key=key, label=label, changed=changed, measure=MEDIAN, n=len(known), words="not estimable"
        )
    gradient = np.array([1.0, np.exp(fit.log_scale) * np.log(np.log(2.0))])
    width = two_sided_z(confidence) * float(np.sqrt(gradient @ fit.covariance @ gradient))
    median = fit.quantile(0.5) / DAYS_PER_MONTH
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        measure=MEDIAN,
        n=fit.n,
        events=fit.n_exact + fit.n_interval,
        value=median,
        lower=median * float(np.exp(-width)),
        upper=median * float(np.exp(width)),
        further=(("shape", fit.shape),),
    )


def _turnbull(known: pd.DataFrame) -> SensitivityRow:
    lower, upper = (known[name].to_numpy(dtype="float64") for name in BOUNDS)
    key, label = "turnbull", "Interval-censored (Turnbull)"
    changed = (
        "Progression anywhere after the last scan without it. The limits are what the scans leave open, no interval."
    )
    try:
        median = turnbull(lower, upper).quantiles(0.5).iloc[0]
    except RecistError:
        return SensitivityRow(key=key, label=label, changed=changed, measure=MEDIAN, n=len(known))
    value, left, right = (float(median[name]) / DAYS_PER_MONTH for name in ("value", "left", "right"))
    between = f" [{say_months(left)}–{say_months(right)}]" if np.isfinite(right) and left < right else ""
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        measure=MEDIAN,
        n=len(known),
        events=int(np.isfinite(upper).sum()),
        value=value,
        words=say_months(value) + between,
        further=(("left_months", left), ("right_months", right)),
    )
