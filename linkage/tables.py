"""The tables a study brings to the linkage, and reading them all at once.

``subjects``, ``responses`` and ``best_responses`` are interchange tables of :mod:`recist.tables`; the others are here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.choices import IncompleteDates
from linkage.middle_dates import complete_to_middle
from recist.columns import date, flag, number, text
from recist.errors import DataError
from recist.iso_dates import PartialDates
from recist.tables import BEST_RESPONSES, OVERALL_RESPONSES, RESPONSES, SUBJECTS, Table, check_table, read_cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recist.problems import Problem

SYMPTOM_STATUSES = ("baseline", "improved", "unchanged", "worse", "asymptomatic", "recurred")

PATIENTS = Table(
    name="patients",
    columns=(
        text("subject", required=True),
        text("sex", "F", "M"),
        number("age_years", minimum=0),
        text("primary_site"),
        flag("functional"),
        number("ki67_pct", minimum=0),
        date("diagnosis_date"),
    ),
)
TREATMENTS = Table(
    name="treatments",
    columns=(
        text("subject", required=True),
        number("treatment_number", minimum=1),
        text("treatment"),
        date("date", required=True),
        number("activity_mci", minimum=0),
    ),
)
SYMPTOMS = Table(
    name="symptoms",
    columns=(
        text("subject", required=True),
        date("date", required=True),
        number("score", minimum=0),
        text("status", *SYMPTOM_STATUSES),
    ),
)
LABS = Table(
    name="labs",
    columns=(
        text("subject", required=True),
        date("date", required=True),
        text("marker", required=True),
        number("value", minimum=0),
        text("unit"),
        number("upper_normal", minimum=0),
    ),
)
REPORT_RESPONSES = Table(
    name="report_responses",
    columns=(
        text("subject", required=True),
        text("timepoint"),
        date("date", required=True),
        text("overall_response", *OVERALL_RESPONSES),
        text("source", "report"),
    ),
)
STUDY_TABLES: tuple[Table, ...] = (
    *(SUBJECTS, TREATMENTS, PATIENTS, SYMPTOMS, LABS, REPORT_RESPONSES),
    *(RESPONSES, BEST_RESPONSES),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyTables:
    """The tables of one study, typed; a table that was not given is empty.

    Attributes
    ----------
    subjects, treatments, … : pandas.DataFrame
        Columns as in the tables of this module, except that ``subject`` is a whole number, the position in
        `names`; the index counts the rows of the file from 0.
    names : pandas.Index
        The subjects of all tables, sorted; numbers in their place make a study of 10⁵ people a matter of seconds.
    files : dict of str to str
        How problems name each table; a table not in it was not given, or could not be read.
    """

    subjects: pd.DataFrame
    treatments: pd.DataFrame
    patients: pd.DataFrame
    symptoms: pd.DataFrame
    labs: pd.DataFrame
    report_responses: pd.DataFrame
    responses: pd.DataFrame
    best_responses: pd.DataFrame
    names: pd.Index
    files: Mapping[str, str]

    def frame(self, name: str) -> pd.DataFrame:
        """Give a table by name."""
        assert name in {row.name for row in fields(self)}
        table = getattr(self, name)
        assert isinstance(table, pd.DataFrame)
        return table


def check_study_tables(
    frames: Mapping[str, pd.DataFrame], partial_dates: IncompleteDates = IncompleteDates.REFUSE
) -> tuple[StudyTables, list[Problem]]:
    """Check tables in memory cell by cell and give their columns their types.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        By table name; what is missing becomes an empty table.
    partial_dates : IncompleteDates
        What dates without day or month are; each that is completed is a warning.
    """
    known = {table.name: frames[table.name] for table in STUDY_TABLES if table.name in frames}
    return _check_cells(known, {name: name for name in known}, partial_dates)


def read_study_tables(
    paths: Mapping[str, Path], partial_dates: IncompleteDates = IncompleteDates.REFUSE
) -> tuple[StudyTables, list[Problem]]:
    """Read the tables of a study, going on after a table that cannot be read.

    Parameters
    ----------
    paths : dict of str to pathlib.Path
    partial_dates : IncompleteDates
        What dates without day or month are; each that is completed is a warning.

    Returns
    -------
    tables : StudyTables
    problems : list of Problem
        Every fault of every file.
    """
    cells: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in STUDY_TABLES:
        if table.name not in paths:
            continue
        try:
            cells[table.name] = read_cells(paths[table.name])
        except DataError as fault:
            problems += fault.problems
    files = {name: paths[name].name for name in cells}
    tables, found = _check_cells(cells, files, partial_dates)
    return tables, [*problems, *found]


def _check_cells(
    cells: Mapping[str, pd.DataFrame], files: Mapping[str, str], partial_dates: IncompleteDates
) -> tuple[StudyTables, list[Problem]]:
    """Check tables cell by cell, their dates completed first where the middle is asked for: it looks across tables."""
    problems: list[Problem] = []
    choice = PartialDates.REFUSE
    if partial_dates is IncompleteDates.MIDDLE:
        cells, problems = complete_to_middle(cells, STUDY_TABLES, files)
    else:
        choice = PartialDates(partial_dates)
    checked: dict[str, pd.DataFrame] = {}
    for table in STUDY_TABLES:
        if table.name in cells:
            frame, file = cells[table.name], files[table.name]
            checked[table.name], found = check_table(frame, table, file=file, partial_dates=choice)
            problems += found
    return _gather(checked, files), problems


def _gather(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> StudyTables:
    empty = {table.name: check_table(pd.DataFrame(columns=["subject"]), table)[0] for table in STUDY_TABLES}
    tables = {**empty, **frames}
    everyone = pd.concat([table["subject"] for table in tables.values()], ignore_index=True)
    positions, names = pd.factorize(everyone, sort=True)
    ends = np.cumsum([len(table) for table in tables.values()])
    numbered = {
        name: table.assign(subject=part.astype("int64"))
        for (name, table), part in zip(tables.items(), np.split(positions, ends[:-1]), strict=True)
    }
    return StudyTables(**numbered, names=pd.Index(names), files=files)
