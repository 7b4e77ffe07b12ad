"""Sensitivity of a response's hazard ratio: landmarks, windows, sources, thresholds, era, covariates, Firth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.covariates import model_column
from survival.endpoints import derive_endpoint
from survival.models import derive_strata
from survival.partial_likelihood.firth import fit_firth
from survival.reporting.sensitivity.row import (
    BAD,
    Observed,
    SensitivityRow,
    fit_or_none,
    hazard_row,
    interaction_row,
    landmark_row,
    own_entry_row,
)
from survival.reporting.sensitivity.thresholds import threshold_rows
from survival.responses import derive_contrast
from survival.words.comparison import FIRTH
from survival.words.wording import DAYS_PER_MONTH, lower_first, say_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.reporting.study import Study
    from survival.responses import Domain

SOURCES = (("image", "images"), ("report", "reports"))


def observe(study: Study, domain: Domain) -> Observed:
    """Take the primary endpoint with the sides of a domain, a row a subject of the cohort."""
    data = derive_endpoint(study.frame, study.primary)
    return Observed(
        days=data.days,
        event=data.event,
        bad=derive_contrast(data.rows, domain),
        known_days=data.rows[domain.days_column].to_numpy(dtype="float64"),
    )


def domain_rows(study: Study, domain: Domain) -> list[SensitivityRow]:
    """Make every row of a dated domain except those on missing responses."""
    seen, confidence = observe(study, domain), study.options.confidence
    main = own_entry_row(
        "main", "Main: entry on the own day", "Everybody with a known response.", seen, confidence=confidence
    )
    return [
        main,
        *_landmarks(study, seen),
        *_windows(study, seen),
        *_sources(study, domain, seen),
        *threshold_rows(study, domain, seen),
        *_eras(study, seen),
        *_from_diagnosis(study, seen),
        _adjusted(study, seen),
        _firth(seen, confidence),
    ]


def _landmarks(study: Study, seen: Observed) -> list[SensitivityRow]:
    days = sorted({study.options.landmark_days, *study.options.landmark_sensitivity_days})
    rows = []
    for day in days:
        is_main = day == study.options.landmark_days
        changed = "Observed after it, response known by then."
        rows.append(
            landmark_row(
                f"landmark_{day}",
                f"Landmark at day {day} ({day / DAYS_PER_MONTH:.1f} months)",
                f"The landmark of this report. {changed}" if is_main else changed,
                seen,
                at_days=day,
                confidence=study.options.confidence,
            )
        )
    return rows


def _windows(study: Study, seen: Observed) -> list[SensitivityRow]:
    first, last = study.options.window_days
    middle = (first + last) // 2
    return [
        own_entry_row(
            key,
            label,
            f"Only responses assessed on day {start} to {end}.",
            seen,
            confidence=study.options.confidence,
            rows=(seen.known_days >= start) & (seen.known_days <= end),
        )
        for key, label, start, end in (
            ("window", "Within the window", first, last),
            ("early_window", "Early half of the window", first, middle),
        )
    ]


def _sources(study: Study, domain: Domain, seen: Observed) -> list[SensitivityRow]:
    if domain.source_column not in study.frame:
        return []
    sources = study.frame[domain.source_column]
    known = seen.own_entry()
    if not all((sources.eq(code) & known).any() for code, _ in SOURCES):
        return []
    confidence = study.options.confidence
    rows = [
        own_entry_row(
            code,
            f"{words.capitalize()} only",
            f"Only responses taken from {words}.",
            seen,
            confidence=confidence,
            rows=sources.eq(code),
        )
        for code, words in SOURCES
    ]
    report = np.where(sources.eq("report"), 1.0, np.where(sources.eq("image"), 0.0, np.nan))
    changed = "Does the hazard ratio differ between images and reports? Source often goes with the years of treatment."
    rows.append(interaction_row("source", "Source × response", changed, seen, report, confidence=confidence))
    return rows


def _eras(study: Study, seen: Observed) -> list[SensitivityRow]:
    if "index_year" not in study.frame or study.frame["index_year"].nunique() < 2:
        return []
    year = study.frame["index_year"].to_numpy(dtype="float64")
    split = era_split(year)
    confidence, late = study.options.confidence, np.where(np.isnan(year), np.nan, (year > split).astype("float64"))
    rows = [
        own_entry_row(key, f"Era: {years}", f"Only index dates of {years}.", seen, confidence=confidence, rows=chosen)
        for key, years, chosen in era_parts(year)
    ]
    changed = "Does the hazard ratio differ between the two eras?"
    return [*rows, interaction_row("era", "Era × response", changed, seen, late, confidence=confidence)]


def era_split(year: NDArray[np.float64]) -> int:
    """Choose the last year of the early era: the median year, or the one before where nothing would be left after it.

    Examples
    --------
    >>> era_split(np.array([1991.0, 2002.0, 2014.0])), era_split(np.array([2000.0, 2001.0, 2001.0]))
    (2002, 2000)
    """
    known = year[~np.isnan(year)]
    middle = int(np.median(known))
    return middle if (known > middle).any() else int(known[known < middle].max())


def era_parts(year: NDArray[np.float64]) -> tuple[tuple[str, str, NDArray[np.bool_]], ...]:
    """Split the index years in two: key, years in words, who is in it."""
    split = era_split(year)
    first, last = int(np.nanmin(year)), int(np.nanmax(year))
    return (
        ("early", _years(first, split), year <= split),
        ("late", _years(split + 1, last), year > split),
    )


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _from_diagnosis(study: Study, seen: Observed) -> list[SensitivityRow]:
    if not study.cohort.has("diagnosis_date") or "months_since_diagnosis" not in study.frame:
        return []
    before = study.frame["months_since_diagnosis"].to_numpy(dtype="float64") * DAYS_PER_MONTH
    usable = ~np.isnan(before) & (before >= 0)
    shifted = Observed(days=seen.days + before, event=seen.event, bad=seen.bad, known_days=seen.known_days + before)
    changed = "Time counted from diagnosis; entry on the own day of assessment as before."
    row = own_entry_row(
        "diagnosis", "Time since diagnosis", changed, shifted, confidence=study.options.confidence, rows=usable
    )
    return [row]


def _adjusted(study: Study, seen: Observed) -> SensitivityRow:
    """Adjust for the baseline covariates, on the patients who have all of them."""
    key, label = "complete_case", "Adjusted, complete cases"
    names = ", ".join(lower_first(covariate.meaning.label) for covariate in study.covariates)
    if not study.covariates:
        return SensitivityRow(key=key, label=label, changed="The cohort has no baseline covariates.")
    columns = pd.concat([model_column(covariate) for covariate in study.covariates], axis=1)
    strata = derive_strata(study.frame, study.strata)
    is_layered = np.ones(study.n, dtype=bool) if strata is None else strata != ""
    chosen = seen.own_entry(columns.notna().all(axis=1) & is_layered)
    fit = fit_or_none(
        seen.days[chosen],
        seen.event[chosen],
        pd.concat([pd.DataFrame({BAD: seen.bad[chosen]}), columns[chosen].reset_index(drop=True)], axis=1),
        start=seen.known_days[chosen],
        confidence=study.options.confidence,
        strata=None if strata is None else strata[chosen],
    )
    left_out = int(seen.own_entry().sum() - chosen.sum())
    lost = f"{left_out} left out because one of them is missing" if left_out else "nobody left out"
    changed = f"Adjusted for {names}{say_strata(study)}; {lost}."
    return hazard_row(key, label, changed, fit, n=int(chosen.sum()), events=int(seen.event[chosen].sum()))


def say_strata(study: Study) -> str:
    """Say by what the adjusted models are stratified, as a part of a sentence; nothing where they are not."""
    return f", stratified by {', '.join(map(say_column, study.strata))}" if study.strata else ""


def _firth(seen: Observed, confidence: float) -> SensitivityRow:
    """Estimate the main hazard ratio with Firth's correction, whether or not the events separate."""
    chosen = seen.own_entry()
    columns = pd.DataFrame({BAD: seen.bad[chosen]})
    days, event, start = seen.days[chosen], seen.event[chosen], seen.known_days[chosen]
    fit = fit_or_none(days, event, columns, start=start, confidence=confidence)
    key, label = "firth", "Firth's correction"
    changed = "Less bias with few events; profile interval, penalised likelihood-ratio test."
    if fit is None or fit.table.empty:
        return SensitivityRow(key=key, label=label, changed=changed)
    table, _ = fit_firth(fit.model, np.ones(len(fit.table), dtype=bool), confidence)
    first = table.iloc[0]
    return SensitivityRow(
        key=key,
        label=label,
        changed=changed,
        n=fit.n,
        events=fit.n_events,
        value=float(first["hazard_ratio"]),
        lower=float(first["lower"]),
        upper=float(first["upper"]),
        p_value=float(first["p_value"]),
        how=FIRTH,
    )
