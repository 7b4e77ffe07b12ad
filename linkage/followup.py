"""The first follow-up of a domain: the first evaluable assessment in the window, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.choices import EarlyDeath, FollowUp
from linkage.people import days_between
from linkage.reasons import FollowUpReason

if TYPE_CHECKING:
    from linkage.choices import Window
    from linkage.rules import Rules

NOT_EVALUABLE = "NE"


def add_days(records: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Keep the dated records of the people up to their cutoff and add ``day``, counted from the first treatment."""
    known = records[records["date"].notna() & records["subject"].isin(people.index)]
    cutoff = known["subject"].map(people["cutoff_date"])
    known = known[~(known["date"] > cutoff)]
    day = (known["date"] - known["subject"].map(people["index_date"])).dt.days
    return known.assign(day=day.astype("int64"))


def is_within(day: pd.Series, window: Window) -> pd.Series:
    """Say which days lie in the window, both ends included."""
    return day.between(window.earliest, window.latest)


def is_before_death_and_retreatment(records: pd.DataFrame, people: pd.DataFrame, rules: Rules) -> pd.Series:
    """Say which records come before the subject's death and before the second treatment."""
    death = records["subject"].map(people["death_date"])
    second = records["subject"].map(people["second_treatment_date"])
    is_after_second = records["date"] > second if rules.followup_on_retreatment_day else records["date"] >= second
    return ~(records["date"] >= death) & ~is_after_second


def pick_first_followup(
    assessments: pd.DataFrame, people: pd.DataFrame, window: Window, rules: Rules
) -> tuple[pd.DataFrame, pd.Series]:
    """Pick each subject's first follow-up.

    Parameters
    ----------
    assessments : pandas.DataFrame
        Every assessment after treatment, at most one a subject and day: ``subject``, ``date``, ``day``,
        ``response``, ``change_pct``; ``NE`` is not evaluable.
    people : pandas.DataFrame
        The cohort, see :func:`linkage.people.derive_people`.
    window : Window
    rules : Rules

    Returns
    -------
    picked : pandas.DataFrame
        Rows of `assessments`, indexed by subject: evaluable where there is one, else the first NE of the window.
    reason : pandas.Series
        For everyone of `people`: EVALUABLE, NOT_EVALUABLE or why nothing was picked.
    """
    in_window = assessments[is_within(assessments["day"], window)]
    is_eligible = is_before_death_and_retreatment(in_window, people, rules)
    eligible = in_window[is_eligible]
    is_evaluable = eligible["response"] != NOT_EVALUABLE
    distance = (eligible["day"] - rules.target_days).abs() if rules.followup is FollowUp.CLOSEST else eligible["day"]
    ranked = eligible.assign(unevaluable=~is_evaluable, distance=distance)
    ranked = ranked.sort_values(["subject", "unevaluable", "distance", "day"])
    picked = ranked.drop_duplicates("subject").set_index("subject").drop(columns=["unevaluable", "distance"])
    second = in_window["subject"].map(people["second_treatment_date"])
    retreated = in_window.loc[~is_eligible & (in_window["date"] >= second), "subject"]
    return picked, _find_reason(picked, retreated, assessments["subject"], people, window)


def _find_reason(
    picked: pd.DataFrame, retreated: pd.Series, assessed: pd.Series, people: pd.DataFrame, window: Window
) -> pd.Series:
    response = picked["response"].reindex(people.index)
    death_day = (people["death_date"] - people["index_date"]).dt.days
    end_day = (people["end_date"] - people["index_date"]).dt.days
    cases = (
        (response.notna() & (response != NOT_EVALUABLE), FollowUpReason.EVALUABLE),
        (response == NOT_EVALUABLE, FollowUpReason.NOT_EVALUABLE),
        (people.index.isin(retreated), FollowUpReason.RETREATED),
        (death_day <= window.latest, FollowUpReason.DIED),
        (people.index.isin(assessed), FollowUpReason.OUTSIDE),
        (end_day <= window.latest, FollowUpReason.ENDED),
    )
    conditions = [np.asarray(condition, dtype=bool) for condition, _ in cases]
    reasons = [reason.value for _, reason in cases]
    return pd.Series(np.select(conditions, reasons, FollowUpReason.NOT_ASSESSED.value), index=people.index)


def lay_out_domain(
    picked: pd.DataFrame, reason: pd.Series, source: pd.Series, people: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Lay a domain out, one row a subject.

    Returns
    -------
    pandas.DataFrame
        Indexed like `people`: ``response`` (empty when missing), ``date``, ``days``, ``source``, ``reason``,
        ``change_pct`` (from baseline at the first follow-up, empty where it was not measured). A subject who died
        before a follow-up in the window is NE without a date, unless the rules say missing.
    """
    is_counted = reason.isin([FollowUpReason.EVALUABLE, FollowUpReason.NOT_EVALUABLE])
    response = picked["response"].reindex(people.index).where(is_counted, "")
    if rules.early_death is EarlyDeath.NOT_EVALUABLE:
        response = response.mask(reason == FollowUpReason.DIED, NOT_EVALUABLE)
    date = picked["date"].reindex(people.index).where(is_counted)
    days = days_between(people["index_date"], date)
    change = picked["change_pct"].reindex(people.index).where(is_counted).astype("float64")
    columns = {"response": response, "date": date, "days": days, "source": source, "reason": reason}
    return pd.DataFrame({**columns, "change_pct": change})
