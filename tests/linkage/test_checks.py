"""Every contradiction in and between the tables is found, named with file, row and field, and all at once."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from linkage import Rules, check_study_tables, link, read_study_tables
from linkage.checks import check_study
from linkage.choices import IncompleteDates
from recist.errors import DataError
from recist.problems import Problem

SUBJECTS = [{"subject": "A", "start_date": "2000-01-01", "last_contact_date": "2005-01-01"}]
TREATMENTS = [{"subject": "A", "date": "2000-01-01", "treatment_number": "1"}]
DEAD = [{"subject": "A", "death_date": "2001-01-01", "last_contact_date": "2001-01-01"}]
LAB = {"subject": "A", "marker": "CgA", "value": "5", "unit": "U", "upper_normal": "1"}
READ = {"subject": "A", "timepoint": "followup-1", "overall_response": "SD", "reader": "reader-1"}


def problems_of(
    rules: Rules | None = None, cutoff: dt.date | None = None, today: dt.date | None = None, **tables: object
) -> list[Problem]:
    rows = {"subjects": SUBJECTS, "treatments": TREATMENTS, **tables}
    checked, problems = check_study_tables({name: pd.DataFrame(given).fillna("") for name, given in rows.items()})
    return problems + check_study(checked, rules or Rules(), cutoff, today)


CASES = {
    "missing column": ({"labs": [{"subject": "A", "date": "2000-03-01"}]}, "labs", 1, "marker", "missing_column"),
    "day and month in an unknown order": (
        {"treatments": [{"subject": "A", "date": "03/04/2000"}]},
        *("treatments", 2, "date", "wrong_date"),
    ),
    "a day that the calendar does not have": (
        {"labs": [{**LAB, "date": "2001-02-29"}]},
        *("labs", 2, "date", "wrong_date"),
    ),
    "negative value": (
        {"labs": [{**LAB, "date": "2000-03-01", "value": "-1"}]},
        "labs",
        2,
        "value",
        "number_too_small",
    ),
    "unknown category": (
        {"symptoms": [{"subject": "A", "date": "2000-03-01", "status": "fine"}]},
        *("symptoms", 2, "status", "unknown_value"),
    ),
    "unknown response": (
        {"report_responses": [{"subject": "A", "date": "2000-03-01", "overall_response": "stable"}]},
        *("report_responses", 2, "overall_response", "unknown_value"),
    ),
    "subject twice": ({"subjects": SUBJECTS * 2}, "subjects", 3, "subject", "duplicate_subject"),
    "patient twice": ({"patients": [{"subject": "A"}] * 2}, "patients", 3, "subject", "duplicate_subject"),
    "subject of one table only": (
        {"labs": [{**LAB, "subject": "B", "date": "2000-03-01"}]},
        "labs",
        2,
        "subject",
        "unknown_subject",
    ),
    "start without treatment": (
        {"treatments": [{"subject": "A", "date": "2000-01-01", "treatment": "surgery"}], "rules": "mIBG"},
        *("subjects", 2, "start_date", "no_treatment"),
    ),
    "start is not the first treatment": (
        {"treatments": [{"subject": "A", "date": "2000-01-02"}]},
        *("subjects", 2, "start_date", "start_differs"),
    ),
    "no last contact": (
        {"subjects": [{"subject": "A", "last_contact_date": ""}]},
        "subjects",
        2,
        "last_contact_date",
        "no_last_contact",
    ),
    "contact after death": (
        {"subjects": [{"subject": "A", "death_date": "2001-01-01", "last_contact_date": "2001-01-02"}]},
        *("subjects", 2, "last_contact_date", "contact_after_death"),
    ),
    "contact before treatment": (
        {"subjects": [{"subject": "A", "last_contact_date": "1999-12-31"}]},
        *("subjects", 2, "last_contact_date", "contact_before_treatment"),
    ),
    "death before treatment": (
        {"subjects": [{"subject": "A", "death_date": "1999-12-31"}]},
        *("subjects", 2, "death_date", "death_before_treatment"),
    ),
    "treatment after death": (
        {
            "subjects": DEAD,
            "treatments": [*TREATMENTS, {"subject": "A", "date": "2001-01-02", "treatment_number": "2"}],
        },
        *("treatments", 3, "date", "after_death"),
    ),
    "lab after death": ({"subjects": DEAD, "labs": [{**LAB, "date": "2001-01-02"}]}, "labs", 2, "date", "after_death"),
    "scan after death": (
        {"subjects": DEAD, "responses": [{**READ, "date": "2001-01-02"}]},
        "responses",
        2,
        "date",
        "after_death",
    ),
    "scan after the last contact": (
        {"responses": [{**READ, "date": "2005-01-02"}]},
        "responses",
        2,
        "date",
        "after_last_contact",
    ),
    "scored progression after death": (
        {
            "subjects": DEAD,
            "responses": [{**READ, "date": "2000-06-01"}],
            "best_responses": [{"subject": "A", "reader": "reader-1", "progression_date": "2001-01-02"}],
        },
        *("best_responses", 2, "progression_date", "after_death"),
    ),
    "clinical progression after death": (
        {"subjects": [{**DEAD[0], "clinical_progression_date": "2001-01-02"}]},
        *("subjects", 2, "clinical_progression_date", "after_death"),
    ),
    "clinical progression after the last contact": (
        {"subjects": [{**SUBJECTS[0], "clinical_progression_date": "2005-01-02"}]},
        *("subjects", 2, "clinical_progression_date", "after_last_contact"),
    ),
    "diagnosis after treatment": (
        {"patients": [{"subject": "A", "diagnosis_date": "2000-01-02"}]},
        *("patients", 2, "diagnosis_date", "diagnosis_after_treatment"),
    ),
    "birth after diagnosis": (
        {"patients": [{"subject": "A", "diagnosis_date": "1999-01-02", "birth_date": "1999-01-03"}]},
        *("patients", 2, "birth_date", "birth_after_diagnosis"),
    ),
    "two treatments on one day": (
        {"treatments": [TREATMENTS[0], {**TREATMENTS[0], "treatment_number": "2"}]},
        *("treatments", 3, "treatment", "duplicate_treatment"),
    ),
    "treatment numbers against the dates": (
        {
            "treatments": [
                {**TREATMENTS[0], "treatment_number": "2"},
                {"subject": "A", "date": "2000-06-01", "treatment_number": "1"},
            ]
        },
        *("treatments", 3, "treatment_number", "treatment_order"),
    ),
    "two values of a marker on one day": (
        {"labs": [{**LAB, "date": "2000-03-01"}, {**LAB, "date": "2000-03-01", "value": "6"}]},
        *("labs", 3, "marker", "two_values"),
    ),
    "two symptom baselines": (
        {"symptoms": [{"subject": "A", "date": f"1999-12-{day}", "status": "baseline"} for day in (20, 27)]},
        *("symptoms", 3, "subject", "two_baselines"),
    ),
    "two baseline scans": (
        {"responses": [{**READ, "timepoint": "baseline", "date": f"1999-12-{day}"} for day in (20, 27)]},
        *("responses", 3, "reader", "two_baselines"),
    ),
    "unit of a marker changes": (
        {"labs": [{**LAB, "date": "2000-03-01"}, {**LAB, "date": "2000-06-01", "unit": "mg"}]},
        *("labs", 3, "unit", "unit_changes"),
    ),
    "several readers": (
        {"responses": [{**READ, "date": "2000-03-01"}, {**READ, "date": "2000-03-01", "reader": "reader-2"}]},
        *("responses", 2, "reader", "several_readers"),
    ),
    "a column the cohort has itself": (
        {"patients": [{"subject": "A", "os_days": "5"}]},
        *("patients", None, "os_days", "reserved_column"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_named_with_its_table_row_and_field(name) -> None:
    tables, table, row, field, code = CASES[name]
    treatment = {"rules": Rules(treatment=tables["rules"])} if "rules" in tables else {}
    found = problems_of(**treatment, **{key: rows for key, rows in tables.items() if key != "rules"})
    errors = {
        (problem.file, problem.row, problem.field, problem.code) for problem in found if problem.severity == "error"
    }
    assert (table, row, field, code) in errors
    assert all(problem.message for problem in found)


WARNINGS = {
    "death_after_contact": {
        "subjects": [{"subject": "A", "death_date": "2001-01-01", "last_contact_date": "2000-06-01"}]
    },
    "after_cutoff": {"labs": [{**LAB, "date": "2004-01-02"}]},
    "two_cutoffs": {"subjects": [{"subject": "A", "last_contact_date": "2003-01-01", "cutoff_date": "2003-06-01"}]},
    "no_patient_row": {
        "patients": [{"subject": "B"}],
        "subjects": [*SUBJECTS, {"subject": "B", "last_contact_date": "2001-01-01"}],
    },
    "no_treatment": {"subjects": [*SUBJECTS, {"subject": "B", "last_contact_date": "2001-01-01"}]},
}


@pytest.mark.parametrize("code", WARNINGS)
def test_what_is_only_odd_is_a_warning(code) -> None:
    found = problems_of(cutoff=dt.date(2004, 1, 1), **WARNINGS[code])
    assert code in {problem.code for problem in found if problem.severity == "warning"}
    assert not [problem for problem in found if problem.severity == "error"]


def test_a_clean_study_has_no_problem() -> None:
    assert problems_of() == []


def test_all_faults_of_all_tables_come_at_once() -> None:
    found = problems_of(
        subjects=[*SUBJECTS, *SUBJECTS],
        labs=[{**LAB, "subject": "B", "date": "2000-03-01"}, {**LAB, "date": "2000-13-01", "value": "-5"}],
        patients=[{"subject": "A", "diagnosis_date": "2000-01-02"}],
    )
    codes = {problem.code for problem in found}
    assert codes == {
        *("duplicate_subject", "unknown_subject", "wrong_date", "number_too_small", "diagnosis_after_treatment"),
    }


def test_contradictions_stop_the_linking_with_every_error() -> None:
    rows = {
        "subjects": [*SUBJECTS, *SUBJECTS],
        "treatments": TREATMENTS,
        "labs": [{**LAB, "subject": "B", "date": "2000-03-01"}],
    }
    tables, _ = check_study_tables({name: pd.DataFrame(given) for name, given in rows.items()})
    with pytest.raises(DataError) as fault:
        link(tables)
    assert {problem.code for problem in fault.value.problems} == {"duplicate_subject", "unknown_subject"}


def test_a_birth_date_is_neither_shown_nor_passed_on() -> None:
    patients = [{"subject": "A", "diagnosis_date": "1999-01-02", "birth_date": "1999-01-03"}]
    found = problems_of(patients=patients)
    assert "1999-01-03" not in "\n".join(map(str, found))
    good = [{"subject": "A", "birth_date": "1950-01-03", "grade": "2"}]
    frames = {"subjects": SUBJECTS, "treatments": TREATMENTS, "patients": good}
    tables, _ = check_study_tables({name: pd.DataFrame(rows) for name, rows in frames.items()})
    cohort = link(tables).cohort
    assert "birth_date" not in cohort
    assert cohort["grade"].tolist() == ["2"]


def test_a_subject_without_treatment_is_left_out_and_counted() -> None:
    frames = {"subjects": [*SUBJECTS, {"subject": "B", "last_contact_date": "2001-01-01"}], "treatments": TREATMENTS}
    tables, _ = check_study_tables({name: pd.DataFrame(rows).fillna("") for name, rows in frames.items()})
    linked = link(tables)
    assert linked.cohort["subject"].tolist() == ["A"]
    counts = linked.flow.set_index("label")["n"]
    assert (counts["subjects"], counts["no treatment recorded"]) == (2, 1)


TODAY = dt.date(2006, 1, 1)
TO_COME = {
    "last contact": ({"subjects": [{"subject": "A", "last_contact_date": "2051-01-01"}]}, "last_contact_date"),
    "death": ({"subjects": [{"subject": "A", "death_date": "2051-01-01"}]}, "death_date"),
    "treatment": ({"treatments": [*TREATMENTS, {"subject": "A", "date": "2051-01-01"}]}, "date"),
    "lab": ({"labs": [{**LAB, "date": "2006-01-02"}]}, "date"),
    "scan": ({"responses": [{**READ, "date": "2006-01-02"}]}, "date"),
}


@pytest.mark.parametrize("name", TO_COME)
def test_a_date_that_is_still_to_come_is_an_error_where_no_cutoff_is_given(name: str) -> None:
    tables, field = TO_COME[name]
    found = [problem for problem in problems_of(today=TODAY, **tables) if problem.code == "future_date"]
    assert [(problem.field, problem.severity, problem.expected) for problem in found] == [
        (field, "error", "≤ 2006-01-01")
    ]


@pytest.mark.parametrize("name", TO_COME)
def test_before_a_cutoff_that_is_past_a_date_to_come_is_only_not_used(name: str) -> None:
    tables, _ = TO_COME[name]
    codes = {problem.code for problem in problems_of(today=TODAY, cutoff=dt.date(2005, 6, 1), **tables)}
    assert "future_date" not in codes
    assert "after_cutoff" in codes


def test_today_itself_is_not_still_to_come() -> None:
    subjects = [{"subject": "A", "last_contact_date": "2006-01-01"}]
    assert problems_of(today=TODAY, subjects=subjects) == []


def test_a_cutoff_that_is_still_to_come_is_pointed_out_and_does_not_hide_wrong_dates() -> None:
    subjects = [{"subject": "A", "last_contact_date": "2015-01-01"}]
    found = problems_of(today=TODAY, cutoff=dt.date(2016, 1, 1), subjects=subjects)
    assert {(problem.code, problem.severity) for problem in found} == {
        ("cutoff_to_come", "warning"),
        ("future_date", "error"),
    }


def test_without_today_linking_does_not_look_at_the_clock() -> None:
    assert problems_of(subjects=[{"subject": "A", "last_contact_date": "2199-01-01"}]) == []


def test_an_incomplete_date_is_refused_unless_the_rules_complete_it(tmp_path: Path) -> None:
    files = {
        "subjects": "subject,death_date,last_contact_date\nA,2001-02,2001-02-10\n",
        "treatments": "subject,date\nA,2000-01-01\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    paths = {name: tmp_path / f"{name}.csv" for name in files}
    _, refused = read_study_tables(paths)
    assert [(problem.row, problem.field, problem.severity) for problem in refused] == [(2, "death_date", "error")]
    assert "partial_dates" in refused[0].message
    tables, told = read_study_tables(paths, IncompleteDates.LAST)
    assert [problem.severity for problem in told] == ["warning"]
    # 2001-02-28, counted from 2000-01-01: 366 + 31 + 27
    assert link(tables).cohort["os_days"].tolist() == [424]


def test_a_completed_date_that_cannot_be_is_an_error() -> None:
    subjects = [{"subject": "A", "death_date": "2001-02-01", "last_contact_date": "2001-02-10"}]
    assert {problem.code for problem in problems_of(subjects=subjects)} == {"contact_after_death"}


def test_a_death_that_cannot_be_read_is_told_once_and_not_as_an_unknown_survival() -> None:
    subjects = pd.DataFrame([{"subject": "A", "death_date": "02-01-05", "last_contact_date": ""}])
    treatments = pd.DataFrame([{"subject": "A", "date": "2000-01-01"}])
    tables, problems = check_study_tables({"subjects": subjects, "treatments": treatments})
    with pytest.raises(DataError) as caught:
        link(tables, problems=problems)
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("death_date", "wrong_date")]
