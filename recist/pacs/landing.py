"""Where pulled objects land: whole files under names made of checked UIDs, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from recist.dicom.faults import Refused
from recist.errors import EnvironmentFault
from recist.pacs.content import is_same_object
from recist.pacs.identity import Identity, digest_of, read_foreign_identity, read_identity
from recist.pacs.kinds import is_uid

if TYPE_CHECKING:
    from collections.abc import Collection

    from recist.pacs.question import FoundSeries

STAGING = ".partial-"
ASIDE = "kept_aside"
LEFT_OVER_S = 3600
DIGITS_OF_DIGEST = 12


class Landed(StrEnum):
    """What became of an object that came."""

    NEW = "new"
    SAME = "already here, the same"
    ASIDE = "already here with other content; kept aside"
    UNASKED = "not asked for"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What became of one file.

    Attributes
    ----------
    state : Landed
    reason : str
        Why it was refused.
    identity : Identity or None
    """

    state: Landed
    reason: str = ""
    identity: Identity | None = None


class Ground:
    """A folder in which pulled objects land; use it in a ``with`` block.

    Parameters
    ----------
    folder : pathlib.Path
        Made when missing.
    most_bytes : int
        Largest object that may land.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._staging = Path()
        self._count = 0

    def __enter__(self) -> Ground:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._remove_left_over()
            self._staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.folder))
        except OSError as fault:
            raise EnvironmentFault(f"{self.folder} cannot be written: {fault.strerror}") from fault
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)

    def _remove_left_over(self) -> None:
        """Remove what a killed run left behind, once it is surely no living one's."""
        for place in self.folder.glob(f"{STAGING}*"):
            if time.time() - place.stat().st_mtime > LEFT_OVER_S:
                shutil.rmtree(place, ignore_errors=True)

    def new_path(self) -> Path:
        """Give a path that is free, for a file that is not whole yet."""
        self._count += 1
        return self._staging / f"{self._count}.part"

    def series_folder(self, series: FoundSeries) -> Path:
        """Give the folder of a series, whose UIDs are checked."""
        if not (is_uid(series.study_uid) and is_uid(series.series_uid)):
            raise AssertionError("a series is listed under checked UIDs only")
        return self.folder / series.study_uid / series.series_uid

    def instances_here(self, series: FoundSeries) -> tuple[dict[str, Identity], list[str]]:
        """Give the objects of a series that are here and whole, by UID.

        What is broken is moved out of the way; the names that these files had come second.
        """
        whole: dict[str, Identity] = {}
        broken: list[str] = []
        for path in sorted(self.series_folder(series).glob("*.dcm")):
            identity = read_identity(path)
            if isinstance(identity, Identity) and identity.sop_instance_uid == path.stem:
                whole[path.stem] = identity
            else:
                self._put_aside(path, path.with_suffix(".broken"))
                broken.append(path.stem)
        return whole, broken

    def take(self, staged: Path, series: FoundSeries, wanted: Collection[str]) -> Landing:
        """Give a whole file its place.

        Parameters
        ----------
        staged : pathlib.Path
            Made by `new_path`; gone afterwards.
        series : FoundSeries
        wanted : collection of str
            SOP Instance UIDs that were asked for.
        """
        try:
            identity = read_foreign_identity(staged)
            if isinstance(identity, Refused):
                return Landing(state=Landed.REFUSED, reason=identity.reason)
            if (identity.study_uid, identity.series_uid) != (series.study_uid, series.series_uid):
                return Landing(state=Landed.UNASKED, reason="it belongs to another study or series")
            if identity.sop_instance_uid not in wanted:
                return Landing(state=Landed.UNASKED, reason="its SOPInstanceUID is another one")
            return self._place(staged, identity, self.series_folder(series))
        finally:
            staged.unlink(missing_ok=True)

    def _place(self, staged: Path, identity: Identity, folder: Path) -> Landing:
        target = folder / f"{identity.sop_instance_uid}.dcm"
        if target.exists():
            here = read_identity(target)
            if isinstance(here, Identity) and is_same_object(staged, identity, target, here):
                return Landing(state=Landed.SAME, identity=identity)
            digest = digest_of(staged, identity)[:DIGITS_OF_DIGEST]
            name = f"{identity.sop_instance_uid}-{digest}.dcm"
            self._put_aside(staged, self.folder / ASIDE / identity.study_uid / identity.series_uid / name)
            return Landing(state=Landed.ASIDE, identity=identity)
        self._put_aside(staged, target)
        return Landing(state=Landed.NEW, identity=identity)

    def _put_aside(self, path: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
