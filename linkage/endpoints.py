"""The endpoints: overall survival, progression-free survival and duration of symptom relief, in days.

Day 0 is the first treatment (for relief: the day the response was recorded). Each end carries its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.choices import ClinicalProgression, MissedScans, NewTherapy, ReliefDeath
from linkage.people import days_between
from linkage.reasons import OsReason, PfsReason, ReliefReason

if TYPE_CHECKING:
    from enum import StrEnum

    from linkage.rules import Rules

FIRST_DAY = 1  # where PFS is censored when nothing after treatment can be judged
MISSED = 2
PROGRESSION_REASONS = {
    "image": PfsReason.PROGRESSION_IMAGE.value,
    "report": PfsReason.PROGRESSION_REPORT.value,
    "clinical": PfsReason.PROGRESSION_CLINICAL.value,
}


def derive_overall_survival(people: pd.DataFrame) -> pd.DataFrame:
    """Derive overall survival: death of any cause, else last contact, both truncated at the cutoff.

    Returns
    -------
    pandas.DataFrame
        Indexed like `people`: ``os_days, os_event, os_reason``.
    """
    is_dead = people["death_date"].notna()
    alive = np.where(people["is_cut"], OsReason.CUTOFF.value, OsReason.LAST_CONTACT.value)
    return pd.DataFrame(
        {
            "os_days": days_between(people["index_date"], people["end_date"]),
            "os_event": is_dead.astype("Int64"),
            "os_reason": np.where(is_dead, OsReason.DEATH.value, alive),
        },
        index=people.index,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _End:
    """Where PFS ends: day, event and reason, each indexed by subject."""

    day: pd.Series
    event: pd.Series
    reason: pd.Series

    def override(self, is_other: pd.Series, day: pd.Series, reason: StrEnum) -> _End:
        """Censor at `day` where `is_other`."""
        return _End(
            day=self.day.mask(is_other, day),
            event=self.event.mask(is_other, 0),
            reason=self.reason.mask(is_other, reason.value),
        )


def derive_progression_free_survival(
    people: pd.DataFrame, progression: pd.DataFrame, adequate: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Derive progression-free survival.

    Parameters
    ----------
    people : pandas.DataFrame
        The subjects with imaging follow-up only.
    progression : pandas.DataFrame
        First progression, see :func:`linkage.imaging.derive_progression`.
    adequate : pandas.DataFrame
        ``subject, day`` of every adequate assessment after treatment.
    rules : Rules

    Returns
    -------
    pandas.DataFrame
        Indexed like `people`: ``pfs_days, pfs_event, pfs_reason``.
    """
    end = _first_event(people, progression, adequate)
    forced_gap = _gap_censoring(end, adequate, rules)
    is_therapy = rules.new_therapy is NewTherapy.CENSOR
    forced_therapy = _censoring_before(people, "new_therapy_date", end, adequate, is_wanted=is_therapy)
    is_clinical = rules.clinical_progression is ClinicalProgression.CENSOR
    forced_clinical = _censoring_before(people, "clinical_progression_date", end, adequate, is_wanted=is_clinical)
    forced = (
        (forced_gap, PfsReason.MISSED_SCANS),
        (forced_therapy, PfsReason.NEW_THERAPY),
        (forced_clinical, PfsReason.CLINICAL),
    )
    earliest = pd.concat([day for day, _ in forced], axis="columns").min(axis="columns")
    is_free = pd.Series(data=True, index=end.day.index)
    for day, why in forced:
        is_this = is_free & day.notna() & (day == earliest)
        end = end.override(is_this, day, why)
        is_free &= ~is_this
    return pd.DataFrame(
        {"pfs_days": end.day.astype("Int64"), "pfs_event": end.event.astype("Int64"), "pfs_reason": end.reason},
        index=people.index,
    )


def _first_event(people: pd.DataFrame, progression: pd.DataFrame, adequate: pd.DataFrame) -> _End:
    found = progression.reindex(people.index)
    progression_day = _day(people, found["date"])
    death_day = _day(people, people["death_date"])
    last_day = adequate.groupby("subject")["day"].max().reindex(people.index)
    by_source = found["source"].map(PROGRESSION_REASONS)
    censored = np.where(last_day.notna(), PfsReason.LAST_ADEQUATE.value, PfsReason.NO_ASSESSMENT.value)
    reason = np.where(death_day.notna(), PfsReason.DEATH.value, censored)
    day = progression_day.fillna(death_day).fillna(last_day).fillna(FIRST_DAY)
    event = (progression_day.notna() | death_day.notna()).astype("int64")
    reasons = np.where(progression_day.notna(), by_source, reason)
    return _End(day=day, event=event, reason=pd.Series(reasons, index=people.index, dtype=object))


def _day(people: pd.DataFrame, date: pd.Series) -> pd.Series:
    return (date - people["index_date"]).dt.days.astype("float64")


def _last_adequate(adequate: pd.DataFrame, limit: pd.Series, *, is_limit_included: bool) -> pd.Series:
    """Give the last day of an adequate assessment up to each subject's `limit`; NaN without any."""
    bound = adequate["subject"].map(limit)
    is_kept = adequate["day"] <= bound if is_limit_included else adequate["day"] < bound
    return adequate[is_kept].groupby("subject")["day"].max().reindex(limit.index).astype("float64")


def _gap_censoring(end: _End, adequate: pd.DataFrame, rules: Rules) -> pd.Series:
    """Give the day of censoring where an event followed two missed scans, else NaN."""
    if rules.missed_scans is MissedScans.EVENT:
        return pd.Series(np.nan, index=end.day.index)
    last = _last_adequate(adequate, end.day, is_limit_included=False)
    allowed = MISSED * (rules.scan_interval_days + rules.scan_tolerance_days)
    is_gap = (end.event == 1) & (end.day - last.fillna(0) > allowed)
    return last.fillna(FIRST_DAY).where(is_gap)


def _censoring_before(
    people: pd.DataFrame, name: str, end: _End, adequate: pd.DataFrame, *, is_wanted: bool
) -> pd.Series:
    """Give the day of censoring where a new therapy or a clinical progression came before the end, else NaN.

    Progression on the day the new therapy began is an event.
    """
    if not is_wanted:
        return pd.Series(np.nan, index=end.day.index)
    other = _day(people, people[name])
    last = _last_adequate(adequate, other, is_limit_included=True)
    return last.fillna(FIRST_DAY).where((other > 0) & (other < end.day))


def derive_relief(people: pd.DataFrame, start_date: pd.Series, recurrence: pd.Series, rules: Rules) -> pd.DataFrame:
    """Derive the duration of symptom relief of the responders.

    Parameters
    ----------
    people : pandas.DataFrame
    start_date : pandas.Series
        The day the response was recorded; NaT for those who did not respond.
    recurrence : pandas.Series
        The first recorded recurrence after it; NaT for none.
    rules : Rules

    Returns
    -------
    pandas.DataFrame
        Indexed like `people`: ``relief_days, relief_event, relief_reason``, empty for those who did not respond. An
        event is recurrence or death; else relief is censored at last contact or the cutoff.
    """
    is_responder = start_date.notna()
    has_recurred = recurrence.notna()
    is_dead = ~has_recurred & people["death_date"].notna()
    is_death_event = is_dead if rules.relief_death is ReliefDeath.EVENT else is_dead & False
    cases = ((has_recurred, ReliefReason.RECURRENCE), (is_dead, ReliefReason.DEATH))
    alive = np.where(people["is_cut"], ReliefReason.CUTOFF.value, ReliefReason.LAST_CONTACT.value)
    reason = np.select([case.to_numpy() for case, _ in cases], [word.value for _, word in cases], alive)
    event = (has_recurred | is_death_event).astype("Int64")
    return pd.DataFrame(
        {
            "relief_days": days_between(start_date, recurrence.fillna(people["end_date"])),
            "relief_event": event.where(is_responder),
            "relief_reason": pd.Series(reason, index=people.index, dtype=object).where(is_responder, ""),
        },
        index=people.index,
    )
