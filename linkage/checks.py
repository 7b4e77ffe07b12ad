"""Every check of a study before it is linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.content_checks import (
    check_labs,
    check_named_in_rules,
    check_patient_columns,
    check_readers,
    check_treatment_order,
)
from linkage.date_checks import check_dates
from linkage.identity_checks import check_keys, check_subjects_known, check_subjects_linked
from linkage.layout import COHORT_COLUMNS

if TYPE_CHECKING:
    import datetime as dt

    from linkage.rules import Rules
    from linkage.tables import StudyTables
    from recist.problems import Problem


def check_study(
    tables: StudyTables, rules: Rules, cutoff_date: dt.date | None, today: dt.date | None = None
) -> list[Problem]:
    """Find every fault within and between the tables of a study.

    Errors are contradictions that would make a result wrong; warnings say what was left out or looks odd. A table
    that was not given, or could not be read, is not held against the others. Dates after `today` are errors where no
    cutoff is given; without `today` nothing is still to come.
    """
    return [
        *check_subjects_known(tables),
        *check_subjects_linked(tables, rules),
        *check_keys(tables),
        *check_dates(tables, rules, cutoff_date, today),
        *check_treatment_order(tables),
        *check_labs(tables),
        *check_readers(tables, rules),
        *check_named_in_rules(tables, rules),
        *check_patient_columns(tables, COHORT_COLUMNS),
    ]
