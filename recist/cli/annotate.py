"""``recist annotate``: open napari on the CT of a folder and draw the axes of lesions."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import progress_bar, say, say_error
from recist.errors import DicomError, EnvironmentFault, MissingInput

if TYPE_CHECKING:
    from recist.dicom.index import FolderIndex

SHOWN_FAULTS = 10


def command(
    study: Annotated[Path, typer.Argument(help="Folder with the CT of one or more subjects.", show_default=False)],
    measurements: Annotated[
        Path | None,
        typer.Option(help="Table to read and save (CSV or Parquet); STUDY/measurements.csv if absent."),
    ] = None,
    reader: Annotated[str, typer.Option(help="Whose findings are shown and saved.")] = "reader-1",
) -> None:
    """Open napari on a folder of CT and draw the long and short axis of lesions.

    Every accepted lesion is saved at once; sums and response follow live. Needs the extra `viewer`.

    Example: `recist annotate study/dicom --reader anna`
    """
    _require_folder(study)
    index = _index_ct(study)
    _require_extra()
    _require_display()
    table = measurements or study / "measurements.csv"
    _tell_table(table, reader)
    from viewer.app import run

    run(index, table=table, reader=reader)


def _tell_table(table: Path, reader: str) -> None:
    """Say where findings go, or that the table has faults and nothing goes there."""
    from viewer.store import tell_refusal, try_measurements

    _, faults = try_measurements(table)
    if not faults:
        say(f"Findings of {reader} are saved in {table}. The window opens in some seconds.")
        return
    for fault in faults[:SHOWN_FAULTS]:
        say_error(f"error: {fault}")
    if len(faults) > SHOWN_FAULTS:
        say_error(f"… and {len(faults) - SHOWN_FAULTS} more; the window lists all of them")
    say(tell_refusal(table, len(faults)))


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise MissingInput(f"There is no folder {folder}: give the folder that holds the CT.")


def _require_display() -> None:
    """Stop before Qt does, which would abort without a word for the user."""
    has_display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and not has_display:
        raise EnvironmentFault("There is no screen to open a window on: start it on a desktop, or under xvfb-run.")


def _index_ct(folder: Path) -> FolderIndex:
    """Look into the folder before a window opens."""
    from recist.dicom.index import index_folder

    with progress_bar("Looking for CT") as progress:
        index = index_folder(folder, with_pixels=False, progress=progress)
    if not any(series.modality == "CT" for series in index.series):
        raise DicomError(f"There is no CT series in {folder}: `recist index {folder}` tells what every file is.")
    return index


def _require_extra() -> None:
    """Stop with the name of the extra when napari or Qt's binding is not installed."""
    missing = [name for name in ("napari", "qtpy") if find_spec(name) is None]
    if missing:
        raise EnvironmentFault(
            f"The viewer needs the extra `viewer` ({', '.join(missing)} missing): "
            'pip install ".[viewer]" in the toolkit\'s folder.'
        )
