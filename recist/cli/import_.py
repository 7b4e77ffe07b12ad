"""``recist import``: measurements that other programs made, as the table that `recist score` reads."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from recist.cli.screen import counted, progress_bar, say, say_error, say_problems, say_table, tell_folder

if TYPE_CHECKING:
    from recist.annotations import Annotations

SHOWN_LESIONS = 40


def command(
    paths: Annotated[list[Path], typer.Argument(help="DICOM SR, OHIF or DeepLesion CSV, AIM JSON or XML; or folders.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for measurements.csv and problems.csv.")],
    images: Annotated[
        Path | None, typer.Option(help="Folder of the CT images: lengths are checked on them, dates taken from them.")
    ] = None,
    sidecar: Annotated[
        Path | None, typer.Option(help="Table that fills in subject, date, lesion, role, site and the like.")
    ] = None,
    readers: Annotated[
        bool, typer.Option("--readers", help="Take each observer named in the files for a reader of their own.")
    ] = False,
) -> None:
    """Read measurements that other programs made: DICOM SR (TID 1500), OHIF, DeepLesion, ePAD.

    Example: `recist import reports/ -o imported --images ct/ --sidecar lesions.csv`
    """
    from recist.annotations import read_annotations
    from recist.annotations.source_files import require_sources
    from recist.outputs import require_folder_to_write, whole_folder
    from recist.problems import errors_in, problems_table
    from recist.tables import write_table

    require_folder_to_write(out)
    require_sources(paths)
    with progress_bar("reading files") as progress:
        found = read_annotations(paths, images=images, sidecar=sidecar, by_observer=readers, progress=progress)
    if found.measurements.empty:
        _refuse_empty(found, out)
    tell_folder(out)
    with whole_folder(out) as staging:
        write_table(found.measurements, staging / "measurements.csv")
        write_table(problems_table(found.problems), staging / "problems.csv")
    say_problems(found.problems)
    _show(found)
    say(f"Written: {out / 'measurements.csv'}")
    if errors_in(found.problems):
        raise typer.Exit(1)


def _refuse_empty(found: Annotations, out: Path) -> NoReturn:
    """End without results, so that good ones of an earlier run stay."""
    say_problems(found.problems)
    say_error(f"error: nothing could be imported; nothing was written to {out}")
    raise typer.Exit(1)


def _show(found: Annotations) -> None:
    table = found.measurements
    by = f", by {found.source_program}" if found.source_program else ""
    say_table(
        f"{counted(len(table), 'measurement')} of {counted(table['subject'].nunique(), 'subject')}{by}",
        ("subject", "date", "lesion", "role", "site", "state", "long mm", "short mm"),
        [
            (
                row["subject"],
                "–" if str(row["date"]) == "NaT" else str(row["date"])[:10],
                *(row[name] or "–" for name in ("lesion", "role", "site", "state")),
                *("–" if math.isnan(row[name]) else f"{row[name]:.1f}" for name in ("long_axis_mm", "short_axis_mm")),
            )
            for row in table.head(SHOWN_LESIONS).to_dict("records")
        ],
    )
    if len(table) > SHOWN_LESIONS:
        say(f"… and {len(table) - SHOWN_LESIONS} more")
