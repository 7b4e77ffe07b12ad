"""Pull series from an archive into a folder: whole files only, and again from where it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.errors import UsageError
from recist.pacs.faults import ArchiveFault, RefusedToSend, short
from recist.pacs.kinds import WANTED_CLASSES, WANTED_MODALITIES
from recist.pacs.landing import Ground, Landed
from recist.pacs.patience import persist
from recist.pacs.pulled import PulledSeries, SeriesState, write_pulled
from recist.problems import Problem, Severity
from recist.progress import no_progress

if TYPE_CHECKING:
    from pathlib import Path

    from recist.pacs.archive import Archive
    from recist.pacs.identity import Identity
    from recist.pacs.patience import Patience
    from recist.pacs.question import FoundInstance, FoundSeries, FoundStudy, Question
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
        counter = _Counter(wanted, progress)
        for series in wanted:
            work = _SeriesPull(archive, series, ground, counter, everything=everything)
            if fault is not None or is_stopped:
                done.append(PulledSeries(study_uid=series.study_uid, series_uid=series.series_uid))
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


class _Counter:
    """Counts objects over all series for whoever waits."""

    def __init__(self, series: list[FoundSeries], progress: Progress) -> None:
        self._done, self._progress = 0, progress
        self._total = sum(each.n_instances or 0 for each in series)

    def expect(self, series: FoundSeries, n_instances: int) -> None:
        """Correct the total once the objects of a series are listed."""
        self._total += n_instances - (series.n_instances or 0)
        self.add(0)

    def add(self, count: int) -> None:
        """Count objects that are here."""
        self._done += count
        self._progress(self._done, max(self._total, self._done))


class _SeriesPull:
    """The pull of one series, and the receiver of its objects."""

    def __init__(
        self, archive: Archive, series: FoundSeries, ground: Ground, counter: _Counter, *, everything: bool
    ) -> None:
        self._archive, self._series, self._ground, self._counter = archive, series, ground, counter
        self._everything = everything
        self._wanted: dict[str, FoundInstance] = {}
        self._here: dict[str, Identity] = {}
        self._counts = dict.fromkeys(Landed, 0)
        self._n_left = 0
        self._note = ""
        self._is_listed = False
        self.refusal: RefusedToSend | None = None
        self.problems: list[Problem] = []

    def run(self, patience: Patience) -> None:
        """Bring what is missing."""
        self._list()
        tried_whole = False
        for _ in range(2):  # an archive may leave out objects without a word; they are asked for once more
            missing = self._missing()
            if not missing:
                return
            is_whole = not tried_whole and not self._n_left and not self._here
            persist(lambda is_whole=is_whole: self._fetch(whole=is_whole), patience)  # type: ignore[misc]
            tried_whole = True

    def _list(self) -> None:
        instances = self._archive.find_instances(self._series)
        kept = [each for each in instances if self._everything or each.sop_class_uid in {*WANTED_CLASSES, ""}]
        self._wanted = {each.sop_instance_uid: each for each in kept}
        self._n_left = len(instances) - len(kept)
        self._is_listed = True
        told = self._series.n_instances
        if told is not None and told != len(instances):
            self._note = f"the archive counts {told} objects and lists {len(instances)}"
        self._here = {
            uid: identity for uid, identity in self._ground.instances_here(self._series).items() if uid in self._wanted
        }
        self._counter.expect(self._series, len(self._wanted))
        self._counter.add(len(self._here))

    def _missing(self) -> list[FoundInstance]:
        return [each for uid, each in self._wanted.items() if uid not in self._here]

    def _fetch(self, *, whole: bool) -> None:
        missing = self._missing()
        try:
            self._archive.fetch(self._series, missing, self, whole=whole and len(missing) == len(self._wanted))
        except RefusedToSend as fault:
            self._note = str(fault)
            self.refusal = fault

    def new_path(self) -> Path:
        """Give a free path for a file that is not whole yet."""
        return self._ground.new_path()

    def take(self, staged: Path) -> bool:
        """Take a file that has come."""
        landing = self._ground.take(staged, self._series, self._wanted)
        self._counts[landing.state] += 1
        if landing.identity is not None and landing.identity.sop_instance_uid not in self._here:
            self._here[landing.identity.sop_instance_uid] = landing.identity
            self._counter.add(1)
        if landing.state is Landed.REFUSED:
            self._tell("object_refused", f"an object that came was not kept: {landing.reason}")
        elif landing.state is Landed.UNASKED:
            message = f"an object that was not asked for came and was not kept: {landing.reason}"
            self._tell("object_unasked", message, severity=Severity.WARNING)
        elif landing.state is Landed.ASIDE:
            assert landing.identity is not None
            uid = short(landing.identity.sop_instance_uid)
            self._tell(
                "other_content",
                f"the object {uid} came with other content than the file that is here; the new one lies in kept_aside, "
                "the old one stays; find out which is right",
            )
        return landing.identity is not None

    def _tell(self, code: str, message: str, *, severity: Severity = Severity.ERROR) -> None:
        where = f"series {short(self._series.series_uid)}"
        self.problems.append(Problem(code=code, file=where, message=message, severity=severity))

    def row(self) -> PulledSeries:
        """Give the row of the table, and tell what is missing."""
        identities = list(self._here.values())
        missing = len(self._missing())
        is_complete = self._is_listed and not missing
        if missing:
            why = self._note if self.refusal is not None else "run the same command again"
            self._tell("incomplete", f"{missing} of {len(self._wanted)} objects are missing; {why}")
        row = PulledSeries(
            study_uid=self._series.study_uid,
            series_uid=self._series.series_uid,
            modality=self._series.modality,
            subject=";".join(sorted({each.subject for each in identities})),
            date=";".join(sorted({each.date for each in identities})),
            folder=f"{self._series.study_uid}/{self._series.series_uid}" if identities else "",
            n_at_archive=len(self._wanted),
            n_here=len(identities),
            n_left=self._n_left,
            state=SeriesState.COMPLETE if is_complete else SeriesState.INCOMPLETE,
            note=self._note,
        )
        return replace(
            row,
            n_new=self._counts[Landed.NEW],
            n_same=self._counts[Landed.SAME],
            n_aside=self._counts[Landed.ASIDE],
            n_refused=self._counts[Landed.REFUSED] + self._counts[Landed.UNASKED],
        )
