"""Sensitivity to missing responses: counted as progression, which is wrong, and imputed several times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import RecistError
from survival.covariates import model_column
from survival.models import derive_strata
from survival.reporting.sensitivity.by_domain import observe, say_strata
from survival.reporting.sensitivity.row import BAD, Observed, SensitivityRow, fit_or_none, hazard_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.reporting.study import Study
    from survival.responses import Domain

MOST_UNKNOWN = 0.5
"""With more responses unknown than this nothing is imputed."""


def known_by(seen: Observed, at_days: int) -> NDArray[np.float64]:
    """Give the side as it was known on a day; NaN where it was not known by then, shape (n_subjects,)."""
    return np.where(seen.known_days <= at_days, seen.bad, np.nan)


def missing_rows(study: Study, domain: Domain) -> list[SensitivityRow]:
    """Make the rows on what is missing, among those under observation after the landmark."""
    seen, at_days = observe(study, domain), study.options.landmark_days
    side = known_by(seen, at_days)
    alive = seen.days > at_days
    applicable = alive & ~_does_not_apply(study.frame, domain)
    strata = derive_strata(study.frame, study.strata)
    unknown = int(np.isnan(side[applicable]).sum())
    if not unknown:
        return []
    rows = [_as_bad(study, domain, seen, side, applicable)]
    if study.covariates:
        frame = pd.concat([pd.Series(side, name=BAD), *(model_column(one) for one in study.covariates)], axis=1)
        chosen = applicable if strata is None else applicable & (strata != "")
        known = _Known(
            frame=frame[chosen].reset_index(drop=True),
            days=seen.days[chosen] - at_days,
            event=seen.event[chosen],
            strata=None if strata is None else strata[chosen],
            unknown=int(np.isnan(side[chosen]).sum()),
        )
        rows.append(_complete_case(study, known))
        if study.options.imputation:
            rows.append(_imputed(study, known))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Known:
    """Those under observation after the landmark: side and covariates as far as known, and what happened after it."""

    frame: pd.DataFrame
    days: NDArray[np.float64]
    event: NDArray[np.int64]
    strata: NDArray[np.object_] | None
    unknown: int


def _complete_case(study: Study, known: _Known) -> SensitivityRow:
    complete = known.frame.notna().all(axis=1).to_numpy()
    fit = fit_or_none(
        known.days[complete],
        known.event[complete],
        known.frame[complete],
        start=None,
        confidence=study.options.confidence,
        strata=None if known.strata is None else known.strata[complete],
    )
    changed = (
        f"Adjusted{say_strata(study)}, from the landmark, on those with everything known: to be set beside the next "
        "row."
    )
    return hazard_row("complete_case_landmark", "Landmark, adjusted, complete cases", changed, fit)


def _imputed(study: Study, known: _Known) -> SensitivityRow:
    """Impute unknown responses and covariates several times, pool the adjusted model."""
    from survival.imputation import pooled_cox

    key, label = "imputed", "Landmark, adjusted, multiple imputation"
    share = known.unknown / len(known.frame)
    if share > MOST_UNKNOWN:
        changed = f"Response unknown in {share:.0%} at the landmark: more would be invented than observed."
        return SensitivityRow(key=key, label=label, changed=changed.replace("%", " %"), words="not imputed")
    names = [str(name) for name in known.frame]
    try:
        pooled = pooled_cox(
            known.frame,
            known.days,
            known.event,
            names,
            seed=study.options.seed,
            strata=known.strata,
            confidence=study.options.confidence,
        )
    except RecistError as fault:
        return SensitivityRow(key=key, label=label, changed=str(fault))
    first = pooled.table.iloc[0]
    changed = (
        f"{known.unknown} unknown responses imputed {pooled.imputations} times by chained equations with the outcome; "
        f"{100 * float(first['fraction_missing']):.0f} % of the information on this ratio is missing. Holds if what is "
        "missing depends on what was observed only."
    )
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        n=pooled.n,
        events=pooled.n_events,
        value=float(first["hazard_ratio"]),
        lower=float(first["lower"]),
        upper=float(first["upper"]),
        p_value=float(first["p_value"]),
        further=(
            ("imputations", pooled.imputations),
            ("fraction_missing", float(first["fraction_missing"])),
            ("degrees_of_freedom", float(first["degrees_of_freedom"])),
        ),
    )


def _does_not_apply(frame: pd.DataFrame, domain: Domain) -> NDArray[np.bool_]:
    """Tell who has no response to be had, such as patients without symptoms at baseline."""
    codes = [category.code for category in domain.categories if category.good is None and category.code != "NE"]
    not_applicable: NDArray[np.bool_] = frame[domain.response_column].isin(codes).to_numpy()
    return not_applicable


def _as_bad(
    study: Study, domain: Domain, seen: Observed, side: NDArray[np.float64], rows: NDArray[np.bool_]
) -> SensitivityRow:
    unknown = int(np.isnan(side[rows]).sum())
    fit = fit_or_none(
        seen.days[rows] - study.options.landmark_days,
        seen.event[rows],
        pd.DataFrame({BAD: np.nan_to_num(side[rows], nan=1.0)}),
        start=None,
        confidence=study.options.confidence,
    )
    changed = (
        f"Wrong, shown to be refused: {unknown} unknown responses counted as “{domain.bad_name}” at the landmark. Not "
        "having been assessed is not a response; it mixes the sides and moves the estimate."
    )
    return hazard_row("missing_as_bad", "Missing counted as no response (wrong)", changed, fit)
