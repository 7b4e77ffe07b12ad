"""Checks of the measurements as a whole, after every cell was checked alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.response.checks.at_baseline import check_at_baseline
from recist.response.checks.by_criteria import check_by_criteria
from recist.response.checks.dates import check_dates
from recist.response.checks.findings import check_findings
from recist.response.checks.lesions import check_lesions
from recist.response.checks.plausible import check_plausible
from recist.response.checks.review import check_review
from recist.response.checks.small_nodes import check_small_nodes
from recist.response.checks.subjects import check_subjects
from recist.response.checks.targets import check_targets
from recist.response.checks.tenfold import check_tenfold
from recist.response.checks.treated import check_treated

if TYPE_CHECKING:
    import datetime

    from recist.criteria import Criteria
    from recist.problems import Problem
    from recist.response.checks.report import Report
    from recist.response.options import Options
    from recist.response.subjects import SubjectDates

__all__ = ["check_history", "check_review", "check_subjects"]


def check_history(
    report: Report, dates: SubjectDates, rules: tuple[Criteria, Options], today: datetime.date | None
) -> list[Problem]:
    """Find everything that cannot be scored or should be looked at."""
    criteria, options = rules
    return [
        *check_findings(report, criteria),
        *check_lesions(report),
        *check_at_baseline(report, criteria),
        *check_small_nodes(report, criteria, options),
        *check_dates(report, dates, options),
        *check_treated(report),
        *check_targets(report, criteria, options),
        *check_by_criteria(report, criteria),
        *check_plausible(report, criteria, today),
        *check_tenfold(report),
    ]
