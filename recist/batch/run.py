"""A run: what is not settled yet is measured, kept in parts, and written into the ledger."""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from recist.batch.folder import MAIN, RunFolder, Share
from recist.batch.inputs import stamp_inputs, stamp_many
from recist.batch.ledger import Ledger
from recist.batch.measuring import refuse_task
from recist.batch.outcome import Outcome, Status
from recist.batch.parts import write_part
from recist.batch.settled import Settled, read_settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recist.batch.plan import Plan
    from recist.batch.pool import Pool
    from recist.batch.task import Task
    from recist.progress import Progress

TASKS_IN_A_PART = 128
PART_EVERY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did.

    Attributes
    ----------
    settled : Settled
        Where the result of every task is.
    kept : int
        Series that an earlier run had measured.
    changed : int
        Series that were measured again because their files had changed.
    torn : int
        Parts that were not whole and were made again.
    seconds : float
    """

    settled: Settled
    kept: int
    changed: int
    torn: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class _Writer:
    """Keeps outcomes until they make a part, writes the part, then says in the ledger that they are settled."""

    folder: RunFolder
    plan: Plan
    name: str
    ledger: Ledger
    settled: Settled
    number: int
    waiting: list[Outcome] = field(default_factory=list)
    since: float = 0.0

    def add(self, outcome: Outcome) -> None:
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.append(outcome)
        if len(self.waiting) >= TASKS_IN_A_PART or time.monotonic() - self.since >= PART_EVERY_S:
            self.flush()

    def flush(self) -> None:
        if not self.waiting:
            return
        name = f"{self.name}-{self.number:06d}"
        outcomes, self.waiting = self.waiting, []
        part = write_part(self.folder.parts, name, outcomes, self.plan.schema)
        lines = [_line(outcome, name) for outcome in outcomes]
        self.ledger.append(part.to_line(), *lines, is_synced=True)
        self.number += 1
        for outcome in outcomes:
            self.settled.settle(outcome, name)


def _line(outcome: Outcome, part: str) -> dict[str, object]:
    """Lay an outcome out as a line of the ledger."""
    line: dict[str, object] = {
        "event": outcome.status.value,
        "task": outcome.task,
        "part": part,
        "seconds": outcome.seconds,
        "host": outcome.host,
        "pid": outcome.pid,
        "inputs": outcome.inputs,
    }
    return line | ({"error": outcome.reason} if outcome.reason else {})


def run_plan(
    plan: Plan,
    folder: RunFolder,
    pool: Callable[[], Pool],
    *,
    progress: Progress,
    share: Share | None = None,
    retry_failed: bool = False,
    order: Sequence[int] | None = None,
) -> Ran:
    """Measure what is not settled yet.

    Parameters
    ----------
    plan : Plan
    folder : RunFolder
    pool : callable
        Makes the pool; it is not called when there is nothing to do.
    progress : Progress
        Told the number of series settled, from those that an earlier run had settled on.
    share : Share, optional
        Measure only this share of the tasks.
    retry_failed : bool
        Measure again what crashed or overran its time in an earlier run.
    order : sequence of int, optional
        Places in the plan in the order in which tasks are handed out; the result does not depend on it.
    """
    writer = share.name if share else MAIN
    started = time.monotonic()
    with folder.locked(writer):
        folder.require_same(plan)
        with _opened(folder, plan, writer) as (keeper, torn):
            changed = _forget_changed(plan, keeper)
            if retry_failed:
                keeper.settled.forget_failed()
            mine = [k for k in (order or range(len(plan))) if share is None or share.has(k)]
            kept = sum(keeper.settled.has(k) for k in mine)
            todo = [k for k in mine if not keeper.settled.has(k)]
            if todo:
                _work(plan, todo, pool, keeper, lambda done: progress(kept + done, len(mine)))
            else:
                progress(len(mine), len(mine))
    return Ran(settled=keeper.settled, kept=kept, changed=changed, torn=torn, seconds=time.monotonic() - started)


@contextmanager
def _opened(folder: RunFolder, plan: Plan, writer: str) -> Iterator[tuple[_Writer, int]]:
    settled, torn = read_settled(folder, plan)
    ledger = Ledger(folder.ledger(writer))
    host = {"host": socket.gethostname(), "pid": os.getpid()}
    ledger.append({"event": "run", "engine": plan.engine, "series": len(plan), "kept": settled.count(), **host})
    folder.sweep(writer, settled.parts)
    number = folder.next_part(writer)
    keeper = _Writer(folder=folder, plan=plan, name=writer, ledger=ledger, settled=settled, number=number)
    try:
        yield keeper, torn
        ledger.append({"event": "end", **host}, is_synced=True)
    finally:
        ledger.close()


def _forget_changed(plan: Plan, keeper: _Writer) -> int:
    """Find series whose files are not those that were measured, and measure them again."""
    places = keeper.settled.places()
    changed = 0
    stamps = stamp_many(plan.task(place) for place in places)
    for place, stamp in zip(places, stamps, strict=True):
        if stamp != keeper.settled.stamp(place):
            keeper.ledger.append({"event": "changed", "task": plan.ids[place]})
            keeper.settled.forget(place)
            changed += 1
    return changed


def _work(
    plan: Plan, todo: Sequence[int], make_pool: Callable[[], Pool], keeper: _Writer, tell: Callable[[int], None]
) -> None:
    done = 0
    crashed: list[Outcome] = []
    tell(done)
    pool = make_pool()
    try:
        for is_alone in (False, True):
            places = [outcome.index for outcome in crashed] if is_alone else todo
            tasks = (plan.task(place) for place in places)
            started = _teller(keeper.ledger, attempt=1 + is_alone)
            for outcome in pool.outcomes(tasks, started, is_alone=is_alone):
                if outcome.status is Status.CRASHED and not is_alone:
                    keeper.ledger.append(_crash_line(outcome))
                    crashed.append(outcome)
                    continue
                keeper.add(_complete(plan, outcome))
                done += 1
                tell(done)
    finally:
        pool.close()
        keeper.flush()


def _teller(ledger: Ledger, *, attempt: int) -> Callable[[Task], None]:
    def tell(task: Task) -> None:
        ledger.append({"event": "started", "task": task.id, "attempt": attempt})

    return tell


def _crash_line(outcome: Outcome) -> dict[str, object]:
    return {"event": "crashed", "task": outcome.task, "error": outcome.reason, "host": outcome.host}


def _complete(plan: Plan, outcome: Outcome) -> Outcome:
    """Add what a process that died could not tell; write the lesions of a series that crashed twice."""
    task = plan.task(outcome.index)
    if not outcome.inputs:  # the process that would have told is gone
        outcome = replace(outcome, inputs=stamp_inputs(task))
    if outcome.status is not Status.CRASHED:
        return outcome
    told = refuse_task(task, f"{outcome.reason}; so it was when tried once more, alone", status=Status.FAILED)
    return replace(told, inputs=outcome.inputs, host=outcome.host, pid=outcome.pid)
