"""``recist measure``: lesion axes from masks, over many series."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import counted, progress_bar, say, say_problems, say_table, tell_folder

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

SHOWN_LESIONS = 40
MM3_IN_ML = 1000


def command(
    manifest: Annotated[
        Path,
        typer.Argument(
            help="CSV: subject, timepoint, date, image, mask, and optionally label, lesion, role, site, nodal, reader."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for measurements.csv and problems.csv.")],
    convention: Annotated[
        str, typer.Option(help="Where the edge of a lesion lies: quarter, centre or edge.")
    ] = "quarter",
    workers: Annotated[int, typer.Option(help="Processes; the result does not depend on it.", min=1)] = (
        os.cpu_count() or 1
    ),
) -> None:
    """Measure the long and short axis, volume and slice of every lesion in DICOM SEG, NIfTI or NRRD masks.

    Example: `recist measure study/manifest.csv -o study/out`
    """
    from recist.batch import measure_manifest
    from recist.errors import UsageError
    from recist.measure import Convention
    from recist.outputs import require_folder_to_write, whole_folder
    from recist.problems import errors_in, problems_table
    from recist.tables import write_table

    if convention not in set(Convention):
        raise UsageError(f"--convention {convention}: use one of {', '.join(Convention)}")
    require_folder_to_write(out)
    tell_folder(out)
    with progress_bar("measuring series") as progress:
        found = measure_manifest(manifest, convention=convention, workers=workers, progress=progress)
    with whole_folder(out) as staging:
        write_table(found.measurements, staging / "measurements.csv")
        write_table(problems_table(found.problems), staging / "problems.csv")
    say_problems(found.problems)
    table = found.measurements
    say_table(
        f"{counted(len(table), 'lesion')} of {counted(table['subject'].nunique(), 'subject')}",
        ("subject", "time point", "lesion", "state", "long mm", "short mm", "volume ml"),
        [
            (*(row[name] for name in ("subject", "timepoint", "lesion", "state")), *map(_shown, _sizes(row)))
            for row in table.head(SHOWN_LESIONS).to_dict("records")
        ],
    )
    if len(table) > SHOWN_LESIONS:
        say(f"… and {len(table) - SHOWN_LESIONS} more")
    say(f"Edges by the convention {convention!r}. Written: {out / 'measurements.csv'}")
    if errors_in(found.problems):
        raise typer.Exit(1)


def _sizes(row: Mapping[Hashable, float]) -> tuple[float, float, float]:
    return row["long_axis_mm"], row["short_axis_mm"], row["volume_mm3"] / MM3_IN_ML


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}"
