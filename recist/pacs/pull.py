"""Pull series from an archive into a folder: whole files only, and again from where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.errors import UsageError
from recist.pacs.faults import ArchiveFault
from recist.pacs.kinds import WANTED_MODALITIES
from recist.pacs.landing import Ground
from recist.pacs.pulled import PulledSeries, write_pulled
from recist.pacs.series_pull import Counter, SeriesPull
from recist.progress import no_progress

if TYPE_CHECKING:
    from pathlib import Path

    from recist.pacs.archive import Archive
    from recist.pacs.patience import Patience
    from recist.pacs.question import FoundSeries, FoundStudy, Question
    from recist.problems import Problem
    from recist.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an archive lists to a question.

    Attributes
    ----------
    study : FoundStudy
    series : FoundSeries
    is_wanted : bool
        Of a kind that is pulled.
    """

    study: FoundStudy
    series: FoundSeries
    is_wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull brought.

    Attributes
    ----------
    series : tuple of PulledSeries
    problems : tuple of Problem
    fault : ArchiveFault or None
        Why it ended early.
    is_stopped : bool
        Whether a person ended it.
    """

    series: tuple[PulledSeries, ...]
    problems: tuple[Problem, ...]
    fault: ArchiveFault | None = None
    is_stopped: bool = False

    @property
    def n_here(self) -> int:
        """Whole files that are here of what was asked for."""
        return sum(each.n_here for each in self.series)

    @property
    def n_at_archive(self) -> int:
        """Objects that the archive lists of what was asked for."""
        return sum(each.n_at_archive for each in self.series)


def list_series(archive: Archive, question: Question, *, limit: int, everything: bool = False) -> list[Listed]:
    """Ask an archive for the series of a question.

    Parameters
    ----------
    archive : Archive
    question : Question
    limit : int
        Most studies.
    everything : bool
        Take every kind of series, not only CT, SEG, RTSTRUCT and SR.

    Raises
    ------
    UsageError
        When more studies fit than `limit`.
    ArchiveFault
    """
    studies = [study for study in archive.find_studies(question, limit) if question.fits_study(study)]
    if len(studies) > limit:
        raise UsageError(f"more than {limit} studies fit; ask for less, or allow more with --limit")
    listed = []
    for study in sorted(studies, key=lambda each: (each.date, each.study_uid)):
        for series in archive.find_series(study.study_uid, question):
            if question.fits_series(series):
                is_wanted = everything or bool(question.modality) or series.modality in {*WANTED_MODALITIES, ""}
                listed.append(Listed(study=study, series=series, is_wanted=is_wanted))
    return listed


def pull(
    archive: Archive,
    listed: list[Listed],
    folder: Path,
    *,
    patience: Patience,
    most_bytes: int,
    everything: bool = False,
    progress: Progress = no_progress,
) -> Pulled:
    """Pull the wanted series of a listing.

    What is here and whole is not pulled again. When the archive fails, or a person stops it, all that came is kept and
    told; the next run goes on from there.

    Parameters
    ----------
    archive : Archive
    listed : list of Listed
    folder : pathlib.Path
    patience : Patience
    most_bytes : int
        Largest object.
    everything : bool
        Take objects of every class.
    progress : Progress
        Told of every object.
    """
    wanted = [each.series for each in listed if each.is_wanted]
    done: list[PulledSeries] = []
    problems: list[Problem] = []
    fault: ArchiveFault | None = None
    is_stopped = False
    refusals: list[ArchiveFault] = []
    with Ground(folder, most_bytes=most_bytes) as ground:
        counter = Counter(wanted, progress)
        for series in wanted:
            work = SeriesPull(archive, series, ground, counter, everything=everything)
            if fault is not None or is_stopped:
                done.append(_not_tried(series))
                continue
            try:
                work.run(patience)
            except ArchiveFault as raised:
                fault = raised
            except KeyboardInterrupt:
                is_stopped = True
            refusals += [work.refusal] if work.refusal is not None else []
            done.append(work.row())
            problems += work.problems
        write_pulled(folder, done)
    if refusals and not any(each.n_here for each in done):  # nothing at all: it is not the objects
        fault = fault or refusals[0]
    return Pulled(series=tuple(done), problems=tuple(problems), fault=fault, is_stopped=is_stopped)


def _not_tried(series: FoundSeries) -> PulledSeries:
    return PulledSeries(
        study_uid=series.study_uid,
        series_uid=series.series_uid,
        modality=series.modality,
        n_at_archive=series.n_instances or 0,
    )
