"""The order of dates: diagnosis, first treatment, scans and labs, last contact, death, cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from linkage.date_rules import DATE_RULES, DateRule
from linkage.layout import NOT_PASSED_ON
from linkage.people import derive_cutoff, derive_first_treatment
from linkage.rowfaults import Fault, to_problems
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    import datetime as dt

    from linkage.rules import Rules
    from linkage.tables import StudyTables


def derive_landmarks(
    tables: StudyTables, rules: Rules, cutoff_date: dt.date | None, today: dt.date | None = None
) -> pd.DataFrame:
    """Gather the dates of each subject that others are held against.

    Returns
    -------
    pandas.DataFrame
        Indexed by subject, the first row of each: ``death, last_contact_alive`` (NaT for the dead), ``cutoff,
        first_treatment, diagnosis, real_today`` and ``today``: the same, but NaT where an earlier cutoff is given.
    """
    subjects = tables.subjects.assign(cutoff=derive_cutoff(tables.subjects, cutoff_date))
    subjects = subjects.drop_duplicates("subject").set_index("subject")
    patients = tables.patients.drop_duplicates("subject").set_index("subject")
    death = subjects["death_date"]
    real_today = pd.Series(
        pd.NaT if today is None else pd.Timestamp(today), index=subjects.index, dtype="datetime64[ns]"
    )
    return pd.DataFrame(
        {
            "death": death,
            "last_contact_alive": subjects["last_contact_date"].where(death.isna()),
            "cutoff": subjects["cutoff"],
            "first_treatment": derive_first_treatment(tables.treatments, rules).reindex(subjects.index),
            "diagnosis": patients["diagnosis_date"].reindex(subjects.index),
            "real_today": real_today,
            "today": real_today.mask(subjects["cutoff"] <= real_today),
        },
        index=subjects.index,
    )


def check_dates(
    tables: StudyTables, rules: Rules, cutoff_date: dt.date | None, today: dt.date | None = None
) -> list[Problem]:
    """Hold every date of the study against its rules; without `today` no date is still to come."""
    landmarks = derive_landmarks(tables, rules, cutoff_date, today)
    problems: list[Problem] = []
    for rule in DATE_RULES:
        frame = tables.frame(rule.table)
        if len(frame) and rule.field in frame:
            problems += _check_rule(tables, rule, landmarks)
    return [*problems, *check_last_known(tables), *check_cutoff(tables, cutoff_date, today)]


def _check_rule(tables: StudyTables, rule: DateRule, landmarks: pd.DataFrame) -> list[Problem]:
    frame = tables.frame(rule.table)
    date = _as_dates(frame[rule.field])
    fault = Fault(table=rule.table, field=rule.field, code=rule.code, message=rule.message, severity=rule.severity)
    wrong = pd.Series(data=False, index=frame.index)
    expected = pd.Series("", index=frame.index, dtype=object)
    for name, sign in ((rule.floor, "≥"), (rule.limit, "≤")):
        if name:
            bound = frame["subject"].map(landmarks[name])
            is_out = date < bound if sign == "≥" else date > bound
            wrong |= is_out
            expected[is_out] = sign + " " + bound[is_out].astype(str)
    hidden = pd.Series("", index=frame.index) if rule.field in NOT_PASSED_ON else None
    return to_problems(tables, fault, wrong, expected=expected, found=hidden)


def _as_dates(values: pd.Series) -> pd.Series:
    """Read a column that passed through as text; the date columns of a table are dates already."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    return pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")


def check_last_known(tables: StudyTables) -> list[Problem]:
    """Find the subjects of whom neither death nor last contact is given."""
    subjects = tables.subjects
    fault = Fault(
        table="subjects",
        field="last_contact_date",
        code="no_last_contact",
        message="neither death nor last contact is given, so survival is unknown; fill in the last contact",
    )
    is_unknown = subjects["death_date"].isna() & subjects["last_contact_date"].isna()
    return to_problems(tables, fault, is_unknown, expected="a date")


def check_cutoff(tables: StudyTables, cutoff_date: dt.date | None, today: dt.date | None = None) -> list[Problem]:
    """Say once when the study's cutoff is still to come, or is not the subjects'."""
    own = tables.subjects["cutoff_date"].dropna()
    if cutoff_date is None:
        return []
    if today is not None and cutoff_date > today:
        return [
            Problem(
                code="cutoff_to_come",
                file="study file",
                field="study.cutoff_date",
                severity=Severity.WARNING,
                found=cutoff_date.isoformat(),
                expected=f"≤ {today.isoformat()}",
                message="the cutoff is still to come, so nobody is known to live until then; give one that is past",
            )
        ]
    differing = own[own != pd.Timestamp(cutoff_date)]
    if differing.empty:
        return []
    return [
        Problem(
            code="two_cutoffs",
            file=tables.files.get("subjects", "subjects"),
            field="cutoff_date",
            severity=Severity.WARNING,
            found=f"{len(differing)} subjects with another date",
            expected=cutoff_date.isoformat(),
            message="the study file and the subjects give different cutoffs; the earlier one is used for each subject",
        )
    ]
