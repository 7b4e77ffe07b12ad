"""The folder that ``recist score`` wrote, read to be exported."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from recist.criteria import LesionRole, criteria_named
from recist.criteria.protocol import parse_protocol
from recist.errors import DataError, MissingInput
from recist.problems import Problem, require_no_errors
from recist.tables import BEST_RESPONSES, MEASUREMENTS, RESPONSES, SUBJECTS, check_table, read_cells

if TYPE_CHECKING:
    from pathlib import Path

    from recist.tables import Table

FILES = ("lesions.csv", "responses.csv", "best_responses.csv", "options.json")
SUBJECTS_FILE = "subjects.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What scoring gave.

    Attributes
    ----------
    study : str
        Identifier of the study.
    lesions, responses, best_responses : pandas.DataFrame
    subjects : pandas.DataFrame or None
    criteria : str
        Title of the criteria.
    visit_numbers : dict of str to int
        A number for each time point of the study, in the order of time.
    baselines : dict
        The time point that is the baseline of each subject and reader.
    """

    study: str
    lesions: pd.DataFrame
    responses: pd.DataFrame
    best_responses: pd.DataFrame
    subjects: pd.DataFrame | None
    criteria: str
    visit_numbers: dict[str, int]
    baselines: dict[tuple[str, str], str]

    def scan_days(self) -> pd.Series:
        """Give the last day of each time point of a reader at which lesions were assessed."""
        scans = self.lesions[self.lesions["role"] != str(LesionRole.MARKER)]
        days: pd.Series = scans.groupby(["subject", "reader", "timepoint"])["date"].max()
        return days


def read_results(folder: Path, study: str) -> Results:
    """Read the folder of results.

    Raises
    ------
    recist.errors.MissingInput
        When the folder or one of its files is not there.
    recist.errors.DataError
        When a table is not what ``recist score`` writes.
    """
    if not folder.is_dir():
        raise MissingInput(f"there is no folder {folder}; name the results of recist score")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise MissingInput(f"{folder} has no {', '.join(missing)}; name a folder that recist score wrote")
    problems: list[Problem] = []
    lesions = _read(folder / "lesions.csv", MEASUREMENTS, problems)
    responses = _read(folder / "responses.csv", RESPONSES, problems)
    best = _read(folder / "best_responses.csv", BEST_RESPONSES, problems)
    has_subjects = (folder / SUBJECTS_FILE).is_file()
    subjects = _read(folder / SUBJECTS_FILE, SUBJECTS, problems) if has_subjects else None
    require_no_errors(problems)
    return Results(
        study=study,
        lesions=lesions,
        responses=responses,
        best_responses=best,
        subjects=subjects,
        criteria=_criteria(folder / "options.json"),
        visit_numbers=number_visits(lesions),
        baselines=_baselines(lesions, responses),
    )


def assessed_series(results: Results) -> pd.DataFrame:
    """Give the best responses but those of readers who did not assess a subject that another reader did."""
    return results.best_responses[~_is_left_to_others(results.best_responses)]


def count_left_to_others(results: Results) -> int:
    """Count the rows of readers who did not assess a subject that another reader did."""
    return int(_is_left_to_others(results.best_responses).sum())


def _is_left_to_others(best: pd.DataFrame) -> pd.Series:
    if "assessed" not in best:
        return pd.Series(data=False, index=best.index)
    assessed = best["assessed"].fillna(value=True).astype(bool)
    return ~assessed & assessed.groupby(best["subject"]).transform("any")


def _read(path: Path, table: Table, problems: list[Problem]) -> pd.DataFrame:
    frame, faults = check_table(read_cells(path), table, file=path.name)
    problems += faults
    return frame


def _criteria(path: Path) -> str:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        protocol = settings.get("protocol")
        criteria = parse_protocol(protocol) if isinstance(protocol, dict) else criteria_named(str(settings["criteria"]))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        message = "this is no file of options that recist score wrote"
        raise DataError([Problem(file=path.name, code="unreadable_file", message=message)]) from fault
    return criteria.title


def number_visits(lesions: pd.DataFrame) -> dict[str, int]:
    """Give the time points of the study numbers from 1: by their mean place in the time of each subject."""
    first = lesions.groupby(["subject", "timepoint"], sort=False)["date"].min().reset_index()
    first["place"] = first.groupby("subject")["date"].rank(method="dense")
    mean = first.groupby("timepoint")["place"].mean()
    ordered = sorted(mean.index, key=lambda label: (mean[label], label))
    return {str(label): number for number, label in enumerate(ordered, start=1)}


def _baselines(lesions: pd.DataFrame, responses: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Find the baselines: the last time point of a series that has no response."""
    keys = ["subject", "reader", "timepoint"]
    follow_up = {tuple(row) for row in responses[keys].itertuples(index=False, name=None)}
    days: dict[tuple[str, str], dict[str, pd.Timestamp]] = defaultdict(dict)
    last = lesions.groupby(keys, sort=False)["date"].max().reset_index()
    for subject, reader, timepoint, day in last.itertuples(index=False, name=None):
        if (subject, reader, timepoint) not in follow_up:
            days[subject, reader][timepoint] = day
    return {series: max(found, key=lambda label: found[label]) for series, found in days.items()}
