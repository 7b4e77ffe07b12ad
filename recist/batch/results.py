"""Writing the results of a run: measurements, problems and a summary, whole or not at all."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recist.batch.assembly import CHECKED
from recist.batch.outcome import Status
from recist.batch.refusals import Refusal, Refusals
from recist.outputs import whole_folder
from recist.problems import Severity, problems_table

if TYPE_CHECKING:
    from pathlib import Path

    from recist.batch.assembly import Assembly
    from recist.batch.plan import Plan
    from recist.problems import Problem

KEPT_ROWS = 40
KEPT_PROBLEMS = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """What a run found, in figures.

    Attributes
    ----------
    series, measured_in_part, refused, failed : int
        In part: something of the series was measured, and something was not.
    masks, masks_refused, masks_unnamed : int
        Refused: whole. Unnamed: refused, and no row names a lesion, so that the table has nothing of it.
    lesions, measured, not_evaluable : int
    subjects, subjects_missing : int
        In the table; in the manifest, and not in the table.
    errors, warnings : int
    refusals : tuple of Refusal
        Every reason, that of the most masks first.
    first_rows : pandas.DataFrame
        The first measurements, to show.
    first_problems : tuple of Problem
        The first problems, to show.
    """

    series: int
    measured_in_part: int
    refused: int
    failed: int
    masks: int
    masks_refused: int
    masks_unnamed: int
    lesions: int
    measured: int
    not_evaluable: int
    subjects: int
    subjects_missing: int
    errors: int
    warnings: int
    refusals: tuple[Refusal, ...]
    first_rows: pd.DataFrame
    first_problems: tuple[Problem, ...]

    def to_text(self) -> str:
        """Write the figures as JSON."""
        left_out = ("first_rows", "first_problems")
        told = {name: getattr(self, name) for name in self.__slots__ if name not in (*left_out, "refusals")}
        lines = json.dumps(told, indent=2, ensure_ascii=False).removesuffix("\n}")
        reasons = [json.dumps(asdict(each), ensure_ascii=False) for each in self.refusals]
        return f'{lines},\n  "refusals": [' + ",".join(f"\n    {reason}" for reason in reasons) + "\n  ]\n}\n"


def write_results(assembly: Assembly, out: Path) -> Summary:
    """Write measurements.csv, measurements.parquet, problems.csv and summary.json; memory stays small."""
    tally = _Tally(assembly.plan)
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

    def __init__(self, plan: Plan) -> None:
        self._refusals = Refusals(plan)
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
            self._refusals.add(problem)
            self._severities[problem.severity] += 1
            if self._severities[problem.severity] <= KEPT_PROBLEMS:
                self._first_problems.append(problem)

    def summarise(self, assembly: Assembly) -> Summary:
        """Put the figures together."""
        assert self._first_rows is not None
        results = assembly.settled.results
        statuses = Counter(result.status for result in results.values())
        gone = set(assembly.plan.frame["subject"]) - self._subjects
        return Summary(
            series=len(assembly.plan),
            measured_in_part=sum(results[place].status == Status.DONE for place in self._refusals.series),
            refused=statuses[Status.REFUSED],
            failed=statuses[Status.FAILED],
            masks=self._refusals.masks,
            masks_refused=self._refusals.masks_refused,
            masks_unnamed=self._refusals.masks_unnamed,
            lesions=self._states.total(),
            measured=self._states["measured"],
            not_evaluable=self._states["not_evaluable"],
            subjects=len(self._subjects),
            subjects_missing=len(gone),
            errors=self._severities[Severity.ERROR],
            warnings=self._severities[Severity.WARNING],
            refusals=self._refusals.by_reason(),
            first_rows=self._first_rows,
            first_problems=tuple(self._first_problems),
        )
