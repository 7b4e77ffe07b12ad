"""The treatments of the cohort, counted and dated from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from linkage.followup import add_days
from linkage.people import select_treatments

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables

TREATMENT_COLUMNS = ("subject", "treatment_number", "treatment", "days", "activity_mci")


def derive_treatments(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """List every treatment that counts, up to the cutoff.

    Returns
    -------
    pandas.DataFrame
        Columns ``TREATMENT_COLUMNS``, sorted by subject and day; ``treatment_number`` counts the rows of the subject,
        so the first is 1 on day 0, and the last is ``n_treatments`` of the cohort.
    """
    counted = add_days(select_treatments(tables.treatments, rules), people)
    numbered = counted.assign(treatment_number=counted.groupby("subject").cumcount() + 1, days=counted["day"])
    return pd.DataFrame(numbered[list(TREATMENT_COLUMNS)]).reset_index(drop=True)
