"""How old the news of the living is: who was last seen long before the cutoff, while deaths may be known until then.

If deaths come from a registry up to the cutoff and the living are censored at their last visit, those not seen again
count when they die and do not count while they live: survival comes out too low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.problems import Problem, Severity
from survival.checks.cohort_rows import follow_up_column
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    from survival.reporting.study import Study

STALE_DAYS = 365
STALE_SHARE = 0.1
MONTHS_PER_YEAR = 12
DATES = ("index_date", "cutoff_date")


def check_last_contacts(study: Study) -> list[Problem]:
    """Warn where a tenth or more of the living were last seen more than a year before the cutoff."""
    ages = _ages_of_last_contacts(study)
    stale = ages[ages > STALE_DAYS]
    if not len(stale) or len(stale) < STALE_SHARE * len(ages):
        return []
    return [
        Problem(
            code="stale_contacts",
            severity=Severity.WARNING,
            field=follow_up_column(study.frame, study.options),
            message=(
                "many of the living were last seen long before the cutoff; if deaths are known until the cutoff, as "
                "from a registry, take its date for the living too, or survival comes out too low"
            ),
            found=(
                f"{len(stale)} of {say_counted(len(ages), 'patient')} alive last seen more than a year before, their "
                f"median {np.median(stale) / DAYS_PER_MONTH / MONTHS_PER_YEAR:.1f} years before"
            ),
            expected=f"less than {100 * STALE_SHARE:.0f} % of the living",
        )
    ]


def _ages_of_last_contacts(study: Study) -> pd.Series:
    """Count the days from the last contact to the cutoff in those alive, where dates tell."""
    frame = study.frame
    end = follow_up_column(frame, study.options)
    event = end.replace("_days", "_event")
    if not {*DATES, end, event} <= set(frame.columns):
        return pd.Series(dtype="float64")
    index, cutoff = (pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce") for name in DATES)
    ages = (cutoff - index).dt.days - frame[end]
    return ages[frame[event].eq(0) & ages.notna()]
