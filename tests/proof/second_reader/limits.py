"""Numbers of the criteria."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a sum must change."""

    pr_percent: Fraction
    pd_percent: Fraction
    pd_mm: Fraction
    both: bool = False  # PR needs the attenuation besides the size


LIMITS = {
    "recist-1.1": Limits(pr_percent=Fraction(30), pd_percent=Fraction(20), pd_mm=Fraction(5)),  # Eisenhauer 2009
    "recist-1.0": Limits(pr_percent=Fraction(30), pd_percent=Fraction(20), pd_mm=Fraction(0)),  # Therasse 2000
    "mrecist": Limits(pr_percent=Fraction(30), pd_percent=Fraction(20), pd_mm=Fraction(0)),  # Lencioni 2010
    "choi": Limits(pr_percent=Fraction(10), pd_percent=Fraction(10), pd_mm=Fraction(0)),  # Choi 2007
}
LIMITS["modified-choi"] = replace(LIMITS["choi"], both=True)  # Nathan 2010
LIMITS["irecist"] = LIMITS["recist-1.1"]  # Seymour 2017

DEFAULTS: dict[str, object] = {
    "tp_window_days": 14,
    "merged_mixed": "long",
    "partial_dates": "refuse",
    "missing_attenuation": "ne",
    "same_date": "worst",
    "nd_between": "ne",
    "early_scan_days": 28,
    "early_scan_tolerance_days": 2,
    "shrinkage_after_iupd": "any",
    "late_scan_days": 56,
    "late_scan": "confirms",
    "icpd_increase": "at_least",
    "node_organs": "one",
    "node_slice_rule": "two_slices",
    "adequate_assessment": "evaluable",
    "early_death": "event",
    "measurement_rounding": "none",
    "threshold_rounding": "none",
    "nadir_partial": False,
    "partial_pd": True,
    "small_node_growth": "cr",
    "pr_persistence": "none",
    "nt_partial": "ne",
    "non_target_nodes": "as_read",
    "marker_missing": "not_cr",
    "new_node": "equivocal",
    "no_disease": "ned",
    "post_cr": "pd",
    "returning_node": "pd",
    "response_date": "component",
    "start": "start_date",
    "new_therapy_same_day": "before",
    "min_sd_days": 42,
    "confirmation_days": 28,
    "max_ne": 1,
    "accept_sd": 0,
    "responders": "unconfirmed",
    "death_ends_response": True,
    "visit_interval_days": 0,
    "visit_tolerance_days": 0,
    "censoring": "fda",
    "new_therapy_event_day": "event",
    "clinical_progression": "ignore",
    "missed_visits": "ignore",
    "clinical_benefit_days": 168,
    "sd_date": "first",
    "min_sd_tolerance_days": 0,
    "confirmation_between": "strict",
}

CRITERIA_DEFAULTS: dict[str, dict[str, object]] = {"recist-1.0": {"responders": "confirmed"}}  # Therasse 2000


def whole_or(options: dict[str, object], name: str, default: int) -> int:
    """Read an option that is a whole number."""
    return int(str(options.get(name, default)))
