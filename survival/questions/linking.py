"""Linking a study when it is asked for: a question that needs other rules than the cohort was made with."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from linkage import Window, link, read_study, read_study_tables
from linkage.choices import MissedScans, NewTherapy
from linkage.writing import write_linked
from survival.cohort import read_cohort
from survival.options import read_options
from survival.questions.study_cohort import make_study_cohort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survival.questions.study_cohort import StudyCohort

WINDOWS = ("imaging_days", "biochemical_days", "symptomatic_days")


def link_study(study_file: Path, changes: Mapping[str, object]) -> StudyCohort:
    """Link a study with some rules changed, and read the cohort back.

    Parameters
    ----------
    study_file : pathlib.Path
    changes : mapping
        Rules that differ from the study file, by name, as ``options.json`` writes them.

    Raises
    ------
    DataError
        With every fault at once.
    """
    study = read_study(study_file)
    rules = replace(study.rules, **{name: _parse(name, value) for name, value in changes.items()})
    tables, problems = read_study_tables(study.tables, rules.partial_dates)
    today = datetime.datetime.now().astimezone().date()
    linked = link(tables, rules, cutoff_date=study.cutoff_date, problems=problems, today=today)
    with TemporaryDirectory() as name:
        folder = Path(name) / "cohort"
        write_linked(linked, replace(study, rules=rules), folder)
        options = read_options(study_file)
        cohort = make_study_cohort(read_cohort(folder, options=options), folder)
        return replace(cohort, study_file=study_file, options=options)


def _parse(name: str, value: Any) -> Any:  # a rule is a window, a word or a number
    if name in WINDOWS:
        return Window(earliest=value[0], latest=value[1])
    return {"missed_scans": MissedScans, "new_therapy": NewTherapy}.get(name, lambda same: same)(value)
