"""What became of each file of an import: a file is imported, passed over or refused, and the last two have a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from recist.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recist.annotations.finding import Finding
    from recist.problems import Problem

SOURCE_COLUMNS = ("file", "verdict", "measurements", "reason")
IN_PART = "not all of it; see problems.csv"
NOTHING = "the file holds no measurements"


class SourceVerdict(StrEnum):
    """What became of a file: it gave rows, or none without being at fault, or none because of an error."""

    IMPORTED = "imported"
    PASSED_OVER = "passed over"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file that was come upon.

    Attributes
    ----------
    name : str
        Relative to the folder that was named.
    verdict : SourceVerdict
    n_measurements : int
        Rows of the table that come from it.
    reason : str
        Why it gave nothing, or not all it holds; empty where all is well.
    """

    name: str
    verdict: SourceVerdict
    n_measurements: int = 0
    reason: str = ""


def account(
    sources: Mapping[str, str], findings: Iterable[Finding], problems: Iterable[Problem]
) -> tuple[SourceFile, ...]:
    """Say of every file what became of it.

    Parameters
    ----------
    sources : mapping of str to str
        The files, each with the reason it was passed over unread; empty where it was read.
    findings : iterable of Finding
        What was imported in the end.
    problems : iterable of Problem
    """
    rows = Counter(finding.file for finding in findings)
    told: dict[str, Problem] = {}  # the first error of each file, else its first warning
    for problem in sorted(problems, key=lambda each: each.severity):
        told.setdefault(problem.file, problem)
    return tuple(_judge(name, passed, rows[name], told.get(name)) for name, passed in sources.items())


def _judge(name: str, passed: str, n_rows: int, problem: Problem | None) -> SourceFile:
    is_error = problem is not None and problem.severity is Severity.ERROR
    if n_rows:
        reason = IN_PART if is_error else ""
        return SourceFile(name=name, verdict=SourceVerdict.IMPORTED, n_measurements=n_rows, reason=reason)
    verdict = SourceVerdict.REFUSED if is_error else SourceVerdict.PASSED_OVER
    return SourceFile(name=name, verdict=verdict, reason=passed or (problem.message if problem else NOTHING))


def sources_table(files: Iterable[SourceFile]) -> pd.DataFrame:
    """Lay the files out as a table, columns ``SOURCE_COLUMNS``."""
    rows = [(each.name, str(each.verdict), each.n_measurements, each.reason) for each in files]
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))
