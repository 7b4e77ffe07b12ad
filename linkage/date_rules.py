"""The rules of order of dates, as a table: which date is not before or after which other one of the subject."""

from __future__ import annotations

from dataclasses import dataclass

from recist.problems import Severity

SUBJECT_DATES = ("start_date", "new_therapy_date", "death_date", "last_contact_date", "clinical_progression_date")
DATED_TABLES = ("treatments", "labs", "symptoms", "responses", "report_responses")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """One rule of order: the date of a row is not before `floor` and not after `limit` of its subject.

    `floor` and `limit` name a column of the landmarks of a subject, see :func:`linkage.date_checks.derive_landmarks`.
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
        _not_to_come(table, "date"),
    )


def _not_to_come(table: str, field: str) -> DateRule:
    return DateRule(
        table=table,
        field=field,
        limit="today",
        code="future_date",
        message="this date is still to come; correct it, or give the cutoff of the study",
    )


DATE_RULES: tuple[DateRule, ...] = (
    *(rule for table in DATED_TABLES for rule in _dated(table)),
    *(_not_to_come("subjects", field) for field in SUBJECT_DATES),
    *(_not_to_come("patients", field) for field in ("diagnosis_date", "birth_date")),
    DateRule(
        table="best_responses",
        field="progression_date",
        limit="death",
        code="after_death",
        message="the progression is dated after the subject's death; correct the one or the other date",
    ),
    DateRule(
        table="best_responses",
        field="progression_date",
        limit="last_contact_alive",
        code="after_last_contact",
        message="the progression is after the last contact, which is thus too early; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="clinical_progression_date",
        limit="death",
        code="after_death",
        message="the clinical progression is after the subject's death; correct the one or the other date",
    ),
    DateRule(
        table="subjects",
        field="clinical_progression_date",
        limit="last_contact_alive",
        code="after_last_contact",
        message="the clinical progression is after the last contact, which is thus too early; correct one of the dates",
    ),
    DateRule(
        table="subjects",
        field="cutoff_date",
        limit="real_today",
        code="cutoff_to_come",
        message="the cutoff is still to come, so nobody is known to live until then; give a cutoff that is past",
        severity=Severity.WARNING,
    ),
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
        message=(
            "the last contact is before the death, so the two sources differ; the death is used. Where deaths come "
            "from a registry, take its date as the last contact of the living too"
        ),
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
