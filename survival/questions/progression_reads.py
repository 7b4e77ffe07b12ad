"""Progression-free survival taken again from the reads of a cohort, where they tell enough.

The reads tell enough when they give back the progression-free survival that the cohort was linked with, in everybody;
only then is another convention of censoring believed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.endpoints import PROGRESSION_FREE_SURVIVAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survival.questions.study_cohort import StudyCohort

RULES = ("missed_scans", "scan_interval_days", "scan_tolerance_days", "new_therapy", "report_progression")
THERAPY, IGNORE = "new_therapy", "ignore"
INDEX_DATE = "index_date"


def retake_progression(cohort: StudyCohort, changes: Mapping[str, str]) -> StudyCohort | None:
    """Take progression-free survival by other rules; None where the folder does not tell enough."""
    linked = cohort.rules
    if cohort.data.reads is None or linked is None or INDEX_DATE not in cohort.frame or not set(RULES) <= set(linked):
        return None
    if changes.get(THERAPY, linked[THERAPY]) != IGNORE or linked[THERAPY] != IGNORE:
        return None  # the day of a new therapy is not in the folder
    time, event = PROGRESSION_FREE_SURVIVAL.time_column, PROGRESSION_FREE_SURVIVAL.event_column
    same = _derive(cohort, linked)
    given = cohort.frame.set_index("subject").loc[same.index, [time, event]]
    if not np.array_equal(same.to_numpy(dtype="float64"), given.to_numpy(dtype="float64")):
        return None
    taken = _derive(cohort, {**linked, **changes}).reindex(cohort.frame["subject"])
    frame = cohort.frame.assign(**{name: taken[name].to_numpy(dtype="float64") for name in (time, event)})
    return replace(cohort, frame=frame, rules={**linked, **changes})


def _derive(cohort: StudyCohort, rules: Mapping[str, object]) -> pd.DataFrame:
    """Derive ``pfs_days`` and ``pfs_event`` by the rules of the linkage from the reads that the cohort took."""
    from linkage import Rules
    from linkage.choices import MissedScans, NewTherapy
    from linkage.endpoints import derive_progression_free_survival

    people = _people(cohort)
    words = {name: rules[name] for name in RULES}
    words |= {"missed_scans": MissedScans(str(words["missed_scans"])), THERAPY: NewTherapy(str(words[THERAPY]))}
    in_force = Rules(**words)  # type: ignore[arg-type]  # the values of options.json, written by the linkage
    progression, adequate = _assessments(cohort, people, report_progression=bool(rules["report_progression"]))
    found = derive_progression_free_survival(people, progression, adequate, in_force)
    return pd.DataFrame(found[[PROGRESSION_FREE_SURVIVAL.time_column, PROGRESSION_FREE_SURVIVAL.event_column]])


def _people(cohort: StudyCohort) -> pd.DataFrame:
    frame = cohort.frame[cohort.frame[PROGRESSION_FREE_SURVIVAL.time_column].notna()].set_index("subject")
    index = pd.to_datetime(frame[INDEX_DATE], format="%Y-%m-%d", errors="coerce")
    death = (index + pd.to_timedelta(frame["os_days"], unit="D")).where(frame["os_event"].eq(1))
    return pd.DataFrame({INDEX_DATE: index, "death_date": death, "new_therapy_date": pd.NaT})


def _assessments(
    cohort: StudyCohort, people: pd.DataFrame, *, report_progression: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the first progression of each subject, and the days of every adequate assessment."""
    from linkage.imaging import CODES, PROGRESSION

    reads = cohort.data.reads
    assert reads is not None
    taken = reads[reads["used"].eq("true") & reads["days"].gt(0) & reads["subject"].isin(people.index)]
    adequate = taken[taken["overall_response"].isin([code.code for code in CODES if code.is_adequate])]
    shown = taken["overall_response"].isin([code.code for code in CODES if code.category == PROGRESSION])
    counts = shown & (taken["source"].ne("report") | report_progression)
    first = taken[counts].sort_values(["subject", "days", "source"]).drop_duplicates("subject").set_index("subject")
    date = people[INDEX_DATE].reindex(first.index) + pd.to_timedelta(first["days"], unit="D")
    progression = pd.DataFrame({"date": date, "source": first["source"]})
    return progression, adequate[["subject", "days"]].rename(columns={"days": "day"})
