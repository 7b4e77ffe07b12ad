"""Doubts that only show once the people are linked: worth a look, no reason to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.choices import EarlyProgression
from linkage.exact import has_fallen
from linkage.followup import add_days, is_within
from linkage.rowfaults import Fault, to_problems
from linkage.symptomatic import SymptomResponse, derive_symptom_baselines
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    import pandas as pd

    from linkage.imaging import Imaging
    from linkage.rules import Rules
    from linkage.tables import StudyTables


def check_doubts(tables: StudyTables, people: pd.DataFrame, imaging: Imaging, rules: Rules) -> list[Problem]:
    """Gather the doubts about baselines, early progressions and symptom words."""
    return [
        *check_baseline_scans(tables, people, rules),
        *check_early_progression(tables, imaging, rules),
        *check_symptom_words(tables, people, rules),
    ]


def check_baseline_scans(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> list[Problem]:
    """Flag baseline scans outside the window before the first treatment."""
    reads = add_days(tables.responses, people[people["index_date"].notna()])
    outside = (reads["timepoint"] == "baseline") & ~is_within(reads["day"], rules.imaging_baseline_days)
    fault = Fault(
        table="responses",
        field="date",
        code="baseline_scan_outside_window",
        message="the baseline scan lies outside the window before the first treatment; it is used all the same",
        severity=Severity.WARNING,
    )
    return to_problems(
        tables, fault, outside, found="day " + reads["day"].astype(str), expected=str(rules.imaging_baseline_days)
    )


def check_early_progression(tables: StudyTables, imaging: Imaging, rules: Rules) -> list[Problem]:
    """List the subjects whose progression came before the window, with nothing evaluable in it."""
    is_counted = rules.early_progression is EarlyProgression.PROGRESSION
    end = "it is the imaging response" if is_counted else "the imaging response is empty (rules.early_progression)"
    return [
        Problem(
            code="early_progression",
            file="cohort.csv",
            subject=str(tables.names[subject]),
            field="imaging_response",
            severity=Severity.WARNING,
            found=f"PD on day {day}",
            expected=str(rules.imaging_days),
            message=f"the progression came before the follow-up window; {end}",
        )
        for subject, day in zip(imaging.early.index, imaging.early["day"], strict=True)
    ]


def check_symptom_words(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> list[Problem]:
    """List the symptom records whose word and score contradict each other."""
    symptoms = add_days(tables.symptoms, people[people["index_date"].notna()])
    baseline = derive_symptom_baselines(symptoms, rules).set_index("subject")["score"]
    before = symptoms["subject"].map(baseline)
    has_improved = has_fallen(before, symptoms["score"], rules.symptom_fall_pct) & (symptoms["day"] > 0)
    fault = Fault(
        table="symptoms",
        field="status",
        code="word_against_score",
        message="the record says worse, but the score has fallen as for improved; improved is used",
        severity=Severity.WARNING,
    )
    return to_problems(tables, fault, has_improved & (symptoms["status"] == SymptomResponse.WORSE))
