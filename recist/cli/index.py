"""The command ``recist index``: what is in a folder of DICOM files, and what can be measured on it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import progress_bar, say, say_error

if TYPE_CHECKING:
    from recist.dicom.entries import FolderIndex, SeriesEntry

SHOWN_FILES = 200
COPY = "An identical copy of "
HEADER = ("folder", "series", "class", "slices", "spacing mm", "thickness mm", "HU", "date")


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of DICOM files, with all folders in it.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole index to this file.")
    ] = None,
    headers_only: Annotated[
        bool, typer.Option("--headers-only", help="Do not decode pixels: faster, but without HU and decoding faults.")
    ] = False,
) -> None:
    """Account for every file of a folder and classify every CT series by its geometry.

    Lengths within a slice are true for every series with pixel spacing; volumes and reformats only where the class is
    `regular`.

    Exit codes: 0 every file is accounted for and there is a CT series, also where files were rejected, which are
    listed; 1 the folder is missing or empty, or has no CT image that can be read; 2 wrong usage; 3 something is missing
    on this machine, or the file of --json cannot be written.

    Example: `recist index scans/ --json index.json`
    """
    from recist.dicom.index import index_folder

    with progress_bar("Reading") as progress:
        index = index_folder(folder, with_pixels=not headers_only, progress=progress)
    if json_file is not None:
        _write_json(index, json_file)
    _say_index(index)
    if json_file is not None:
        say(f"Index written: {json_file}")
    fault = _fault(index)
    if fault:
        say_error(f"error: {fault}")
        raise typer.Exit(1)


def _write_json(index: FolderIndex, json_file: Path) -> None:
    import json

    from recist.errors import UsageError
    from recist.outputs import whole_file

    if json_file.is_dir():
        raise UsageError(f"{json_file} is a folder; name a file for --json.")
    with whole_file(json_file) as staged:
        staged.write_text(json.dumps(index.to_json(), indent=1) + "\n", encoding="utf-8")


def _fault(index: FolderIndex) -> str:
    """Say why there is nothing to work with; empty where there is."""
    if not index.files:
        return f"The folder {index.folder} is empty."
    if not index.series:
        return f"There is no CT image in {index.folder} that can be read."
    return ""


def _say_index(index: FolderIndex) -> None:
    from recist.dicom.entries import Verdict

    counts = ", ".join(f"{index.count(verdict)} {verdict}" for verdict in Verdict)
    say(f"{len(index.files)} files: {counts}")
    if index.series:
        say(f"{len(index.series)} CT series:")
        _say_columns([HEADER, *(_row(index.place(entry), entry) for entry in index.series)])
    from recist.dicom.scan import shown_name

    notes = [f"  …{shown_name(entry.series[-12:])}: {note}" for entry in index.series for note in entry.notes]
    _say_list("Notes", notes)
    _say_list("Ignored files", _ignored_by_reason(index))
    rejected = [f"  {entry.path}: {entry.reason}" for entry in index.files if entry.verdict is Verdict.REJECTED]
    _say_list("Rejected files", rejected)


def _ignored_by_reason(index: FolderIndex) -> list[str]:
    """Count the ignored files by reason, the most frequent first; all copies are one reason."""
    from recist.dicom.entries import Verdict

    reasons = (entry.reason for entry in index.files if entry.verdict is Verdict.IGNORED)
    counts = Counter(f"{COPY}another file." if reason.startswith(COPY) else reason for reason in reasons)
    return [f"  {n} × {reason}" for reason, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def _say_list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    say(f"{title}:")
    for line in lines[:SHOWN_FILES]:
        say(line)
    if len(lines) > SHOWN_FILES:
        say(f"  … and {len(lines) - SHOWN_FILES} more; --json lists all of them")


def _say_columns(rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their widest cell, on one line each, whatever the width of the terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(place: str, entry: SeriesEntry) -> tuple[str, ...]:
    from recist.dicom.scan import shown_name

    found = entry.range_hu
    missing = f" ({entry.missing_slices} missing)" if entry.missing_slices else ""
    lossy = ", lossy" if entry.lossy else ""
    return (
        place,
        f"…{shown_name(entry.series[-12:])}",
        ", ".join(entry.classes) + missing + lossy,
        str(entry.n_slices),
        " × ".join(_mm(value) for value in entry.spacing_mm),
        _mm(entry.slice_thickness_mm),
        "–" if found is None else f"{found.lowest:g} to {found.highest:g}",
        "–" if entry.date is None else entry.date.isoformat(),
    )


def _mm(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
