"""Sensitivity to missing responses: counted as progression, which is wrong, and imputed several times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.reporting.sensitivity.by_domain import observe
from survival.reporting.sensitivity.row import BAD, Observed, SensitivityRow, fit_or_none, hazard_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.reporting.study import Study
    from survival.responses import Domain


def known_by(seen: Observed, at_days: int) -> NDArray[np.float64]:
    """Give the side as it was known on a day; NaN where it was not known by then, shape (n_subjects,)."""
    return np.where(seen.known_days <= at_days, seen.bad, np.nan)


def missing_rows(study: Study, domain: Domain) -> list[SensitivityRow]:
    """Make the rows on what is missing, among those under observation after the landmark."""
    seen, at_days = observe(study, domain), study.options.landmark_days
    side = known_by(seen, at_days)
    alive = seen.days > at_days
    applicable = alive & ~_does_not_apply(study.frame, domain)
    unknown = int(np.isnan(side[applicable]).sum())
    if not unknown:
        return []
    return [_as_bad(study, domain, seen, side, applicable)]


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
