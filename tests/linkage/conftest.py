"""A small study to vary: every subject is first treated on 2000-01-01, which is day 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest

from linkage import Linked, Rules, StudyTables, check_study_tables, link
from recist.problems import require_no_errors

DAY_0 = dt.date(2000, 1, 1)
CUTOFF = dt.date(2010, 1, 1)
Rows = Sequence[Mapping[str, object]]


def on_day(day: float | None) -> str:
    return "" if pd.isna(day) else (DAY_0 + dt.timedelta(days=int(day))).isoformat()


def dated(rows: Rows) -> pd.DataFrame:
    """Turn columns ending in ``day`` into date columns: ``day`` → ``date``, ``death_day`` → ``death_date``."""
    table = pd.DataFrame(rows)
    for name in list(table.columns):
        if name.endswith("day"):
            table[name.removesuffix("day") + "date"] = table.pop(name).map(on_day)
    return table


@pytest.fixture
def day() -> Callable[[int | None], str]:
    return on_day


@pytest.fixture
def make_tables() -> Callable[..., StudyTables]:
    """Make a study of the tables given as rows; subjects live to day 2000 and are treated once unless said."""

    def make(**tables: Rows) -> StudyTables:
        rows = {name: list(given) for name, given in tables.items()}
        known = {str(row["subject"]) for given in rows.values() for row in given}
        given_subjects = {str(row["subject"]) for row in rows.get("subjects", [])}
        treated = {str(row["subject"]) for row in rows.get("treatments", []) if row.get("day") == 0}
        rows["subjects"] = [
            *rows.get("subjects", []),
            *({"subject": subject, "last_contact_day": 2000} for subject in sorted(known - given_subjects)),
        ]
        rows["treatments"] = [
            *({"subject": subject, "day": 0} for subject in sorted((known | given_subjects) - treated)),
            *rows.get("treatments", []),
        ]
        checked, problems = check_study_tables({name: dated(given) for name, given in rows.items()})
        require_no_errors(problems)
        return checked

    return make


@pytest.fixture
def linked(make_tables: Callable[..., StudyTables]) -> Callable[..., Linked]:
    """Link a study given as rows, with the rules that are named."""

    def run(rules: Mapping[str, object] | None = None, **tables: Rows) -> Linked:
        return link(make_tables(**tables), replace(Rules(), **(rules or {})), cutoff_date=CUTOFF)

    return run


@pytest.fixture
def cases(linked: Callable[..., Linked]) -> Callable[..., pd.DataFrame]:
    """Link a study in which each case is a subject, and give the cohort by case.

    A case is a dict of tables, each a list of rows that need not name the subject.
    """

    def run(given: Mapping[str, Mapping[str, Rows]], rules: Mapping[str, object] | None = None) -> pd.DataFrame:
        tables: dict[str, list[Mapping[str, object]]] = {}
        for subject, by_table in given.items():
            for name, rows in {"subjects": [{"last_contact_day": 2000}], **by_table}.items():
                tables.setdefault(name, []).extend({"subject": subject, **row} for row in rows)
        return linked(rules, **tables).cohort.set_index("subject").loc[list(given)]

    return run


@pytest.fixture
def one(linked: Callable[..., Linked]) -> Callable[..., pd.Series]:
    """Link a study of one subject, ``A``, and give its row of the cohort; rows need not name the subject."""

    def run(rules: Mapping[str, object] | None = None, **tables: Rows) -> pd.Series:
        named = {name: [{"subject": "A", **row} for row in rows] for name, rows in tables.items()}
        named.setdefault("subjects", [{"subject": "A", "last_contact_day": 2000}])
        cohort = linked(rules, **named).cohort
        assert len(cohort) == 1
        return cohort.iloc[0]

    return run
