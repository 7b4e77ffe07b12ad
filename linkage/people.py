"""The people of the cohort: who was treated, when, and until when each is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.reasons import EntryReason

if TYPE_CHECKING:
    import datetime as dt

    from linkage.rules import Rules
    from linkage.tables import StudyTables


FIRST_DATES = ("new_therapy_date", "clinical_progression_date")  # what may end the time without progression


def select_treatments(treatments: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Keep the treatments that count, in the order of their dates."""
    counted = treatments[treatments["date"].notna()]
    if rules.treatment:
        counted = counted[counted["treatment"] == rules.treatment]
    return counted.sort_values(["subject", "date", "treatment_number", "treatment", "activity_mci"])


def derive_first_treatment(treatments: pd.DataFrame, rules: Rules) -> pd.Series:
    """Give the date of each subject's first treatment, the index date, by subject."""
    return select_treatments(treatments, rules).groupby("subject")["date"].min()


def derive_cutoff(subjects: pd.DataFrame, cutoff_date: dt.date | None) -> pd.Series:
    """Give each subject's cutoff, by row: the earlier of the study's and the subject's own; NaT without any."""
    own: pd.Series = subjects["cutoff_date"]
    if cutoff_date is None:
        return own
    study = pd.Timestamp(cutoff_date)
    return own.where(own <= study, study)


def derive_people(tables: StudyTables, rules: Rules, cutoff_date: dt.date | None) -> pd.DataFrame:
    """Put together what is known of every subject up to the cutoff.

    Returns
    -------
    pandas.DataFrame
        One row a subject of the ``subjects`` table, sorted, indexed by ``subject``: ``entry`` (an
        :class:`EntryReason`), ``index_date``, ``cutoff_date``, ``death_date`` (NaT unless dead at the cutoff),
        ``end_date`` (death, else last contact, at most the cutoff), ``is_cut`` (the cutoff ends the follow-up),
        ``new_therapy_date``, ``clinical_progression_date``, ``n_treatments``, ``second_treatment_date``,
        ``first_activity_mci``.
    """
    subjects = tables.subjects
    people = subjects[["subject", *FIRST_DATES]].copy()
    people["cutoff_date"] = derive_cutoff(subjects, cutoff_date)
    cutoff = people["cutoff_date"].fillna(pd.Timestamp.max.normalize())
    people["death_date"] = subjects["death_date"].where(subjects["death_date"] <= cutoff)
    last_known = subjects["death_date"].fillna(subjects["last_contact_date"])
    people["is_cut"] = last_known > cutoff
    people["end_date"] = last_known.where(~people["is_cut"], cutoff)
    for name in FIRST_DATES:
        people[name] = people[name].where(people[name] <= cutoff)
    people = people.set_index("subject").sort_index()
    return _add_treatments(people, select_treatments(tables.treatments, rules))


def _add_treatments(people: pd.DataFrame, treatments: pd.DataFrame) -> pd.DataFrame:
    cutoff = treatments["subject"].map(people["cutoff_date"])
    known = treatments[~(treatments["date"] > cutoff)]
    order = known.groupby("subject").cumcount()
    first, second = (known[order == position].set_index("subject") for position in (0, 1))
    is_treated = people.index.isin(treatments["subject"])
    is_known = people.index.isin(first.index)
    people["entry"] = np.select(
        [is_known, is_treated], [EntryReason.ENTERED.value, EntryReason.AFTER_CUTOFF.value], EntryReason.UNTREATED.value
    )
    people["index_date"] = first["date"].reindex(people.index)
    people["first_activity_mci"] = first["activity_mci"].reindex(people.index)
    people["second_treatment_date"] = second["date"].reindex(people.index)
    people["n_treatments"] = known.groupby("subject").size().reindex(people.index, fill_value=0)
    return people


def days_between(start: pd.Series, stop: pd.Series) -> pd.Series:
    """Count days from `start` to `stop`, as nullable integers."""
    return (stop - start).dt.days.astype("Int64")
