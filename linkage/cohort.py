"""Linking: responses from images, reports, labs and symptoms meet treatments and deaths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.biochemical import derive_biochemical
from linkage.checks import check_study
from linkage.doubts import check_doubts
from linkage.endpoints import derive_overall_survival, derive_progression_free_survival, derive_relief
from linkage.flow import count_flow
from linkage.imaging import days_of_adequate_assessments, derive_imaging, derive_progression
from linkage.layout import lay_out_cohort
from linkage.people import derive_people
from linkage.progression_interval import derive_progression_interval
from linkage.quality import count_quality, list_conflicts
from linkage.reads import derive_reads
from linkage.reasons import EntryReason, FollowUpReason
from linkage.rules import Rules
from linkage.spans import derive_spans
from linkage.symptomatic import SymptomResponse, derive_recurrence, derive_symptomatic
from linkage.treatments import derive_treatments
from recist.problems import require_no_errors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from linkage.tables import StudyTables
    from recist.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linked:
    """What linking gives.

    Attributes
    ----------
    cohort : pandas.DataFrame
        One row a treated subject, columns :data:`linkage.layout.COHORT_COLUMNS` and any further column of ``patients``.
    spans : pandas.DataFrame
        The same people in start-stop rows.
    reads : pandas.DataFrame
        Every read of the people, columns :data:`linkage.reads.READ_COLUMNS`.
    treatments : pandas.DataFrame
        Every treatment that counts, columns :data:`linkage.treatments.TREATMENT_COLUMNS`.
    flow : pandas.DataFrame
        The flow of patients.
    quality : pandas.DataFrame
        Counts for quality control: ``item, group, value, n``.
    conflicts : pandas.DataFrame
        Time points where image read and report differ, with both values.
    problems : tuple of Problem
        Warnings only; an error stops the linking.
    """

    cohort: pd.DataFrame
    spans: pd.DataFrame
    reads: pd.DataFrame
    treatments: pd.DataFrame
    flow: pd.DataFrame
    quality: pd.DataFrame
    conflicts: pd.DataFrame
    problems: tuple[Problem, ...]


def link(
    tables: StudyTables,
    rules: Rules | None = None,
    *,
    cutoff_date: dt.date | None = None,
    problems: Sequence[Problem] = (),
    today: dt.date | None = None,
) -> Linked:
    """Link the tables of a study by subject and time.

    Parameters
    ----------
    tables : StudyTables
    rules : Rules, optional
        The defaults when not given.
    cutoff_date : datetime.date, optional
        Nothing after it is used.
    problems : sequence of Problem
        What reading the tables found; reported together with what linking finds.
    today : datetime.date, optional
        What is later, and not cut by a cutoff, is still to come: an error. Linking does not look at the clock itself.

    Raises
    ------
    DataError
        When the tables contradict themselves or each other: with every fault at once.
    """
    rules = Rules() if rules is None else rules
    found = _add_new(problems, check_study(tables, rules, cutoff_date, today))
    require_no_errors(found)
    everyone = derive_people(tables, rules, cutoff_date)
    people = everyone[everyone["entry"] == EntryReason.ENTERED]
    imaging = derive_imaging(tables, people, rules)
    domains = {
        "imaging": imaging.domain,
        "biochemical": derive_biochemical(tables, people, rules),
        "symptomatic": derive_symptomatic(tables, people, rules),
    }
    survival = derive_overall_survival(people)
    scanned = people[imaging.domain["source"] != "none"]
    progression = derive_progression(tables, imaging, people, rules)
    adequate = days_of_adequate_assessments(imaging, rules)
    progression_free = derive_progression_free_survival(scanned, progression, adequate, rules)
    endpoints = (
        survival,
        progression_free,
        derive_progression_interval(progression_free, adequate),
        _derive_relief(tables, people, domains["symptomatic"], rules),
    )
    noted = (*found, *check_doubts(tables, everyone, imaging, rules))
    cohort = lay_out_cohort(people, tables, domains, endpoints)
    return Linked(
        cohort=cohort,
        spans=_name(derive_spans(tables, people, survival, rules), tables),
        reads=_name(derive_reads(tables, people, imaging), tables),
        treatments=_name(derive_treatments(tables, people, rules), tables),
        flow=count_flow(everyone, cohort),
        quality=count_quality(everyone, cohort, imaging.pairs, noted),
        conflicts=_name(list_conflicts(imaging.pairs, rules), tables),
        problems=noted,
    )


def _add_new(problems: Sequence[Problem], found: Sequence[Problem]) -> tuple[Problem, ...]:
    """Add what was found to the problems, but nothing that comes of a cell that could not even be read."""
    cells = {(problem.file, problem.row, problem.field) for problem in problems}
    return (*problems, *(new for new in found if not {(new.file, new.row, name) for name in _fields_of(new)} & cells))


def _fields_of(problem: Problem) -> tuple[str, ...]:
    """Name the cells a problem speaks of: who has no last contact has no death either."""
    return (problem.field, "death_date") if problem.code == "no_last_contact" else (problem.field,)


def _derive_relief(tables: StudyTables, people: pd.DataFrame, domain: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    is_responder = (domain["response"] == SymptomResponse.IMPROVED) & (domain["reason"] == FollowUpReason.EVALUABLE)
    start = domain["date"].where(is_responder)
    return derive_relief(people, start, derive_recurrence(tables, people, start), rules)


def _name(table: pd.DataFrame, tables: StudyTables) -> pd.DataFrame:
    """Put the names of the subjects in the place of their numbers."""
    return table.assign(subject=tables.names[table["subject"].to_numpy(dtype="int64")])
