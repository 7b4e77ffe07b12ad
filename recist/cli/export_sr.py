"""The part of ``recist export`` that writes DICOM SR."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from recist.cli.screen import counted, progress_bar, say, say_problems
from recist.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("measurements.csv", "measurements.parquet", "lesions.csv")  # of `recist measure`, of `recist score`


def export_sr(source: Path, folder: Path, images: Path | None, study: str) -> None:
    """Write the measurements of a table, or of a folder of results, as DICOM SR.

    Raises
    ------
    UsageError
        Without images, or where the folder holds no measurements.
    """
    from recist.annotations import write_sr
    from recist.problems import errors_in
    from recist.tables import read_cells

    if images is None:
        raise UsageError("--sr copies patient and study from the images; name their folder with --images")
    table = _table_of(source)
    with progress_bar("writing reports") as progress:
        written = write_sr(read_cells(table), folder, images=images, study=study, file=table.name, progress=progress)
    say_problems(written.problems)
    reports, lesions = counted(len(written.names), "report"), counted(written.n_lesions, "lesion")
    say(f"{folder}: {reports}, {lesions}")
    if errors_in(written.problems):
        raise typer.Exit(1)


def _table_of(source: Path) -> Path:
    if not source.is_dir():
        return source
    found = next((source / name for name in TABLES if (source / name).is_file()), None)
    if found is None:
        raise UsageError(f"{source} holds no table of measurements ({', '.join(TABLES)}); name the file")
    return found
