"""The folder of a run: what is measured, the ledgers and the parts; a later run goes on from it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from recist.batch.ledger import ENDING
from recist.errors import UsageError
from recist.outputs import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recist.batch.plan import Plan

NAME = "measure-run"
NOTE = "run.json"
MAIN = "main"
PART_NUMBER = re.compile(r"-(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of several processes that measure a manifest together: the `number`-th of `count`."""

    number: int
    count: int

    @property
    def name(self) -> str:
        """Name of its ledger and of its parts."""
        return f"share-{self.number}-of-{self.count}"

    def has(self, index: int) -> bool:
        """Tell whether the task at this place of the plan is its own."""
        return index % self.count == self.number - 1


def parse_share(text: str) -> Share:
    """Read ``3/10``: the third of ten.

    Raises
    ------
    UsageError
    """
    found = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"--share {text}: write which of how many, e.g. 3/10")
    return Share(number=int(found[1]), count=int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """Where a run keeps what it has done.

    Attributes
    ----------
    path : pathlib.Path
    """

    path: Path

    @property
    def parts(self) -> Path:
        """Folder of the parts."""
        return self.path / "parts"

    @property
    def ledgers(self) -> list[Path]:
        """Ledgers of all that wrote here, by name."""
        return sorted(self.path.glob(f"*{ENDING}"))

    def ledger(self, writer: str) -> Path:
        """Name the ledger of one writer."""
        return self.path / f"{writer}{ENDING}"

    def require_same(self, plan: Plan) -> None:
        """Refuse to go on with a run of something else; note what this one is where there is none.

        Raises
        ------
        UsageError
            When the manifest, an option or the version is another one than this folder was begun with.
        """
        self.parts.mkdir(parents=True, exist_ok=True)
        note = self.path / NOTE
        told = {
            "engine": plan.engine,
            "convention": plan.convention,
            "threshold": plan.threshold,
            "resample": plan.resample,
            "manifest": plan.file,
            "series": len(plan),
            "fingerprint": plan.fingerprint,
        }
        if not note.exists():
            with whole_file(note) as temporary:
                temporary.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
            return
        before = _read_note(note)
        if before.get("fingerprint") == plan.fingerprint:
            return
        changed = [name for name in ("engine", "convention", "threshold", "resample") if before.get(name) != told[name]]
        detail = "; ".join(f"{name} {before.get(name)} then, {told[name]} now" for name in changed)
        raise UsageError(
            f"{self.path.parent} holds a run of something else: {detail or 'the manifest is not the same'}. Name "
            "another folder, or begin anew in this one with --restart"
        )

    def remove(self) -> None:
        """Forget the run; results that were written beside it stay until they are replaced."""
        with self.locked(MAIN):
            for path in (self.path / NOTE, *self.ledgers):
                path.unlink(missing_ok=True)
            shutil.rmtree(self.parts, ignore_errors=True)

    def next_part(self, writer: str) -> int:
        """Give a number that no part of this writer has."""
        names = (path.name.partition(".")[0] for path in self.parts.glob(f"{writer}-*.parquet"))
        numbers = [int(found[1]) for found in map(PART_NUMBER.search, names) if found]
        return max(numbers, default=0) + 1

    def sweep(self, writer: str, used: set[str]) -> None:
        """Remove what a killed run of this writer left: files half written, parts that no ledger knows."""
        for path in self.parts.glob("*.parquet"):
            owner = path.name.removeprefix(".")
            if owner.startswith(f"{writer}-") and path.name.partition(".")[0] not in used:
                path.unlink(missing_ok=True)

    @contextmanager
    def locked(self, writer: str) -> Iterator[None]:
        """Keep other processes from writing as the same writer; the lock ends with the process, however it ends.

        Shares are measured side by side, but not beside a run of the whole.

        Raises
        ------
        UsageError
            When another process is at it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            for name in dict.fromkeys((MAIN, writer)):
                file = opened.enter_context((self.path / f"{name}.lock").open("a"))
                if not _lock(file, is_shared=name != writer):
                    whose = "the same share" if name != MAIN else "another run"
                    raise UsageError(f"{whose} is being measured into {self.path.parent} now; wait for it or stop it")
            yield


def _read_note(path: Path) -> dict[str, object]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _lock(file: IO[str], *, is_shared: bool) -> bool:
    """Take a lock that ends with this process; not on Windows, which has no such locks."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
