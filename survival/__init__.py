"""Survival from cohort tables: curves, tests, models, figures and the report.

The estimators are imported here by name: several share the name of their module, so a lazy package would hand out the
module. They need numpy and pandas only; scipy, lifelines and matplotlib are loaded when first used. The report is
loaded when asked for.

Examples
--------
A report from a folder that ``recist link`` wrote::

    from pathlib import Path
    from survival import ReportOptions, build_report, read_cohort, write_report

    report = build_report(read_cohort(Path("cohort")), ReportOptions(landmark_days=91))
    write_report(report, Path("report"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from survival.cox import cox
from survival.cumulative_incidence import cumulative_incidence
from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.landmark import landmark
from survival.log_rank import log_rank
from survival.median_difference import median_difference
from survival.nelson_aalen import nelson_aalen
from survival.pairwise import pairwise_log_rank
from survival.proportional_hazards import proportional_hazards, scaled_schoenfeld
from survival.rates import rate, rates
from survival.restricted_mean import restricted_mean
from survival.risk_table import risk_table
from survival.second_opinion import second_opinion

if TYPE_CHECKING:
    from survival.cohort import read_cohort
    from survival.options import ReportOptions
    from survival.reporting.build import build_report, write_report

__all__ = [
    "ReportOptions",
    "build_report",
    "cox",
    "cumulative_incidence",
    "follow_up",
    "kaplan_meier",
    "landmark",
    "log_rank",
    "median_difference",
    "nelson_aalen",
    "pairwise_log_rank",
    "proportional_hazards",
    "rate",
    "rates",
    "read_cohort",
    "restricted_mean",
    "risk_table",
    "scaled_schoenfeld",
    "second_opinion",
    "write_report",
]
_REPORT = {
    "ReportOptions": "survival.options",
    "build_report": "survival.reporting.build",
    "read_cohort": "survival.cohort",
    "write_report": "survival.reporting.build",
}


def __getattr__(name: str) -> object:
    """Load the report when one of its names is asked for."""
    if name not in _REPORT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_REPORT[name]), name)
