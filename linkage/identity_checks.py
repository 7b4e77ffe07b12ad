"""Who is in which table: subjects known everywhere, and nothing there twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from linkage.people import select_treatments
from linkage.rowfaults import Fault, to_problems
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Columns that tell the rows of a table apart, among the rows that hold `word` in `column`, if given."""

    table: str
    columns: tuple[str, ...]
    code: str
    message: str
    column: str = ""
    word: str = ""


KEYS: tuple[Key, ...] = (
    Key(table="subjects", columns=("subject",), code="duplicate_subject", message="this subject is there twice"),
    Key(table="patients", columns=("subject",), code="duplicate_subject", message="this subject is there twice"),
    Key(
        table="treatments",
        columns=("subject", "date", "treatment"),
        code="duplicate_treatment",
        message="this treatment is there twice on one day",
    ),
    Key(
        table="treatments",
        columns=("subject", "treatment_number", "treatment"),
        code="duplicate_treatment_number",
        message="this treatment number is there twice",
    ),
    Key(
        table="labs",
        columns=("subject", "date", "marker"),
        code="two_values",
        message="this marker has two values on one day",
    ),
    Key(
        table="symptoms",
        columns=("subject", "date"),
        code="two_values",
        message="there are two symptom records on one day",
    ),
    Key(
        table="symptoms",
        columns=("subject",),
        column="status",
        word="baseline",
        code="two_baselines",
        message="this subject has two symptom baselines",
    ),
    Key(
        table="report_responses",
        columns=("subject", "date"),
        code="two_values",
        message="there are two reported responses on one day",
    ),
    Key(
        table="report_responses",
        columns=("subject",),
        column="timepoint",
        word="baseline",
        code="two_baselines",
        message="this subject has two reported baselines",
    ),
    Key(
        table="responses",
        columns=("subject", "reader", "date"),
        code="two_values",
        message="this reader has two responses on one day",
    ),
    Key(
        table="responses",
        columns=("subject", "reader"),
        column="timepoint",
        word="baseline",
        code="two_baselines",
        message="this reader has two baselines of the subject",
    ),
    Key(
        table="best_responses",
        columns=("subject", "reader"),
        code="two_values",
        message="this reader has two best responses of the subject",
    ),
)


def check_keys(tables: StudyTables) -> list[Problem]:
    """Find rows that say again, or otherwise, what an earlier row says."""
    problems: list[Problem] = []
    for key in KEYS:
        frame = tables.frame(key.table)
        if frame.empty:
            continue
        rows = frame[frame[key.column] == key.word] if key.column else frame
        rows = rows[rows[[*key.columns]].notna().all(axis="columns")]
        problems += _check_key(tables, key, rows)
    return problems


def _check_key(tables: StudyTables, key: Key, rows: pd.DataFrame) -> list[Problem]:
    columns = list(key.columns)
    again = rows[rows.duplicated(columns, keep=False)]
    first = again.index.to_series().groupby([again[name] for name in columns]).transform("min") + FIRST_DATA_ROW
    fault = Fault(table=key.table, field=columns[-1], code=key.code, message=f"{key.message}; keep the right row")
    return to_problems(tables, fault, again.duplicated(columns), expected=first, prefix="one row, see row ")


def check_subjects_known(tables: StudyTables) -> list[Problem]:
    """Find the subjects of other tables who are not in ``subjects``: the first row of each."""
    if "subjects" not in tables.files:
        return []
    problems: list[Problem] = []
    for name in tables.files:
        if name == "subjects":
            continue
        subject = tables.frame(name)["subject"]
        fault = Fault(
            table=name,
            field="subject",
            code="unknown_subject",
            message="this subject is not in the subjects table; correct the name, or add the subject there",
        )
        wrong = ~subject.isin(tables.subjects["subject"]) & (tables.names[subject] != "") & ~subject.duplicated()
        problems += to_problems(tables, fault, wrong, expected="a subject of the subjects table")
    return problems


def check_subjects_linked(tables: StudyTables, rules: Rules) -> list[Problem]:
    """Find the subjects without a treatment, or without a row in ``patients``.

    A subject whose start is given must have a treatment; one without either is left out and counted in the flow.
    """
    subjects = tables.subjects
    problems: list[Problem] = []
    if "treatments" in tables.files:
        counted = select_treatments(tables.treatments.fillna({"date": pd.Timestamp(0)}), rules)["subject"]
        is_untreated = ~subjects["subject"].isin(counted)
        has_start = subjects["start_date"].notna()
        message = "the start is given, but no treatment is recorded; add the treatment or remove the start"
        fault = Fault(table="subjects", field="start_date", code="no_treatment", message=message)
        problems += to_problems(tables, fault, is_untreated & has_start, expected="a row in treatments")
        message = "no treatment is recorded; the subject is left out and counted in the flow"
        fault = Fault(
            table="subjects", field="subject", code="no_treatment", message=message, severity=Severity.WARNING
        )
        problems += to_problems(tables, fault, is_untreated & ~has_start, expected="a row in treatments")
    if "patients" in tables.files:
        message = "this subject has no row in patients; its covariates are empty"
        fault = Fault(
            table="subjects", field="subject", code="no_patient_row", message=message, severity=Severity.WARNING
        )
        is_undescribed = ~subjects["subject"].isin(tables.patients["subject"])
        problems += to_problems(tables, fault, is_undescribed, expected="a row in patients")
    return problems
