"""Which tasks are settled, and in which part the result of each is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from recist.batch.ledger import read_ledgers
from recist.batch.outcome import Status
from recist.batch.parts import Part, is_whole

if TYPE_CHECKING:
    from recist.batch.folder import RunFolder
    from recist.batch.outcome import Outcome
    from recist.batch.plan import Plan

SETTLING = frozenset({Status.DONE.value, Status.REFUSED.value, Status.FAILED.value})


class _Result(NamedTuple):
    """Where the result of a task is."""

    part: str
    status: str
    stamp: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Settled:
    """The last result of each task, by its place in the plan."""

    results: dict[int, _Result] = field(default_factory=dict)

    def settle(self, outcome: Outcome, part: str) -> None:
        """Note where the result of a task is; an earlier result counts no more."""
        self.results[outcome.index] = _Result(part, outcome.status.value, outcome.inputs, outcome.reason)

    def has(self, place: int) -> bool:
        """Tell whether a task is settled."""
        return place in self.results

    def count(self) -> int:
        """Count the tasks that are settled."""
        return len(self.results)

    def places(self) -> list[int]:
        """List the tasks that are settled."""
        return sorted(self.results)

    def stamp(self, place: int) -> str:
        """Give the stamp of the files as they were when the task was measured."""
        return self.results[place].stamp

    @property
    def parts(self) -> set[str]:
        """Name the parts that hold results that count."""
        return {result.part for result in self.results.values()}

    def forget(self, place: int) -> None:
        """Make a task one that is to be measured."""
        del self.results[place]

    def forget_failed(self) -> None:
        """Make tasks that crashed or overran their time ones that are to be measured."""
        failed = [place for place, result in self.results.items() if result.status == Status.FAILED]
        for place in failed:
            del self.results[place]


def read_settled(folder: RunFolder, plan: Plan) -> tuple[Settled, int]:
    """Read from the ledgers what is settled; what lies in a part that is not whole is not.

    Returns
    -------
    settled : Settled
    torn : int
        Parts that are gone or not as they were written.
    """
    place_of = {name: place for place, name in enumerate(plan.ids)}
    parts: dict[str, Part] = {}
    results: dict[int, _Result] = {}
    latest: dict[int, str] = {}  # several writers may have measured a task, one after the other
    for line in read_ledgers(folder.ledgers):
        if line["event"] == "part":
            parts[line["part"]] = Part(name=line["part"], digests=line["sha256"])
        place = place_of.get(line.get("task", ""))
        if place is None or line["time"] < latest.get(place, ""):
            continue
        if line["event"] in SETTLING:
            results[place] = _Result(line["part"], line["event"], line["inputs"], line.get("error", ""))
        elif line["event"] == "changed":
            results.pop(place, None)
        else:
            continue
        latest[place] = line["time"]
    used = {result.part for result in results.values()}
    torn = {name for name in used if name not in parts or not is_whole(folder.parts, parts[name])}
    kept = {place: result for place, result in results.items() if result.part not in torn}
    return Settled(results=kept), len(torn)
