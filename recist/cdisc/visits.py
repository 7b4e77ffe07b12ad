"""Visits of SDTM as time points: names that mean one visit, and which of them is the baseline."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.cdisc.terms import BASELINE_VISIT, normal
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recist.cdisc.findings import Record

BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The names of the visits of every subject.

    Attributes
    ----------
    several : set of (str, str)
        Subject and visit name of names that stand for several visit numbers.
    """

    several: frozenset[tuple[str, str]]

    def label(self, subject: str, visit: str, number: str) -> str:
        """Name the time point of a visit: by its name, with its number where the name alone is not enough."""
        if not visit:
            return f"visit {number}" if number else ""
        if (subject, visit) in self.several and number:
            return f"{visit} ({number})"
        return visit


def name_visits(visits: Iterable[tuple[str, str, str]]) -> Visits:
    """Look through subject, visit name and visit number of all records."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, visit, number in visits:
        numbers[subject, visit].add(number)
    return Visits(several=frozenset(key for key, found in numbers.items() if len(found - {""}) > 1))


Series = tuple[str, str]  # subject, reader


def split_repeated(
    records: list[Record], labels: dict[int, str], file: str, first_row: int
) -> tuple[dict[int, str], list[Problem]]:
    """Make two time points of a visit at which one test of one lesion was done on two dates.

    Parameters
    ----------
    records : list of Record
    labels : dict of int to str
        The time point of each record, by position.
    file : str
    first_row : int
        The number of the first record.

    Returns
    -------
    labels : dict of int to str
        The dates stand in the names of the visits that were two.
    problems : list of Problem
    """
    dates: dict[tuple[str, str, str], dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in records:
        visit = (record.subject, record.reader, labels[record.position])
        dates[visit][record.link, record.what].add(record.date)
    double = {visit for visit, tests in dates.items() if any(len(days - {""}) > 1 for days in tests.values())}
    problems: list[Problem] = []
    told: set[tuple[str, str, str]] = set()
    renamed = dict(labels)
    for record in records:
        visit = (record.subject, record.reader, labels[record.position])
        if visit not in double or not visit[2]:
            continue
        renamed[record.position] = f"{visit[2]} {record.date}".strip()
        if visit not in told:
            told.add(visit)
            message = "one lesion was assessed on several dates of this visit; each date is a time point of its own"
            problem = Problem(code="visit_on_several_dates", message=message, file=file, subject=record.subject)
            row = record.position + first_row
            problems.append(replace(problem, row=row, field="VISIT", found=visit[2], severity=Severity.WARNING))
    return renamed, problems


def find_baselines(records: list[Record], labels: dict[int, str]) -> dict[Series, str]:
    """Find the time point of each reader's series that is its baseline, where the data say so.

    Flagged records (last observation before exposure, or baseline) decide; without any, the visit called baseline or
    screening. Of several the last one counts. Where nothing says so, the smallest date will.
    """
    flagged: dict[Series, dict[str, str]] = defaultdict(dict)
    named: dict[Series, dict[str, str]] = defaultdict(dict)
    for record in records:
        series, label = (record.subject, record.reader), labels[record.position]
        for found, is_one in (
            (flagged, record.is_baseline),
            (named, bool(BASELINE_VISIT.match(normal(record.visit)))),
        ):
            if is_one and record.date:
                found[series][label] = max(record.date, found[series].get(label, ""))
    return {series: max(days, key=lambda label: (days[label], label)) for series, days in {**named, **flagged}.items()}


def call_baselines(records: list[Record], labels: dict[int, str], baselines: dict[Series, str]) -> dict[int, str]:
    """Name the baseline of each series `baseline`, unless it is the earliest and no other visit is called so."""
    first: dict[Series, str] = {}
    called: dict[Series, set[str]] = defaultdict(set)
    for record in sorted((record for record in records if record.date), key=lambda record: record.date):
        series, label = (record.subject, record.reader), labels[record.position]
        first.setdefault(series, label)
        if label.casefold() == BASELINE:
            called[series].add(label)
    renamed = dict(labels)
    for record in records:
        series, label = (record.subject, record.reader), labels[record.position]
        chosen = baselines.get(series)
        if chosen is None or (first.get(series) == chosen and not called[series] - {chosen}):
            continue
        if label == chosen:
            renamed[record.position] = BASELINE
        elif label.casefold() == BASELINE:
            renamed[record.position] = f"{label} (not the last before start)"
    return renamed
