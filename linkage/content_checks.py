"""What the tables and the rules must agree on: readers, markers, units, treatments, column names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.layout import PATIENT_COLUMNS
from linkage.rowfaults import Fault, to_problems
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.rules import Rules
    from linkage.tables import StudyTables


def _table_problem(tables: StudyTables, name: str, code: str, message: str, *, field: str, found: str = "") -> Problem:
    return Problem(code=code, file=tables.files.get(name, name), field=field, message=message, found=found)


def _names(words: Iterable[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))


def check_named_in_rules(tables: StudyTables, rules: Rules) -> list[Problem]:
    """Check that the marker, the treatment and the readers that the rules name are there."""
    wanted = (
        ("labs", "marker", (rules.marker,), "rules.marker"),
        ("treatments", "treatment", (rules.treatment,), "rules.treatment"),
        ("responses", "reader", rules.readers, "rules.readers"),
    )
    problems = []
    for table, column, words, setting in wanted:
        there = set(tables.frame(table)[column])
        for word in words:
            if word and table in tables.files and word not in there:
                message = f"no row holds the {column} {word!r} that {setting} names; correct the setting"
                problems.append(
                    _table_problem(tables, table, "unknown_name", message, field=column, found=_names(there))
                )
    return problems


def check_readers(tables: StudyTables, rules: Rules) -> list[Problem]:
    """Check that it is clear whose read counts: one reader a subject, or readers in order in the rules."""
    problems: list[Problem] = []
    for name in ("responses", "best_responses"):
        frame = tables.frame(name)
        if not rules.readers:
            several = frame.groupby("subject")["reader"].transform("nunique") > 1
            message = "the subject has several readers; name them in order of precedence in rules.readers"
            fault = Fault(table=name, field="reader", code="several_readers", message=message)
            problems += to_problems(
                tables, fault, several & ~frame["subject"].duplicated(), expected="one reader a subject"
            )
        else:
            read = frame.loc[frame["reader"].isin(rules.readers), "subject"]
            message = "none of the readers in rules.readers has read this subject; its image reads are not used"
            fault = Fault(
                table=name, field="reader", code="no_named_reader", message=message, severity=Severity.WARNING
            )
            wrong = ~frame["subject"].isin(read) & ~frame["subject"].duplicated()
            problems += to_problems(tables, fault, wrong, expected=", ".join(rules.readers))
    if "best_responses" in tables.files and "responses" not in tables.files:
        message = "best responses are used with the responses they come from; name that table too"
        problems.append(_table_problem(tables, "best_responses", "missing_table", message, field="tables.responses"))
    return problems


def check_labs(tables: StudyTables) -> list[Problem]:
    """Check that a subject's marker keeps its unit, and that its upper normal is given."""
    labs = tables.labs
    group = [labs["subject"], labs["marker"]]
    units = labs["unit"].where(labs["unit"] != "")
    wrong = units.groupby(group).transform("nunique") > 1
    first = units.groupby(group).transform("first")
    message = "the unit of this marker changes; convert the values to one unit"
    fault = Fault(table="labs", field="unit", code="unit_changes", message=message)
    problems = to_problems(tables, fault, wrong & (units != first) & units.notna(), expected=first)
    is_unknown = labs["upper_normal"].isna().groupby(group).transform("all") & ~labs.duplicated(["subject", "marker"])
    message = "no upper normal is given for this marker, so whether it is raised is unknown; it is not used"
    fault = Fault(
        table="labs", field="upper_normal", code="no_upper_normal", message=message, severity=Severity.WARNING
    )
    return problems + to_problems(tables, fault, is_unknown, expected="a number")


def check_treatment_order(tables: StudyTables) -> list[Problem]:
    """Check that treatment numbers rise with the dates."""
    numbered = tables.treatments[tables.treatments["treatment_number"].notna()]
    ordered = numbered.sort_values(["subject", "treatment", "date", "treatment_number"])
    before = ordered.groupby(["subject", "treatment"])["treatment_number"].shift()
    message = "the treatment numbers do not follow the dates; correct the numbers or the dates"
    fault = Fault(table="treatments", field="treatment_number", code="treatment_order", message=message)
    wrong = (ordered["treatment_number"] < before).sort_index()
    return to_problems(tables, fault, wrong, expected=before, prefix="> ")


def check_patient_columns(tables: StudyTables, cohort_columns: Iterable[str]) -> list[Problem]:
    """Check that no further column of ``patients`` has a name that the cohort gives itself."""
    taken = set(cohort_columns) - {"subject", *PATIENT_COLUMNS}
    message = "the cohort has a column of this name; rename the one in patients"
    return [
        _table_problem(tables, "patients", "reserved_column", message, field=name)
        for name in tables.patients.columns
        if name in taken
    ]
