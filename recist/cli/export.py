"""``recist export``: the results of scoring as CDISC datasets, and measurements as DICOM SR."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cdisc.file_types import FileType
from recist.cli.screen import counted, say, tell_folder
from recist.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from recist.cdisc.variables import Definition


def command(  # noqa: PLR0917  # typer calls it by name
    folder: Annotated[
        Path, typer.Argument(help="Folder of results that `recist score` wrote; for --sr a table of measurements too.")
    ],
    sdtm: Annotated[Path | None, typer.Option(help="Folder for SDTM: TU, TR and RS.")] = None,
    adam: Annotated[Path | None, typer.Option(help="Folder for ADaM: ADTR, ADRS and ADTTE.")] = None,
    file_type: Annotated[FileType, typer.Option("--type", help="Kind of file.")] = FileType.CSV,
    study: Annotated[str, typer.Option(help="Identifier of the study, STUDYID.")] = "STUDY",
    sr: Annotated[Path | None, typer.Option(help="Folder for DICOM SR, TID 1500: one report for each visit.")] = None,
    images: Annotated[Path | None, typer.Option(help="Folder of the CT images measured; --sr needs it.")] = None,
) -> None:
    """Write scored results as CDISC datasets, or measurements as DICOM SR.

    Example: `recist export scored --sdtm sdtm --adam adam --type xpt --study ABC-123`

    XPT is the SAS transport format, version 5; JSON is CDISC Dataset-JSON 1.1. DICOM SR for an archive or a viewer:
    `recist export measurements.csv --sr reports --images ct --study ABC-123`.
    """
    from recist.cdisc.adam import adam_datasets
    from recist.cdisc.exported_lesions import not_exported
    from recist.cdisc.results import count_left_to_others, read_results
    from recist.cdisc.sdtm import sdtm_datasets
    from recist.outputs import require_folder_to_write

    wanted = [place for place in (sdtm, adam, sr) if place is not None]
    if not wanted:
        raise UsageError("nothing to write; name a folder with --sdtm, --adam or --sr")
    for place in wanted:
        require_folder_to_write(place)
        tell_folder(place)
    if sr is not None:
        from recist.cli.export_sr import export_sr

        export_sr(folder, sr, images, study)
    if sdtm is None and adam is None:
        return
    results = read_results(folder, study)
    if sdtm is not None:
        _write(sdtm_datasets(results), sdtm, file_type)
    if adam is not None:
        _write(adam_datasets(results), adam, file_type)
        unread = count_left_to_others(results)
        if unread:
            say(f"not in ADRS and ADTTE, as another reader assessed the subject: {counted(unread, 'best response')}")
    left_out = not_exported(results)
    if sdtm is not None and len(left_out):
        detail = ", ".join(f"{number} {what}" for what, number in left_out.items())
        say(f"TU and TR have no place for, not written: {detail}")


def _write(datasets: list[tuple[Definition, pd.DataFrame]], folder: Path, file_type: FileType) -> None:
    """Write datasets; all of them or none."""
    from recist.cdisc.files import write_dataset
    from recist.outputs import whole_folder

    with whole_folder(folder) as staging:
        for definition, frame in datasets:
            write_dataset(frame, definition, staging / f"{definition.name.lower()}.{file_type}")
    names = ", ".join(
        f"{definition.name.lower()}.{file_type} ({counted(len(frame), 'record')})" for definition, frame in datasets
    )
    say(f"{folder}: {names}")
