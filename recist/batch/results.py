"""Writing the results of a run: measurements, problems and a summary, whole or not at all."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recist.batch.assembly import CHECKED
from recist.batch.outcome import Status
from recist.outputs import whole_folder
from recist.problems import Severity, problems_table
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from pathlib import Path

    from recist.batch.assembly import Assembly
    from recist.batch.plan import Plan
    from recist.batch.settled import Settled
    from recist.problems import Problem

KEPT_ROWS = 40
KEPT_PROBLEMS = 50
PARTICULAR = re.compile(r"\S*\d\S*")  # numbers, identifiers and names of files with a digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reason for which series were not measured.

    Attributes
    ----------
    reason : str
        As it was for the first of them.
    series : int
    rows : tuple of int
        Rows of the manifest, the first of some of them.
    """

    reason: str
    series: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """What a run found, in figures.

    Attributes
    ----------
    series, refused, failed : int
    lesions, measured, subjects : int
    errors, warnings : int
    refusals : tuple of Refusal
        The most frequent reason first.
    first_rows : pandas.DataFrame
        The first measurements, to show.
    first_problems : tuple of Problem
        The first problems, to show.
    """

    series: int
    refused: int
    failed: int
    lesions: int
    measured: int
    subjects: int
    errors: int
    warnings: int
    refusals: tuple[Refusal, ...]
    first_rows: pd.DataFrame
    first_problems: tuple[Problem, ...]

    def to_text(self) -> str:
        """Write the figures as JSON."""
        left_out = ("first_rows", "first_problems")
        told = {name: getattr(self, name) for name in self.__slots__ if name not in (*left_out, "refusals")}
        told["refusals"] = [asdict(each) for each in self.refusals]
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def write_results(assembly: Assembly, out: Path) -> Summary:
    """Write measurements.csv, measurements.parquet, problems.csv and summary.json; memory stays small."""
    tally = _Tally()
    with whole_folder(out) as staging:
        parquet: pq.ParquetWriter | None = None
        with _open(staging / "measurements.csv") as table, _open(staging / "problems.csv") as problems:
            for stretch in assembly.stretches():
                tally.add_rows(stretch.measurements)
                measurements = stretch.measurements.drop(columns="manifest_row")
                _write_csv(measurements, table, has_header=parquet is None)
                _write_csv(problems_table(stretch.problems), problems, has_header=parquet is None)
                tally.add_problems(stretch.problems)
                piece = pa.Table.from_pandas(measurements, preserve_index=False)
                parquet = parquet or pq.ParquetWriter(staging / "measurements.parquet", piece.schema)
                parquet.write_table(piece.cast(parquet.schema))
            assert parquet is not None
            parquet.close()
            rest = assembly.check(tally.slim)
            tally.add_problems(rest)
            _write_csv(problems_table(rest), problems, has_header=False)
        summary = tally.summarise(assembly)
        (staging / "summary.json").write_text(summary.to_text(), encoding="utf-8")
    return summary


def _open(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="")


def _write_csv(frame: pd.DataFrame, file: IO[str], *, has_header: bool) -> None:
    """Write a piece of a table just as ``recist.tables.write_table`` writes a whole one."""
    flags = [name for name in frame if pd.api.types.is_bool_dtype(frame[name])]
    words = {True: "true", False: "false"}
    frame = frame.assign(**{str(name): frame[name].astype(object).map(words) for name in flags})
    frame.to_csv(file, index=False, header=has_header, date_format="%Y-%m-%d", lineterminator="\n")


class _Tally:
    """Counts while the results pass by."""

    def __init__(self) -> None:
        self.slim: list[pd.DataFrame] = []
        self._states: Counter[str] = Counter()
        self._subjects: set[str] = set()
        self._severities: Counter[Severity] = Counter()
        self._first_rows: pd.DataFrame | None = None
        self._first_problems: list[Problem] = []

    def add_rows(self, frame: pd.DataFrame) -> None:
        """Count lesions."""
        self.slim.append(frame[[*CHECKED, "manifest_row"]])
        self._states.update(frame["state"])
        self._subjects.update(frame["subject"])
        if self._first_rows is None:
            self._first_rows = frame.head(KEPT_ROWS).copy()

    def add_problems(self, problems: list[Problem]) -> None:
        """Count problems, and keep some of each severity."""
        for problem in problems:
            self._severities[problem.severity] += 1
            if self._severities[problem.severity] <= KEPT_PROBLEMS:
                self._first_problems.append(problem)

    def summarise(self, assembly: Assembly) -> Summary:
        """Put the figures together."""
        assert self._first_rows is not None
        statuses = Counter(result.status for result in assembly.settled.results.values())
        return Summary(
            series=len(assembly.plan),
            refused=statuses[Status.REFUSED],
            failed=statuses[Status.FAILED],
            lesions=self._states.total(),
            measured=self._states["measured"],
            subjects=len(self._subjects),
            errors=self._severities[Severity.ERROR],
            warnings=self._severities[Severity.WARNING],
            refusals=group_refusals(assembly.plan, assembly.settled),
            first_rows=self._first_rows,
            first_problems=tuple(self._first_problems),
        )


def group_refusals(plan: Plan, settled: Settled, *, shown_rows: int = 5) -> tuple[Refusal, ...]:
    """Put series that were refused for the same reason together; numbers and names in it may differ."""
    groups: dict[str, list[int]] = {}
    for place in settled.places():
        if settled.results[place].reason:
            groups.setdefault(PARTICULAR.sub("…", settled.results[place].reason), []).append(place)
    return tuple(
        Refusal(
            reason=settled.results[places[0]].reason,
            series=len(places),
            rows=tuple(plan.groups[place][0] + FIRST_DATA_ROW for place in places[:shown_rows]),
        )
        for places in sorted(groups.values(), key=lambda places: (-len(places), places[0]))
    )
