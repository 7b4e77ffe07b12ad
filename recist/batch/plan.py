"""The plan of a run: the manifest checked whole, and its rows put together by series into tasks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from recist.batch.columns import STATED, columns_of_results, schema_of_part
from recist.batch.task import Task, plain_cell
from recist.errors import UsageError
from recist.lesions.doors import HALF
from recist.manifest import derive_manifest, read_manifest
from recist.measure import Convention
from recist.problems import require_no_errors
from recist.tables import FIRST_DATA_ROW, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from recist.columns import Column
    from recist.problems import Problem

ROWS_WITHOUT_MASK_AT_ONCE = 500  # rows that nothing is measured for make tasks of this many


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What is to be measured.

    Attributes
    ----------
    folder : pathlib.Path
        Where the paths of the manifest begin.
    file : str
        Name of the manifest, or of the table that says what the masks of the folder are.
    convention : str
    threshold : float
    resample : bool
        See :func:`recist.lesions.lesions_of_mask`.
    engine : str
        Version of the toolkit.
    frame : pandas.DataFrame
        The manifest.
    groups : tuple of tuple of int
        For each task the positions of its rows; tasks stand in the order of their first row.
    problems : tuple of Problem
        Warnings about the manifest.
    """

    folder: Path
    file: str
    convention: str
    threshold: float
    resample: bool
    engine: str
    frame: pd.DataFrame
    groups: tuple[tuple[int, ...], ...]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.groups)

    def task(self, index: int) -> Task:
        """Make one task; they are made one at a time, for a plan may be large."""
        rows = []
        for position in self.groups[index]:
            row = {name: cells[position] for name, cells in self._cells.items()}
            rows.append(row | {"manifest_row": position + FIRST_DATA_ROW})
        return Task(
            index=index,
            folder=str(self.folder.resolve()),
            file=self.file,
            image=str(rows[0]["image"] or ""),
            series_uid=str(rows[0]["series_uid"] or ""),
            convention=self.convention,
            threshold=self.threshold,
            resample=self.resample,
            engine=self.engine,
            rows=tuple(rows),
        )

    def tasks(self) -> Iterator[Task]:
        """Make every task, one after the other."""
        return (self.task(index) for index in range(len(self)))

    @cached_property
    def _cells(self) -> dict[str, list[object]]:
        """Cells of the manifest by column, as JSON holds them."""
        return {str(name): [plain_cell(value) for value in self.frame[name]] for name in self.frame}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the tasks."""
        return tuple(task.id for task in self.tasks())

    @cached_property
    def fingerprint(self) -> str:
        """Name the whole plan by what it is."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the results."""
        return columns_of_results(str(name) for name in self.frame.columns)

    @cached_property
    def schema(self) -> pa.Schema:
        """Types of a part."""
        return schema_of_part(self.columns)


def make_plan(
    manifest: Path,
    *,
    convention: str,
    sidecar: Path | None = None,
    threshold: float = HALF,
    resample: bool = False,
) -> Plan:
    """Check a manifest and put its rows together by series.

    Parameters
    ----------
    manifest : pathlib.Path
        CSV or Parquet, columns of ``recist.manifest.MANIFEST``; or a folder of masks.
    convention : {"quarter", "centre", "edge"}
    sidecar : pathlib.Path, optional
        For a folder of masks: the table that says what each is, columns of ``recist.manifest.SIDECAR``.
    threshold, resample
        See :func:`recist.lesions.lesions_of_mask`.

    Raises
    ------
    DataError
        With every fault of the manifest at once.
    UsageError
        When there is no such convention, or a folder comes without its table.
    """
    if convention not in set(Convention):
        raise UsageError(f"unknown convention {convention!r}; use one of {', '.join(Convention)}")
    if manifest.is_dir() != (sidecar is not None):
        raise UsageError(
            f"{manifest} is a folder of masks: say with --sidecar which table tells what they are"
            if sidecar is None
            else f"--sidecar goes with a folder of masks, and {manifest} is none"
        )
    frame, problems = read_manifest(manifest) if sidecar is None else derive_manifest(manifest, sidecar)
    file = (sidecar or manifest).name
    stated = replace(STATED, columns=tuple(column for column in STATED.columns if column.name in frame))
    if stated.columns:
        checked, faults = check_table(frame, stated, file=file)
        frame = frame.assign(**{column.name: checked[column.name] for column in stated.columns})
        problems = [*problems, *faults]
    require_no_errors(problems)
    return Plan(
        folder=manifest if sidecar else manifest.parent,
        file=file,
        convention=str(convention),
        threshold=threshold,
        resample=resample,
        engine=version("recist-toolkit"),
        frame=frame,
        groups=_group(frame),
        problems=tuple(problems),
    )


def _group(frame: pd.DataFrame) -> tuple[tuple[int, ...], ...]:
    """Put rows of one series together; masks that carry their own spacing stand alone."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    columns = (frame[name].fillna("").astype(str) for name in ("image", "series_uid", "mask"))
    for position, (image, series_uid, mask) in enumerate(zip(*columns, strict=True)):
        alone = "" if image else mask or str(position // ROWS_WITHOUT_MASK_AT_ONCE)
        groups.setdefault((image, series_uid, alone), []).append(position)
    return tuple(tuple(positions) for positions in groups.values())
