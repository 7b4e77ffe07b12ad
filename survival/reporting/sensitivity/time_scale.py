"""Sensitivity of the medians: index date or diagnosis, era, and progression known only to lie between two visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.endpoints import derive_endpoint
from survival.kaplan_meier import kaplan_meier
from survival.reporting.sensitivity.by_domain import era_parts
from survival.reporting.sensitivity.row import MEDIAN, SensitivityRow
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.reporting.study import Study

FEW_AT_RISK = 10
"""A median with delayed entry is flagged when a death before it met fewer than this at risk."""


def overall_rows(study: Study) -> list[SensitivityRow]:
    """Give the median of overall survival from other starts and in parts of the study."""
    data = derive_endpoint(study.frame, study.primary)
    whole = np.ones(len(data.days), dtype=bool)
    rows = [
        _median(
            study,
            "main",
            f"Main: from {study.from_index}",
            "Everybody.",
            days=data.days,
            event=data.event,
            rows=whole,
        )
    ]
    if "index_year" in study.frame and study.frame["index_year"].nunique() > 1:
        for key, years, chosen in era_parts(study.frame["index_year"].to_numpy(dtype="float64")):
            changed = f"Only index dates of {years}."
            rows.append(_median(study, key, f"Era: {years}", changed, days=data.days, event=data.event, rows=chosen))
    return rows + _from_diagnosis(study, data.days, data.event)


def _from_diagnosis(study: Study, days: NDArray[np.float64], event: NDArray[np.int64]) -> list[SensitivityRow]:
    if "months_since_diagnosis" not in study.frame:
        return []
    before = study.frame["months_since_diagnosis"].to_numpy(dtype="float64") * DAYS_PER_MONTH
    usable = ~np.isnan(before) & (before >= 0) & (days > 0)
    if not usable.any():
        return []
    total = days + before
    naive = _median(
        study,
        "diagnosis_naive",
        "From diagnosis, everybody from day 0 (wrong)",
        "Wrong, shown to be refused: nobody could enter this cohort without living from diagnosis to the index date.",
        days=total,
        event=event,
        rows=usable,
    )
    entered = _median(
        study,
        "diagnosis_delayed_entry",
        "From diagnosis, entering at the index date",
        "Each patient counts as at risk only from the own index date on (delayed entry).",
        days=total,
        event=event,
        rows=usable,
        start=before,
    )
    return [naive, entered]


def _median(
    study: Study,
    key: str,
    label: str,
    changed: str,
    *,
    days: NDArray[np.float64],
    event: NDArray[np.int64],
    rows: NDArray[np.bool_],
    start: NDArray[np.float64] | None = None,
) -> SensitivityRow:
    entry = None if start is None else start[rows]
    curve = kaplan_meier(days[rows], event[rows], start=entry, confidence=study.options.confidence)
    median = curve.quantiles(0.5).iloc[0]
    value, lower, upper = (float(median[name]) / DAYS_PER_MONTH for name in ("value", "lower", "upper"))
    further: tuple[tuple[str, float], ...] = ()
    if start is not None:
        before = curve.table[(curve.table["events"] > 0) & (curve.table["time"] <= median["value"])]
        fewest = int(before["at_risk"].min()) if len(before) else 0
        further = (("fewest_at_risk", fewest),)
        if fewest < FEW_AT_RISK:
            changed += f" A death before this median met only {fewest} at risk: read it with caution."
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        measure=MEDIAN,
        n=int(rows.sum()),
        events=int(event[rows].sum()),
        value=value,
        lower=lower,
        upper=upper,
        further=further,
    )
