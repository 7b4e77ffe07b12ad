"""Start-stop rows: the same people cut at each further treatment, for covariates that change with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from linkage.followup import add_days
from linkage.people import select_treatments

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables

SPAN_COLUMNS = ("subject", "start_days", "stop_days", "event", "second_treatment", "n_treatments")


def derive_spans(tables: StudyTables, people: pd.DataFrame, survival: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Cut each subject's survival at the days of further treatments.

    A row covers (start, stop]: a treatment on day d changes the row that starts at d, so what happens on day d still
    belongs to the time before it, and a treatment on the last day opens no row. Death is the event of the last row
    only. A survival of 0 days becomes one row of ``rules.zero_day`` days, because start must come before stop.

    Parameters
    ----------
    tables : StudyTables
    people : pandas.DataFrame
        The cohort.
    survival : pandas.DataFrame
        See :func:`linkage.endpoints.derive_overall_survival`.
    rules : Rules

    Returns
    -------
    pandas.DataFrame
        Columns ``SPAN_COLUMNS``; ``n_treatments`` counts the treatments up to the row's start, and
        ``second_treatment`` is 1 from the second on.
    """
    treatments = add_days(select_treatments(tables.treatments, rules), people)
    end = survival["os_days"].astype("float64")
    end = end.mask(end == 0, rules.zero_day)
    is_inside = treatments["day"] < treatments["subject"].map(end)
    rows = treatments.loc[is_inside, ["subject", "day"]].sort_values(["subject", "day"])
    by_subject = rows.groupby("subject")
    rows["n_treatments"] = by_subject.cumcount() + 1
    rows["start_days"] = rows["day"].astype("float64")
    following = by_subject["day"].shift(-1)
    is_last = following.isna()
    rows["stop_days"] = following.astype("float64").fillna(rows["subject"].map(end))
    rows["event"] = (rows["subject"].map(survival["os_event"]).astype("int64")).where(is_last, 0)
    rows["second_treatment"] = (rows["n_treatments"] > 1).astype("int64")
    return pd.DataFrame(rows[list(SPAN_COLUMNS)]).reset_index(drop=True)
