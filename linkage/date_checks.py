"""The order of dates: diagnosis, first treatment, scans and labs, last contact, death, cutoff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from linkage.layout import NOT_PASSED_ON
from linkage.people import derive_cutoff, derive_first_treatment
from linkage.rowfaults import Fault, to_problems
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    import datetime as dt

    from linkage.rules import Rules
    from linkage.tables import StudyTables

DATED_TABLES = ("treatments", "labs", "symptoms", "responses", "report_responses")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """One rule of order: the date of a row is not before `floor` and not after `limit` of its subject.

    `floor` and `limit` name a column of the landmarks of a subject, see :func:`derive_landmarks`.
    """

    table: str
    field: str
    code: str
    message: str
    limit: str = ""
    floor: str = ""
    severity: Severity = Severity.ERROR


def _dated(table: str) -> tuple[DateRule, ...]:
    return (
        DateRule(
            table=table,
            field="date",
            limit="death",
            code="after_death",
            message="this is dated after the subject's death; correct the one or the other date",
        ),
        DateRule(
            table=table,
            field="date",
            limit="last_contact_alive",
            code="after_last_contact",
            message="this is dated after the last contact, which is thus too early; correct the one or the other date",
        ),
        DateRule(
            table=table,
            field="date",
            limit="cutoff",
            code="after_cutoff",
            message="this is dated after the cutoff and is not used",
            severity=Severity.WARNING,
        ),
    )


DATE_RULES: tuple[DateRule, ...] = (
    *(rule for table in DATED_TABLES for rule in _dated(table)),
    DateRule(
        table="subjects",
        field="last_contact_date",
        limit="death",
        code="contact_after_death",
        message="the last contact is after the death; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="last_contact_date",
        floor="death",
        code="death_after_contact",
        message="the last contact is before the death, so the two sources differ; the death is used",
        severity=Severity.WARNING,
    ),
    DateRule(
        table="subjects",
        field="last_contact_date",
        limit="cutoff",
        code="after_cutoff",
        message="this is after the cutoff; follow-up ends at the cutoff",
        severity=Severity.WARNING,
    ),
    DateRule(
        table="subjects",
        field="death_date",
        limit="cutoff",
        code="after_cutoff",
        message="this death is after the cutoff; the subject counts as alive at the cutoff",
        severity=Severity.WARNING,
    ),
    DateRule(
        table="subjects",
        field="death_date",
        floor="first_treatment",
        code="death_before_treatment",
        message="the death is before the first treatment; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="last_contact_date",
        floor="first_treatment",
        code="contact_before_treatment",
        message="the last contact is before the first treatment; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="new_therapy_date",
        limit="death",
        code="after_death",
        message="the new therapy begins after the subject's death; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="start_date",
        floor="first_treatment",
        limit="first_treatment",
        code="start_differs",
        message="the start is not the date of the first treatment; correct the one or the other table",
    ),
    DateRule(
        table="patients",
        field="diagnosis_date",
        limit="first_treatment",
        code="diagnosis_after_treatment",
        message="the diagnosis is after the first treatment; correct the one or the other date",
    ),
    DateRule(
        table="patients",
        field="birth_date",
        limit="diagnosis",
        code="birth_after_diagnosis",
        message="the birth is after the diagnosis; correct the one or the other date",
    ),
    DateRule(
        table="patients",
        field="birth_date",
        limit="first_treatment",
        code="birth_after_treatment",
        message="the birth is after the first treatment; correct the one or the other date",
    ),
)


def derive_landmarks(tables: StudyTables, rules: Rules, cutoff_date: dt.date | None) -> pd.DataFrame:
    """Gather the dates of each subject that others are held against.

    Returns
    -------
    pandas.DataFrame
        Indexed by subject, the first row of each: ``death, last_contact_alive`` (NaT for the dead), ``cutoff,
        first_treatment, diagnosis``.
    """
    subjects = tables.subjects.assign(cutoff=derive_cutoff(tables.subjects, cutoff_date))
    subjects = subjects.drop_duplicates("subject").set_index("subject")
    patients = tables.patients.drop_duplicates("subject").set_index("subject")
    death = subjects["death_date"]
    return pd.DataFrame(
        {
            "death": death,
            "last_contact_alive": subjects["last_contact_date"].where(death.isna()),
            "cutoff": subjects["cutoff"],
            "first_treatment": derive_first_treatment(tables.treatments, rules).reindex(subjects.index),
            "diagnosis": patients["diagnosis_date"].reindex(subjects.index),
        },
        index=subjects.index,
    )


def check_dates(tables: StudyTables, rules: Rules, cutoff_date: dt.date | None) -> list[Problem]:
    """Hold every date of the study against its rules."""
    landmarks = derive_landmarks(tables, rules, cutoff_date)
    problems: list[Problem] = []
    for rule in DATE_RULES:
        frame = tables.frame(rule.table)
        if len(frame) and rule.field in frame:
            problems += _check_rule(tables, rule, landmarks)
    return [*problems, *check_last_known(tables), *check_cutoff(tables, cutoff_date)]


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


def check_cutoff(tables: StudyTables, cutoff_date: dt.date | None) -> list[Problem]:
    """Say once when the subjects' cutoff is not the study's."""
    own = tables.subjects["cutoff_date"].dropna()
    if cutoff_date is None:
        return []
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
