"""The pull of one series: what is missing, what comes, what is to be told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.pacs.faults import RefusedToSend, short
from recist.pacs.kinds import WANTED_CLASSES
from recist.pacs.landing import Ground, Landed
from recist.pacs.patience import persist
from recist.pacs.pulled import PulledSeries, SeriesState, iso_day
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from recist.pacs.archive import Archive
    from recist.pacs.identity import Identity
    from recist.pacs.patience import Patience
    from recist.pacs.question import FoundInstance, FoundSeries
    from recist.progress import Progress


SHOWN_BROKEN = 3


class Counter:
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


class SeriesPull:
    """The pull of one series, and the receiver of its objects."""

    def __init__(
        self, archive: Archive, series: FoundSeries, ground: Ground, counter: Counter, *, everything: bool
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
        here, broken = self._ground.instances_here(self._series)
        self._here = {uid: identity for uid, identity in here.items() if uid in self._wanted}
        if broken:
            self._tell_broken(broken)
        self._counter.expect(self._series, len(self._wanted))
        self._counter.add(len(self._here))

    def _tell_broken(self, names: list[str]) -> None:
        shown = ", ".join(short(name) for name in names[:SHOWN_BROKEN]) + (", …" if len(names) > SHOWN_BROKEN else "")
        files = "a file that was here is" if len(names) == 1 else f"{len(names)} files that were here are"
        message = f"{files} broken, as by being cut off, and now named .broken; what is at the archive is pulled again"
        self._tell("broken_here", f"{message}: {shown}", severity=Severity.WARNING)

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
            date=";".join(sorted({iso_day(each.date) for each in identities})),
            folder=f"{self._series.study_uid}/{self._series.series_uid}" if identities else "",
            n_at_archive=len(self._wanted) if self._is_listed else self._series.n_instances or 0,
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
