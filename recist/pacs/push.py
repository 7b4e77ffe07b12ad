"""Push files to an archive: nothing is overwritten, and afterwards the archive is asked whether it has them."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.faults import Refused
from recist.errors import MissingInput
from recist.pacs.content import is_same_object
from recist.pacs.faults import ArchiveFault
from recist.pacs.identity import DIRECTORY, FOREIGN, digest_of, read_foreign_identity, read_identity
from recist.pacs.landing import Ground
from recist.pacs.outgoing import ADVICE_FOR_OLD, Outgoing, Sent, SentState
from recist.pacs.patience import persist
from recist.pacs.question import FoundInstance, FoundSeries
from recist.problems import Problem, Severity
from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recist.pacs.archive import Archive
    from recist.pacs.patience import Patience
    from recist.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The files of a push.

    Attributes
    ----------
    files : tuple of Outgoing
        Each object once.
    problems : tuple of Problem
        Files that are no DICOM objects (warnings), broken ones and contradictory ones (errors).
    """

    files: tuple[Outgoing, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did.

    Attributes
    ----------
    sent : tuple of Sent
        One for each file, in their order.
    notes : tuple of str
    fault : ArchiveFault or None
        Why it ended early.
    is_stopped : bool
        Whether a person ended it.
    """

    sent: tuple[Sent, ...]
    notes: tuple[str, ...] = ()
    fault: ArchiveFault | None = None
    is_stopped: bool = False


def gather(paths: Iterable[Path], progress: Progress = no_progress) -> Gathered:
    """Find the objects in files and folders.

    Raises
    ------
    MissingInput
        When a path is not there.
    """
    found = [(path, name) for place in paths for path, name in _walk(place)]
    kept: dict[str, Outgoing] = {}
    problems = []
    for done, (path, name) in enumerate(found, start=1):
        identity = read_identity(path)
        progress(done, len(found))
        if isinstance(identity, Refused):
            severity = Severity.WARNING if identity.reason in (FOREIGN, DIRECTORY) else Severity.ERROR
            problems.append(_problem("not_sent", name, f"not sent: {identity.reason}", severity))
            continue
        file = Outgoing(path=path, name=name, identity=identity)
        first = kept.setdefault(identity.sop_instance_uid, file)
        if first is not file and digest_of(first.path, first.identity) != digest_of(path, identity):
            message = f"not sent: it has the SOPInstanceUID of {first.name} and other bytes"
            problems.append(_problem("two_versions", name, message, Severity.ERROR))
    return Gathered(files=tuple(kept.values()), problems=tuple(problems))


def _walk(place: Path) -> Iterator[tuple[Path, str]]:
    """Give every file once; links to folders are not followed."""
    if place.is_file():
        yield place, place.name
        return
    if not place.is_dir():
        raise MissingInput(f"{place}: no such file or folder")
    for root, folders, files in os.walk(place):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if path.is_file():
                shown = path.relative_to(place).as_posix().encode("utf-8", "backslashreplace").decode()
                yield path, shown


def _problem(code: str, name: str, message: str, severity: Severity) -> Problem:
    return Problem(code=code, file=name, message=message, severity=severity)


def push(
    archive: Archive,
    files: Sequence[Outgoing],
    folder: Path,
    *,
    patience: Patience,
    most_bytes: int,
    progress: Progress = no_progress,
) -> Pushed:
    """Send files to an archive.

    What the archive has already is not sent: it is fetched and compared instead, because an archive says "stored" to a
    corrected object of the same name and keeps the old one.

    Parameters
    ----------
    archive : Archive
    files : sequence of Outgoing
    folder : pathlib.Path
        Where what is compared lies meanwhile.
    patience : Patience
    most_bytes : int
    progress : Progress
        Told of every file.
    """
    results: dict[str, Sent] = {}
    notes: list[str] = []
    fault: ArchiveFault | None = None
    is_stopped = False
    try:
        there, can_ask = _find_there(archive, files, notes)
        with Ground(folder, most_bytes=most_bytes) as ground:
            for series, known in _by_series(each for each in files if _uid(each) in there).items():
                results |= _compare(archive, series, known, ground, patience)
                progress(len(results), len(files))
        waiting = [each for each in files if _uid(each) not in there]
        for sent in archive.store(waiting):
            results[_uid(sent.file)] = sent
            progress(len(results), len(files))
        if can_ask:
            _verify(archive, results)
    except ArchiveFault as raised:
        fault = raised
    except KeyboardInterrupt:
        is_stopped = True
    missing = {each: Sent(file=each, state=SentState.NOT_SENT) for each in files if _uid(each) not in results}
    sent_in_order = tuple(results.get(_uid(each)) or missing[each] for each in files)
    return Pushed(sent=sent_in_order, notes=tuple(notes), fault=fault, is_stopped=is_stopped)


def _uid(file: Outgoing) -> str:
    return file.identity.sop_instance_uid


def _by_series(files: Iterable[Outgoing]) -> dict[FoundSeries, list[Outgoing]]:
    groups: dict[FoundSeries, list[Outgoing]] = defaultdict(list)
    for file in files:
        groups[_series(file)].append(file)
    return groups


def _series(file: Outgoing) -> FoundSeries:
    return FoundSeries(study_uid=file.identity.study_uid, series_uid=file.identity.series_uid)


def _find_there(archive: Archive, files: Sequence[Outgoing], notes: list[str]) -> tuple[set[str], bool]:
    """Find which objects the archive has; an archive that only takes and does not tell is noted."""
    there: set[str] = set()
    for series in _by_series(files):
        try:
            there |= {each.sop_instance_uid for each in archive.find_instances(series)}
        except ArchiveFault as fault:
            if fault.is_transient or there:
                raise
            archive.echo()  # one that does not answer at all is not merely one that cannot be searched
            notes.append(f"what is stored cannot be verified, since the archive does not let us search: {fault}")
            return set(), False
    return there, True


def _compare(
    archive: Archive, series: FoundSeries, files: list[Outgoing], ground: Ground, patience: Patience
) -> dict[str, Sent]:
    """See whether the archive's objects are the same as ours."""
    comparison = _Comparison(files, ground)
    wanted = [
        FoundInstance(
            study_uid=series.study_uid,
            series_uid=series.series_uid,
            sop_instance_uid=_uid(file),
            sop_class_uid=file.identity.sop_class_uid,
        )
        for file in files
    ]
    try:
        persist(lambda: archive.fetch(series, wanted, comparison, whole=False), patience)
    except ArchiveFault as fault:
        if fault.is_transient:
            raise
    return {_uid(file): _judge(file, comparison.is_same.get(_uid(file))) for file in files}


def _judge(file: Outgoing, is_same: bool | None) -> Sent:
    if is_same is None:
        reason = f"it could not be fetched to be compared; if ours is a corrected one, {ADVICE_FOR_OLD}"
        return Sent(file=file, state=SentState.ALREADY_THERE, reason=reason, is_verified=True)
    if is_same:
        return Sent(file=file, state=SentState.ALREADY_THERE, is_verified=True)
    return Sent(file=file, state=SentState.OLD_KEPT, reason=ADVICE_FOR_OLD, is_verified=True)


class _Comparison:
    """Receives the archive's versions of files and compares them with ours."""

    def __init__(self, files: Iterable[Outgoing], ground: Ground) -> None:
        self._files, self._ground = {_uid(file): file for file in files}, ground
        self.is_same: dict[str, bool] = {}

    def new_path(self) -> Path:
        """Give a free path for a file that is not whole yet."""
        return self._ground.new_path()

    def take(self, staged: Path) -> bool:
        """Compare; an archive that had to re-encode the object leaves it open."""
        identity = read_foreign_identity(staged)
        try:
            if isinstance(identity, Refused) or identity.sop_instance_uid not in self._files:
                return False
            ours = self._files[identity.sop_instance_uid]
            is_same = is_same_object(staged, identity, ours.path, ours.identity)
            if is_same is not None:
                self.is_same[identity.sop_instance_uid] = is_same
            return True
        finally:
            staged.unlink(missing_ok=True)


def _verify(archive: Archive, results: dict[str, Sent]) -> None:
    """Ask the archive for what it said it stored."""
    stored = [each for each in results.values() if each.state is SentState.STORED]
    for series, files in _by_series(each.file for each in stored).items():
        there = {each.sop_instance_uid for each in archive.find_instances(series)}
        for file in files:
            uid = _uid(file)
            if uid in there:
                results[uid] = replace(results[uid], is_verified=True)
            else:
                results[uid] = replace(results[uid], state=SentState.NOT_FOUND_AFTER)
