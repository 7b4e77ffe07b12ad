"""The final tables, put together from the parts in the order of the manifest, a stretch of it at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recist.batch.columns import PROBLEM_SCHEMA
from recist.batch.parts import PROBLEMS, ROWS, read_part
from recist.manifest import check_lesions
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW, MEASUREMENTS, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from recist.batch.plan import Plan
    from recist.batch.settled import Settled

ROWS_AT_ONCE = 20_000  # of the manifest
PARTS_AT_HAND = 16
CHECKED = ("subject", "reader", "timepoint", "lesion", "part", "role")


class Stretch(NamedTuple):
    """A stretch of the manifest: its measurements and problems."""

    measurements: pd.DataFrame
    problems: list[Problem]


class _Span(NamedTuple):
    """Which rows of the manifest a part speaks of."""

    part: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What is needed to put the tables together.

    Attributes
    ----------
    plan : Plan
    folder : pathlib.Path
        Folder of the parts.
    settled : Settled
        Every task of the plan.
    """

    plan: Plan
    folder: Path
    settled: Settled

    def stretches(self) -> Iterator[Stretch]:
        """Give the results in the order of the manifest; at least one stretch, maybe an empty one."""
        parts = sorted(self.settled.parts)
        number = {name: k for k, name in enumerate(parts)}
        owner = np.full(len(self.plan), -1)
        for place, result in self.settled.results.items():
            owner[place] = number[result.part]
        reader = _PartReader(self.folder, owner, number)
        spans = {kind: [reader.span(part, kind) for part in parts] for kind in (ROWS, PROBLEMS)}
        end = FIRST_DATA_ROW + len(self.plan.frame)
        for first in range(FIRST_DATA_ROW, max(end, FIRST_DATA_ROW + 1), ROWS_AT_ONCE):
            rows = reader.take(spans[ROWS], ROWS, first, self.plan.schema)
            problems = reader.take(spans[PROBLEMS], PROBLEMS, first, PROBLEM_SCHEMA)
            yield Stretch(_as_measurements(rows), _as_problems(problems))

    def check(self, slim: list[pd.DataFrame]) -> list[Problem]:
        """Check the whole: lesions that stand twice, lesions without a role.

        Parameters
        ----------
        slim : list of pandas.DataFrame
            The columns ``CHECKED`` and ``manifest_row`` of every stretch.
        """
        return [*self.plan.problems, *check_lesions(pd.concat(slim, ignore_index=True), self.plan.file)]


class _PartReader:
    """Reads rows of parts that count: those of tasks whose last result is in that part."""

    def __init__(self, folder: Path, owner: NDArray[np.int64], number: dict[str, int]) -> None:
        self._folder = folder
        self._owner = owner
        self._number = number
        self._read = lru_cache(PARTS_AT_HAND)(self._read_owned)

    def _read_owned(self, part: str, kind: str) -> pa.Table:
        table = read_part(self._folder, part, kind)
        counts = self._owner[table["task"].to_numpy()] == self._number[part]
        return table if counts.all() else table.filter(pa.array(counts))

    def span(self, part: str, kind: str) -> _Span:
        """Find the first and the last row of the manifest in a part."""
        rows = read_part(self._folder, part, kind, ["manifest_row"])["manifest_row"].to_numpy()
        return _Span(part, int(rows.min()), int(rows.max())) if len(rows) else _Span(part, 0, -1)

    def take(self, spans: list[_Span], kind: str, first: int, schema: pa.Schema) -> pa.Table:
        """Take the rows of a stretch, in the order of the manifest."""
        end = first + ROWS_AT_ONCE
        pieces = []
        for part in (span.part for span in spans if span.first < end and span.last >= first):
            table = self._read(part, kind)
            rows = table["manifest_row"]
            pieces.append(table.filter(pc.and_(pc.greater_equal(rows, first), pc.less(rows, end))))
        whole = pa.concat_tables([schema.empty_table(), *pieces])
        return whole.take(pa.array(np.argsort(whole["manifest_row"].to_numpy(), kind="stable")))


def _as_measurements(rows: pa.Table) -> pd.DataFrame:
    """Give columns the types of the table, whatever the rows hold."""
    frame = rows.drop_columns(["task"]).to_pandas(types_mapper=_MASKED.get)
    measurements, _ = check_table(frame, MEASUREMENTS)
    return measurements


_MASKED = {pa.bool_(): pd.BooleanDtype(), pa.int64(): pd.Int64Dtype()}


def _as_problems(rows: pa.Table) -> list[Problem]:
    return [
        Problem(**(row | {"severity": Severity(row["severity"])}))
        for row in rows.drop_columns(["task"]).rename_columns({"manifest_row": "row"}).to_pylist()
    ]
