"""Other thresholds of response than the study's own: the rise that makes progression, the fall that makes response."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from survival.reporting.sensitivity.row import Observed, own_entry_row

if TYPE_CHECKING:
    import pandas as pd

    from survival.reporting.sensitivity.row import SensitivityRow
    from survival.reporting.study import Study
    from survival.responses import Domain


class Direction(StrEnum):
    """What a change from baseline is asked for."""

    RISE = "rise"
    FALL = "fall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A threshold to be tried: a change of this many per cent, and where it comes from."""

    domain: str
    direction: Direction
    percent: int
    citation: str


THRESHOLDS = (
    Threshold(domain="biochemical", direction=Direction.RISE, percent=25, citation="the rise most papers use"),
    Threshold(domain="biochemical", direction=Direction.RISE, percent=50, citation="twice that rise"),
    Threshold(domain="biochemical", direction=Direction.FALL, percent=25, citation="half the usual fall"),
    Threshold(domain="biochemical", direction=Direction.FALL, percent=50, citation="Nwosu, Br J Cancer 2008"),
    Threshold(domain="imaging", direction=Direction.RISE, percent=10, citation="half the rise of RECIST"),
    Threshold(domain="imaging", direction=Direction.RISE, percent=20, citation="RECIST 1.1, section 4.3.1"),
    Threshold(domain="imaging", direction=Direction.FALL, percent=10, citation="Choi, J Clin Oncol 2007 (size)"),
    Threshold(domain="imaging", direction=Direction.FALL, percent=30, citation="RECIST 1.1, section 4.3.1"),
    Threshold(domain="symptomatic", direction=Direction.FALL, percent=20, citation="a smaller fall of the score"),
    Threshold(domain="symptomatic", direction=Direction.FALL, percent=50, citation="a larger fall of the score"),
)


def threshold_rows(study: Study, domain: Domain, seen: Observed) -> list[SensitivityRow]:
    """Estimate the hazard ratio of a domain with its sides drawn at other changes from baseline."""
    column = f"{domain.key}_change_pct"
    if not study.cohort.has(column):
        return []
    change = study.frame[column].astype("float64")
    is_evaluable = study.frame[domain.response_column].isin(domain.evaluable)
    rows = []
    for threshold in THRESHOLDS:
        if threshold.domain != domain.key:
            continue
        bad = _bad_side(study.frame, domain, change.where(is_evaluable), threshold)
        drawn = Observed(days=seen.days, event=seen.event, bad=bad.to_numpy(), known_days=seen.known_days)
        key = f"{threshold.direction}_{threshold.percent}"
        label, changed = _words(domain, threshold)
        rows.append(own_entry_row(key, label, changed, drawn, confidence=study.options.confidence))
    return rows


def _bad_side(frame: pd.DataFrame, domain: Domain, change: pd.Series, threshold: Threshold) -> pd.Series:
    if threshold.direction is Direction.FALL:
        return (change > -threshold.percent).astype("float64").where(change.notna())
    bad = change >= threshold.percent
    if domain.key == "imaging":
        bad |= _progressed_otherwise(frame, domain, change)
    return bad.astype("float64").where(change.notna())


def _progressed_otherwise(frame: pd.DataFrame, domain: Domain, change: pd.Series) -> pd.Series:
    """Tell who progressed by a new lesion or non-target disease: the sum alone had not risen by a fifth."""
    by_sum = 20
    return frame[domain.response_column].eq("PD") & (change < by_sum)


def _words(domain: Domain, threshold: Threshold) -> tuple[str, str]:
    source = f"({threshold.citation})"
    if threshold.direction is Direction.FALL:
        return (
            f"Response: a fall of ≥ {threshold.percent} %",
            f"Less of a fall against at least that fall, whatever the category {source}.",
        )
    kept = "; progression by new lesions or non-target disease stays" if domain.key == "imaging" else ""
    return (
        f"Progression: a rise of ≥ {threshold.percent} %",
        f"That rise against anything less, by the measured change alone {source}{kept}.",
    )
