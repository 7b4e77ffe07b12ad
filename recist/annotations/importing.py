"""Measurements of other programs as one table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from recist.annotations.drawn_lengths import check_against_images
from recist.annotations.images import read_pictures
from recist.annotations.measurement_rows import check_rows, measurements_of, share_timepoints, with_nodal
from recist.annotations.same_lesion import drop_repeats, merge_groups, name_lesions
from recist.annotations.sidecar import fill_in, read_sidecar
from recist.annotations.source_files import read_files
from recist.annotations.source_verdicts import account
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recist.annotations.finding import Finding
    from recist.annotations.source_verdicts import SourceFile
    from recist.problems import Problem
    from recist.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Annotations:
    """What was imported.

    Attributes
    ----------
    measurements : pandas.DataFrame
        Columns of ``measurements``, then where each row comes from.
    problems : tuple of Problem
        Everything that was refused, repaired or is to be looked at.
    files : tuple of SourceFile
        Every file that was come upon, and what became of it.
    source_program : str
        What wrote the files; several are joined by ``, ``.
    """

    measurements: pd.DataFrame
    problems: tuple[Problem, ...]
    files: tuple[SourceFile, ...]
    source_program: str


def read_annotations(
    path: Path | Sequence[Path],
    *,
    images: Path | None = None,
    sidecar: Path | None = None,
    by_observer: bool = False,
    progress: Progress = no_progress,
) -> Annotations:
    """Read measurements that other programs wrote.

    Parameters
    ----------
    path : path or sequence of paths
        Files, or folders with all files in them: DICOM SR of TID 1500, OHIF's CSV, DeepLesion's CSV, AIM as JSON or
        XML. What a file is, its content tells.
    images : path, optional
        Folder of the CT images. Lengths are set beside the lines as drawn on them, and dates, series and slice
        thickness are taken from them.
    sidecar : path, optional
        Table that fills in what the files do not say, see `recist.annotations.sidecar`.
    by_observer : bool
        Whether persons named as observers are readers of their own; otherwise all is one reader's.
    progress : Progress

    Raises
    ------
    recist.errors.DataError
        When the sidecar table has faults; faults of the files are in `problems`.
    recist.errors.DicomError
        When there is no folder `images`.
    """
    paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(each) for each in path]
    extra = None if sidecar is None else read_sidecar(sidecar)
    pictures = None if images is None else read_pictures(images)
    findings, problems, sources = read_files(paths, progress)
    findings, faults = merge_groups(findings)
    problems += faults
    checked: list[Finding] = []
    for finding in findings:
        kept, faults = check_against_images(finding, pictures)
        problems += faults
        checked += [] if kept is None else [_read_by(kept) if by_observer else kept]
    if extra is not None and sidecar is not None:
        checked, faults = fill_in(checked, extra, sidecar.name)
        problems += faults
    checked, faults = drop_repeats([with_nodal(finding) for finding in checked])
    problems += faults
    named, faults = name_lesions(share_timepoints(checked))
    problems += [*faults, *check_rows(named)]
    programs = Counter(finding.program for finding in named)
    return Annotations(
        measurements=measurements_of(named),
        problems=tuple(problems),
        files=account(sources, named, problems),
        source_program=", ".join(program for program, _ in programs.most_common()),
    )


def _read_by(finding: Finding) -> Finding:
    return replace(finding, reader=finding.observer)
