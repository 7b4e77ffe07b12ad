"""From reads to responses in a run: one table or several, faults told with the file and row where they are found."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.checks import check_study
from linkage.provenance import Input, Step, compute_sha256_of_all, read_inputs, write_provenance
from linkage.tables import read_study_tables
from recist.cli.best import write_best_scored
from recist.cli.score import settings_of, write_scored
from recist.cli.screen import progress_bar
from recist.errors import DataError
from recist.manifest import read_manifest
from recist.problems import errors_in
from recist.response import score
from recist.response.visits import best
from recist.tables import FIRST_DATA_ROW, read_cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from linkage.study import StudyConfig
    from recist.cli.run_settings import RunSettings
    from recist.problems import Problem
    from recist.response import Scored
    from recist.response.visits import BestScored

READS, SUBJECTS = "reads", "subjects"  # how scoring names its two tables here


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reads:
    """The reads of all files put together, their subjects, and where each row stands.

    Attributes
    ----------
    rows, subjects : pandas.DataFrame
        Subjects without any read are left out: their imaging is in reports, or nowhere.
    files : dict of str to tuple of (file names, lines)
        For either table: the file and the line of each row.
    """

    rows: pd.DataFrame
    subjects: pd.DataFrame
    files: dict[str, tuple[list[str], list[int]]]

    def find(self, file: str, row: int | None) -> tuple[str, int | None]:
        """Give the file and the line in which a person finds a row."""
        names, lines = self.files.get(file, ([], []))
        position = -1 if row is None else row - FIRST_DATA_ROW
        if 0 <= position < len(lines):
            return names[position], lines[position]
        return (names[0], row) if names and len(set(names)) == 1 else (file, row)


def _read(paths: Sequence[Path], subjects_path: Path) -> _Reads:
    tables = [read_cells(path) for path in paths]
    rows = pd.concat(tables, ignore_index=True)
    subjects = read_cells(subjects_path)
    if "subject" in subjects and "subject" in rows:
        subjects = subjects[subjects["subject"].isin(rows["subject"])]
    names = [path.name for path, table in zip(paths, tables, strict=True) for _ in range(len(table))]
    lines = [line + FIRST_DATA_ROW for table in tables for line in range(len(table))]
    subject_lines = [int(line) + FIRST_DATA_ROW for line in subjects.index]
    return _Reads(
        rows=rows,
        subjects=subjects.reset_index(drop=True),
        files={READS: (names, lines), SUBJECTS: ([subjects_path.name] * len(subjects), subject_lines)},
    )


def make_responses(settings: RunSettings, measured: Sequence[Path], folder: Path) -> Scored | BestScored:
    """Score measurements, or judge visits, and write the responses into a folder.

    Parameters
    ----------
    settings : RunSettings
    measured : sequence of pathlib.Path
        Measurements made in this run.
    folder : pathlib.Path

    Raises
    ------
    DataError
        With every fault of the reads, and of the tables that would be linked with them.
    """
    paths = settings.visits or (*measured, *settings.measurements)
    reads = _read(paths, settings.study.tables["subjects"])
    try:
        made = _judge(reads, settings, folder) if settings.visits else _score(reads, settings, folder)
    except DataError as fault:
        found = [_place(problem, reads) for problem in fault.problems]
        raise DataError(_add_new(found, _check_linking(settings.study))) from fault
    name = "best" if settings.visits else "score"
    options = settings_of(settings.criteria, made.options)
    inputs = read_inputs([*paths, settings.study.tables["subjects"]])
    before = [measure_step(settings)] if settings.manifest is not None else []
    write_provenance([*before, Step(name=name, options=options, inputs=inputs)], folder)
    return made


def measure_step(settings: RunSettings) -> Step:
    """Say what the measuring depends on: the manifest, and every image and mask in it, as one checksum."""
    assert settings.manifest is not None
    frame, _ = read_manifest(settings.manifest)
    named = sorted({settings.manifest.parent / path for path in [*frame["image"], *frame["mask"]] if path})
    files = {file for path in named for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()}
    images = Input(file=f"{len(files)} images and masks", sha256=compute_sha256_of_all(files))
    inputs = (*read_inputs([settings.manifest]), images)
    return Step(name="measure", options={"convention": settings.convention}, inputs=inputs)


def _score(reads: _Reads, settings: RunSettings, folder: Path) -> Scored:
    with progress_bar("scoring") as progress:
        scored = score(
            reads.rows,
            subjects=reads.subjects,
            criteria=settings.criteria,
            options=settings.options,
            measurements_name=READS,
            subjects_name=SUBJECTS,
            today=datetime.datetime.now().astimezone().date(),
            progress=progress,
        )
    scored = replace(scored, problems=_locate(scored.problems, reads))
    write_scored(scored, folder)
    return scored


def _judge(reads: _Reads, settings: RunSettings, folder: Path) -> BestScored:
    with progress_bar("best responses") as progress:
        judged = best(
            reads.rows,
            subjects=reads.subjects,
            criteria=settings.criteria,
            options=settings.options,
            visits_name=READS,
            subjects_name=SUBJECTS,
            progress=progress,
        )
    judged = replace(judged, problems=_locate(judged.problems, reads))
    write_best_scored(judged, settings.criteria, folder)
    return judged


def _locate(problems: pd.DataFrame, reads: _Reads) -> pd.DataFrame:
    rows = [None if pd.isna(row) else int(row) for row in problems["row"]]
    found = [reads.find(str(file), row) for file, row in zip(problems["file"], rows, strict=True)]
    lines = pd.array([line for _, line in found], dtype="Int64")
    names = np.array([name for name, _ in found], dtype=object)
    return problems.assign(file=names, row=pd.Series(lines, index=problems.index))


def _place(problem: Problem, reads: _Reads) -> Problem:
    file, row = reads.find(problem.file, problem.row)
    return replace(problem, file=file, row=row)


def _check_linking(study: StudyConfig) -> list[Problem]:
    """Find the errors of the tables that would be linked, so that all are told at once."""
    given = {name: path for name, path in study.tables.items() if name not in {"responses", "best_responses"}}
    tables, problems = read_study_tables(given, study.rules.partial_dates)
    today = datetime.datetime.now().astimezone().date()
    return errors_in([*problems, *check_study(tables, study.rules, study.cutoff_date, today)])


def _add_new(problems: Sequence[Problem], found: Sequence[Problem]) -> list[Problem]:
    """Add what was found in cells that were not told of already."""
    cells = {(problem.file, problem.row, problem.field) for problem in problems}
    return [*problems, *(new for new in found if (new.file, new.row, new.field) not in cells)]
